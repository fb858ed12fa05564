package io.plm4j.model;

import io.plm4j.checkpoint.Dialect;
import io.plm4j.checkpoint.RowOrder;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorInfo;
import io.plm4j.checkpoint.TensorView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.regex.Pattern;

/// The names and arrangements of Meta's own checkpoints: one table, read both ways.
///
/// Source: `facebookresearch/perception_models`; the pairs are those of transformers' converter.
public final class MetaNames {
  /// The head of a model whose head is its embedding, as Meta's code saves it: the same storage
  /// under a second name.
  public static final String TIED_HEAD = "output.tied_module.weight";

  /// How the numbers of a pair lie to each other.
  private enum Arrangement {
    SAME,
    /// One size of 1 in front in here: a batch.
    BATCH,
    /// Two sizes of 1 in front in here: a batch, and a token.
    TOKEN,
    /// Rows of pairs (0, 1), (2, 3), ... of a head's components that turn together, as halves in
    /// here: first all even ones, then all odd ones.
    ROTARY
  }

  /// @param meta name with `{}` for the number of a block or layer
  /// @param canonical the name in here, likewise
  private record Pair(String meta, String canonical, Arrangement arrangement) {}

  private static final List<Pair> TABLE = table();
  private static final Map<String, Pair> BY_META = index(Pair::meta);
  private static final Map<String, Pair> BY_CANONICAL = index(Pair::canonical);
  private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d{1,6}(?=\\.)");

  private MetaNames() {}

  private static List<Pair> table() {
    var table = new ArrayList<Pair>();
    pair(table, "tok_embeddings.weight", HfNames.EMBEDDING);
    var layer = HfNames.DECODER + "layers.{}.";
    pair(table, "layers.{}.attention_norm.weight", layer + "input_layernorm.weight");
    for (var projection : List.of("q", "k")) {
      table.add(
          new Pair(
              "layers.{}.attention.w%s.weight".formatted(projection),
              layer + "self_attn.%s_proj.weight".formatted(projection),
              Arrangement.ROTARY));
    }
    pair(table, "layers.{}.attention.wv.weight", layer + "self_attn.v_proj.weight");
    pair(table, "layers.{}.attention.wo.weight", layer + "self_attn.o_proj.weight");
    pair(table, "layers.{}.ffn_norm.weight", layer + "post_attention_layernorm.weight");
    pair(table, "layers.{}.feed_forward.w1.weight", layer + "mlp.gate_proj.weight");
    pair(table, "layers.{}.feed_forward.w3.weight", layer + "mlp.up_proj.weight");
    pair(table, "layers.{}.feed_forward.w2.weight", layer + "mlp.down_proj.weight");
    pair(table, "norm.weight", HfNames.DECODER + "norm.weight");
    pair(table, "output.weight", HfNames.HEAD);
    withBias(table, "vision_projector.projector.0", HfNames.PROJECTOR + "linear_1");
    withBias(table, "vision_projector.projector.2", HfNames.PROJECTOR + "linear_2");
    tower(table);
    return List.copyOf(table);
  }

  private static void tower(List<Pair> table) {
    var meta = "vision_model.";
    var block = meta + "transformer.resblocks.{}.";
    var here = HfNames.TOWER + "blocks.{}.";
    table.add(new Pair(meta + "class_embedding", HfNames.TOWER + "cls_token", Arrangement.TOKEN));
    table.add(
        new Pair(meta + "positional_embedding", HfNames.TOWER + "pos_embed", Arrangement.BATCH));
    pair(table, meta + "conv1.weight", HfNames.TOWER + "patch_embed.proj.weight");
    withBias(table, meta + "ln_pre", HfNames.TOWER + "norm_pre");
    pair(table, block + "ls_1.gamma", here + "gamma_1");
    pair(table, block + "ls_2.gamma", here + "gamma_2");
    withBias(table, block + "ln_1", here + "norm1");
    pair(table, block + "attn.in_proj_weight", here + "attn.qkv.weight");
    pair(table, block + "attn.in_proj_bias", here + "attn.qkv.bias");
    withBias(table, block + "attn.out_proj", here + "attn.proj");
    withBias(table, block + "ln_2", here + "norm2");
    withBias(table, block + "mlp.c_fc", here + "mlp.fc1");
    withBias(table, block + "mlp.c_proj", here + "mlp.fc2");
  }

  private static void pair(List<Pair> table, String meta, String canonical) {
    table.add(new Pair(meta, canonical, Arrangement.SAME));
  }

  private static void withBias(List<Pair> table, String meta, String canonical) {
    for (var part : List.of(".weight", ".bias")) {
      pair(table, meta + part, canonical + part);
    }
  }

