package io.plm4j.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageDecodingTest {
  private static final ReadOptions UPRIGHT =
      new ReadOptions(ImageLimits.DEFAULT, Orientation.APPLY_EXIF);

  static List<String> pictures() {
    return Golden.rows("pictures.txt").stream().map(row -> String.join(" ", row)).toList();
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void everyFormatGivesTheBytesThatPillowGives(String line) {
    String[] row = line.split(" ", -1);
    byte[] file = Golden.bytes("pictures/" + row[0]);

    var picture = Image.decode(file, ReadOptions.DEFAULT);

    assertThat(picture.width()).isEqualTo(Integer.parseInt(row[1]));
    assertThat(picture.height()).isEqualTo(Integer.parseInt(row[2]));
    assertThat(Golden.crc32(picture.toRgb())).isEqualTo(row[3]);
    assertThat(Golden.crc32(Image.decode(file, UPRIGHT).toRgb())).isEqualTo(row[4]);
  }

  /// Where colours have half the rows, libjpeg repeats them and Pillow's descendant of it blends.
  /// This picture is all sharp colours; of a photo one sample in twelve differs, by 14 at most.
  @Test
  void jpegColoursInHalfTheRowsAreNearlyThoseOfPillow() {
    byte[] found = decoded("half-the-rows.jpg");
    byte[] wanted = decoded("half-the-rows.png");
    long sum = 0;
    for (int i = 0; i < wanted.length; i++) {
      sum += Math.abs((found[i] & 0xFF) - (wanted[i] & 0xFF));
    }

    assertThat((double) sum / wanted.length).isLessThan(4);
  }

  private static byte[] decoded(String name) {
    return Image.decode(Golden.bytes("pictures/" + name), ReadOptions.DEFAULT).toRgb();
  }

  @Test
  void theFormatIsToldByTheContentAndNotByTheName(@TempDir Path folder) throws IOException {
    var file = folder.resolve("photo.png");
    Files.write(file, Golden.bytes("pictures/2x3.jpg"));

    assertThat(Image.read(file).toRgb())
        .isEqualTo(Image.decode(Golden.bytes("pictures/2x3.jpg"), ReadOptions.DEFAULT).toRgb());
  }

  @Test
  void javaPicturesKeepTheirValuesAndLoseTheirAlpha() {
    for (int type :
        new int[] {
          BufferedImage.TYPE_INT_RGB,
          BufferedImage.TYPE_INT_ARGB,
          BufferedImage.TYPE_3BYTE_BGR,
          BufferedImage.TYPE_4BYTE_ABGR
        }) {
      var java = new BufferedImage(3, 2, type);
      java.setRGB(2, 1, 0x40_10_80_F0);

      var picture = Image.of(java);

      assertThat(picture.width()).isEqualTo(3);
      assertThat(picture.height()).isEqualTo(2);
      assertThat(picture.pixel(2, 1)).isEqualTo(0x10_80_F0);
      assertThat(picture.pixel(0, 0)).isZero();
    }
  }

  @Test
  void greyJavaPicturesAreNotBrightened() {
    var bytes = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    bytes.getRaster().setSample(0, 0, 0, 100);
    var shorts = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    shorts.getRaster().setSample(0, 0, 0, 100 << 8 | 7);

    assertThat(Image.of(bytes).pixel(0, 0)).isEqualTo(0x646464);
    assertThat(Image.of(shorts).pixel(0, 0)).isEqualTo(0x646464);
  }

  @Test
  void aPictureDoesNotChangeWithTheArraysAroundIt() {
    byte[] rgb = {1, 2, 3};
    var picture = Image.ofRgb(1, 1, rgb);

    rgb[0] = 99;
    picture.toRgb()[1] = 99;

    assertThat(picture.pixel(0, 0)).isEqualTo(0x010203);
  }
}
