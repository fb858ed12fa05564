/// Kernels of our own over tensor memory: products of few rows with a large matrix, and attention
/// of one query, both bounded by how fast memory can be read. The only package that uses the Vector
/// API, and the only one that calls C of our own (`src/main/c`).
///
/// Knows tensors, but no layers and no models. Start with {@link io.plm4j.quant.Kernels}; each fast
/// kernel has a plain twin that the contract tests hold it to.
@NullMarked
package io.plm4j.quant;

import org.jspecify.annotations.NullMarked;
