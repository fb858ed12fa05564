package io.plm4j.media.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/// Decodes the selected frames and as few others as possible: for each it goes to the last place
/// before it where decoding may begin, unless it is on its way already.
///
/// It watches that every frame comes out that the packets promise. If one does not, numbers of
/// packets are not numbers of frames in this file, and it gives up.
final class SeekingReader {
  private final Demuxer demuxer;
  private final PacketTable table;
  private final VideoReadOptions options;
  private final Reading reading;
  private int fed = -1; // the last packet that was decoded; -1 before the first
  private int entry = -1; // the packet at which decoding began
  private int next; // the frame that must come out next

  SeekingReader(Demuxer demuxer, PacketTable table, VideoReadOptions options, Reading reading) {
    this.demuxer = demuxer;
    this.table = table;
    this.options = options;
    this.reading = reading;
  }

  /// @return empty if the frames are not where the packets say
  Optional<Video> read(FrameSelection selection) {
    var kept = new KeptFrames(demuxer.name(), options);
    kept.checkStart(selection, table.times());
    var indices = selection.indices(table.times());
    var damage = new Damage(demuxer.name());
    try (var decoder = new Decoder(demuxer, options);
        var converter = new RgbConverter(demuxer.name(), options.limits().frame())) {
      for (int i = 0; i < indices.length; i++) {
        int index = indices[i];
        var frame = decode(decoder, index);
        if (frame.isEmpty()) {
          return Optional.empty();
        }
        double seconds = table.times().seconds()[index];
        damage.look(frame.get(), index, seconds);
        kept.add(index, seconds, converter.convert(frame.get()));
        reading.tell((i + 1.0) / indices.length);
      }
      if (decoder.refused() > 0) {
        return Optional.empty();
      }
      damage.compare(demuxer, table.packets(), 0, table.times());
      return Optional.of(kept.video(table.times(), decoder.codec(), damage.warnings()));
    }
  }

  private Optional<AVFrame> decode(Decoder decoder, int index) {
    int start = table.entry(index);
    if (start < 0 || (fed < 0 || start > fed + 1) && !begin(decoder, start)) {
      return Optional.empty();
    }
    while (true) {
      var frame = decoder.next(this::feed);
      if (frame == null) {
        return Optional.empty();
      }
      if (frame.pts() < table.stampOfPacket(entry)) {
        continue; // shown before the place where decoding began, and for lack of others not whole
      }
      if (!table.isAt(next, frame.pts())) {
        return Optional.empty();
      }
      if (next++ == index) {
        return Optional.of(frame);
      }
    }
  }

  private boolean begin(Decoder decoder, int packet) {
    entry = packet;
    next = table.frameFrom(table.stampOfPacket(packet));
    fed = -1;
    decoder.flush();
    return demuxer.seek(table.seekStamp(packet));
  }

  /// The next packet to decode. A container may take us to an earlier place than it was asked for;
  /// packets from there are passed over.
  private boolean feed(AVPacket packet) {
    reading.progress(-1);
    while (demuxer.read(packet)) {
      if (fed >= 0) {
        fed++;
        return true;
      }
      if (packet.pts() == table.stampOfPacket(entry)) {
        fed = entry;
        return true;
      }
      if (packet.pts() == AV_NOPTS_VALUE || packet.pts() > table.stampOfPacket(entry)) {
        return false; // or to a later one
      }
    }
    return false;
  }
}
