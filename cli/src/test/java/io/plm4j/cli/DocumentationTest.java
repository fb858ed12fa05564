package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.plm4j.testkit.LocalHub;
import io.plm4j.testkit.TinyCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What the pages tell readers to type works, and what they list is all there is.
class DocumentationTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path GUIDE = ROOT.resolve("docs/guide/command-line.md");
  private static final Path TRAINING = ROOT.resolve("docs/guide/training.md");
  private static final Path FORMS = ROOT.resolve("docs/guide/structured-answers.md");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private static final LocalHub HUB = new LocalHub();

  @TempDir private static Path folder;

  /// The pages' model is at a Hub of our own, in Hugging Face's layout and in Meta's.
  @BeforeAll
  static void publish(@TempDir Path model) throws IOException {
    TinyCheckpoint.write(model);
    var original = Files.createDirectory(model.resolve("original"));
    Files.writeString(original.resolve("params.json"), "{}");
    HUB.publish("facebook/Perception-LM-1B", model);
  }

  @AfterAll
  static void close() {
    HUB.close();
  }

  /// Every `./plm` command of a page's code blocks, with a tiny model and pictures in place of the
  /// reader's own.
  @TestFactory
  Stream<DynamicTest> everyCommandOfThePagesRuns() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (var page : pages()) {
      for (var command : commands(Files.readString(page))) {
        tests.add(
            dynamicTest(page.getFileName() + ": " + command, () -> runs(command, tests.size())));
      }
    }
    assertThat(tests).hasSizeGreaterThan(10);
    return tests.stream();
  }

  private static List<Path> pages() throws IOException {
    try (var guide = Files.list(GUIDE.getParent())) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), guide.sorted()).toList();
    }
  }

  private static List<String> commands(String page) {
    var commands = new ArrayList<String>();
    var blocks = Pattern.compile("(?s)```bash\n(.*?)```").matcher(page);
    while (blocks.find()) {
      blocks
          .group(1)
          .replace("\\\n", " ")
          .lines()
          .filter(l -> l.contains("./plm "))
          .forEach(commands::add);
    }
    return commands;
  }

  private static void runs(String command, int number) throws IOException {
    var input = "What is this?";
    var line = command;
    if (command.startsWith("echo ")) {
      var parts = command.split("\\|", 2);
      input = words(parts[0]).get(1);
      line = parts[1].strip();
    }
    var args = new ArrayList<String>();
    var words = words(line.substring(line.indexOf("./plm ") + 6));
    for (var word : words) {
      args.add(replacement(word, args, number));
    }
    var environment =
        Map.of(
            "HF_HOME", folder.resolve("hub").toString(),
            "HF_ENDPOINT", "" + HUB.address(),
            "XDG_CACHE_HOME", folder.resolve("cache").toString());
    var run = Run.with(environment, 0, input, args.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private static String replacement(String word, List<String> before, int number)
      throws IOException {
    var option = before.isEmpty() ? "" : before.getLast();
    if (word.endsWith("/original")) {
      return OriginalSamples.ORIGINAL;
    }
    if (word.startsWith("samples/")) {
      return ROOT.resolve(word).toString();
    }
    if (word.equals("my-model")) {
      return OriginalSamples.CONVERTED;
    }
    if (option.equals("--adapter")) {
      return word.replace("my-adapter", AdapterSamples.LORA);
    }
    if (word.startsWith("Perception-LM")) {
      return Samples.MODEL;
    }
    if (word.equals("shape.yaml")) {
      var shape =
          Pattern.compile("(?s)```yaml\n(shape:.*?)```").matcher(Files.readString(TRAINING));
      assertThat(shape.find()).isTrue();
      return Files.writeString(Files.createTempFile(folder, "shape", ".yaml"), shape.group(1))
          .toString();
    }
    if (word.equals("datasets.yaml")) {
      return datasets();
    }
    if (option.equals("--data") && word.equals("nano-data")) {
      return nanoData();
    }
    if (option.equals("--draw") || option.equals("--sheet") || option.equals("--plot")) {
      return Files.createTempFile(folder, "drawn", ".png").toString();
    }
    if (option.equals("--json-schema")) {
      var schema =
          Pattern.compile("(?s)```json\n(\\{\"type\".*?)```").matcher(Files.readString(FORMS));
      assertThat(schema.find()).isTrue();
      return Files.writeString(Files.createTempFile(folder, "schema", ".json"), schema.group(1))
          .toString();
    }
    if (word.equals("train.jsonl")) {
      return lessons();
    }
    if (word.equals("run.yaml")) {
      return runSettings();
    }
    if (word.endsWith(".jpg") || word.endsWith(".png")) {
      return word.contains("cat") ? Samples.CAT : Samples.DOG;
    }
    if (word.endsWith(".mp4")) {
      return Samples.CLIP;
    }
    if (option.equals("--out")) {
      return Files.createTempDirectory(folder, "out").resolve("" + number).toString();
    }
    if (option.equals("--cache")) {
      return folder.resolve(word).toString();
    }
    if (option.equals("--batch") || option.equals("--calibrate")) {
      return requests();
    }
    if (word.endsWith(".json")) {
      var talk = Files.createTempFile(folder, "talk", ".json");
      var example = Pattern.compile("(?s)```json\n(\\[.*?)```").matcher(Files.readString(GUIDE));
      assertThat(example.find()).isTrue();
      return Files.writeString(
              talk, example.group(1).replaceAll("\"[a-z]+\\.jpg\"", "\"" + Samples.CAT + "\""))
          .toString();
    }
    return word;
  }

  /// A picture with a question, under a name.
  private static String datasets() throws IOException {
    var rows = Files.createTempFile(folder, "rows", ".jsonl");
    Files.writeString(
        rows,
        "{\"image\": \"%s\", \"conversations\": [{\"from\": \"human\", \"value\": \"Hm?\"}, {\"from\": \"assistant\", \"value\": \"A cat.\"}]}\n"
            .formatted(Samples.CAT));
    return Files.writeString(
            Files.createTempFile(folder, "datasets", ".yaml"),
            "cats: {annotation: %s}\n".formatted(rows))
        .toString();
  }

  /// A little of what `plm nano draw` gives.
  private static String nanoData() {
    var data = folder.resolve("nano-data");
    if (!Files.exists(data)) {
      var drawn =
          Run.of("nano", "draw", "--count", "8", "--kinds", "shapes", "--out", data.toString());
      assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    }
    return data.toString();
  }

  /// The guide's example of a file of requests.
  private static String requests() throws IOException {
    var example = Pattern.compile("(?s)```json\n(\\{.*?)```").matcher(Files.readString(GUIDE));
    assertThat(example.find()).isTrue();
    var lines =
        example
            .group(1)
            .replaceAll("\"[a-z]+\\.jpg\"", "\"" + Samples.CAT + "\"")
            .replaceAll("\"[a-z]+\\.mp4\"", "\"" + Samples.CLIP + "\"");
    return Files.writeString(Files.createTempFile(folder, "requests", ".jsonl"), lines).toString();
  }

  /// Pictures with captions, as those that the guide teaches with.
  private static String lessons() throws IOException {
    var line = "{\"image\": \"%s\", \"caption\": \"A cat.\"}%n".formatted(Samples.CAT);
    return Files.writeString(Files.createTempFile(folder, "train", ".jsonl"), line.repeat(4))
        .toString();
  }

  /// The guide's example of a run's settings.
  private static String runSettings() throws IOException {
    var example =
        Pattern.compile("(?s)```yaml\n(.*?)```")
            .matcher(Files.readString(GUIDE.resolveSibling("fine-tuning.md")));
    assertThat(example.find()).isTrue();
    var settings =
        example
            .group(1)
            .replace(
                "output_dir: ", "output_dir: " + Files.createTempDirectory(folder, "run") + "/")
            .replace("model: Perception-LM-1B", "model: " + Samples.MODEL)
            .replace("train.jsonl", lessons());
    return Files.writeString(Files.createTempFile(folder, "run", ".yaml"), settings).toString();
  }

  private static List<String> words(String line) {
    var words = new ArrayList<String>();
    var matcher = WORD.matcher(line.strip());
    while (matcher.find()) {
      words.add(
          Stream.of(1, 2, 3).map(matcher::group).filter(g -> g != null).findFirst().orElseThrow());
    }
    return words;
  }

  @Test
  void theGuideNamesEveryCommandAndEveryOption() throws IOException {
    var guide = Files.readString(GUIDE);
    var context =
        Run.context(
            0, "", new ByteArrayOutputStream(), new ByteArrayOutputStream(), new Interrupt());
    for (var command :
        CommandLineRunner.commands(new PlmCommand(), context).getSubcommands().entrySet()) {
      var section = guide.indexOf("## plm " + command.getKey());
      assertThat(section).as(command.getKey()).isNotNegative();
      for (var option : command.getValue().getCommandSpec().options()) {
        assertThat(guide).contains("`" + option.longestName());
      }
      for (var part : command.getValue().getSubcommands().entrySet()) {
        assertThat(guide).contains("`plm %s %s".formatted(command.getKey(), part.getKey()));
        for (var option : part.getValue().getCommandSpec().options()) {
          assertThat(guide).contains("`" + option.longestName());
        }
      }
    }
  }

  @Test
  void theExampleInJavaCompilesAndAnswers(@TempDir Path classes) throws Exception {
    var readme = Files.readString(ROOT.resolve("README.md"));
    var block = Pattern.compile("(?s)```java\n(.*?)```").matcher(readme);
    assertThat(block.find()).isTrue();
    var body =
        block.group(1).replace("Perception-LM-1B", Samples.MODEL).replace("cat.jpg", Samples.CAT);
    var source =
        """
        import io.plm4j.Plm;
        import io.plm4j.media.Image;
        import java.nio.file.Path;
        public class Example { public static void main(String[] args) { %s } }
        """
            .formatted(body);
    var file = Files.writeString(classes.resolve("Example.java"), source);
    var errors = new ByteArrayOutputStream();
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                errors,
                errors,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                file.toString());
    assertThat(compiled).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    var console = System.out;
    var printed = new ByteArrayOutputStream();
    try (var loader = new URLClassLoader(new java.net.URL[] {classes.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Example")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(console);
    }
    assertThat(printed.size()).isGreaterThan(1);
  }
}
