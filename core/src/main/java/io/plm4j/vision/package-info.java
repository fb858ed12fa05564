/// The Perception Encoder: a picture's patches in, one vector per patch out. Must not know
/// language.
@NullMarked
package io.plm4j.vision;

import org.jspecify.annotations.NullMarked;
