/// A forward pass that remembers, and the way back: from micro-batches to gradients.
///
/// Must not know where examples come from, nor what becomes of gradients. Start with {@link
/// io.plm4j.train.learn.Learner}.
@NullMarked
package io.plm4j.train.learn;

import org.jspecify.annotations.NullMarked;
