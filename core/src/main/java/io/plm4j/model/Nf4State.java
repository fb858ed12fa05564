package io.plm4j.model;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Shape;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.json.PrettyJson;
import io.plm4j.tensor.DType;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What bitsandbytes notes about a weight that it stored in NF4: JSON in a tensor of bytes.
///
/// @param shape of the weight, whose codes are stored as one column
/// @param type of the weight before it was quantised
/// @param nested how the scales were quantised, if they were
record Nf4State(Shape shape, DType type, int blockSize, Optional<Nested> nested) {
  static final String SUFFIX = ".quant_state.bitsandbytes__nf4";

  /// Bytes that no state exceeds.
  static final int ROOM = 256;

  private static final long MAX_BYTES = 100_000;

  /// @param offset what is added to every scale
  record Nested(int blockSize, float offset) {}

  /// Whether a weight is stored in NF4.
  static boolean isOf(String weight, Checkpoint checkpoint) {
    return checkpoint.names().contains(weight + SUFFIX);
  }

  static Nf4State read(String weight, Checkpoint checkpoint) {
    var info = checkpoint.info(weight + SUFFIX);
    var where = "%s: %s".formatted(info.file(), info.name());
    if (info.bytes() > MAX_BYTES || info.dtype() != DType.U8) {
      throw new InputException(
          "%s is %s %s; wanted a few hundred bytes of JSON. Fetch the checkpoint again."
              .formatted(where, info.dtype(), info.shape()));
    }
    return parse(
        JsonObject.parse(where, checkpoint.data(info.name()).toArray(ValueLayout.JAVA_BYTE)));
  }

  static Nf4State parse(JsonObject json) {
    if (!json.text("quant_type").equals("nf4")) {
      throw json.wrong("quant_type", "\"nf4\"");
    }
    var sizes = json.integers("shape", 1, Integer.MAX_VALUE);
    if (sizes.size() != 2) {
      throw json.wrong("shape", "two sizes");
    }
    var type =
        switch (json.text("dtype")) {
          case "bfloat16" -> DType.BF16;
          case "float16" -> DType.F16;
          case "float32" -> DType.F32;
          default -> throw json.wrong("dtype", "\"bfloat16\", \"float16\" or \"float32\"");
        };
    int blockSize = powerOfTwo(json, "blocksize");
    Optional<Nested> nested = Optional.empty();
    if (json.has("nested_blocksize")) {
      double offset = json.number("nested_offset", -1e30, 1e30);
      if (!json.optionalText("nested_dtype").orElse("float32").equals("float32")) {
        throw json.wrong("nested_dtype", "\"float32\"");
      }
      nested = Optional.of(new Nested(powerOfTwo(json, "nested_blocksize"), (float) offset));
    }
    return new Nf4State(Shape.of(sizes.getFirst(), sizes.getLast()), type, blockSize, nested);
  }

  private static int powerOfTwo(JsonObject json, String key) {
    int size = json.integer(key, 32, 4096);
    if (Integer.bitCount(size) != 1) {
      throw json.wrong(key, "a power of two from 32 to 4096");
    }
    return size;
  }

  /// As bitsandbytes writes it.
  byte[] toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("quant_type", "nf4");
    json.put("blocksize", blockSize);
    json.put(
        "dtype",
        switch (type) {
          case BF16 -> "bfloat16";
          case F16 -> "float16";
          case F32, F64, I64, I32, I16, I8, U8, BOOL -> "float32";
        });
    json.put("shape", shape.sizes());
    nested.ifPresent(scales -> {
      json.put("nested_blocksize", scales.blockSize());
      json.put("nested_dtype", "float32");
      json.put("nested_offset", (double) scales.offset());
    });
    return PrettyJson.line(json).getBytes(StandardCharsets.UTF_8);
  }

  /// The tensors that belong to a weight, by what follows the weight's name, with their types and
  /// sizes.
  Map<String, Part> parts() {
    long numbers = shape.elements();
    long blocks = (numbers + blockSize - 1) / blockSize;
    var parts = new LinkedHashMap<String, Part>();
    parts.put("", new Part(DType.U8, (numbers + 1) / 2));
    parts.put(".absmax", new Part(nested.isPresent() ? DType.U8 : DType.F32, blocks));
    parts.put(".quant_map", new Part(DType.F32, 16));
    nested.ifPresent(scales -> {
      long nestedBlocks = (blocks + scales.blockSize() - 1) / scales.blockSize();
      parts.put(".nested_absmax", new Part(DType.F32, nestedBlocks));
      parts.put(".nested_quant_map", new Part(DType.F32, 256));
    });
    return parts;
  }

  record Part(DType type, long elements) {}

  /// Names of all tensors of a weight.
  List<String> names(String weight) {
    var names = new ArrayList<>(parts().keySet().stream().map(weight::concat).toList());
    names.add(weight + SUFFIX);
    return names;
  }
}
