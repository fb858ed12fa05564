/// JMH benchmarks of the kernels, over the shapes of the published models.
@NullMarked
package io.plm4j.benchmarks;

import org.jspecify.annotations.NullMarked;
