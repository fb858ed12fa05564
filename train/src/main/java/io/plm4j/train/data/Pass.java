package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.train.data.Packer.Entry;
import io.plm4j.train.data.Sources.Outcome;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/// Every row once, in order.
final class Pass implements Iterable<List<Example>> {
  private static final int AHEAD = 4;

  private final Sources sources;
  private final Batching batching;
  private final Notices notices;

  Pass(Sources sources, Batching batching, DataListener listener) {
    this.sources = sources;
    this.batching = batching;
    this.notices = new Notices(sources, listener);
  }

  @Override
  public Iterator<List<Example>> iterator() {
    return new Batches();
  }

  private final class Batches implements Iterator<List<Example>> {
    private final Track track = new Track(0, sources.firsts(), Order.SEQUENTIAL, 0);

    // Shared threads: nobody says when an iterator is given up.
    private final Lane lane = new Lane(sources, track, ForkJoinPool.commonPool(), AHEAD);
    private final Packer packer = new Packer(batching);
    private Optional<List<Entry>> upcoming = Optional.empty();
    private Optional<String> lastReason = Optional.empty();
    private boolean any;

    @Override
    public boolean hasNext() {
      while (upcoming.isEmpty() && lane.position() < track.rows().count()) {
        upcoming = take();
      }
      if (upcoming.isEmpty()) {
        upcoming = packer.flush();
      }
      if (upcoming.isEmpty() && !any) {
        throw new InputException(
            "No row for validation is good; the last one: " + lastReason.orElse("there is none"));
      }
      return upcoming.isPresent();
    }

    private Optional<List<Entry>> take() {
      var outcome = lane.take();
      if (outcome instanceof Outcome.Good good) {
        if (packer.takes(good.example())) {
          any = true;
          notices.tell(List.of(good));
          return packer.add(new Entry(0, lane.position() - 1, good.example()));
        }
        outcome = new Outcome.Bad(good.ref(), "it has more positions than fit into a batch");
      }
      if (outcome instanceof Outcome.Bad bad) {
        lastReason = Optional.of("%s: %s".formatted(sources.place(bad.ref()), bad.reason()));
      }
      notices.tell(List.of(outcome));
      return Optional.empty();
    }

    @Override
    public List<Example> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      var batch = new ArrayList<>(upcoming.orElseThrow());
      upcoming = Optional.empty();
      return batch.stream().map(Entry::example).toList();
    }
  }
}
