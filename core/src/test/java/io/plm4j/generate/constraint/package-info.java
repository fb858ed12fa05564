@NullMarked
package io.plm4j.generate.constraint;

import org.jspecify.annotations.NullMarked;
