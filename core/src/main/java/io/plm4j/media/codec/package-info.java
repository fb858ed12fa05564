/// Picture file formats, decoded to the bytes that Pillow gives by readers that others keep: those
/// of ImageIO that come with Java, TwelveMonkeys for TIFF, libwebp for WebP. Here stands only what
/// protects them from hostile files and what turns their samples into RGB as Pillow does. Knows
/// nothing of what becomes of the pixels.
@NullMarked
package io.plm4j.media.codec;

import org.jspecify.annotations.NullMarked;
