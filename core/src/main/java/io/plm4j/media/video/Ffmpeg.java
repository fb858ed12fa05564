package io.plm4j.media.video;

import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/// The process-wide settings of FFmpeg's libraries. They are made once, by whoever comes first, and
/// are the same for all.
final class Ffmpeg {
  /// The largest piece of memory that it may take at once: a frame of 2^26 pixels in four bytes
  /// each and some rows of edges. Tables that a file claims to need are refused beyond that: an MP4
  /// file may claim eleven million frames.
  private static final long MOST_BYTES_AT_ONCE = (1L << 28) + (1 << 24);

  /// Whether the reading in progress on this thread shall end. Native code asks on the thread that
  /// called it.
  private static final ScopedValue<BooleanSupplier> CANCELLED = ScopedValue.newInstance();

  private static final AVIOInterruptCB.Callback_Pointer INTERRUPT = start();

  private Ffmpeg() {}

  private static AVIOInterruptCB.Callback_Pointer start() {
    // JavaCPP reads these when its first class is loaded. io.plm4j.tensor sets the same, with the
    // reasons, but need not be there or come first.
    setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    setUnlessSet("org.bytedeco.javacpp.maxBytes", "0");
    setUnlessSet("org.bytedeco.javacpp.nopointergc", "true");
    // One by one: all of FFmpeg would need libraries for sound and screens.
    Loader.load(avutil.class);
    Loader.load(avcodec.class);
    Loader.load(avformat.class);
    Loader.load(swscale.class);
    avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    avutil.av_max_alloc(MOST_BYTES_AT_ONCE);
    return new Interrupt();
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  static AVIOInterruptCB.Callback_Pointer interrupt() {
    return INTERRUPT;
  }

  /// Runs something that reads files; reading ends with an error once `cancelled` says true.
  static <T> T interruptible(
      BooleanSupplier cancelled, ScopedValue.CallableOp<T, RuntimeException> work) {
    return ScopedValue.where(CANCELLED, cancelled).call(work);
  }

  /// What an error number means.
  static String message(int error) {
    var text = new byte[avutil.AV_ERROR_MAX_STRING_SIZE];
    avutil.av_strerror(error, text, text.length);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  private static final class Interrupt extends AVIOInterruptCB.Callback_Pointer {
    @Override
    public int call(Pointer unused) {
      try {
        return CANCELLED.isBound() && CANCELLED.get().getAsBoolean() ? 1 : 0;
      } catch (RuntimeException e) {
        // It must not pass through native frames. Whoever reads asks again before the next packet
        // and lets it through there.
        return 1;
      }
    }
  }
}
