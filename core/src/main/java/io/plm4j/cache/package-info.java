/// A folder on disk for what was computed once and may be wanted again, found by what it depends
/// on.
///
/// Knows files of tensors; must not know models, nor what the tensors mean. Start with {@link
/// io.plm4j.cache.CacheFolder}.
@NullMarked
package io.plm4j.cache;

import org.jspecify.annotations.NullMarked;
