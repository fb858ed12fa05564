/// Judges answers: what was to be right in them, how much of it is, and a report by topic.
///
/// Must not know how pictures are drawn or answers found.
@NullMarked
package io.plm4j.nano.score;

import org.jspecify.annotations.NullMarked;
