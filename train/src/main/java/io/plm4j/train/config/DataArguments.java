package io.plm4j.train.config;

import io.plm4j.error.InputException;
import io.plm4j.media.VisionInput;
import io.plm4j.train.data.Asking;
import io.plm4j.train.data.Columns;
import io.plm4j.train.data.Format;
import io.plm4j.train.data.Labels;
import io.plm4j.train.data.Order;
import io.plm4j.train.data.Source;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The settings below `data`.
final class DataArguments {
  private static final int LONGEST = 1 << 24;

  private DataArguments() {}

  static DataSettings read(Section data) {
    return data.checked(DataArguments::of);
  }

  private static DataSettings of(Section data) {
    var settings =
        new DataSettings(
            sources(data),
            data.choice("format", Section.names(Format.values())).orElse(Format.CHAT),
            data.choice("labels", Section.names(Labels.values())).orElse(Labels.ASSISTANT),
            data.flag("packing").orElse(false),
            data.integer("max_length", 1, LONGEST),
            order(data),
            media(data),
            validation(data));
    data.requireNoMore(List.of());
    return settings;
  }

  private static Order order(Section data) {
    var names = Map.of("shuffle", Order.SHUFFLED, "file", Order.SEQUENTIAL);
    return data.choice("order", names).orElse(Order.SHUFFLED);
  }

  private static MediaInput media(Section data) {
    var names = new LinkedHashMap<String, VisionInput>();
    names.put("vanilla", VisionInput.VANILLA);
    names.put("thumb+tile", VisionInput.THUMB_AND_TILES);
    var vision = data.choice("vision_input_type", names).orElse(MediaInput.CARD.vision());
    if (vision == VisionInput.VANILLA && data.has("max_num_tiles")) {
      throw data.wrong(
          "max_num_tiles", "nothing, as pictures are one tile; or vision_input_type: thumb+tile");
    }
    return new MediaInput(
        vision, data.integer("max_num_tiles", 1, 1000), data.integer("num_frames", 1, 10_000));
  }

  private static Validation validation(Section data) {
    if (!data.has("validation")) {
      return new Validation.None();
    }
    var section = data.section("validation");
    var fraction = section.number("fraction", Double.MIN_NORMAL, 1 - 1e-9);
    var sources = sources(section);
    section.requireNoMore(List.of());
    if (fraction.isPresent() == !sources.isEmpty()) {
      throw data.wrong("validation", "either fraction, such as 0.1, or sources");
    }
    return fraction.isPresent()
        ? new Validation.Share(fraction.getAsDouble())
        : new Validation.Sources(sources);
  }

  private static List<Source> sources(Section section) {
    return section.sections("sources", "path").stream().map(DataArguments::source).toList();
  }

  private static Source source(Section source) {
    var path = path(source, "path").orElseThrow(() -> source.wrong("path", "a file or a folder"));
    var name = source.text("name").orElse(nameOf(path));
    var root = path(source, "root_dir");
    var weight = source.number("weight", Double.MIN_NORMAL, 1e12);
    var columns = source.named("columns");
    var prompt = source.text("prompt");
    var split = source.text("split");
    var limit = source.whole("limit", 1, 1L << 40);
    var asking = source.choice("asking", Section.names(Asking.values())).orElse(Asking.IN_TURN);
    source.requireNoMore(List.of());
    try {
      return new Source(
          name, path, root, weight, Columns.of(columns), prompt, split, limit, asking);
    } catch (InputException e) {
      throw source.inconsistent(e);
    }
  }

  /// What a file or a folder is called without its ending.
  static String nameOf(Path path) {
    var file = path.toAbsolutePath().normalize().getFileName();
    var name = file == null ? "data" : file.toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  static Optional<Path> path(Section section, String key) {
    return section
        .text(key)
        .map(text -> {
          try {
            return Path.of(text);
          } catch (InvalidPathException e) {
            throw section.wrong(key, "a path: " + e.getReason());
          }
        });
  }
}
