package io.plm4j.checkpoint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the pickle of a dictionary of tensors, protocols 1 to 5.
///
/// A pickle is a program for a stack machine that may call anything of Python's. This machine has
/// the instructions that build plain data, and of names only those of [PickleGlobal]; at everything
/// else it stops. It has no way to run code, of Python's or of Java's. Memory and time grow with
/// the number of instructions, which is bounded.
///
/// Source: the instructions as CPython's `pickletools` documents them.
final class PickleReader {
  /// Some 60 instructions describe a tensor; the largest models have a few thousand.
  private static final int MAX_INSTRUCTIONS = 2_000_000;

  private static final int MAX_STACK = 200_000;

  private final PickleBytes in;
  private final ArrayList<Pickled> stack = new ArrayList<>();

  /// Heights of the stack at which groups begin.
  private final Deque<Integer> marks = new ArrayDeque<>();

  private final Map<Integer, Pickled> memo = new HashMap<>();

  private PickleReader(PickleBytes in) {
    this.in = in;
  }

  /// @param place how messages call the pickle
  /// @throws InputException if it is damaged, or asks for more than tensors
  static Pickled read(String place, byte[] pickle) {
    return new PickleReader(new PickleBytes(place, pickle)).run();
  }

  private Pickled run() {
    for (int count = 0; count < MAX_INSTRUCTIONS; count++) {
      int instruction = in.u8();
      if (instruction == '.') {
        if (stack.size() != 1 || !marks.isEmpty()) {
          throw in.broken("it ends with %d values, not one".formatted(stack.size()));
        }
        return stack.getFirst();
      }
      execute(instruction);
      if (stack.size() > MAX_STACK || marks.size() > MAX_STACK) {
        throw in.broken("more than %,d values are piled up".formatted(MAX_STACK));
      }
    }
    throw in.broken("it has more than %,d instructions".formatted(MAX_INSTRUCTIONS));
  }

