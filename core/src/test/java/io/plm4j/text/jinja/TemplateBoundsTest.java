package io.plm4j.text.jinja;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A hostile template ends soon, with a message, and within the stack and the memory.
class TemplateBoundsTest {
  private static void assertRefused(String template) {
    Assertions.assertTimeout(
        Duration.ofSeconds(10),
        () ->
            assertThatThrownBy(
                    () -> JinjaTemplate.parse(template, "test").render(Map.of(), Clock.systemUTC()))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("test, line "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{{ 'abc' * 1000000000 }}",
        "{{ '' * 9000000000000000000 }}{{ 'a' * 9000000000000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s.replace('', n.s) %}{% endfor %}",
        "{% set n = namespace(s=['ab']) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s=[]) %}{% for i in range(99999) %}{% set n.s = [n.s] %}{% endfor %}{{ n.s }}",
        "{% set n = namespace(s=[]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}",
        "{% set n = namespace(s=[]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s | tojson }}",
        "{% set n = namespace(s=[], t=[]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% set n.t = [n.t, n.t] %}{% endfor %}{{ n.s == n.t }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{{ 'a' | indent(1000) | indent(1000, true) * 100000 }}",
        "{{ range(99999) | join('x' * 10000) }}",
        "{{ (range(99999) | list | tojson(indent=100)) * 100 }}"
      })
  void workIsBounded(String template) {
    assertRefused(template);
  }

  @Test
  void depthIsBounded() {
    assertRefused("{{ " + "(".repeat(100_000) + " }}");
    assertRefused("{{ " + "[".repeat(100_000) + " }}");
    assertRefused("{{ " + "{1:".repeat(100_000) + " }}");
    assertRefused("{{ " + "not ".repeat(100_000) + "1 }}");
    assertRefused("{{ " + "-".repeat(100_000) + "1 }}");
    assertRefused("{{ 1" + " + 1".repeat(100_000) + " }}");
    assertRefused("{{ 1" + " | string".repeat(100_000) + " }}");
    assertRefused("{{ x" + ".y".repeat(100_000) + " }}");
    assertRefused("{{ x" + "[0]".repeat(100_000) + " }}");
    assertRefused("{{ 1" + " and 1".repeat(100_000) + " }}");
    assertRefused("{{ 1" + " if 1 else 1".repeat(100_000) + " }}");
    assertRefused("{% if 1 %}".repeat(100_000));
    assertRefused("{% for x in 'a' %}".repeat(100_000));
    assertRefused("{% set " + "(".repeat(100_000));
    assertRefused("{% macro m() %}".repeat(100_000));
  }
}
