package io.plm4j.text;

import io.plm4j.layout.Layout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Text to token ids and back: byte-level BPE as Hugging Face's tokenizers does it, id for id.
///
/// Safe for use by several threads; nothing that can be seen of it changes.
public final class Tokenizer {
  private final Vocabulary vocabulary;
  private final AddedTokens added;
  private final List<Splitter> splitters;
  private final BytePairEncoder encoder;
  private final Frame frame;
  private final TokenNames names;

  /// Made when it is first asked for; most programs never ask.
  private @Nullable TokenTrie trie;

  Tokenizer(
      Vocabulary vocabulary,
      AddedTokens added,
      List<Splitter> splitters,
      BytePairEncoder encoder,
      Frame frame,
      TokenNames names) {
    this.vocabulary = vocabulary;
    this.added = added;
    this.splitters = List.copyOf(splitters);
    this.encoder = encoder;
    this.frame = frame;
    this.names = names;
  }

  /// Reads the tokenizer of a checkpoint's folder: `tokenizer.json` and, if it is there,
  /// `tokenizer_config.json`; in Meta's layout `tokenizer.model`.
  ///
  /// @throws io.plm4j.error.InputException if a file is missing or damaged, or asks for something
  ///   that is not supported; the message names the place in the file
  public static Tokenizer read(Path folder) {
    return switch (Layout.of(folder)) {
      case HUGGING_FACE ->
          TokenizerFile.read(folder.resolve("tokenizer.json"), TokenNames.read(folder));
      case ORIGINAL -> TiktokenFile.read(folder.resolve(TiktokenFile.NAME));
    };
  }

  /// The ids of a text, with nothing added in front or behind. A surrogate without its partner is
  /// read as U+FFFD.
  public int[] encode(CharSequence text, SpecialTokens policy) {
    return switch (policy) {
      case PARSE -> encode(text.toString(), index -> true);
      case AS_TEXT -> encode(text.toString(), index -> false);
    };
  }

  /// The ids of a text as a document of its own: with the tokens around it that the file asks for,
  /// in Llama's case `<|begin_of_text|>` in front.
  public int[] encodeDocument(CharSequence text, SpecialTokens policy) {
    return framed(encode(text, policy));
  }

  int[] framed(int[] ids) {
    var all = new IntList();
    all.addAll(frame.before());
    all.addAll(ids);
    all.addAll(frame.after());
    return all.toArray();
  }

  /// @param trusted the characters that may be part of a special token's spelling
  int[] encode(String text, IntPredicate trusted) {
    return encode(text, trusted, TextMarks.NONE);
  }

  /// @param trusted the characters that may be part of a special token's spelling
  /// @param marks places in the text, whose places among the ids are found
  int[] encode(String text, IntPredicate trusted, TextMarks marks) {
    String wellFormed = wellFormed(text);
    var ids = new IntList();
    added.split(
        wellFormed,
        trusted,
        new AddedTokens.Parts() {
          private final PieceBytes bytes = new PieceBytes();

          @Override
          public void text(int start, int end) {
            encodePieces(wellFormed, start, end, 0, bytes, ids, marks);
          }

          @Override
          public void token(AddedToken token, int start, int end) {
            marks.token(end, ids.size());
            ids.add(token.id());
          }
        });
    marks.end(ids.size());
    return ids.toArray();
  }

  private void encodePieces(
      String text, int start, int end, int level, PieceBytes bytes, IntList ids, TextMarks marks) {
    if (level == splitters.size()) {
      bytes.fill(text, start, end);
      int first = ids.size();
      encoder.encode(bytes.array(), 0, bytes.length(), ids);
      marks.piece(text, start, end, ids, first, id -> bytes(id).length);
      return;
    }
    for (int at = start; at < end; ) {
      int pieceEnd = splitters.get(level).pieceEnd(text, at, end);
      encodePieces(text, at, pieceEnd, level + 1, bytes, ids, marks);
      at = pieceEnd;
    }
  }

  /// The text of ids without special tokens, as `decode(ids, skip_special_tokens=True)` of
  /// transformers 5 gives it: bytes that are not UTF-8 become U+FFFD, ids without a token nothing.
  public String decode(int... ids) {
    var stream = new TextStream(this);
    for (int id : ids) {
      stream.accept(id);
    }
    stream.finish();
    return stream.text();
  }

  /// The text of ids with special tokens spelled out.
  public String decodeVerbatim(int... ids) {
    var decoder = new Utf8Decoder();
    var text = new StringBuilder();
    for (int id : ids) {
      decoder.accept(bytes(id), text);
    }
    decoder.finish(text);
    return text.toString();
  }

  /// A decoder for ids that arrive one by one, leaving special tokens out.
  public TextStream stream() {
    return new TextStream(this);
  }

  /// One more than the highest id.
  public int size() {
    return Math.max(vocabulary.size(), added.size());
  }

  /// A token as the file spells it: bytes in the byte-level alphabet (`Ġ` for a space), added
  /// tokens as they are; nothing for an id without a token.
  public Optional<String> token(int id) {
    AddedToken token = added.find(id);
    if (token != null) {
      return Optional.of(token.content());
    }
    if (!vocabulary.contains(id)) {
      return Optional.empty();
    }
    var spelled = new StringBuilder();
    for (byte b : vocabulary.bytes(id)) {
      spelled.append(ByteAlphabet.toCharacter(b));
    }
    return Optional.of(spelled.toString());
  }

  /// The id of a special token such as `<|eot_id|>`.
  public OptionalInt specialToken(String content) {
    AddedToken token = added.find(content);
    return token != null && token.special() ? OptionalInt.of(token.id()) : OptionalInt.empty();
  }

  /// The token that plays a part by this name in tokenizer_config.json, such as `eos_token`.
  public Optional<String> named(String name) {
    return names.find(name);
  }

  /// All named tokens by name; a chat template sees them as variables.
  Map<String, String> namedTokens() {
    return names.contents();
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  AddedTokens added() {
    return added;
  }

  List<Splitter> splitters() {
    return splitters;
  }

  BytePairEncoder encoder() {
    return encoder;
  }

  Frame frame() {
    return frame;
  }

  /// Whether decoding leaves the id out.
  public boolean isSpecial(int id) {
    AddedToken token = added.find(id);
    return token != null && token.special();
  }

  /// The bytes that an id stands for; none for an id without a token.
  byte[] bytes(int id) {
    if (id < 0) {
      throw new IllegalArgumentException("a token's id is never negative, but got " + id);
    }
    AddedToken token = added.find(id);
    if (token != null) {
      return bytes(token.content());
    }
    return vocabulary.contains(id) ? vocabulary.bytes(id) : new byte[0];
  }

  /// Hugging Face's decoder reads added tokens, too, in the byte alphabet where it can.
  private static byte[] bytes(String content) {
    byte[] bytes = ByteAlphabet.toBytes(content);
    return bytes != null ? bytes : content.getBytes(StandardCharsets.UTF_8);
  }

  /// The tokens as a tree of their bytes, for who wants to know which of them can continue a text.
  public synchronized TokenTrie trie() {
    if (trie == null) {
      trie =
          new TokenTrie(
              IntStream.range(0, vocabulary.size())
                  .filter(id -> vocabulary.contains(id) && added.find(id) == null),
              vocabulary::bytes);
    }
    return trie;
  }

  private static String wellFormed(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      int c = text.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        mended = mended == null ? new StringBuilder(text) : mended;
        mended.setCharAt(i, '\uFFFD');
      } else if (c > 0xFFFF) {
        i++;
      }
    }
    return mended == null ? text : mended.toString();
  }
}
