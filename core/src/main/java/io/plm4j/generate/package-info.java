/// From scores to text: sampling, stop rules, and the session that owns a conversation's cache.
///
/// Must not know HTTP, nor the command line. Start with {@link io.plm4j.generate.Session}.
@NullMarked
package io.plm4j.generate;

import org.jspecify.annotations.NullMarked;
