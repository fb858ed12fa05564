package io.plm4j.quant;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The rows of a head in 8 bits, read with the Vector API.
record Int8Strided(Int8Rows.Head head) implements Rows {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  @Override
  public int columns() {
    return head.dim();
  }

  @Override
  public void row(int index, float[] out, int at) {
    int dim = head.dim();
    float scale = head.scale(index);
    long from = (long) index * dim;
    int i = 0;
    for (; i + F.length() <= dim; i += F.length()) {
      Lanes.signed(head.numbers(), from + i).mul(scale).intoArray(out, at + i);
    }
    for (; i < dim; i++) {
      out[at + i] = head.at(from + i) * scale;
    }
  }
}
