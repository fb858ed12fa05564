package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  private static final List<Message> TALK =
      List.of(
          Message.user("What is it?"),
          Message.assistant("A bicycle."),
          Message.user("Its colour?"),
          Message.assistant("  Red \n"));

  private static Transcript transcript(String template, List<Message> conversation) {
    return new PromptRenderer(
            Fixture.TOKENIZER, ChatTemplate.parse(template, "test"), Fixture.CLOCK)
        .transcript(
            conversation,
            MediaTokens.NONE,
            Ending.LAST_MESSAGE,
            MediaPlacement.TEMPLATE,
            SpecialTokens.AS_TEXT);
  }

  private static String text(Transcript transcript, int from, int to) {
    return Fixture.TOKENIZER.decodeVerbatim(
        Arrays.copyOfRange(transcript.prompt().ids(), from, to));
  }

  private static List<String> answers(Transcript transcript) {
    return transcript.turns().stream()
        .map(turn -> text(transcript, turn.answer(), turn.end()))
        .toList();
  }

  @Test
  void answersAreFoundWithWhatClosesThem() {
    var transcript =
        Fixture.renderer()
            .transcript(
                TALK,
                MediaTokens.NONE,
                Ending.OPEN_ANSWER,
                MediaPlacement.TEMPLATE,
                SpecialTokens.AS_TEXT);
    assertThat(answers(transcript)).containsExactly("A bicycle.<|eot_id|>", "Red<|eot_id|>");
    assertThat(transcript.turns())
        .allSatisfy(turn ->
            assertThat(text(transcript, turn.opening(), turn.answer()))
                .isEqualTo("<|start_header_id|>assistant<|end_header_id|>\n\n"));
  }

  @Test
  void templatesOfOtherFamiliesHaveAnswersToo() {
    var chatml =
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content[0].text }}<|im_end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
    assertThat(answers(transcript(chatml, TALK)))
        .containsExactly("A bicycle.<|im_end|>\n", "  Red \n<|im_end|>\n");
  }

  /// The id of " it" cannot be cut in two; what the model is to say begins with it.
  @Test
  void anIdOnBothSidesOfABorderIsTheAnswers() {
    var template =
        "{% for m in messages %}{{ m.role }}: {{ m.content[0].text }}\n{% endfor %}"
            + "{% if add_generation_prompt %}assistant: {% endif %}";
    var talk = List.of(Message.user("x"), Message.assistant("the cat"));
    var transcript = transcript(template, talk);
    assertThat(answers(transcript)).containsExactly(" the cat\n");
    assertThat(Fixture.TOKENIZER.encode(" the", SpecialTokens.AS_TEXT)).hasSize(1);
  }

  @Test
  void aTemplateThatWritesEarlierMessagesOtherwiseLaterIsRefused() {
    var forgetful =
        "{{ messages | length }}{% for m in messages %}{{ m.content[0].text }}\n{% endfor %}";
    assertThatThrownBy(() -> transcript(forgetful, TALK))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("writes the first 1 messages otherwise when more follow");
  }

  @Test
  void aConversationBeginsWithAQuestion() {
    assertThatThrownBy(() ->
            transcript("{{ messages }}", List.of(Message.assistant("Hello"), Message.user("Hi"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("begins with the assistant");
  }

  @Test
  void mediaStandBetweenTheWordsWhereThatIsWanted() {
    var talk =
        List.of(
            Message.user(
                Content.text("Is "), Content.image(), Content.text(" like "), Content.image()),
            Message.assistant("No <|image|>"));
    var transcript =
        Fixture.renderer()
            .transcript(
                talk,
                new MediaTokens(List.of(2, 3), List.of()),
                Ending.LAST_MESSAGE,
                MediaPlacement.IN_PLACE,
                SpecialTokens.AS_TEXT);
    var text = text(transcript, 0, transcript.prompt().length());
    assertThat(text)
        .contains("Is " + "<|image|>".repeat(2) + " like " + "<|image|>".repeat(3) + "<|eot_id|>");
    assertThat(transcript.prompt().spans())
        .extracting(MediaSpan::index, MediaSpan::length)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0, 2), org.assertj.core.groups.Tuple.tuple(1, 3));
    assertThat(answers(transcript)).containsExactly("No <|image|><|eot_id|>");
  }

  /// Places count in characters, ids in bytes.
  @Test
  void placesAmongWideCharactersAreFound() {
    var text = "東京 🐱👍🏽 é <|eot_id|> the cat\n\n";
    for (int place = 0; place <= text.length(); place++) {
      var marks = new TextMarks(place);
      int[] ids = Fixture.TOKENIZER.encode(text, _ -> true, marks);
      int position = marks.positions()[0];
      byte[] before = text.substring(0, place).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      int bytes = 0;
      for (int i = 0; i < position; i++) {
        bytes += Fixture.TOKENIZER.bytes(ids[i]).length;
      }
      int next = position < ids.length ? Fixture.TOKENIZER.bytes(ids[position]).length : 1;
      boolean insidePair = place > 0 && Character.isHighSurrogate(text.charAt(place - 1));
      if (!insidePair) {
        assertThat(before.length).as("place %d", place).isBetween(bytes, bytes + next - 1);
      }
    }
  }
}
