package io.plm4j.media.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_copy_props;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.ImageLimits;
import io.plm4j.media.codec.Picture;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;

/// Makes upright pictures of decoded frames. swscale is called as PyAV's
/// `to_ndarray(format="rgb24")` calls it, which transformers uses: with the frame's own matrix and
/// range, BT.601 and limited where it states none; chroma blended linearly; no mapping of high
/// dynamic range; alpha dropped.
final class RgbConverter implements AutoCloseable {
  private final String name;
  private final ImageLimits limits;
  private final SwsContext context = sws_alloc_context();

  RgbConverter(String name, ImageLimits limits) {
    this.name = name;
    this.limits = limits;
    context.flags(SWS_BILINEAR);
    context.threads(1);
  }

  /// @throws InputException if the frame exceeds a limit or has a pixel format without colours
  Image convert(AVFrame frame) {
    int width = frame.width();
    int height = frame.height();
    requireSize(name, width, height, limits);
    var rgb = av_frame_alloc();
    try {
      av_frame_copy_props(rgb, frame);
      rgb.format(AV_PIX_FMT_RGB24).width(width).height(height);
      // Given these, swscale would convert between them or refuse some of them.
      frame.color_trc(AVCOL_TRC_UNSPECIFIED).color_primaries(AVCOL_PRI_UNSPECIFIED);
      rgb.color_trc(AVCOL_TRC_UNSPECIFIED).color_primaries(AVCOL_PRI_UNSPECIFIED);
      if (av_frame_get_buffer(rgb, 0) < 0) {
        throw new OutOfMemoryError("no memory for a frame of " + width + " x " + height);
      }
      int status = sws_scale_frame(context, rgb, frame);
      if (status < 0) {
        throw new InputException(
            "A frame of %s cannot be turned into RGB: %s. Convert the video to MP4 with H.264."
                .formatted(name, Ffmpeg.message(status)));
      }
      var picture = new Picture(width, height, rows(rgb)).upright(orientation(frame));
      return Image.ofRgb(picture.width(), picture.height(), picture.rgb());
    } finally {
      av_frame_free(rgb);
    }
  }

  /// @throws InputException if frames of this size are larger than allowed
  static void requireSize(String name, int width, int height, ImageLimits limits) {
    if (width > limits.maxWidth()
        || height > limits.maxHeight()
        || (long) width * height > limits.maxPixels()) {
      throw new InputException(
          "%s has frames of %d x %d pixels; at most %d x %d and %d in all are read. Use a smaller video or raise the limits."
              .formatted(
                  name, width, height, limits.maxWidth(), limits.maxHeight(), limits.maxPixels()));
    }
  }

  private static byte[] rows(AVFrame rgb) {
    int row = rgb.width() * 3;
    var bytes = new byte[Math.multiplyExact(row, rgb.height())];
    var data = rgb.data(0);
    for (int y = 0; y < rgb.height(); y++) {
      data.position((long) y * rgb.linesize(0)).get(bytes, y * row, row);
    }
    return bytes;
  }

  /// How the frame was turned and mirrored when it was taken, as an EXIF number.
  private static int orientation(AVFrame frame) {
    var side = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (side == null || side.size() < 9 * Integer.BYTES) {
      return 1;
    }
    var matrix = new int[9];
    side.data()
        .capacity(side.size())
        .asByteBuffer()
        .order(ByteOrder.nativeOrder())
        .asIntBuffer()
        .get(matrix);
    return orientation(matrix);
  }

  /// @param matrix three rows, by which a player multiplies the row (x, y, 1) to learn where a
  ///   pixel goes
  static int orientation(int[] matrix) {
    boolean turned =
        Math.abs((long) matrix[1]) + Math.abs((long) matrix[3])
            > Math.abs((long) matrix[0]) + Math.abs((long) matrix[4]);
    if (turned) {
      boolean right = matrix[3] < 0; // rows become columns from the right
      boolean up = matrix[1] < 0;
      return right ? (up ? 7 : 6) : (up ? 8 : 5);
    }
    boolean mirrored = matrix[0] < 0;
    boolean flipped = matrix[4] < 0;
    return mirrored ? (flipped ? 3 : 2) : (flipped ? 4 : 1);
  }

  @Override
  public void close() {
    sws_free_context(context);
  }
}
