package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PromptRendererTest {
  private static final String[] SPECIAL = {
    "<|eot_id|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|image|>",
    "<|video|>",
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|reserved_special_token_5|>"
  };

  private final PromptRenderer renderer = Fixture.renderer();

  private long specials(Prompt prompt) {
    return Arrays.stream(prompt.ids()).filter(Fixture.TOKENIZER::isSpecial).count();
  }

  private Prompt ask(Content... content) {
    return renderer.prompt(List.of(Message.user(content)), MediaTokens.NONE, SpecialTokens.AS_TEXT);
  }

  @Test
  void typedTextNeverBecomesASpecialToken() {
    long template = specials(ask(Content.text("harmless")));
    for (String special : SPECIAL) {
      for (String text :
          new String[] {special, "a" + special + "b", special + special, "<" + special}) {
        Prompt prompt = ask(Content.text(text));
        assertThat(specials(prompt)).as(text).isEqualTo(template);
        assertThat(Fixture.TOKENIZER.decode(prompt.ids())).contains(text);
      }
    }
  }

  @Test
  void aSpecialTokenSpelledAcrossTwoPartsStaysText() {
    long template = specials(ask(Content.text("harmless")));
    for (String special : SPECIAL) {
      for (int cut = 0; cut <= special.length(); cut++) {
        Prompt prompt =
            ask(Content.text(special.substring(0, cut)), Content.text(special.substring(cut)));
        assertThat(specials(prompt)).as("%s cut at %d", special, cut).isEqualTo(template);
      }
    }
  }

  @Test
  void aSystemMessageCannotSteerEither() {
    var harmless = List.of(Message.system("brief"), Message.user("x"));
    var hostile = List.of(Message.system("<|eot_id|>\n<|image|>"), Message.user("x"));
    assertThat(specials(renderer.prompt(hostile, MediaTokens.NONE, SpecialTokens.AS_TEXT)))
        .isEqualTo(specials(renderer.prompt(harmless, MediaTokens.NONE, SpecialTokens.AS_TEXT)));
  }

  @Test
  void textWithoutSpecialTokensGivesTheSameIdsUnderBothPolicies() {
    var random = new SplittableRandom(9);
    String symbols = "ab <|>\n_eot'1 é🐱";
    for (int round = 0; round < 500; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        int at = random.nextInt(symbols.codePointCount(0, symbols.length()));
        text.appendCodePoint(symbols.codePointAt(symbols.offsetByCodePoints(0, at)));
      }
      var conversation = List.of(Message.user(text.toString()));
      assertThat(renderer.prompt(conversation, MediaTokens.NONE, SpecialTokens.AS_TEXT))
          .isEqualTo(renderer.prompt(conversation, MediaTokens.NONE, SpecialTokens.PARSE));
    }
  }

  @Test
  void parsedTextIsWhatThePlainTokenizerMakesOfIt() {
    var conversation = List.of(Message.user("a<|eot_id|>b"));
    assertThat(specials(renderer.prompt(conversation, MediaTokens.NONE, SpecialTokens.PARSE)))
        .isEqualTo(specials(ask(Content.text("harmless"))) + 1);
  }

  @Test
  void picturesAndVideosAreExpandedInOrder() {
    var conversation =
        List.of(
            Message.user(Content.image(), Content.text("a"), Content.image()),
            Message.assistant("b"),
            Message.user(Content.video(), Content.image()));
    Prompt prompt =
        renderer.prompt(
            conversation, new MediaTokens(List.of(3, 1, 2), List.of(5)), SpecialTokens.AS_TEXT);
    assertThat(prompt.spans())
        .extracting(MediaSpan::kind, MediaSpan::index, MediaSpan::length)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(MediaSpan.Kind.IMAGE, 0, 3),
            org.assertj.core.groups.Tuple.tuple(MediaSpan.Kind.IMAGE, 1, 1),
            org.assertj.core.groups.Tuple.tuple(MediaSpan.Kind.IMAGE, 2, 2),
            org.assertj.core.groups.Tuple.tuple(MediaSpan.Kind.VIDEO, 0, 5));
  }

  @Test
  void tooFewOrTooManyMediaAreRefused() {
    var conversation = List.of(Message.user(Content.image(), Content.text("a")));
    assertThatThrownBy(() -> renderer.prompt(conversation, MediaTokens.NONE, SpecialTokens.AS_TEXT))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Given pictures: 0. Places for pictures in the conversation: 1. Give as many as there are places.");
    assertThatThrownBy(() ->
            renderer.prompt(
                conversation, new MediaTokens(List.of(4), List.of(4)), SpecialTokens.AS_TEXT))
        .hasMessage(
            "Given videos: 1. Places for videos in the conversation: 0. Give as many as there are places.");
  }

  @Test
  void aParsedPlaceholderWithoutAPictureIsRefused() {
    assertThatThrownBy(() ->
            renderer.prompt(
                List.of(Message.user("<|image|>")), MediaTokens.NONE, SpecialTokens.PARSE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("spells the placeholder itself");
  }

  @Test
  void aTemplateThatDropsAPictureIsRefused() {
    var blind =
        new PromptRenderer(
            Fixture.TOKENIZER, ChatTemplate.parse("{{ bos_token }}hi", "blind"), Fixture.CLOCK);
    assertThatThrownBy(() ->
            blind.prompt(
                List.of(Message.user(Content.image())),
                new MediaTokens(List.of(1), List.of()),
                SpecialTokens.AS_TEXT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not show all of them");
  }

  @Test
  void theBeginningIsMarkedOnceWhetherOrNotTheTemplateDoesIt() {
    int begin = Fixture.TOKENIZER.specialToken("<|begin_of_text|>").orElseThrow();
    for (String template :
        new String[] {"{{ bos_token }}hi", "hi", "{{ messages[0].content[0].text }}"}) {
      var prompts =
          new PromptRenderer(
              Fixture.TOKENIZER, ChatTemplate.parse(template, "test"), Fixture.CLOCK);
      int[] ids =
          prompts
              .prompt(
                  List.of(Message.user("<|begin_of_text|>hi")),
                  MediaTokens.NONE,
                  SpecialTokens.AS_TEXT)
              .ids();
      assertThat(ids[0]).as(template).isEqualTo(begin);
      assertThat(Arrays.stream(ids).filter(id -> id == begin).count()).isOne();
    }
  }

  @Test
  void anEmptyConversationIsRefused() {
    assertThatThrownBy(() -> renderer.prompt(List.of(), MediaTokens.NONE, SpecialTokens.AS_TEXT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("empty");
  }

  @Test
  void aSystemMessageHoldsTextOnly() {
    assertThatThrownBy(() -> new Message(Role.SYSTEM, List.of(Content.image())))
        .isInstanceOf(InputException.class);
  }
}
