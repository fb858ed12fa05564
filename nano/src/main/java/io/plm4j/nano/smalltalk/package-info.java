/// Conversations with nothing to see.
///
/// Must not know how pictures are drawn.
@NullMarked
package io.plm4j.nano.smalltalk;

import org.jspecify.annotations.NullMarked;
