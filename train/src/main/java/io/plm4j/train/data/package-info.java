/// From files of conversations to micro-batches of ids, labels and pixels.
///
/// Must not know how a model learns from them. Start with {@link io.plm4j.train.data.Feed} and
/// {@link io.plm4j.train.data.Example}.
@NullMarked
package io.plm4j.train.data;

import org.jspecify.annotations.NullMarked;
