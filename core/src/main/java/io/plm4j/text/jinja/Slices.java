package io.plm4j.text.jinja;

import java.util.ArrayList;
import java.util.List;

/// `x[start:stop:step]`, on lists by item and on texts by code point.
final class Slices {
  private Slices() {}

  static Value slice(Value target, Value start, Value stop, Value step, Budget budget) {
    if (target instanceof Value.Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    if (!(target instanceof Value.Text) && !(target instanceof Value.Sequence)) {
      throw new Failure("cannot take a slice of " + Python.kind(target));
    }
    long by = step == Value.None.NONE ? 1 : Python.whole(step);
    if (by == 0) {
      throw new Failure("the step of a slice must not be 0");
    }
    List<Value> items = Python.items(target);
    budget.spend(items.size());
    int size = items.size();
    long from = bound(start, by > 0 ? 0 : size - 1, size, by);
    long to = bound(stop, by > 0 ? size : -1, size, by);
    List<Value> taken = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i += by) {
      taken.add(items.get((int) i));
      if (Math.abs(by) > size) {
        break;
      }
    }
    if (target instanceof Value.Sequence sequence) {
      return new Value.Sequence(taken, sequence.kind());
    }
    var text = new TracedText.Builder();
    for (Value character : taken) {
      text.append(Python.text(character));
    }
    return new Value.Text(text.build());
  }

  /// A bound counted from the end if negative, and moved into the list if outside.
  private static long bound(Value bound, int absent, int size, long step) {
    if (bound == Value.None.NONE) {
      return absent;
    }
    long index = Python.whole(bound);
    long positive = index < 0 ? index + size : index;
    return step > 0 ? Math.clamp(positive, 0, size) : Math.clamp(positive, -1, size - 1);
  }
}
