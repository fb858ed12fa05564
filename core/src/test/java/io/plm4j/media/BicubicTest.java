package io.plm4j.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class BicubicTest {
  @Test
  void pillowAndTorchvisionAreMetExactly() {
    for (String[] row : Golden.rows("resize.txt")) {
      int[] size = Arrays.stream(row).limit(4).mapToInt(Integer::parseInt).toArray();
      var picture = Golden.formula(size[0], size[1]);

      assertThat(Golden.crc32(Bicubic.PILLOW.resize(picture, size[2], size[3]).toRgb()))
          .as("Pillow, %s", Arrays.toString(size))
          .isEqualTo(row[4]);
      assertThat(Golden.crc32(Bicubic.TORCHVISION_BYTES.resize(picture, size[2], size[3]).toRgb()))
          .as("torchvision, %s", Arrays.toString(size))
          .isEqualTo(row[5]);
    }
  }

  @Test
  void allThreeMeetTheGoldenPictures() {
    for (JsonNode row : Golden.json("bicubic.json")) {
      var picture = Golden.formula(row.get("w").intValue(), row.get("h").intValue());
      int width = row.get("W").intValue();
      int height = row.get("H").intValue();

      assertThat(differing(row.get("pil"), Bicubic.PILLOW.resize(picture, width, height), 0))
          .isZero();
      assertThat(
              differing(
                  row.get("torchvision_v2"),
                  Bicubic.TORCHVISION_BYTES.resize(picture, width, height),
                  0))
          .isZero();
      // PyTorch sums floats in vectors, so a value on the edge between two levels may round
      // otherwise.
      assertThat(
              differing(
                  row.get("torchvision_v1"),
                  Bicubic.TORCHVISION_FLOAT.resize(picture, width, height),
                  1))
          .isLessThanOrEqualTo(width * height * 3 / 10_000);
    }
  }

  private static int differing(JsonNode wanted, Image found, int tolerance) {
    byte[] rgb = found.toRgb();
    assertThat(rgb).hasSize(wanted.size());
    int count = 0;
    for (int i = 0; i < rgb.length; i++) {
      int off = Math.abs((rgb[i] & 0xFF) - wanted.get(i).intValue());
      assertThat(off).as("sample %d", i).isLessThanOrEqualTo(tolerance);
      count += off;
    }
    return count;
  }

  @ParameterizedTest
  @EnumSource
  void theSameSizeChangesNothing(Bicubic bicubic) {
    var picture = Golden.formula(31, 17);

    assertThat(bicubic.resize(picture, 31, 17).toRgb()).isEqualTo(picture.toRgb());
  }

  @ParameterizedTest
  @EnumSource
  void oneColourStaysThatColour(Bicubic bicubic) {
    byte[] rgb = new byte[40 * 30 * 3];
    Arrays.fill(rgb, (byte) 201);
    var picture = Image.ofRgb(40, 30, rgb);

    for (int side : new int[] {1, 2, 7, 33, 100}) {
      for (byte sample : bicubic.resize(picture, side, side).toRgb()) {
        assertThat(sample & 0xFF).isEqualTo(201);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void transposingBeforeOrAfterDiffersByRoundingOnly(Bicubic bicubic) {
    // Of little contrast: beyond 0 and 255 the first pass is cut off, which is more than rounding.
    byte[] rgb = Golden.formula(23, 41).toRgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (64 + (rgb[i] & 0x7F));
    }
    var picture = Image.ofRgb(23, 41, rgb);
    var resized = bicubic.resize(picture, 30, 19);
    var other = bicubic.resize(transposed(picture), 19, 30);

    for (int y = 0; y < 19; y++) {
      for (int x = 0; x < 30; x++) {
        int off = (resized.pixel(x, y) & 0xFF) - (other.pixel(y, x) & 0xFF);
        // Half a level from the first pass, times at most 1.25 (the weights' sizes summed), and
        // half
        // a level from the second; and that twice.
        assertThat(Math.abs(off)).isLessThanOrEqualTo(2);
      }
    }
  }

  private static Image transposed(Image picture) {
    byte[] rgb = new byte[picture.width() * picture.height() * 3];
    for (int y = 0, at = 0; y < picture.width(); y++) {
      for (int x = 0; x < picture.height(); x++) {
        int pixel = picture.pixel(y, x);
        rgb[at++] = (byte) (pixel >> 16);
        rgb[at++] = (byte) (pixel >> 8);
        rgb[at++] = (byte) pixel;
      }
    }
    return Image.ofRgb(picture.height(), picture.width(), rgb);
  }
}
