package io.plm4j.nano.chance;

/// Two worlds that differ in fonts, colours and layouts, and in nothing else.
public enum Style {
  /// What a model learns from.
  TRAIN("train"),
  /// What no model has seen: only to see whether one reads, or remembers.
  HELD_OUT("held-out");

  private final String label;

  Style(String label) {
    this.label = label;
  }

  /// As the command line and files have it.
  public String label() {
    return label;
  }
}
