package io.plm4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.generate.FinishReason;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Sampling;
import io.plm4j.media.Image;
import io.plm4j.media.VisionInput;
import io.plm4j.media.video.Video;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyCheckpoint;
import io.plm4j.text.Content;
import io.plm4j.text.MediaSpan;
import io.plm4j.text.Message;
import io.plm4j.text.SpecialTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The facade on a complete tiny checkpoint in the published layout.
class PlmTest {
  @TempDir static Path folder;

  private static Plm plm;

  @BeforeAll
  static void load() {
    TinyCheckpoint.write(folder.resolve("model"));
    plm = Plm.load(folder.resolve("model"));
  }

  @AfterAll
  static void close() {
    plm.close();
  }

  @Test
  void differentPicturesGiveDifferentAnswers() {
    var one = plm.ask("What is this?", stripes(40, 30, 0xff0000));
    var other = plm.ask("What is this?", stripes(40, 30, 0x0000ff));
    assertThat(one.promptTokens()).isEqualTo(other.promptTokens());
    assertThat(one.firstScores()).isNotEqualTo(other.firstScores());
  }

  @Test
  void theOrderOfPicturesMatters() {
    var red = stripes(40, 30, 0xff0000);
    var blue = stripes(40, 30, 0x0000ff);
    assertThat(plm.ask("Compare.", red, blue).firstScores())
        .isNotEqualTo(plm.ask("Compare.", blue, red).firstScores());
  }

  @Test
  void aVideoIsSeenFrameByFrame() {
    var video = Video.of(List.of(stripes(40, 30, 0xff0000), stripes(40, 30, 0x0000ff)), 2);
    var backwards = Video.of(video.images().reversed(), 2);
    var request = Request.of("What happens?", video);

    var span = plm.prompt(request).spans().getFirst();
    assertThat(span.kind()).isEqualTo(MediaSpan.Kind.VIDEO);
    assertThat(span.length()).isEqualTo(2 * plm.config().tokensPerTile());
    assertThat(plm.ask("What happens?", video).firstScores())
        .isNotEqualTo(plm.ask("What happens?", backwards).firstScores());
  }

  @Test
  void picturesAndVideosShareAPrompt() {
    var red = stripes(40, 30, 0xff0000);
    var blue = stripes(40, 30, 0x0000ff);
    var one = Request.of("Compare.", List.of(red), List.of(Video.of(List.of(blue), 1)));
    var other = Request.of("Compare.", List.of(blue), List.of(Video.of(List.of(red), 1)));
    assertThat(plm.prompt(one)).isEqualTo(plm.prompt(other));
    assertThat(plm.ask(one, Listener.NONE).firstScores())
        .isNotEqualTo(plm.ask(other, Listener.NONE).firstScores());
  }

  @Test
  void thePromptHasTheTokensOfEveryTile() {
    var picture = stripes(64, 48, 0x00ff00);
    int perTile = plm.config().tokensPerTile();
    var request = Request.of("What?", picture);
    var vanilla =
        request.withImageSettings(plm.imageSettings().withVisionInput(VisionInput.VANILLA));

    assertThat(plm.prompt(vanilla).spans().getFirst().length()).isEqualTo(perTile);
    int tiles = plm.imageSettings().tileCount(64, 48);
    assertThat(plm.prompt(request).spans().getFirst().length()).isEqualTo(tiles * perTile);
  }

  @Test
  void theTextArrivesInPiecesThatMakeTheAnswer() {
    var pieces = new ArrayList<String>();
    var phases = new ArrayList<Listener.Phase>();
    var answer =
        plm.ask(
            Request.of("Go on.", stripes(20, 20, 0x123456)),
            new Listener() {
              @Override
              public void text(String piece) {
                pieces.add(piece);
              }

              @Override
              public void phase(Phase begins) {
                phases.add(begins);
              }
            });
    assertThat(String.join("", pieces)).isEqualTo(answer.text());
    assertThat(phases).containsExactly(Listener.Phase.values());
  }

