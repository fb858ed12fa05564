/// From gradients to better weights.
///
/// Must not know where gradients come from. Start with {@link io.plm4j.train.optimizer.AdamW}.
@NullMarked
package io.plm4j.train.optimizer;

import org.jspecify.annotations.NullMarked;
