package io.plm4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.media.VisionInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Compares examples of every kind of row with what transformers 5.18.0 makes of them;
/// `make_goldens.py` made the file. Exact.
class ExampleGoldenTest {
  record Golden(int row, String input, String mode, int[] ids, int[] labels) {}

  private static final Map<String, VisionInput> INPUTS =
      Map.of("vanilla", VisionInput.VANILLA, "thumb+tile", VisionInput.THUMB_AND_TILES);

  @TempDir private static Path folder;
  private static Fixture fixture;

  @BeforeAll
  static void write() {
    fixture = Fixture.write(folder);
  }

  private static Golden[] goldens() {
    return JsonMapper.shared().readValue(Fixture.resource("golden.json"), Golden[].class);
  }

  private static List<Example> examples(VisionInput input, Labels labels) {
    var maker = fixture.maker(Fixture.SETTINGS.withLabels(labels), input);
    var skipped = new ArrayList<DataListener.SkippedRow>();
    var listener =
        new DataListener() {
          @Override
          public void skipped(SkippedRow row) {
            skipped.add(row);
          }
        };
    var examples = new ArrayList<Example>();
    try (var data = Dataset.open(List.of(Source.of("rows", fixture.rows())))) {
      data.pass(maker, new Batching.Examples(5), listener).forEach(examples::addAll);
    }
    assertThat(skipped).isEmpty();
    return examples;
  }

  @Test
  void idsAndLabelsAreThoseOfTransformers() {
    int compared = 0;
    for (var input : INPUTS.entrySet()) {
      for (var labels : List.of(Labels.ASSISTANT, Labels.CARD, Labels.PLM)) {
        var examples = examples(input.getValue(), labels);
        for (var golden : goldens()) {
          if (golden.input().equals(input.getKey())
              && golden.mode().equals(labels.name().toLowerCase(Locale.ROOT))) {
            var example = examples.get(golden.row());
            var what = "%s, %s, %s".formatted(example.origin(), golden.input(), labels);
            assertThat(example.ids()).as(what).isEqualTo(golden.ids());
            assertThat(example.labels()).as(what).isEqualTo(golden.labels());
            compared++;
          }
        }
      }
    }
    assertThat(compared).isEqualTo(72);
  }

  @Test
  void mediaStandInTheirPlacesAndHaveTheirTiles() {
    for (var input : INPUTS.values()) {
      for (var example : examples(input, Labels.ASSISTANT)) {
        int covered = 0;
        for (var medium : example.media()) {
          assertThat(medium.pixels().get().count() * 4).isEqualTo(medium.positions());
          covered += medium.positions();
          int placeholder = example.ids()[medium.start()];
          for (int i = 0; i < medium.positions(); i++) {
            assertThat(example.ids()[medium.start() + i]).isEqualTo(placeholder);
          }
        }
        int placeholders = 0;
        for (int id : example.ids()) {
          placeholders += id == 705 || id == 706 ? 1 : 0;
        }
        assertThat(covered).as(example.origin()).isEqualTo(placeholders);
      }
    }
  }
}
