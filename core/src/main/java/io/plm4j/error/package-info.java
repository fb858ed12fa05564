/// The one exception that a user's mistake becomes. Knows nothing else of plm4j; every package may
/// use it.
@NullMarked
package io.plm4j.error;

import org.jspecify.annotations.NullMarked;
