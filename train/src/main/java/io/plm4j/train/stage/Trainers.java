package io.plm4j.train.stage;

import io.plm4j.train.run.Training;

/// Gives the trainer that obeys a stage's recipe.
public interface Trainers {
  /// @param recipe whose format and decay the trainer is to obey; the model that it is given has
  ///   been brought to the recipe's pooling and gains already
  Training of(Recipe recipe);
}
