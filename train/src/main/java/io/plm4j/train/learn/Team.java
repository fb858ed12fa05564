package io.plm4j.train.learn;

import io.plm4j.error.InputException;
import io.plm4j.train.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Learners that share one set of weights and divide a micro-batch among them, a thread each.
///
/// For small models this is several times faster than one learner whose every operation is divided:
/// the threads then wait for each other once a step instead of a thousand times. Who gets which
/// examples, and the order in which gradients are added, is fixed, so that a run can be repeated.
public final class Team implements AutoCloseable {
  private final List<Member> members;
  private final Gradients gradients;
  private final ExecutorService threads;

  /// @param parameters what this learner learns; of all but the first, others that share the first
  ///   one's memory, in the same order
  /// @param chance this learner's own
  public record Member(Learner learner, List<Parameter> parameters, Chance chance) {
    public Member {
      parameters = List.copyOf(parameters);
    }
  }

  public Team(List<Member> members, Gradients gradients) {
    this.members = List.copyOf(members);
    this.gradients = gradients;
    this.threads =
        Executors.newFixedThreadPool(
            members.size(), Thread.ofPlatform().daemon().name("learner-", 0).factory());
  }

  /// Adds a micro-batch's share of the gradient.
  ///
  /// @param predicted of the whole step, see [Learner#learn]
  /// @param number of the micro-batch in the run
  /// @return its share of the step's loss
  public double learn(List<Example> batch, long predicted, long number) {
    double loss =
        sum(
            divide(batch),
            (member, part) -> {
              member.chance().learn(number);
              return member.learner().learn(part, predicted);
            });
    members.forEach(member -> gradients.collect(member.parameters()));
    return loss;
  }

  /// The sum of the losses of all predicted positions, with nothing left out.
  public double lossSum(List<Example> batch) {
    return sum(
        divide(batch),
        (member, part) -> {
          member.chance().rest();
          return member.learner().lossSum(part);
        });
  }

  /// Neighbours to each member, so that they have about as many positions to do.
  private List<List<Example>> divide(List<Example> batch) {
    long all = batch.stream().mapToLong(Example::length).sum();
    var parts = new ArrayList<List<Example>>();
    int next = 0;
    long done = 0;
    for (int m = 0; m < members.size(); m++) {
      var part = new ArrayList<Example>();
      boolean last = m == members.size() - 1;
      while (next < batch.size()
          && (last || done + batch.get(next).length() / 2 <= all * (m + 1) / members.size())) {
        done += batch.get(next).length();
        part.add(batch.get(next++));
      }
      parts.add(part);
    }
    return parts;
  }

  @FunctionalInterface
  private interface Work {
    double run(Member member, List<Example> part);
  }

  private double sum(List<List<Example>> parts, Work work) {
    var running = new ArrayList<Future<Double>>();
    for (int m = 0; m < members.size(); m++) {
      var member = members.get(m);
      var part = parts.get(m);
      running.add(threads.submit(() -> part.isEmpty() ? 0.0 : work.run(member, part)));
    }
    // All are waited for, also where one fails: they use the same memory.
    double sum = 0;
    RuntimeException failure = null;
    for (var result : running) {
      try {
        sum += join(result);
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return sum;
  }

  private static double join(Future<Double> result) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          // A step is not left half done; whoever wants to stop the run asks after it.
          interrupted = true;
        } catch (ExecutionException e) {
          throw e.getCause() instanceof InputException wrong
              ? wrong // such as a picture that cannot be read any more
              : new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    gradients.close();
  }
}
