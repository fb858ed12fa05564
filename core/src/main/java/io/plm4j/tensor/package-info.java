/// Tensors in words: our own small vocabulary over libtorch, and the only package that imports it.
@NullMarked
package io.plm4j.tensor;

import org.jspecify.annotations.NullMarked;
