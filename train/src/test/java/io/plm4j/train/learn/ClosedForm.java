package io.plm4j.train.learn;

import io.plm4j.model.ClosedFormModel;
import io.plm4j.model.PlmParts;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.train.data.Example;
import io.plm4j.vision.ClassToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The tiny models of the golden vectors, ready to learn.
final class ClosedForm implements AutoCloseable {
  private final Owner owner = new Owner();
  private final Kernels kernels = Kernels.differentiable(1);
  final JsonNode golden;
  final Parameters parameters;
  final PlmParts parts;
  final Learner learner;
  final Chance chance = new Chance(1);

  ClosedForm(ClassToken variant, Memory memory) {
    this(variant, memory, EnumSet.allOf(Part.class), DType.F32, 0);
  }

  /// @param seenBytes memory for what was seen
  ClosedForm(ClassToken variant, Set<Part> learning, long seenBytes) {
    this(variant, Memory.REMEMBER, learning, DType.F32, 0, seenBytes);
  }

  ClosedForm(ClassToken variant, Memory memory, Set<Part> learning, DType type, double dropPath) {
    this(variant, memory, learning, type, dropPath, 1 << 20);
  }

  private ClosedForm(
      ClassToken variant,
      Memory memory,
      Set<Part> learning,
      DType type,
      double dropPath,
      long seenBytes) {
    golden = read().get(variant == ClassToken.PRESENT ? "cls_tied" : "nocls_untied");
    parameters = new Parameters(new Formula(type), name -> learning.contains(Part.of(name)));
    var root = Weights.of(parameters, kernels);
    try (var _ = Scope.open()) {
      parts = PlmParts.of(ClosedFormModel.config(variant), new PlmParts.Roots(root, root), owner);
    }
    var sight = new Sight(parts, type, learning, dropPath, chance, new SeenBefore(seenBytes));
    learner = new Learner(parts, memory, learning, sight);
  }

  private final class Formula implements Parameters.Stored {
    private final DType type;

    Formula(DType type) {
      this.type = type;
    }

    @Override
    public Tensor tensor(String name) {
      return copy(name);
    }

    @Override
    public Tensor copy(String name) {
      try (var _ = Scope.open()) {
        long[] shape = longs(golden.get("names").get(name));
        return owner.hold(Tensor.of(ClosedFormModel.values(name, shape), shape).to(type));
      }
    }
  }

  /// The golden vectors' one example.
  Example example() {
    int[] ids = Arrays.stream(longs(golden.get("input_ids"))).mapToInt(i -> (int) i).toArray();
    int[] labels = Arrays.stream(longs(golden.get("labels"))).mapToInt(i -> (int) i).toArray();
    int start = 0;
    while (ids[start] != 302) {
      start++;
    }
    return new Example(
        "golden",
        ids,
        labels,
        List.of(new Example.Media(start, 12, "pixels", () -> ClosedFormModel.PIXELS)));
  }

  Tensor parameter(String name) {
    return parameters.learnt().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  static long[] longs(JsonNode array) {
    return array.valueStream().mapToLong(JsonNode::asLong).toArray();
  }

  private static JsonNode read() {
    try (var in = ClosedForm.class.getResourceAsStream("/golden/tiny_model.json")) {
      return JsonMapper.builder().build().readTree(in.readAllBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    owner.close();
    kernels.close();
  }
}
