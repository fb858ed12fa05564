package io.plm4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.testkit.TinyCheckpoint;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.Content;
import io.plm4j.text.Ending;
import io.plm4j.text.MediaPlacement;
import io.plm4j.text.MediaTokens;
import io.plm4j.text.Message;
import io.plm4j.text.PromptRenderer;
import io.plm4j.text.SpecialTokens;
import io.plm4j.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The places of answers, which are traced through one encoding, are those that transformers' users
/// find by encoding the conversation up to each of them anew.
class TurnLabelsTest {
  private static final int CONVERSATIONS = Integer.getInteger("plm.fuzz.cases", 300);
  private static final String[] PIECES = {
    "a",
    "The",
    " cat",
    "zebra",
    "1234567",
    " ",
    "\n",
    "\n\n",
    "\t",
    "\r\n",
    ".",
    "?!",
    "'s",
    "...\n",
    "東京",
    "🐱",
    "👍🏽",
    "e\u0301",
    "\u00A0",
    "\u2003",
    "\u200B",
    "½",
    "<|eot_id|>",
    "<|eot",
    "<|start_header_id|>",
    "assistant",
    "ß",
    "\uFEFF",
    "</s>",
    "  x"
  };

  @Test
  void tracedAnswersAreThoseOfTheMethodOfPrefixes(@TempDir Path folder) {
    TinyCheckpoint.write(folder);
    var tokenizer = Tokenizer.read(folder);
    var renderer = new PromptRenderer(tokenizer, ChatTemplate.read(folder), Fixture.CLOCK);
    var random = new SplittableRandom(17);
    int turns = 0;
    for (int i = 0; i < CONVERSATIONS; i++) {
      var conversation = conversation(random);
      var policy = random.nextBoolean() ? SpecialTokens.AS_TEXT : SpecialTokens.PARSE;
      var transcript =
          renderer.transcript(
              conversation,
              tokens(conversation),
              Ending.LAST_MESSAGE,
              MediaPlacement.TEMPLATE,
              policy);
      var found = transcript.turns().iterator();
      for (int m = 0; m < conversation.size(); m++) {
        if (conversation.get(m).role() == io.plm4j.text.Role.ASSISTANT) {
          var turn = found.next();
          var before = conversation.subList(0, m);
          var through = conversation.subList(0, m + 1);
          assertThat(turn.answer())
              .as("%s", conversation)
              .isEqualTo(renderer.prompt(before, tokens(before), policy).length());
          assertThat(turn.end())
              .as("%s", conversation)
              .isEqualTo(length(renderer, through, policy));
          assertThat(turn.opening()).isEqualTo(length(renderer, before, policy));
          turns++;
        }
      }
      assertThat(found.hasNext()).isFalse();
    }
    assertThat(turns).isGreaterThan(CONVERSATIONS);
  }

  private static int length(PromptRenderer renderer, List<Message> messages, SpecialTokens policy) {
    return renderer
        .transcript(
            messages, tokens(messages), Ending.LAST_MESSAGE, MediaPlacement.TEMPLATE, policy)
        .prompt()
        .length();
  }

  private static MediaTokens tokens(List<Message> messages) {
    var images = new ArrayList<Integer>();
    for (var message : messages) {
      for (var part : message.content()) {
        if (part instanceof Content.ImageSlot) {
          images.add(4 * (images.size() + 1));
        }
      }
    }
    return new MediaTokens(images, List.of());
  }

  private static List<Message> conversation(SplittableRandom random) {
    var messages = new ArrayList<Message>();
    if (random.nextInt(3) == 0) {
      messages.add(Message.system(text(random)));
    }
    int pairs = random.nextInt(1, 5);
    for (int i = 0; i < pairs; i++) {
      messages.add(
          random.nextInt(3) == 0
              ? Message.user(Content.image(), Content.text(text(random)))
              : Message.user(text(random)));
      messages.add(Message.assistant(text(random)));
    }
    return messages;
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
