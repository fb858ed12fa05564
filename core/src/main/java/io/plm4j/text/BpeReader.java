package io.plm4j.text;

import io.plm4j.error.InputException;
import io.plm4j.text.JsonReader.Position;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the `model` of a tokenizer.json: a vocabulary and its merges, a few hundred thousand
/// strings.
///
/// Nothing is kept per string but its bytes. The merges are held as bytes until the object has
/// ended, because the file may state them before the vocabulary.
final class BpeReader {
  private final String place;
  private final Vocabulary vocabulary = new Vocabulary();

  /// Tokens whose spelling is not in the byte alphabet. No text can be encoded to them, so each
  /// must turn out to be an added token.
  private final Map<String, Integer> unspellable = new HashMap<>();

  private final Map<String, JsonField> fields = new HashMap<>();
  private boolean hasVocabulary;
  private boolean hasMerges;

  private byte[] mergeBytes = new byte[1 << 16];
  private int mergeBytesUsed;

  /// End of each half in `mergeBytes`: left, right, left, right, ...
  private final IntList mergeEnds = new IntList();

  BpeReader(String place) {
    this.place = place;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /// Checks an added token's id: that of the vocabulary if it stands there, else the next free one.
  /// Tokenizers would silently give it that id, whatever the file says.
  ///
  /// @param list where the added tokens stand
  /// @param highest the highest id of the added tokens before it, or -1
  void reconcile(String list, AddedToken token, int highest) {
    byte[] bytes = ByteAlphabet.toBytes(token.content());
    int known;
    if (bytes == null) {
      Integer odd = unspellable.get(token.content());
      known = odd == null ? -1 : odd;
    } else {
      known = vocabulary.find(bytes, 0, bytes.length);
    }
    int expected =
        known >= 0 ? known : Math.max(highest + 1, vocabulary.count() + unspellable.size());
    if (expected != token.id()) {
      throw new InputException(
          "%s: the id of \"%s\" is %d, but by the vocabulary and the tokens before it must be %d"
              .formatted(list, token.content(), token.id(), expected));
    }
  }

  /// Refuses tokens that no text can become, unless they are added tokens.
  void requireSpellable(Set<String> added) {
    unspellable.forEach((token, id) -> {
      if (!added.contains(token)) {
        throw new InputException(
            "%s.vocab: expected tokens in the byte alphabet, found \"%s\" (id %d), which is no added token either"
                .formatted(place, token, id));
      }
    });
  }

  void read(JsonReader json) {
    json.expect('{');
    for (var position = Position.START; json.hasNext(position, '}'); position = Position.LATER) {
      String key = json.name();
      switch (key) {
        case "vocab" -> {
          refuseSecond(hasVocabulary, key);
          hasVocabulary = true;
          readVocabulary(json);
        }
        case "merges" -> {
          refuseSecond(hasMerges, key);
          hasMerges = true;
          readMerges(json);
        }
        default -> {
          refuseSecond(fields.containsKey(key), key);
          fields.put(key, json.field("$.model." + key));
        }
      }
    }
    checkOptions();
  }

  private void refuseSecond(boolean again, String key) {
    if (again) {
      throw new InputException("%s.%s occurs twice".formatted(place, key));
    }
  }

  private void checkOptions() {
    var model = new JsonField(place, fieldValues());
    model.allowOnly(
        "type",
        "dropout",
        "unk_token",
        "continuing_subword_prefix",
        "end_of_word_suffix",
        "fuse_unk",
        "byte_fallback",
        "ignore_merges");
    // Files of the first tokenizers releases leave the type out; BPE is then known by its merges.
    if (model.find("type").isPresent() && !model.at("type").text().equals("BPE")) {
      throw model.at("type").wanted("the model \"BPE\"");
    }
    if (!hasVocabulary || !hasMerges) {
      throw new InputException(
          "%s: expected a BPE model with \"vocab\" and \"merges\"".formatted(place));
    }
    if (model.find("dropout").isPresent()) {
      throw model.at("dropout").unsupported();
    }
    for (String affix : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
      if (model.find(affix).isPresent() && !model.at(affix).text().isEmpty()) {
        throw model.at(affix).unsupported();
      }
    }
    if (flag(model, "byte_fallback")) {
      throw model.at("byte_fallback").unsupported();
    }
    // unk_token and fuse_unk never matter: build() requires every single byte to be a token.
  }

  private Map<String, @Nullable Object> fieldValues() {
    Map<String, @Nullable Object> values = new HashMap<>();
    fields.forEach((key, field) -> values.put(key, field.value()));
    return values;
  }

  private static boolean flag(JsonField object, String name) {
    return object.find(name).isPresent() && object.at(name).flag();
  }

  private void readVocabulary(JsonReader json) {
    json.expect('{');
    for (var position = Position.START; json.hasNext(position, '}'); position = Position.LATER) {
      int length = json.spelling();
      String odd = length < 0 ? json.string() : null;
      json.expect(':');
      int id = json.whole(TokenizerFile.MOST_TOKENS);
      boolean added =
          odd == null
              ? vocabulary.add(id, json.spelled(), 0, length)
              : unspellable.putIfAbsent(odd, id) == null;
      if (!added) {
        throw new InputException(
            "%s.vocab: id %d, or its token, occurs twice".formatted(place, id));
      }
    }
  }

  private void readMerges(JsonReader json) {
    json.expect('[');
    for (var position = Position.START; json.hasNext(position, ']'); position = Position.LATER) {
      if (json.opens('[')) {
        addHalf(json);
        json.expect(',');
        addHalf(json);
        json.expect(']');
      } else {
        addJoined(json.string());
      }
    }
  }

  private void addHalf(JsonReader json) {
    int length = json.spelling();
    if (length <= 0) {
      throw badMerge();
    }
    addHalf(json.spelled(), length);
  }

  /// The older form, `"left right"`; a blank is no character of the byte alphabet.
  private void addJoined(String merge) {
    int blank = merge.indexOf(' ');
    if (blank < 0) {
      throw badMerge();
    }
    for (String half : new String[] {merge.substring(0, blank), merge.substring(blank + 1)}) {
      byte[] bytes = ByteAlphabet.toBytes(half);
      if (bytes == null || bytes.length == 0) {
        throw badMerge();
      }
      addHalf(bytes, bytes.length);
    }
  }

  private void addHalf(byte[] bytes, int length) {
    if (mergeBytes.length - mergeBytesUsed < length) {
      mergeBytes =
          Arrays.copyOf(mergeBytes, Math.max(mergeBytes.length * 2, mergeBytesUsed + length));
    }
    System.arraycopy(bytes, 0, mergeBytes, mergeBytesUsed, length);
    mergeBytesUsed += length;
    mergeEnds.add(mergeBytesUsed);
  }

  private InputException badMerge() {
    return new InputException(
        "%s.merges[%d]: expected two tokens of a byte-level vocabulary, as [\"a\", \"b\"] or \"a b\""
            .formatted(place, mergeEnds.size() / 2));
  }

  BytePairEncoder build() {
    for (int b = 0; b < 256; b++) {
      if (vocabulary.find(new byte[] {(byte) b}, 0, 1) < 0) {
        throw new InputException(
            "%s.vocab: expected a token for each single byte; \"%s\" (byte 0x%02X) is missing"
                .formatted(place, ByteAlphabet.toCharacter((byte) b), b));
      }
    }
    var model = new JsonField(place, fieldValues());
    return new BytePairEncoder(
        vocabulary,
        resolveMerges(),
        flag(model, "ignore_merges")
            ? BytePairEncoder.WholePieces.LOOK_UP
            : BytePairEncoder.WholePieces.MERGE);
  }

  private MergeTable resolveMerges() {
    int count = mergeEnds.size() / 2;
    var table = new MergeTable(count);
    int start = 0;
    int joined = 0;
    for (int rank = 0; rank < count; rank++) {
      int middle = mergeEnds.get(2 * rank);
      int end = mergeEnds.get(2 * rank + 1);
      int left = vocabulary.find(mergeBytes, start, middle);
      int right = vocabulary.find(mergeBytes, middle, end);
      joined = joined(joined, start, end);
      if (left < 0 || right < 0 || joined < 0) {
        throw new InputException(
            "%s.merges[%d]: \"%s\" and \"%s\" and both together must be in the vocabulary"
                .formatted(place, rank, spell(start, middle), spell(middle, end)));
      }
      if (!table.add(rank, left, right, joined)) {
        throw new InputException("%s.merges[%d] occurs twice".formatted(place, rank));
      }
      start = end;
    }
    return table;
  }

  /// What a merge makes. Merges are listed by what they make, so it is nearly always what the merge
  /// before made, or the next token; looking there first saves a third of the searches.
  private int joined(int before, int start, int end) {
    for (int guess = before; guess <= before + 1; guess++) {
      if (vocabulary.matches(guess, mergeBytes, start, end)) {
        return guess;
      }
    }
    return vocabulary.find(mergeBytes, start, end);
  }

  private String spell(int start, int end) {
    var spelled = new StringBuilder();
    for (int i = start; i < Math.min(end, start + 50); i++) {
      spelled.append(ByteAlphabet.toCharacter(mergeBytes[i]));
    }
    return spelled.toString();
  }
}
