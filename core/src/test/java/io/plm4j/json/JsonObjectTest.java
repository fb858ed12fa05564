package io.plm4j.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
  private static JsonObject parse(String json) {
    return JsonObject.parse("config.json", json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void valuesComeByNameAndType() {
    var json =
        parse(
            """
            {"i": 3, "d": 1e-05, "b": true, "t": "x", "o": {"i": 4}, "list": [1, 2], "n": null}\
            """);
    assertThat(json.integer("i", 0, 9)).isEqualTo(3);
    assertThat(json.number("d", 0, 1)).isEqualTo(1e-5);
    assertThat(json.number("i", 0, 9)).isEqualTo(3.0);
    assertThat(json.optionalFlag("b")).contains(true);
    assertThat(json.text("t")).isEqualTo("x");
    assertThat(json.object("o").integer("i", 0, 9)).isEqualTo(4);
    assertThat(json.integers("list", 0, 9)).containsExactly(1, 2);
    assertThat(json.integers("i", 0, 9)).containsExactly(3);
    assertThat(json.integers("absent", 0, 9)).isEmpty();
    assertThat(json.has("n")).isFalse();
    assertThat(json.optionalText("n")).isEmpty();
  }

  @Test
  void keysThatNobodyAskedForAreListedWithTheirPath() {
    var json = parse("{\"a\":1,\"b\":{\"c\":1,\"d\":2},\"e\":{\"f\":1},\"g\":null,\"h\":0}");
    assertThat(json.integer("a", 0, 9)).isEqualTo(1);
    assertThat(json.object("b").integer("c", 0, 9)).isEqualTo(1);
    json.ignore("h");
    assertThat(json.unread()).containsExactly("b.d", "e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "1.0", "\"1\"", "10", "-1", "true", "[1]", "1e400", "99999999999"})
  void whatIsNotAnIntegerInItsRangeIsRefusedWithItsPath(String value) {
    var object = parse("{\"text_config\":{\"n\":" + value + "}}").object("text_config");
    assertThatThrownBy(() -> object.integer("n", 0, 9))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("config.json: text_config.n is ")
        .hasMessageEndingWith("wanted an integer from 0 to 9.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"1\"", "1e400", "-0.1", "1.1", "{}", "false"})
  void whatIsNotANumberInItsRangeIsRefused(String value) {
    assertThatThrownBy(() -> parse("{\"n\":" + value + "}").number("n", 0, 1))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("wanted a number from 0.0 to 1.0.");
  }

  @Test
  void anAbsentKeyIsNamed() {
    assertThatThrownBy(() -> parse("{}").integer("n", 0, 9))
        .hasMessage(
            "config.json: n is absent; wanted an integer. Fetch the file again, or add the key.");
    assertThatThrownBy(() -> parse("{\"n\":null}").object("n"))
        .hasMessageContaining("n is absent; wanted an object {...}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\":1,}",
        "{\"a\":1}}",
        "{\"a\":1} x",
        "{\"a\":1,\"a\":2}",
        "{\"a\":NaN}",
        "{'a':1}",
        "// no\n{}",
        "version https://git-lfs.github.com/spec/v1"
      })
  void whatIsNotJsonIsRefusedWithItsPlace(String json) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("config.json ");
  }

  @Test
  void nestingAndNumbersThatOnlyAnAttackerWritesAreRefused() {
    assertThatThrownBy(() -> parse("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> parse("{\"a\":" + "9".repeat(100_000) + "}"))
        .isInstanceOf(InputException.class);
  }

  @Test
  void aFileWithMoreValuesThanAnyConfigurationIsRefused() {
    assertThatThrownBy(() -> parse("{\"a\":[" + "[],".repeat(1_000_000) + "[]]}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Token count");
  }

  @Test
  void controlCharactersOfAKeyDoNotReachTheTerminal() {
    var json = parse("{\"a\\u001b[2J\":\"x\"}");
    assertThatThrownBy(() -> json.integer("a\u001b[2J", 0, 9)).hasMessageContaining(": a?[2J is ");
  }

  @Test
  void aMessageQuotesNoMoreThanALineOfAValue() {
    assertThatThrownBy(() -> parse("{\"n\":\"" + "x".repeat(5000) + "\"}").integer("n", 0, 9))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> JsonObject.read(folder.resolve("config.json")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("config.json is not there");
  }

  @Test
  void aListOfObjectsKnowsItsPaths() {
    var json =
        JsonObject.parse(
            "a.json",
            "{\"x\": [{\"n\": 1}, {\"n\": \"two\"}], \"y\": [3]}"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    var objects = json.objects("x");
    assertThat(objects.getFirst().integer("n", 0, 9)).isEqualTo(1);
    assertThatThrownBy(() -> objects.get(1).integer("n", 0, 9)).hasMessageContaining("x[1].n");
    assertThatThrownBy(() -> json.objects("y")).hasMessageContaining("a list of objects");
    assertThat(json.objects("z")).isEmpty();
  }
}
