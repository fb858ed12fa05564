/// What answering takes of the machine's memory, and what it has: from a model's files alone,
/// before anything is loaded.
///
/// Must not know requests, pictures or words. Start with {@link io.plm4j.memory.MemoryPlan}.
@NullMarked
package io.plm4j.memory;

import org.jspecify.annotations.NullMarked;
