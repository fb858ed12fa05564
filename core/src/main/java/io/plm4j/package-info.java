/// The facade that a program meets.
@NullMarked
package io.plm4j;

import org.jspecify.annotations.NullMarked;
