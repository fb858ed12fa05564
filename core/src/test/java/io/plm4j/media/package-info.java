@NullMarked
package io.plm4j.media;

import org.jspecify.annotations.NullMarked;
