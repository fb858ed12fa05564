/// The two ways in which a model's files lie in a folder: Hugging Face's and Meta's own. Knows file
/// names only; must not know what is in the files.
@NullMarked
package io.plm4j.layout;

import org.jspecify.annotations.NullMarked;
