/// The Perception Language Model as one thing: its configuration, the tensors it consists of and
/// the names that files give them. Must not know text or media files.
@NullMarked
package io.plm4j.model;

import org.jspecify.annotations.NullMarked;
