package io.plm4j.model;

import io.plm4j.language.DecoderConfig;
import io.plm4j.language.RopeConfig;
import io.plm4j.language.RopeScaling;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.GridRope;
import io.plm4j.vision.VisionConfig;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The two tiny models of the golden vectors; README.md beside the golden file has the formulas.
public final class ClosedFormModel {
  private ClosedFormModel() {}

  public static PlmConfig config(ClassToken classToken) {
    boolean present = classToken == ClassToken.PRESENT;
    return new PlmConfig(
        new VisionConfig(
            32,
            2,
            2,
            present ? 128 : 186,
            56,
            14,
            classToken,
            1e-5,
            new GridRope(10_000, 4, present ? 1 : 0)),
        new DecoderConfig(
            64,
            96,
            2,
            4,
            2,
            16,
            320,
            256,
            1e-5,
            new RopeConfig(500_000, new RopeScaling.Llama3(32, 1, 4, 8192)),
            present),
        2,
        302,
        303,
        Optional.of(DType.F32),
        List.of());
  }

  /// @param shapes of all parameters, by name
  public static PerceptionLm build(
      PlmConfig config, DType type, Map<String, long[]> shapes, int threads) {
    var owner = new Owner();
    return new PerceptionLm(
        config, type, source(type, shapes, owner), Kernels.create(threads), owner);
  }

  /// The parameters by name.
  public static Weights.Source source(DType type, Map<String, long[]> shapes, Owner owner) {
    return name -> {
      try (var _ = Scope.open()) {
        long[] shape = shapes.get(name);
        if (shape == null) {
          throw new IllegalArgumentException(
              "the model asked for " + name + ", which the reference has not");
        }
        return owner.hold(Tensor.of(values(name, shape), shape).to(type));
      }
    };
  }

  public static float[] values(String name, long... shape) {
    int bytes = 0;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      bytes += b & 0xff;
    }
    double phase = 0.11 * (bytes % 101);
    int elements = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    var values = new float[elements];
    for (int k = 0; k < elements; k++) {
      values[k] = (float) value(name, Math.sin(0.37 * k + phase), shape);
    }
    return values;
  }

  private static double value(String name, double s, long[] shape) {
    boolean table =
        name.contains("pos_embed") || name.contains("cls_token") || name.contains("embed_tokens");
    if (name.contains("gamma_")) {
      return 0.5 + 0.1 * s;
    }
    if (name.endsWith("bias")) {
      return 0.05 * s;
    }
    if (shape.length == 1 && name.contains("norm")) {
      return 1 + 0.1 * s;
    }
    if (shape.length >= 2 && !table) {
      return s * 1.5 / Math.sqrt(Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b));
    }
    return 0.5 * s;
  }

  /// Three tiles of 56 by 56: sin(0.013·k + 0.7).
  public static final Pixels PIXELS =
      new Pixels() {
        @Override
        public int count() {
          return 3;
        }

        @Override
        public void write(int from, int to, FloatBuffer out) {
          int tile = 3 * 56 * 56;
          for (int k = from * tile; k < to * tile; k++) {
            out.put((float) Math.sin(0.013 * k + 0.7));
          }
        }
      };
}
