/// Coloured shapes in scenes, with questions about what, where and how many.
///
/// Must not know of other kinds of pictures.
@NullMarked
package io.plm4j.nano.scene;

import org.jspecify.annotations.NullMarked;
