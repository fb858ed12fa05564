package io.plm4j.quant;

import java.util.Optional;
import java.util.regex.Pattern;

/// In which few bits weights are kept.
public sealed interface QuantFormat {
  /// Eight bits, one scale a row: 8 bits a weight.
  record Int8() implements QuantFormat {}

  /// Four bits, one scale of 16 bits a group.
  ///
  /// @param group 32, 64 or 128 weights: 4.5, 4.25 or 4.125 bits a weight
  record Int4(int group, Zero zero) implements QuantFormat {
    public Int4 {
      if (group != 32 && group != 64 && group != 128) {
        throw new IllegalArgumentException("int4 has groups of 32, 64 or 128, not " + group);
      }
    }
  }

  /// Four bits, quantiles of a normal distribution, blocks of 64.
  record Nf4(Nf4Scales scales) implements QuantFormat {}

  /// Which code of int4 stands for 0.
  enum Zero {
    /// The middle one, in every group.
    MIDDLE,

    /// One of each group's own, which takes 8 bits more a group.
    OF_GROUP
  }

  QuantFormat INT8 = new Int8();

  QuantFormat INT4 = new Int4(32, Zero.MIDDLE);

  QuantFormat NF4 = new Nf4(Nf4Scales.QUANTIZED);

  /// `int8`, `int4`, `int4:64`, `int4:64z`, `nf4`, `nf4:exact`, as [#of] reads it.
  default String text() {
    return switch (this) {
      case Int8() -> "int8";
      case Int4(int group, Zero zero) -> "int4:" + group + (zero == Zero.OF_GROUP ? "z" : "");
      case Nf4(Nf4Scales scales) -> scales == Nf4Scales.EXACT ? "nf4:exact" : "nf4";
    };
  }

  /// The format of a name; empty if there is none.
  static Optional<QuantFormat> of(String text) {
    var int4 = Pattern.compile("int4:(32|64|128)(z?)").matcher(text);
    if (int4.matches()) {
      return Optional.of(
          new Int4(
              Integer.parseInt(int4.group(1)),
              int4.group(2).isEmpty() ? Zero.MIDDLE : Zero.OF_GROUP));
    }
    return switch (text) {
      case "int8" -> Optional.of(INT8);
      case "int4" -> Optional.of(INT4);
      case "nf4" -> Optional.of(NF4);
      case "nf4:exact" -> Optional.of(new Nf4(Nf4Scales.EXACT));
      default -> Optional.empty();
    };
  }
}
