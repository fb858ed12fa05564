package io.plm4j.testkit;

import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.PthWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorInfo;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.model.MetaNames;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// A complete checkpoint folder of a few hundred kilobytes: the layout that Hugging Face writes,
/// random weights, and the small tokenizer of the text tests. Its answers mean nothing, but they
/// are the same every time, and other pictures give other answers.
public final class TinyCheckpoint {
  /// Large enough for all tensors, so that there is one file.
  private static final long ONE_FILE = 1 << 30;

  private TinyCheckpoint() {}

  /// Writes it where the first argument says.
  public static void main(String[] args) {
    write(Path.of(args[0]));
  }

  /// Writes it into a folder, which is made if it is not there.
  public static void write(Path folder) {
    write(folder, ONE_FILE);
  }

  /// Writes it with its weights in several files.
  ///
  /// @param maxShardBytes of the tensors in a file
  public static void write(Path folder, long maxShardBytes) {
    try {
      Files.createDirectories(folder);
      copy("config.json", "config.json", folder);
      copy("generation_config.json", "generation_config.json", folder);
      copy("processor_config.json", "processor_config.json", folder);
      copy("../text/small/tokenizer.json", "tokenizer.json", folder);
      copy("../text/small/tokenizer_config.json", "tokenizer_config.json", folder);
      copy("../text/small/chat_template.jinja", "chat_template.jinja", folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var tensors =
        PlmConfig.read(folder).expectedTensors().entrySet().stream()
            .map(entry -> tensor(entry.getKey(), entry.getValue()))
            .toList();
    CheckpointWriter.write(folder, tensors, maxShardBytes);
  }

  /// Writes one in Meta's layout, as Meta's code would: the weights and settings of [#write], with
  /// a larger vocabulary, because there all special tokens count.
  ///
  /// @param type of the weights, F32 or BF16
  public static void writeOriginal(Path folder, DType type) {
    try {
      Files.createDirectories(folder);
      copy("original/params.json", "params.json", folder);
      copy("original/tokenizer.model", "tokenizer.model", folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var config = PlmConfig.read(folder);
    var toMeta = MetaNames.fromCanonical(config);
    var tensors = new ArrayList<TensorSource>();
    config
        .expectedTensors()
        .forEach((name, shape) -> {
          var view = toMeta.view(new TensorInfo(name, type, shape, folder)).orElseThrow();
          tensors.add(tensor(view.name(), view.shape(), type));
        });
    PthWriter.write(
        folder.resolve("consolidated.pth"),
        tensors,
        Map.of(MetaNames.TIED_HEAD, "tok_embeddings.weight"),
        _ -> {});
  }

  private static void copy(String resource, String name, Path folder) throws IOException {
    var path = Path.of("/io/plm4j/testkit").resolve(resource).normalize().toString();
    try (var in = TinyCheckpoint.class.getResourceAsStream(path)) {
      Files.write(folder.resolve(name), Objects.requireNonNull(in, path).readAllBytes());
    }
  }

  private static TensorSource tensor(String name, Shape shape) {
    return tensor(name, shape, DType.F32);
  }

  private static TensorSource tensor(String name, Shape shape, DType type) {
    return new TensorSource(
        name,
        type,
        shape,
        () -> {
          float[] values = values(name, shape.toArray());
          return type == DType.F32
              ? MemorySegment.ofArray(values)
              : MemorySegment.ofArray(upperHalves(values));
        });
  }

  /// Brain floats by cutting off: exact enough for weights that mean nothing.
  private static short[] upperHalves(float[] values) {
    var halves = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      halves[i] = (short) (Float.floatToRawIntBits(values[i]) >> 16);
    }
    return halves;
  }

  /// Gains near 1, biases near 0, matrices that keep the size of what they multiply.
  private static float[] values(String name, long[] shape) {
    var random = new SplittableRandom(name.hashCode());
    long elements = 1;
    for (long size : shape) {
      elements *= size;
    }
    boolean gain = shape.length == 1 && !name.endsWith("bias");
    boolean table = name.contains("embed") || name.contains("positional") || shape.length == 3;
    double scale =
        shape.length == 1 ? 0.1 : table ? 1 : 1.5 / Math.sqrt((double) elements / shape[0]);
    var values = new float[Math.toIntExact(elements)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((gain ? 1 : 0) + scale * random.nextGaussian());
    }
    return values;
  }
}
