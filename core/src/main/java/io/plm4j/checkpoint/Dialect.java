package io.plm4j.checkpoint;

import java.util.Optional;
import java.util.function.Function;

/// How the tensors of a file are called and arranged for those who read them.
@FunctionalInterface
public interface Dialect {
  /// Names, sizes and order of the file.
  Dialect AS_STORED = stored -> Optional.of(TensorView.of(stored));

  /// What a tensor in a file is to its readers; empty for one to leave out.
  Optional<TensorView> view(TensorInfo stored);

  /// A dialect that differs in names only.
  ///
  /// @param names from the name in the file to the one in here; empty for a tensor to leave out
  static Dialect renaming(Function<String, Optional<String>> names) {
    return stored ->
        names
            .apply(stored.name())
            .map(name -> new TensorView(name, stored.shape(), RowOrder.AS_STORED));
  }

  /// This dialect's views, seen through another one.
  default Dialect then(Dialect next) {
    return stored ->
        view(stored)
            .flatMap(first ->
                next.view(
                        new TensorInfo(first.name(), stored.dtype(), first.shape(), stored.file()))
                    .map(second ->
                        new TensorView(
                            second.name(), second.shape(), first.rows().then(second.rows()))));
  }
}
