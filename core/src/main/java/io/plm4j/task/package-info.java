/// Ready-made tasks: the questions that the model was taught to answer in a form, word for word as
/// it was taught, and the reading of its answers.
///
/// Must not know how a model is loaded or asked.
@NullMarked
package io.plm4j.task;

import org.jspecify.annotations.NullMarked;
