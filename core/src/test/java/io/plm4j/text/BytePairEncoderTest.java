package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.text.BytePairEncoder.WholePieces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class BytePairEncoderTest {
  /// Random merges over a vocabulary that starts with the 256 bytes.
  private static final class Made {
    final Vocabulary vocabulary = new Vocabulary();
    final MergeTable merges;

    Made(SplittableRandom random, int letters, int count) {
      for (int b = 0; b < 256; b++) {
        vocabulary.add(b, new byte[] {(byte) b}, 0, 1);
      }
      merges = new MergeTable(count);
      for (int rank = 0; rank < count; rank++) {
        int left = pick(random, letters);
        int right = pick(random, letters);
        byte[] joined = join(left, right);
        int id = vocabulary.find(joined, 0, joined.length);
        if (id < 0) {
          id = vocabulary.size();
          vocabulary.add(id, joined, 0, joined.length);
        }
        merges.add(rank, left, right, id);
      }
    }

    private int pick(SplittableRandom random, int letters) {
      int learnt = vocabulary.size() - 256;
      return learnt > 0 && random.nextBoolean()
          ? 256 + random.nextInt(learnt)
          : 'a' + random.nextInt(letters);
    }

    private byte[] join(int left, int right) {
      byte[] a = vocabulary.bytes(left);
      byte[] b = vocabulary.bytes(right);
      byte[] joined = java.util.Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, joined, a.length, b.length);
      return joined;
    }

    int[] encode(byte[] text) {
      var ids = new IntList();
      new BytePairEncoder(vocabulary, merges, WholePieces.MERGE).encode(text, 0, text.length, ids);
      return ids.toArray();
    }

    /// The definition, word for word.
    List<Integer> encodeSlowly(byte[] text) {
      List<Integer> ids = new ArrayList<>();
      for (byte b : text) {
        ids.add(b & 0xFF);
      }
      while (true) {
        int best = -1;
        for (int i = 0; i + 1 < ids.size(); i++) {
          int rank = merges.rank(ids.get(i), ids.get(i + 1));
          if (rank >= 0 && (best < 0 || rank < merges.rank(ids.get(best), ids.get(best + 1)))) {
            best = i;
          }
        }
        if (best < 0) {
          return ids;
        }
        ids.set(best, merges.merged(merges.rank(ids.get(best), ids.get(best + 1))));
        ids.remove(best + 1);
      }
    }
  }

  private static byte[] letters(SplittableRandom random, int letters, int length) {
    var text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ('a' + random.nextInt(letters));
    }
    return text;
  }

  @Test
  void theHeapMergesInTheSameOrderAsTheDefinition() {
    var random = new SplittableRandom(3);
    for (int round = 0; round < 300; round++) {
      int letters = 1 + random.nextInt(4);
      var made = new Made(random, letters, 1 + random.nextInt(40));
      for (int length : new int[] {1, 2, 7, 33, 120}) {
        byte[] text = letters(random, letters, length);
        assertThat(made.encode(text))
            .containsExactly(made.encodeSlowly(text).stream().mapToInt(i -> i).toArray());
      }
    }
  }

  @Test
  void aMillionLettersWithoutASpaceTakeNoQuadraticTime() {
    var random = new SplittableRandom(4);
    var made = new Made(random, 4, 500);
    byte[] text = letters(random, 4, 1_000_000);
    Assertions.assertTimeout(Duration.ofSeconds(20), () -> made.encode(text));
  }

  @Test
  void aPieceThatIsATokenIsFoundWholeOnlyIfAskedFor() {
    byte[] zebra = "zebra".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    var vocabulary = new Made(new SplittableRandom(5), 2, 1).vocabulary;
    int id = vocabulary.size();
    vocabulary.add(id, zebra, 0, zebra.length);
    var whole = new IntList();
    new BytePairEncoder(vocabulary, new MergeTable(0), WholePieces.LOOK_UP)
        .encode(zebra, 0, 5, whole);
    assertThat(whole.toArray()).containsExactly(id);
    var merged = new IntList();
    new BytePairEncoder(vocabulary, new MergeTable(0), WholePieces.MERGE)
        .encode(zebra, 0, 5, merged);
    assertThat(merged.size()).isEqualTo(5);
  }

  @Test
  void aVocabularyWithoutEveryByteIsRefused() {
    assertThatThrownBy(
            () -> new BytePairEncoder(new Vocabulary(), new MergeTable(0), WholePieces.MERGE))
        .hasMessage("the vocabulary lacks the single byte 0");
  }
}
