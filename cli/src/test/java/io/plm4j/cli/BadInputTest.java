package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every mistake gets one message and exit code 2, and no trace.
class BadInputTest {
  private static String messageOf(String... args) {
    var run = Run.of(args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("plm: ").doesNotContain("\tat ", "Exception");
    return run.err();
  }

  private static String generate(String... args) {
    var line = new ArrayList<>(List.of("generate", "--model", Samples.MODEL));
    line.addAll(List.of(args));
    return messageOf(line.toArray(String[]::new));
  }

  @Test
  void noModelWhereOneIsChanged() {
    assertThat(messageOf("quantize", "--format", "int8", "--out", "x"))
        .contains("No model", "--model MODEL");
  }

  @Test
  void aModelFolderThatDoesNotExist() {
    assertThat(messageOf("generate", "--model", "/no/such/folder", "--prompt", "Hi"))
        .contains("/no/such/folder does not exist");
  }

  @Test
  void aFileAsModelFolder() {
    assertThat(messageOf("inspect", Samples.CAT)).contains("is a file");
  }

  @Test
  void aPictureThatDoesNotExist() {
    assertThat(generate("--prompt", "Hi", "--image", "/no/cat.png"))
        .contains("/no/cat.png does not exist");
  }

  @Test
  void aTextFileAsPicture(@TempDir Path folder) throws IOException {
    var text = Files.writeString(folder.resolve("cat.png"), "I am a cat.");
    assertThat(generate("--prompt", "Hi", "--image", text.toString()))
        .contains(text.toString(), "not a picture");
  }

  @Test
  void aFolderAsPicture() {
    assertThat(generate("--prompt", "Hi", "--image", Samples.MODEL)).contains("is not a file");
  }

  @Test
  void noPrompt() {
    assertThat(generate("--image", Samples.CAT)).contains("No prompt", "--prompt TEXT");
  }

  @Test
  void anEmptyPrompt() {
    assertThat(generate("--prompt", "  ")).contains("The prompt is empty");
  }

  @Test
  void aPromptThatIsNotUtf8(@TempDir Path folder) throws IOException {
    var file = Files.write(folder.resolve("talk.json"), new byte[] {'[', (byte) 0xff});
    assertThat(generate("--conversation", file.toString())).contains("not UTF-8");
  }

  @Test
  void aHalfDownloadedWeightsFile(@TempDir Path folder) throws IOException {
    var model = Samples.copyOfModel(folder.resolve("model"));
    try (var file = new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    assertThat(messageOf("generate", "--model", model.toString(), "--prompt", "Hi"))
        .contains("model.safetensors");
  }

  @Test
  void aMissingShard(@TempDir Path folder) throws IOException {
    TinyCheckpoint.write(folder, 200_000);
    Path shard;
    try (var shards = Files.newDirectoryStream(folder, "model-00002-of-*.safetensors")) {
      shard = shards.iterator().next();
    }
    Files.delete(shard);
    assertThat(messageOf("generate", "--model", folder.toString(), "--prompt", "Hi"))
        .contains(shard.getFileName().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"config.json", "tokenizer.json", "model.safetensors", "chat_template.jinja"})
  void aMissingFile(String name, @TempDir Path folder) throws IOException {
    var model = Samples.copyOfModel(folder.resolve("model"));
    Files.delete(model.resolve(name));
    var wanted = name.startsWith("chat") ? "chat" : name;
    assertThat(messageOf("generate", "--model", model.toString(), "--prompt", "Hi"))
        .contains(wanted);
  }

  @Test
  void anUnknownOption() {
    assertThat(messageOf("generate", "--modle", "x"))
        .contains("'--modle'", "Did you mean --model", "plm generate --help");
  }

  @Test
  void anUnknownCommand() {
    assertThat(messageOf("generat")).contains("'generat'", "Did you mean generate", "plm --help");
  }

  @Test
  void anOptionWithoutACommand() {
    assertThat(messageOf("--debug")).contains("Missing required subcommand");
  }

  @Test
  void anOptionGivenTwice() {
    assertThat(generate("--prompt", "a", "--prompt", "b")).contains("--prompt", "only once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--top-k 5", "--top-p 0.5", "--min-p 0.1", "--seed 3"})
  void optionsOfSamplingWithoutSampling(String option) {
    var parts = option.split(" ");
    assertThat(generate("--prompt", "Hi", parts[0], parts[1]))
        .contains(parts[0] + ": no effect", "--temperature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--temperature -1",
        "--temperature NaN",
        "--temperature warm",
        "--max-new-tokens 0",
        "--max-new-tokens 9999",
        "--repetition-penalty 0",
        "--threads 0",
        "--dtype f16",
        "--seed x"
      })
  void valuesThatCannotBe(String option) {
    var parts = option.split(" ");
    assertThat(generate("--prompt", "Hi", parts[0], parts[1]))
        .contains(parts[1].equals("NaN") ? "NaN" : parts[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--exif", "--vision-input-type=vanilla", "--max-num-tiles=4"})
  void optionsOfPicturesWithoutAPicture(String option) {
    assertThat(generate("--prompt", "Hi", option)).contains("no effect without a picture");
  }

  @Test
  void tilesOfAPictureThatIsShownWhole() {
    assertThat(
            generate(
                "--prompt",
                "Hi",
                "--image",
                Samples.CAT,
                "--vision-input-type",
                "vanilla",
                "--max-num-tiles",
                "4"))
        .contains("--max-num-tiles has no effect");
  }

  @Test
  void promptAndConversation() {
    assertThat(generate("--prompt", "Hi", "--conversation", "talk.json"))
        .contains("exclude each other");
  }

  @Test
  void twoSystemMessages(@TempDir Path folder) throws IOException {
    var file =
        Files.writeString(
            folder.resolve("talk.json"),
            """
            [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
            """);
    assertThat(generate("--conversation", file.toString(), "--system", "x"))
        .contains("system message of its own");
  }

  @Test
  void tilesIntoAFolderThatHoldsSomething(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("other.png"), "", StandardCharsets.UTF_8);
    assertThat(messageOf("preprocess", "--image", Samples.CAT, "--out", folder.toString()))
        .contains("is not empty");
  }

  @Test
  void anEmptyStopString() {
    assertThat(generate("--prompt", "Hi", "--stop", "")).contains("stop string is empty");
  }
}
