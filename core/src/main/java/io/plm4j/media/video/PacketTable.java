package io.plm4j.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;

/// What the packets of a video say without being decoded: how many frames there are, when they are
/// shown, and where decoding may begin.
final class PacketTable {
  /// Containers that give every packet the time at which its frame is shown.
  private static final Set<String> FORMATS = Set.of("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm");

  private final long[] shown; // time stamps of all packets, in the order of decoding
  private final long[] decoded; // when they are decoded, by which MP4 finds them; or empty
  private final int[] byTime; // packets whose frames are shown, in that order
  private final BitSet entries; // packets with which decoding may begin
  private final FrameTimes times;

  private PacketTable(
      long[] shown, long[] decoded, int[] byTime, BitSet entries, FrameTimes times) {
    this.shown = shown;
    this.decoded = decoded;
    this.byTime = byTime;
    this.entries = entries;
    this.times = times;
  }

  /// Reads all packets of a file.
  ///
  /// @return empty if packets cannot be trusted to be frames, and only decoding can tell
  static Optional<PacketTable> read(Demuxer demuxer, Reading reading) {
    var rule = RandomAccess.of(demuxer.stream().codecpar());
    if (rule.isEmpty() || !FORMATS.contains(demuxer.format())) {
      return Optional.empty();
    }
    var shown = new LongList();
    var decoded = new LongList();
    boolean indexed = !demuxer.format().startsWith("matroska");
    var entries = new BitSet();
    var discarded = new BitSet();
    long end = Long.MIN_VALUE;
    int count = 0;
    var packet = av_packet_alloc();
    try {
      while (demuxer.read(packet)) {
        reading.count(count + 1);
        reading.progress(packet.pos());
        var kind = rule.get().kind(packet.data(), packet.size());
        if (packet.pts() == AV_NOPTS_VALUE
            || (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0
            || kind == RandomAccess.Kind.HIDDEN) {
          return Optional.empty();
        }
        shown.add(packet.pts());
        if (indexed) {
          decoded.add(packet.dts() == AV_NOPTS_VALUE ? packet.pts() : packet.dts());
        }
        entries.set(count, kind == RandomAccess.Kind.ENTRY);
        discarded.set(count, (packet.flags() & AV_PKT_FLAG_DISCARD) != 0);
        if (!discarded.get(count)) {
          end = Math.max(end, packet.pts() + Math.max(0, packet.duration()));
        }
        count++;
      }
    } finally {
      av_packet_free(packet);
    }
    if (demuxer.failure().isPresent()) {
      return Optional.empty();
    }
    return of(shown.toArray(), decoded.toArray(), entries, discarded, end, demuxer);
  }

  private static Optional<PacketTable> of(
      long[] shown, long[] decoded, BitSet entries, BitSet discarded, long end, Demuxer demuxer) {
    var sorted = sortedByTime(shown);
    for (int i = 1; i < sorted.length; i++) {
      if (shown[sorted[i]] == shown[sorted[i - 1]]) {
        return Optional.empty();
      }
    }
    var byTime = Arrays.stream(sorted).filter(i -> !discarded.get(i)).toArray();
    if (byTime.length == 0) {
      return Optional.empty();
    }
    var stamps = Arrays.stream(byTime).mapToLong(i -> shown[i]).toArray();
    return Optional.of(
        new PacketTable(
            shown, decoded, byTime, entries, Clock.of(demuxer, stamps[0]).times(stamps, end)));
  }

  private static int[] sortedByTime(long[] shown) {
    var packets = new Integer[shown.length];
    Arrays.setAll(packets, i -> i);
    Arrays.sort(packets, (a, b) -> Long.compare(shown[a], shown[b]));
    return Arrays.stream(packets).mapToInt(i -> i).toArray();
  }

  FrameTimes times() {
    return times;
  }

  /// How many packets there are, with those whose frames are not shown.
  int packets() {
    return shown.length;
  }

  /// The time stamp of a frame.
  long stamp(int frame) {
    return shown[byTime[frame]];
  }

  /// The last packet at which decoding may begin so that a frame comes out right; -1 if none.
  int entry(int frame) {
    int packet = entries.previousSetBit(byTime[frame]);
    while (packet >= 0 && shown[packet] > stamp(frame)) {
      packet = packet == 0 ? -1 : entries.previousSetBit(packet - 1);
    }
    return packet;
  }

  long stampOfPacket(int packet) {
    return shown[packet];
  }

  /// What to ask the container for so that it goes to a packet.
  long seekStamp(int packet) {
    return decoded.length == 0 ? shown[packet] : decoded[packet];
  }

  /// The first frame with a time stamp or a later one; the number of frames if there is none.
  int frameFrom(long stamp) {
    int low = 0;
    int high = byTime.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (stamp(middle) < stamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Whether a frame has a time stamp.
  boolean isAt(int frame, long stamp) {
    return frame < byTime.length && stamp(frame) == stamp;
  }
}
