package io.plm4j.train.learn;

import io.plm4j.model.Pixels;
import io.plm4j.model.PlmParts;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.tensor.Untracked;
import io.plm4j.train.data.Example;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Encodes the pictures and videos of micro-batches, and learns from what the decoder says of them
/// where the tower or the projector learn.
///
/// Shapes: T tiles, S side of a tile, G patches a side, W tower width, R² tokens a tile, E decoder
/// width.
public final class Sight {
  /// Numbers between two blocks that are enough for full speed; more would only take memory.
  private static final long NUMBERS_AT_ONCE = 1L << 21;

  private final PlmParts parts;
  private final DType type;
  private final Set<Part> learning;
  private final double dropPath;
  private final Chance chance;
  private final SeenBefore before;

  /// @param type of the weights and of the computation
  /// @param learning the parts that have parameters
  /// @param dropPath probability of leaving a branch of the tower out
  /// @param before keeps what parts that do not learn gave
  public Sight(
      PlmParts parts,
      DType type,
      Set<Part> learning,
      double dropPath,
      Chance chance,
      SeenBefore before) {
    this.parts = parts;
    this.type = type;
    this.learning = Set.copyOf(learning);
    this.dropPath = dropPath;
    this.chance = chance;
    this.before = before;
  }

  /// Encodes all media of a micro-batch.
  Seen look(List<Example> batch, Memory memory) {
    var media = batch.stream().flatMap(example -> example.media().stream()).toList();
    if (learning.contains(Part.VISION)) {
      return learnt(AllPixels.of(media), new WholeTower(memory), media);
    }
    if (learning.contains(Part.PROJECTOR)) {
      return learnt(AllPixels.of(media), new ProjectorAlone(memory), media);
    }
    return Seen.frozen(media.stream().map(this::remembered).toList());
  }

  private Tensor remembered(Example.Media medium) {
    return before.get(medium.key(), () -> frozen(AllPixels.of(List.of(medium))));
  }

  /// What the tower and the projector give where neither learns: [T, R², E].
  private Tensor frozen(Pixels pixels) {
    try (var _ = Untracked.open();
        var scope = Scope.open()) {
      var groups = new ArrayList<Tensor>();
      for (int from = 0; from < pixels.count(); from += tilesAtOnce()) {
        try (var group = Scope.open()) {
          var x = parts.vision().forward(tensor(pixels, from));
          groups.add(group.keep(parts.projector().forward(x)));
        }
      }
      return scope.keep(groups.size() == 1 ? groups.getFirst() : Tensor.cat(groups, 0));
    }
  }

  private Seen learnt(Pixels pixels, Way way, List<Example.Media> media) {
    var chains = new ArrayList<Chain>();
    for (int from = 0; from < pixels.count(); from += tilesAtOnce()) {
      chains.add(way.run(pixels, from));
    }
    return Seen.learnt(chains, media.stream().map(Example.Media::positions).toList());
  }

  /// How a group of tiles is run, so that it can be gone back through.
  private sealed interface Way {
    Chain run(Pixels pixels, int from);
  }

  private final class WholeTower implements Way {
    private final Memory memory;

    WholeTower(Memory memory) {
      this.memory = memory;
    }

    @Override
    public Chain run(Pixels pixels, int from) {
      var tower = parts.vision();
      var layers = new ArrayList<UnaryOperator<Tensor>>();
      layers.add(tower::embed);
      layers.addAll(tower.blocks(new DropPath(dropPath, chance, from)));
      layers.add(x -> parts.projector().forward(tower.patchesOf(x)));
      return Chain.run(layers, tensor(pixels, from), Chain.Before.IS_FROZEN, memory);
    }
  }

  private final class ProjectorAlone implements Way {
    private final Memory memory;

    ProjectorAlone(Memory memory) {
      this.memory = memory;
    }

    @Override
    public Chain run(Pixels pixels, int from) {
      Tensor seen;
      try (var _ = Untracked.open()) {
        seen = parts.vision().forward(tensor(pixels, from));
      }
      return Chain.run(List.of(parts.projector()::forward), seen, Chain.Before.IS_FROZEN, memory);
    }
  }

  private int tilesAtOnce() {
    long numbers = (long) parts.config().vision().tokens() * parts.config().vision().width();
    return (int) Math.max(2, NUMBERS_AT_ONCE / numbers);
  }

  /// A group of tiles: [T, 3, S, S].
  private Tensor tensor(Pixels pixels, int from) {
    int side = parts.config().vision().imageSize();
    int to = Math.min(from + tilesAtOnce(), pixels.count());
    var x = Tensor.uninitialized(DType.F32, to - from, 3, side, side);
    pixels.write(
        from, to, x.memory().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer());
    return x.to(type);
  }
}
