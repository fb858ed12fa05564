/// Changes a Perception Language Model: fine-tunes it, whole or by adapters, and trains it in its
/// three stages.
///
/// Start with {@link io.plm4j.train.Trainer}.
@NullMarked
package io.plm4j.train;

import org.jspecify.annotations.NullMarked;
