package io.plm4j.generate;

/// What an answer did not have to compute, because it was there.
///
/// @param conversation positions of the prompt that the conversation held itself
/// @param memory positions that another conversation held
/// @param disk positions that came from files
/// @param mediaFromMemory pictures and videos whose features were in memory
/// @param mediaFromDisk pictures and videos whose features came from files. Those whose positions
///   were there need no features, and count nowhere
public record Reuse(
    int conversation, int memory, int disk, int mediaFromMemory, int mediaFromDisk) {
  public static final Reuse NONE = new Reuse(0, 0, 0, 0, 0);

  /// Positions of the prompt that were not read.
  public int positions() {
    return conversation + memory + disk;
  }

  Reuse withMedia(int fromMemory, int fromDisk) {
    return new Reuse(conversation, memory, disk, fromMemory, fromDisk);
  }
}
