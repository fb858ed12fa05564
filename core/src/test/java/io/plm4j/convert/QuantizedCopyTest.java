package io.plm4j.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.InputMoments;
import io.plm4j.model.PerceptionLm;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.model.QuantizedTensors;
import io.plm4j.model.QuantizedWeights;
import io.plm4j.model.StoredWeights;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A quantised folder is what quantising while loading gives, and nothing else.
class QuantizedCopyTest {
  private static final String WEIGHT = "model.language_model.layers.0.mlp.up_proj.weight";
  private static final long ONE_FILE = 1 << 30;

  @TempDir private static Path model;
  private static PlmConfig config;

  @TempDir private Path folder;

  @BeforeAll
  static void write() {
    TinyCheckpoint.write(model);
    config = PlmConfig.read(model);
  }

  private Path quantize(String formats) {
    var out = folder.resolve("out");
    try (var copy =
        QuantizedCopy.prepare(model, QuantizationRecipe.of(formats), 2, InputMoments.NONE)) {
      copy.write(out, ONE_FILE, _ -> {});
      assertThat(copy.errors()).isNotEmpty();
      assertThat(copy.tensorBytes()).isLessThan(copy.originalBytes() + 100_000);
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int8",
        "int4",
        "int4:64z",
        "nf4",
        "nf4:exact",
        "language=int4:128,head=none,projector=int8,vision=int4:32z",
        "vision=int8",
        "language=nf4,head=nf4"
      })
  void whatIsStoredIsWhatLoadingQuantises(String formats) {
    var recipe = QuantizationRecipe.of(formats);
    var out = quantize(formats);
    assertThat(PlmConfig.read(out)).isEqualTo(PlmConfig.read(model));
    try (var dense = PlmCheckpoint.open(model, config);
        var stored = PlmCheckpoint.open(out, config)) {
      CheckpointReport.of(config, stored).requireComplete();
      assertThat(QuantizedTensors.areIn(stored)).isTrue();
      var kernels = Kernels.create(2);
      float[] quantizing =
          logits(owner ->
              new QuantizedWeights(new StoredWeights(dense, DType.F32, owner), recipe, kernels));
      kernels.close();
      float[] reading = logits(owner -> new StoredWeights(stored, DType.F32, owner));
      assertThat(reading).containsExactly(quantizing);
      float[] exact = logits(owner -> new StoredWeights(dense, DType.F32, owner));
      if (!formats.startsWith("vision")) {
        assertThat(reading).isNotEqualTo(exact);
      }
    }
  }

  /// What layers are given may take a run of the model to know.
  @Test
  void inputsAreAskedForOnceAndInTheOrderOfTheModel() {
    var asked = new ArrayList<String>();
    var recipe = QuantizationRecipe.of("int4,vision=int8");
    try (var copy =
        QuantizedCopy.prepare(
            model,
            recipe,
            1,
            weight -> {
              asked.add(weight);
              return Optional.empty();
            })) {
      copy.write(folder.resolve("out"), ONE_FILE, _ -> {});
      assertThat(copy.errors().keySet()).containsExactlyElementsOf(asked);
    }
    var inModel =
        config.expectedTensors().entrySet().stream()
            .filter(tensor -> recipe.formatOf(tensor.getKey(), tensor.getValue()).isPresent())
            .map(tensor -> tensor.getKey())
            .toList();
    assertThat(asked).doesNotHaveDuplicates().containsAll(inModel);
    assertThat(asked.subList(0, inModel.size())).isEqualTo(inModel);
    assertThat(folder.resolve("out").resolve("waiting")).doesNotExist();
  }

  private static float[] logits(Function<Owner, Weights.Source> source) {
    var owner = new Owner();
    try (var lm =
            new PerceptionLm(config, DType.F32, source.apply(owner), Kernels.create(1), owner);
        var _ = Scope.open();
        var cache = lm.newCache(24)) {
      // More rows than the codes are multiplied with, then one.
      var ids = new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
      lm.forward(lm.embed(ids, List.of()), cache, _ -> {}, () -> false);
      return lm.step(new int[] {7}, List.of(cache))[0];
    }
  }

