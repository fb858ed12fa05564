package io.plm4j.train.stage;

import io.plm4j.checkpoint.Dialect;
import io.plm4j.checkpoint.TensorInfo;
import io.plm4j.model.HfNames;
import io.plm4j.model.MetaNames;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What a Perception Encoder's tensors are called, by those who store it: Meta, alone or as the
/// vision half of a pair (`visual.`), wrapped for several GPUs (`module.`); timm, alone or wrapped
/// by transformers or OpenCLIP; and PLM itself.
final class EncoderNames {
  private static final String META = "vision_model.";

  /// With what Meta's names of a tower begin.
  private static final List<String> META_TOWER =
      List.of(
          "class_embedding",
          "positional_embedding",
          "conv1.",
          "ln_pre.",
          "ln_post.",
          "transformer.resblocks.",
          "proj");

  /// With what timm's names of a tower begin; the pooling is called alike by both.
  private static final List<String> TIMM_TOWER =
      List.of(
          "cls_token",
          "pos_embed",
          "patch_embed.",
          "norm_pre.",
          "blocks.",
          "norm.",
          "head.",
          "fc_norm.",
          "attn_pool.");

  /// The head's width decides about the decoder's tensors only.
  private static final Dialect TO_CANONICAL = MetaNames.toCanonical(2);

  private final boolean pair;

  /// @param stored all names of the file
  EncoderNames(Collection<String> stored) {
    pair = stored.stream().anyMatch(name -> without("module.", name).startsWith("visual."));
  }

  /// From the names of the file to those in here; what is not the tower's is left out.
  Dialect dialect() {
    return stored ->
        meta(stored.name())
            .map(name -> new TensorInfo(name, stored.dtype(), stored.shape(), stored.file()))
            .flatMap(TO_CANONICAL::view);
  }

  /// The name in here of a tensor of the tower; empty for one that is not the tower's.
  Optional<String> canonical(String stored) {
    return dialect()
        .view(
            new TensorInfo(
                stored, io.plm4j.tensor.DType.F32, io.plm4j.checkpoint.Shape.of(), Path.of("")))
        .map(view -> view.name());
  }

  /// Meta's name with its prefix, or already the one in here.
  private Optional<String> meta(String stored) {
    var name = without("module.", stored);
    if (pair) {
      if (!name.startsWith("visual.")) {
        return Optional.empty();
      }
      name = without("trunk.", without("visual.", name));
    }
    if (name.startsWith(META)) {
      return Optional.of(name);
    }
    var canonical = HfNames.canonical(name).orElse(name);
    if (canonical.startsWith(HfNames.TOWER)) {
      return Optional.of(canonical);
    }
    var bare = without("timm_model.", name);
    if (META_TOWER.stream().anyMatch(bare::startsWith)) {
      return Optional.of(known(META + bare));
    }
    return TIMM_TOWER.stream().anyMatch(bare::startsWith)
        ? Optional.of(HfNames.TOWER + bare)
        : Optional.empty();
  }

  /// What the table does not know keeps a name of the tower, to be named where it is not used.
  private static String known(String meta) {
    var info =
        new TensorInfo(
            meta, io.plm4j.tensor.DType.F32, io.plm4j.checkpoint.Shape.of(1), Path.of(""));
    boolean mapped =
        TO_CANONICAL.view(info).filter(view -> view.name().startsWith(HfNames.TOWER)).isPresent();
    return mapped ? meta : HfNames.TOWER + meta.substring(META.length());
  }

  private static String without(String prefix, String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
