package io.plm4j.testkit;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_new;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_get_pix_fmt;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.Pointer;

/// A video that a test makes for itself. Its frames are grey, each lighter than the one before,
/// with a white square in the corner at the top left, so that a decoded frame tells its number.
///
/// @param encoder by FFmpeg's name
/// @param pixelFormat by FFmpeg's name
/// @param options of the encoder
/// @param fileOptions of the container, which the file's ending chooses
/// @param millis when a frame is shown, in milliseconds
/// @param displayMatrix how a player shall turn it; empty for not at all
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Clip(
    String encoder,
    String pixelFormat,
    int width,
    int height,
    int frames,
    Map<String, String> options,
    Map<String, String> fileOptions,
    IntUnaryOperator millis,
    int[] displayMatrix) {
  /// Time between frames, in milliseconds.
  public static final int STEP = 40;

  /// Level of the first frame; the others follow in steps of [#LIGHTER].
  private static final int DARKEST = 30;

  private static final int LIGHTER = 6;

  /// Thirty frames of 64 x 48, 25 a second, with a keyframe every ten.
  ///
  /// @param encoder by FFmpeg's name
  public static Clip of(String encoder) {
    return new Clip(
        encoder, "yuv420p", 64, 48, 30, Map.of("g", "10"), Map.of(), i -> i * STEP, new int[0]);
  }

  public Clip withPixelFormat(String format) {
    return new Clip(
        encoder, format, width, height, frames, options, fileOptions, millis, displayMatrix);
  }

  public Clip withSize(int newWidth, int newHeight, int count) {
    return new Clip(
        encoder,
        pixelFormat,
        newWidth,
        newHeight,
        count,
        options,
        fileOptions,
        millis,
        displayMatrix);
  }

  public Clip withOptions(Map<String, String> ofEncoder, Map<String, String> ofFile) {
    return new Clip(
        encoder, pixelFormat, width, height, frames, ofEncoder, ofFile, millis, displayMatrix);
  }

  public Clip withMillis(IntUnaryOperator times) {
    return new Clip(
        encoder, pixelFormat, width, height, frames, options, fileOptions, times, displayMatrix);
  }

  public Clip withDisplayMatrix(int... matrix) {
    return new Clip(
        encoder, pixelFormat, width, height, frames, options, fileOptions, millis, matrix);
  }

  /// Which frame a pixel from the middle of a picture belongs to.
  ///
  /// @param pixel 0xRRGGBB
  public static int number(int pixel) {
    return Math.round(((pixel >> 8 & 0xFF) - DARKEST) / (float) LIGHTER);
  }

  /// Writes it.
  ///
  /// @return the file
  public Path write(Path file) {
    av_log_set_level(AV_LOG_QUIET);
    var context = new AVFormatContext(null);
    check(avformat_alloc_output_context2(context, (AVOutputFormat) null, null, file.toString()));
    var stream = avformat_new_stream(context, null);
    var coder = open(context);
    check(avcodec_parameters_from_context(stream.codecpar(), coder));
    stream.time_base(coder.time_base());
    addMatrix(stream);
    var io = new AVIOContext(null);
    check(avio_open(io, file.toString(), AVIO_FLAG_WRITE));
    context.pb(io);
    var settings = dictionary(fileOptions);
    check(avformat_write_header(context, settings));
    av_dict_free(settings);
    var packet = av_packet_alloc();
    var scaler = sws_alloc_context();
    scaler.flags(SWS_BILINEAR);
    for (int i = 0; i < frames; i++) {
      var frame = frame(i, scaler);
      check(avcodec_send_frame(coder, frame));
      av_frame_free(frame);
      drain(coder, packet, context, stream);
    }
    check(avcodec_send_frame(coder, null));
    drain(coder, packet, context, stream);
    check(av_write_trailer(context));
    sws_free_context(scaler);
    av_packet_free(packet);
    avcodec_free_context(coder);
    avio_closep(io);
    avformat_free_context(context);
    return file;
  }

  private AVCodecContext open(AVFormatContext context) {
    var codec = avcodec_find_encoder_by_name(encoder);
    var coder = avcodec_alloc_context3(codec);
    coder.width(width).height(height).pix_fmt(av_get_pix_fmt(pixelFormat)).bit_rate(200_000);
    coder.time_base(av_make_q(1, 1000 / STEP)).framerate(av_make_q(1000 / STEP, 1));
    coder.thread_count(1);
    if (millis.applyAsInt(1) % STEP != 0) {
      coder.time_base(av_make_q(1, 1000));
    }
    if ((context.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
      coder.flags(coder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    }
    var settings = dictionary(options);
    check(avcodec_open2(coder, codec, settings));
    av_dict_free(settings);
    return coder;
  }

  private void addMatrix(AVStream stream) {
    if (displayMatrix.length > 0) {
      var bytes = ByteBuffer.allocate(36).order(ByteOrder.nativeOrder());
      bytes.asIntBuffer().put(displayMatrix);
      var list = new AVPacketSideData((Pointer) null);
      var side = av_packet_side_data_new(list, new int[1], AV_PKT_DATA_DISPLAYMATRIX, 36L, 0);
      side.data().put(bytes.array());
      stream.codecpar().coded_side_data(list).nb_coded_side_data(1);
    }
  }

  private AVFrame frame(int number, SwsContext scaler) {
    var rgb = empty(AV_PIX_FMT_RGB24);
    var row = new byte[width * 3];
    for (int y = 0; y < height; y++) {
      Arrays.fill(row, (byte) (DARKEST + LIGHTER * number));
      if (y < height / 4) {
        Arrays.fill(row, 0, width / 4 * 3, (byte) 255);
      }
      rgb.data(0).position((long) y * rgb.linesize(0)).put(row);
    }
    var frame = empty(av_get_pix_fmt(pixelFormat));
    check(sws_scale_frame(scaler, frame, rgb));
    av_frame_free(rgb);
    int step = millis.applyAsInt(1) % STEP == 0 ? STEP : 1;
    frame.pts(millis.applyAsInt(number) / step);
    return frame;
  }

  private AVFrame empty(int format) {
    var frame = av_frame_alloc();
    frame.format(format).width(width).height(height);
    check(av_frame_get_buffer(frame, 0));
    return frame;
  }

  private static void drain(
      AVCodecContext coder, AVPacket packet, AVFormatContext context, AVStream stream) {
    while (avcodec_receive_packet(coder, packet) >= 0) {
      if (packet.duration() == 0) {
        // A frame that is shown for no time is one that MP4's edit lists cut away.
        packet.duration(coder.time_base().den() == 1000 ? STEP : 1);
      }
      av_packet_rescale_ts(packet, coder.time_base(), stream.time_base());
      packet.stream_index(stream.index());
      check(av_interleaved_write_frame(context, packet));
    }
  }

  private static AVDictionary dictionary(Map<String, String> entries) {
    var dictionary = new AVDictionary(null);
    entries.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
    return dictionary;
  }

  private static void check(int status) {
    if (status < 0) {
      throw new IllegalStateException("FFmpeg failed with " + status);
    }
  }
}
