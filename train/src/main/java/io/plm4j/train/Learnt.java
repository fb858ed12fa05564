package io.plm4j.train;

import io.plm4j.nn.Weights;
import io.plm4j.train.learn.Chance;
import io.plm4j.train.learn.Parameter;
import io.plm4j.train.learn.Part;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// What of a model is learnt: its own weights, or an adapter beside them.
sealed interface Learnt permits LearntWeights, LearntAdapter {
  /// The parts of the model that have something to learn.
  Set<Part> parts();

  /// Weights for one more model over the same memory, to run side by side with the others. What is
  /// learnt has gradients of its own there.
  ///
  /// @param chance what that model leaves out follows from it
  Copy copy(Chance chance);

  /// The weights of one model.
  interface Copy {
    Weights.Source source();

    /// What is learnt, once the model is built; in the same order in every copy.
    List<Parameter> parameters();
  }

  /// How many models may run side by side.
  int mostCopies();

  /// Told after every step.
  void stepped();

  /// Writes what is learnt, ready to be used, with all that belongs to it.
  void write(Path folder);

  /// Takes over what [#write] wrote.
  void read(Path folder);

  /// The name of the folder that the result of a run lies in.
  String resultName();
}
