package io.plm4j.train;

import io.plm4j.generate.GenerationDefaults;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Memory;
import io.plm4j.generate.Pace;
import io.plm4j.generate.Session;
import io.plm4j.model.PerceptionLm;
import io.plm4j.tensor.Untracked;
import io.plm4j.text.MediaSpan;
import io.plm4j.text.Prompt;
import io.plm4j.text.Tokenizer;
import io.plm4j.train.data.Example;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/// Asks a model that learns the same questions again and again, to see how it does.
///
/// It is shown an example up to where it is to speak for the first time, and says the likeliest
/// words.
final class Interview {
  private static final String END_OF_ROLE = "<|end_header_id|>";

  private final PerceptionLm model;
  private final Tokenizer tokenizer;
  private final List<Integer> eosIds;
  private final List<Asked> questions;
  private final int maxNewTokens;

  /// @param text for people, without what is seen
  private record Asked(String text, Prompt prompt, List<Session.Media> media) {}

  private Interview(
      PerceptionLm model,
      Tokenizer tokenizer,
      List<Integer> eosIds,
      List<Asked> questions,
      int maxNewTokens) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.eosIds = eosIds;
    this.questions = questions;
    this.maxNewTokens = maxNewTokens;
  }

  /// @param folder of the model
  /// @param tokenizer of the same folder
  /// @param examples labelled where the model speaks
  static Interview of(
      PerceptionLm model,
      Path folder,
      Tokenizer tokenizer,
      List<Example> examples,
      int maxNewTokens) {
    return new Interview(
        model,
        tokenizer,
        GenerationDefaults.read(folder).eosIds(),
        examples.stream().map(example -> asked(example, tokenizer)).toList(),
        maxNewTokens);
  }

  private static Asked asked(Example example, Tokenizer tokenizer) {
    // The first label is never learnt, since nothing is before it.
    int length = 1;
    while (length < example.length() && example.labels()[length] == Example.IGNORED) {
      length++;
    }
    var ids = new int[length];
    System.arraycopy(example.ids(), 0, ids, 0, length);
    var spans = new ArrayList<MediaSpan>();
    var media = new ArrayList<Session.Media>();
    for (var shown : example.media()) {
      if (shown.start() < length) {
        // Pictures and videos differ in how they are cut, which is done.
        var span =
            new MediaSpan(MediaSpan.Kind.IMAGE, media.size(), shown.start(), shown.positions());
        spans.add(span);
        media.add(new Session.Media(span, shown.key().toString(), shown.pixels()));
      }
    }
    return new Asked(words(ids, spans, tokenizer), new Prompt(ids, spans), media);
  }

  /// What was said last: the text between the last two control tokens that have text between them,
  /// other than the name of a role.
  private static String words(int[] ids, List<MediaSpan> media, Tokenizer tokenizer) {
    var roleEnds = tokenizer.specialToken(END_OF_ROLE);
    var last = "";
    var piece = tokenizer.stream();
    for (int i = 0; i < ids.length; i++) {
      if (isSeen(i, media)) {
        continue;
      }
      if (!tokenizer.isSpecial(ids[i])) {
        piece.accept(ids[i]);
        continue;
      }
      if (!roleEnds.equals(OptionalInt.of(ids[i]))) {
        last = laterOf(last, piece.text());
      }
      piece = tokenizer.stream();
    }
    return laterOf(last, piece.text());
  }

  private static boolean isSeen(int position, List<MediaSpan> media) {
    return media.stream()
        .anyMatch(span -> position >= span.start() && position < span.start() + span.length());
  }

  private static String laterOf(String before, String text) {
    return text.isBlank() ? before : text.strip();
  }

  /// Asks all questions.
  ///
  /// @param heard told each with its answer
  void hold(BiConsumer<String, String> heard) {
    // What was seen is not kept: a tower that learns sees something else the next time.
    try (var _ = Untracked.open();
        var nothing = Memory.none()) {
      for (var question : questions) {
        try (var session = new Session(model, eosIds, nothing, new Pace(System::nanoTime))) {
          var generation =
              session.answer(
                  new Session.Question(
                      question.prompt(), question.media(), tokenizer.stream(), options(question)),
                  Listener.NONE);
          heard.accept(question.text(), generation.text());
        }
      }
    }
  }

  private GenerationOptions options(Asked question) {
    int room = model.config().decoder().maxPositions() - question.prompt().length();
    return GenerationOptions.DEFAULT.withMaxNewTokens(Math.max(1, Math.min(maxNewTokens, room)));
  }
}
