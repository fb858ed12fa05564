package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The chat with its lines from a pipe; the terminal's own editing is the library's.
class ChatCommandTest {
  @TempDir private Path folder;

  private static Run chat(String lines, String... more) {
    var args = new ArrayList<>(List.of("chat", "--model", Samples.MODEL, "--max-new-tokens", "8"));
    args.addAll(List.of(more));
    return Run.withInput(lines, args.toArray(String[]::new));
  }

  @Test
  void everyLineIsAnswered() {
    var run = chat("What is this?\n\n  And now?  \n", "--image", Samples.CAT);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines().count()).isGreaterThanOrEqualTo(2);
    assertThat(run.err()).contains("100 x 50 pixels").contains("goes with your next question");
  }

  @Test
  void aFollowUpFindsThePictureInTheCache() {
    var run = chat("/image " + Samples.CAT + "\nWhat is this?\nWhy?\n", "--stats");
    assertThat(run.exitCode()).as(run.err()).isZero();
    var reused = Pattern.compile("; ([\\d,]+) more were in the cache").matcher(run.err());
    assertThat(reused.find()).isTrue();
    assertThat(reused.group(1)).hasSizeGreaterThan(2);
    assertThat(reused.find()).isFalse();
  }

  @Test
  void aSavedConversationGoesOnWithTheSameAnswer() {
    var file = folder.resolve("talk of today.json");
    var first =
        chat(
            "What is this?\n/save " + file + "\nWhy?\n",
            "--image",
            Samples.CAT,
            "--video",
            Samples.CLIP,
            "--num-frames",
            "2",
            "--system",
            "Be brief.");
    assertThat(first.exitCode()).as(first.err()).isZero();
    var second = chat("/load \"" + file + "\"\nWhy?\n", "--num-frames", "2");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(first.out()).endsWith(second.out());
    assertThat(chat("Why?\n", "--num-frames", "2", "--load", file.toString()).out())
        .isEqualTo(second.out());
  }

  @Test
  void theSavedFileIsAConversationOfHuggingFace() throws IOException {
    var file = folder.resolve("talk.json");
    chat("What is this?\n/save " + file + "\n", "--image", Samples.CAT);
    var json = new JsonMapper().readTree(Files.readString(file));
    assertThat(json.get(0).get("role").stringValue()).isEqualTo("user");
    assertThat(json.get(0).get("content").get(0).get("path").stringValue()).isEqualTo(Samples.CAT);
    assertThat(json.get(0).get("content").get(1).get("text").stringValue())
        .isEqualTo("What is this?");
    assertThat(json.get(1).get("role").stringValue()).isEqualTo("assistant");
    assertThat(Files.list(folder)).containsExactly(file);
  }

  @Test
  void aResetForgetsEverything() {
    var fresh = chat("Why?\n");
    var reset = chat("What is this?\n/image " + Samples.DOG + "\n/reset\nWhy?\n");
    assertThat(reset.out()).endsWith(fresh.out());
    assertThat(reset.exitCode()).isZero();
  }

  @Test
  void aMistakeIsSaidAndTheRestGoesOn() {
    var run =
        chat(
            "/image no-such-file.png\n/imagine\n/save\n/load gone.json\n/quit now\nWhat is this?\n");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.out()).isNotBlank();
    assertThat(run.err())
        .contains("no-such-file.png")
        .contains("There is no command /imagine")
        .contains("/save needs a file")
        .contains("gone.json does not exist")
        .contains("/quit stands alone");
  }

  @Test
  void quitEndsBeforeTheRest() {
    var run = chat("/quit\nWhat is this?\n");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
  }

  @Test
  void nothingSaidIsNotSaved() {
    var run = chat("/save " + folder.resolve("talk.json") + "\n");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aConversationThatEndsWithAQuestionIsNotForAChat() throws IOException {
    var file = folder.resolve("talk.json");
    Files.writeString(file, "[{\"role\": \"user\", \"content\": \"Why?\"}]");
    var run = chat("", "--load", file.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("--conversation");
  }
}
