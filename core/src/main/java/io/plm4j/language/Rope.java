package io.plm4j.language;

import io.plm4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Rotary positions of the decoder: component i of a head and component i + D/2 turn together by
/// `position · f(i)`.
///
/// Frequencies and angles are rounded to 32 bits step by step as the reference does, because cos
/// and sin of a large angle magnify a difference in its last bit.
///
/// Source: Su et al. 2021, in the half-split layout of Hugging Face's checkpoints; Llama 3's
/// scaling as in [RopeScaling].
final class Rope {
  private final float[] frequencies;

  Rope(RopeConfig config, int headDim) {
    frequencies = new float[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float power = (float) Math.pow(config.theta(), (float) (2 * i) / headDim);
      frequencies[i] = scale(1 / power, config.scaling());
    }
  }

  private static float scale(float frequency, RopeScaling scaling) {
    return switch (scaling) {
      case RopeScaling.None() -> frequency;
      case RopeScaling.Llama3(double factor, double low, double high, int original) -> {
        float wave = (float) (2 * Math.PI / frequency);
        if (wave > original / low) {
          yield (float) (frequency / factor);
        }
        if (wave < original / high) {
          yield frequency;
        }
        float smooth = (float) ((original / wave - low) / (high - low));
        yield (float) ((1 - smooth) * frequency / factor + smooth * frequency);
      }
    };
  }

  float[] frequencies() {
    return frequencies.clone();
  }

  /// The turns of the next `length` positions of some sequences; made once a forward pass and used
  /// by every layer.
  ///
  /// @param firsts position of each sequence's first one
  Turns turns(int[] firsts, int length) {
    var positions =
        Arrays.stream(firsts).flatMap(first -> IntStream.range(first, first + length)).toArray();
    return turns(positions, firsts.length, 1, length, frequencies.length);
  }

  /// The turns of whole sequences that lie end to end in one row.
  Turns turnsOfRow(List<SequenceTree> row) {
    var positions = row.stream().flatMapToInt(SequenceTree::positions).toArray();
    return turns(positions, 1, 1, positions.length, frequencies.length);
  }

  private Turns turns(int[] positions, long... shape) {
    var cos = new float[positions.length * frequencies.length];
    var sin = new float[cos.length];
    int at = 0;
    for (int position : positions) {
      for (float frequency : frequencies) {
        float angle = position * frequency;
        cos[at] = (float) Math.cos(angle);
        sin[at] = (float) Math.sin(angle);
        at++;
      }
    }
    return new Turns(Tensor.of(cos, shape), Tensor.of(sin, shape));
  }

  /// Cosines and sines of a chunk's angles, [B, 1, L, D/2] each.
  record Turns(Tensor cos, Tensor sin) {
    /// Shapes: x [B, H, L, D] of any type, result the same in 32 bits.
    Tensor apply(Tensor x) {
      long half = cos.size(-1);
      var a = x.narrow(-1, 0, half);
      var b = x.narrow(-1, half, half);
      return Tensor.cat(
          List.of(a.times(cos).minus(b.times(sin)), b.times(cos).plus(a.times(sin))), -1);
    }
  }
}
