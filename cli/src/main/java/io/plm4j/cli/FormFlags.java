package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.generate.constraint.Constraint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The form that an answer must have.
final class FormFlags {
  @Option(
      names = "--json-schema",
      paramLabel = "FILE",
      description = "Answer with a JSON value that keeps this schema.")
  private Optional<Path> schema = Optional.empty();

  @Option(
      names = "--regex",
      paramLabel = "TEXT",
      description = "Answer with a text that this regular expression describes as a whole.")
  private Optional<String> expression = Optional.empty();

  @Option(
      names = "--choice",
      paramLabel = "TEXT",
      description = "Answer with this text or another --choice.")
  private List<String> choices = new ArrayList<>();

  /// Worth asking for before a model is loaded, since it finds mistakes.
  Optional<Constraint> read() {
    var given = new ArrayList<String>();
    schema.ifPresent(_ -> given.add("--json-schema"));
    expression.ifPresent(_ -> given.add("--regex"));
    if (!choices.isEmpty()) {
      given.add("--choice");
    }
    if (given.size() > 1) {
      throw new InputException(
          "%s exclude each other; an answer can have one form."
              .formatted(String.join(" and ", given)));
    }
    if (schema.isPresent()) {
      return schema.map(Constraint::jsonSchema);
    }
    return expression.isPresent()
        ? expression.map(Constraint::regex)
        : Optional.of(choices).filter(list -> !list.isEmpty()).map(Constraint::choice);
  }
}
