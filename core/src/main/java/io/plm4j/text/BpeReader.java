package io.plm4j.text;

import io.plm4j.error.InputException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

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

  private byte[] scratch = new byte[256];

  BpeReader(String place) {
    this.place = place;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /// Notes an added token, which may or may not stand in the vocabulary too.
  void reconcile(JsonField item, AddedToken token) {
    char[] characters = token.content().toCharArray();
    int bytes = toBytes(characters, 0, characters.length);
    Integer known = bytes < 0 ? unspellable.remove(token.content()) : idOf(bytes);
    if (known == null ? vocabulary.contains(token.id()) : known != token.id()) {
      throw new InputException(
          "%s: the id %d of \"%s\" does not agree with the vocabulary"
              .formatted(item.place(), token.id(), token.content()));
    }
  }

  private @Nullable Integer idOf(int bytes) {
    int id = vocabulary.find(scratch, 0, bytes);
    return id < 0 ? null : Integer.valueOf(id);
  }

  void read(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new InputException(place + ": expected an object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "vocab" -> {
          refuseSecond(hasVocabulary, key);
          hasVocabulary = true;
          readVocabulary(parser);
        }
        case "merges" -> {
          refuseSecond(hasMerges, key);
          hasMerges = true;
          readMerges(parser);
        }
        default -> {
          refuseSecond(fields.containsKey(key), key);
          fields.put(key, JsonField.read(parser, place + "." + key));
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

  private void readVocabulary(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new InputException(place + ".vocab: expected an object of token and id");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      char[] characters = parser.getStringCharacters();
      int offset = parser.getStringOffset();
      int length = parser.getStringLength();
      int bytes = toBytes(characters, offset, length);
      String odd = bytes < 0 ? new String(characters, offset, length) : null;
      if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
        throw new InputException(
            "%s.vocab: a token's id is not a whole number, near id %d"
                .formatted(place, vocabulary.size()));
      }
      long id = parser.getLongValue();
      if (id < 0 || id > TokenizerFile.MOST_TOKENS) {
        throw new InputException(
            "%s.vocab: expected ids from 0 to %d, found %d"
                .formatted(place, TokenizerFile.MOST_TOKENS, id));
      }
      add((int) id, odd, bytes);
    }
  }

  private void add(int id, @Nullable String odd, int bytes) {
    boolean added =
        odd == null
            ? vocabulary.add(id, scratch, 0, bytes)
            : unspellable.putIfAbsent(odd, id) == null;
    if (!added) {
      throw new InputException("%s.vocab: id %d, or its token, occurs twice".formatted(place, id));
    }
  }

  private void readMerges(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new InputException(place + ".merges: expected a list");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        readJoinedMerge(
            parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
        continue;
      }
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw badMerge();
      }
      for (int half = 0; half < 2; half++) {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          throw badMerge();
        }
        addHalf(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
      }
      if (parser.nextToken() != JsonToken.END_ARRAY) {
        throw badMerge();
      }
    }
  }

  /// The older form, `"left right"`; a blank is no character of the byte alphabet.
  private void readJoinedMerge(char[] characters, int offset, int length) {
    int blank = offset;
    while (blank < offset + length && characters[blank] != ' ') {
      blank++;
    }
    if (blank == offset + length) {
      throw badMerge();
    }
    addHalf(characters, offset, blank - offset);
    addHalf(characters, blank + 1, offset + length - blank - 1);
  }

  private void addHalf(char[] characters, int offset, int length) {
    int bytes = toBytes(characters, offset, length);
    if (bytes <= 0) {
      throw badMerge();
    }
    if (mergeBytes.length - mergeBytesUsed < bytes) {
      mergeBytes =
          Arrays.copyOf(mergeBytes, Math.max(mergeBytes.length * 2, mergeBytesUsed + bytes));
    }
    System.arraycopy(scratch, 0, mergeBytes, mergeBytesUsed, bytes);
    mergeBytesUsed += bytes;
    mergeEnds.add(mergeBytesUsed);
  }

  private InputException badMerge() {
    return new InputException(
        "%s.merges[%d]: expected two tokens of a byte-level vocabulary, as [\"a\", \"b\"] or \"a b\""
            .formatted(place, mergeEnds.size() / 2));
  }

  /// Fills `scratch` with the bytes that are spelled; -1 if a character is not in the byte
  /// alphabet.
  private int toBytes(char[] characters, int offset, int length) {
    if (scratch.length < length) {
      scratch = new byte[length];
    }
    for (int i = 0; i < length; i++) {
      int b = ByteAlphabet.toByte(characters[offset + i]);
      if (b < 0) {
        return -1;
      }
      scratch[i] = (byte) b;
    }
    return length;
  }

  BytePairEncoder build() {
    for (Map.Entry<String, Integer> token : unspellable.entrySet()) {
      throw new InputException(
          "%s.vocab: expected tokens in the byte alphabet, found \"%s\" (id %d), which is no added token either"
              .formatted(place, token.getKey(), token.getValue()));
    }
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
    for (int rank = 0; rank < count; rank++) {
      int middle = mergeEnds.get(2 * rank);
      int end = mergeEnds.get(2 * rank + 1);
      int left = vocabulary.find(mergeBytes, start, middle);
      int right = vocabulary.find(mergeBytes, middle, end);
      int joined = vocabulary.find(mergeBytes, start, end);
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

  private String spell(int start, int end) {
    var spelled = new StringBuilder();
    for (int i = start; i < Math.min(end, start + 50); i++) {
      spelled.append(ByteAlphabet.toCharacter(mergeBytes[i]));
    }
    return spelled.toString();
  }
}
