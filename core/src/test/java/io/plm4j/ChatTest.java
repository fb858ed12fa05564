package io.plm4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.generate.FinishReason;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.media.Image;
import io.plm4j.media.VisionInput;
import io.plm4j.testkit.TinyCheckpoint;
import io.plm4j.text.Message;
import io.plm4j.text.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Conversations: what a follow-up costs, and that it changes no answer.
class ChatTest {
  private static final GenerationOptions SHORT = GenerationOptions.DEFAULT.withMaxNewTokens(12);

  @TempDir static Path folder;

  private static Plm plm;

  @BeforeAll
  static void load() {
    TinyCheckpoint.write(folder.resolve("model"));
    // What conversations share with one another has its own tests.
    plm = Plm.load(folder.resolve("model"), LoadOptions.DEFAULT.withPrefixCacheBytes(0));
  }

  @AfterAll
  static void close() {
    plm.close();
  }

  @Test
  void aFollowUpGetsTheAnswerThatTheWholeConversationGets() {
    try (var chat = plm.chat()) {
      ask(chat, "What is this?", picture(0xff0000));
      ask(chat, "And beside it?", picture(0x00ff00));
      var answer = ask(chat, "What differs?");

      var messages = chat.said().conversation();
      var whole =
          Request.of(messages.subList(0, messages.size() - 1), chat.said().images(), List.of())
              .withOptions(SHORT);
      var alone = plm.ask(whole, Listener.NONE);
      assertThat(answer.tokens()).isEqualTo(alone.tokens());
      assertThat(answer.promptTokens()).isEqualTo(alone.promptTokens());
      assertThat(alone.reusedTokens()).isZero();
    }
  }

  @Test
  void aFollowUpEncodesNothingAgainAndReadsOnlyWhatIsNew() {
    try (var chat = plm.chat()) {
      var first = ask(chat, "What is this?", picture(0xff0000));
      var phases = new ArrayList<Listener.Phase>();
      var second =
          chat.ask(
              Request.of("Why?").withOptions(SHORT),
              new Listener() {
                @Override
                public void phase(Phase begins) {
                  phases.add(begins);
                }
              });
      assertThat(first.reusedTokens()).isZero();
      assertThat(second.reusedTokens()).isGreaterThanOrEqualTo(first.promptTokens());
      assertThat(phases)
          .containsExactly(Listener.Phase.PREFILL, Listener.Phase.DECODE, Listener.Phase.DONE);
    }
  }

  @Test
  void anotherPictureInTheSamePlaceIsLookedAt() {
    try (var chat = plm.chat()) {
      ask(chat, "What is this?", picture(0xff0000));
      chat.reset();
      assertThat(chat.said().conversation()).isEmpty();
      var blue = ask(chat, "What is this?", picture(0x0000ff));

      var alone =
          plm.ask(Request.of("What is this?", picture(0x0000ff)).withOptions(SHORT), Listener.NONE);
      assertThat(blue.tokens()).isEqualTo(alone.tokens());
      // Behind a prefix, a prompt is multiplied in other pieces.
      for (int i = 0; i < alone.firstScores().size(); i++) {
        assertThat(blue.firstScores().get(i).logit())
            .isCloseTo(alone.firstScores().get(i).logit(), Offset.offset(2e-4f));
      }
      assertThat(blue.reusedTokens()).isEqualTo(systemTokens());
    }
  }

  @Test
  void otherSettingsCutThePicturesAnew() {
    try (var chat = plm.chat()) {
      var picture = picture(0xff0000);
      var tiles = ask(chat, "What is this?", picture);
      var settings = plm.imageSettings().withVisionInput(VisionInput.VANILLA);
      var request = Request.of("Why?").withImageSettings(settings).withOptions(SHORT);
      var whole = chat.ask(request, Listener.NONE);
      assertThat(whole.promptTokens()).isLessThan(tiles.promptTokens());
      assertThat(whole.reusedTokens()).isEqualTo(systemTokens());
    }
  }

  @Test
  void aCancelledAnswerStaysAsFarAsItCameAndTheConversationGoesOn() {
    try (var chat = plm.chat()) {
      var written = new StringBuilder();
      var cancelled =
          chat.ask(
              Request.of("Tell.", picture(0xff0000)),
              new Listener() {
                @Override
                public void text(String piece) {
                  written.append(piece);
                }

                @Override
                public boolean cancelled() {
                  return written.length() > 4;
                }
              });
      assertThat(cancelled.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(chat.said().conversation()).last().isEqualTo(Message.assistant(cancelled.text()));
      assertThat(ask(chat, "Go on.").reusedTokens()).isGreaterThan(cancelled.promptTokens());
    }
  }

  @Test
  void aQuestionThatWasStoppedBeforeAWordIsForgotten() {
    try (var chat = plm.chat()) {
      chat.ask(
          Request.of("Tell.", picture(0xff0000)),
          new Listener() {
            @Override
            public boolean cancelled() {
              return true;
            }
          });
      assertThat(chat.said().conversation()).isEmpty();
      assertThat(ask(chat, "What is this?", picture(0xff0000)).tokens())
          .isEqualTo(
              plm.ask(
                      Request.of("What is this?", picture(0xff0000)).withOptions(SHORT),
                      Listener.NONE)
                  .tokens());
    }
  }

  @Test
  void aRefusedQuestionLeavesTheConversationAsItWas() {
    try (var chat = plm.chat()) {
      ask(chat, "What is this?", picture(0xff0000));
      var before = chat.said().conversation();
      assertThatThrownBy(() ->
              chat.ask(
                  Request.of("Why?")
                      .withOptions(GenerationOptions.DEFAULT.withMaxNewTokens(1_000_000)),
                  Listener.NONE))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("positions");
      assertThat(chat.said().conversation()).isEqualTo(before);
      assertThat(before).extracting(Message::role).containsExactly(Role.USER, Role.ASSISTANT);
    }
  }

  private static Answer ask(Chat chat, String question, Image... shown) {
    return chat.ask(
        Request.of(question, List.of(shown), List.of()).withOptions(SHORT), Listener.NONE);
  }

  /// What stands before the first picture of every prompt.
  private static int systemTokens() {
    return plm.prompt(Request.of("Why?", picture(0))).spans().getFirst().start();
  }

  private static Image picture(int rgb) {
    int width = 30;
    int height = 20;
    var bytes = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      boolean stripe = i % width / 5 % 2 == 0;
      bytes[3 * i] = (byte) (stripe ? rgb >> 16 : 0);
      bytes[3 * i + 1] = (byte) (stripe ? rgb >> 8 : 0);
      bytes[3 * i + 2] = (byte) (stripe ? rgb : 0);
    }
    return Image.ofRgb(width, height, bytes);
  }
}
