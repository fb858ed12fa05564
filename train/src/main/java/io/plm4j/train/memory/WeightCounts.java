package io.plm4j.train.memory;

import io.plm4j.checkpoint.Shape;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmConfig;
import io.plm4j.train.config.Method;
import io.plm4j.train.learn.Part;

/// How many numbers of a model there are, by what becomes of them.
///
/// @param kept that stay as they are, at the precision of the computation
/// @param quantized that stay as they are, in four bits
/// @param learnt of the model's own
/// @param added of an adapter, all of which learn
/// @param adaptedInputs widths of what goes into layers with an adapter, in the decoder
/// @param adaptedTowerInputs the same in the tower
record WeightCounts(
    long kept,
    long quantized,
    long learnt,
    long added,
    long adaptedInputs,
    long adaptedTowerInputs) {
  private static final String WEIGHT = ".weight";

  static WeightCounts of(PlmConfig config, Method method) {
    var sum = new WeightCounts(0, 0, 0, 0, 0, 0);
    for (var tensor : config.expectedTensors().entrySet()) {
      sum =
          sum.plus(
              switch (method) {
                case Method.Full full -> of(tensor.getKey(), tensor.getValue(), full);
                case Method.Adapter adapter -> of(tensor.getKey(), tensor.getValue(), adapter);
              });
    }
    return sum;
  }

  private static WeightCounts of(String name, Shape shape, Method.Full full) {
    long count = shape.elements();
    return full.frozen().contains(Part.of(name))
        ? new WeightCounts(count, 0, 0, 0, 0, 0)
        : new WeightCounts(0, 0, count, 0, 0, 0);
  }

  private static WeightCounts of(String name, Shape shape, Method.Adapter adapter) {
    long count = shape.elements();
    boolean linear =
        name.endsWith(WEIGHT)
            && shape.rank() == 2
            && !name.equals(HfNames.EMBEDDING)
            && !name.equals(HfNames.HEAD);
    if (!linear) {
      return new WeightCounts(count, 0, 0, 0, 0, 0);
    }
    boolean coded = adapter.kind() == Method.Kind.QLORA;
    var layer = name.substring(0, name.length() - WEIGHT.length());
    boolean adapted = adapter.targets().include(layer);
    long in = shape.sizes().get(1);
    long out = shape.sizes().get(0);
    long added = adapter.rank() * (in + out) + (adapter.kind() == Method.Kind.DORA ? out : 0);
    boolean tower = Part.of(name) == Part.VISION;
    return new WeightCounts(
        coded ? 0 : count,
        coded ? count : 0,
        0,
        adapted ? added : 0,
        adapted && !tower ? in : 0,
        adapted && tower ? in : 0);
  }

  private WeightCounts plus(WeightCounts other) {
    return new WeightCounts(
        kept + other.kept,
        quantized + other.quantized,
        learnt + other.learnt,
        added + other.added,
        adaptedInputs + other.adaptedInputs,
        adaptedTowerInputs + other.adaptedTowerInputs);
  }
}
