package io.plm4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatamixTest {
  private static final Map<String, Source> KNOWN =
      Map.of(
          "one", Source.of("one", Path.of("one.jsonl")),
          "two", Source.of("two", Path.of("two.jsonl")));

  @Test
  void blanksDoNotMatter() {
    assertThat(Datamix.choose(" two : 3 , one:0.5", KNOWN))
        .extracting(source -> source.name() + source.weight().getAsDouble())
        .containsExactly("two3.0", "one0.5");
  }

  @Test
  void whatIsNoMixtureOfKnownSourcesIsRefused() {
    for (var wrong :
        new String[] {"", "one", "one:", "one:x", "one:1,", "one:1,one:2", "one:0", "three:1"}) {
      assertThatThrownBy(() -> Datamix.choose(wrong, KNOWN))
          .as(wrong)
          .isInstanceOf(InputException.class);
    }
    assertThatThrownBy(() -> Datamix.choose("three:1", KNOWN))
        .hasMessageContaining("there is no source three; there are one, two");
  }
}
