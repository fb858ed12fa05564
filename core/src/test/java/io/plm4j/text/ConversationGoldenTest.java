package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Compares prompts with those of transformers 5.18.0's PerceptionLMProcessor for fourteen
/// conversations, each with and without the opening of an answer; `make_goldens.py` made the file.
/// Exact.
class ConversationGoldenTest {
  record Golden(
      List<JsonNode> messages,
      boolean opens,
      int[] ids,
      String text,
      List<Integer> images,
      List<Integer> videos) {
    List<Message> conversation() {
      return messages.stream().map(Golden::message).toList();
    }

    private static Message message(JsonNode node) {
      if (node.get("content").isString()) {
        return Message.system(node.get("content").stringValue());
      }
      List<Content> content = new ArrayList<>();
      for (JsonNode part : node.get("content")) {
        content.add(
            switch (part.get("type").stringValue()) {
              case "image" -> Content.image();
              case "video" -> Content.video();
              default -> Content.text(part.get("text").stringValue());
            });
      }
      return new Message(
          node.get("role").stringValue().equals("user") ? Role.USER : Role.ASSISTANT, content);
    }

    boolean spellsSpecialTokens() {
      return messages.toString().contains("<|");
    }
  }

  private static final Golden[] GOLDEN = Fixture.golden("conversations.json", Golden[].class);

  private static Prompt prompt(Golden golden, SpecialTokens policy) {
    var media = new MediaTokens(golden.images(), golden.videos());
    return golden.opens()
        ? Fixture.renderer().prompt(golden.conversation(), media, policy)
        : Fixture.renderer()
            .transcript(
                golden.conversation(), media, Ending.LAST_MESSAGE, MediaPlacement.TEMPLATE, policy)
            .prompt();
  }

  @Test
  void parsingSpecialTokensGivesTheIdsOfHuggingFace() {
    assertThat(GOLDEN).hasSize(28);
    for (Golden golden : GOLDEN) {
      assertThat(prompt(golden, SpecialTokens.PARSE).ids())
          .as(golden.text())
          .isEqualTo(golden.ids());
    }
  }

  @Test
  void messagesWithoutSpecialTokensGiveTheSameIdsEitherWay() {
    for (Golden golden : GOLDEN) {
      if (!golden.spellsSpecialTokens()) {
        assertThat(prompt(golden, SpecialTokens.AS_TEXT))
            .isEqualTo(prompt(golden, SpecialTokens.PARSE));
      }
    }
  }

  @Test
  void spansCoverExactlyThePlaceholders() {
    int image = Fixture.TOKENIZER.specialToken("<|image|>").orElseThrow();
    int video = Fixture.TOKENIZER.specialToken("<|video|>").orElseThrow();
    for (Golden golden : GOLDEN) {
      Prompt prompt = prompt(golden, SpecialTokens.PARSE);
      int covered = 0;
      for (MediaSpan span : prompt.spans()) {
        int id = span.kind() == MediaSpan.Kind.IMAGE ? image : video;
        List<Integer> lengths =
            span.kind() == MediaSpan.Kind.IMAGE ? golden.images() : golden.videos();
        assertThat(span.length()).isEqualTo(lengths.get(span.index()));
        for (int i = span.start(); i < span.start() + span.length(); i++) {
          assertThat(prompt.ids()[i]).isEqualTo(id);
          covered++;
        }
      }
      int placeholders = 0;
      for (int id : prompt.ids()) {
        placeholders += id == image || id == video ? 1 : 0;
      }
      assertThat(covered).isEqualTo(placeholders);
    }
  }
}
