package io.plm4j.nano.look;

/// The cuts of a font that are used.
public enum Weight {
  PLAIN,
  BOLD,
  SLANTED
}
