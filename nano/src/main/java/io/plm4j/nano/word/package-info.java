/// Printed words: signs, notes, labels, with questions about what they say.
///
/// Must not know of other kinds of pictures.
@NullMarked
package io.plm4j.nano.word;

import org.jspecify.annotations.NullMarked;
