/// Answers that keep a form: a JSON schema, a regular expression, or a list of choices.
///
/// A [Constraint] is compiled once, to rules over bytes; a [Matcher] follows one answer and says
/// which tokens can come next. Every step leaves a way to the end within the tokens that are left,
/// so an answer is never cut in its middle. Must not know how scores are computed or drawn.
@NullMarked
package io.plm4j.generate.constraint;

import org.jspecify.annotations.NullMarked;
