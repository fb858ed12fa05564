package io.plm4j.text;

import io.plm4j.error.InputException;
import io.plm4j.text.MediaSpan.Kind;
import io.plm4j.text.jinja.TracedText;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Turns a conversation into the ids that a model reads, as Hugging Face's PerceptionLMProcessor
/// does.
///
/// Immutable, and safe for use by several threads.
public final class PromptRenderer {
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final Clock clock;

  /// @param clock for templates that state the date
  public PromptRenderer(Tokenizer tokenizer, ChatTemplate template, Clock clock) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.clock = clock;
  }

  /// A prompt that ends with the opening of the assistant's answer.
  ///
  /// @param media how many positions each picture and video of the conversation takes
  /// @param policy what becomes of special tokens that are spelled in the messages
  /// @throws InputException if the conversation does not fit the media or the template refuses it
  public Prompt prompt(List<Message> conversation, MediaTokens media, SpecialTokens policy) {
    return render(conversation, media, policy, ChatTemplate.Ending.OPEN_ANSWER);
  }

  /// A prompt that ends with the conversation's last message, for training.
  ///
  /// @param media how many positions each picture and video of the conversation takes
  /// @param policy what becomes of special tokens that are spelled in the messages
  /// @throws InputException if the conversation does not fit the media or the template refuses it
  public Prompt transcript(List<Message> conversation, MediaTokens media, SpecialTokens policy) {
    return render(conversation, media, policy, ChatTemplate.Ending.LAST_MESSAGE);
  }

  private Prompt render(
      List<Message> conversation,
      MediaTokens media,
      SpecialTokens policy,
      ChatTemplate.Ending ending) {
    if (conversation.isEmpty()) {
      throw new InputException("The conversation is empty: expected at least one message.");
    }
    for (Kind kind : Kind.values()) {
      checkSlots(kind, conversation, media.of(kind).size());
    }
    TracedText text = template.render(conversation, ending, tokenizer.namedTokens(), policy, clock);
    int[] ids = tokenizer.encode(text.toString(), index -> !text.isTyped(index));
    return expand(beginsDocument(ids) ? ids : tokenizer.framed(ids), media);
  }

  private static void checkSlots(Kind kind, List<Message> conversation, int given) {
    Class<? extends Content> slot =
        switch (kind) {
          case IMAGE -> Content.ImageSlot.class;
          case VIDEO -> Content.VideoSlot.class;
        };
    long slots =
        conversation.stream().flatMap(m -> m.content().stream()).filter(slot::isInstance).count();
    if (slots != given) {
      throw new InputException(
          "Given %s: %d. Places for %s in the conversation: %d. Give as many as there are places."
              .formatted(kind.plural(), given, kind.plural(), slots));
    }
  }

  /// A template that writes the token for the beginning itself gets no second one.
  private boolean beginsDocument(int[] ids) {
    OptionalInt begin =
        tokenizer.named("bos_token").map(tokenizer::specialToken).orElse(OptionalInt.empty());
    return begin.isPresent() && ids.length > 0 && ids[0] == begin.getAsInt();
  }

  /// Repeats each placeholder as often as its medium has positions.
  private Prompt expand(int[] ids, MediaTokens media) {
    Map<Kind, Integer> placeholders = new EnumMap<>(Kind.class);
    Map<Kind, Integer> seen = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      placeholders.put(kind, placeholder(kind, media));
      seen.put(kind, 0);
    }
    var expanded = new IntList();
    List<MediaSpan> spans = new ArrayList<>();
    for (int id : ids) {
      Kind kind = kindOf(id, placeholders);
      if (kind == null) {
        expanded.add(id);
        continue;
      }
      int index = seen.merge(kind, 1, Integer::sum) - 1;
      if (index < media.of(kind).size()) {
        int length = media.of(kind).get(index);
        spans.add(new MediaSpan(kind, index, expanded.size(), length));
        expanded.addRepeated(id, length);
      }
    }
    seen.forEach((kind, count) -> checkPlaceholders(kind, count, media.of(kind).size()));
    return new Prompt(expanded.toArray(), spans);
  }

  private static void checkPlaceholders(Kind kind, int found, int given) {
    if (found != given) {
      throw new InputException(
          "The prompt has %d placeholders for %d %s: %s"
              .formatted(
                  found,
                  given,
                  kind.plural(),
                  found > given
                      ? "a message spells the placeholder itself, and special tokens are parsed."
                      : "the chat template does not show all of them."));
    }
  }

  private static @Nullable Kind kindOf(int id, Map<Kind, Integer> placeholders) {
    for (Map.Entry<Kind, Integer> placeholder : placeholders.entrySet()) {
      if (placeholder.getValue() == id) {
        return placeholder.getKey();
      }
    }
    return null;
  }

  /// The placeholder's id, or -1 if the tokenizer has none and none is needed.
  private int placeholder(Kind kind, MediaTokens media) {
    OptionalInt id =
        tokenizer.named(kind.tokenName()).map(tokenizer::specialToken).orElse(OptionalInt.empty());
    if (id.isEmpty() && !media.of(kind).isEmpty()) {
      throw new InputException(
          "This tokenizer has no token for %s: expected \"%s\" in tokenizer_config.json to name a special token."
              .formatted(kind.plural(), kind.tokenName()));
    }
    return id.orElse(-1);
  }
}
