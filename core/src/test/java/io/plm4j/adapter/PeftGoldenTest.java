package io.plm4j.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.checkpoint.SafetensorsWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.model.ClosedFormModel;
import io.plm4j.model.PerceptionLm;
import io.plm4j.model.PlmConfig;
import io.plm4j.nn.LowRank;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.vision.ClassToken;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Folders as PEFT writes them, on the closed-form models, against PEFT's logits (see
/// golden/README.md).
class PeftGoldenTest {
  private static final String PREFIX = "base_model.model.";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "PRESENT, lora",
    "PRESENT, dora",
    "PRESENT, patterns",
    "PRESENT, layers",
    "ABSENT, lora",
    "ABSENT, dora",
    "ABSENT, patterns",
    "ABSENT, layers"
  })
  void logitsAreThoseOfPeftMergedAndUnmerged(ClassToken variant, String name) throws IOException {
    var key = variant == ClassToken.PRESENT ? "cls_tied" : "nocls_untied";
    var golden = golden("peft.json").get(key).get(name);
    var tiny = golden("tiny_model.json").get(key);
    var config = ClosedFormModel.config(variant);
    writeAdapter(golden);
    try (var owner = new Owner();
        var _ = Scope.open()) {
      var adapter = Adapter.read(name, folder, config, owner);
      var base = ClosedFormModel.source(DType.F32, shapes(config), owner);
      var adapted = new AdaptedWeights(base, List.of(adapter), LowRank.Dropout.NONE, owner);
      int[] ids = ints(tiny.get("input_ids"));

      float[] unmerged = lastLogits(config, adapted, ids);

      float[] expected = floats(golden.get("logits_last"));
      var within = Offset.offset(1e-4f * largest(expected));
      assertThat(Arrays.copyOf(unmerged, expected.length)).containsExactly(expected, within);
      Weights.Source merged =
          weight -> {
            var layer = adapted.layers().get(weight.replaceAll("\\.weight$", ""));
            return weight.endsWith(".weight") && layer != null
                ? owner.hold(layer.weight(DType.F32))
                : base.tensor(weight);
          };
      assertThat(lastLogits(config, merged, ids)).containsExactly(unmerged, within);
      assertThat(adapted.layers()).hasSize(adapter.layers().size());
    }
  }

  private static float[] lastLogits(PlmConfig config, Weights.Source source, int[] ids) {
    try (var model = new PerceptionLm(config, DType.F32, source, Kernels.create(1), new Owner());
        var _ = Scope.open();
        var cache = model.newCache(64)) {
      var features = model.encode(ClosedFormModel.PIXELS, _ -> {}, () -> false);
      int first = 0;
      while (ids[first] != config.imageTokenId()) {
        first++;
      }
      var x = model.embed(ids, List.of(new PerceptionLm.Span(first, features)));
      return model.forward(x, cache, _ -> {}, () -> false);
    }
  }

  private void writeAdapter(JsonNode golden) throws IOException {
    Files.writeString(folder.resolve("adapter_config.json"), golden.get("config").toString());
    var tensors = new ArrayList<TensorSource>();
    golden
        .get("tensors")
        .propertyStream()
        .forEach(tensor -> {
          var name = tensor.getKey();
          long[] shape = Arrays.stream(ints(tensor.getValue())).asLongStream().toArray();
          float[] values = values(name, shape, golden.get("tensors"));
          tensors.add(
              new TensorSource(
                  name, DType.F32, Shape.of(shape), () -> MemorySegment.ofArray(values)));
        });
    SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), tensors);
  }

  private static float[] values(String name, long[] shape, JsonNode tensors) {
    int bytes = 0;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      bytes += b;
    }
    var values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int k = 0; k < values.length; k++) {
      double s = Math.sin(0.37 * k + 0.11 * (bytes % 101));
      values[k] =
          (float)
              (name.contains("magnitude")
                  ? rowLength(name, k, tensors) * (1 + 0.2 * s)
                  : s * (name.contains("lora_A") ? 0.3 : 0.2));
    }
    return values;
  }

  /// Length of a row of the base's weights.
  private static double rowLength(String magnitude, int row, JsonNode tensors) {
    var layer = magnitude.substring(0, magnitude.indexOf(".lora_"));
    int in = tensors.get(layer + ".lora_A.weight").get(1).asInt();
    int out = tensors.get(layer + ".lora_B.weight").get(0).asInt();
    float[] base = ClosedFormModel.values(layer.substring(PREFIX.length()) + ".weight", out, in);
    double sum = 0;
    for (int i = row * in; i < (row + 1) * in; i++) {
      sum += (double) base[i] * base[i];
    }
    return Math.sqrt(sum);
  }

  private static Map<String, long[]> shapes(PlmConfig config) {
    var shapes = new LinkedHashMap<String, long[]>();
    config.expectedTensors().forEach((name, shape) -> shapes.put(name, shape.toArray()));
    return shapes;
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  private static float[] floats(JsonNode array) {
    var floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.get(i).asDouble();
    }
    return floats;
  }

  private static JsonNode golden(String file) throws IOException {
    try (var in = PeftGoldenTest.class.getResourceAsStream("/golden/" + file)) {
      return JsonMapper.shared().readTree(in);
    }
  }
}
