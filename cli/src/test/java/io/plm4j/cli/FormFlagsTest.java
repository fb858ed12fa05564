package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class FormFlagsTest {
  @TempDir private Path folder;

  private static Run generate(String... args) {
    var line = new ArrayList<>(List.of("generate", "--model", Samples.MODEL, "--prompt", "Hi"));
    line.addAll(List.of(args));
    return Run.of(line.toArray(String[]::new));
  }

  @Test
  void anAnswerKeepsTheSchemaWhateverTheTemperature() throws IOException {
    var schema =
        Files.writeString(
            folder.resolve("schema.json"),
            """
            {"type":"object","properties":{"name":{"type":"string","maxLength":8},"age":{"type":"integer",
             "minimum":18,"maximum":99}},"required":["name","age"]}\
            """);
    for (int seed = 0; seed < 4; seed++) {
      var run =
          generate(
              "--json-schema",
              schema.toString(),
              "--temperature",
              "3",
              "--seed",
              "" + seed,
              "--repetition-penalty",
              "1.3",
              "--max-new-tokens",
              "40");
      assertThat(run.err()).isEmpty();
      var json = JsonMapper.shared().readTree(run.out());
      assertThat(json.get("name").stringValue().codePoints().count()).isLessThanOrEqualTo(8);
      assertThat(json.get("age").intValue()).isBetween(18, 99);
    }
  }

  @Test
  void anAnswerIsOneOfTheChoicesOrKeepsTheExpression() {
    assertThat(generate("--choice", "yes", "--choice", "not at all").out().strip())
        .isIn("yes", "not at all");
    assertThat(generate("--regex", "[a-f]{3}-\\d{2}").out().strip()).matches("[a-f]{3}-\\d{2}");
  }

  @Test
  void formsThatCannotBeKeptAreRefusedBeforeTheModelIsAsked() {
    assertThat(generate("--regex", "a", "--choice", "b").err())
        .contains("--regex and --choice exclude each other");
    assertThat(generate("--regex", "a(?=b)").err()).contains("only groups");
    assertThat(generate("--json-schema", "none.json").err()).contains("none.json does not exist");
    assertThat(generate("--choice", "abc", "--stop", "b").err()).contains("stop string");
    var short4 = generate("--regex", "\\d{300}", "--max-new-tokens", "4");
    assertThat(short4.exitCode()).isEqualTo(2);
    assertThat(short4.err()).contains("but only 4 are allowed");
  }

  @Test
  void boxesTakeTheirPlacesInPrompts() {
    var run =
        Run.of(
            "tokenize",
            "--model",
            Samples.MODEL,
            "--image",
            Samples.CAT,
            "--prompt",
            "What is in <|bbox0|>?",
            "--box",
            "10,10,50,50");
    var plain =
        Run.of(
            "tokenize",
            "--model",
            Samples.MODEL,
            "--image",
            Samples.CAT,
            "--prompt",
            "What is in [100,200,500,999]?");
    assertThat(run.out()).isNotEmpty().isEqualTo(plain.out());
    assertThat(Run.of("tokenize", "--model", Samples.MODEL, "--prompt", "<|bbox0|>").err())
        .contains("add --image");
    assertThat(generate("--image", Samples.CAT, "--box", "1,2,3,4").err())
        .contains("no place <|bbox0|>");
  }
}
