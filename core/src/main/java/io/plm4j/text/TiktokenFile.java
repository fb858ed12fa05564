package io.plm4j.text;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Meta's `tokenizer.model`: a line for each token, its bytes in base64 and its rank, as tiktoken
/// reads them. Everything else about the tokenizer is in Meta's code, and so here.
final class TiktokenFile {
  static final String NAME = "tokenizer.model";

  private static final WordSplitter SPLITTER = new WordSplitter(3);

  /// Llama 3's file has 2 MB, and its longest token 128 bytes. Finding the merges takes time with
  /// the square of a token's length.
  private static final long MAX_BYTES = 1 << 24;

  private static final int MAX_TOKEN_BYTES = 256;

  private final Path file;
  private final Vocabulary vocabulary = new Vocabulary();

  private TiktokenFile(Path file) {
    this.file = file;
  }

  static Tokenizer read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(
          "No tokenizer: expected the file %s. A folder in Meta's layout has it.".formatted(file));
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InputException(
            "%s has %,d bytes; at most %,d are read. Is it the text file of Llama 3?"
                .formatted(file, Files.size(file), MAX_BYTES));
      }
      return new TiktokenFile(file).read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new InputException("Cannot read %s: %s".formatted(file, e), e);
    }
  }

  private Tokenizer read(byte[] bytes) {
    int number = 1;
    for (int at = 0; at < bytes.length; number++) {
      int end = at;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      int last = end > at && bytes[end - 1] == '\r' ? end - 1 : end;
      addLine(new String(bytes, at, last - at, StandardCharsets.ISO_8859_1), number);
      at = end + 1;
    }
    requireComplete();
    int first = vocabulary.size();
    return new Tokenizer(
        vocabulary,
        new AddedTokens(MetaTokens.after(first)),
        List.of(SPLITTER),
        new BytePairEncoder(
            vocabulary, new RankedMerges(vocabulary).table(), BytePairEncoder.WholePieces.LOOK_UP),
        new Frame(new int[] {first}, new int[0]),
        new TokenNames(MetaTokens.NAMES));
  }

  private void addLine(String line, int number) {
    int blank = line.indexOf(' ');
    try {
      byte[] token = Base64.getDecoder().decode(line.substring(0, Math.max(blank, 0)));
      int rank = Integer.parseInt(line.substring(blank + 1));
      if (token.length == 0
          || token.length > MAX_TOKEN_BYTES
          || rank < 0
          || rank >= TokenizerFile.MOST_TOKENS) {
        throw badLine(line, number);
      }
      if (!vocabulary.add(rank, token, 0, token.length)) {
        throw new InputException(
            "%s: line %d: the rank %d, or its token, occurs twice. Fetch the file again."
                .formatted(file, number, rank));
      }
    } catch (IllegalArgumentException e) { // of base64, and of the number
      throw badLine(line, number);
    }
  }

  private InputException badLine(String line, int number) {
    return new InputException(
        "%s: line %d is \"%s\"; expected a token in base64, a space and its rank. Is the file cut, a pointer of Git LFS, or another kind of tokenizer? Fetch it again."
            .formatted(file, number, Excerpt.of(line)));
  }

  private void requireComplete() {
    if (vocabulary.size() != vocabulary.count()) {
      throw new InputException(
          "%s: the highest rank is %d, but there are %d tokens; ranks must have no holes. Fetch the file again."
              .formatted(file, vocabulary.size() - 1, vocabulary.count()));
    }
    for (int b = 0; b < 256; b++) {
      if (vocabulary.find(new byte[] {(byte) b}, 0, 1) < 0) {
        throw new InputException(
            "%s: expected a token for each single byte; 0x%02X is missing. Fetch the file again."
                .formatted(file, b));
      }
    }
  }

  /// Writes a tokenizer, if the file can say all there is to it.
  ///
  /// @throws InputException naming what it cannot say
  static void write(Tokenizer tokenizer, Path file) {
    var obstacles = obstacles(tokenizer);
    if (!obstacles.isEmpty()) {
      throw new InputException(
          "%s cannot be written: Meta's format has no place for %s of this tokenizer."
              .formatted(file, String.join(", ", obstacles)));
    }
    var vocabulary = tokenizer.vocabulary();
    var base64 = Base64.getEncoder();
    try (OutputStream out = Files.newOutputStream(file)) {
      var lines = new StringBuilder();
      for (int id = 0; id < vocabulary.size(); id++) {
        lines.append(base64.encodeToString(vocabulary.bytes(id))).append(' ').append(id);
        lines.append('\n');
      }
      out.write(lines.toString().getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  /// What of a tokenizer a `tokenizer.model` does not hold and Meta's code does not add.
  static List<String> obstacles(Tokenizer tokenizer) {
    var vocabulary = tokenizer.vocabulary();
    int first = vocabulary.count();
    if (vocabulary.size() != first) {
      return List.of("the holes in the numbering");
    }
    var obstacles = new ArrayList<String>();
    if (!tokenizer.added().tokens().equals(MetaTokens.after(first))) {
      obstacles.add("the special tokens, which are not PLM's in PLM's order");
    }
    if (!tokenizer.splitters().equals(List.of(SPLITTER))) {
      obstacles.add("the splitting pattern, which is not Llama 3's");
    }
    if (tokenizer.encoder().wholePieces() != BytePairEncoder.WholePieces.LOOK_UP
        || !new RankedMerges(vocabulary).isAllOf(tokenizer.encoder().merges())) {
      obstacles.add("the merges, which do not follow from the order of the vocabulary");
    }
    if (!tokenizer.frame().equals(new Frame(new int[] {first}, new int[0]))) {
      obstacles.add("the tokens around a text");
    }
    if (!MetaTokens.NAMES.entrySet().containsAll(tokenizer.namedTokens().entrySet())) {
      obstacles.add("the tokens' names in tokenizer_config.json");
    }
    return obstacles;
  }
}
