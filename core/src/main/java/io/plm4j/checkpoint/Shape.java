package io.plm4j.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The sizes of a tensor, outermost first; no sizes for a single number.
public record Shape(List<Long> sizes) {
  /// @throws IllegalArgumentException if a size is negative or the product exceeds a long
  public Shape {
    sizes = List.copyOf(sizes);
    long elements = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("a size of %s is negative".formatted(sizes));
      }
      try {
        elements = Math.multiplyExact(elements, size);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("the product of %s is too large".formatted(sizes), e);
      }
    }
  }

  public static Shape of(long... sizes) {
    return new Shape(Arrays.stream(sizes).boxed().toList());
  }

  public int rank() {
    return sizes.size();
  }

  /// Number of elements.
  public long elements() {
    return sizes.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
  }

  public long[] toArray() {
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  /// As Python prints it: `[128256, 2048]`.
  @Override
  public String toString() {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
