package io.plm4j.quant;

import io.plm4j.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// A matrix inside a tensor's memory: rows at a fixed distance, each of `columns` neighbouring
/// numbers of F32 or BF16.
///
/// @param start index of the first number
/// @param stride distance of two rows, in numbers
record Strided(MemorySegment memory, DType type, long start, long stride, int columns)
    implements Rows {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  @Override
  public void row(int index, float[] out, int at) {
    long from = start + index * stride;
    if (type == DType.F32) {
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, from * Float.BYTES, out, at, columns);
      return;
    }
    int i = 0;
    for (; i + F.length() <= columns; i += F.length()) {
      Lanes.widen(memory, (from + i) * Short.BYTES).intoArray(out, at + i);
    }
    for (; i < columns; i++) {
      out[at + i] = Bf16.toFloat(memory.get(ValueLayout.JAVA_SHORT, (from + i) * Short.BYTES));
    }
  }

  /// Writes a row, rounding to this matrix's type.
  void put(int index, float[] row) {
    long at = start + index * stride;
    if (type == DType.F32) {
      MemorySegment.copy(row, 0, memory, ValueLayout.JAVA_FLOAT, at * Float.BYTES, columns);
      return;
    }
    for (int i = 0; i < columns; i++) {
      memory.set(ValueLayout.JAVA_SHORT, (at + i) * Short.BYTES, Bf16.fromFloat(row[i]));
    }
  }
}
