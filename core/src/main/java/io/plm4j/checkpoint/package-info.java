/// Tensors in files: safetensors, single or in shards, and PyTorch's `.pth`, read by mapping and
/// written by streaming. Knows names, element types and shapes; must not know layers, models or
/// libtorch.
@NullMarked
package io.plm4j.checkpoint;

import org.jspecify.annotations.NullMarked;
