package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.media.MediaSettings;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.Content;
import io.plm4j.text.Ending;
import io.plm4j.text.MediaPlacement;
import io.plm4j.text.MediaTokens;
import io.plm4j.text.Message;
import io.plm4j.text.Prompt;
import io.plm4j.text.PromptRenderer;
import io.plm4j.text.Role;
import io.plm4j.text.SpecialTokens;
import io.plm4j.text.Tokenizer;
import io.plm4j.text.Transcript;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes examples of rows, in the words and tiles of one checkpoint.
///
/// A row of text alone stays one. Meta's trainer shows it a white picture and ignores what is seen,
/// because each of its processes must run every layer as often as the others do; here there is one.
///
/// Immutable, and safe for use by several threads.
public final class ExampleMaker {
  private static final String END_OF_TEXT = "<|end_of_text|>";

  private final Tokenizer tokenizer;
  private final PromptRenderer renderer;
  private final MediaSettings media;
  private final ExampleSettings settings;

  /// @param renderer with the same tokenizer
  /// @param media how pictures and frames are cut
  public ExampleMaker(
      Tokenizer tokenizer, PromptRenderer renderer, MediaSettings media, ExampleSettings settings) {
    this.tokenizer = tokenizer;
    this.renderer = renderer;
    this.media = media;
    this.settings = settings;
    if (settings.labels() == Labels.PLM
        && settings.format() == Format.CHAT
        && tokenizer.specialToken(END_OF_TEXT).isEmpty()) {
      throw new InputException(
          "labels as Meta's need the token %s, which this tokenizer does not have"
              .formatted(END_OF_TEXT));
    }
  }

  /// With the tokenizer and the chat template of a checkpoint's folder.
  ///
  /// @param media how pictures and frames are cut: the checkpoint's own settings, or others
  /// @param clock for templates that state the date
  public static ExampleMaker of(
      Path checkpoint, MediaSettings media, ExampleSettings settings, Clock clock) {
    var tokenizer = Tokenizer.read(checkpoint);
    return new ExampleMaker(
        tokenizer,
        new PromptRenderer(tokenizer, ChatTemplate.read(checkpoint), clock),
        media,
        settings);
  }

  /// @param turns questions with their answers that did not fit
  record Made(Example example, int droppedTurns) {}

  /// @throws InputException saying what is wrong with the row
  Made make(Row row, String origin) {
    var pictures = Sight.pictures(row.pictures(), media);
    var videos = row.videos().stream().map(v -> Sight.video(v, settings.frames(), media)).toList();
    var made =
        switch (settings.format()) {
          case CHAT ->
              row.asking() == Asking.ALONE
                  ? alone(row, pictures, videos)
                  : chat(row, pictures, videos);
          case WARMUP ->
              new Written(
                  new Warmup(tokenizer, settings.specialTokens())
                      .write(row.messages(), tokens(pictures, videos)),
                  0);
        };
    var prompt = made.labelled().prompt();
    requireRoom(prompt.length());
    int[] names = row.seen().map(seen -> names(prompt, seen)).orElse(Example.Media.NO_NAMES);
    var example =
        new Example(
            origin,
            prompt.ids(),
            made.labelled().labels(),
            shown(prompt, pictures, videos, names),
            made.labelled().tree());
    if (example.predicted() == 0) {
      throw new InputException("none of its positions is learnt");
    }
    return new Made(example, made.droppedTurns());
  }

  private record Written(Labelled labelled, int droppedTurns) {}

  private static MediaTokens tokens(List<Sight> pictures, List<Sight> videos) {
    return new MediaTokens(
        pictures.stream().map(Sight::positions).toList(),
        videos.stream().map(Sight::positions).toList());
  }

  private Written chat(Row row, List<Sight> pictures, List<Sight> videos) {
    var messages = row.messages();
    int dropped = 0;
    while (true) {
      var transcript = transcript(messages, row.placement(), pictures, videos);
      var labelled = labelled(transcript, dropped == 0);
      int length = labelled.prompt().length();
      if (length <= settings.maxLength() || settings.overflow() == Overflow.SKIP) {
        return new Written(labelled, dropped);
      }
      var shorter = fitting(messages, transcript);
      if (shorter.isEmpty()) {
        requireRoom(length);
      }
      dropped += turns(messages) - turns(shorter);
      messages = shorter;
    }
  }

  private Transcript transcript(
      List<Message> messages, MediaPlacement placement, List<Sight> pictures, List<Sight> videos) {
    return renderer.transcript(
        messages,
        tokens(
            pictures.subList(0, slots(messages, Content.ImageSlot.class, pictures)),
            videos.subList(0, slots(messages, Content.VideoSlot.class, videos))),
        settings.labels() == Labels.CARD ? Ending.OPEN_ANSWER : Ending.LAST_MESSAGE,
        placement,
        settings.specialTokens());
  }

