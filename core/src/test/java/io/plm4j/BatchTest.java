package io.plm4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.generate.Batch;
import io.plm4j.generate.FinishReason;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Sampling;
import io.plm4j.media.Image;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyCheckpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many requests together: each answer must be the one that its request gets alone.
class BatchTest {
  @TempDir static Path folder;

  @BeforeAll
  static void write() {
    TinyCheckpoint.write(folder.resolve("model"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void anAnswerAmongOthersIsTheAnswerAloneToTheBit(DType type) {
    try (var plm =
        Plm.load(
            folder.resolve("model"),
            LoadOptions.DEFAULT.withType(type).withThreads(2).withPrefixCacheBytes(0))) {
      var requests = requests();
      var alone = requests.stream().map(request -> plm.ask(request, Listener.NONE)).toList();
      for (int together : new int[] {1, 3, Batch.WIDEST}) {
        var answers = new LinkedHashMap<Integer, Answer>();
        plm.askAll(requests.stream().map(BatchTest::supplier).iterator(), together, into(answers));
        assertThat(answers).hasSameSizeAs(requests);
        answers.forEach((index, answer) -> assertSame(answer, alone.get(index)));
      }
      assertThat(plm.askAll(requests))
          .extracting(Answer::text)
          .isEqualTo(alone.stream().map(Answer::text).toList());
    }
  }

  @Test
  void aRequestThatCannotBeAnsweredIsReportedAndTheOthersGoOn() {
    try (var plm = Plm.load(folder.resolve("model"))) {
      var answers = new LinkedHashMap<Integer, Answer>();
      var failures = new LinkedHashMap<Integer, RuntimeException>();
      List<Supplier<Request>> requests =
          List.of(
              () -> request("one", 3),
              () -> {
                throw new InputException("no such picture");
              },
              () -> request("three", 1_000_000),
              () -> request("four", 5));
      plm.askAll(requests.iterator(), 2, new Recorder(answers, failures));
      assertThat(answers.keySet()).containsExactlyInAnyOrder(0, 3);
      assertThat(failures.get(1)).hasMessage("no such picture");
      assertThat(failures.get(2))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("positions");

      assertThatThrownBy(() -> plm.askAll(List.of(request("one", 3), request("two", 1_000_000))))
          .isInstanceOf(InputException.class);
    }
  }

  @Test
  void aCancelledBatchEndsWithWhatItHas() {
    try (var plm = Plm.load(folder.resolve("model"))) {
      var answers = new LinkedHashMap<Integer, Answer>();
      var asked = new ArrayList<String>();
      List<Supplier<Request>> requests = new ArrayList<>();
      for (var prompt : List.of("one", "two", "three", "four")) {
        requests.add(() -> {
          asked.add(prompt);
          return request(prompt, prompt.equals("one") ? 2 : 200);
        });
      }
      plm.askAll(
          requests.iterator(),
          2,
          new BatchListener() {
            @Override
            public void answered(int index, Answer answer) {
              answers.put(index, answer);
            }

            @Override
            public void failed(int index, RuntimeException reason) {
              throw reason;
            }

            @Override
            public boolean cancelled() {
              return !answers.isEmpty();
            }
          });
      assertThat(asked).containsExactly("one", "two");
      assertThat(answers.values())
          .extracting(Answer::finishReason)
          .containsExactly(FinishReason.LENGTH, FinishReason.CANCELLED);
    }
  }

  @Test
  void aPictureIsEncodedOnceForAllItsQuestionsAndTheAnswersAreTheSame() {
    var noPrefixes = LoadOptions.DEFAULT.withPrefixCacheBytes(0);
    try (var plm = Plm.load(folder.resolve("model"), noPrefixes);
        var forgetful = Plm.load(folder.resolve("model"), noPrefixes.withFeatureCacheBytes(0))) {
      var first = plm.ask(Request.of("What?", picture(1)), Listener.NONE);
      var phases = new ArrayList<Listener.Phase>();
      var again =
          plm.ask(
              Request.of("What?", List.of(picture(1), picture(1)), List.of()),
              new Listener() {
                @Override
                public void phase(Phase begins) {
                  phases.add(begins);
                }
              });
      assertThat(phases).doesNotContain(Listener.Phase.VISION);
      assertThat(again.firstScores())
          .isEqualTo(
              forgetful
                  .ask(
                      Request.of("What?", List.of(picture(1), picture(1)), List.of()),
                      Listener.NONE)
                  .firstScores());
      assertThat(plm.ask(Request.of("What?", picture(2)), Listener.NONE).firstScores())
          .isNotEqualTo(first.firstScores());
    }
  }

  private static List<Request> requests() {
    var requests = new ArrayList<Request>();
    for (int i = 0; i < 11; i++) {
      var options =
          GenerationOptions.DEFAULT
              .withMaxNewTokens(1 + 3 * i % 20)
              .withSampling(
                  i % 3 == 0 ? new Sampling.Random(1.3, 0, 0.9, 0, i) : Sampling.greedy());
      var images = new ArrayList<Image>();
      for (int n = 0; n < i % 3; n++) {
        images.add(picture(i + n));
      }
      requests.add(Request.of("Question ".repeat(1 + i), images, List.of()).withOptions(options));
    }
    return requests;
  }

  private static Request request(String prompt, int newTokens) {
    return Request.of(prompt).withOptions(GenerationOptions.DEFAULT.withMaxNewTokens(newTokens));
  }

  private static Supplier<Request> supplier(Request request) {
    return () -> request;
  }

  private static BatchListener into(Map<Integer, Answer> answers) {
    return new Recorder(answers, new LinkedHashMap<>());
  }

  private record Recorder(Map<Integer, Answer> answers, Map<Integer, RuntimeException> failures)
      implements BatchListener {
    @Override
    public void answered(int index, Answer answer) {
      answers.put(index, answer);
    }

    @Override
    public void failed(int index, RuntimeException reason) {
      failures.put(index, reason);
    }
  }

  private static void assertSame(Answer together, Answer alone) {
    assertThat(together.tokens()).isEqualTo(alone.tokens());
    assertThat(together.text()).isEqualTo(alone.text());
    assertThat(together.promptTokens()).isEqualTo(alone.promptTokens());
    assertThat(together.finishReason()).isEqualTo(alone.finishReason());
    assertThat(together.firstScores()).isEqualTo(alone.firstScores());
  }

  private static Image picture(int seed) {
    var rgb = new byte[24 * 16 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * (seed + 3));
    }
    return Image.ofRgb(24, 16, rgb);
  }
}
