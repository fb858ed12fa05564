package io.plm4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.media.VisionInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is wrong with a row is told once, with its place, and the row is left out.
class BadRowsTest {
  private static final String GOOD = "{\"question\": \"Who?\", \"answer\": \"Me.\"}";

  @TempDir private Path folder;
  private Fixture fixture;

  @BeforeEach
  void write() {
    fixture = Fixture.write(folder);
  }

  /// The reason why a row between two good ones is skipped.
  private String reason(String row) {
    return reason(row, Fixture.SETTINGS);
  }

  private String reason(String row, ExampleSettings settings) {
    var file = fixture.lines("some.jsonl", List.of(GOOD, row, GOOD));
    var reports = new Reports();
    var examples = new ArrayList<Example>();
    try (var data = Dataset.open(List.of(Source.of("some", file)))) {
      var maker = fixture.maker(settings, VisionInput.VANILLA);
      data.pass(maker, new Batching.Examples(1), reports).forEach(examples::addAll);
    }
    assertThat(examples).hasSize(2);
    assertThat(reports.skipped).as(row).hasSize(1);
    assertThat(reports.skipped.getFirst().source()).isEqualTo("some");
    assertThat(reports.skipped.getFirst().place()).isEqualTo(file + ", line 2");
    return reports.skipped.getFirst().reason();
  }

  private static String talk(String media, String... said) {
    var messages = new ArrayList<String>();
    for (int i = 0; i < said.length; i++) {
      messages.add(
          "{\"from\": \"%s\", \"value\": \"%s\"}"
              .formatted(i % 2 == 0 ? "human" : "assistant", said[i]));
    }
    return "{%s\"conversations\": [%s]}".formatted(media, String.join(", ", messages));
  }

  @Test
  void whatIsNoJsonObjectIsToldOf() {
    assertThat(reason("{\"question\": ")).contains("not valid JSON at column");
    assertThat(reason("")).contains("the line is empty");
    assertThat(reason("[1]")).contains("no JSON object");
    assertThat(reason("{\"answer\": \"a\", \"answer\": \"b\"}")).contains("Duplicate");
    assertThat(reason(GOOD + GOOD)).contains("not valid JSON");
    assertThat(reason("{\"answer\": \"\\ud800")).contains("not valid JSON");
  }

  @Test
  void whatIsSeenHasANameForEachPosition() {
    var row = "{%s\"seen\": %s, \"question\": \"What?\", \"answer\": \"x\"}";
    var picture = "\"image\": \"a.png\", ";
    assertThat(reason(row.formatted(picture, "[\"A\"]")))
        .isEqualTo(
            "\"seen\" names what lies at 1 positions of one picture, but there are 4 positions");
    assertThat(reason(row.formatted("", "[\"A\"]"))).contains("but there are 0 pictures");
    assertThat(reason(row.formatted(picture, "\"A\""))).contains("wanted a list");
    assertThat(reason(row.formatted(picture, "[1, 2, 3, 4]"))).contains("\"seen[0]\" is 1");
  }

  @Test
  void whatIsMissingOrOfAnotherTypeIsNamed() {
    assertThat(reason("{\"question\": \"q\"}"))
        .contains("neither a conversation")
        .contains("answer");
    assertThat(reason("{\"question\": 3, \"answer\": \"a\"}"))
        .isEqualTo("\"question\" is 3; wanted a string");
    assertThat(reason("{\"caption\": \"a\", \"text\": \"b\"}"))
        .isEqualTo("\"caption\" and \"text\" could both be answer; name one column for it");
    assertThat(reason("{\"conversations\": {}}")).contains("wanted a list of messages");
    assertThat(reason("{\"conversations\": [1]}"))
        .contains("\"conversations[0]\" is 1; wanted a message");
    assertThat(reason("{\"conversations\": [{\"from\": \"gpt\", \"value\": \"a\"}]}"))
        .isEqualTo("\"conversations[0].from\" is \"gpt\"; wanted \"human\" or \"assistant\"");
    assertThat(reason("{\"messages\": [{\"role\": \"user\"}]}"))
        .isEqualTo("\"messages[0].content\" is absent");
    assertThat(
            reason("{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"audio\"}]}]}"))
        .contains("\"messages[0].content[0].type\" is \"audio\"");
  }

