/// From a conversation to the ids a model reads, and from the ids it writes back to text: the
/// tokenizer, the chat template and the prompt.
///
/// Must not know tensors or pixels: media appear here only as counts of tokens.
@NullMarked
package io.plm4j.text;

import org.jspecify.annotations.NullMarked;
