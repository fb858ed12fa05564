package io.plm4j.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.adapter.AdapterConfig;
import io.plm4j.adapter.Targets;
import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.error.InputException;
import io.plm4j.quant.Nf4Scales;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyAdapter;
import io.plm4j.testkit.TinyCheckpoint;
import io.plm4j.testkit.TinyNf4;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeTest {
  private static final long ONE_FILE = 1 << 30;

  @TempDir private static Path samples;
  private static Path model;
  private static Path lora;
  private static Path dora;

  @TempDir private Path folder;

  @BeforeAll
  static void write() {
    model = samples.resolve("model");
    lora = samples.resolve("lora");
    dora = samples.resolve("dora");
    TinyCheckpoint.write(model);
    TinyAdapter.write(
        lora,
        model,
        AdapterConfig.of(
            AdapterConfig.Kind.LORA, new Targets.Suffixes(List.of("v_proj", "fc2", "linear_1"))));
    TinyAdapter.write(
        dora, model, AdapterConfig.of(AdapterConfig.Kind.DORA, new Targets.AllLinear()));
  }

  @Test
  void aMergedModelAnswersAsTheUnmergedOne() {
    var out = folder.resolve("out");
    merge(model, out, Optional.empty(), lora, dora);

    var unmerged = answer(model, LoadOptions.DEFAULT.withAdapter(lora).withAdapter(dora));
    assertThat(answer(out, LoadOptions.DEFAULT)).isEqualTo(unmerged);
    assertThat(unmerged).isNotEqualTo(answer(model, LoadOptions.DEFAULT));
    assertThat(unmerged).isNotEqualTo(answer(model, LoadOptions.DEFAULT.withAdapter(dora)));
  }

  @Test
  void layersWithoutAnAdapterKeepEveryBitAndOtherFilesAreCopied() throws IOException {
    var copy = folder.resolve("model");
    TinyCheckpoint.write(copy);
    Files.writeString(copy.resolve("README.md"), "mine");
    var out = folder.resolve("out");
    merge(copy, out, Optional.empty(), lora);

    for (var name : List.of("config.json", "tokenizer.json", "README.md")) {
      assertThat(out.resolve(name)).hasSameBinaryContentAs(copy.resolve(name));
    }
    try (var before = Checkpoint.open(copy);
        var after = Checkpoint.open(out)) {
      assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
      for (var name : before.names()) {
        boolean adapted = name.matches(".*(v_proj|fc2|linear_1)\\.weight");
        assertThat(before.data(name).mismatch(after.data(name)) < 0).as(name).isEqualTo(!adapted);
      }
    }
  }

  @Test
  void aQuantisedBaseBecomesDense() {
    var quantized = folder.resolve("nf4");
    TinyNf4.write(quantized, model, Nf4Scales.QUANTIZED);
    var out = folder.resolve("out");
    merge(quantized, out, Optional.empty(), dora);

    assertThat(answer(out, LoadOptions.DEFAULT))
        .isEqualTo(answer(quantized, LoadOptions.DEFAULT.withAdapter(dora)));
    try (var after = Checkpoint.open(out)) {
      assertThat(after.countByType()).containsOnlyKeys(DType.F32);
    }
    assertThat(out.resolve("config.json")).content().doesNotContain("quantization_config");
  }

  @Test
  void aWantedTypeIsThatOfTheFilesAndOfTheConfiguration() {
    var out = folder.resolve("out");
    merge(model, out, Optional.of(DType.BF16), lora);
    try (var after = Checkpoint.open(out)) {
      assertThat(after.countByType()).containsOnlyKeys(DType.BF16);
    }
    assertThat(out.resolve("config.json")).content().contains("\"bfloat16\"");
    try (var plm = Plm.load(out)) {
      assertThat(plm.type()).isEqualTo(DType.BF16);
    }
  }

  @Test
  void aTiedHeadIsNotMergedButUsed() {
    var head = folder.resolve("head");
    TinyAdapter.write(
        head,
        model,
        AdapterConfig.of(AdapterConfig.Kind.LORA, new Targets.Suffixes(List.of("lm_head")))
            .withRank(8, 800));
    assertThatThrownBy(() -> merge(model, folder.resolve("out"), Optional.empty(), head))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("output head");
    assertThat(answer(model, LoadOptions.DEFAULT.withAdapter(head)))
        .isNotEqualTo(answer(model, LoadOptions.DEFAULT));
  }

  private static void merge(Path from, Path to, Optional<DType> type, Path... adapters) {
    Map<String, Path> folders = new LinkedHashMap<>();
    for (var adapter : adapters) {
      folders.put(adapter.getFileName().toString(), adapter);
    }
    try (var merge = Merge.prepare(from, folders, type, 2)) {
      merge.write(to, ONE_FILE, _ -> {});
    }
  }

  private static List<Integer> answer(Path folder, LoadOptions options) {
    try (var plm = Plm.load(folder, options)) {
      return java.util.Arrays.stream(plm.ask("Hi there").tokens()).limit(24).boxed().toList();
    }
  }
}
