/// Makes model folders of model folders: one layout into the other, which loses nothing on the way
/// (what the target has no place for is an error), and adapters into the weights. Knows every part
/// of a model folder; nobody here knows it.
@NullMarked
package io.plm4j.convert;

import org.jspecify.annotations.NullMarked;
