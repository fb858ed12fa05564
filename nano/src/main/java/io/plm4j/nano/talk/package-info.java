/// What is said about a picture: questions, answers, and how an answer is checked.
///
/// Must not know how pictures are drawn; {@link io.plm4j.nano.look.Media} is all of them it holds.
@NullMarked
package io.plm4j.nano.talk;

import org.jspecify.annotations.NullMarked;
