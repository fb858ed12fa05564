@NullMarked
package io.plm4j.media.video;

import org.jspecify.annotations.NullMarked;
