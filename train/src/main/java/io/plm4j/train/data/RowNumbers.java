package io.plm4j.train.data;

import java.util.Arrays;

/// Which rows of a source are used, in the order in which they stand there.
sealed interface RowNumbers {
  int count();

  /// The number of the row in a place among those that are used.
  int at(int place);

  /// The first rows.
  record First(int count) implements RowNumbers {
    @Override
    public int at(int place) {
      return place;
    }
  }

  /// @param numbers ascending
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Listed(int[] numbers, RowNumbers of) implements RowNumbers {
    @Override
    public int count() {
      return numbers.length;
    }

    @Override
    public int at(int place) {
      return of.at(numbers[place]);
    }
  }

  /// All but some.
  ///
  /// @param numbers of those that are left out, ascending
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Without(int[] numbers, RowNumbers of) implements RowNumbers {
    @Override
    public int count() {
      return of.count() - numbers.length;
    }

    @Override
    public int at(int place) {
      // As many are left out before the row as there are whose number less their place is not above
      // its own place.
      int low = 0;
      int high = numbers.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (numbers[middle] - middle <= place) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return of.at(place + low);
    }
  }

  record Parts(RowNumbers rest, RowNumbers share) {}

  /// @param share of the rows, rounded up
  default Parts split(double share, long seed) {
    int aside = (int) Math.min(count(), Math.ceil(count() * share));
    if (aside == 0) {
      return new Parts(this, new First(0));
    }
    var order = new Permutation(count(), seed);
    int[] numbers = new int[aside];
    Arrays.setAll(numbers, order::at);
    Arrays.sort(numbers);
    return new Parts(new Without(numbers, this), new Listed(numbers, this));
  }
}
