package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.train.data.Packer.Entry;
import io.plm4j.train.data.Sources.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Makes the micro-batches of a feed, one after another, for one thread.
///
/// Sources without weights are one sequence, of which every row is taken once in an epoch. Of
/// sources with weights one is drawn for every example; each has its own passes, and there are no
/// epochs. What is drawn depends on the seed and on how often was drawn before, so that a number is
/// all the state there is.
final class Production {
  /// @param examples none if it failed
  /// @param state after it
  /// @param notable rows that are bad or were shortened, in their order
  record Batch(
      List<Example> examples,
      FeedState state,
      List<Outcome> notable,
      @Nullable InputException failure) {}

  private final Sources sources;
  private final FeedSettings settings;
  private final List<Lane> lanes;
  private final double[] shares; // of the draws, summed up; empty for one sequence
  private final Packer packer;
  private final Tally tally;
  private long draws;
  private boolean draining;

  Production(Sources sources, FeedSettings settings, Executor threads) {
    this.sources = sources;
    this.settings = settings;
    this.shares = shares(sources);
    this.lanes =
        shares.length == 0
            ? List.of(lane(sources, Track.ofAll(sources, settings), threads))
            : IntStream.range(0, shares.length)
                .mapToObj(i -> lane(sources, Track.of(sources, i, settings), threads))
                .toList();
    this.packer = new Packer(settings.batching());
    this.tally = new Tally(sources);
  }

  private Lane lane(Sources all, Track track, Executor threads) {
    return new Lane(all, track, threads, settings.threads());
  }

  private static double[] shares(Sources sources) {
    double[] weights =
        sources.open().stream().flatMapToDouble(source -> source.weight().stream()).toArray();
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      weights[i] = sum;
    }
    return weights;
  }

  Batch make() {
    var notable = new ArrayList<Outcome>();
    try {
      var batch = next(notable);
      return new Batch(batch.stream().map(Entry::example).toList(), state(), notable, null);
    } catch (InputException e) {
      return new Batch(List.of(), state(), notable, e);
    }
  }

  private List<Entry> next(List<Outcome> notable) {
    while (true) {
      if (draining) {
        var rest = packer.flush();
        if (rest.isPresent()) {
          return rest.get();
        }
        draining = false;
      }
      var full = take(drawn(), notable);
      if (full.isPresent()) {
        return full.get();
      }
    }
  }

  /// The lane that the next example comes from.
  private int drawn() {
    if (shares.length == 0) {
      return 0;
    }
    double at =
        (Permutation.mix(settings.seed() ^ Permutation.mix(draws)) >>> 11)
            * 0x1.0p-53
            * shares[shares.length - 1];
    int lane = 0;
    while (lane < shares.length - 1 && shares[lane] <= at) {
      lane++;
    }
    return lane;
  }

  private Optional<List<Entry>> take(int number, List<Outcome> notable) {
    var lane = lanes.get(number);
    var outcome = lane.take();
    draining = shares.length == 0 && lane.endsPass();
    if (outcome instanceof Outcome.Good good && !packer.takes(good.example())) {
      outcome =
          new Outcome.Bad(
              good.ref(),
              "it has %d positions, more than fit into a batch".formatted(good.example().length()));
    }
    switch (outcome) {
      case Outcome.Bad bad -> {
        notable.add(bad);
        // Nothing is drawn anew for it: the next row of its source takes its place.
        tally.bad(bad);
        return Optional.empty();
      }
      case Outcome.Good good -> {
        if (good.droppedTurns() > 0) {
          notable.add(good);
        }
        tally.good(good);
        draws++;
        return packer.add(new Entry(number, lane.position() - 1, good.example()));
      }
    }
  }

  FeedState state() {
    return new FeedState(
        feed(),
        draws,
        lanes.stream().mapToLong(Lane::position).toArray(),
        tally.good(),
        tally.badRuns(),
        packer.open().stream()
            .map(batch ->
                batch.stream()
                    .map(entry -> new FeedState.Held(entry.lane(), entry.position()))
                    .toList())
            .toList(),
        draining);
  }

  void restore(String json) {
    var state = FeedState.parse(json, feed(), lanes.size(), sources.open().size());
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).moveTo(state.positions()[i]);
    }
    draws = state.draws();
    draining = state.draining();
    tally.set(state.good(), state.badRuns());
    packer.reopen(
        state.open().stream().map(batch -> batch.stream().map(this::entry).toList()).toList());
  }

  private Entry entry(FeedState.Held held) {
    return switch (lanes.get(held.lane()).again(held.position())) {
      case Outcome.Good good -> new Entry(held.lane(), held.position(), good.example());
      case Outcome.Bad bad ->
          throw new InputException(
              "The data have changed since the position in them was saved. %s: %s"
                  .formatted(sources.place(bad.ref()), bad.reason()));
    };
  }

  /// All that the order of examples depends on.
  private String feed() {
    return "%s, seed %d, %s of %s"
        .formatted(
            settings.order().name().toLowerCase(Locale.ROOT),
            settings.seed(),
            switch (settings.batching()) {
              case Batching.Examples(int count) -> count + " examples a batch";
              case Batching.Positions(int budget) -> budget + " positions a batch";
            },
            sources.open().stream().map(Production::described).collect(Collectors.joining(", ")));
  }

  private static String described(OpenSource source) {
    return "%s (%d rows%s%s)"
        .formatted(
            source.name(),
            source.count(),
            source.weight().isPresent() ? ", weight " + source.weight().getAsDouble() : "",
            source.form().asking() == Asking.ALONE ? ", asked alone" : "");
  }
}
