package io.plm4j.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RegionTest {
  private static JsonNode golden(String part) throws IOException {
    try (var in = RegionTest.class.getResourceAsStream("/golden/regions.json")) {
      return JsonMapper.shared().readTree(Objects.requireNonNull(in)).get(part);
    }
  }

  private static Box box(JsonNode corners) {
    return new Box(
        corners.get(0).doubleValue(),
        corners.get(1).doubleValue(),
        corners.get(2).doubleValue(),
        corners.get(3).doubleValue());
  }

  @Test
  void boxesAreWrittenAsTheModelWasTaught() throws IOException {
    for (var one : golden("texts")) {
      var text = new BoxText(one.get("width").intValue(), one.get("height").intValue());
      assertThat(text.write(box(one.get("box")))).isEqualTo(one.get("text").stringValue());
    }
    // What the original's own code gave.
    assertThat(new BoxText(640, 480).write(new Box(0, 0, 640, 480))).isEqualTo("[000,000,999,999]");
    assertThat(new BoxText(640, 480).write(new Box(10, 20, 40, 60))).isEqualTo("[015,041,062,125]");
    assertThat(new BoxText(640, 480).write(new Box(639, 479, 644, 484)))
        .isEqualTo("[998,997,999,999]");
    assertThat(new BoxText(3, 3).write(new Box(1, 1, 2, 2))).isEqualTo("[333,333,666,666]");
    assertThat(new BoxText(480, 640).write(new Box(58, 308, 108, 368)))
        .isEqualTo("[120,481,225,575]");
  }

  @Test
  void boxesAreFoundInAnswers() {
    var text = new BoxText(1000, 2000);
    assertThat(text.find("[040,482,112,576]")).containsExactly(new Box(40, 964, 112, 1152));
    assertThat(text.find("It is at [ 040, 482 ,112,576 ], and at [000,000,999,999]."))
        .hasSize(2)
        .contains(new Box(0, 0, 999, 1998));
    assertThat(text.find("[0.250,0.5,1.,1.]")).isEmpty();
    assertThat(text.find("[0.250,0.5,0.75,1.0]")).containsExactly(new Box(250, 1000, 750, 2000));
    assertThat(text.find("[112,576,040,482]")).containsExactly(new Box(40, 964, 112, 1152));
    assertThat(text.find("nothing, [1, 2], [40,482,112,576], [040,482,112]")).isEmpty();
  }

  @Test
  void placesInPromptsAreFilled() {
    var text = new BoxText(640, 480);
    var boxes = List.of(new Box(0, 0, 640, 480), new Box(10, 20, 40, 60));
    assertThat(text.fill("<|bbox1|> in <|bbox0|>, <|bbox1|>?", boxes))
        .isEqualTo("[015,041,062,125] in [000,000,999,999], [015,041,062,125]?");
    assertThatThrownBy(() -> text.fill("<|bbox2|>", boxes))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("<|bbox2|>, but 2 boxes are given");
    assertThatThrownBy(() -> text.fill("<|bbox0|>", boxes))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no place <|bbox1|>");
  }

  @Test
  void boxesAreReadFromTheirCorners() {
    assertThat(Box.parse("1, 2,3.5,4")).isEqualTo(new Box(1, 2, 3.5, 4));
    for (var text : List.of("1,2,3", "a,b,c,d", "", "3,2,1,4", "NaN,0,1,1", "0,0,Infinity,1")) {
      assertThatThrownBy(() -> Box.parse(text)).isInstanceOf(InputException.class);
    }
  }

  @Test
  void rectanglesAreDrawnAsByPillowAndTorchvision() throws IOException {
    for (var one : golden("drawings")) {
      int width = one.get("width").intValue();
      int height = one.get("height").intValue();
      var rgb = new byte[width * height * 3];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) (7 * (i / 3 % width) + 13 * (i / 3 / width) + 50 * (i % 3));
      }
      var boxes = one.get("boxes").valueStream().map(RegionTest::box).toList();
      var drawn =
          new Outline(0xFF0000, one.get("line").intValue())
              .draw(Image.ofRgb(width, height, rgb), boxes);
      var sum = new CRC32();
      sum.update(drawn.toRgb());
      assertThat(sum.getValue()).as(one.toString()).isEqualTo(one.get("pillow").longValue());
      assertThat(sum.getValue()).isEqualTo(one.get("torchvision").longValue());
    }
  }

  @Test
  void picturesStandSideBySideOnBlack(@TempDir Path folder) {
    var left = Image.ofRgb(1, 2, new byte[] {1, 2, 3, 4, 5, 6});
    var right = Image.ofRgb(2, 1, new byte[] {7, 8, 9, 10, 11, 12});
    var both = Image.sideBySide(List.of(left, right));
    assertThat(both.toRgb())
        .containsExactly(1, 2, 3, 7, 8, 9, 10, 11, 12, 4, 5, 6, 0, 0, 0, 0, 0, 0);
    var file = folder.resolve("both.png");
    both.writePng(file);
    assertThat(Image.read(file).toRgb()).isEqualTo(both.toRgb());
    assertThatThrownBy(() -> both.writePng(folder.resolve("none/both.png")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("both.png");
  }
}
