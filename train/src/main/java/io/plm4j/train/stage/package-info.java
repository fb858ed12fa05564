/// How a Perception Language Model comes to be: put together from a language model and a vision
/// encoder, or from nothing, and then trained in three stages.
///
/// Must not know how a model learns from an example. Start with {@link
/// io.plm4j.train.stage.Scratch} and {@link io.plm4j.train.stage.Assembly}.
@NullMarked
package io.plm4j.train.stage;

import org.jspecify.annotations.NullMarked;
