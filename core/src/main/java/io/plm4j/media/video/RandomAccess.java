package io.plm4j.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_DNXHD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG2VIDEO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PRORES;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;

import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.javacpp.BytePointer;

/// Tells from a packet's own bytes whether decoding may begin with it and give the very pictures
/// that decoding from the file's start gives. Containers are not believed: many recorders mark
/// pictures as keyframes that are none.
interface RandomAccess {
  /// How many bytes of a packet are searched for a start code; it stands near the beginning.
  int SEARCHED = 1 << 16;

  /// What a packet is to a decoder.
  enum Kind {
    /// Pictures that follow in the order of showing do not need what came before.
    ENTRY,
    /// Needs what came before.
    DEPENDENT,
    /// Gives no picture of its own, so that packets cannot be counted in place of frames.
    HIDDEN
  }

  /// @param size of the packet in bytes
  Kind kind(BytePointer data, int size);

  /// The rule for a codec; empty for one where packets are not trusted to be frames.
  static Optional<RandomAccess> of(AVCodecParameters parameters) {
    int codec = parameters.codec_id();
    if (codec == AV_CODEC_ID_H264 || codec == AV_CODEC_ID_HEVC) {
      return Optional.of(new NalUnits(codec == AV_CODEC_ID_HEVC, lengthBytes(parameters)));
    }
    if (codec == AV_CODEC_ID_VP8) {
      return Optional.of(RandomAccess::vp8);
    }
    if (codec == AV_CODEC_ID_VP9) {
      return Optional.of(RandomAccess::vp9);
    }
    if (codec == AV_CODEC_ID_AV1) {
      return Optional.of(RandomAccess::av1);
    }
    if (codec == AV_CODEC_ID_MPEG4) {
      return Optional.of((data, size) -> afterStartCode(data, size, 0xB6, 0, 0xC0, 0));
    }
    if (codec == AV_CODEC_ID_MPEG2VIDEO) {
      // The coding type, 1 for a picture by itself, stands in bits 3 to 5 of the second byte.
      return Optional.of((data, size) -> afterStartCode(data, size, 0x00, 1, 0x38, 0x08));
    }
    if (codec == AV_CODEC_ID_MJPEG || codec == AV_CODEC_ID_PRORES || codec == AV_CODEC_ID_DNXHD) {
      return Optional.of((_, _) -> Kind.ENTRY);
    }
    return Optional.empty();
  }

  /// How many bytes tell the length of a unit: as the configuration says, 0 for start codes.
  private static int lengthBytes(AVCodecParameters parameters) {
    boolean hevc = parameters.codec_id() == AV_CODEC_ID_HEVC;
    int at = hevc ? 21 : 4;
    if (parameters.extradata_size() <= at || parameters.extradata().get(0) != 1) {
      return 0;
    }
    return (parameters.extradata().get(at) & 3) + 1;
  }

  private static Kind vp8(BytePointer data, int size) {
    if (size < 1 || (data.get(0) & 0x10) == 0) {
      return Kind.HIDDEN;
    }
    return (data.get(0) & 1) == 0 ? Kind.ENTRY : Kind.DEPENDENT;
  }

  private static Kind vp9(BytePointer data, int size) {
    if (size < 1) {
      return Kind.HIDDEN;
    }
    int first = data.get(0) & 0xFF;
    int profile = (first >> 5 & 1) | (first >> 3 & 2);
    int bit = profile == 3 ? 2 : 3; // of show_existing_frame; frame_type and show_frame follow
    boolean existing = (first >> bit & 1) != 0;
    boolean dependent = existing || (first >> bit - 1 & 1) != 0;
    boolean several = (data.get(size - 1) & 0xE0) == 0xC0;
    boolean shown = existing || several || bit < 2 || (first >> bit - 2 & 1) != 0;
    return !shown ? Kind.HIDDEN : dependent ? Kind.DEPENDENT : Kind.ENTRY;
  }

