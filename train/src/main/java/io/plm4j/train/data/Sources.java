package io.plm4j.train.data;

import io.plm4j.error.InputException;
import java.util.List;

/// Open sources and what makes examples of their rows.
record Sources(List<OpenSource> open, ExampleMaker maker) {
  /// A row.
  ///
  /// @param source which, from 0
  /// @param place among the rows of it that are used, from 0
  record Ref(int source, int place) {}

  /// What became of a row.
  sealed interface Outcome {
    Ref ref();

    record Good(Ref ref, Example example, int droppedTurns) implements Outcome {}

    record Bad(Ref ref, String reason) implements Outcome {}
  }

  Sources {
    open = List.copyOf(open);
  }

  Outcome read(Ref ref) {
    var source = open.get(ref.source());
    int row = source.numbers().at(ref.place());
    try {
      var made =
          maker.make(
              source.form().read(source.rows().read(row)),
              "%s: %s".formatted(source.name(), source.rows().place(row)));
      return new Outcome.Good(ref, made.example(), made.droppedTurns());
    } catch (InputException e) {
      return new Outcome.Bad(ref, String.valueOf(e.getMessage()));
    }
  }

  String name(Ref ref) {
    return open.get(ref.source()).name();
  }

  String place(Ref ref) {
    var source = open.get(ref.source());
    return source.rows().place(source.numbers().at(ref.place()));
  }

  /// The rows of all sources, one source after another.
  FirstRows firsts() {
    return new FirstRows(open.stream().map(OpenSource::count).toList());
  }
}
