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
/// the first difference in tokens or media, is neither encoded nor read again; nor what the memory
/// that it shares with other conversations holds. One answer at a time.
public final class Session implements AutoCloseable {
  /// Positions that a cache gets beyond the need when it must grow, so that the next turns need no
  /// copy of it.
  private static final int ROOM = 1024;

  private final PerceptionLm model;
  private final List<Integer> eosIds;
  private final Memory memory;
  private final Pace pace;
  private Optional<KvCache> cache = Optional.empty();
  private Past past = Past.NONE;

  /// @param eosIds tokens that end an answer
  /// @param memory what was seen and read already, in this conversation and in others
  /// @param pace of the model, measured while it answers
  public Session(PerceptionLm model, List<Integer> eosIds, Memory memory, Pace pace) {
    this.model = model;
    this.eosIds = List.copyOf(eosIds);
    this.memory = memory;
    this.pace = pace;
  }

  /// Something to see.
  ///
  /// @param span the positions of its placeholders in the prompt
  /// @param identity equal to another's where both give the same pixels
  /// @param pixels asked for only if it must be encoded
  public record Media(MediaSpan span, String identity, Supplier<Pixels> pixels) {}

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
        running.advance();
      }
    } finally {
      running.remember();
    }
    var generation = running.finish();
    running.save();
    return generation;
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
    var decoding = new Decoding(ids, eosIds, question.text(), question.options(), listener);
    scores.add(
        read(new Running(question, decoding, positions, Reuse.NONE, listener), 0, positions));
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
    var prompt = Past.of(ids, question.media());
    var positions = room(ids.length + options.maxNewTokens());
    if (memory.prefixFiles().isPresent()) {
      // Reading files instead of the prompt takes its time too.
      listener.phase(Phase.PREFILL);
    }
    var reuse = extend(positions, prompt);
    var running = new Running(question, decoding, positions, reuse, listener);
    try {
      var logits = read(running, positions.length(), positions);
      // From here on others may begin with it.
      running.remember();
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

  /// Fills the cache with as much of a prompt as there is anywhere.
  private Reuse extend(KvCache positions, Past prompt) {
    // The scores of the first token come from the prompt's last position, which is read in any
    // case.
    int most = prompt.length() - 1;
    positions.truncate(Math.min(past.shared(prompt), most));
    int own = positions.length();
    memory.prefixes().extend(positions, prompt, most);
    int held = positions.length();
    memory.prefixFiles().ifPresent(files -> files.extend(positions, prompt, most));
    int all = positions.length();
    return new Reuse(
        Math.min(own, all), Math.max(0, Math.min(held, all) - own), Math.max(0, all - held), 0, 0);
  }

  /// An answer on its way, with the positions that it fills.
  final class Running {
    private final Question question;
    private final Decoding decoding;
    private final KvCache positions;
    private final Listener listener;
    private Reuse reuse;
    private final Guesser guesser;
    private boolean open;

    private Running(
        Question question, Decoding decoding, KvCache positions, Reuse reuse, Listener listener) {
      this.question = question;
      this.decoding = decoding;
      this.positions = positions;
      this.reuse = reuse;
      this.listener = listener;
      this.guesser = new Guesser(guessing(question.options()), pace);
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

    /// Makes one token, and those behind it that were guessed rightly.
    ///
    /// The scores behind a guess are those that its token gets when it comes by itself, and they
    /// are used only if it came; what the cache holds of wrong guesses is forgotten.
    private void advance() {
      int past = positions.length();
      int[] guess = guesser.guess(decoding.ids(), decoding.left());
      int[] pass = new int[1 + guess.length];
      pass[0] = lastToken();
      System.arraycopy(guess, 0, pass, 1, guess.length);
      long start = pace.now();
      var scores =
          guess.length == 0 ? model.step(pass, List.of(positions)) : model.steps(pass, positions);
      pace.passed(pass.length, start);
      int right = 0;
      try {
        accept(scores[0]);
        while (open && right < guess.length && guess[right] == lastToken()) {
          right++;
          accept(scores[right]);
        }
      } finally {
        positions.truncate(past + 1 + right);
      }
      guesser.chosen(decoding.latest(1 + right));
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
      past = Past.of(decoding.ids(positions.length()), question.media());
      memory.prefixes().lend(positions, past);
    }

    Generation finish() {
      listener.phase(Phase.DONE);
      return decoding.finish(reuse, guesser.guesses());
    }

    /// Keeps the prompt's positions on disk, if that is wanted.
    void save() {
      var prompt = Past.of(question.prompt().ids(), question.media());
      memory.prefixFiles().ifPresent(files -> files.write(positions, prompt));
    }
  }

  private Guessing guessing(GenerationOptions options) {
    return model.tokensTogether() && options.sampling() instanceof Sampling.Greedy
        ? options.guessing()
        : Guessing.NEVER;
  }

  /// Reads a prompt from a position on and returns the scores of the first token.
  private float[] read(Running running, int from, KvCache positions) {
    var question = running.question;
    var listener = running.listener;
    try (var _ = Scope.open()) {
      var spans = encode(unread(question.media(), from), running);
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

  private List<PerceptionLm.Span> encode(List<Media> media, Running running) {
    var features = new LinkedHashMap<String, Tensor>();
    var fresh = new LinkedHashMap<String, Media>();
    int fromMemory = 0;
    int fromDisk = 0;
    for (var medium : media) {
      var identity = medium.identity();
      if (features.containsKey(identity) || fresh.containsKey(identity)) {
        continue;
      }
      var inMemory = memory.features().find(identity);
      var found = inMemory.or(() -> onDisk(medium));
      found.ifPresentOrElse(
          seen -> features.put(identity, seen), () -> fresh.put(identity, medium));
      fromMemory += inMemory.isPresent() ? 1 : 0;
      fromDisk += inMemory.isEmpty() && found.isPresent() ? 1 : 0;
    }
    running.reuse = running.reuse.withMedia(fromMemory, fromDisk);
    features.putAll(encodeFresh(List.copyOf(fresh.values()), running.listener));
    return media.stream()
        .map(medium ->
            new PerceptionLm.Span(
                medium.span().start(), Objects.requireNonNull(features.get(medium.identity()))))
        .toList();
  }

  private Optional<Tensor> onDisk(Media medium) {
    var files = memory.featureFiles();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    int perTile = model.config().tokensPerTile();
    var features =
        Tensor.uninitialized(
            model.type(),
            medium.span().length() / perTile,
            perTile,
            model.config().decoder().hiddenSize());
    if (!files.get().read(medium.identity(), features)) {
      return Optional.empty();
    }
    memory.features().keep(medium.identity(), features);
    return Optional.of(features);
  }

  private Map<String, Tensor> encodeFresh(List<Media> media, Listener listener) {
    var features = new LinkedHashMap<String, Tensor>();
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
      var identity = media.get(i).identity();
      memory.features().keep(identity, encoded);
      memory.featureFiles().ifPresent(files -> files.write(identity, encoded));
      features.put(identity, encoded);
      done += pixels.get(i).count();
    }
    return features;
  }

  private KvCache room(int wanted) {
    if (cache.isEmpty()) {
      cache = Optional.of(model.newCache(wanted, memory.format()));
    }
    var positions = cache.get();
    memory.prefixes().withdraw(positions);
    if (wanted > positions.capacity()) {
      positions.reserve(Math.min(wanted + ROOM, model.config().decoder().maxPositions()));
    }
    return positions;
  }

  /// Leaves the cache to other conversations, or frees it.
  @Override
  public void close() {
    cache.ifPresent(memory.prefixes()::leave);
    cache = Optional.empty();
    past = Past.NONE;
  }
}
