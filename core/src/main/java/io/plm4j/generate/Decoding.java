package io.plm4j.generate;

import io.plm4j.text.TextStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An answer that is being made: its tokens, the text shown so far, and the rules that end it.
///
/// It knows no model: whoever drives it brings the scores of each next token.
final class Decoding {
  private static final int FIRST_SCORES = 5;

  private final int promptLength;
  private final List<Integer> eosIds;
  private final TextStream stream;
  private final GenerationOptions options;
  private final Listener listener;
  private final Sampler sampler;
  private final StopStrings stops;
  private final StringBuilder shown = new StringBuilder();
  private final int[] ids;
  private int count;
  private FinishReason reason = FinishReason.LENGTH;
  private List<Generation.Score> firstScores = List.of();

  Decoding(
      int[] prompt,
      List<Integer> eosIds,
      TextStream stream,
      GenerationOptions options,
      Listener listener) {
    this.promptLength = prompt.length;
    this.eosIds = eosIds;
    this.stream = stream;
    this.options = options;
    this.listener = listener;
    var matcher =
        options
            .constraint()
            .map(form -> form.matcher(stream.tokenizer().trie(), eosIds, options.maxNewTokens()));
    sampler = new Sampler(options.sampling(), options.repetitionPenalty(), matcher);
    stops = new StopStrings(options.stopStrings());
    ids = Arrays.copyOf(prompt, prompt.length + options.maxNewTokens());
  }

  /// Chooses the next token; false when the answer is complete with it.
  ///
  /// @param logits scores of all tokens; changed
  boolean accept(float[] logits) {
    if (count == 0) {
      firstScores = best(logits);
    }
    int id = sampler.next(logits, Arrays.copyOf(ids, promptLength + count));
    ids[promptLength + count] = id;
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

  /// All ids of prompt and answer so far.
  int[] ids() {
    return ids(promptLength + count);
  }

  /// How many tokens the answer may still get.
  int left() {
    return options.maxNewTokens() - count;
  }

  /// Ends the answer with what there is.
  void cancel() {
    reason = FinishReason.CANCELLED;
  }

  /// The token chosen last.
  int last() {
    return ids[promptLength + count - 1];
  }

  /// The tokens chosen last, in their order.
  int[] latest(int tokens) {
    return Arrays.copyOfRange(ids, promptLength + count - tokens, promptLength + count);
  }

  /// The first ids of prompt and answer.
  int[] ids(int length) {
    return Arrays.copyOf(ids, length);
  }

  private void show(String piece) {
    if (!piece.isEmpty()) {
      shown.append(piece);
      listener.text(piece);
    }
  }

  /// @param reuse what of the prompt was there already
  /// @param guesses how its tokens were guessed
  Generation finish(Reuse reuse, Guesses guesses) {
    if (!stops.found()) {
      show(stops.accept(stream.finish()));
      show(stops.finish());
    }
    return new Generation(
        shown.toString(),
        Arrays.copyOfRange(ids, promptLength, promptLength + count),
        reuse,
        reason,
        firstScores,
        guesses);
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
