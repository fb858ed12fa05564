package io.plm4j.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import io.plm4j.error.InputException;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/// Turns a demuxer's packets into frames, in the order of showing.
final class Decoder implements AutoCloseable {
  private final Demuxer demuxer;
  private final AVCodecContext context;
  private final AVPacket packet = av_packet_alloc();
  private final AVFrame frame = av_frame_alloc();
  private long refused;

  /// @throws InputException if nothing here decodes the stream
  Decoder(Demuxer demuxer, VideoReadOptions options) {
    this.demuxer = demuxer;
    var parameters = demuxer.stream().codecpar();
    var codec = avcodec_find_decoder(parameters.codec_id());
    if (codec == null || !List.of(Demuxer.CODECS.split(",")).contains(codec.name().getString())) {
      throw Refusal.noVideo(demuxer.name());
    }
    context = avcodec_alloc_context3(codec);
    try {
      avcodec_parameters_to_context(context, parameters);
      context.pkt_timebase(demuxer.stream().time_base());
      context.max_pixels(Demuxer.mostPixels(options.limits().frame()));
      context.thread_count(options.threads());
      if (avcodec_open2(context, codec, (AVDictionary) null) < 0) {
        throw Refusal.noVideo(demuxer.name());
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  String codec() {
    return context.codec().name().getString();
  }

  /// Where packets come from.
  interface Source {
    /// @return false if there are no more
    boolean read(AVPacket packet);
  }

  /// Decodes until there is a frame.
  ///
  /// @return the frame, which the next call overwrites; null at the end of the stream
  @Nullable AVFrame next(Source source) {
    while (true) {
      int status = avcodec_receive_frame(context, frame);
      if (status >= 0) {
        return frame;
      }
      if (status == AVERROR_EOF()) {
        return null;
      }
      if (status == AVERROR_EAGAIN()) {
        send(source);
      } else {
        refused++;
      }
    }
  }

  private void send(Source source) {
    boolean any = source.read(packet);
    if (avcodec_send_packet(context, any ? packet : null) < 0) {
      refused++;
    }
  }

  /// Forgets all packets, for decoding to begin elsewhere.
  void flush() {
    avcodec_flush_buffers(context);
  }

  /// How many packets could not be decoded.
  long refused() {
    return refused;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    av_packet_free(packet);
    avcodec_free_context(context);
  }
}
