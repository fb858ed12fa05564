package io.plm4j.cli;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.model.CancelledException;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.train.stage.Assembly;
import io.plm4j.train.stage.Resized;
import io.plm4j.train.stage.Scratch;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plm assemble`: the checkpoint that training starts from.
@Command(
    name = "assemble",
    description = {
      "Make the model that training starts from: of a language model and a vision encoder, with",
      "--llama and --encoder, of random numbers, with --from-scratch and --tokenizer, or of a model",
      "for tiles of another size or with a larger decoder, with --resize."
    })
final class AssembleCommand implements Callable<Integer> {
  @Option(
      names = "--llama",
      paramLabel = "MODEL",
      description = "A Llama 3 of Hugging Face's or Meta's layout: a folder, or owner/name.")
  private Optional<String> llama = Optional.empty();

  @Option(
      names = "--encoder",
      paramLabel = "FILE",
      description = "A Perception Encoder: Meta's .pt, or timm's .safetensors.")
  private Optional<Path> encoder = Optional.empty();

  @Option(
      names = "--from-scratch",
      paramLabel = "SHAPE",
      description = "Make all numbers at random, in the shape that a YAML or JSON file gives.")
  private Optional<Path> shape = Optional.empty();

  @Option(
      names = "--resize",
      paramLabel = "MODEL",
      description = {
        "Take this model, a folder or owner/name, for tiles of --image-size, whose positions are",
        "interpolated, or for another --pooling, or with --position-waves, --layers or --kv-heads;",
        "all else stays."
      })
  private Optional<String> resized = Optional.empty();

  @Option(
      names = "--tokenizer",
      paramLabel = "FOLDER",
      description = {
        "With --from-scratch: where tokenizer.json, tokenizer_config.json and",
        "chat_template.jinja are."
      })
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
  private Optional<Long> seed = Optional.empty();

  private static final long USUAL_SEED = 777;

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      converter = ConvertCommand.Size.class,
      description = "The most bytes in a file of weights, such as 5GB, the default.")
  private long shardBytes = ConvertCommand.Size.DEFAULT;

  @Mixin private final AssemblyFlags flags = new AssemblyFlags();

  private final Context context;

  AssembleCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var terminal = context.terminal();
    try (var work = context.interrupt().begin()) {
      var config = made();
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

  private PlmConfig made() {
    if (resized.isPresent()) {
      return resized(resized.get());
    }
    return shape.isPresent() ? fromScratch(shape.get()) : together();
  }

  private PlmConfig resized(String given) {
    if (llama.isPresent() || encoder.isPresent() || shape.isPresent() || tokenizer.isPresent()) {
      throw new InputException(
          "--resize takes all from %s; leave out --llama, --encoder, --from-scratch and --tokenizer."
              .formatted(Excerpt.of(given)));
    }
    if (seed.isPresent()) {
      throw new InputException("--seed has no effect with --resize, where nothing is drawn.");
    }
    var change = flags.change();
    try (var model = Resized.of(ModelOptions.ModelFolder.path(given, context), change, type)) {
      model.write(out, shardBytes, bar(model.tensorBytes()));
      return model.config();
    }
  }

  private PlmConfig fromScratch(Path given) {
    if (llama.isPresent() || encoder.isPresent() || flags.isGiven()) {
      throw new InputException(
          "--from-scratch takes its shape from %s; leave out --llama, --encoder and what belongs to them."
              .formatted(given));
    }
    var text =
        tokenizer.orElseThrow(() ->
            new InputException(
                "--from-scratch needs --tokenizer FOLDER, one with tokenizer.json, tokenizer_config.json and chat_template.jinja."));
    var scratch = Scratch.of(given, text, type, seed.orElse(USUAL_SEED));
    scratch.write(out, shardBytes, bar(scratch.tensorBytes()));
    return scratch.config();
  }

  private PlmConfig together() {
    if (llama.isEmpty() || encoder.isEmpty()) {
      throw new InputException(
          "Of what? Give --llama MODEL and --encoder FILE, --from-scratch SHAPE and --tokenizer FOLDER, or --resize MODEL and --image-size PIXELS, --pooling N, --position-waves AMPLITUDE, --layers N or --kv-heads N.");
    }
    if (tokenizer.isPresent()) {
      throw new InputException(
          "--tokenizer has no effect with --llama, whose own tokenizer is taken.");
    }
    var words = ModelOptions.ModelFolder.path(llama.get(), context);
    var options = flags.options(type, seed.orElse(USUAL_SEED));
    try (var assembly = Assembly.prepare(words, encoder.get(), options)) {
      assembly.notes().forEach(note -> context.terminal().err().println("plm: " + note));
      assembly.write(out, shardBytes, bar(assembly.tensorBytes()));
      return assembly.config();
    }
  }

  private WritingBar bar(long bytes) {
    return WritingBar.of(context, "writing", bytes);
  }
}
