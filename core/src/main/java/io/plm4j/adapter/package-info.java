/// Adapters of a model, in the folders in which Python's PEFT keeps them: read, written, and put
/// onto the layers that they are for.
///
/// Knows the model's shape and its layers, but neither texts nor media. Start with {@link
/// io.plm4j.adapter.Adapter}.
@NullMarked
package io.plm4j.adapter;

import org.jspecify.annotations.NullMarked;
