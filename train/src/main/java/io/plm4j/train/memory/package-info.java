/// How much memory a training run will take, told before it begins.
///
/// Must not know how a model learns, only what it keeps while it does. Start with {@link
/// io.plm4j.train.memory.MemoryPlan}.
@NullMarked
package io.plm4j.train.memory;

import org.jspecify.annotations.NullMarked;
