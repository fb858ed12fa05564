package io.plm4j.train.config;

import io.plm4j.train.data.Asking;
import io.plm4j.train.data.Format;
import io.plm4j.train.data.Labels;
import io.plm4j.train.data.Order;
import io.plm4j.train.data.Source;
import java.util.List;
import java.util.OptionalInt;

/// What a model learns from, and how it is cut into rows.
///
/// @param format how conversations are written down
/// @param packing whether examples fill a row up to `maxLength` tokens; else a micro-batch is a
///   fixed number of examples
/// @param maxLength the most tokens of an example, media included; empty: as many as the model
///   takes
public record DataSettings(
    List<Source> sources,
    Format format,
    Labels labels,
    boolean packing,
    OptionalInt maxLength,
    Order order,
    MediaInput media,
    Validation validation) {
  public DataSettings {
    sources = List.copyOf(sources);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("no data to learn from");
    }
    if (maxLength.isPresent() && maxLength.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "max_length %d is not positive".formatted(maxLength.getAsInt()));
    }
    boolean weighed = sources.getFirst().weight().isPresent();
    if (sources.stream().anyMatch(source -> source.weight().isPresent() != weighed)) {
      throw new IllegalArgumentException("some sources have a weight and some have none");
    }
    if (sources.stream().anyMatch(source -> source.asking() == Asking.ALONE)
        && (format == Format.WARMUP || labels == Labels.CARD)) {
      throw new IllegalArgumentException(
          "questions can be asked alone (asking: alone) in conversations of which answers are learnt, not with format: warmup or labels: card");
    }
    if (sources.stream().map(Source::name).distinct().count() < sources.size()) {
      throw new IllegalArgumentException("two sources have the same name");
    }
  }

  /// These sources, all else as in the model card.
  public static DataSettings of(List<Source> sources) {
    return new DataSettings(
        sources,
        Format.CHAT,
        Labels.ASSISTANT,
        false,
        OptionalInt.empty(),
        Order.SHUFFLED,
        MediaInput.CARD,
        new Validation.None());
  }
}
