package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.model.CancelledException;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.train.stage.Scratch;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `plm assemble`: the checkpoint that training starts from.
@Command(name = "assemble", description = "Make the model that training starts from.")
final class AssembleCommand implements Callable<Integer> {
  @Option(
      names = "--from-scratch",
      paramLabel = "SHAPE",
      description = "Make all numbers at random, in the shape that a YAML or JSON file gives.")
  private Optional<Path> shape = Optional.empty();

  @Option(
      names = "--tokenizer",
      paramLabel = "FOLDER",
      description =
          "With --from-scratch: where tokenizer.json, tokenizer_config.json and chat_template.jinja are.")
  private Optional<Path> tokenizer = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Where the model goes; made if it is not there, empty if it is.")
  private Path out = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = ConvertCommand.TypeName.class,
      description = "Type of the weights: f32, bf16 or f16. Default: bf16.")
  private DType type = DType.BF16;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What is drawn at random follows from it. Default: 777.")
  private long seed = 777;

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      converter = ConvertCommand.Size.class,
      description = "The most bytes in a file of weights, such as 5GB, the default.")
  private long shardBytes = ConvertCommand.Size.DEFAULT;

  private final Context context;

  AssembleCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var terminal = context.terminal();
    try (var work = context.interrupt().begin()) {
      var config = fromScratch();
      terminal.progress().clear();
      terminal
          .out()
          .printf(
              "%s: %d tensors, %,d parameters%n",
              out, config.expectedTensors().size(), config.parameters());
      return ExitCode.OK;
    } catch (CancelledException e) {
      terminal.progress().clear();
      terminal.err().println("plm: interrupted; nothing was kept of " + out);
      return ExitCode.INTERRUPTED;
    }
  }

  private PlmConfig fromScratch() {
    var given =
        shape.orElseThrow(() ->
            new InputException("From what? Give --from-scratch SHAPE and --tokenizer FOLDER."));
    var text =
        tokenizer.orElseThrow(() ->
            new InputException(
                "--from-scratch needs --tokenizer FOLDER, one with tokenizer.json, tokenizer_config.json and chat_template.jinja."));
    var scratch = Scratch.of(given, text, type, seed);
    scratch.write(out, shardBytes, WritingBar.of(context, "writing", scratch.tensorBytes()));
    return scratch.config();
  }
}
