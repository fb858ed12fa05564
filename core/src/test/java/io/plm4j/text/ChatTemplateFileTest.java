package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateFileTest {
  @TempDir private Path folder;

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private String rendered() {
    return ChatTemplate.read(folder)
        .render(
            List.of(Message.user("x")),
            Ending.OPEN_ANSWER,
            Map.of(),
            Fixture.SPELLING,
            Fixture.CLOCK)
        .toString();
  }

  @Test
  void theTemplateIsFoundInEachOfItsPlacesInTransformersOrder() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"from the tokenizer\"}");
    assertThat(rendered()).isEqualTo("from the tokenizer");
    write("chat_template.jinja", "from the raw file\n");
    assertThat(rendered()).isEqualTo("from the raw file");
    write("chat_template.json", "{\"chat_template\": \"from the older file\"}");
    assertThat(rendered()).isEqualTo("from the older file");
    write("processor_config.json", "{\"chat_template\": \"from the processor\"}");
    assertThat(rendered()).isEqualTo("from the processor");
  }

  @Test
  void ofSeveralNamedTemplatesTheDefaultIsTaken() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]}
        """);
    assertThat(rendered()).isEqualTo("d");
  }

  @Test
  void namedTemplatesWithoutADefaultAreRefused() throws IOException {
    write(
        "tokenizer_config.json", "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"t\"}]}");
    assertThatThrownBy(this::rendered)
        .isInstanceOf(InputException.class)
        .hasMessage(
            "tokenizer_config.json: $.chat_template: expected a template with the name \"default\", found [rag]");
  }

  @Test
  void noTemplateAnywhereIsRefused() {
    assertThatThrownBy(this::rendered)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("expected chat_template.jinja");
  }

  @Test
  void aTemplateThatIsNoTextIsRefused() throws IOException {
    Files.write(folder.resolve("chat_template.jinja"), new byte[] {(byte) 0xFF, 'x'});
    assertThatThrownBy(this::rendered)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not UTF-8 text");
    write("chat_template.json", "{\"chat_template\": 5}");
    assertThatThrownBy(this::rendered)
        .isInstanceOf(InputException.class)
        .hasMessage(
            "chat_template.json: $.chat_template: expected a template or a list of named ones, found 5");
  }

  @Test
  void complaintsNameTheFileAndTheLine() throws IOException {
    write("chat_template.jinja", "a\n{% for m in messages %}\n{{ m | shout }}{% endfor %}");
    assertThatThrownBy(this::rendered)
        .isInstanceOf(InputException.class)
        .hasMessage("chat_template.jinja, line 3: the filter 'shout' is not supported");
  }
}
