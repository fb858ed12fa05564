package io.plm4j.train.config;

import io.plm4j.text.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/// Finds the name that somebody meant who wrote another.
final class NearestName {
  private NearestName() {}

  /// Longer ones are no mistyped names.
  private static final int LONGEST = 64;

  /// `did you mean learning_rate?`, or what there is.
  static String remedy(String written, Collection<String> known) {
    return known.stream()
        .filter(_ -> written.length() <= LONGEST)
        .min(Comparator.comparingInt(name -> difference(written, name)))
        .filter(name -> difference(written, name) <= Math.max(2, written.length() / 3))
        .map(name -> "did you mean %s?".formatted(name))
        .orElseGet(
            () -> "there are " + known.stream().sorted().collect(Collectors.joining(", ")) + ".");
  }

  /// A part of a name, as `alpha` of `lora_alpha`, is nearer than it looks.
  private static int difference(String written, String name) {
    boolean part = written.length() > 2 && (name.contains(written) || written.contains(name));
    return part ? 1 : EditDistance.between(written, name);
  }
}