  @Test
  void anAnswerEndsAtItsGreatestLength() {
    var answer = ask(GenerationOptions.DEFAULT.withMaxNewTokens(3), Listener.NONE);
    assertThat(answer.tokens()).hasSize(3);
    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void anAnswerEndsBeforeAStopString() {
    var whole = ask(GenerationOptions.DEFAULT.withMaxNewTokens(40), Listener.NONE).text();
    var stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
    var answer =
        ask(
            GenerationOptions.DEFAULT.withMaxNewTokens(40).withStopStrings(List.of(stop)),
            Listener.NONE);
    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP_STRING);
    assertThat(answer.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
  }

  @Test
  void aCancelledAnswerKeepsWhatThereWas() {
    var written = new StringBuilder();
    var answer =
        ask(
            GenerationOptions.DEFAULT.withMaxNewTokens(40),
            new Listener() {
              @Override
              public void text(String piece) {
                written.append(piece);
              }

              @Override
              public boolean cancelled() {
                return written.length() > 5;
              }
            });
    assertThat(answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(answer.text()).isEqualTo(written.toString()).hasSizeGreaterThan(5);
    assertThat(answer.tokens()).hasSizeLessThan(40);
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    var options =
        GenerationOptions.DEFAULT
            .withMaxNewTokens(20)
            .withSampling(new Sampling.Random(1.5, 0, 1, 0, 3));
    assertThat(ask(options, Listener.NONE).tokens())
        .isEqualTo(ask(options, Listener.NONE).tokens());
    var other = options.withSampling(new Sampling.Random(1.5, 0, 1, 0, 4));
    assertThat(ask(other, Listener.NONE).tokens())
        .isNotEqualTo(ask(options, Listener.NONE).tokens());
  }

  @Test
  void bothTypesAndAnyNumberOfThreadsStartWithTheSameToken() {
    int first = ask(GenerationOptions.DEFAULT.withMaxNewTokens(1), Listener.NONE).tokens()[0];
    for (var options :
        List.of(
            LoadOptions.DEFAULT.withThreads(1),
            LoadOptions.DEFAULT.withThreads(3),
            LoadOptions.DEFAULT.withType(DType.BF16))) {
      try (var other = Plm.load(folder.resolve("model"), options)) {
        var request = request().withOptions(GenerationOptions.DEFAULT.withMaxNewTokens(1));
        assertThat(other.ask(request, Listener.NONE).tokens()[0])
            .as("%s", options)
            .isEqualTo(first);
      }
    }
  }

  @Test
  void aContextThatWouldOverflowIsRefusedWithBothNumbers() {
    int positions = plm.config().decoder().maxPositions();
    assertThatThrownBy(
            () -> ask(GenerationOptions.DEFAULT.withMaxNewTokens(positions), Listener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(Integer.toString(positions))
        .hasMessageContaining(Integer.toString(plm.prompt(request()).length()));
  }

  @Test
  void typedSpecialTokensAreTextUnlessAskedFor() {
    int asText = plm.prompt(Request.of("a<|eot_id|>b")).length();
    int parsed =
        plm.prompt(Request.of("a<|eot_id|>b").withSpecialTokens(SpecialTokens.PARSE)).length();
    assertThat(asText).isGreaterThan(parsed);
  }

  @Test
  void picturesAndTheirPlacesMustBeAsMany() {
    var request =
        Request.of(
            List.of(Message.user(Content.image(), Content.image(), Content.text("two?"))),
            List.of(stripes(9, 9, 0)),
            List.of());
    assertThatThrownBy(() -> plm.prompt(request))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Places for pictures in the conversation: 2");
  }

  @Test
  void filesThatDoNotBelongTogetherAreNamed() throws IOException {
    var broken = folder.resolve("broken");
    TinyCheckpoint.write(broken);
    var config = broken.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config).replaceFirst("(\"image_token_id\"\\s*:\\s*)\\d+", "$1" + 7));
    assertThatThrownBy(() -> Plm.load(broken))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("image_token_id is 7");
  }

  private static Answer ask(GenerationOptions options, Listener listener) {
    return plm.ask(request().withOptions(options), listener);
  }

  private static Request request() {
    return Request.of("What do you see?", stripes(40, 30, 0xffff00));
  }

  private static Image stripes(int width, int height, int colour) {
    var rgb = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      if (i / 3 % 2 == 0) {
        rgb[3 * i] = (byte) (colour >> 16);
        rgb[3 * i + 1] = (byte) (colour >> 8);
        rgb[3 * i + 2] = (byte) colour;
      }
    }
    return Image.ofRgb(width, height, rgb);
  }
}
