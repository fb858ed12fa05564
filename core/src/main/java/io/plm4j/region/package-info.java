/// Regions of pictures: boxes, how prompts and answers write them, and how they are drawn.
///
/// Must not know models or text beyond its characters.
@NullMarked
package io.plm4j.region;

import org.jspecify.annotations.NullMarked;
