/// Bar, line and pie charts in many styles, with questions about them.
///
/// Must not know of other kinds of pictures.
@NullMarked
package io.plm4j.nano.chart;

import org.jspecify.annotations.NullMarked;
