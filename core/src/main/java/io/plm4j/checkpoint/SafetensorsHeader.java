package io.plm4j.checkpoint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// The JSON at the start of a safetensors file, checked by the rules of the reference
/// implementation: every byte after the header belongs to exactly one tensor.
///
/// @param tensors in the order of their bytes
/// @param metadata free text, `{"format": "pt"}` where PyTorch wrote the file
record SafetensorsHeader(
    SequencedMap<String, Entry> tensors, SequencedMap<String, String> metadata) {

  /// @param begin offset of the first byte, counted from the end of the header
  record Entry(DType dtype, Shape shape, long begin, long end) {}

  static final String METADATA = "__metadata__";

  /// PyTorch allows 64 dimensions.
  private static final int MAX_RANK = 64;

  /// Twice what the largest models have in all their files.
  private static final int MAX_TENSORS = 200_000;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  SafetensorsHeader {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
  }

  /// @param file how messages call the source
  /// @param dataBytes what follows the header in the file
  static SafetensorsHeader parse(String file, byte[] json, long dataBytes) {
    return new Parser(file, dataBytes).parse(json);
  }

  private static final class Parser {
    private final String file;
    private final long dataBytes;
    private final SequencedMap<String, String> metadata = new LinkedHashMap<>();
    private final List<Named> entries = new ArrayList<>();

    private record Named(String name, Entry entry) {}

    Parser(String file, long dataBytes) {
      this.file = file;
      this.dataBytes = dataBytes;
    }

    SafetensorsHeader parse(byte[] bytes) {
      try (var json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
          throw broken("does not hold a JSON object");
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
          var name = json.currentName();
          json.nextToken();
          if (name.equals(METADATA)) {
            readMetadata(json);
          } else if (entries.size() == MAX_TENSORS) {
            throw broken("has more than %,d tensors".formatted(MAX_TENSORS));
          } else {
            entries.add(new Named(name, readEntry(name, json)));
          }
        }
        if (json.nextToken() != null) {
          throw broken("goes on after the closing brace");
        }
      } catch (JacksonException e) {
        throw new InputException(
            "%s: the header is not valid JSON at byte %d: %s. The file is damaged; fetch it again."
                .formatted(
                    file,
                    e.getLocation() == null ? 0 : e.getLocation().getByteOffset(),
                    Excerpt.of(e.getOriginalMessage())),
            e);
      }
      return new SafetensorsHeader(inOrderOfBytes(), metadata);
    }

    private void readMetadata(JsonParser json) {
      if (json.currentToken() == JsonToken.VALUE_NULL) {
        return;
      }
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw broken("has a __metadata__ that is not an object of strings");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var key = json.currentName();
        if (json.nextToken() != JsonToken.VALUE_STRING) {
          throw broken("has a __metadata__ value that is not a string: " + quote(key));
        }
        metadata.put(key, json.getString());
      }
    }

    private Entry readEntry(String name, JsonParser json) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw broken("describes %s by something else than an object".formatted(quote(name)));
      }
      DType dtype = null;
      Shape shape = null;
      List<Long> offsets = null;
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var key = json.currentName();
        json.nextToken();
        switch (key) {
          case "dtype" -> dtype = readDType(name, json);
          case "shape" -> shape = readShape(name, json);
          case "data_offsets" -> offsets = readSizes(name, key, 2, json);
          default ->
              throw broken("has the unknown key %s for %s".formatted(quote(key), quote(name)));
        }
      }
      if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
        throw broken("lacks dtype, shape or two data_offsets for " + quote(name));
      }
      return check(name, new Entry(dtype, shape, offsets.get(0), offsets.get(1)));
    }

    private Entry check(String name, Entry entry) {
      if (entry.begin() > entry.end() || entry.end() > dataBytes) {
        throw broken(
            "places %s at bytes %,d to %,d of %,d"
                .formatted(quote(name), entry.begin(), entry.end(), dataBytes));
      }
      long span = entry.end() - entry.begin();
      int size = entry.dtype().bytes();
      // Divided, not multiplied: the product may exceed a long.
      if (span % size != 0 || span / size != entry.shape().elements()) {
        throw broken(
            "gives %s, %s %s, a span of %,d bytes"
                .formatted(quote(name), entry.dtype(), entry.shape(), span));
      }
      return entry;
    }

    private DType readDType(String name, JsonParser json) {
      var text = json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : "";
      for (var type : DType.values()) {
        if (type.name().equals(text)) {
          return type;
        }
      }
      throw new InputException(
          "%s: %s has the element type %s; plm4j reads %s. Convert the checkpoint to BF16 or F32."
              .formatted(file, quote(name), quote(text), List.of(DType.values()).toString()));
    }

    private Shape readShape(String name, JsonParser json) {
      try {
        return new Shape(readSizes(name, "shape", MAX_RANK, json));
      } catch (IllegalArgumentException e) {
        throw broken("gives %s a bad shape: %s".formatted(quote(name), e.getMessage()));
      }
    }

    private List<Long> readSizes(String name, String key, int max, JsonParser json) {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        throw broken("has a %s of %s that is not a list".formatted(key, quote(name)));
      }
      var sizes = new ArrayList<Long>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
            || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
            || json.getLongValue() < 0
            || sizes.size() == max) {
          throw broken(
              "has a %s of %s that is not a list of at most %d sizes"
                  .formatted(key, quote(name), max));
        }
        sizes.add(json.getLongValue());
      }
      return sizes;
    }

    private SequencedMap<String, Entry> inOrderOfBytes() {
      entries.sort(
          Comparator.comparingLong((Named named) -> named.entry().begin())
              .thenComparingLong(named -> named.entry().end()));
      var ordered = new LinkedHashMap<String, Entry>();
      long end = 0;
      @Nullable String last = null;
      for (var named : entries) {
        if (named.entry().begin() != end) {
          throw broken(
              "%s %s%s"
                  .formatted(
                      named.entry().begin() < end ? "lets overlap" : "leaves a hole before",
                      quote(named.name()),
                      last == null ? "" : " and " + quote(last)));
        }
        end = named.entry().end();
        last = named.name();
        ordered.put(named.name(), named.entry());
      }
      if (end != dataBytes) {
        throw broken("describes %,d bytes of tensors, but %,d follow it".formatted(end, dataBytes));
      }
      return ordered;
    }

    private InputException broken(String what) {
      return new InputException(
          "%s: the header %s. The file is damaged or cut; fetch it again.".formatted(file, what));
    }

    private static String quote(String text) {
      return "\"" + Excerpt.of(text) + "\"";
    }
  }
}
