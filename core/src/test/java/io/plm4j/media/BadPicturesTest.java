package io.plm4j.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.plm4j.error.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadPicturesTest {
  private static Image decode(byte[] file) {
    return Image.decode(file, ReadOptions.DEFAULT);
  }

  @Test
  void aTextFileIsNoPicture(@TempDir Path folder) throws IOException {
    var file = folder.resolve("notes.jpg");
    Files.writeString(file, "Dear diary,");

    assertThatThrownBy(() -> Image.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("notes.jpg is not a picture")
        .hasMessageContaining("begins with the bytes 44 65 61")
        .hasMessageContaining("JPEG, PNG, WebP, GIF, BMP or TIFF");
  }

  @Test
  void anEmptyFileAMissingFileAndAFolderAreNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> decode(new byte[0]))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it is empty");
    assertThatThrownBy(() -> Image.read(folder.resolve("none.png")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none.png does not exist");
    assertThatThrownBy(() -> Image.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not a file");
  }

  @Test
  void aPhotoFromAnIphoneIsCalledByItsFormat() {
    byte[] heic = "\0\0\0\u0018ftypheic".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> decode(heic))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("HEIC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sequential-2x2.jpg",
        "progressive-2x2.jpg",
        "filtered.png",
        "bits8-0.gif",
        "rgb.bmp",
        "rgb-lzw-2-r.tif",
        "lossy-rgb.webp",
        "lossless-rgb.webp"
      })
  void aTruncatedFileIsRefusedAndNotHalfGrey(String name) {
    byte[] whole = Golden.bytes("pictures/" + name);

    for (int length : new int[] {4, 12, 30, whole.length / 2, whole.length * 9 / 10}) {
      assertThatThrownBy(() -> decode(Arrays.copyOf(whole, length)))
          .as("%s cut to %d bytes", name, length)
          .isInstanceOf(InputException.class)
          .hasMessageMatching("(?s).*(truncated|incomplete|corrupt|not a picture).*");
    }
  }

  @Test
  void absurdSizesInAHeaderAreRefusedBeforeTheyTakeMemory() {
    byte[] png = Golden.bytes("pictures/filtered.png").clone();
    byte[] gif = Golden.bytes("pictures/bits8-0.gif").clone();
    byte[] bmp = Golden.bytes("pictures/rgb.bmp").clone();
    byte[] jpeg = Golden.bytes("pictures/sequential-1x1.jpg").clone();
    int frame = indexOf(jpeg, 0xFF, 0xC0);
    Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0xFF);
    Arrays.fill(gif, 6, 10, (byte) 0xFF);
    bmp[20] = 0x7F;

    assertThatThrownBy(() -> decode(jpeg)).hasMessageContaining("65535 x 65535 pixels");
    assertThatThrownBy(() -> decode(gif)).hasMessageContaining("more than the limit maxPixels");
    assertThatThrownBy(() -> decode(bmp)).hasMessageContaining("more than the limit maxWidth");
    png[16] = 0x7F;
    assertThatThrownBy(() -> decode(png)).hasMessageContaining("checksum");
  }

  @Test
  void aTinyFileCannotClaimAHugePicture() {
    byte[] jpeg = Golden.bytes("pictures/sequential-1x1.jpg").clone();
    int frame = indexOf(jpeg, 0xFF, 0xC0);
    jpeg[frame + 5] = 0x30; // 12 325 rows
    jpeg[frame + 7] = 0x30; // 12 333 columns

    assertThatThrownBy(() -> decode(jpeg))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("truncated");
  }

  @Test
  void theReaderIsNotGivenWhatWouldCostItTime() {
    byte[] gif = Golden.bytes("pictures/bits8-0.gif");
    int frame = 13 + 3 * 256;
    var out = new ByteArrayOutputStream();
    out.write(gif, 0, frame);
    out.write('!');
    out.write(0xFF);
    for (int i = 0; i < 4_000_000; i++) {
      out.write(1); // a block of one byte
      out.write(7);
    }
    out.write(0);
    out.write(gif, frame, gif.length - frame);

    var picture = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> decode(out.toByteArray()));

    assertThat(picture.toRgb()).isEqualTo(decode(gif).toRgb());
  }

  @Test
  void manyScansOfALargePictureAreRefused() {
    byte[] jpeg = Golden.bytes("pictures/progressive-2x2.jpg").clone();
    int frame = indexOf(jpeg, 0xFF, 0xC2);
    jpeg[frame + 5] = 0x30; // 12 325 rows
    jpeg[frame + 7] = 0x30; // 12 333 columns
    int scan = indexOf(jpeg, 0xFF, 0xDA);
    var out = new ByteArrayOutputStream();
    out.write(jpeg, 0, scan);
    for (int i = 0; i < 20; i++) {
      out.write(jpeg, scan, 14);
    }
    out.writeBytes(new byte[3_000_000]);

    assertThatThrownBy(() -> decode(out.toByteArray()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("too many scans");
  }

  @Test
  void aLargeTileOfASmallPictureCountsToo() {
    byte[] tiff = Golden.bytes("pictures/rgb-none-t.tif").clone();
    int width = indexOf(tiff, 0x42, 0x01); // tag 322, tile width, as little-endian bytes
    Arrays.fill(tiff, width + 8, width + 10, (byte) 0xFF);
    Arrays.fill(tiff, width + 20, width + 22, (byte) 0xFF); // and height, the next tag

    assertThatThrownBy(() -> decode(tiff))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("65535 x 65535 pixels, more than the limit maxPixels");
  }

  @Test
  void everyCapIsNamedWhenItIsExceeded(@TempDir Path folder) throws IOException {
    byte[] file = Golden.bytes("pictures/sequential-2x2.jpg"); // 45 x 37
    var path = folder.resolve("photo.jpg");
    Files.write(path, file);

    for (var limited :
        List.of(
            new Limited("maxBytes = 100", new ImageLimits(100, 99, 99, 9999)),
            new Limited("maxWidth = 44", new ImageLimits(10_000, 44, 99, 9999)),
            new Limited("maxHeight = 36", new ImageLimits(10_000, 99, 36, 9999)),
            new Limited("maxPixels = 1664", new ImageLimits(10_000, 99, 99, 1664)))) {
      var options = new ReadOptions(limited.limits, Orientation.AS_STORED);

      assertThatThrownBy(() -> Image.decode(file, options))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(limited.cap);
      assertThatThrownBy(() -> Image.read(path, options))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(limited.cap)
          .hasMessageContaining("photo.jpg");
    }
    var enough =
        new ReadOptions(new ImageLimits(file.length, 45, 37, 45 * 37), Orientation.AS_STORED);
    assertThat(Image.read(path, enough).width()).isEqualTo(45);
  }

  private record Limited(String cap, ImageLimits limits) {}

  @Test
  void limitsThemselvesAreChecked() {
    assertThatThrownBy(() -> new ImageLimits(0, 1, 1, 1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new ImageLimits(1, 1, 1, 1L << 31)).isInstanceOf(InputException.class);
  }

  @Test
  void rgbBytesMustFitTheirSize() {
    assertThatThrownBy(() -> Image.ofRgb(2, 2, new byte[11]))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("needs 12 bytes of RGB, got 11");
    assertThatThrownBy(() -> Image.ofRgb(0, 2, new byte[0])).isInstanceOf(InputException.class);
  }

  @Test
  void mutatedFilesEndInAPictureOrInAMessage() {
    var random = new SplittableRandom(20);
    var names = Golden.rows("pictures.txt").stream().map(row -> row[0]).toList();
    int decoded = 0;
    for (int i = 0; i < 4000; i++) {
      String name = names.get(random.nextInt(names.size()));
      byte[] file = mutated(Golden.bytes("pictures/" + name), random);
      String what = "mutation %d, of %s".formatted(i, name);
      decoded +=
          assertTimeoutPreemptively(
              Duration.ofSeconds(10),
              () -> {
                try {
                  var options = new ReadOptions(ImageLimits.DEFAULT, Orientation.APPLY_EXIF);
                  return Image.decode(file, options).width() > 0 ? 1 : 0;
                } catch (InputException e) {
                  assertThat(e).as(what).hasMessageStartingWith("The picture");
                  return 0;
                }
              },
              what);
    }
    assertThat(decoded).isBetween(400, 3600);
  }

  private static byte[] mutated(byte[] original, SplittableRandom random) {
    byte[] file = original.clone();
    int changes = random.nextInt(1, 6);
    for (int i = 0; i < changes; i++) {
      switch (random.nextInt(4)) {
        case 0 -> file[random.nextInt(file.length)] = (byte) random.nextInt(256);
        case 1 -> file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
        case 2 -> file[random.nextInt(Math.min(64, file.length))] = (byte) 0xFF;
        default -> {
          int from = random.nextInt(file.length);
          int to = random.nextInt(file.length);
          int length = Math.min(random.nextInt(32), file.length - Math.max(from, to));
          System.arraycopy(file, from, file, to, length);
        }
      }
    }
    return random.nextInt(5) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
  }

  private static int indexOf(byte[] bytes, int first, int second) {
    for (int i = 0; i + 1 < bytes.length; i++) {
      if ((bytes[i] & 0xFF) == first && (bytes[i + 1] & 0xFF) == second) {
        return i;
      }
    }
    throw new IllegalStateException("no such marker");
  }
}
