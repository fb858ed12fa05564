package io.plm4j.train.config;

import java.util.Optional;

/// Where the result is meant to go.
///
/// @param modelId on the Hugging Face Hub, as `owner/name`
public record Publication(Optional<String> modelId) {
  public static final Publication NOWHERE = new Publication(Optional.empty());
}
