/// Models from the Hugging Face Hub: downloads them into the cache that Python's `huggingface_hub`
/// uses too, finds them there, and takes them out of it. Knows files, addresses and checksums; must
/// not know what a model is.
@NullMarked
package io.plm4j.hub;

import org.jspecify.annotations.NullMarked;
