package io.plm4j.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.checkpoint.SafetensorsFile;
import io.plm4j.checkpoint.SafetensorsWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.model.PlmConfig;
import io.plm4j.nn.LowRank;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.testkit.Mutant;
import io.plm4j.testkit.TinyAdapter;
import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Adapters as files and on a model.
class AdapterTest {
  private static final AdapterConfig CONFIG =
      AdapterConfig.of(
              AdapterConfig.Kind.LORA, new Targets.Suffixes(List.of("q_proj", "fc1", "linear_2")))
          .withRank(3, 6);

  @TempDir private static Path model;
  private static PlmConfig config;

  @TempDir private Path folder;

  @BeforeAll
  static void writeModel() {
    TinyCheckpoint.write(model);
    config = PlmConfig.read(model);
  }

  @Test
  void whatIsWrittenIsRead() {
    for (var kind : AdapterConfig.Kind.values()) {
      var wanted = AdapterConfig.of(kind, CONFIG.targets()).withRank(2, 3).withBaseModel("a/b");
      TinyAdapter.write(folder, model, wanted);
      try (var owner = new Owner()) {
        var read = Adapter.read("x", folder, config, owner);
        var layers = new LinkedHashMap<String, LowRank>();
        read.layers()
            .forEach((name, change) -> {
              var lora =
                  new LowRank.Lora(change.a(), change.b(), change.scale(), LowRank.Dropout.NONE);
              layers.put(
                  name,
                  change.magnitude().<LowRank>map(m -> new LowRank.Dora(lora, m, m)).orElse(lora));
            });
        var again = folder.resolve("again");
        AdapterFiles.write(again, read.config(), layers);

        assertThat(again.resolve("adapter_model.safetensors"))
            .hasSameBinaryContentAs(folder.resolve("adapter_model.safetensors"));
        assertThat(again.resolve("adapter_config.json"))
            .hasSameBinaryContentAs(folder.resolve("adapter_config.json"));
        assertThat(read.config().kind()).isEqualTo(kind);
        assertThat(read.config().baseModel()).contains("a/b");
      }
    }
  }

  @Test
  void aFreshAdapterChangesNoAnswerAndALearntOneDoes() {
    var fresh = folder.resolve("fresh");
    var dora = AdapterConfig.of(AdapterConfig.Kind.DORA, new Targets.AllLinear());
    TinyAdapter.write(folder.resolve("learnt"), model, dora);
    try (var owner = new Owner()) {
      var layers = new LinkedHashMap<String, LowRank>();
      Adapter.fresh("x", CONFIG, config, new Random(3), owner)
          .layers()
          .forEach((name, change) ->
              layers.put(
                  name,
                  new LowRank.Lora(change.a(), change.b(), change.scale(), LowRank.Dropout.NONE)));
      AdapterFiles.write(fresh, CONFIG, layers);
    }
    var plain = answer(LoadOptions.DEFAULT);
    assertThat(answer(LoadOptions.DEFAULT.withAdapter(fresh))).isEqualTo(plain);
    assertThat(answer(LoadOptions.DEFAULT.withAdapter(folder.resolve("learnt"))))
        .isNotEqualTo(plain);
  }

  private static int[] answer(LoadOptions options) {
    try (var plm = Plm.load(model, options)) {
      return plm.ask("Hi").tokens();
    }
  }

  @Test
  void tensorsThatDoNotFitAreNamed() throws IOException {
    TinyAdapter.write(folder, model, CONFIG);
    var layer = "model.language_model.layers.0.self_attn.q_proj";
    rewrite(tensor ->
        tensor.name().endsWith(layer + ".lora_A.weight")
            ? new TensorSource("base_model.model.other", DType.F32, tensor.shape(), tensor.data())
            : tensor);
    assertThatThrownBy(() -> read())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("adapter_model.safetensors")
        .hasMessageContaining("1 missing (" + layer + ".lora_A.weight)")
        .hasMessageContaining("1 unexpected (other)");
    rewrite(tensor ->
        tensor.name().equals("base_model.model.other")
            ? new TensorSource(
                "base_model.model." + layer + ".lora_A.weight",
                DType.F32,
                Shape.of(1, 1),
                () -> MemorySegment.ofArray(new float[1]))
            : tensor);
    assertThatThrownBy(() -> read())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 of another shape or type (" + layer + ".lora_A.weight is [1, 1]");
  }

  @Test
  void aFolderWithoutAnAdapterIsRefused() throws IOException {
    assertThatThrownBy(() -> read())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("adapter_config.json is not there");
    TinyAdapter.write(folder, model, CONFIG);
    Files.move(folder.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.bin"));
    assertThatThrownBy(() -> read()).hasMessageContaining("Python pickle");
  }

  @Test
  void twoOfOneNameAndAnOtherModelsAreNoticed() {
    TinyAdapter.write(folder, model, CONFIG.withBaseModel("facebook/Perception-LM-9B"));
    var options = LoadOptions.DEFAULT.withAdapter("one", folder);
    assertThatThrownBy(() -> options.withAdapter("one", folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("two adapters are called one");
    try (var plm = Plm.load(model, options)) {
      assertThat(plm.warnings())
          .singleElement()
          .asString()
          .contains("adapter one was made for facebook/Perception-LM-9B", model.toString());
    }
  }

  @Test
  void aDamagedAdapterIsReadOrRefused() throws IOException {
    TinyAdapter.write(folder, model, CONFIG);
    var weights = folder.resolve("adapter_model.safetensors");
    var json = folder.resolve("adapter_config.json");
    var goodWeights = Files.readAllBytes(weights);
    var goodJson = Files.readString(json);
    var random = new Random(7);
    int cases = Mutant.cases(400);
    int refused = 0;
    for (int i = 0; i < cases; i++) {
      boolean text = random.nextInt(2) == 0;
      Files.write(weights, text ? goodWeights : Mutant.of(goodWeights, 4000, random));
      Files.writeString(
          json, text ? Mutant.ofJson(goodJson, random).replace("\uD800", "") : goodJson);
      try {
        read();
      } catch (InputException e) {
        refused++;
        assertThat(e).hasMessageContaining(folder.toString());
      }
    }
    assertThat(refused).isBetween(1, cases - 1);
  }

  private void read() {
    try (var owner = new Owner()) {
      assertThat(Adapter.read("x", folder, config, owner).layers()).isNotEmpty();
    }
  }

  private void rewrite(UnaryOperator<TensorSource> change) throws IOException {
    var path = folder.resolve("adapter_model.safetensors");
    var tensors = new ArrayList<TensorSource>();
    try (var arena = Arena.ofConfined()) {
      var file = SafetensorsFile.open(path, arena);
      for (var info : file.tensors().values()) {
        tensors.add(
            change.apply(
                new TensorSource(
                    info.name(), info.dtype(), info.shape(), () -> file.data(info.name()))));
      }
      SafetensorsWriter.write(folder.resolve("new"), tensors);
    }
    Files.move(folder.resolve("new"), path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
