@NullMarked
package io.plm4j.task;

import org.jspecify.annotations.NullMarked;
