package io.plm4j.checkpoint;

import io.plm4j.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Everything of Python's that a pickle may name: what `torch.save` names for a dictionary of
/// tensors. To call one of them is to describe a tensor; no other name gets as far as a call.
enum PickleGlobal implements Pickled {
  ORDERED_DICT("collections", "OrderedDict") {
    @Override
    Optional<Pickled> call(List<Pickled> args) {
      return args.isEmpty() ? Optional.of(new Pickled.Dict()) : Optional.empty();
    }
  },
  SIZE("torch", "Size") {
    @Override
    Optional<Pickled> call(List<Pickled> args) {
      return args.size() == 1 && args.getFirst() instanceof Pickled.Tuple sizes
          ? Optional.of(sizes)
          : Optional.empty();
    }
  },
  REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2") {
    @Override
    Optional<Pickled> call(List<Pickled> args) {
      return args.size() == 6 || (args.size() == 7 && isEmpty(args.get(6)))
          ? window(args)
          : Optional.empty();
    }
  },
  REBUILD_PARAMETER("torch._utils", "_rebuild_parameter") {
    @Override
    Optional<Pickled> call(List<Pickled> args) {
      return args.size() == 3 && args.getFirst() instanceof Pickled.Window tensor
          ? Optional.of(tensor)
          : Optional.empty();
    }
  };

  /// Element types by the names of torch's storage classes.
  private static final Map<String, DType> STORAGES =
      Map.of(
          "FloatStorage", DType.F32,
          "BFloat16Storage", DType.BF16,
          "HalfStorage", DType.F16,
          "DoubleStorage", DType.F64,
          "LongStorage", DType.I64,
          "IntStorage", DType.I32,
          "ShortStorage", DType.I16,
          "CharStorage", DType.I8,
          "ByteStorage", DType.U8,
          "BoolStorage", DType.BOOL);

  private static final int MAX_RANK = 64;

  private static final Map<String, PickleGlobal> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(g -> g.fullName, Function.identity()));

  private final String fullName;

  PickleGlobal(String module, String name) {
    fullName = module + "." + name;
  }

  /// What a name stands for; empty if it may not be named.
  static Optional<Pickled> find(String module, String name) {
    var storage = module.equals("torch") ? STORAGES.get(name) : null;
    if (storage != null) {
      return Optional.of(new Pickled.StorageType(storage));
    }
    return Optional.ofNullable(BY_NAME.get(module + "." + name));
  }

  /// What the call gives; empty if the arguments are not those of the real one.
  abstract Optional<Pickled> call(List<Pickled> args);

  String fullName() {
    return fullName;
  }

  private static boolean isEmpty(Pickled metadata) {
    return metadata == Pickled.Plain.NONE
        || metadata instanceof Pickled.Dict(var entries) && entries.isEmpty();
  }

  /// The arguments: storage, offset, sizes, strides, whether to train it, hooks.
  private static Optional<Pickled> window(List<Pickled> args) {
    if (args.get(0) instanceof Pickled.Storage storage
        && args.get(1) instanceof Pickled.Whole(long offset)
        && args.get(2) instanceof Pickled.Tuple(var sizes)
        && args.get(3) instanceof Pickled.Tuple(var strides)
        && sizes.size() == strides.size()
        && sizes.size() <= MAX_RANK) {
      return wholes(sizes)
          .flatMap(s -> wholes(strides).flatMap(t -> window(storage, offset, s, t)));
    }
    return Optional.empty();
  }

  /// Not negative, as torch has no other.
  private static Optional<List<Long>> wholes(List<Pickled> values) {
    var wholes = new ArrayList<Long>();
    for (var value : values) {
      if (!(value instanceof Pickled.Whole(long number)) || number < 0) {
        return Optional.empty();
      }
      wholes.add(number);
    }
    return Optional.of(wholes);
  }

  /// A window that lies inside its storage and is not larger than it: a tensor that repeats a few
  /// numbers for ever costs no disk, but would cost memory.
  private static Optional<Pickled> window(
      Pickled.Storage storage, long offset, List<Long> sizes, List<Long> strides) {
    try {
      var shape = new Shape(sizes);
      long last = offset;
      for (int i = 0; i < sizes.size(); i++) {
        long steps = Math.max(0, sizes.get(i) - 1);
        last = Math.addExact(last, Math.multiplyExact(steps, strides.get(i)));
      }
      boolean fits =
          offset >= 0
              && shape.elements() <= storage.elements()
              && (shape.elements() == 0 || last < storage.elements());
      return fits
          ? Optional.of(new Pickled.Window(storage, offset, shape, List.copyOf(strides)))
          : Optional.empty();
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
