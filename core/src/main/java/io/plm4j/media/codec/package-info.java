/// Picture file formats, decoded to the very bytes that Pillow gives. Written here because the
/// JDK's readers round, scale and colour-manage otherwise, and because a hostile file must end in
/// an exception, not in native code. Knows nothing of what becomes of the pixels.
@NullMarked
package io.plm4j.media.codec;

import org.jspecify.annotations.NullMarked;
