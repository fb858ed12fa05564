package io.plm4j.generate;

import io.plm4j.error.InputException;
import io.plm4j.generate.Listener.Phase;
import io.plm4j.language.KvCache;
import io.plm4j.model.CancelledException;
import io.plm4j.model.PerceptionLm;
import io.plm4j.model.Pixels;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.text.MediaSpan;
import io.plm4j.text.Prompt;
import io.plm4j.text.TextStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// A conversation's memory: the keys and values of everything that was read and said in it.
///
/// Each answer takes the whole prompt. What the cache holds already, from the first position up to
/// the first difference in tokens or media, is neither encoded nor read again. One answer at a
/// time.
public final class Session implements AutoCloseable {
  /// Positions that a cache gets beyond the need when it must grow, so that the next turns need no
  /// copy of it.
  private static final int ROOM = 1024;

  private final PerceptionLm model;
  private final List<Integer> eosIds;
  private final FeatureCache seen;
  private Optional<KvCache> cache = Optional.empty();
  private Past past = Past.NONE;

  /// @param eosIds tokens that end an answer
  /// @param seen what was encoded already, in this conversation and in others
  public Session(PerceptionLm model, List<Integer> eosIds, FeatureCache seen) {
    this.model = model;
    this.eosIds = List.copyOf(eosIds);
    this.seen = seen;
  }

  /// Something to see.
  ///
  /// @param span the positions of its placeholders in the prompt
  /// @param identity equal to another's where both give the same pixels
  /// @param pixels asked for only if it must be encoded
  public record Media(MediaSpan span, Object identity, Supplier<Pixels> pixels) {
    boolean isSameAs(Media other) {
      return span.start() == other.span.start()
          && span.length() == other.span.length()
          && identity.equals(other.identity);
    }
  }

  /// What the cache's positions stand for.
  private record Past(int[] ids, List<Media> media) {
    static final Past NONE = new Past(new int[0], List.of());

    /// How many positions a prompt shares with the past, from the first on.
    int shared(int[] prompt, List<Media> shown) {
      int most = Math.min(ids.length, prompt.length);
      int same = 0;
      while (same < most && ids[same] == prompt[same]) {
        same++;
      }
      for (var medium : shown) {
        int start = medium.span().start();
        boolean whole = start + medium.span().length() <= same;
        if (start < same && !(whole && media.stream().anyMatch(medium::isSameAs))) {
          return start;
        }
      }
      return same;
    }
  }

  /// A prompt with what it shows, and what is wanted of the answer.
  ///
  /// @param media in the order of the prompt's spans
  /// @param text turns the answer's ids into text, fresh
  public record Question(
      Prompt prompt, List<Media> media, TextStream text, GenerationOptions options) {
    public Question {
      media = List.copyOf(media);
    }
  }

  /// Refuses a request that the model's positions cannot hold, before any work is done.
  ///
  /// @throws InputException with both numbers
  public static void requireFits(PerceptionLm model, int promptTokens, int newTokens) {
    int positions = model.config().decoder().maxPositions();
    if ((long) promptTokens + newTokens > positions) {
      throw new InputException(
          "the prompt has %d tokens and the answer may have %d, %d together, but this model has %d positions; allow fewer new tokens, or fewer tiles, frames or pictures"
              .formatted(promptTokens, newTokens, (long) promptTokens + newTokens, positions));
    }
  }

  /// Answers a prompt.
  public Generation answer(Question question, Listener listener) {
    var running = begin(question, listener);
    try {
      while (running.isOpen()) {
        int[] last = {running.lastToken()};
        running.accept(model.step(last, List.of(running.positions()))[0]);
      }
    } finally {
      running.remember();
    }
    return running.finish();
  }

  /// Reads a prompt anew and says what the scores are before every token of an answer that is
  /// given, as if each had been chosen.
  ///
  /// @return one a token of the answer, V each; fewer if the listener cancels
  public List<float[]> follow(Question question, int[] answer, Listener listener) {
    int[] ids = question.prompt().ids();
    requireFits(model, ids.length, answer.length);
    var positions = room(ids.length + answer.length);
    positions.truncate(0);
    past = Past.NONE;
    var scores = new ArrayList<float[]>();
    scores.add(read(question, 0, positions, listener));
    listener.phase(Phase.DECODE);
    for (int i = 0; i + 1 < answer.length && !listener.cancelled(); i++) {
      int[] token = {answer[i]};
      scores.add(model.step(token, List.of(positions))[0]);
    }
    listener.phase(Phase.DONE);
    return scores;
  }