  private static Map<String, Pair> index(Function<Pair, String> name) {
    var index = new LinkedHashMap<String, Pair>();
    TABLE.forEach(pair -> index.put(name.apply(pair), pair));
    return index;
  }

  /// From Meta's names to those in here. A name that is not in the table stays as it is, for
  /// [CheckpointReport] to report; a tied head becomes a head, which must then be the embedding.
  public static Dialect toCanonical(PlmConfig config) {
    return toCanonical(config.decoder().headDim());
  }

  /// The same for who has but a part of a model.
  ///
  /// @param headDim width of the decoder's heads; without effect on the tower's names
  public static Dialect toCanonical(int headDim) {
    return stored ->
        stored.name().equals("rope.freqs") // computed; Llama's own checkpoints store it
            ? Optional.empty()
            : Optional.of(
                stored.name().equals(TIED_HEAD)
                    ? new TensorView(HfNames.HEAD, stored.shape(), RowOrder.AS_STORED)
                    : rename(stored.name(), BY_META, Pair::canonical, toHere(stored, headDim)));
  }

  /// Meta's name of a tensor of the model.
  public static String metaName(String canonical) {
    return rename(canonical, BY_CANONICAL, Pair::meta, (name, _) -> name);
  }

  /// From the names in here to Meta's.
  public static Dialect fromCanonical(PlmConfig config) {
    int headDim = config.decoder().headDim();
    return info ->
        Optional.of(rename(info.name(), BY_CANONICAL, Pair::meta, toMeta(info, headDim)));
  }

  private interface Change<T> {
    T apply(String name, Arrangement arrangement);
  }

  private static <T> T rename(
      String from, Map<String, Pair> index, Function<Pair, String> to, Change<T> change) {
    var exact = index.get(from);
    if (exact != null) {
      return change.apply(to.apply(exact), exact.arrangement());
    }
    var number = NUMBER.matcher(from);
    if (number.find()) {
      var pair = index.get(number.replaceFirst("{}"));
      if (pair != null) {
        return change.apply(to.apply(pair).replace("{}", number.group()), pair.arrangement());
      }
    }
    return change.apply(from, Arrangement.SAME);
  }

  private static Change<TensorView> toHere(TensorInfo stored, int headDim) {
    var sizes = stored.shape().sizes();
    return (name, arrangement) ->
        switch (arrangement) {
          case SAME -> new TensorView(name, stored.shape(), RowOrder.AS_STORED);
          case BATCH -> new TensorView(name, behind(List.of(1L), sizes), RowOrder.AS_STORED);
          case TOKEN -> new TensorView(name, behind(List.of(1L, 1L), sizes), RowOrder.AS_STORED);
          case ROTARY ->
              new TensorView(
                  name, stored.shape(), heads(stored, headDim, at -> pairOfHalf(at, headDim)));
        };
  }

  private static Change<TensorView> toMeta(TensorInfo info, int headDim) {
    var sizes = info.shape().sizes();
    return (name, arrangement) ->
        switch (arrangement) {
          case SAME -> new TensorView(name, info.shape(), RowOrder.AS_STORED);
          case BATCH -> new TensorView(name, inFront(1, sizes), RowOrder.AS_STORED);
          case TOKEN -> new TensorView(name, inFront(2, sizes), RowOrder.AS_STORED);
          case ROTARY ->
              new TensorView(
                  name, info.shape(), heads(info, headDim, at -> halfOfPair(at, headDim)));
        };
  }

  private static Shape behind(List<Long> ones, List<Long> sizes) {
    var all = new ArrayList<>(ones);
    all.addAll(sizes);
    return new Shape(all);
  }

  /// Without the leading sizes, if they are ones; otherwise the shape is wrong and stays so.
  private static Shape inFront(int count, List<Long> sizes) {
    boolean ones =
        sizes.size() >= count && sizes.subList(0, count).stream().allMatch(size -> size == 1);
    return new Shape(ones ? sizes.subList(count, sizes.size()) : sizes);
  }

  /// The order of rows inside each head; a tensor without whole heads has the wrong shape, which
  /// others report.
  private static RowOrder heads(TensorInfo info, int headDim, LongUnaryOperator inside) {
    var sizes = info.shape().sizes();
    if (sizes.isEmpty() || sizes.getFirst() == 0 || sizes.getFirst() % headDim != 0) {
      return RowOrder.AS_STORED;
    }
    return new RowOrder.Permuted(row -> row - row % headDim + inside.applyAsLong(row % headDim));
  }

  private static long pairOfHalf(long at, int headDim) {
    int half = headDim / 2;
    return 2 * (at % half) + at / half;
  }

  private static long halfOfPair(long at, int headDim) {
    return at % 2 * (headDim / 2) + at / 2;
  }
}
