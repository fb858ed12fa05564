package io.plm4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Compares renderings with those of Jinja2 3.1.6 as transformers 5.18.0 sets it up;
/// `templates.json` has templates and results, `make_goldens.py` beside it made them.
class TemplateGoldenTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);

  record Case(
      String name, String template, Map<String, Object> variables, String rendered, String error) {}

  static List<Named<Case>> cases() throws Exception {
    try (InputStream in =
        TemplateGoldenTest.class.getResourceAsStream("/io/plm4j/text/templates.json")) {
      Case[] cases = JsonMapper.shared().readValue(in, Case[].class);
      return List.of(cases).stream().map(c -> Named.of(c.name(), c)).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersAsJinja(Case golden) {
    Map<String, Object> variables = golden.variables() == null ? Map.of() : golden.variables();
    if (golden.error() != null) {
      assertThatThrownBy(
              () -> JinjaTemplate.parse(golden.template(), "test").render(variables, NOON))
          .isInstanceOf(InputException.class)
          .hasMessageMatching("(?s)test, line \\d+: .+");
      return;
    }
    TracedText text = JinjaTemplate.parse(golden.template(), "test").render(variables, NOON);
    assertThat(text.toString()).isEqualTo(golden.rendered());
  }
}