  /// An AV1 packet is what shows one picture. It is an entry if its first frame header says: coded
  /// here, key frame, shown.
  private static Kind av1(BytePointer data, int size) {
    int at = 0;
    while (at < size) {
      int header = data.get(at) & 0xFF;
      int type = header >> 3 & 15;
      at += (header & 4) != 0 ? 2 : 1;
      long length = size - (long) at;
      if ((header & 2) != 0) {
        length = 0;
        int shift = 0;
        boolean more = true;
        while (more && at < size && shift < 56) {
          length |= (long) (data.get(at) & 0x7F) << shift;
          more = data.get(at) < 0;
          shift += 7;
          at++;
        }
      }
      if ((type == 3 || type == 6) && at < size) {
        return (data.get(at) & 0xF0) == 0x10 ? Kind.ENTRY : Kind.DEPENDENT;
      }
      if (length > size - at) {
        break;
      }
      at += (int) length;
    }
    return Kind.DEPENDENT;
  }

  /// Looks at a byte that follows the first start code of a kind.
  private static Kind afterStartCode(
      BytePointer data, int size, int code, int offset, int mask, int entry) {
    for (int at = 0; at + 4 + offset < Math.min(size, SEARCHED); at++) {
      if (data.get(at) == 0
          && data.get(at + 1) == 0
          && data.get(at + 2) == 1
          && (data.get(at + 3) & 0xFF) == code) {
        return (data.get(at + 4 + offset) & mask) == entry ? Kind.ENTRY : Kind.DEPENDENT;
      }
    }
    return Kind.HIDDEN;
  }

  /// H.264 and HEVC: a packet is a picture in several units. An entry is what the standards call an
  /// instantaneous refresh (H.264) or a random access point (HEVC), and in H.264 also a picture
  /// whose recovery point message says that it and all that are shown after it come out exactly.
  record NalUnits(boolean hevc, int lengthBytes) implements RandomAccess {
    private static final int MESSAGES = 6; // H.264's unit type
    private static final int RECOVERY_POINT = 6; // a message's type

    @Override
    public Kind kind(BytePointer data, int size) {
      return lengthBytes == 0 ? withStartCodes(data, size) : withLengths(data, size);
    }

    private Kind withLengths(BytePointer data, int size) {
      boolean recovery = false;
      long at = 0;
      while (at + lengthBytes < size) {
        long length = 0;
        for (int i = 0; i < lengthBytes; i++) {
          length = length << 8 | data.get(at + i) & 0xFF;
        }
        at += lengthBytes;
        int type = type(data.get(at));
        if (isPicture(type)) {
          return kind(type, recovery);
        }
        recovery |= isRecovery(type, data, at + 1, Math.min(size, at + length));
        at += length;
      }
      return Kind.HIDDEN;
    }

    private Kind withStartCodes(BytePointer data, int size) {
      boolean recovery = false;
      int end = Math.min(size, SEARCHED);
      for (int at = 0; at + 3 < end; at++) {
        if (data.get(at) == 0 && data.get(at + 1) == 0 && data.get(at + 2) == 1) {
          int type = type(data.get(at + 3));
          if (isPicture(type)) {
            return kind(type, recovery);
          }
          recovery |= isRecovery(type, data, at + 4, end);
        }
      }
      return Kind.HIDDEN;
    }

    private int type(byte header) {
      return hevc ? header >> 1 & 0x3F : header & 0x1F;
    }

    private boolean isPicture(int type) {
      return hevc ? type < 32 : type >= 1 && type <= 5;
    }

    private Kind kind(int type, boolean recovery) {
      boolean entry = hevc ? type >= 16 && type <= 21 : type == 5 || type == 1 && recovery;
      return entry ? Kind.ENTRY : Kind.DEPENDENT;
    }

    /// Whether the first message of a unit is a recovery point here and now (a count of 0, one bit
    /// 1) with exact pictures (the next bit).
    private boolean isRecovery(int type, BytePointer data, long at, long end) {
      return !hevc
          && type == MESSAGES
          && at + 2 < end
          && data.get(at) == RECOVERY_POINT
          && (data.get(at + 2) & 0xC0) == 0xC0;
    }
  }
}
