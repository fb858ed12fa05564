/// Drawing: fonts, colours, backgrounds, blemishes, and what comes out.
///
/// Must not know what is drawn.
@NullMarked
package io.plm4j.nano.look;

import org.jspecify.annotations.NullMarked;
