package io.plm4j.generate;

import io.plm4j.error.InputException;
import io.plm4j.generate.Listener.Phase;
import io.plm4j.language.KvCache;
import io.plm4j.model.CancelledException;
import io.plm4j.model.PerceptionLm;
import io.plm4j.model.Pixels;
import io.plm4j.tensor.Scope;
import io.plm4j.text.TextStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One question and its answer: encodes what is to be seen, reads the prompt, and makes tokens
/// until a rule says stop.
public final class Session {
  private static final int FIRST_SCORES = 5;

  private final PerceptionLm model;
  private final List<Integer> eosIds;

  /// @param eosIds tokens that end an answer
  public Session(PerceptionLm model, List<Integer> eosIds) {
    this.model = model;
    this.eosIds = List.copyOf(eosIds);
  }

  /// Something to see, and where in the prompt its tokens lie.
  ///
  /// @param start position of its first placeholder
  public record Media(int start, Pixels pixels) {}

  /// Refuses a request that the model's positions cannot hold, before any work is done.
  ///
  /// @throws InputException with both numbers
  public void requireFits(int promptTokens, int newTokens) {
    int positions = model.config().decoder().maxPositions();
    if ((long) promptTokens + newTokens > positions) {
      throw new InputException(
          "the prompt has %d tokens and the answer may have %d, %d together, but this model has %d positions; allow fewer new tokens, or fewer tiles or pictures"
              .formatted(promptTokens, newTokens, (long) promptTokens + newTokens, positions));
    }
  }

  /// Answers a prompt.
  ///
  /// @param ids the prompt, each picture as a run of placeholder tokens
  /// @param media in the order of their runs
  /// @param text turns ids into text, fresh
  public Generation answer(
      int[] ids, List<Media> media, TextStream text, GenerationOptions options, Listener listener) {
    requireFits(ids.length, options.maxNewTokens());
    var answer = new Answer(ids, text, options, listener);
    try (var _ = Scope.open();
        var cache = model.newCache(ids.length + options.maxNewTokens())) {
      answer.make(media, cache);
    } catch (CancelledException e) {
      answer.reason = FinishReason.CANCELLED;
    }
    listener.phase(Phase.DONE);
    return answer.result();
  }

  /// The state of an answer that is being made.
  private final class Answer {
    private final int[] prompt;
    private final TextStream stream;
    private final GenerationOptions options;
    private final Listener listener;
    private final Sampler sampler;
    private final StopStrings stops;
    private final StringBuilder shown = new StringBuilder();
    private final int[] seen;
    private int count;
    private FinishReason reason = FinishReason.LENGTH;
    private List<Generation.Score> firstScores = List.of();

    Answer(int[] prompt, TextStream stream, GenerationOptions options, Listener listener) {
      this.prompt = prompt;
      this.stream = stream;
      this.options = options;
      this.listener = listener;
      var matcher =
          options
              .constraint()
              .map(form -> form.matcher(stream.tokenizer().trie(), eosIds, options.maxNewTokens()));
      sampler = new Sampler(options.sampling(), options.repetitionPenalty(), matcher);
      stops = new StopStrings(options.stopStrings());
      seen = Arrays.copyOf(prompt, prompt.length + options.maxNewTokens());
    }

    void make(List<Media> media, KvCache cache) {
      float[] logits;
      try (var _ = Scope.open()) {
        var spans = encode(media);
        listener.phase(Phase.PREFILL);
        var x = model.embed(prompt, spans);
        logits = model.forward(x, cache, listener::cancelled);
      }
      listener.phase(Phase.DECODE);
      firstScores = best(logits);
      while (accept(sampler.next(logits, Arrays.copyOf(seen, prompt.length + count)))) {
        try (var _ = Scope.open()) {
          var last = model.embed(new int[] {seen[prompt.length + count - 1]}, List.of());
          logits = model.forward(last, cache, listener::cancelled);
        }
      }
    }

    private List<PerceptionLm.Span> encode(List<Media> media) {
      if (media.isEmpty()) {
        return List.of();
      }
      listener.phase(Phase.VISION);
      int total = media.stream().mapToInt(m -> m.pixels().count()).sum();
      var spans = new ArrayList<PerceptionLm.Span>();
      int done = 0;
      for (var medium : media) {
        int before = done;
        var features =
            model.encode(
                medium.pixels(),
                n -> listener.progress(Phase.VISION, before + n, total),
                listener::cancelled);
        spans.add(new PerceptionLm.Span(medium.start(), features));
        done += medium.pixels().count();
      }
      return spans;
    }

    /// Takes a chosen token; false when the answer is complete with it.
    private boolean accept(int id) {
      seen[prompt.length + count] = id;
      count++;
      if (eosIds.contains(id)) {
        reason = FinishReason.END_OF_TURN;
        return false;
      }
      show(stops.accept(stream.accept(id)));
      if (stops.found()) {
        reason = FinishReason.STOP_STRING;
        return false;
      }
      if (sampler.complete()) {
        reason = FinishReason.END_OF_TURN;
        return false;
      }
      return count < options.maxNewTokens();
    }

    private void show(String piece) {
      if (!piece.isEmpty()) {
        shown.append(piece);
        listener.text(piece);
      }
    }

    Generation result() {
      if (!stops.found()) {
        show(stops.accept(stream.finish()));
        show(stops.finish());
      }
      return new Generation(
          shown.toString(),
          Arrays.copyOfRange(seen, prompt.length, prompt.length + count),
          reason,
          firstScores);
    }

    private static List<Generation.Score> best(float[] logits) {
      var rest = logits.clone();
      var best = new ArrayList<Generation.Score>();
      for (int i = 0; i < Math.min(FIRST_SCORES, rest.length); i++) {
        int id = Sampler.argmax(rest);
        best.add(new Generation.Score(id, rest[id]));
        rest[id] = Float.NEGATIVE_INFINITY;
      }
      return best;
    }
  }
}
