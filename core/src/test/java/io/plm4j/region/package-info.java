@NullMarked
package io.plm4j.region;

import org.jspecify.annotations.NullMarked;