  /// Each question in a branch of its own.
  private Written alone(Row row, List<Sight> pictures, List<Sight> videos) {
    if (settings.labels() == Labels.CARD) {
      throw new InputException(
          "its questions are asked alone, and then only answers can be learnt, not labels: card");
    }
    var branches =
        Alone.of(row).stream()
            .map(
                messages -> labelled(transcript(messages, row.placement(), pictures, videos), true))
            .toList();
    int fitting = branches.size();
    while (fitting > 1
        && settings.overflow() == Overflow.DROP_TURNS
        && Alone.length(branches.subList(0, fitting)) > settings.maxLength()) {
      fitting--;
    }
    return new Written(Alone.join(branches.subList(0, fitting)), branches.size() - fitting);
  }

  private static int slots(
      List<Message> messages, Class<? extends Content> slot, List<Sight> sights) {
    long slots =
        messages.stream().flatMap(m -> m.content().stream()).filter(slot::isInstance).count();
    // Where there are more slots than sights, the renderer says so.
    return (int) Math.min(slots, sights.size());
  }

  /// The first messages whose last answer ends within the room, and that are fewer than all.
  private List<Message> fitting(List<Message> messages, Transcript transcript) {
    int answers = turns(messages) - 1;
    while (answers > 0 && transcript.turns().get(answers - 1).end() > settings.maxLength()) {
      answers--;
    }
    int kept = 0;
    for (int seen = 0; seen < answers; kept++) {
      seen += messages.get(kept).role() == Role.ASSISTANT ? 1 : 0;
    }
    return messages.subList(0, kept);
  }

  private static int turns(List<Message> messages) {
    return (int) messages.stream().filter(m -> m.role() == Role.ASSISTANT).count();
  }

  private void requireRoom(int length) {
    if (length > settings.maxLength()) {
      throw new InputException(
          "it has %d positions, more than the maximum length of %d"
              .formatted(length, settings.maxLength()));
    }
  }

  /// @param whole whether no turn was left out, so that the text ends here
  private Labelled labelled(Transcript transcript, boolean whole) {
    var prompt = transcript.prompt();
    int[] ids = prompt.ids();
    int[] labels = new int[ids.length];
    switch (settings.labels()) {
      case ASSISTANT -> {
        Arrays.fill(labels, Example.IGNORED);
        transcript.turns().forEach(turn -> copy(ids, labels, turn.answer(), turn.end()));
      }
      case PLM -> {
        Arrays.fill(labels, Example.IGNORED);
        transcript.turns().forEach(turn -> copy(ids, labels, turn.opening(), turn.end()));
        if (whole) {
          int end = tokenizer.specialToken(END_OF_TEXT).orElseThrow();
          return new Labelled(new Prompt(append(ids, end), prompt.spans()), append(labels, end));
        }
      }
      case SEEN -> Arrays.fill(labels, Example.IGNORED);
      case CARD -> {
        copy(ids, labels, 0, ids.length);
        for (var span : prompt.spans()) {
          Arrays.fill(labels, span.start(), span.start() + span.length(), Example.IGNORED);
        }
      }
    }
    return new Labelled(prompt, labels);
  }

  /// What each position of the picture is to say: a name's first token.
  private int[] names(Prompt prompt, List<@Nullable String> seen) {
    var spans = prompt.spans();
    if (spans.size() != 1 || spans.getFirst().length() != seen.size()) {
      throw new InputException(
          "\"seen\" names what lies at %d positions of one picture, but there are %s"
              .formatted(
                  seen.size(),
                  spans.size() == 1
                      ? spans.getFirst().length() + " positions"
                      : spans.size() + " pictures and videos"));
    }
    int[] names = new int[seen.size()];
    for (int i = 0; i < names.length; i++) {
      var name = seen.get(i);
      names[i] =
          name == null || name.isEmpty()
              ? Example.IGNORED
              : tokenizer.encode(name, SpecialTokens.AS_TEXT)[0];
    }
    return names;
  }

  private static void copy(int[] from, int[] to, int start, int end) {
    System.arraycopy(from, start, to, start, end - start);
  }

  private static int[] append(int[] ids, int id) {
    var longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = id;
    return longer;
  }

  private static List<Example.Media> shown(
      Prompt prompt, List<Sight> pictures, List<Sight> videos, int[] names) {
    var shown = new ArrayList<Example.Media>();
    for (var span : prompt.spans()) {
      var sight =
          switch (span.kind()) {
            case IMAGE -> pictures.get(span.index());
            case VIDEO -> videos.get(span.index());
          };
      shown.add(
          new Example.Media(
              span.start(),
              span.length(),
              names,
              sight.key(),
              () -> new TilePixels(sight.tiles())));
    }
    return shown;
  }
}
