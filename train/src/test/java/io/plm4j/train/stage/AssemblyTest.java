package io.plm4j.train.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.PthWriter;
import io.plm4j.checkpoint.SafetensorsWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.convert.Conversion;
import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.Mutant;
import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model is taken apart into a Llama and an encoder, as their authors would have them, and put
/// together again.
class AssemblyTest {
  private static final AssemblyOptions OPTIONS =
      new AssemblyOptions(
          56,
          4,
          2,
          1024,
          OptionalInt.empty(),
          OptionalInt.of(2),
          OptionalDouble.empty(),
          Optional.empty(),
          DType.F32,
          777);

  private static final String META_TEXT = "vision_model.";

  @TempDir private static Path parts;

  @BeforeAll
  static void takeApart() throws IOException {
    var original = parts.resolve("original");
    TinyCheckpoint.writeOriginal(original, DType.F32);
    try (var conversion = Conversion.prepare(original, Layout.HUGGING_FACE, Optional.empty())) {
      conversion.write(parts.resolve("whole"), 1 << 30, _ -> {});
    }
    writeMetasLlama(original);
    writeHuggingFacesLlama(PlmConfig.read(original));
    try (var stored = Checkpoint.open(original)) {
      PthWriter.write(parts.resolve("encoder.pt"), encoder(stored, 1, 9), Map.of(), _ -> {});
    }
  }

  private static void writeMetasLlama(Path original) throws IOException {
    var folder = Files.createDirectory(parts.resolve("meta"));
    Files.writeString(
        folder.resolve("params.json"),
        """
        {"dim": 64, "n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "ffn_dim_multiplier": 0.5,
         "multiple_of": 32, "norm_eps": 1e-5, "rope_theta": 500000.0, "use_scaled_rope": true,
         "vocab_size": 959}
        """);
    Files.copy(original.resolve("tokenizer.model"), folder.resolve("tokenizer.model"));
    try (var stored = Checkpoint.open(original)) {
      var tensors = new ArrayList<TensorSource>();
      for (var name : stored.names()) {
        if (!name.startsWith("vision_") && !name.startsWith("output.")) {
          tensors.add(copy(stored, name, name));
        }
      }
      tensors.add(copy(stored, "tok_embeddings.weight", "output.weight"));
      PthWriter.write(folder.resolve("consolidated.00.pth"), tensors, Map.of(), _ -> {});
    }
  }

