package io.plm4j.generate;

import io.plm4j.error.InputException;
import io.plm4j.generate.constraint.Constraint;
import java.util.List;
import java.util.Optional;

/// What the caller wants of an answer.
///
/// @param repetitionPenalty 1 for none; greater values make tokens that occurred less likely
/// @param maxNewTokens the answer's greatest length in tokens
/// @param stopStrings texts that end the answer where they begin
/// @param constraint the form that the answer must have; empty for any
/// @param guessing whether tokens may be guessed to save time; changes no answer
public record GenerationOptions(
    Sampling sampling,
    double repetitionPenalty,
    int maxNewTokens,
    List<String> stopStrings,
    Optional<Constraint> constraint,
    Guessing guessing) {
  /// Greedy, 256 tokens: what the published model card does.
  public static final GenerationOptions DEFAULT =
      new GenerationOptions(Sampling.greedy(), 1, 256, List.of());

  /// Options for answers of any form.
  public GenerationOptions(
      Sampling sampling, double repetitionPenalty, int maxNewTokens, List<String> stopStrings) {
    this(
        sampling,
        repetitionPenalty,
        maxNewTokens,
        stopStrings,
        Optional.empty(),
        Guessing.WHEN_IT_PAYS);
  }

  public GenerationOptions {
    stopStrings = List.copyOf(stopStrings);
    if (maxNewTokens < 1) {
      throw new InputException(
          "the number of new tokens must be 1 or greater, but is " + maxNewTokens);
    }
    if (!(repetitionPenalty > 0) || Double.isInfinite(repetitionPenalty)) {
      throw new InputException(
          "the repetition penalty must be greater than 0, but is " + repetitionPenalty);
    }
    if (stopStrings.contains("")) {
      throw new InputException("a stop string is empty; it would end every answer at once");
    }
    if (constraint.isPresent() && !stopStrings.isEmpty()) {
      throw new InputException(
          "a stop string could cut an answer that must keep a %s; leave one of them out"
              .formatted(constraint.get()));
    }
  }

  public GenerationOptions withMaxNewTokens(int count) {
    return new GenerationOptions(
        sampling, repetitionPenalty, count, stopStrings, constraint, guessing);
  }

  public GenerationOptions withSampling(Sampling other) {
    return new GenerationOptions(
        other, repetitionPenalty, maxNewTokens, stopStrings, constraint, guessing);
  }

  public GenerationOptions withRepetitionPenalty(double penalty) {
    return new GenerationOptions(
        sampling, penalty, maxNewTokens, stopStrings, constraint, guessing);
  }

  public GenerationOptions withStopStrings(List<String> strings) {
    return new GenerationOptions(
        sampling, repetitionPenalty, maxNewTokens, strings, constraint, guessing);
  }

  public GenerationOptions withConstraint(Constraint form) {
    return new GenerationOptions(
        sampling, repetitionPenalty, maxNewTokens, stopStrings, Optional.of(form), guessing);
  }

  public GenerationOptions withGuessing(Guessing other) {
    return new GenerationOptions(
        sampling, repetitionPenalty, maxNewTokens, stopStrings, constraint, other);
  }
}
