package io.plm4j.language;

import java.util.List;

/// How Meta's configurations state the width inside the feed-forward: two thirds of four times the
/// model's width, times a factor, rounded up to a multiple.
///
/// @param factor `ffn_dim_multiplier`
/// @param multiple `multiple_of`
public record FeedForwardSize(double factor, int multiple) {
  /// The published models', largest first.
  private static final List<FeedForwardSize> PUBLISHED =
      List.of(
          new FeedForwardSize(1.3, 1024),
          new FeedForwardSize(1.5, 256),
          new FeedForwardSize(1.0, 256));

  public FeedForwardSize {
    if (!(factor > 0) || multiple < 1) {
      throw new IllegalArgumentException(
          "ffn_dim_multiplier %s and multiple_of %d must be positive".formatted(factor, multiple));
    }
  }

  /// The width for a model of width `dim`.
  ///
  /// @throws IllegalArgumentException if it is beyond all measure
  public int size(int dim) {
    long size = unbounded(dim);
    if (size < 1 || size > DecoderConfig.MAX_SIZE) {
      throw new IllegalArgumentException(
          "ffn_dim_multiplier %s and multiple_of %d make a feed-forward of width %d"
              .formatted(factor, multiple, size));
    }
    return (int) size;
  }

  /// Cut to an integer after each step, as Python does it.
  private long unbounded(int dim) {
    long scaled = (long) (factor * unscaled(dim));
    return Math.ceilDiv(scaled, (long) multiple) * multiple;
  }

  private static long unscaled(int dim) {
    return (long) (2 * (4L * dim) / 3.0);
  }

  /// The statement of a given width: that of a published model, or one made up.
  public static FeedForwardSize of(int dim, int size) {
    for (var published : PUBLISHED) {
      if (published.unbounded(dim) == size) {
        return published;
      }
    }
    // Half a unit above, so that no rounding of the product falls below the size.
    return new FeedForwardSize((size + 0.5) / Math.max(1, unscaled(dim)), 1);
  }
}
