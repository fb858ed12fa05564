package io.plm4j.train.data;

/// How a conversation is written down.
public enum Format {
  /// By the checkpoint's chat template.
  CHAT,

  /// What the projector is taught with in the first stage: pictures and answers only, each answer
  /// with a line break behind it. Questions, the system's words and control tokens are left out.
  WARMUP
}
