package io.plm4j.train.data;

import io.plm4j.error.InputException;
import java.util.Arrays;
import java.util.List;

/// Where the rows of several parts are in one sequence.
final class FirstRows {
  private final int[] firsts; // and behind them the number of all rows

  /// @param counts of the parts' rows
  FirstRows(List<Integer> counts) {
    firsts = new int[counts.size() + 1];
    for (int i = 0; i < counts.size(); i++) {
      try {
        firsts[i + 1] = Math.addExact(firsts[i], counts.get(i));
      } catch (ArithmeticException e) {
        throw new InputException("there are more rows than %,d".formatted(Integer.MAX_VALUE), e);
      }
    }
  }

  int count() {
    return firsts[firsts.length - 1];
  }

  int first(int part) {
    return firsts[part];
  }

  /// The part that has a row.
  int part(int row) {
    int found = Arrays.binarySearch(firsts, row);
    if (found < 0) {
      return -found - 2;
    }
    // Of parts that start with the same row all but the last are empty.
    while (firsts[found + 1] == row) {
      found++;
    }
    return found;
  }
}
