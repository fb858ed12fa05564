package io.plm4j.checkpoint;

import io.plm4j.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/// Writes the pickle of an ordered dictionary of contiguous tensors, protocol 2, as `torch.load`
/// reads it with `weights_only`. Storage `i` is that of tensor `i`.
final class PickleWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// @param aliases further names, each of a tensor
  PickleWriter(List<TensorSource> tensors, Map<String, String> aliases) {
    var indices = new LinkedHashMap<String, Integer>();
    for (var tensor : tensors) {
      if (indices.put(tensor.name(), indices.size()) != null) {
        throw new IllegalArgumentException("two tensors are called " + tensor.name());
      }
    }
    op(0x80);
    op(2); // protocol
    emptyOrderedDict();
    op('(');
    indices.forEach((name, index) -> item(name, tensors.get(index), index));
    aliases.forEach((alias, name) -> {
      var index = indices.get(name);
      if (index == null || indices.containsKey(alias)) {
        throw new IllegalArgumentException(alias + " is no further name of " + name);
      }
      item(alias, tensors.get(index), index);
    });
    op('u');
    op('.');
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private void item(String name, TensorSource tensor, int index) {
    var sizes = tensor.shape().sizes();
    text(name);
    global("torch._utils", "_rebuild_tensor_v2");
    op('(');
    op('(');
    text("storage");
    global("torch", storage(tensor.dtype()));
    text(Integer.toString(index));
    text("cpu");
    whole(tensor.shape().elements());
    op('t');
    op('Q'); // the tuple is a reference to the storage
    whole(0); // its first element is the tensor's
    tuple(sizes.size(), i -> sizes.get((int) i));
    tuple(
        sizes.size(),
        i -> sizes.subList((int) i + 1, sizes.size()).stream().reduce(1L, (a, b) -> a * b));
    op(0x89); // not to be trained
    emptyOrderedDict(); // hooks
    op('t');
    op('R');
  }

  private static String storage(DType type) {
    return switch (type) {
      case F32 -> "FloatStorage";
      case BF16 -> "BFloat16Storage";
      case F16 -> "HalfStorage";
      case F64 -> "DoubleStorage";
      case I64 -> "LongStorage";
      case I32 -> "IntStorage";
      case I16 -> "ShortStorage";
      case I8 -> "CharStorage";
      case U8 -> "ByteStorage";
      case BOOL -> "BoolStorage";
    };
  }

  private void emptyOrderedDict() {
    global("collections", "OrderedDict");
    op(')');
    op('R');
  }

  private void tuple(int length, LongUnaryOperator item) {
    op('(');
    for (int i = 0; i < length; i++) {
      whole(item.applyAsLong(i));
    }
    op('t');
  }

  private void global(String module, String name) {
    op('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void text(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    op('X');
    littleEndian(bytes.length, Integer.BYTES);
    out.writeBytes(bytes);
  }

  private void whole(long value) {
    if (value == (int) value) {
      op('J');
      littleEndian(value, Integer.BYTES);
    } else {
      op(0x8a);
      op(Long.BYTES);
      littleEndian(value, Long.BYTES);
    }
  }

  private void littleEndian(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      op((int) (value >> (8 * i)));
    }
  }

  private void op(int b) {
    out.write(b);
  }
}
