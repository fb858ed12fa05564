package io.plm4j.text;

import io.plm4j.error.InputException;
import io.plm4j.text.MediaSpan.Kind;
import io.plm4j.text.jinja.TracedText;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
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
    checkSlots(conversation, media);
    var text = text(conversation, Ending.OPEN_ANSWER, spelling(policy, MediaPlacement.TEMPLATE));
    return encode(text, media, TextMarks.NONE).prompt();
  }

  /// A whole conversation, for training.
  ///
  /// What counts as the assistant's is what the text has beyond that of the messages before it, as
  /// the model would be asked to go on with them. So it fits any template that writes a
  /// conversation from front to back, whatever its control tokens are.
  ///
  /// @param media how many positions each picture and video of the conversation takes
  /// @param ending what comes after the last message
  /// @param policy what becomes of special tokens that are spelled in the messages
  /// @throws InputException if the conversation does not fit the media, the template refuses it, or
  ///   it writes earlier messages otherwise when later ones follow
  public Transcript transcript(
      List<Message> conversation,
      MediaTokens media,
      Ending ending,
      MediaPlacement placement,
      SpecialTokens policy) {
    checkSlots(conversation, media);
    var spelling = spelling(policy, placement);
    var text = text(conversation, ending, spelling);
    var places = new IntList();
    for (int i = 0; i < conversation.size(); i++) {
      if (conversation.get(i).role() == Role.ASSISTANT) {
        var before = conversation.subList(0, i);
        if (before.isEmpty()) {
          throw new InputException(
              "The conversation begins with the assistant; expected a user's message before it.");
        }
        places.add(lengthOf(before, Ending.LAST_MESSAGE, spelling, text));
        places.add(lengthOf(before, Ending.OPEN_ANSWER, spelling, text));
        places.add(lengthOf(conversation.subList(0, i + 1), Ending.LAST_MESSAGE, spelling, text));
      }
    }
    var encoded = encode(text, media, new TextMarks(places.toArray()));
    List<Transcript.Turn> turns = new ArrayList<>();
    for (int i = 0; i < encoded.marks().length; i += 3) {
      turns.add(
          new Transcript.Turn(encoded.marks()[i], encoded.marks()[i + 1], encoded.marks()[i + 2]));
    }
    return new Transcript(encoded.prompt(), turns);
  }

  private TracedText text(List<Message> conversation, Ending ending, Spelling spelling) {
    return template.render(conversation, ending, tokenizer.namedTokens(), spelling, clock);
  }

  /// How much of the whole text the first messages make.
  private int lengthOf(List<Message> first, Ending ending, Spelling spelling, TracedText whole) {
    var text = text(first, ending, spelling);
    if (!whole.toString().startsWith(text.toString())) {
      throw new InputException(
          "The chat template writes the first %d messages otherwise when more follow, so that what the assistant says cannot be told apart. Train on everything instead, or with another template."
              .formatted(first.size()));
    }
    return text.length();
  }

  private Spelling spelling(SpecialTokens policy, MediaPlacement placement) {
    return new Spelling(
        policy,
        placement,
        kind -> tokenizer.named(kind.tokenName()).orElseThrow(() -> noPlaceholder(kind)));
  }

  private static void checkSlots(List<Message> conversation, MediaTokens media) {
    if (conversation.isEmpty()) {
      throw new InputException("The conversation is empty: expected at least one message.");
    }
    for (Kind kind : Kind.values()) {
      checkSlots(kind, conversation, media.of(kind).size());
    }
  }

  /// @param marks places among the ids
  private record Encoded(Prompt prompt, int[] marks) {}

  private Encoded encode(TracedText text, MediaTokens media, TextMarks marks) {
    int[] ids = tokenizer.encode(text.toString(), index -> !text.isTyped(index), marks);
    int[] places = marks.positions();
    if (!beginsDocument(ids)) {
      ids = tokenizer.framed(ids);
      int before = tokenizer.frame().before().length;
      places = Arrays.stream(places).map(place -> place + before).toArray();
    }
    return expand(ids, places, media);
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
  private Encoded expand(int[] ids, int[] places, MediaTokens media) {
    Map<Kind, Integer> placeholders = new EnumMap<>(Kind.class);
    Map<Kind, Integer> seen = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      placeholders.put(kind, placeholder(kind, media));
      seen.put(kind, 0);
    }
    var expanded = new IntList();
    List<MediaSpan> spans = new ArrayList<>();
    int[] marks = new int[places.length];
    int marked = 0;
    for (int i = 0; i < ids.length; i++) {
      while (marked < places.length && places[marked] == i) {
        marks[marked++] = expanded.size();
      }
      int id = ids[i];
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
    Arrays.fill(marks, marked, marks.length, expanded.size());
    seen.forEach((kind, count) -> checkPlaceholders(kind, count, media.of(kind).size()));
    return new Encoded(new Prompt(expanded.toArray(), spans), marks);
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
      throw noPlaceholder(kind);
    }
    return id.orElse(-1);
  }

  private static InputException noPlaceholder(Kind kind) {
    return new InputException(
        "This tokenizer has no token for %s: expected \"%s\" in tokenizer_config.json to name a special token."
            .formatted(kind.plural(), kind.tokenName()));
  }
}
