/// Learns a small byte-level vocabulary from texts, and writes it in Hugging Face's layout.
///
/// Must not know what the texts are about.
@NullMarked
package io.plm4j.nano.vocabulary;

import org.jspecify.annotations.NullMarked;
