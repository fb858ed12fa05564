package io.plm4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.adapter.AdapterConfig;
import io.plm4j.adapter.Targets;
import io.plm4j.generate.FinishReason;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Guesses;
import io.plm4j.generate.Guessing;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Sampling;
import io.plm4j.generate.constraint.Constraint;
import io.plm4j.media.Image;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyAdapter;
import io.plm4j.testkit.TinyCheckpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The law of guessing: the answer is what it is without, in every part.
class GuessingTest {
  private static final String[] WORDS = {
    "red", "car", "the", "three", "cat", "left", "of", "bar", "is", "a", "2024", "%"
  };

  @TempDir static Path folder;

  @BeforeAll
  static void write() {
    TinyCheckpoint.write(folder.resolve("model"));
  }

  private static Plm load(String type) {
    return Plm.load(folder.resolve("model"), options(type));
  }

  /// Nothing is taken from an earlier answer: what is read in other pieces is rounded otherwise.
  private static LoadOptions options(String type) {
    return LoadOptions.DEFAULT.withType(DType.valueOf(type)).withThreads(1).withPrefixCacheBytes(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void aHundredAnswersAreTheSameWithAndWithout(String type) {
    try (var plm = load(type)) {
      int accepted = 0;
      for (int seed = 0; seed < 100; seed++) {
        accepted += assertSame(plm, request(seed)).accepted();
      }
      assertThat(accepted).as("guesses that were right").isGreaterThan(100);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "int4"})
  void answersOfAQuantisedModelAreTheSameWithAndWithout(String formats) {
    var options = options("F32").withQuantization(QuantizationRecipe.of(formats));
    try (var plm = Plm.load(folder.resolve("model"), options)) {
      int accepted = 0;
      for (int seed = 0; seed < 10; seed++) {
        accepted += assertSame(plm, request(seed)).accepted();
      }
      assertThat(accepted).as("guesses that were right").isPositive();
    }
  }

  /// Prompts and settings that differ in everything that may end or bend an answer.
  private static Request request(int seed) {
    var random = new SplittableRandom(seed);
    var words = new StringBuilder();
    for (int i = 0; i < 1 + random.nextInt(40); i++) {
      words.append(WORDS[random.nextInt(1 + random.nextInt(WORDS.length))]).append(' ');
    }
    var images = seed % 5 == 0 ? List.of(picture(seed)) : List.<Image>of();
    var options =
        GenerationOptions.DEFAULT
            .withMaxNewTokens(1 + random.nextInt(32))
            .withRepetitionPenalty(seed % 4 == 1 ? 1.2 : 1)
            .withStopStrings(seed % 4 == 2 ? List.of("e") : List.of());
    return Request.of(words.toString(), images, List.of()).withOptions(options);
  }

  private static Guesses assertSame(Plm plm, Request request) {
    var without = ask(plm, request, Guessing.NEVER, Integer.MAX_VALUE);
    assertThat(without.answer.guesses()).isEqualTo(Guesses.NONE);
    var sometimes = ask(plm, request, Guessing.WHEN_IT_PAYS, Integer.MAX_VALUE);
    assertSame(sometimes, without);
    var always = ask(plm, request, Guessing.ALWAYS, Integer.MAX_VALUE);
    assertSame(always, without);
    return always.answer.guesses();
  }

  private static void assertSame(Heard found, Heard wanted) {
    assertThat(found.answer.tokens()).isEqualTo(wanted.answer.tokens());
    assertThat(found.answer.text()).isEqualTo(wanted.answer.text());
    assertThat(found.answer.finishReason()).isEqualTo(wanted.answer.finishReason());
    assertThat(found.answer.firstScores()).isEqualTo(wanted.answer.firstScores());
    assertThat(found.pieces).isEqualTo(wanted.pieces);
  }

  private record Heard(Answer answer, List<String> pieces) {}

  /// @param pieces of text after which the listener cancels
  private static Heard ask(Plm plm, Request request, Guessing guessing, int pieces) {
    var heard = new ArrayList<String>();
    var answer =
        plm.ask(
            request.withOptions(request.options().withGuessing(guessing)),
            new Listener() {
              @Override
              public void text(String piece) {
                heard.add(piece);
              }

              @Override
              public boolean cancelled() {
                return heard.size() >= pieces;
              }
            });
    return new Heard(answer, heard);
  }

  @Test
  void aForcedFormIsTheSameWithAndWithout() {
    try (var plm = load("F32")) {
      for (var form : List.of("(ab){1,40}", "[a-c ]{20,60}", "(yes|no)(, (yes|no)){5,12}")) {
        for (int seed = 0; seed < 5; seed++) {
          var request = request(4 * seed);
          assertSame(
              plm,
              request.withOptions(
                  request.options().withMaxNewTokens(64).withConstraint(Constraint.regex(form))));
        }
      }
    }
  }

  @Test
  void aCancelledAnswerIsTheSameWithAndWithout() {
    try (var plm = load("F32")) {
      for (int pieces = 0; pieces < 12; pieces++) {
        var request = request(8).withOptions(GenerationOptions.DEFAULT.withMaxNewTokens(60));
        var without = ask(plm, request, Guessing.NEVER, pieces);
        assertSame(ask(plm, request, Guessing.ALWAYS, pieces), without);
        assertThat(without.answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
      }
    }
  }

  @Test
  void aConversationGoesOnAsWithout() {
    try (var plm = load("BF16");
        var with = plm.chat();
        var without = plm.chat()) {
      for (int turn = 0; turn < 4; turn++) {
        var request = request(20 + turn);
        var options = request.options().withStopStrings(List.of());
        var guessed =
            with.ask(request.withOptions(options.withGuessing(Guessing.ALWAYS)), Listener.NONE);
        var plain =
            without.ask(request.withOptions(options.withGuessing(Guessing.NEVER)), Listener.NONE);
        assertThat(guessed.tokens()).isEqualTo(plain.tokens());
        assertThat(guessed.reusedTokens()).isEqualTo(plain.reusedTokens());
      }
    }
  }

  @Test
  void aListenerThatFailsAmidRightGuessesLeavesAConversationThatGoesOn() {
    try (var plm = load("F32");
        var with = plm.chat();
        var without = plm.chat()) {
      var options = GenerationOptions.DEFAULT.withMaxNewTokens(60).withGuessing(Guessing.ALWAYS);
      var request = request(8).withOptions(options);
      for (int failing = 1; failing < 20; failing++) {
        int last = failing;
        var heard = new ArrayList<String>();
        try {
          with.ask(
              request,
              new Listener() {
                @Override
                public void text(String piece) {
                  heard.add(piece);
                  if (heard.size() == last) {
                    throw new IllegalStateException("full");
                  }
                }
              });
        } catch (IllegalStateException _) {
          // as intended
        }
      }
      assertThat(with.ask(request, Listener.NONE).tokens())
          .isEqualTo(without.ask(request, Listener.NONE).tokens());
    }
  }

  @Test
  void drawnTokensAreNotGuessed() {
    try (var plm = load("F32")) {
      var options =
          GenerationOptions.DEFAULT
              .withMaxNewTokens(40)
              .withSampling(new Sampling.Random(0.1, 0, 1, 0, 1))
              .withGuessing(Guessing.ALWAYS);
      assertThat(plm.ask(request(8).withOptions(options), Listener.NONE).guesses())
          .isEqualTo(Guesses.NONE);
    }
  }

  @Test
  void besideAnAdapterNothingIsGuessedBecauseItsProductsDoNotKeepRowsApart() {
    var adapter = folder.resolve("adapter");
    TinyAdapter.write(
        adapter,
        folder.resolve("model"),
        AdapterConfig.of(AdapterConfig.Kind.LORA, new Targets.Suffixes(List.of("q_proj"))));
    try (var plm = Plm.load(folder.resolve("model"), LoadOptions.DEFAULT.withAdapter(adapter))) {
      var options = GenerationOptions.DEFAULT.withGuessing(Guessing.ALWAYS);
      assertThat(plm.ask(request(8).withOptions(options), Listener.NONE).guesses())
          .isEqualTo(Guesses.NONE);
    }
  }

  private static Image picture(int seed) {
    var rgb = new byte[24 * 16 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * (seed + 3));
    }
    return Image.ofRgb(24, 16, rgb);
  }
}
