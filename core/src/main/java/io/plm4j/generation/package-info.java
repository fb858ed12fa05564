/// Turning logits into an answer. Must not know HTTP or the command line.
@NullMarked
package io.plm4j.generation;

import org.jspecify.annotations.NullMarked;
