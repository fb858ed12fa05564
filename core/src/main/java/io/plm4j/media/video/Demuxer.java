package io.plm4j.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entries_count;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set_int;

import io.plm4j.error.InputException;
import io.plm4j.media.ImageLimits;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.PointerPointer;

/// A container file and the compressed pictures of its video stream, one packet after the other.
///
/// Only formats that people have videos in are opened, and none that names other files (playlists,
/// concatenations, manifests): what is read is this one local file.
final class Demuxer implements AutoCloseable {
  private static final String FORMATS =
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,apng,mpegts,mpeg,mpegvideo,flv,asf,ogg,ivf,m4v,h264,hevc,obu,mxf,wtv,dv,nut,yuv4mpegpipe";

  /// What such files hold in practice. FFmpeg has decoders for hundreds of games and screen
  /// recorders more, which get little testing and are no loss.
  static final String CODECS =
      "h264,hevc,vp8,vp9,libaom-av1,vvc,mpeg4,mpeg1video,mpeg2video,mjpeg,gif,apng,png,theora,prores,dnxhd,dvvideo,ffv1,huffyuv,ffvhuff,utvideo,rawvideo,v210,h263,h263p,flv,vp6,vp6f,vp6a,msmpeg4v1,msmpeg4v2,msmpeg4,wmv1,wmv2,wmv3,vc1,jpeg2000,cfhd,qtrle,svq3";

  /// A file with more streams is no video that anybody made.
  private static final int MOST_STREAMS = 64;

  /// How many reads may fail one after the other before the rest of a file is given up.
  private static final int MOST_FAILURES = 32;

  private final String name;
  private final AVFormatContext context;
  private final AVStream stream;
  private int failures;
  private Optional<String> failure = Optional.empty();

  private Demuxer(String name, AVFormatContext context, AVStream stream) {
    this.name = name;
    this.context = context;
    this.stream = stream;
  }

  /// @throws InputException if the file cannot be read or holds no video
  static Demuxer open(Path file, ImageLimits limits) {
    var name = file.toString();
    var context = avformat_alloc_context();
    context.interrupt_callback().callback(Ffmpeg.interrupt());
    var options = new AVDictionary(null);
    av_dict_set(options, "protocol_whitelist", "file", 0);
    av_dict_set(options, "format_whitelist", FORMATS, 0);
    av_dict_set(options, "codec_whitelist", CODECS, 0);
    av_dict_set_int(options, "max_streams", MOST_STREAMS, 0);
    try {
      // The prefix keeps a name such as `concat:a|b` from meaning anything.
      int opened = avformat_open_input(context, "file:" + file.toAbsolutePath(), null, options);
      if (opened < 0) {
        throw Refusal.of(file, opened); // the context is freed already
      }
    } finally {
      av_dict_free(options);
    }
    try {
      requireSizes(name, context, limits);
      int probed = probe(context, mostPixels(limits));
      if (probed < 0) {
        throw Refusal.of(file, probed);
      }
      int best = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
      if (best < 0 || (context.streams(best).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
        throw Refusal.noVideo(name);
      }
      for (int i = 0; i < context.nb_streams(); i++) {
        if (i != best) {
          context.streams(i).discard(AVDISCARD_ALL);
        }
      }
      return new Demuxer(name, context, context.streams(best));
    } catch (RuntimeException | Error e) {
      avformat_close_input(context);
      throw e;
    }
  }

  /// What a decoder is told to refuse. It counts the edges of its memory too and does not say why
  /// it refuses, so it gets some room, and the frames are looked at when they are decoded.
  static long mostPixels(ImageLimits limits) {
    return limits.maxPixels() + (1 << 21);
  }

  private static void requireSizes(String name, AVFormatContext context, ImageLimits limits) {
    for (int i = 0; i < context.nb_streams(); i++) {
      var parameters = context.streams(i).codecpar();
      if (parameters.codec_type() == AVMEDIA_TYPE_VIDEO) {
        RgbConverter.requireSize(name, parameters.width(), parameters.height(), limits);
      }
    }
  }

  /// Learns what the header does not say by decoding the first frames, which are to be no larger
  /// than others may be.
  private static int probe(AVFormatContext context, long maxPixels) {
    int streams = context.nb_streams();
    try (var options = new PointerPointer<AVDictionary>(Math.max(1, streams))) {
      for (int i = 0; i < streams; i++) {
        var limited = new AVDictionary(null);
        av_dict_set_int(limited, "max_pixels", maxPixels, 0);
        options.put(i, limited);
      }
      int status = avformat_find_stream_info(context, options);
      for (int i = 0; i < streams; i++) {
        av_dict_free(new AVDictionary(options.get(i)));
      }
      return status;
    }
  }

  String name() {
    return name;
  }

  /// The container format by FFmpeg's name.
  String format() {
    return context.iformat().name().getString();
  }

  AVStream stream() {
    return stream;
  }

  /// The next packet of the video; false at its end. What cannot be read is passed over.
  boolean read(AVPacket packet) {
    while (failures < MOST_FAILURES) {
      av_packet_unref(packet);
      int status = av_read_frame(context, packet);
      if (status >= 0) {
        failures = 0;
        if (packet.stream_index() == stream.index()) {
          return true;
        }
      } else if (status == AVERROR_EOF()) {
        return false;
      } else {
        failures++;
        failure = Optional.of(Ffmpeg.message(status));
      }
    }
    return false;
  }

  /// What kept some part of the file from being read.
  Optional<String> failure() {
    return failure;
  }

  /// Goes to a keyframe at or before a time stamp; false if the container cannot.
  boolean seek(long timestamp) {
    failures = 0;
    return av_seek_frame(context, stream.index(), timestamp, AVSEEK_FLAG_BACKWARD) >= 0;
  }

  double seconds(long timestamp) {
    return (double) timestamp * stream.time_base().num() / stream.time_base().den();
  }

  /// How long a frame is shown on average, in time stamps; at least 1.
  long stampsPerFrame() {
    var rate = stream.avg_frame_rate();
    var base = stream.time_base();
    double frames = (double) rate.num() * base.num();
    return frames > 0 ? Math.max(1, Math.round((double) rate.den() * base.den() / frames)) : 1;
  }

  /// Where the clock that a player shows begins: with the earliest of the streams.
  double start() {
    return context.start_time() == AV_NOPTS_VALUE
        ? Double.POSITIVE_INFINITY
        : context.start_time() / 1e6;
  }

  /// How long the container says it is, in seconds; 0 if it does not.
  double statedDuration() {
    return context.duration() == AV_NOPTS_VALUE ? 0 : context.duration() / 1e6;
  }

  /// How many packets the container says the video has; 0 if it does not. Of an MP4 file the index
  /// counts, in which what its edit list cuts away is missing.
  long statedPackets() {
    return format().startsWith("mov")
        ? avformat_index_get_entries_count(stream)
        : stream.nb_frames();
  }

  @Override
  public void close() {
    avformat_close_input(context);
  }
}