  @Test
  void sequencesDecodedTogetherGetTheScoresThatTheyGetAlone() {
    var owner = new Owner();
    try (var checkpoint = PlmCheckpoint.open(quantize("int4:64"), config);
        var lm =
            new PerceptionLm(
                config,
                DType.F32,
                new StoredWeights(checkpoint, DType.F32, owner),
                Kernels.create(2),
                owner);
        var _ = Scope.open();
        var first = lm.newCache(4);
        var second = lm.newCache(4);
        var alone = lm.newCache(4)) {
      float[][] both = lm.step(new int[] {5, 9}, List.of(first, second));
      assertThat(lm.step(new int[] {9}, List.of(alone))[0]).containsExactly(both[1]);
    }
  }

  @Test
  void aQuantisedModelIsNotQuantisedNorConvertedAgain() {
    var out = quantize("int8");
    assertThatThrownBy(
            () -> QuantizedCopy.prepare(out, QuantizationRecipe.of("int4"), 1, InputMoments.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is quantised already");
    assertThatThrownBy(() -> Conversion.prepare(out, Layout.ORIGINAL, Optional.empty()))
        .isInstanceOf(InputException.class);
  }

  @Test
  void anUnknownVersionIsRefused() throws IOException {
    var out = quantize("int8");
    var file = out.resolve("config.json");
    var json = Files.readString(file);
    assertThat(json).contains("\"formats\": \"language=int8,head=int8\"");
    Files.writeString(file, json.replace("\"version\": 1", "\"version\": 2"));
    assertThatThrownBy(() -> PlmConfig.read(out))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("version is 2; wanted 1; a newer plm4j has written this model");
  }

  @ParameterizedTest
  @CsvSource({
    "int8, .scales, short, .scales is F32 [1]; wanted F32",
    "int8, '', missing, 1 missing",
    "int4, .scales, short, 'U8 in groups of 32, 64 or 128'",
    "int4, .shape, missing, has no tensor",
    "int4, .shape, zeros, is not the two sizes of a matrix",
    "int4:64z, .zeros, short, .zeros is U8 [1]"
  })
  void damageIsNamed(String format, String part, String damage, String message) {
    var damaged = damaged(quantize(format), WEIGHT + part, damage);
    assertThatThrownBy(
            () -> {
              try (var checkpoint = Checkpoint.open(damaged);
                  var owner = new Owner()) {
                CheckpointReport.of(config, checkpoint).requireComplete();
                new StoredWeights(checkpoint, DType.F32, owner).quantized(WEIGHT);
              }
            })
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private Path damaged(Path from, String name, String damage) {
    var target = folder.resolve("damaged");
    try (var checkpoint = Checkpoint.open(from)) {
      Files.createDirectory(target);
      Files.copy(from.resolve("config.json"), target.resolve("config.json"));
      var tensors = new ArrayList<TensorSource>();
      for (var info : checkpoint.tensors().values()) {
        if (!info.name().equals(name)) {
          tensors.add(
              new TensorSource(
                  info.name(), info.dtype(), info.shape(), () -> checkpoint.data(info.name())));
        } else if (!damage.equals("missing")) {
          var shape = damage.equals("short") ? Shape.of(1) : info.shape();
          var zeros = new byte[(int) shape.elements() * info.dtype().bytes()];
          tensors.add(
              new TensorSource(name, info.dtype(), shape, () -> MemorySegment.ofArray(zeros)));
        }
      }
      CheckpointWriter.write(target, tensors, ONE_FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int4 | language=int4:32,head=int8",
        "language=int8,head=none | language=int8,head=none",
        "vision=nf4 | vision=nf4",
        "head=int4:64z,int8 | language=int8,head=int4:64z"
      })
  void recipesAreReadAsTheyAreWritten(String given, String text) {
    var recipe = QuantizationRecipe.of(given);
    assertThat(recipe.text()).isEqualTo(text);
    assertThat(QuantizationRecipe.of(text)).isEqualTo(recipe);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int5 | \"int5\" is no format",
        "eyes=int8 | \"eyes\" is no part",
        "int8,language=int4 | twice",
        "head=none | gives no part a format",
        "vision= | \"\" is no format"
      })
  void recipesThatMeanNothingAreRefused(String given, String message) {
    assertThatThrownBy(() -> QuantizationRecipe.of(given))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }
}
