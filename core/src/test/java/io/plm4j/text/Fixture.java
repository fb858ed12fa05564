package io.plm4j.text;

import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/// The small tokenizer that the tests share: Llama 3's rules with 703 tokens of our own.
final class Fixture {
  static final Path FOLDER = folder();
  static final Tokenizer TOKENIZER = Tokenizer.read(FOLDER);
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);

  /// As for questions that people type.
  static final Spelling SPELLING =
      new Spelling(SpecialTokens.AS_TEXT, MediaPlacement.TEMPLATE, kind -> "the " + kind);

  private Fixture() {}

  static PromptRenderer renderer() {
    return new PromptRenderer(TOKENIZER, ChatTemplate.read(FOLDER), CLOCK);
  }

  static <T> T golden(String name, Class<T> type) {
    try (InputStream in = Fixture.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(JsonMapper.shared().readValue(in, type));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(Fixture.class.getResource("small")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
