package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.nano.TextPieces;
import io.plm4j.nano.vocabulary.Bpe;
import io.plm4j.nano.vocabulary.VocabularyFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `plm nano vocabulary`: the tokens of a small model.
@Command(
    name = "vocabulary",
    description =
        "Learn a byte-level vocabulary from conversations, and write it as a checkpoint's files.")
final class NanoVocabularyCommand implements Callable<Integer> {
  private static final int BYTES = 256;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      required = true,
      arity = "1..*",
      description = "Folders that plm nano draw wrote.")
  private List<Path> data = List.of();

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "How many ids there are, with the special tokens. Default: 640.")
  private int size = 640;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "The longest sequence of the model, in tokens. Default: 2048.")
  private int maxLength = 2048;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Where tokenizer.json and the other files go; made if it is not there.")
  private Path out = Path.of("");

  private final Context context;

  NanoVocabularyCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    int special = VocabularyFiles.specialTokens();
    if (size < BYTES + special || size > 1 << 17) {
      throw new InputException(
          "--size must be from %d, which is all bytes and the special tokens, to %d."
              .formatted(BYTES + special, 1 << 17));
    }
    if (maxLength < 1) {
      throw new InputException("--max-length must be at least 1.");
    }
    var pieces = TextPieces.of(data);
    var bpe = Bpe.learn(pieces, size - special);
    VocabularyFiles.write(bpe, out, maxLength);
    context
        .terminal()
        .out()
        .printf(
            "%s: %,d tokens from %,d different pieces%n",
            out, bpe.tokens().size() + special, pieces.size());
    return ExitCode.OK;
  }
}
