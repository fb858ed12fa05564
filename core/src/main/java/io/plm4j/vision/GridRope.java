package io.plm4j.vision;

/// The two-dimensional rotary position embedding of the tower.
///
/// A patch at column `x` of a grid with `side` columns has the position `(x + offset) / side *
/// referenceSide`, the same for rows.
///
/// @param theta base of the frequencies
/// @param referenceSide columns and rows of the grid that positions are scaled to
/// @param offset position of the first column and row before the scaling
public record GridRope(double theta, int referenceSide, double offset) {
  public GridRope {
    if (!(theta > 0) || Double.isInfinite(theta)) {
      throw new IllegalArgumentException("rope_temperature %s is not positive".formatted(theta));
    }
    if (referenceSide < 1) {
      throw new IllegalArgumentException(
          "ref_feat_shape %d is less than 1".formatted(referenceSide));
    }
    if (!Double.isFinite(offset)) {
      throw new IllegalArgumentException("rope_grid_offset %s is not finite".formatted(offset));
    }
  }

  /// The one of the Perception Encoder on a grid of its own size: positions count from 1 where a
  /// class token comes first, else from 0.
  public static GridRope of(int side, ClassToken classToken) {
    return new GridRope(10_000, Math.max(1, side), classToken.count());
  }
}
