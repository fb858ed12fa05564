package io.plm4j.model;

import java.util.List;
import java.util.Optional;

/// The names that Hugging Face's own exporter gives the tensors are the names inside plm4j. Other
/// exporters' variants of them are this table.
public final class HfNames {
  /// What the names of the vision tower begin with.
  public static final String TOWER = "model.vision_tower.timm_model.";

  /// What the names of the projector begin with.
  public static final String PROJECTOR = "model.multi_modal_projector.";

  /// What the names of the decoder begin with.
  public static final String DECODER = "model.language_model.";

  /// The matrix of the tokens' vectors.
  public static final String EMBEDDING = DECODER + "embed_tokens.weight";

  /// The output head, where it is not the embedding.
  public static final String HEAD = "lm_head.weight";

  /// What a name begins with, and what it begins with in here. The first that fits counts, so that
  /// the canonical prefixes stand before their own beginnings.
  private record Prefix(String stored, String canonical) {}

  private static final List<Prefix> PREFIXES =
      List.of(
          new Prefix(TOWER, TOWER),
          new Prefix("model.vision_tower.", TOWER),
          new Prefix("vision_tower.timm_model.", TOWER),
          new Prefix("vision_tower.", TOWER),
          new Prefix("multi_modal_projector.", PROJECTOR),
          new Prefix("model.language_model.lm_head.", "lm_head."),
          new Prefix("model.language_model.model.", DECODER),
          new Prefix("language_model.lm_head.", "lm_head."),
          new Prefix("language_model.model.", DECODER),
          new Prefix("language_model.", DECODER));

  /// A table that is computed from the configuration; converters of 2025 stored it.
  private static final String COMPUTED = ".rotary_emb.inv_freq";

  private HfNames() {}

  /// The name inside plm4j of a tensor in a file; empty if it is one that the model computes
  /// itself. A name that is in no dialect stays as it is, for [CheckpointReport] to report.
  public static Optional<String> canonical(String stored) {
    if (stored.endsWith(COMPUTED)) {
      return Optional.empty();
    }
    return Optional.of(
        PREFIXES.stream()
            .filter(prefix -> stored.startsWith(prefix.stored()))
            .findFirst()
            .map(prefix -> prefix.canonical() + stored.substring(prefix.stored().length()))
            .orElse(stored));
  }
}
