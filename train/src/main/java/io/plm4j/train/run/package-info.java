/// The folder of a training run: its settings, checkpoints, figures and curves.
///
/// Must not know how a model learns. Start with {@link io.plm4j.train.run.RunListener}.
@NullMarked
package io.plm4j.train.run;

import org.jspecify.annotations.NullMarked;
