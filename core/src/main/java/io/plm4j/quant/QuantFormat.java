package io.plm4j.quant;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
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

  /// @throws InputException if there is no such format
  static QuantFormat of(String text) {
    var int4 = Pattern.compile("int4:(32|64|128)(z?)").matcher(text);
    if (int4.matches()) {
      return new Int4(
          Integer.parseInt(int4.group(1)), int4.group(2).isEmpty() ? Zero.MIDDLE : Zero.OF_GROUP);
    }
    return switch (text) {
      case "int8" -> INT8;
      case "int4" -> INT4;
      case "nf4" -> NF4;
      case "nf4:exact" -> new Nf4(Nf4Scales.EXACT);
      default ->
          throw new InputException(
              "\"%s\" is no format; there are int8, int4 (as int4:32), int4:64, int4:128, the same with a zero of each group's own (int4:64z), nf4 and nf4:exact."
                  .formatted(Excerpt.of(text)));
    };
  }
}
