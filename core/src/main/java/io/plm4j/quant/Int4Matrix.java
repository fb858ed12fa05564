package io.plm4j.quant;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;
import java.util.Optional;

/// A matrix of four-bit weights, a scale for each group of neighbours in a row: `w = (code - zero)
/// · scale`.
///
/// A group's bytes hold its first half in their lower bits and its second half in their upper bits,
/// so that a register of bytes becomes two of neighbouring weights. A row's last group is filled up
/// with zeros.
///
/// Shapes: g = ⌈columns / group⌉ groups a row.
///
/// @param group weights that share a scale: 32, 64 or 128
/// @param codes U8 [rows, g · group / 2]
/// @param scales BF16 [rows, g]; may be negative
/// @param zeros U8 [rows, g], from 0 to 15: the code that stands for 0; absent where that is
///   [#MIDDLE]
public record Int4Matrix(
    long rows, long columns, int group, Tensor codes, Tensor scales, Optional<Tensor> zeros)
    implements QuantizedMatrix {
  /// The code that stands for 0 in a symmetric group.
  static final int MIDDLE = 8;

  static final int LARGEST_CODE = 15;

  public Int4Matrix {
    if (group != 32 && group != 64 && group != 128) {
      throw new IllegalArgumentException("int4 has groups of 32, 64 or 128, not " + group);
    }
    long groups = groups(columns, group);
    require(codes, DType.U8, rows * groups * group / 2);
    require(scales, DType.BF16, rows * groups);
    zeros.ifPresent(tensor -> require(tensor, DType.U8, rows * groups));
  }

  static void require(Tensor tensor, DType type, long elements) {
    if (tensor.dtype() != type || tensor.elements() != elements) {
      throw new IllegalArgumentException(
          "a quantised matrix cannot have %s where %s of %d is needed"
              .formatted(tensor, type, elements));
    }
  }

  /// How many groups a row has, the last of which may be filled up.
  public static long groups(long columns, int group) {
    return (columns + group - 1) / group;
  }

  @Override
  public long bytes() {
    return codes.bytes() + scales.bytes() + zeros.map(Tensor::bytes).orElse(0L);
  }

  @Override
  public Int4Matrix heldBy(Owner owner) {
    owner.hold(codes);
    owner.hold(scales);
    zeros.ifPresent(owner::hold);
    return this;
  }
}
