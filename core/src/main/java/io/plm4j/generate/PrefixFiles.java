package io.plm4j.generate;

import io.plm4j.cache.CacheKey;
import io.plm4j.language.KvCache;
import io.plm4j.language.KvFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Keys and values of prompts on disk.
///
/// A prompt is cut where a medium begins and ends, and in between every [#STRIDE] tokens: a file a
/// segment, found by everything up to its end. Where two prompts part, so do their files, and what
/// they share is there once. The last tokens, which make no whole segment, are read again.
final class PrefixFiles {
  /// Few enough that reading up to so many again takes less than a second, many enough that a file
  /// is worth opening.
  static final int STRIDE = 64;

  private final Memory.Disk disk;
  private final CacheKey root;

  /// @param key stands for all positions up to the end
  private record Segment(int start, int end, CacheKey key) {}

  PrefixFiles(Memory.Disk disk, KvFormat format) {
    this.disk = disk;
    this.root = CacheKey.of("prefix", disk.model(), format.name());
  }

  /// Appends to a cache what files hold beyond it of a prompt.
  ///
  /// @param most positions that are wanted
  void extend(KvCache positions, Past prompt, int most) {
    for (var segment : segments(prompt, most)) {
      if (segment.end() <= positions.length()) {
        continue;
      }
      if (!disk.folder().contains(segment.key())) {
        return;
      }
      positions.truncate(segment.start());
      boolean read =
          positions.append(
              segment.end() - segment.start(),
              numbers -> disk.folder().read(segment.key(), numbers));
      if (!read) {
        return;
      }
    }
  }

  /// Keeps what a cache holds of a prompt.
  void write(KvCache positions, Past prompt) {
    for (var segment : segments(prompt, Math.min(positions.length(), prompt.length()))) {
      disk.folder().write(segment.key(), positions.positions(segment.start(), segment.end()));
    }
  }

  /// The whole segments among the first positions.
  private List<Segment> segments(Past prompt, int most) {
    var segments = new ArrayList<Segment>();
    var key = root;
    int at = 0;
    for (var medium : prompt.shown()) {
      for (; at < medium.start(); at = Math.min(at + STRIDE, medium.start())) {
        int end = Math.min(at + STRIDE, medium.start());
        key = key.then(ids(prompt, at, end), "text");
        segments.add(new Segment(at, end, key));
      }
      int end = at + medium.length();
      key = key.then(ids(prompt, at, Math.min(end, prompt.length())), "seen", medium.identity());
      segments.add(new Segment(at, end, key));
      at = end;
    }
    for (; at + STRIDE <= prompt.length(); at += STRIDE) {
      key = key.then(ids(prompt, at, at + STRIDE), "text");
      segments.add(new Segment(at, at + STRIDE, key));
    }
    return segments.stream().filter(segment -> segment.end() <= most).toList();
  }

  private static int[] ids(Past prompt, int from, int to) {
    return Arrays.copyOfRange(prompt.ids(), from, to);
  }
}
