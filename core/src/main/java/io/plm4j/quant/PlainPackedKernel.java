package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The packed formats as they are defined, weight by weight: the twin that the fast kernels are
/// held to, and what runs where the Vector API module is absent.
final class PlainPackedKernel implements PackedKernel {
  @Override
  public RowProduct.Columns int8(float[][] x, Bytes w) {
    return (y, from, to) -> int8(x, w, y, from, to);
  }

  @Override
  public RowProduct.Columns int4(float[][] x, Groups w) {
    var halves = Nibbles.halves(x, w.group());
    return (y, from, to) -> int4(halves, w, y, from, to);
  }

  @Override
  public RowProduct.Columns nf4(float[][] x, Blocks w) {
    var pairs = Nibbles.pairs(x);
    return (y, from, to) -> nf4(pairs, w, y, from, to);
  }

  private static void int8(float[][] x, Bytes w, float[][] y, int from, int to) {
    for (int n = from; n < to; n++) {
      float scale = w.scales().getAtIndex(ValueLayout.JAVA_FLOAT, n);
      for (int m = 0; m < x.length; m++) {
        float sum = 0;
        for (int k = 0; k < w.columns(); k++) {
          sum += x[m][k] * code(w, n, k);
        }
        y[m][n] = sum * scale;
      }
    }
  }

  private static byte code(Bytes w, int n, int k) {
    return w.codes().get(ValueLayout.JAVA_BYTE, (long) n * w.columns() + k);
  }

  private static void int4(Nibbles[] x, Groups w, float[][] y, int from, int to) {
    for (int n = from; n < to; n++) {
      for (int m = 0; m < x.length; m++) {
        float sum = 0;
        for (int g = 0; g < w.groups(); g++) {
          long group = (long) n * w.groups() + g;
          int zero = w.zero(group);
          float part = 0;
          for (int i = g * w.half(); i < (g + 1) * w.half(); i++) {
            int pair = w.codes().get(ValueLayout.JAVA_BYTE, n * w.stride() + i) & 0xff;
            part += x[m].low()[i] * ((pair & 15) - zero) + x[m].high()[i] * ((pair >> 4) - zero);
          }
          sum += part * w.scale(group);
        }
        y[m][n] = sum;
      }
    }
  }

  private static void nf4(Nibbles[] x, Blocks w, float[][] y, int from, int to) {
    var scales = new float[w.blocks()];
    for (int n = from; n < to; n++) {
      w.scales().read((long) n * w.blocks(), scales, scales.length);
      for (int m = 0; m < x.length; m++) {
        float sum = 0;
        for (int b = 0; b < w.blocks(); b++) {
          float part = 0;
          for (int i = b * w.half(); i < (b + 1) * w.half(); i++) {
            int pair = w.codes().get(ValueLayout.JAVA_BYTE, n * w.stride() + i) & 0xff;
            part += x[m].low()[i] * Nf4.VALUES[pair & 15] + x[m].high()[i] * Nf4.VALUES[pair >> 4];
          }
          sum += part * scales[b];
        }
        y[m][n] = sum;
      }
    }
  }

  @Override
  public void dense(Bytes w, int from, int to, DType type, MemorySegment out) {
    for (int n = from; n < to; n++) {
      float scale = w.scales().getAtIndex(ValueLayout.JAVA_FLOAT, n);
      for (int k = 0; k < w.columns(); k++) {
        put(out, type, (long) (n - from) * w.columns() + k, code(w, n, k) * scale);
      }
    }
  }

  @Override
  public void dense(Groups w, int from, int to, DType type, MemorySegment out) {
    for (int n = from; n < to; n++) {
      for (int k = 0; k < w.columns(); k++) {
        put(out, type, (long) (n - from) * w.columns() + k, weight(w, n, k));
      }
    }
  }

  /// One number of a matrix in int4.
  static float weight(Groups w, int n, int k) {
    int g = k / (2 * w.half());
    int inGroup = k % (2 * w.half());
    long at = n * w.stride() + (long) g * w.half() + inGroup % w.half();
    int pair = w.codes().get(ValueLayout.JAVA_BYTE, at) & 0xff;
    int code = inGroup < w.half() ? pair & 15 : pair >> 4;
    long group = (long) n * w.groups() + g;
    return (code - w.zero(group)) * w.scale(group);
  }

  static void put(MemorySegment out, DType type, long at, float value) {
    if (type == DType.F32) {
      out.setAtIndex(ValueLayout.JAVA_FLOAT, at, value);
    } else {
      out.setAtIndex(ValueLayout.JAVA_SHORT, at, Bf16.fromFloat(value));
    }
  }
}
