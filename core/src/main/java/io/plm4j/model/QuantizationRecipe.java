package io.plm4j.model;

import io.plm4j.checkpoint.Shape;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.quant.QuantFormat;
import io.plm4j.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// In which format the linear layers of each part of a model are kept. Biases, norms, and the
/// embedding stay as they are; a head that is tied to the embedding is kept beside it.
///
/// @param formats of the parts that are quantised
public record QuantizationRecipe(Map<Part, QuantFormat> formats) {
  /// What can have a format of its own, by the names that [#of] reads.
  public enum Part {
    /// The decoder's layers.
    LANGUAGE,

    /// The output head, which every token reads whole and which decides between neighbours.
    HEAD,

    /// Between tower and decoder.
    PROJECTOR,

    /// The tower.
    VISION;

    /// As it is written in a recipe.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String NONE = "none";

  public QuantizationRecipe {
    formats = formats.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(formats));
  }

  /// Every linear layer but the head, as QLoRA has it.
  ///
  /// Source: Dettmers et al. 2023, QLoRA; which layers are left alone is transformers' choice.
  public static QuantizationRecipe everyLayerButTheHead(QuantFormat format) {
    return new QuantizationRecipe(
        Map.of(Part.LANGUAGE, format, Part.PROJECTOR, format, Part.VISION, format));
  }

  /// Reads `int4`, which is `language=int4,head=int8`, or parts by name:
  /// `language=int4:64,head=none,vision=int8`. A head that is not named is in int8 where the
  /// language has a format.
  ///
  /// @throws InputException if a part or format is unknown or comes twice
  public static QuantizationRecipe of(String text) {
    var named = new EnumMap<Part, Optional<QuantFormat>>(Part.class);
    for (var item : text.split(",", -1)) {
      int equals = item.indexOf('=');
      var part = equals < 0 ? Part.LANGUAGE : part(item.substring(0, equals));
      var name = item.substring(equals + 1);
      Optional<QuantFormat> format =
          name.equals(NONE) ? Optional.empty() : Optional.of(format(name));
      if (named.putIfAbsent(part, format) != null) {
        throw new InputException(
            "\"%s\" names the format of %s twice; name it once."
                .formatted(Excerpt.of(text), part.text()));
      }
    }
    if (named.getOrDefault(Part.LANGUAGE, Optional.empty()).isPresent()) {
      named.putIfAbsent(Part.HEAD, Optional.of(QuantFormat.INT8));
    }
    var formats = new EnumMap<Part, QuantFormat>(Part.class);
    named.forEach((part, format) -> format.ifPresent(f -> formats.put(part, f)));
    if (formats.isEmpty()) {
      throw new InputException(
          "\"%s\" gives no part a format; name one, such as int8.".formatted(Excerpt.of(text)));
    }
    return new QuantizationRecipe(formats);
  }

  private static QuantFormat format(String name) {
    return QuantFormat.of(name)
        .orElseThrow(() ->
            new InputException(
                "\"%s\" is no format; there are int8, int4 (as int4:32), int4:64, int4:128, the same with a zero of each group's own (int4:64z), nf4 and nf4:exact."
                    .formatted(Excerpt.of(name))));
  }

  private static Part part(String name) {
    for (var part : Part.values()) {
      if (part.text().equals(name)) {
        return part;
      }
    }
    throw new InputException(
        "\"%s\" is no part of a model that has a format; there are language, head, projector and vision."
            .formatted(Excerpt.of(name)));
  }

  /// As [#of] reads it, with every part named.
  public String text() {
    var items = new ArrayList<String>();
    formats.forEach((part, format) -> items.add(part.text() + "=" + format.text()));
    if (formats.containsKey(Part.LANGUAGE) && !formats.containsKey(Part.HEAD)) {
      items.add(Part.HEAD.text() + "=" + NONE);
    }
    return String.join(",", items);
  }

  /// The format of a linear layer's weights; empty to leave them as they are.
  ///
  /// @param weight its name
  public Optional<QuantFormat> formatOf(String weight) {
    if (weight.equals(HfNames.HEAD)) {
      return format(Part.HEAD);
    }
    if (weight.startsWith(HfNames.TOWER)) {
      return format(Part.VISION);
    }
    if (weight.startsWith(HfNames.PROJECTOR)) {
      return format(Part.PROJECTOR);
    }
    return weight.startsWith(HfNames.DECODER) && !weight.equals(HfNames.EMBEDDING)
        ? format(Part.LANGUAGE)
        : Optional.empty();
  }

  /// The same for one tensor of a model among all.
  ///
  /// @return empty also for what is no linear layer's
  public Optional<QuantFormat> formatOf(String name, Shape shape) {
    return CheckpointReport.isLinear(name, shape) ? formatOf(name) : Optional.empty();
  }

  /// Bytes of a model's weights in these formats.
  ///
  /// @param type of what is not quantised
  public long bytes(PlmConfig config, DType type) {
    long bytes = 0;
    for (var tensor : config.expectedTensors().entrySet()) {
      var format = formatOf(tensor.getKey(), tensor.getValue());
      bytes +=
          format.isPresent()
              ? bytes(tensor.getValue(), format.get())
              : tensor.getValue().elements() * type.bytes();
    }
    var head = format(Part.HEAD);
    return config.decoder().tiedHead() && head.isPresent()
        ? bytes
            + bytes(
                Shape.of(config.decoder().vocabSize(), config.decoder().hiddenSize()), head.get())
        : bytes;
  }

  /// Bytes of a linear layer's weights, codes and scales; empty where they are left as they are.
  public OptionalLong bytes(String name, Shape shape) {
    var format = formatOf(name, shape);
    return format.isPresent() ? OptionalLong.of(bytes(shape, format.get())) : OptionalLong.empty();
  }

  private static long bytes(Shape shape, QuantFormat format) {
    return QuantizedTensors.layout("", shape, format).values().stream()
        .mapToLong(stored -> stored.shape().elements() * stored.type().bytes())
        .sum();
  }

  private Optional<QuantFormat> format(Part part) {
    return Optional.ofNullable(formats.get(part));
  }
}