  private static void writeHuggingFacesLlama(PlmConfig config) throws IOException {
    var whole = parts.resolve("whole");
    var folder = Files.createDirectory(parts.resolve("hf"));
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "llama", "hidden_size": 64, "intermediate_size": %d,
         "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
         "vocab_size": 959, "max_position_embeddings": 131072, "rms_norm_eps": 1e-05,
         "rope_theta": 500000.0, "tie_word_embeddings": true,
         "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
           "original_max_position_embeddings": 8192, "rope_type": "llama3"}}
        """
            .formatted(config.decoder().intermediateSize()));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        Files.readString(whole.resolve("tokenizer.json"))
            .replace("<|image|>", "<|reserved_special_token_0|>")
            .replace("<|video|>", "<|reserved_special_token_1|>"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<|begin_of_text|>\", \"eos_token\": \"<|eot_id|>\"}");
    try (var stored = Checkpoint.open(whole)) {
      var tensors = new ArrayList<TensorSource>();
      for (var name : stored.names()) {
        if (name.startsWith(HfNames.DECODER)) {
          tensors.add(copy(stored, name, "model." + name.substring(HfNames.DECODER.length())));
        }
      }
      SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);
    }
  }

  /// As Meta publishes it: more blocks than are used, a pooling head, a text encoder beside it, no
  /// LayerScale, and positions of another grid.
  private static List<TensorSource> encoder(Checkpoint stored, int moreBlocks, int patches) {
    var tensors = new ArrayList<TensorSource>();
    for (var name : stored.names()) {
      if (!name.startsWith(META_TEXT) || name.contains(".ls_")) {
        continue;
      }
      var visual = "visual." + name.substring(META_TEXT.length());
      if (!visual.endsWith("positional_embedding")) {
        tensors.add(copy(stored, name, visual));
      }
      if (visual.contains("resblocks.1.")) {
        for (int i = 0; i < moreBlocks; i++) {
          tensors.add(
              copy(stored, name, visual.replace("resblocks.1.", "resblocks." + (2 + i) + ".")));
        }
      }
    }
    tensors.add(filled("visual.positional_embedding", 1 + patches, 32));
    tensors.add(filled("visual.ln_post.weight", 32));
    tensors.add(filled("visual.attn_pool.probe", 1, 1, 32));
    tensors.add(filled("visual.proj", 32, 8));
    tensors.add(filled("token_embedding.weight", 10, 8));
    tensors.add(filled("logit_scale"));
    return tensors;
  }

  private static TensorSource filled(String name, long... sizes) {
    var shape = Shape.of(sizes);
    var values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.001f;
    }
    return new TensorSource(name, DType.F32, shape, () -> MemorySegment.ofArray(values));
  }

  private static TensorSource copy(Checkpoint stored, String name, String as) {
    var info = stored.info(name);
    return new TensorSource(as, info.dtype(), info.shape(), () -> stored.data(name));
  }

  private static List<String> assemble(
      String llama, Path encoder, AssemblyOptions options, Path to) {
    try (var assembly = Assembly.prepare(parts.resolve(llama), encoder, options)) {
      assembly.write(to, 1 << 30, _ -> {});
      return assembly.notes();
    }
  }

  @Test
  void bothFormsOfALlamaGiveTheSameModel(@TempDir Path temp) throws IOException {
    var encoder = parts.resolve("encoder.pt");
    var notes = assemble("meta", encoder, OPTIONS, temp.resolve("a"));
    assertThat(assemble("hf", encoder, OPTIONS, temp.resolve("b"))).isEqualTo(notes);
    assertThat(notes.toString())
        .contains(
            "not used of the encoder: 1 of 3 blocks, ",
            "ln_post",
            "attn_pool",
            "proj",
            "2 tensors beside the tower",
            "positions interpolated from 3 x 3 patches to 4 x 4",
            "its gains begin with 1.0",
            "scaling by 32.0");
    for (var name : List.of("model.safetensors", "config.json", "tokenizer.json")) {
      assertThat(temp.resolve("a").resolve(name))
          .hasSameBinaryContentAs(temp.resolve("b").resolve(name));
    }
  }

  @Test
  void whatWasTakenApartIsThereAgain(@TempDir Path temp) {
    assemble("meta", parts.resolve("encoder.pt"), OPTIONS, temp.resolve("m"));
    var read = PlmConfig.read(temp.resolve("m"));
    var config = PlmConfig.read(parts.resolve("whole"));
    assertThat(read.vision()).isEqualTo(config.vision());
    assertThat(read.decoder().rope()).isEqualTo(config.decoder().rope());
    assertThat(read.decoder().maxPositions()).isEqualTo(1024);
    try (var made = PlmCheckpoint.open(temp.resolve("m"), read);
        var whole = PlmCheckpoint.open(parts.resolve("whole"), config)) {
      for (var name : whole.names()) {
        boolean other =
            name.startsWith(HfNames.PROJECTOR)
                || name.endsWith(".pos_embed")
                || name.contains(".gamma_");
        assertThat(made.data(name).mismatch(whole.data(name)) < 0).as(name).isEqualTo(!other);
      }
    }
    try (var plm = Plm.load(temp.resolve("m"), LoadOptions.DEFAULT.withThreads(1))) {
      assertThat(plm.config().imageTokenId()).isEqualTo(703 + 2);
    }
  }

  @Test
  void timmsFormAndPlmsOwnAreReadToo(@TempDir Path temp) throws IOException {
    try (var stored = Checkpoint.open(parts.resolve("whole"))) {
      var tensors = new ArrayList<TensorSource>();
      for (var name : stored.names()) {
        if (name.startsWith(HfNames.TOWER)) {
          tensors.add(copy(stored, name, name.substring(HfNames.TOWER.length())));
        }
      }
      tensors.add(filled("norm.weight", 32));
      SafetensorsWriter.write(temp.resolve("timm.safetensors"), tensors);
    }
    var notes = assemble("meta", temp.resolve("timm.safetensors"), OPTIONS, temp.resolve("a"));
    assertThat(notes.toString()).contains("not used of the encoder: norm").doesNotContain("gains");
    assemble("meta", parts.resolve("whole/model.safetensors"), OPTIONS, temp.resolve("b"));
    assertThat(Files.mismatch(weights(temp, "a"), weights(temp, "b"))).isNegative();
  }

  private static Path weights(Path temp, String name) {
    return temp.resolve(name).resolve("model.safetensors");
  }

  @Test
  void whatIsChosenIsDone(@TempDir Path temp) {
    var options =
        new AssemblyOptions(
            84,
            9,
            3,
            512,
            OptionalInt.of(3),
            OptionalInt.of(2),
            OptionalDouble.of(0.1),
            Optional.of(new io.plm4j.language.RopeScaling.None()),
            DType.BF16,
            1);
    assemble("meta", parts.resolve("encoder.pt"), options, temp.resolve("m"));
    var read = PlmConfig.read(temp.resolve("m"));
    assertThat(read.vision().depth()).isEqualTo(3);
    assertThat(read.tokensPerTile()).isEqualTo(4);
    assertThat(read.storedType()).contains(DType.BF16);
    assertThat(read.decoder().rope().scaling()).isEqualTo(new io.plm4j.language.RopeScaling.None());
    try (var made = PlmCheckpoint.open(temp.resolve("m"), read)) {
      assertThat(made.countByType()).containsOnlyKeys(DType.BF16);
    }
  }

  @Test
  void whatDoesNotFitIsExplained(@TempDir Path temp) throws IOException {
    var encoder = parts.resolve("encoder.pt");
    assertRefused(
        "meta", parts.resolve("meta/consolidated.00.pth"), OPTIONS, "no Perception Encoder");
    assertRefused("whole", encoder, OPTIONS, "model_type");
    assertRefused("meta", encoder, withBlocks(9), "The encoder has 3 blocks, but 9");
    var noHeads =
        new AssemblyOptions(
            56,
            4,
            2,
            1024,
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            DType.F32,
            1);
    assertRefused("meta", encoder, noHeads, "--encoder-heads");
    try (var stored = Checkpoint.open(parts.resolve("original"))) {
      PthWriter.write(temp.resolve("odd.pt"), encoder(stored, 0, 8), Map.of(), _ -> {});
      var gaps =
          encoder(stored, 0, 9).stream()
              .filter(t -> !t.name().contains("resblocks.1.mlp.c_fc"))
              .toList();
      PthWriter.write(temp.resolve("gap.pt"), gaps, Map.of(), _ -> {});
    }
    var both = withBlocks(2);
    assertRefused("meta", temp.resolve("gap.pt"), both, "blocks.1.mlp.fc1.weight is missing");
    assertThatThrownBy(() -> assemble("meta", temp.resolve("odd.pt"), both, temp.resolve("m")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no square grid");
    assertThat(temp.resolve("m")).doesNotExist();
  }

  private static AssemblyOptions withBlocks(int blocks) {
    return new AssemblyOptions(
        56,
        4,
        2,
        1024,
        OptionalInt.of(blocks),
        OptionalInt.of(2),
        OptionalDouble.empty(),
        Optional.empty(),
        DType.F32,
        777);
  }

  private static void assertRefused(
      String llama, Path encoder, AssemblyOptions options, String message) {
    assertThatThrownBy(() -> Assembly.prepare(parts.resolve(llama), encoder, options).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void damagedEncodersEndInAMessage(@TempDir Path temp) throws IOException {
    var random = new Random(11);
    byte[] intact = Files.readAllBytes(parts.resolve("encoder.pt"));
    var file = temp.resolve("damaged.pt");
    for (int i = 0; i < Mutant.cases(60); i++) {
      Files.write(file, Mutant.of(intact, 8_000, random));
      try (var assembly = Assembly.prepare(parts.resolve("meta"), file, OPTIONS)) {
        assertThat(assembly.notes()).isNotEmpty();
      } catch (InputException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void namesThatNobodyKnowsAreNoTowers() {
    var names = new EncoderNames(List.of("blocks.0.norm1.weight", "text.blocks.0.norm1.weight"));
    assertThat(names.canonical("text.blocks.0.norm1.weight")).isEmpty();
    assertThat(names.canonical("module.blocks.0.norm1.weight"))
        .contains(HfNames.TOWER + "blocks.0.norm1.weight");
  }
}
