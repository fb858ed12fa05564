package io.plm4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracedTextTest {
  private static TracedText render(String template, Map<String, Object> variables) {
    return JinjaTemplate.parse(template, "test").render(variables, Clock.systemUTC());
  }

  /// The text with each typed character in capitals.
  private static String shown(TracedText text) {
    var shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.toString().charAt(i);
      shown.append(text.isTyped(i) ? Character.toUpperCase(c) : c);
    }
    return shown.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x{{ t }}y|xABCy",
        "x{{ t | trim }}y{{ t }}|xABCyABC",
        "{{ 'x' + t + 'y' }}|xABCy",
        "{{ 'x' ~ t ~ 1 }}|xABC1",
        "{{ ('x' + t + 'y')[1:-2] }}|AB",
        "{{ ('x' + t)[::-1] }}|CBAx",
        "{{ ('x' + t)[1] }}|A",
        "{{ (t + ',x').split(',') | join('-') }}|ABC-x",
        "{{ t.replace('b', 'xy') }}|AxyC",
        "{{ 'xbx'.replace('b', t) }}|xABCx",
        "{{ [t, 'x'] | join(t) }}|ABCABCx",
        "{{ ('x\\n' + t) | indent(1) }}|x\n ABC",
        "{% set s %}x{{ t }}{% endset %}{{ s }}|xABC",
        "{% macro m(a) %}x{{ a }}{% endmacro %}{{ m(t) }}|xABC",
        "{% for c in 'x' + t %}{{ c }}.{% endfor %}|x.A.B.C.",
        "{{ {'k': t}.k }}{{ {'k': t}['k'] }}|ABCABC",
        "{{ t | default('x') }}{{ [t] | first }}{{ [t] | map('trim') | list | last }}|ABCABCABC",
        "{{ 'x' if t == 'abc' else 'y' }}|x",
        "{{ ('  x ' + t + '  ').strip() }}|x ABC",
        "{{ ('x' + t).splitlines() | first }}|xABC"
      })
  void whatAPersonTypedIsTracedThroughEveryOperation(String templateAndResult) {
    int bar = templateAndResult.lastIndexOf('|');
    TracedText text =
        render(templateAndResult.substring(0, bar), Map.of("t", TracedText.typed("abc")));
    assertThat(shown(text)).isEqualTo(templateAndResult.substring(bar + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ('x' + t) | upper }}",
        "{{ ('x' + t) | title }}",
        "{{ ('x' + t).capitalize() }}",
        "{{ [t] }}",
        "{{ {'a': t} | tojson }}",
        "{{ [t] | string }}"
      })
  void whatCannotBeToldApartCountsAsTyped(String template) {
    TracedText text = render(template, Map.of("t", TracedText.typed("abc")));
    for (int i = 0; i < text.length(); i++) {
      assertThat(text.isTyped(i)).isTrue();
    }
  }

  @Test
  void textOfTheTemplateIsNotTyped() {
    TracedText text = render("{{ ['x', {'a': 1}] }}{{ 'x' | upper }}", Map.of());
    for (int i = 0; i < text.length(); i++) {
      assertThat(text.isTyped(i)).isFalse();
    }
  }

  @Test
  void textsAreEqualByTheirCharacters() {
    assertThat(TracedText.typed("a")).isEqualTo(TracedText.trusted("a"));
    assertThat(TracedText.typed("a")).hasSameHashCodeAs(TracedText.trusted("a"));
    assertThat(TracedText.typed("a")).isNotEqualTo(TracedText.trusted("b"));
  }

  @Test
  void typedKeysFindWhatTrustedKeysStored() {
    assertThat(
            render("{{ {'abc': 1}[t] }}{{ t in ['abc'] }}", Map.of("t", TracedText.typed("abc")))
                .toString())
        .isEqualTo("1True");
    assertThat(render("{{ l[0] }}", Map.of("l", List.of("x"))).toString()).isEqualTo("x");
  }
}
