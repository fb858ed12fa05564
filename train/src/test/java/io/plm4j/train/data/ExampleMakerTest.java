package io.plm4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.language.SequenceTree;
import io.plm4j.media.VisionInput;
import io.plm4j.text.SpecialTokens;
import io.plm4j.text.Tokenizer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleMakerTest {
  private static final int IMAGE = 705;

  @TempDir private Path folder;
  private Fixture fixture;
  private Tokenizer tokenizer;

  @BeforeEach
  void write() {
    fixture = Fixture.write(folder);
    tokenizer = Tokenizer.read(folder.resolve("checkpoint"));
  }

  private List<Example> examples(ExampleSettings settings, String... rows) {
    var reports = new Reports();
    var examples = examples(settings, Asking.IN_TURN, reports, rows);
    assertThat(reports.reasons()).isEmpty();
    return examples;
  }

  private List<Example> examples(
      ExampleSettings settings, Asking asking, Reports reports, String... rows) {
    var examples = new ArrayList<Example>();
    var file = fixture.lines("some.jsonl", List.of(rows));
    try (var data = Dataset.open(List.of(Source.of("some", file).withAsking(asking)))) {
      data.pass(fixture.maker(settings, VisionInput.VANILLA), new Batching.Examples(1), reports)
          .forEach(examples::addAll);
    }
    return examples;
  }

  private static String turn(String question, String answer) {
    return """
    {"from": "human", "value": "%s"}, {"from": "assistant", "value": "%s"}\
    """
        .formatted(question, answer);
  }

  private static String asked(String picture, String... turns) {
    return "{%s\"conversations\": [%s]}".formatted(picture, String.join(", ", turns));
  }

  /// A branch behind the trunk is what the question is in a row of its own.
  @Test
  void questionsAskedAloneAreBranchesBehindThePicture() {
    var picture = "\"image\": \"a.png\", ";
    var turns =
        List.of(
            turn("What is it?", "A bicycle, red, that leans on a wall."),
            turn("What color?", "Red."),
            turn("Where?", "On a wall."));
    for (var labels : List.of(Labels.ASSISTANT, Labels.PLM)) {
      var settings = Fixture.SETTINGS.withLabels(labels);
      var reports = new Reports();
      var row = asked(picture, turns.toArray(String[]::new));
      var tree = examples(settings, Asking.ALONE, reports, row).getFirst();
      assertThat(reports.reasons()).isEmpty();

      int trunk = tree.tree().trunk();
      var shown = tree.media().getFirst();
      assertThat(trunk).isGreaterThanOrEqualTo(shown.start() + shown.positions());
      assertThat(tree.tree().branches()).hasSize(3);
      assertThat(Arrays.copyOf(tree.labels(), trunk)).containsOnly(Example.IGNORED);
      var found = new ArrayList<List<Integer>>();
      int from = trunk;
      for (int length : tree.tree().branches()) {
        found.add(learnt(tree, trunk, from, from + length));
        from += length;
      }
      var expected =
          turns.stream()
              .map(turn -> examples(settings, asked(picture, turn)).getFirst())
              .map(one -> learnt(one, trunk, trunk, one.length()))
              .toList();
      assertThat(found).isEqualTo(expected);
    }
  }

  /// Ids of the beginning and of a stretch, and the labels of the stretch.
  private static List<Integer> learnt(Example example, int trunk, int from, int to) {
    var all = IntStream.builder();
    Arrays.stream(example.ids(), 0, trunk).forEach(all);
    Arrays.stream(example.ids(), from, to).forEach(all);
    Arrays.stream(example.labels(), from, to).forEach(all);
    return all.build().boxed().toList();
  }

  @Test
  void questionsAskedAloneAreLeftOutWhereThereIsNoRoom() {
    var row =
        asked("\"image\": \"a.png\", ", turn("What is it?", "Red."), turn("Where is it?", "Here."));
    var whole = examples(Fixture.SETTINGS, Asking.ALONE, new Reports(), row).getFirst();
    assertThat(whole.tree().branches()).hasSize(2);
    var shorter = Fixture.SETTINGS.withMaxLength(whole.length() - 1);
    var cut = examples(shorter, Asking.ALONE, new Reports(), row).getFirst();
    assertThat(cut.tree()).isEqualTo(SequenceTree.plain(cut.length()));
    var skipping = shorter.withOverflow(Overflow.SKIP);
    assertThatThrownBy(() -> examples(skipping, Asking.ALONE, new Reports(), row))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("more than the maximum");
  }

  @Test
  void whatCannotBeAskedAloneIsReported() {
    var rows =
        List.of(
            asked(
                "\"image\": [\"a.png\", \"a.png\"], ",
                turn("Is <image> like <image>?", "Yes."),
                turn("Why?", "So.")),
            asked(
                "\"image\": \"a.png\", ",
                turn("What?", "Red."),
                turn("<image>And here?", "Blue.")));
    for (var row : rows) {
      var reports = new Reports();
      assertThatThrownBy(() -> examples(Fixture.SETTINGS, Asking.ALONE, reports, row))
          .isInstanceOf(InputException.class);
      assertThat(reports.reasons()).containsAnyOf("shared", "alone");
    }
    var card = new Reports();
    var fine = asked("", turn("What?", "Red."));
    var settings = Fixture.SETTINGS.withLabels(Labels.CARD);
    assertThatThrownBy(() -> examples(settings, Asking.ALONE, card, fine))
        .isInstanceOf(InputException.class);
    assertThat(card.reasons()).contains("labels: card");
  }

  @Test
  void theFirstStageReadsPicturesAndAnswersOnly() {
    var example =
        examples(
                Fixture.SETTINGS.withFormat(Format.WARMUP),
                "{\"image\": \"a.png\", \"question\": \"Left out\", \"answer\": \"A red bicycle.\"}")
            .getFirst();
    int[] answer = tokenizer.encode("A red bicycle.\n", SpecialTokens.AS_TEXT);
    int[] ids = example.ids();
    assertThat(Arrays.copyOf(ids, 4)).containsOnly(IMAGE);
    assertThat(Arrays.copyOfRange(ids, 4, ids.length)).isEqualTo(answer);
    assertThat(Arrays.copyOf(example.labels(), 4)).containsOnly(Example.IGNORED);
    assertThat(Arrays.copyOfRange(example.labels(), 4, ids.length)).isEqualTo(answer);
    assertThat(example.media()).hasSize(1);
  }

  @Test
  void positionsOfAPictureLearnToSayWhatLiesThere() {
    var row = "{\"image\": \"a.png\", %s\"question\": \"What?\", \"answer\": \"x\"}";
    var plain = examples(Fixture.SETTINGS, row.formatted("")).getFirst();
    var taught =
        examples(Fixture.SETTINGS, row.formatted("\"seen\": [\"A\", null, \" circle\", \" \"], "))
            .getFirst();
    assertThat(taught.ids()).isEqualTo(plain.ids());
    assertThat(taught.labels()).isEqualTo(plain.labels());
    assertThat(plain.media().getFirst().names()).isEmpty();
    assertThat(taught.media().getFirst().names())
        .containsExactly(token("A"), Example.IGNORED, token(" circle"), token(" "));
    assertThat(taught.predicted()).isEqualTo(plain.predicted() + 3);
    assertThat(taught.answers()).isTrue();
    var seeing =
        examples(
                Fixture.SETTINGS.withLabels(Labels.SEEN),
                row.formatted("\"seen\": [\"A\", null, \" circle\", \" \"], "))
            .getFirst();
    assertThat(seeing.answers()).isFalse();
    assertThat(seeing.predicted()).isEqualTo(3);
  }

  private int token(String text) {
    return tokenizer.encode(text, SpecialTokens.AS_TEXT)[0];
  }

  @Test
  void spelledTokensAreWordsUnlessTheyAreTrusted() {
    var row = "{\"question\": \"What is <|eot_id|>?\", \"answer\": \"<|image|>\"}";
    var typed = examples(Fixture.SETTINGS, row).getFirst();
    assertThat(Arrays.stream(typed.ids()).filter(id -> id == IMAGE)).isEmpty();
    var trusted = Fixture.SETTINGS.withSpecialTokens(SpecialTokens.PARSE);
    assertThat(examples(trusted, row.replace("<|image|>", "x")).getFirst().length())
        .isLessThan(typed.length());
  }

  private static float[] pixels(Example example) {
    var pixels = example.media().getFirst().pixels().get();
    var floats = FloatBuffer.allocate(pixels.count() * 3 * 56 * 56);
    pixels.write(0, pixels.count(), floats);
    return floats.array();
  }

  private static long reds(float[] pixels) {
    int plane = 56 * 56;
    long reds = 0;
    for (int frame = 0; frame < pixels.length; frame += 3 * plane) {
      for (int i = frame; i < frame + plane; i++) {
        reds += pixels[i] > 0.8 && pixels[i + plane] < -0.5 && pixels[i + 2 * plane] < -0.5 ? 1 : 0;
      }
    }
    return reds;
  }

  @Test
  void boxesAreDrawnOntoTheFramesThatHaveThem() {
    var row =
        "{\"video\": \"clip.mp4\", %s\"question\": \"What is in the red rectangle?\", \"answer\": \"x\"}";
    // Of 30 frames 0, 7, 15 and 22 are taken.
    var examples =
        examples(
            Fixture.SETTINGS,
            row.formatted(""),
            row.formatted("\"bbox_map\": {\"7\": [10, 10, 50, 40], \"8\": null}, "),
            row.formatted("\"bbox_map\": {\"8\": [10, 10, 50, 40]}, "));
    assertThat(reds(pixels(examples.get(0)))).isZero();
    assertThat(reds(pixels(examples.get(1)))).isGreaterThan(200);
    assertThat(pixels(examples.get(2))).isEqualTo(pixels(examples.get(0)));
    assertThat(examples.get(2).media().getFirst().key())
        .isEqualTo(examples.get(0).media().getFirst().key())
        .isNotEqualTo(examples.get(1).media().getFirst().key());
  }

  @Test
  void aStretchOfAVideoHasFramesOfItsOwn() {
    var row = "{\"video\": \"clip.mp4\", %s\"question\": \"What?\", \"answer\": \"x\"}";
    var examples =
        examples(
            Fixture.SETTINGS,
            row.formatted(""),
            row.formatted("\"start_time\": 0.4, \"end_time\": 0.8, "),
            row.formatted("\"end_time\": 0.04, "));
    assertThat(pixels(examples.get(1))).isNotEqualTo(pixels(examples.get(0)));
    assertThat(examples.get(1).media().getFirst().positions()).isEqualTo(16);
    assertThat(examples.get(2).media().getFirst().positions()).isEqualTo(4);
  }

  @Test
  void differentPicturesHaveDifferentPixelsAndKeys() {
    var row = "{\"image\": \"%s.png\", \"text\": \"x\"}";
    var examples =
        examples(Fixture.SETTINGS, row.formatted("a"), row.formatted("b"), row.formatted("a"));
    assertThat(pixels(examples.get(0)))
        .isEqualTo(pixels(examples.get(2)))
        .isNotEqualTo(pixels(examples.get(1)));
    assertThat(examples.get(0).media().getFirst().key())
        .isEqualTo(examples.get(2).media().getFirst().key())
        .isNotEqualTo(examples.get(1).media().getFirst().key());
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> Fixture.SETTINGS.withMaxLength(1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> FeedSettings.DEFAULT.withThreads(0))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Batching.Examples(0)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Batching.Positions(1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Source.of("x", Path.of("x")).withWeight(Double.NaN))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() ->
            Source.of("x", Path.of("x"))
                .withPrompt("What?")
                .withColumns(Columns.of(java.util.Map.of("question", "q"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("give one of them");
  }
}
