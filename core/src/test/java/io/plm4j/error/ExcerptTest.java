package io.plm4j.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void ordinaryTextStaysAsItIs() {
    assertThat(Excerpt.of("model.norm.weight ü")).isEqualTo("model.norm.weight ü");
  }

  @Test
  void longTextIsCut() {
    assertThat(Excerpt.of("x".repeat(1000))).hasSize(120).endsWith("...");
  }

  @Test
  void whatATerminalObeysIsReplaced() {
    assertThat(Excerpt.of("a\u001b[2J\n\u202eb")).isEqualTo("a?[2J??b");
  }

  @Test
  void ofAListTheFirstFiveAreNamed() {
    assertThat(Excerpt.of(List.of())).isEqualTo("none");
    assertThat(Excerpt.of(List.of("a", "b"))).isEqualTo("a, b");
    assertThat(Excerpt.of(List.of("1", "2", "3", "4", "5", "6"))).isEqualTo("1, 2, 3, 4, 5, ...");
  }
}
