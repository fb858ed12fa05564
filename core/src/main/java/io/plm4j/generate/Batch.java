package io.plm4j.generate;

import io.plm4j.model.PerceptionLm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Answers many questions, a few at a time: their tokens are made together, so that the weights are
/// read once for all of them. When one is complete the next takes its place.
///
/// A prompt is read by itself, at full speed in any case, and a token's scores do not depend on its
/// neighbours ([PerceptionLm#step]): every answer is the one that the question gets alone, from the
/// same shared beginning of its prompt.
public final class Batch {
  /// The most answers that can be made together.
  public static final int WIDEST = PerceptionLm.SEQUENCES_TOGETHER;

  private final PerceptionLm model;
  private final List<Integer> eosIds;
  private final int width;
  private final Memory memory;
  private final Pace pace;

  /// @param eosIds tokens that end an answer
  /// @param memory what was seen and read already
  /// @param pace of the model
  /// @param width how many answers are made together, 1 to [#WIDEST]
  public Batch(PerceptionLm model, List<Integer> eosIds, Memory memory, Pace pace, int width) {
    if (width < 1 || width > WIDEST) {
      throw new IllegalArgumentException(
          "answers can be made 1 to %d together, not %d".formatted(WIDEST, width));
    }
    this.model = model;
    this.eosIds = List.copyOf(eosIds);
    this.memory = memory;
    this.pace = pace;
    this.width = width;
  }

  /// A question, and who wants to hear of it.
  public interface Job {
    /// Prepares the question; called once, when its turn comes.
    Session.Question question();

    Listener listener();

    void answered(Generation generation);

    /// The question could not be prepared or read; the others go on.
    void failed(RuntimeException reason);
  }

  private record Slot(Job job, Session session, Session.Running running) {
    void close() {
      running.remember();
      session.close();
    }
  }

  /// Answers until there are no more jobs and all are answered.
  ///
  /// @param jobs gives the next one, empty when there is none
  public void run(Supplier<Optional<? extends Job>> jobs) {
    var slots = new ArrayList<Slot>();
    boolean more = true;
    try {
      while (true) {
        while (more && slots.size() < width) {
          var job = jobs.get();
          more = job.isPresent();
          job.flatMap(this::begin).ifPresent(slots::add);
        }
        if (slots.isEmpty() && !more) {
          return;
        }
        finishComplete(slots);
        step(slots);
      }
    } finally {
      slots.forEach(Slot::close);
    }
  }

  private Optional<Slot> begin(Job job) {
    var session = new Session(model, eosIds, memory, pace);
    try {
      return Optional.of(new Slot(job, session, session.begin(job.question(), job.listener())));
    } catch (RuntimeException e) {
      session.close();
      job.failed(e);
      return Optional.empty();
    } catch (Error e) {
      session.close();
      throw e;
    }
  }

  private void step(List<Slot> slots) {
    if (slots.isEmpty()) {
      return;
    }
    int[] last = slots.stream().mapToInt(slot -> slot.running().lastToken()).toArray();
    float[][] logits =
        model.step(last, slots.stream().map(slot -> slot.running().positions()).toList());
    for (int i = 0; i < logits.length; i++) {
      slots.get(i).running().accept(logits[i]);
    }
    finishComplete(slots);
  }

  private static void finishComplete(List<Slot> slots) {
    var complete = slots.stream().filter(slot -> !slot.running().isOpen()).toList();
    slots.removeAll(complete);
    for (var slot : complete) {
      var generation = slot.running().finish();
      slot.running().save();
      slot.close();
      slot.job().answered(generation);
    }
  }
}
