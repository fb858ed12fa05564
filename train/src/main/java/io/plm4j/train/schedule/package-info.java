/// How the learning rate goes up and down over a run.
///
/// Pure functions of the step; must not know anything else of a training. Start with {@link
/// io.plm4j.train.schedule.Schedule}.
@NullMarked
package io.plm4j.train.schedule;

import org.jspecify.annotations.NullMarked;
