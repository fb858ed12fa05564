package io.plm4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// What a path holds is found out, and the same rows give the same examples, however they are kept.
class SourceKindsTest {
  @TempDir private Path folder;
  private Fixture fixture;

  @BeforeEach
  void write() {
    fixture = Fixture.write(folder);
  }

  private List<Example> examples(Source source) {
    var reports = new Reports();
    var examples = new ArrayList<Example>();
    try (var data = Dataset.open(List.of(source))) {
      data.pass(fixture.maker(), new Batching.Examples(2), reports).forEach(examples::addAll);
    }
    assertThat(reports.reasons()).isEmpty();
    return examples;
  }

  private List<String> answers(Source source) {
    var maker = fixture.folder().resolve("checkpoint");
    var tokenizer = io.plm4j.text.Tokenizer.read(maker);
    return examples(source).stream()
        .map(example ->
            tokenizer.decode(
                java.util.Arrays.stream(example.labels())
                    .filter(label -> label != Example.IGNORED)
                    .toArray()))
        .toList();
  }

  private void assertSame(Source one, Source other) {
    var expected = examples(other);
    var found = examples(one);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).ids()).isEqualTo(expected.get(i).ids());
      assertThat(found.get(i).labels()).isEqualTo(expected.get(i).labels());
      assertThat(found.get(i).media().stream().map(Example.Media::key).toList())
          .isEqualTo(expected.get(i).media().stream().map(Example.Media::key).toList());
    }
  }

  private Path resource(String name) throws IOException {
    return Files.write(folder.resolve(name), Fixture.resource(name));
  }

  @Test
  void parquetWithTheCardsColumnsIsAsJsonLines() throws IOException {
    var lines = new ArrayList<String>();
    var names = List.of("a", "b", "c", "a", "b");
    for (int i = 0; i < 5; i++) {
      lines.add(
          "{\"image\": \"%s.png\", \"question\": \"What do you see?\", \"answer\": \"A scan of the chest, number %d.\"}"
              .formatted(names.get(i), i));
    }
    var rows = Source.of("lines", fixture.lines("radiology.jsonl", lines));
    var table = Source.of("table", resource("radiology.parquet")).withPrompt("What do you see?");
    assertSame(table, rows);
    assertSame(table.withColumns(Columns.of(Map.of("image", "image", "answer", "caption"))), rows);
    assertThat(examples(table.withLimit(3))).hasSize(3);
    assertThat(examples(table).get(3).origin()).endsWith("radiology.parquet, row 4");
  }

  @Test
  void parquetWithListsOfMessagesIsAsJsonLines() throws IOException {
    var said =
        "\"messages\": [{\"role\": \"user\", \"content\": [%s{\"type\": \"text\", \"text\": \"%s\"}]}, {\"role\": \"assistant\", \"content\": \"%s\"}]";
    var slot = "{\"type\": \"image\"}, ";
    var rows =
        fixture.lines(
            "messages.jsonl",
            List.of(
                "{\"images\": [\"a.png\"], "
                    + said.formatted(slot, "What is this?", "A wall.")
                    + "}",
                "{" + said.formatted("", "How many?", "17") + "}",
                "{\"images\": [\"b.png\", \"c.png\"], "
                    + said.formatted(slot + slot, "What differs?", "All of it.")
                    + "}"));
    assertSame(Source.of("table", resource("messages.parquet")), Source.of("lines", rows));
  }

  @Test
  void aFolderOfParquetFilesNeedsToBeOfOneSplit() throws IOException {
    var data = Files.createDirectories(folder.resolve("repo/data"));
    for (var name :
        List.of("train-00000-of-00002", "train-00001-of-00002", "test-00000-of-00001")) {
      Files.write(data.resolve(name + ".parquet"), Fixture.resource("radiology.parquet"));
    }
    var source = Source.of("repo", folder.resolve("repo")).withPrompt("What?");
    assertThat(examples(source.withSplit("train"))).hasSize(10);
    assertThat(examples(source.withSplit("test"))).hasSize(5);
    refused(source, "holds several splits: test, train");
    refused(source.withSplit("dev"), "has no files of the split \"dev\"");
    refused(Source.of("rows", fixture.rows()).withSplit("dev"), "leave the split out");
  }

  @Test
  void columnsThatAreNotThereAreNamed() throws IOException {
    var table = Source.of("table", resource("radiology.parquet"));
    refused(
        table.withColumns(Columns.of(Map.of("answer", "report"))),
        "has no column \"report\", which was named for answer; there are image, image_id, caption, cui");
    assertThatThrownBy(() -> Columns.of(Map.of("picture", "image")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("image, video, conversation, question, answer");
  }

  @Test
  void marksCarriageReturnsAndMissingLineEndsDoNotMatter() throws IOException {
    var file = folder.resolve("odd.jsonl");
    var text = "\uFEFF{\"answer\": \"one\"}\r\n{\"answer\": \"two\"}\r\n{\"answer\": \"three\"}";
    for (var end : List.of("", "\n", "\r\n\r\n \n")) {
      Files.writeString(file, text + end, StandardCharsets.UTF_8);
      assertThat(answers(Source.of("odd", file))).containsExactly("one", "two", "three");
    }
  }

  @Test
  void piecesOfJsonLinesFollowOneAnotherByTheirNames() throws IOException {
    var pieces = Files.createDirectories(folder.resolve("pieces"));
    Files.writeString(pieces.resolve("x.chunk.2.jsonl"), "{\"answer\": \"two\"}\n");
    Files.writeString(pieces.resolve("x.chunk.1.of.2.jsonl"), "{\"answer\": \"one\"}");
    Files.writeString(pieces.resolve("x.chunk.3.jsonl"), "");
    Files.writeString(pieces.resolve("other.jsonl"), "{\"answer\": \"none\"}\n");
    assertThat(answers(Source.of("pieces", pieces))).containsExactly("one", "two");
  }

  @Test
  void aFolderOfPicturesHasCaptionsBesideThemOrInAFile() throws IOException {
    var rows =
        fixture.lines(
            "captions.jsonl",
            List.of(
                "{\"image\": \"a.png\", \"text\": \"A small one.\"}",
                "{\"image\": \"b.png\", \"text\": \"A wide one.\"}"));
    var beside = Files.createDirectories(folder.resolve("beside/deep"));
    var listed = Files.createDirectories(folder.resolve("listed"));
    for (var name : List.of("a", "b")) {
      var text = name.equals("a") ? "A small one.\n" : "A wide one.";
      Files.write(beside.resolve(name + ".png"), Fixture.resource(name + ".png"));
      Files.writeString(beside.resolve(name + ".txt"), text);
      Files.write(listed.resolve(name + ".png"), Fixture.resource(name + ".png"));
    }
    Files.writeString(
        listed.resolve("metadata.jsonl"),
        "{\"file_name\": \"a.png\", \"text\": \"A small one.\"}\n{\"file_name\": \"b.png\", \"text\": \"A wide one.\"}\n");
    assertSame(Source.of("beside", folder.resolve("beside")), Source.of("lines", rows));
    assertSame(Source.of("listed", listed), Source.of("lines", rows));
  }

  @Test
  void picturesWithoutACaptionAreToldOf() throws IOException {
    var beside = Files.createDirectories(folder.resolve("beside"));
    Files.write(beside.resolve("a.png"), Fixture.resource("a.png"));
    Files.write(beside.resolve("b.png"), Fixture.resource("b.png"));
    Files.writeString(beside.resolve("a.txt"), "x");
    var reports = new Reports();
    try (var data = Dataset.open(List.of(Source.of("beside", beside)))) {
      data.pass(fixture.maker(), new Batching.Examples(1), reports).forEach(_ -> {});
    }
    assertThat(reports.reasons()).contains("has no caption").contains("b.txt");
  }

  @Test
  void pathsAreRelativeToTheRowsOrToTheRoot() throws IOException {
    var elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    var row = "{\"image\": \"a.png\", \"text\": \"x\"}\n";
    Files.writeString(elsewhere.resolve("rows.jsonl"), row);
    Files.writeString(folder.resolve("here.jsonl"), row);
    assertSame(
        Source.of("there", elsewhere.resolve("rows.jsonl")).withRoot(folder),
        Source.of("here", folder.resolve("here.jsonl")));
  }

  private static void refused(Source source, String reason) {
    assertThatThrownBy(() -> Dataset.open(List.of(source)).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void whatIsNoDataIsRefusedAtTheDoor() throws IOException {
    refused(Source.of("x", folder.resolve("none.jsonl")), "is not there");
    refused(Source.of("x", Files.createDirectories(folder.resolve("empty"))), "holds no .parquet");
    refused(Source.of("x", folder.resolve("a.png")), "of no known kind");
    refused(Source.of("x", Files.writeString(folder.resolve("e.jsonl"), " \n\n")), "has no rows");
    refused(
        Source.of("x", Files.writeString(folder.resolve("l.json"), "[\n{}\n]")), "one JSON list");
    refused(
        Source.of("x", Files.writeString(folder.resolve("t.parquet"), "PAR1 text PAR1")),
        "cannot be read as Parquet");
    var two = Files.createDirectories(folder.resolve("two"));
    Files.writeString(two.resolve("x.chunk.1.jsonl"), "{}");
    Files.writeString(two.resolve("x.parquet"), "{}");
    refused(Source.of("x", two), "several kinds");
    assertThatThrownBy(() ->
            Dataset.open(
                List.of(
                    Source.of("x", fixture.rows()).withWeight(1), Source.of("y", fixture.rows()))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 of 2 sources of data have a weight");
    assertThatThrownBy(() ->
            Dataset.open(List.of(Source.of("x", fixture.rows()), Source.of("x", fixture.rows()))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("two sources of data are called x");
  }

  @Test
  void theRowsOfTheGuideCanBeRead() throws IOException {
    var guide = Files.readString(Path.of("..", "docs", "guide", "training-data.md"));
    var rows = guide.substring(guide.indexOf("```json") + 8);
    var form = new RowForm(Columns.USUAL, Optional.empty(), folder, Asking.IN_TURN);
    var lines = rows.substring(0, rows.indexOf("```")).lines().toList();
    assertThat(lines).hasSize(9);
    for (var line : lines) {
      assertThat(form.read(JsonMapper.shared().readTree(line)).messages()).as(line).isNotEmpty();
    }
  }
}