  @Test
  void turnsThatCannotBeLearntAreToldOf() {
    assertThat(reason("{\"conversations\": []}")).contains("nothing to learn");
    assertThat(reason(talk("", "Who?"))).contains("nothing to learn");
    assertThat(
            reason(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"user\", \"content\": \"b\"}]}"))
        .isEqualTo("message 2 is the user's, but it is the assistant's turn");
  }

  @Test
  void mediaThatCannotBeReadAreToldOf() throws IOException {
    assertThat(reason(talk("\"image\": \"none.png\", ", "q", "a")))
        .contains("none.png does not exist");
    assertThat(reason(talk("\"image\": \"x\\u0000y\", ", "q", "a"))).contains("wanted a path");
    assertThat(reason(talk("\"image\": {\"bytes\": \"abc\"}, ", "q", "a")))
        .contains("wanted bytes");
    assertThat(reason(talk("\"video\": \"none.mp4\", ", "q", "a"))).contains("does not exist");
    byte[] cut = Files.readAllBytes(folder.resolve("b.png"));
    Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(cut, cut.length / 2));
    assertThat(reason(talk("\"image\": \"cut.png\", ", "q", "a"))).contains("cut.png");
    assertThat(reason(talk("\"video\": \"a.png\", \"start_time\": 2, \"end_time\": 1, ", "q", "a")))
        .contains("must end after its start");
    assertThat(reason(talk("\"video\": \"clip.mp4\", \"start_time\": \"x\", ", "q", "a")))
        .isEqualTo("\"start_time\" is \"x\"; wanted a number");
  }

  @Test
  void asManyTagsAsPicturesAreWanted() {
    var two = "\"image\": [\"a.png\", \"b.png\"], ";
    assertThat(reason(talk(two, "<image> what?", "a"))).contains("1 tags").contains("2 pictures");
    assertThat(reason(talk("\"image\": \"a.png\", ", "<image> and <image>?", "a")))
        .contains("2 tags");
    assertThat(reason(talk("", "<image>\\nWhat?", "a"))).contains("1 tags").contains("0 pictures");
    assertThat(reason(talk("\"image\": \"a.png\", \"video\": \"clip.mp4\", ", "What?", "a")))
        .contains("pictures and a video");
  }

  @Test
  void boxesNeedPlacesAndSizes() {
    var box = "\"image\": \"a.png\", \"bbox\": [[1, 2, 3, 4]], ";
    assertThat(reason(talk(box, "<|bbox0|>?", "a"))).contains("needs \"width\"");
    assertThat(reason(talk(box + "\"width\": 40, \"height\": 0.5, ", "<|bbox0|>?", "a")))
        .contains("whole number of pixels");
    assertThat(reason(talk(box + "\"width\": 40, \"height\": 30, ", "<|bbox1|>?", "a")))
        .isEqualTo("a text has the place <|bbox1|>, but \"bbox\" has 1 boxes, counted from 0");
    assertThat(
            reason(
                talk("\"video\": \"clip.mp4\", \"bbox_map\": {\"x\": [1, 2, 3, 4]}, ", "q", "a")))
        .contains("no frame's number");
    assertThat(
            reason(
                talk("\"video\": \"clip.mp4\", \"bbox_map\": {\"0\": [9, 2, 3, 4]}, ", "q", "a")))
        .contains("from left to right");
  }

  @Test
  void whatIsTooLongIsToldOf() {
    assertThat(reason(talk("", "x ".repeat(200), "a"), Fixture.SETTINGS.withMaxLength(200)))
        .contains("more than the maximum length of 200");
  }

  @Test
  void laterTurnsAreLeftOutWhereTheyDoNotFit() {
    var row = talk("", "one", "1", "two " + "x ".repeat(300), "2");
    var file = fixture.lines("long.jsonl", List.of(row));
    var reports = new Reports();
    try (var data = Dataset.open(List.of(Source.of("long", file)))) {
      var maker = fixture.maker(Fixture.SETTINGS.withMaxLength(250), VisionInput.VANILLA);
      var whole = fixture.lines("short.jsonl", List.of(talk("", "one", "1")));
      try (var other = Dataset.open(List.of(Source.of("short", whole)))) {
        assertThat(
                data.pass(maker, new Batching.Examples(1), reports)
                    .iterator()
                    .next()
                    .getFirst()
                    .ids())
            .isEqualTo(
                other
                    .pass(maker, new Batching.Examples(1), DataListener.NONE)
                    .iterator()
                    .next()
                    .getFirst()
                    .ids());
      }
      assertThat(reports.shortened).containsExactly("long, %s, line 1: 1".formatted(file));
      var strict = Fixture.SETTINGS.withMaxLength(250).withOverflow(Overflow.SKIP);
      assertThatThrownBy(() ->
              data.pass(
                      fixture.maker(strict, VisionInput.VANILLA), new Batching.Examples(1), reports)
                  .iterator()
                  .hasNext())
          .isInstanceOf(InputException.class)
          .hasMessageContaining("No row for validation is good")
          .hasMessageContaining("maximum length of 250");
    }
  }

  @Test
  void badRowsAreToldOnceAndCountedWhileAFeedGoesRound() {
    var file = fixture.lines("some.jsonl", List.of(GOOD, "no", GOOD, "{}", GOOD));
    var reports = new Reports();
    try (var data = Dataset.open(List.of(Source.of("some", file)));
        var feed =
            data.feed(
                fixture.maker(),
                FeedSettings.DEFAULT.withBatching(new Batching.Examples(2)),
                reports)) {
      for (int i = 0; i < 12; i++) {
        feed.next();
      }
      assertThat(reports.skipped).hasSize(2);
      assertThat(feed.counts().getFirst().skipped()).isEqualTo(2);
      assertThat(feed.counts().getFirst().read()).isEqualTo(18);
    }
  }

  @Test
  void aSourceOfBadRowsEndsTheFeed() {
    var good = fixture.lines("good.jsonl", List.of(GOOD, GOOD));
    var bad = fixture.lines("bad.jsonl", List.of("no", "{}"));
    for (var sources :
        List.of(
            List.of(Source.of("good", good), Source.of("bad", bad)),
            List.of(Source.of("good", good).withWeight(9), Source.of("bad", bad).withWeight(1)))) {
      var reports = new Reports();
      try (var data = Dataset.open(sources);
          var feed = data.feed(fixture.maker(), FeedSettings.DEFAULT, reports)) {
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    feed.next();
                  }
                })
            .isInstanceOf(InputException.class)
            .hasMessageContaining(
                "The source bad has no row that can be learnt; 2 in a row are bad");
        assertThat(reports.skipped).hasSize(2);
      }
    }
  }

  @Test
  void aThousandBadRowsBeforeAGoodOneAreEnough() {
    var lines = new ArrayList<String>(java.util.Collections.nCopies(3000, "{}"));
    lines.add(GOOD);
    var file = fixture.lines("bad.jsonl", lines);
    try (var data = Dataset.open(List.of(Source.of("bad", file)));
        var feed =
            data.feed(
                fixture.maker(),
                FeedSettings.DEFAULT.withOrder(Order.SEQUENTIAL),
                DataListener.NONE)) {
      assertThatThrownBy(feed::next)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("1,000 in a row are bad")
          .hasMessageContaining("line 1000: neither a conversation");
    }
  }
}
