/// Turns a model folder of one layout into one of the other, and loses nothing on the way: what the
/// target has no place for is an error. Knows every part of a model folder; nobody here knows it.
@NullMarked
package io.plm4j.convert;

import org.jspecify.annotations.NullMarked;
