package io.plm4j.train.config;

/// What all draws of a run follow from.
///
/// @param run of dropout and of new weights
/// @param data of the order of rows and what is validated with
public record Seeds(long run, long data) {
  /// transformers' own.
  public static final Seeds DEFAULT = new Seeds(42, 42);
}
