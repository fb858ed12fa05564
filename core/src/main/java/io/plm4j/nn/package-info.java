/// The layers that both towers are built of, and the cursor by which they find their weights.
///
/// Must not know which model uses them. Start with {@link io.plm4j.nn.Weights} and {@link
/// io.plm4j.nn.Linear}.
@NullMarked
package io.plm4j.nn;

import org.jspecify.annotations.NullMarked;
