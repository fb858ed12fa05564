package io.plm4j.train.learn;

import io.plm4j.tensor.Tensor;
import io.plm4j.vision.Residual;
import java.util.function.IntFunction;

/// Leaves whole branches of the vision tower's blocks out, tile by tile ("stochastic depth"); the
/// ones that stay are scaled so that the mean stays the same.
///
/// @param rate the probability of leaving a branch out, below 1
/// @param group the number of the first tile of those that run together
record DropPath(double rate, Chance chance, long group) implements IntFunction<Residual> {
  private static final long SITE = 1L << 40;

  @Override
  public Residual apply(int block) {
    return rate > 0 && chance.isLearning() ? new Branches(block) : Residual.PLAIN;
  }

  /// The two branches of a block, in the order in which they join.
  private final class Branches implements Residual {
    private final int block;
    private int branch;

    Branches(int block) {
      this.block = block;
    }

    @Override
    public Tensor join(Tensor x, Tensor value, Tensor gain) {
      long site = SITE + (group << 16) + 2L * block + branch++;
      var kept = chance.mask(1 - rate, x.dtype(), site, x.size(0), 1, 1);
      return x.plusProduct(value.times(kept), gain);
    }
  }
}
