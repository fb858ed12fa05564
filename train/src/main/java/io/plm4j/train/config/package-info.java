/// What a training run is to do: settings as records, read from YAML and the command line.
///
/// Must not know how a model learns or where files go. Start with {@link
/// io.plm4j.train.config.FineTuneSettings}.
@NullMarked
package io.plm4j.train.config;

import org.jspecify.annotations.NullMarked;
