package io.plm4j.generate.constraint;

/// One kind of value or text that may stand at some place of an answer.
sealed interface Part permits ByteDfa, TextPart, ArrayPart, ObjectPart {
  State start();

  /// The fewest bytes of such a part, as far as [#measure] knows; endless if there is none.
  int shortest();

  /// Looks at the rules inside again, which may have become shorter.
  default void measure() {}
}
