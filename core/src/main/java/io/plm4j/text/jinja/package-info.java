/// The part of the Jinja template language that chat templates use, rendered as Jinja 3.1 with the
/// settings of Hugging Face's transformers (`trim_blocks`, `lstrip_blocks`, loop controls).
///
/// Knows nothing of chats or tokens. What it does not know it refuses with the line and the name of
/// the construct; how much work a template may do is bounded, because templates come from the net.
@NullMarked
package io.plm4j.text.jinja;

import org.jspecify.annotations.NullMarked;