  /// Reads a prompt and chooses the first token. The caller then brings the scores of one token
  /// after another for as long as the answer is open.
  Running begin(Question question, Listener listener) {
    int[] ids = question.prompt().ids();
    var options = question.options();
    requireFits(model, ids.length, options.maxNewTokens());
    var decoding = new Decoding(ids, eosIds, question.text(), options, listener);
    // The scores of the first token come from the prompt's last position, which is read in any
    // case.
    int reused = Math.min(past.shared(ids, question.media()), ids.length - 1);
    var positions = room(ids.length + options.maxNewTokens());
    positions.truncate(reused);
    var running = new Running(question, decoding, positions, reused, listener);
    try {
      var logits = read(question, reused, positions, listener);
      listener.phase(Phase.DECODE);
      running.accept(logits);
    } catch (CancelledException e) {
      running.cancel();
    } catch (RuntimeException | Error e) {
      running.remember();
      throw e;
    }
    return running;
  }

  /// An answer on its way, with the positions that it fills.
  final class Running {
    private final Question question;
    private final Decoding decoding;
    private final KvCache positions;
    private final int reused;
    private final Listener listener;
    private boolean open;

    private Running(
        Question question, Decoding decoding, KvCache positions, int reused, Listener listener) {
      this.question = question;
      this.decoding = decoding;
      this.positions = positions;
      this.reused = reused;
      this.listener = listener;
    }

    boolean isOpen() {
      return open;
    }

    int lastToken() {
      return decoding.last();
    }

    KvCache positions() {
      return positions;
    }

    /// Chooses a token by these scores.
    void accept(float[] logits) {
      open = decoding.accept(logits);
      if (open && listener.cancelled()) {
        cancel();
      }
    }

    private void cancel() {
      decoding.cancel();
      open = false;
    }

    /// Notes what the cache holds now, however far the answer came.
    void remember() {
      past = new Past(decoding.ids(positions.length()), question.media());
    }

    Generation finish() {
      listener.phase(Phase.DONE);
      return decoding.finish(reused);
    }
  }

  /// Reads a prompt from a position on and returns the scores of the first token.
  private float[] read(Question question, int from, KvCache positions, Listener listener) {
    try (var _ = Scope.open()) {
      var spans = encode(unread(question.media(), from), listener);
      listener.phase(Phase.PREFILL);
      int[] ids = question.prompt().ids();
      var x = model.embed(ids, from, spans);
      return model.forward(
          x,
          positions,
          done -> listener.progress(Phase.PREFILL, from + done, ids.length),
          listener::cancelled);
    }
  }

  private static List<Media> unread(List<Media> media, int from) {
    return media.stream().filter(medium -> medium.span().start() >= from).toList();
  }

  private List<PerceptionLm.Span> encode(List<Media> media, Listener listener) {
    var features = new LinkedHashMap<Object, Tensor>();
    var fresh = new LinkedHashMap<Object, Media>();
    for (var medium : media) {
      seen.find(medium.identity())
          .ifPresentOrElse(
              found -> features.put(medium.identity(), found),
              () -> fresh.putIfAbsent(medium.identity(), medium));
    }
    features.putAll(encodeFresh(List.copyOf(fresh.values()), listener));
    return media.stream()
        .map(medium ->
            new PerceptionLm.Span(
                medium.span().start(), Objects.requireNonNull(features.get(medium.identity()))))
        .toList();
  }

  private Map<Object, Tensor> encodeFresh(List<Media> media, Listener listener) {
    var features = new LinkedHashMap<Object, Tensor>();
    if (media.isEmpty()) {
      return features;
    }
    listener.phase(Phase.PREPROCESS);
    var pixels = media.stream().map(medium -> medium.pixels().get()).toList();
    CancelledException.check(listener::cancelled);
    listener.phase(Phase.VISION);
    int total = pixels.stream().mapToInt(Pixels::count).sum();
    int done = 0;
    for (int i = 0; i < pixels.size(); i++) {
      int before = done;
      var encoded =
          model.encode(
              pixels.get(i),
              n -> listener.progress(Phase.VISION, before + n, total),
              listener::cancelled);
      seen.keep(media.get(i).identity(), encoded);
      features.put(media.get(i).identity(), encoded);
      done += pixels.get(i).count();
    }
    return features;
  }

  private KvCache room(int wanted) {
    if (cache.isEmpty()) {
      cache = Optional.of(model.newCache(wanted));
    }
    var positions = cache.get();
    if (wanted > positions.capacity()) {
      positions.reserve(Math.min(wanted + ROOM, model.config().decoder().maxPositions()));
    }
    return positions;
  }

  /// Frees the cache.
  @Override
  public void close() {
    cache.ifPresent(KvCache::close);
    cache = Optional.empty();
    past = Past.NONE;
  }
}
