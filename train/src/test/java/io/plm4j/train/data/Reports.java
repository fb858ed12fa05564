package io.plm4j.train.data;

import java.util.ArrayList;
import java.util.List;

/// Keeps what it is told.
final class Reports implements DataListener {
  final List<SkippedRow> skipped = new ArrayList<>();
  final List<String> shortened = new ArrayList<>();

  @Override
  public void skipped(SkippedRow row) {
    skipped.add(row);
  }

  @Override
  public void shortened(String source, String place, int turns) {
    shortened.add("%s, %s: %d".formatted(source, place, turns));
  }

  String reasons() {
    return String.join("\n", skipped.stream().map(SkippedRow::reason).toList());
  }
}
