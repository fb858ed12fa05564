package io.plm4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plm4j.adapter.Adapter;
import io.plm4j.adapter.AdapterConfig;
import io.plm4j.adapter.AdapterFiles;
import io.plm4j.adapter.Targets;
import io.plm4j.checkpoint.SafetensorsFile;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.StoredWeights;
import io.plm4j.nn.LowRank;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Twenty steps against those of Hugging Face's trainer (README.md beside the numbers).
class ReferenceStepsTest {
  private static final double TOLERANCE = 1e-4;
  private static final String[] RECIPE = {
    "max_steps=20", "learning_rate=1e-3", "warmup_steps=5", "data.order=file", "data.labels=card",
  };

  @TempDir private static Path shared;
  private static TinyRun tiny;
  private static JsonNode golden;

  @BeforeAll
  static void write() throws IOException {
    tiny = TinyRun.write(shared);
    try (var in = ReferenceStepsTest.class.getResourceAsStream("reference_steps.json")) {
      golden = JsonMapper.shared().readTree(in);
    }
  }

  @Test
  void weightsLearnAsInTheReference() {
    requireSame(tiny.run("full", RECIPE), golden.get("full"), "model.safetensors", "");
  }

  @ParameterizedTest
  @EnumSource
  void anAdapterLearnsAsInTheReference(AdapterConfig.Kind kind) {
    var start = shared.resolve("start-" + kind);
    writeStart(start, kind);
    var words = new ArrayList<>(List.of(RECIPE));
    var name = kind == AdapterConfig.Kind.LORA ? "lora" : "dora";
    words.add("adapter=" + name);
    words.add("adapter.from=" + start);

    var ran = tiny.run(name, words.toArray(String[]::new));

    requireSame(ran, golden.get(name), "adapter_model.safetensors", "base_model.model.");
  }

  private static void requireSame(
      TinyRun.Ran ran, JsonNode expected, String weights, String prefix) {
    assertThat(ran.steps()).hasSize(20);
    for (int i = 0; i < 20; i++) {
      var step = ran.steps().get(i);
      requireClose("loss", i, step.loss(), expected.get("loss").get(i));
      requireClose("gradient's norm", i, step.gradientNorm(), expected.get("grad_norm").get(i));
      assertThat(step.learningRate())
          .as("learning rate of step %d", i + 1)
          .isCloseTo(expected.get("lr").get(i).doubleValue(), within(1e-15));
    }
    try (var arena = Arena.ofConfined()) {
      var file = SafetensorsFile.open(ran.outcome().result().resolve(weights), arena);
      expected
          .get("end")
          .properties()
          .forEach(tensor -> {
            float[] found =
                file.data(prefix + tensor.getKey()).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            requireEnd(tensor.getKey(), found, tensor.getValue());
          });
    }
  }

  private static void requireClose(String what, int step, double found, JsonNode expected) {
    assertThat(found)
        .as("%s of step %d", what, step + 1)
        .isCloseTo(expected.doubleValue(), within(TOLERANCE * expected.doubleValue()));
  }

  private static void requireEnd(String name, float[] found, JsonNode expected) {
    double squares = 0;
    for (float x : found) {
      squares += (double) x * x;
    }
    double norm = expected.get("norm").doubleValue();
    assertThat(Math.sqrt(squares)).as(name).isCloseTo(norm, within(TOLERANCE * norm));
    double typical = norm / Math.sqrt(found.length);
    for (int i = 0; i < expected.get("first").size(); i++) {
      assertThat((double) found[i])
          .as("%s[%d]", name, i)
          .isCloseTo(expected.get("first").get(i).doubleValue(), within(10 * TOLERANCE * typical));
    }
  }

  /// The adapter that the reference began with.
  private static void writeStart(Path folder, AdapterConfig.Kind kind) {
    var config = PlmConfig.read(tiny.model());
    var adapter =
        AdapterConfig.of(
                kind,
                new Targets.Suffixes(
                    List.of(
                        "q_proj",
                        "k_proj",
                        "v_proj",
                        "o_proj",
                        "gate_proj",
                        "up_proj",
                        "down_proj")))
            .withRank(8, 8);
    try (var owner = new Owner();
        var checkpoint = PlmCheckpoint.open(tiny.model(), config);
        var _ = Scope.open()) {
      var stored = new StoredWeights(checkpoint, DType.F32, owner);
      var layers = new LinkedHashMap<String, LowRank>();
      Adapter.fresh("start", adapter, config, new Random(1), owner)
          .layers()
          .forEach((name, fresh) -> {
            var a = sines(name + ".lora_A.weight", fresh.a().shape());
            var lora = new LowRank.Lora(a, fresh.b(), fresh.scale(), LowRank.Dropout.NONE);
            var lengths = stored.tensor(name + ".weight").norm();
            layers.put(
                name,
                switch (kind) {
                  case LORA -> lora;
                  case DORA -> new LowRank.Dora(lora, lengths, lengths);
                });
          });
      AdapterFiles.write(folder, adapter, layers);
    }
  }

  private static Tensor sines(String name, long... shape) {
    int bytes = 0;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      bytes += b;
    }
    var values = new float[(int) (shape[0] * shape[1])];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) (0.15 * Math.sin(0.37 * k + 0.11 * (bytes % 101)));
    }
    return Tensor.of(values, shape);
  }
}
