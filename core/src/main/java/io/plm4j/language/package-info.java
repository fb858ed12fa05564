/// The Llama decoder: token embeddings in, logits out. Must not know vision, text or media.
@NullMarked
package io.plm4j.language;

import org.jspecify.annotations.NullMarked;