  private void execute(int instruction) {
    switch (instruction) {
      case 0x80 -> requireProtocol(in.u8());
      case 0x95 -> in.i64(); // FRAME, a hint for those who read from a stream
      case '(' -> marks.push(stack.size());
      case 'N' -> push(Pickled.Plain.NONE);
      case 0x88, 0x89 -> push(Pickled.Plain.FLAG);
      case 'G' -> {
        in.i64();
        push(Pickled.Plain.FRACTION);
      }
      case 'I' -> push(decimal(in.line()));
      case 'K' -> push(new Pickled.Whole(in.u8()));
      case 'M' -> push(new Pickled.Whole(in.u16()));
      case 'J' -> push(new Pickled.Whole(in.i32()));
      case 0x8a -> push(new Pickled.Whole(in.whole(in.u8())));
      case 'X' -> push(new Pickled.Text(in.text(Integer.toUnsignedLong(in.i32()))));
      case 0x8c -> push(new Pickled.Text(in.text(in.u8())));
      case 0x8d -> push(new Pickled.Text(in.text(in.i64())));
      case '}' -> push(new Pickled.Dict());
      case ']' -> push(new Pickled.Items(new ArrayList<>()));
      case ')' -> push(new Pickled.Tuple(List.of()));
      case 0x85 -> push(new Pickled.Tuple(pop(1)));
      case 0x86 -> push(new Pickled.Tuple(pop(2)));
      case 0x87 -> push(new Pickled.Tuple(pop(3)));
      case 't' -> push(new Pickled.Tuple(popGroup()));
      case 'a' -> append(pop(1));
      case 'e' -> append(popGroup());
      case 's' -> set(pop(2));
      case 'u' -> set(popGroup());
      case 'q' -> memo.put(in.u8(), top());
      case 'r' -> memo.put(in.i32(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(remembered(in.u8()));
      case 'j' -> push(remembered(in.i32()));
      case 'c' -> push(global(in.line(), in.line()));
      case 0x93 -> pushGlobal();
      case 'Q' -> push(storage(pop()));
      case 'R' -> call();
      case 'b' -> build();
      default -> throw unknown(instruction);
    }
  }

  private void requireProtocol(int protocol) {
    if (protocol > 5) {
      throw in.broken("its protocol is %d; 1 to 5 are read".formatted(protocol));
    }
  }

  /// Protocol 1 has flags as the numbers 00 and 01.
  private Pickled decimal(String text) {
    try {
      return text.equals("00") || text.equals("01")
          ? Pickled.Plain.FLAG
          : new Pickled.Whole(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw in.broken("\"%s\" stands for a number".formatted(Excerpt.of(text)));
    }
  }

  private void push(Pickled value) {
    stack.addLast(value);
  }

  private Pickled top() {
    requireValues(1);
    return stack.getLast();
  }

  private Pickled pop() {
    requireValues(1);
    return stack.removeLast();
  }

  /// The topmost values, the deepest first.
  private List<Pickled> pop(int count) {
    requireValues(count);
    var group = stack.subList(stack.size() - count, stack.size());
    var values = List.copyOf(group);
    group.clear();
    return values;
  }

  /// A group must not be reached into from behind its mark.
  private void requireValues(int count) {
    int bottom = marks.isEmpty() ? 0 : marks.peek();
    if (stack.size() - bottom < count) {
      throw in.broken("an instruction lacks its values");
    }
  }

  private List<Pickled> popGroup() {
    if (marks.isEmpty()) {
      throw in.broken("a group ends that has not begun");
    }
    var values = pop(stack.size() - marks.peek());
    marks.pop();
    return values;
  }

  private Pickled remembered(int index) {
    var value = memo.get(index);
    if (value == null) {
      throw in.broken("value %d is asked for, which was never kept".formatted(index));
    }
    return value;
  }

  private void append(List<Pickled> values) {
    if (!(top() instanceof Pickled.Items(var items))) {
      throw in.broken("something is appended to " + top().kind());
    }
    items.addAll(values);
  }

  private void set(List<Pickled> pairs) {
    if (!(top() instanceof Pickled.Dict(var entries)) || pairs.size() % 2 != 0) {
      throw in.broken("keys are set in %s, or without values".formatted(top().kind()));
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      switch (pairs.get(i)) {
        case Pickled.Text(var key) -> entries.put(key, pairs.get(i + 1));
        case Pickled.Whole(long key) -> entries.put(key, pairs.get(i + 1));
        default -> throw in.broken("%s is a key".formatted(pairs.get(i).kind()));
      }
    }
  }

  private void pushGlobal() {
    var names = pop(2);
    if (!(names.get(0) instanceof Pickled.Text(var module))
        || !(names.get(1) instanceof Pickled.Text(var name))) {
      throw in.broken("something is named by other than strings");
    }
    push(global(module, name));
  }

  private Pickled global(String module, String name) {
    return PickleGlobal.find(module, name)
        .orElseThrow(
            () -> in.refused("Python's \"%s\"".formatted(Excerpt.of(module + "." + name))));
  }

  /// The persistent ids of `torch.save`: `("storage", type, key, device, number of elements)`.
  private Pickled storage(Pickled id) {
    if (id instanceof Pickled.Tuple(var items)
        && items.size() == 5
        && items.get(0) instanceof Pickled.Text(var word)
        && word.equals("storage")
        && items.get(1) instanceof Pickled.StorageType(var type)
        && items.get(2) instanceof Pickled.Text(var key)
        && items.get(4) instanceof Pickled.Whole(long elements)
        && elements >= 0) {
      return new Pickled.Storage(type, key, elements);
    }
    throw in.broken("there is a reference that is none to a storage of torch");
  }

  private void call() {
    var call = pop(2);
    if (!(call.get(0) instanceof PickleGlobal function)
        || !(call.get(1) instanceof Pickled.Tuple(var args))) {
      throw in.refused("a call of " + call.get(0).kind());
    }
    push(
        function
            .call(args)
            .orElseThrow(() ->
                in.broken(
                    "the arguments of %s do not describe a tensor inside its storage"
                        .formatted(function.fullName()))));
  }

  /// Attributes of a dictionary, such as torch's `_metadata`; no tensor depends on them.
  private void build() {
    pop();
    if (!(top() instanceof Pickled.Dict)) {
      throw in.refused("attributes of " + top().kind());
    }
  }

  private InputException unknown(int instruction) {
    return switch (instruction) {
      case 'i' ->
          in.refused("an object of \"%s\"".formatted(Excerpt.of(in.line() + "." + in.line())));
      case 'o', 0x81, 0x92 -> in.refused("an object of a class");
      case 0x82, 0x83, 0x84 -> in.refused("a name from a registry of extensions");
      default -> in.broken("there is the unknown instruction 0x%02x".formatted(instruction));
    };
  }
}
