package io.plm4j.generate.constraint;

import io.plm4j.error.InputException;
import io.plm4j.text.TokenTrie;
import io.plm4j.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/// Makes answers with random scores: a model that knows nothing, and so tries everything.
final class Play {
  static final Tokenizer TOKENIZER = Tokenizer.read(folder());
  static final TokenTrie TRIE = TOKENIZER.trie();
  static final int END = TOKENIZER.specialToken("<|eot_id|>").orElseThrow();

  private Play() {}

  private static Path folder() {
    try {
      return Path.of(
          Objects.requireNonNull(Play.class.getResource("/io/plm4j/text/small")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Matcher matcher(Constraint constraint, int maxNewTokens) {
    return constraint.matcher(TRIE, List.of(END), maxNewTokens);
  }

  /// The fewest tokens that an answer can have.
  static int fewest(Constraint constraint) {
    int tokens = 1;
    while (true) {
      try {
        matcher(constraint, tokens);
        return tokens;
      } catch (InputException e) {
        tokens++;
      }
    }
  }

  /// An answer of at most so many tokens.
  static String answer(Constraint constraint, int maxNewTokens, SplittableRandom random) {
    var matcher = matcher(constraint, maxNewTokens);
    // Between all tokens alike, which gives long texts, and short tokens and the end before others.
    double haste = random.nextInt(4);
    var text = new ByteArrayOutputStream();
    for (int i = 0; i < maxNewTokens && !matcher.complete(); i++) {
      int id = choose(matcher, haste, random);
      matcher.accept(id);
      if (id == END) {
        break;
      }
      text.writeBytes(TRIE.bytes(id));
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static int choose(Matcher matcher, double haste, SplittableRandom random) {
    var scores = new float[TOKENIZER.size()];
    for (int id = 0; id < scores.length; id++) {
      scores[id] = (float) random.nextGaussian();
    }
    for (int id : TRIE.ids()) {
      byte first = TRIE.bytes(id)[0];
      if ("\"}],:0".indexOf(first) >= 0) {
        scores[id] += (float) haste;
      }
    }
    matcher.mask(scores);
    int best = 0;
    for (int id = 1; id < scores.length; id++) {
      best = scores[id] > scores[best] ? id : best;
    }
    return best;
  }
}
