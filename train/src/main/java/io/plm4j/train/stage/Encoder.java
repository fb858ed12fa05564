package io.plm4j.train.stage;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Dialect;
import io.plm4j.checkpoint.Shape;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.model.HfNames;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.GridRope;
import io.plm4j.vision.VisionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// A Perception Encoder's checkpoint: Meta's `.pt`, with or without the text encoder it was trained
/// beside, or timm's. Its shape is read off its tensors.
final class Encoder implements AutoCloseable {

  private static final double EPS = 1e-5;

  private final Path place;
  private final Checkpoint checkpoint;
  private final List<String> others;

  private Encoder(Path place, Checkpoint checkpoint, List<String> others) {
    this.place = place;
    this.checkpoint = checkpoint;
    this.others = others;
  }

  /// @param place a file of weights, or a folder with one
  /// @throws InputException if it is none of a Perception Encoder
  static Encoder open(Path place) {
    var file = Files.isDirectory(place) ? onlyFileOf(place) : place;
    List<String> stored;
    try (var plain = Checkpoint.openFile(file, Dialect.AS_STORED)) {
      stored = List.copyOf(plain.names());
    }
    var names = new EncoderNames(stored);
    var others = stored.stream().filter(name -> names.canonical(name).isEmpty()).toList();
    return new Encoder(place, Checkpoint.openFile(file, names.dialect()), others);
  }

  private static Path onlyFileOf(Path folder) {
    try (var files = Files.newDirectoryStream(folder, "*.{pt,pth,safetensors}")) {
      var found = new ArrayList<Path>();
      files.forEach(found::add);
      if (found.size() != 1) {
        throw new InputException(
            "%s has %d files of weights (.pt, .pth, .safetensors); name the Perception Encoder's."
                .formatted(folder, found.size()));
      }
      return found.getFirst();
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(folder, e), e);
    }
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  boolean has(String name) {
    return checkpoint.names().contains(name);
  }

  /// The shape of a tower with the first of these blocks, for pictures of this size.
  ///
  /// @param heads empty for those of the published encoder of this width
  VisionConfig config(int imageSize, int depth, OptionalInt heads) {
    int width = (int) requireRank("norm_pre.weight", 1).sizes().getFirst().longValue();
    long patch = requireRank("patch_embed.proj.weight", 4).sizes().getLast();
    long hidden = requireRank("blocks.0.mlp.fc1.weight", 2).sizes().getFirst();
    var classToken = has(HfNames.TOWER + "cls_token") ? ClassToken.PRESENT : ClassToken.ABSENT;
    try {
      return new VisionConfig(
          width,
          depth,
          heads.orElseGet(() -> publishedHeads(width)),
          Math.toIntExact(hidden),
          imageSize,
          Math.toIntExact(patch),
          classToken,
          EPS,
          GridRope.of(imageSize / Math.toIntExact(Math.max(1, patch)), classToken));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new InputException("%s: %s.".formatted(place, e.getMessage()), e);
    }
  }

  /// Heads are 64 wide, but for those of the largest encoder.
  private int publishedHeads(int width) {
    int headDim = width == 1536 ? 96 : 64;
    if (width % headDim != 0) {
      throw new InputException(
          "%s: no published encoder is %d wide; say how many heads it has with --encoder-heads."
              .formatted(place, width));
    }
    return width / headDim;
  }

  /// How many blocks the file holds.
  int storedBlocks() {
    return IntStream.iterate(0, i -> i + 1)
            .takeWhile(i -> has(HfNames.TOWER + "blocks." + i + ".norm1.weight"))
            .max()
            .orElseThrow(() -> notAnEncoder("blocks.0.norm1.weight"))
        + 1;
  }

  /// How many of them PLM uses where nobody says: 23 of 24 and 47 of 50, as published; all but the
  /// last of another whole encoder, since what comes last was trained for the pooling behind it.
  int usedBlocks() {
    int stored = storedBlocks();
    boolean whole =
        checkpoint.names().stream().anyMatch(name -> name.startsWith(HfNames.TOWER + "attn_pool."));
    return switch (stored) {
      case 24 -> 23;
      case 50 -> 47;
      default -> whole && stored > 1 ? stored - 1 : stored;
    };
  }

  /// The learned positions for a tower's grid, class token first where there is one.
  float[] positions(VisionConfig config) {
    var name = HfNames.TOWER + "pos_embed";
    var shape = requireRank("pos_embed", 3);
    int kept = config.classToken().count();
    long patches = shape.sizes().get(1) - kept;
    int side = (int) Math.round(Math.sqrt(Math.max(0, patches)));
    if (patches < 1 || (long) side * side != patches || shape.sizes().get(2) != config.width()) {
      throw new InputException(
          "%s: the positions are %s, which is no square grid of vectors of width %d%s."
              .formatted(
                  place, shape, config.width(), kept == 1 ? " behind that of a class token" : ""));
    }
    try (var _ = Scope.open()) {
      var info = checkpoint.info(name);
      var stored = Tensor.over(checkpoint.data(name), info.dtype(), shape.toArray());
      return PositionTable.resize(
          stored.to(io.plm4j.tensor.DType.F32).toFloats(),
          config.width(),
          kept,
          side,
          config.gridSide());
    }
  }

  private Shape requireRank(String name, int rank) {
    if (!has(HfNames.TOWER + name)) {
      throw notAnEncoder(name);
    }
    var shape = checkpoint.info(HfNames.TOWER + name).shape();
    if (shape.rank() != rank || shape.sizes().contains(0L)) {
      throw new InputException("%s: %s has the shape %s.".formatted(place, name, shape));
    }
    return shape;
  }

  private InputException notAnEncoder(String name) {
    return new InputException(
        "%s is no Perception Encoder: it has no %s. Found: %s."
            .formatted(
                place,
                name,
                Excerpt.of(others.isEmpty() ? List.copyOf(checkpoint.names()) : others)));
  }

  /// What of the file a tower has no place for: blocks behind its last, the pooling, the text
  /// encoder.
  List<String> unused(VisionConfig config, java.util.Set<String> expected) {
    var unused = new ArrayList<String>();
    int more = storedBlocks() - config.depth();
    if (more > 0) {
      unused.add("%d of %d blocks".formatted(more, storedBlocks()));
    }
    var rest =
        checkpoint.names().stream()
            .filter(name -> !expected.contains(name))
            .map(name -> name.substring(HfNames.TOWER.length()))
            .filter(name -> !name.startsWith("blocks."))
            .map(name -> name.replaceFirst("\\..*", ""))
            .distinct()
            .toList();
    unused.addAll(rest);
    if (!others.isEmpty()) {
      unused.add("%d tensors beside the tower".formatted(others.size()));
    }
    return unused;
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
