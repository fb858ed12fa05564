package io.plm4j.checkpoint;

import io.plm4j.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a pickle may build here: plain data and descriptions of tensors, none of which does
/// anything.
///
/// Containers may hold themselves; nothing here descends into them by recursion, and none of these
/// is ever printed.
sealed interface Pickled
    permits Pickled.Text,
        Pickled.Whole,
        Pickled.Plain,
        Pickled.Tuple,
        Pickled.Items,
        Pickled.Dict,
        Pickled.StorageType,
        Pickled.Storage,
        Pickled.Window,
        PickleGlobal {
  record Text(String value) implements Pickled {}

  record Whole(long value) implements Pickled {}

  /// A value that no tensor depends on.
  enum Plain implements Pickled {
    NONE,
    FLAG,
    FRACTION
  }

  record Tuple(List<Pickled> items) implements Pickled {}

  /// A Python list.
  record Items(ArrayList<Pickled> items) implements Pickled {}

  /// A dictionary, ordered or not, by its keys that are strings or numbers.
  record Dict(SequencedMap<Object, Pickled> entries) implements Pickled {
    Dict() {
      this(new LinkedHashMap<>());
    }
  }

  /// One of torch's storage classes, which stands for an element type.
  record StorageType(DType dtype) implements Pickled {}

  /// The numbers of one or more tensors: the archive's entry `data/<key>`.
  ///
  /// @param elements how many there are
  record Storage(DType dtype, String key, long elements) implements Pickled {}

  /// A window into a storage.
  ///
  /// @param offset of the first element
  /// @param strides by how many elements neighbours along each dimension are apart
  record Window(Storage storage, long offset, Shape shape, List<Long> strides) implements Pickled {
    /// Whether the elements lie one behind the other, row by row.
    boolean isContiguous() {
      long step = 1;
      for (int i = shape.rank() - 1; i >= 0; i--) {
        long size = shape.sizes().get(i);
        if (size != 1 && strides.get(i) != step) {
          return shape.elements() == 0;
        }
        step *= size;
      }
      return true;
    }
  }

  /// In words, for a message.
  default String kind() {
    return switch (this) {
      case Text _ -> "a string";
      case Whole _ -> "a number";
      case Plain _ -> "a plain value";
      case Tuple _ -> "a tuple";
      case Items _ -> "a list";
      case Dict _ -> "a dictionary";
      case StorageType _, Storage _ -> "a storage";
      case Window _ -> "a tensor";
      case PickleGlobal _ -> "a function";
    };
  }
}
