package io.plm4j.media.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.plm4j.error.InputException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/// Decodes a file twice from its start: first to learn which frames there are, then up to the last
/// selected one. Slow, and right whatever the packets say.
final class DecodingReader {
  private final Path file;
  private final VideoReadOptions options;
  private final Reading reading;
  private final Damage damage;

  DecodingReader(Path file, VideoReadOptions options, Reading reading) {
    this.file = file;
    this.options = options;
    this.reading = reading;
    this.damage = new Damage(file.toString());
  }

  Video read(FrameSelection selection) {
    reading.begin(0.6);
    var times = count();
    var kept = new KeptFrames(file.toString(), options);
    kept.checkStart(selection, times);
    reading.begin(1);
    return take(selection.indices(times), times, kept);
  }

  private FrameTimes count() {
    try (var demuxer = open();
        var decoder = new Decoder(demuxer, options)) {
      var source = new Counting(demuxer);
      var stamps = new LongList();
      long end = Long.MIN_VALUE;
      for (var frame = decoder.next(source); frame != null; frame = decoder.next(source)) {
        RgbConverter.requireSize(
            file.toString(), frame.width(), frame.height(), options.limits().frame());
        stamps.add(stamp(frame, stamps, demuxer));
        reading.count(stamps.size());
        end = stamps.last() + Math.max(0, frame.duration());
      }
      if (stamps.size() == 0) {
        throw new InputException(
            "No frame of %s can be decoded: it is damaged, cut off at its start, or has frames of more than %d pixels. Use another copy."
                .formatted(file, options.limits().frame().maxPixels()));
      }
      var times = Clock.of(demuxer, stamps.first()).times(stamps.toArray(), end);
      damage.compare(demuxer, source.packets, decoder.refused(), times);
      return times;
    }
  }

  /// When a frame is shown. Streams that do not say count frames, and time does not run backwards.
  private static long stamp(AVFrame frame, LongList before, Demuxer demuxer) {
    long stamp = frame.best_effort_timestamp();
    if (before.size() == 0) {
      return stamp == AV_NOPTS_VALUE ? 0 : stamp;
    }
    return stamp == AV_NOPTS_VALUE
        ? before.last() + demuxer.stampsPerFrame()
        : Math.max(stamp, before.last());
  }

  private Video take(int[] indices, FrameTimes times, KeptFrames kept) {
    try (var demuxer = open();
        var decoder = new Decoder(demuxer, options);
        var converter = new RgbConverter(file.toString(), options.limits().frame())) {
      var source = new Counting(demuxer);
      int index = 0;
      for (int wanted : indices) {
        var frame = decoder.next(source);
        for (; frame != null && index < wanted; index++) {
          frame = decoder.next(source);
        }
        if (frame == null) {
          throw new InputException(
              "%s has fewer frames than a moment ago; is it still being written?".formatted(file));
        }
        index++;
        double seconds = times.seconds()[wanted];
        damage.look(frame, wanted, seconds);
        kept.add(wanted, seconds, converter.convert(frame));
      }
      reading.tell(1);
      return kept.video(times, decoder.codec(), damage.warnings());
    }
  }

  private Demuxer open() {
    return Demuxer.open(file, options.limits().frame());
  }

  private final class Counting implements Decoder.Source {
    private final Demuxer demuxer;
    private long packets;

    Counting(Demuxer demuxer) {
      this.demuxer = demuxer;
    }

    @Override
    public boolean read(AVPacket packet) {
      boolean any = demuxer.read(packet);
      reading.progress(any ? packet.pos() : -1);
      packets += any ? 1 : 0;
      return any;
    }
  }
}
