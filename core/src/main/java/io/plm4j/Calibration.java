package io.plm4j;

import io.plm4j.error.InputException;
import io.plm4j.generate.Guessing;
import io.plm4j.generate.Listener;
import io.plm4j.model.CancelledException;
import io.plm4j.model.HfNames;
import io.plm4j.model.InputMoments;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.model.WatchedInputs;
import io.plm4j.quant.QuantFormat;
import io.plm4j.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/// Lets a model answer requests to see what its layers are given, so that codes of four bits can be
/// chosen for it (GPTQ).
///
/// What a layer is given takes the square of its width in memory, so it is noted for some layers at
/// a time, and the requests are answered as often as that takes. Layers are to be asked for in the
/// order of the model. For one thread.
public final class Calibration implements InputMoments, AutoCloseable {
  /// Enough to note all layers of a small model at once, and some five blocks of 3B.
  public static final long DEFAULT_BYTES = 2_000_000_000L;

  private final Path folder;
  private final int threads;
  private final Function<Plm, List<Request>> requests;
  private final Progress progress;
  private final List<Set<String>> rounds;
  private final Map<String, Integer> roundOf = new HashMap<>();
  private int now = -1;
  private Optional<WatchedInputs> watched = Optional.empty();

  /// Told what is being done.
  @FunctionalInterface
  public interface Progress {
    /// @param round from 1
    /// @param request from 1
    /// @return whether to go on
    boolean at(int round, int rounds, int request, int requests);
  }

  /// @param folder of the dense model
  /// @param threads how many cores to use
  /// @param recipe whose layers in int4 are noted
  /// @param bytes for what is noted at a time; one layer is noted at least
  /// @param requests read for the model when it is there
  /// @throws InputException if no layer is to be in int4
  public static Calibration of(
      Path folder,
      int threads,
      QuantizationRecipe recipe,
      long bytes,
      Function<Plm, List<Request>> requests,
      Progress progress) {
    var rounds = rounds(PlmConfig.read(folder), recipe, bytes);
    if (rounds.isEmpty()) {
      throw new InputException(
          "Requests choose codes of int4 only, and %s has none; leave them out."
              .formatted(recipe.text()));
    }
    return new Calibration(folder, threads, rounds, requests, progress);
  }

  private Calibration(
      Path folder,
      int threads,
      List<Set<String>> rounds,
      Function<Plm, List<Request>> requests,
      Progress progress) {
    this.folder = folder;
    this.threads = threads;
    this.rounds = rounds;
    this.requests = requests;
    this.progress = progress;
    for (int i = 0; i < rounds.size(); i++) {
      for (var weight : rounds.get(i)) {
        roundOf.put(weight, i);
      }
    }
  }

  private static List<Set<String>> rounds(PlmConfig config, QuantizationRecipe recipe, long bytes) {
    var rounds = new ArrayList<Set<String>>();
    var noted = new HashSet<String>();
    long taken = 0;
    for (var width : widths(config, recipe).entrySet()) {
      var leader = WatchedInputs.leader(width.getKey());
      long more = WatchedInputs.bytes(width.getValue());
      if (rounds.isEmpty() || (!noted.contains(leader) && taken + more > bytes)) {
        rounds.add(new HashSet<>());
        noted.clear();
        taken = 0;
      }
      taken += noted.add(leader) ? more : 0;
      rounds.getLast().add(width.getKey());
    }
    return rounds;
  }

  /// Names of the weights that are to be in int4, with their columns, in the order of the model.
  private static SequencedMap<String, Long> widths(PlmConfig config, QuantizationRecipe recipe) {
    var widths = new LinkedHashMap<String, Long>();
    config
        .expectedTensors()
        .forEach((name, shape) -> {
          if (isInt4(recipe.formatOf(name, shape))) {
            widths.put(name, shape.sizes().getLast());
          }
        });
    if (config.decoder().tiedHead() && isInt4(recipe.formatOf(HfNames.HEAD))) {
      widths.put(HfNames.HEAD, (long) config.decoder().hiddenSize());
    }
    return widths;
  }

  private static boolean isInt4(Optional<QuantFormat> format) {
    return format.isPresent() && format.get() instanceof QuantFormat.Int4;
  }

  /// @throws InputException if a request cannot be answered
  /// @throws CancelledException if the progress says so
  @Override
  public Optional<Tensor> of(String weight) {
    var round = roundOf.get(weight);
    if (round == null) {
      return Optional.empty();
    }
    if (round != now) {
      begin(round);
    }
    return watched.flatMap(inputs -> inputs.of(weight));
  }

  private void begin(int round) {
    watched.ifPresent(WatchedInputs::close);
    now = -1;
    var inputs = new WatchedInputs(rounds.get(round));
    watched = Optional.of(inputs);
    try (var plm = Plm.watched(folder, LoadOptions.DEFAULT.withThreads(threads), inputs)) {
      var asked = requests.apply(plm);
      for (int i = 0; i < asked.size(); i++) {
        if (!progress.at(round + 1, rounds.size(), i + 1, asked.size())) {
          throw new CancelledException();
        }
        // What is guessed, and whether, depends on time, and what is guessed wrongly is seen too.
        var request = asked.get(i);
        var options = request.options().withGuessing(Guessing.NEVER);
        plm.ask(request.withOptions(options), Listener.NONE);
      }
    }
    now = round;
  }

  @Override
  public void close() {
    watched.ifPresent(WatchedInputs::close);
  }
}
