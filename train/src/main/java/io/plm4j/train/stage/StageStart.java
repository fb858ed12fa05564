package io.plm4j.train.stage;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.convert.ConvertedNumbers;
import io.plm4j.convert.StagingFolder;
import io.plm4j.error.InputException;
import io.plm4j.json.PrettyJson;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The model that a stage starts from: the result of the one before, with the pooling and the gains
/// that the stage wants.
final class StageStart {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SHARD_BYTES = 5_000_000_000L;
  private static final long SIDE_FILES_BYTES = 20_000_000;

  private StageStart() {}

  /// The folder to start from: the model's own if nothing has to change, else one that is made.
  ///
  /// @param place for the folder that may have to be made; one that is there already is taken
  static Path prepare(Path model, Recipe recipe, Path place) {
    if (isAsWanted(model, recipe)) {
      return model;
    }
    var config = PlmConfig.read(model);
    if (Files.isDirectory(place)) {
      return place;
    }
    if (config.vision().gridSide() % recipe.poolingRatio() != 0) {
      throw new InputException(
          "pooling_ratio %d does not divide the %d columns of patches of %s."
              .formatted(recipe.poolingRatio(), config.vision().gridSide(), model));
    }
    // Of an attempt that was killed; nobody else has a business here.
    removeIfThere(place.resolveSibling(place.getFileName() + ".partial"));
    long bytes = recipe.layerScaleInit().isPresent() ? weightBytes(model, config) : 0;
    try (var staging = StagingFolder.create(place, bytes + SIDE_FILES_BYTES)) {
      takeAlong(model, staging.path(), recipe.layerScaleInit());
      setPooling(staging.path(), recipe.poolingRatio(), config.vision().patchSize());
      recipe
          .layerScaleInit()
          .ifPresent(gain -> writeWithGains(model, config, gain, staging.path()));
      staging.complete();
    }
    return place;
  }

  /// Whether a stage can start from a model as it is.
  static boolean isAsWanted(Path model, Recipe recipe) {
    return recipe.layerScaleInit().isEmpty()
        && PlmConfig.read(model).poolingRatio() == recipe.poolingRatio();
  }

  /// Removes a folder that was made here.
  static void removeIfThere(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be removed: %s".formatted(folder, e), e);
    }
  }

  private static long weightBytes(Path model, PlmConfig config) {
    try (var checkpoint = PlmCheckpoint.open(model, config)) {
      return checkpoint.bytes();
    }
  }

  /// Weights that stay as they are take no second place on the disk, where it has links.
  private static void takeAlong(Path model, Path to, OptionalDouble gain) {
    try (var files = Files.list(model)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var name = file.getFileName().toString();
        boolean weights = name.contains(".safetensors");
        if (weights && gain.isPresent()) {
          continue;
        }
        if (weights) {
          link(file, to.resolve(name));
        } else if (!name.endsWith(".partial")) {
          Files.copy(file, to.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be taken over to %s: %s".formatted(model, to, e), e);
    }
  }

  private static void link(Path file, Path link) throws IOException {
    try {
      Files.createLink(link, file.toRealPath());
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(file, link);
    }
  }

  private static void setPooling(Path folder, int pooling, int patchSize) {
    edit(folder.resolve("config.json"), Map.of("projector_pooling_ratio", pooling));
    edit(
        folder.resolve("processor_config.json"),
        Map.of("pooling_ratio", pooling, "patch_size", patchSize));
  }

  private static void edit(Path file, Map<String, Integer> changes) {
    try {
      var json =
          Files.exists(file)
              ? JSON.readValue(
                  Files.readAllBytes(file), new TypeReference<LinkedHashMap<String, Object>>() {})
              : new LinkedHashMap<String, Object>();
      json.putAll(changes);
      PrettyJson.write(file, json);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  private static void writeWithGains(Path model, PlmConfig config, double gain, Path to) {
    try (var checkpoint = PlmCheckpoint.open(model, config);
        var stored = new ConvertedNumbers(checkpoint, Optional.empty());
        var gains = new NewNumbers(type(checkpoint), 0)) {
      var sources = new ArrayList<TensorSource>();
      config
          .expectedTensors()
          .forEach((name, shape) ->
              sources.add(
                  isGain(name)
                      ? gains.drawn(name, shape, new Draw.Constant(gain))
                      : stored.source(name)));
      CheckpointWriter.write(to, List.copyOf(sources), SHARD_BYTES);
    }
  }

  private static DType type(Checkpoint checkpoint) {
    return checkpoint.info(HfNames.TOWER + "blocks.0.gamma_1").dtype();
  }

  private static boolean isGain(String name) {
    return name.startsWith(HfNames.TOWER)
        && (name.endsWith(".gamma_1") || name.endsWith(".gamma_2"));
  }
}
