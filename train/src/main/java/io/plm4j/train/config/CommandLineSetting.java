package io.plm4j.train.config;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/// A setting as `adapter.r=16`.
///
/// @param keys the way to it through the mappings
/// @param text what follows the sign; a list or a mapping in YAML's short form where it begins with
///   a bracket, else what is meant by it as it stands
record CommandLineSetting(List<String> keys, String text) {
  private static final Pattern FORM = Pattern.compile("(?s)([\\w-]+(?:\\.[\\w-]+)*)=(.*)");

  static CommandLineSetting parse(String argument) {
    var matcher = FORM.matcher(argument);
    if (!matcher.matches()) {
      throw new InputException(
          "%s is no setting; wanted KEY=VALUE, such as learning_rate=1e-4 or adapter.r=16."
              .formatted(Excerpt.of(argument)));
    }
    return new CommandLineSetting(List.of(matcher.group(1).split("\\.")), matcher.group(2));
  }

  /// The setting as a layer over a file's.
  Node.Mapping node() {
    var node = value();
    for (var key : keys.reversed()) {
      var entries = new LinkedHashMap<String, Node>();
      entries.put(key, node);
      node = new Node.Mapping(entries, Origin.COMMAND_LINE);
    }
    return (Node.Mapping) node;
  }

  private Node value() {
    if (text.isEmpty() || text.equals("null")) {
      return new Node.Absent(Origin.COMMAND_LINE);
    }
    if (!text.startsWith("[") && !text.startsWith("{")) {
      return new Node.Scalar(text, Origin.COMMAND_LINE);
    }
    var source = "the command line's " + String.join(".", keys);
    return YamlReader.parse(source, ("value: " + text).getBytes(StandardCharsets.UTF_8))
        .entries()
        .firstEntry()
        .getValue();
  }
}
