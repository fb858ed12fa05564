package io.plm4j.language;

/// In which numbers keys and values are kept.
public enum KvFormat {
  /// The type that the model computes in.
  COMPUTED,
  /// 8 bits a number, each head and position with a scale of its own: half the memory of bf16, and
  /// what is read of it for every token. Scores differ a little.
  INT8
}
