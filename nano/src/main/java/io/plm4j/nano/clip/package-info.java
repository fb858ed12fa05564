/// Short clips of shapes that do something, with questions about what, where and when.
///
/// Must not know of other kinds of pictures.
@NullMarked
package io.plm4j.nano.clip;

import org.jspecify.annotations.NullMarked;
