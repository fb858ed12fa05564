/// What is drawn by lot, and from what: dice that give the same for the same seed, words, levels.
///
/// Must not know what is made of it.
@NullMarked
package io.plm4j.nano.chance;

import org.jspecify.annotations.NullMarked;
