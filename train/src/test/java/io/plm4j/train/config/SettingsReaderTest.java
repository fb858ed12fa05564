package io.plm4j.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.adapter.AdapterConfig;
import io.plm4j.adapter.Targets;
import io.plm4j.error.InputException;
import io.plm4j.media.VisionInput;
import io.plm4j.testkit.Mutant;
import io.plm4j.train.data.Asking;
import io.plm4j.train.data.Columns;
import io.plm4j.train.data.Source;
import io.plm4j.train.learn.Part;
import io.plm4j.train.schedule.OriginalSchedule;
import io.plm4j.train.schedule.WarmUp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  private static final String SHORTEST = "model: m\ndata: train.jsonl\n";

  private static final String FULL =
      """
      model: facebook/Perception-LM-1B
      output_dir: runs/one
      data:
        sources:
          - path: radiology.parquet
            name: radiology
            weight: 3
            columns: {image: image, answer: caption}
            prompt: "Describe: what is it?"
            limit: 1000
            asking: alone
          - {path: own/train.jsonl, weight: 0.5, root_dir: /pictures}
        labels: plm
        packing: true
        max_length: 2048
        order: file
        vision_input_type: thumb+tile
        max_num_tiles: 4
        num_frames: 8
        validation:
          sources: [held-out.jsonl]
      adapter:
        mode: dora
        r: 16
        lora_alpha: 32
        lora_dropout: 0.05
        target_modules: [q_proj, v_proj]
        init_lora_weights: true
        use_rslora: true
      num_train_epochs: 2.5
      per_device_train_batch_size: 2
      gradient_accumulation_steps: 4
      per_device_eval_batch_size: 3
      learning_rate: 2e-5
      lr_scheduler_type: original_cosine
      lr_scheduler_kwargs: {lr_min_ratio: 0.01}
      warmup_ratio: 0.03
      optim: adamw_bnb_8bit
      weight_decay: 0.1
      adam_beta1: 0.8
      adam_beta2: .95
      adam_epsilon: 1e-6
      max_grad_norm: 0.5
      bf16: false
      gradient_checkpointing: true
      drop_path: 0.1
      logging_steps: 5
      logging_first_step: true
      report_to: none
      logging_dir: board
      save_strategy: steps
      save_steps: 20
      save_total_limit: ~
      load_best_model_at_end: true
      eval_strategy: steps
      eval_steps: 10
      samples: {count: 2, max_new_tokens: 32}
      seed: 7
      data_seed: 8
      threads: 2
      resume_from_checkpoint: auto
      hub_model_id: me/mine
      """;

  @TempDir private Path folder;

  private static FineTuneSettings parse(String yaml) {
    return SettingsReader.parse("run.yaml", yaml.getBytes(StandardCharsets.UTF_8)).settings();
  }

  private FineTuneSettings read(String yaml, String... words) throws IOException {
    var file = Files.writeString(folder.resolve("run.yaml"), yaml);
    return SettingsReader.read(file, List.of(words)).settings();
  }

  @Test
  void whatIsNotSaidIsAsInTheModelCard() {
    var settings = parse(SHORTEST);
    assertThat(settings)
        .isEqualTo(
            FineTuneSettings.card(
                "m", List.of(Source.of("train", Path.of("train.jsonl"))), Path.of("m-train")));
    assertThat(settings.learningRate().at(0, 223)).isZero();
    assertThat(settings.learningRate().at(50, 223)).isEqualTo(1e-4);
  }

  @Test
  void everySettingIsObeyed() {
    var settings = parse(FULL);
    var radiology = settings.data().sources().getFirst();
    assertThat(radiology.columns())
        .isEqualTo(Columns.of(Map.of("image", "image", "answer", "caption")));
    assertThat(radiology.prompt()).contains("Describe: what is it?");
    assertThat(radiology.limit()).isEqualTo(OptionalLong.of(1000));
    assertThat(radiology.asking()).isEqualTo(Asking.ALONE);
    assertThat(settings.data().sources().getLast().name()).isEqualTo("train");
    assertThat(settings.data().media())
        .isEqualTo(
            new MediaInput(VisionInput.THUMB_AND_TILES, OptionalInt.of(4), OptionalInt.of(8)));
    assertThat(settings.method())
        .isEqualTo(
            new Method.Adapter(
                Method.Kind.DORA,
                16,
                32,
                0.05,
                new Targets.Suffixes(List.of("q_proj", "v_proj")),
                AdapterConfig.Initialization.KAIMING,
                AdapterConfig.Scaling.BY_ROOT_OF_RANK,
                Optional.empty()));
    assertThat(settings.length()).isEqualTo(new Length.Epochs(2.5));
    assertThat(settings.learningRate())
        .isEqualTo(
            new LearningRate(2e-5, OriginalSchedule.Cosine.to(0.01), new WarmUp.Share(0.03)));
    assertThat(settings.optimizer())
        .isEqualTo(
            new Optimizer(
                Optimizer.Kind.ADAMW_8BIT, 0.1, Optimizer.Decay.MATRICES, 0.8, 0.95, 1e-6, 0.5));
    assertThat(settings.saving())
        .isEqualTo(new Saving(new Every.Steps(20), OptionalInt.empty(), true));
    assertThat(settings.evaluation()).isEqualTo(new Every.Steps(10));
    assertThat(settings.resume()).isEqualTo(new Resume.IfThere());
    assertThat(settings.precision()).isEqualTo(Precision.F32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "freeze: []\nmax_steps: 7\nlr_scheduler_type: constant\nsave_strategy: no",
        "freeze: [vision, language]\nlr_scheduler_type: cosine_with_min_lr\nlr_scheduler_kwargs: {min_lr_rate: 0.1}",
        "adapter: qlora\nlr_scheduler_type: warmup_stable_decay\nlr_scheduler_kwargs: {num_decay_steps: 9, decay_type: 1-sqrt}",
        "adapter: {mode: lora, target_modules: all-linear}\nlr_scheduler_type: inverse_sqrt",
        "adapter: {mode: lora, target_modules: '.*\\.(q|v)_proj'}\nlr_scheduler_type: original_wsd",
        "lr_scheduler_type: original_linear\nlearning_rate: 3.3333333333333335e-5",
        "lr_scheduler_type: original_inv_sqrt\nresume_from_checkpoint: true",
        "save_strategy: epoch\nsave_total_limit: 3\nresume_from_checkpoint: out/checkpoint-5",
        "output_dir: 'yes: # no'\nhub_model_id: '007'\nseed: 123456789012",
      })
  void writtenAndReadAgainTheyAreTheSame(String more) {
    for (var yaml : List.of(SHORTEST + more, FULL)) {
      var settings = parse(yaml);
      assertThat(parse(SettingsYaml.of(settings))).isEqualTo(settings);
    }
  }

  @Test
  void theCommandLineComesBeforeTheFileAndTheFileBeforeTheDefaults() throws IOException {
    var yaml = SHORTEST + "learning_rate: 1e-3\nweight_decay: 0.5\nadapter: {mode: lora, r: 4}\n";
    var settings =
        read(yaml, "learning_rate=1e-5", "adapter.r=32", "learning_rate=2e-5", "data.packing=true");
    assertThat(settings.learningRate().peak()).isEqualTo(2e-5);
    assertThat(settings.optimizer().weightDecay()).isEqualTo(0.5);
    assertThat(settings.optimizer().beta2()).isEqualTo(0.999);
    assertThat(((Method.Adapter) settings.method()).rank()).isEqualTo(32);
    assertThat(settings.data().packing()).isTrue();
    assertThat(settings.data().sources()).hasSize(1);
  }

  @Test
  void whatIsSaidAboveTakesThePlaceOfItsAlternativeBelow() throws IOException {
    var yaml = SHORTEST + "num_train_epochs: 3\nwarmup_steps: 10\n";
    var settings = read(yaml, "max_steps=5", "warmup_ratio=0.1");
    assertThat(settings.length()).isEqualTo(new Length.Steps(5));
    assertThat(settings.learningRate().warmUp()).isEqualTo(new WarmUp.Share(0.1));
  }

  @Test
  void theCommandLineAloneIsEnough() {
    var settings =
        SettingsReader.read(
                List.of(
                    "model=my/model@main",
                    "data=[a.jsonl, {path: b.jsonl, name: bees}]",
                    "adapter=lora",
                    "freeze=",
                    "data.validation.fraction=0.1"))
            .settings();
    assertThat(settings.data().sources()).extracting(Source::name).containsExactly("a", "bees");
    assertThat(settings.output()).isEqualTo(Path.of("model-a"));
    assertThat(settings.data().validation()).isEqualTo(new Validation.Share(0.1));
    assertThat(settings.evaluation()).isEqualTo(new Every.Steps(25));
  }

  @Test
  void aWarmUpBelowOneIsAPartOfTheRunAsInTransformers5() {
    assertThat(parse(SHORTEST + "warmup_steps: 0.05").learningRate().warmUp())
        .isEqualTo(new WarmUp.Share(0.05));
    assertThat(parse(SHORTEST + "lr_scheduler_type: constant").learningRate().warmUp())
        .isEqualTo(new WarmUp.Steps(0));
  }

  @Test
  void argumentsWithoutEffectAreTakenAndTold() {
    var yaml =
        SHORTEST + "dataloader_pin_memory: false\nremove_unused_columns: false\nfp16: false\n";
    var resolved = SettingsReader.parse("run.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    assertThat(resolved.notes())
        .containsExactly(
            "run.yaml, line 3: dataloader_pin_memory has no effect: it concerns the memory of a GPU",
            "run.yaml, line 4: remove_unused_columns has no effect: columns are named under data");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "learning_rat: 1 | run.yaml, line 3: learning_rat is no setting; did you mean learning_rate?",
        "adapter: {mode: lora, alpha: 8} | run.yaml, line 3: adapter.alpha is no setting; did you mean lora_alpha?",
        "zzz: 1 | zzz is no setting; there are adam_beta1, adam_beta2,",
        "learning_rate: fast | run.yaml, line 3: learning_rate is fast; wanted a number from 0.0 to 1000000.0.",
        "learning_rate: -1 | learning_rate is -1; wanted a number",
        "learning_rate: 1d | learning_rate is 1d; wanted a number",
        "learning_rate: .nan | wanted a number",
        "learning_rate: [1] | learning_rate is a list of 1; wanted a number",
        "max_steps: 0 | wanted a number above 0, or -1",
        "max_steps: 1.5 | max_steps is 1.5; wanted a whole number",
        "max_steps: 99999999999999999999 | wanted a whole number",
        "bf16: maybe | bf16 is maybe; wanted true or false",
        "optim: adam | optim is adam; wanted one of adamw_torch, adamw_torch_fused, adamw_8bit,",
        "adapter: {r: 8} | adapter.mode is absent; wanted one of full, lora, dora, qlora.",
        "adapter: {mode: lora, r: 0} | adapter.r is 0; wanted a whole number from 1",
        "adapter: {mode: full, r: 8} | adapter.r is 8; wanted nothing, as mode is full.",
        "adapter: {mode: lora, target_modules: '('} | a regular expression: Unclosed group",
        "adapter: {mode: lora, target_modules: []} | adapter: no names of layers",
        "freeze: [vision, head] | freeze is a list of 2; wanted a list of some of vision, projector, language",
        "freeze: [vision, projector, language] | all parts are frozen, so that nothing learns",
        "fp16: true | fp16 is true; wanted false",
        "neftune_noise_alpha: 5 | neftune_noise_alpha is 5; wanted nothing",
        "report_to: [wandb] | wanted tensorboard or none",
        "eval_strategy: steps | eval_strategy is steps; wanted no, or data to judge by",
        "load_best_model_at_end: true | load_best_model_at_end is true; wanted false; or eval_strategy as save_strategy",
        "save_strategy: epoch\\nsave_steps: 5 | save_steps is 5; wanted nothing, as save_strategy is epoch",
        "warmup_steps: 5\\nwarmup_ratio: 0.1 | remove one of them",
        "lr_scheduler_type: constant\\nwarmup_steps: 5 | constant has no warm-up, constant_with_warmup has",
        "lr_scheduler_kwargs: {min_lr: 5} | lr_scheduler_kwargs.min_lr is no setting;",
        "lr_scheduler_type: warmup_stable_decay | lr_scheduler_kwargs.num_decay_steps is absent; wanted how many steps",
        "max_steps: 5\\nnum_train_epochs: 1 | num_train_epochs is 1; wanted nothing, as max_steps is there",
        "model: n | run.yaml, line 3: model is there twice",
        "samples: 3 | samples is 3; wanted settings below it",
        "seed: &a 5\\ndata_seed: *a | run.yaml, line 4: *a is an alias",
        "--- | a second document begins here",
        "seed: [1 | run.yaml is not valid YAML at line",
        "output_dir: \"a\\0b\" | output_dir is a?b; wanted a path: Nul character not allowed",
      })
  void mistakesAreToldWithTheirPlace(String more, String message) {
    var yaml = SHORTEST + more.replace("\\n", "\n");
    assertThatThrownBy(() -> parse(yaml))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "labels: all | data.labels is all; wanted one of assistant, card, plm, seen.",
        "sources: [] | data: no data to learn from",
        "sources: [{name: x}] | data.sources[0].path is absent; wanted a file or a folder.",
        "sources: [a/t.jsonl, b/t.jsonl] | two sources have the same name",
        "sources: [a, {path: b, weight: 2}] | some sources have a weight and some have none",
        "sources: [{path: b, asking: apart}] | data.sources[0].asking is apart; wanted one of in_turn, alone.",
        "sources: [{path: b, asking: alone}]\\n  labels: card | can be asked alone",
        "sources: [{path: b, weight: 0}] | data.sources[0].weight is 0; wanted a number",
        "sources: [{path: b, colums: {a: b}}] | data.sources[0].colums is no setting; did you mean columns?",
        "sources: [{path: b, columns: {a: [b]}}] | data.sources[0].columns.a is a list of 1; wanted a text",
        "sources: [{path: b, columns: {picture: b}}] | data.sources[0]: \"picture\" is no part of a row",
        "sources: [{path: b, name: ' '}] | data.sources[0]: a source of data needs a name",
        "sources: [[a]] | data.sources is a list of 1; wanted a list of mappings",
        "max_num_tiles: 4 | wanted nothing, as pictures are one tile",
        "validation: {fraction: 2} | data.validation.fraction is 2; wanted a number",
        "validation: {} | wanted either fraction, such as 0.1, or sources",
      })
  void mistakesInTheDataAreToldWithTheirPlace(String settings, String message) {
    var whole = settings.contains("sources: ") ? settings : "sources: x.jsonl\n  " + settings;
    assertThatThrownBy(() -> parse("model: m\ndata:\n  " + whole.replace("\\n", "\n")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("run.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void mistakesOnTheCommandLineAreToldAsSuch() {
    assertThatThrownBy(() -> read(SHORTEST, "learning_rate=-1"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the command line: learning_rate is -1; wanted");
    assertThatThrownBy(() -> read(SHORTEST, "learning_rate"))
        .hasMessageContaining("learning_rate is no setting; wanted KEY=VALUE");
    assertThatThrownBy(() -> read(SHORTEST, "data.sources=[a"))
        .hasMessageContaining("the command line's data.sources is not valid YAML");
    assertThatThrownBy(() -> SettingsReader.read(List.of()))
        .hasMessageContaining("model is absent; wanted a folder with a model");
    assertThatThrownBy(() -> SettingsReader.read(List.of("model=m")))
        .hasMessageContaining("no data to learn from");
  }

  @Test
  void filesThatAreNoSettingsAreRefused() throws IOException {
    assertThatThrownBy(() -> SettingsReader.read(folder.resolve("no.yaml"), List.of()))
        .hasMessageContaining("no.yaml is not there or not a file");
    assertThatThrownBy(() -> parse("- a\n- b\n"))
        .hasMessageContaining("run.yaml holds a list of 2");
    assertThatThrownBy(() -> parse("")).hasMessageContaining("model is absent");
    var large = Files.writeString(folder.resolve("large.yaml"), "#".repeat(1_100_000));
    assertThatThrownBy(() -> SettingsReader.read(large, List.of()))
        .hasMessageContaining("large.yaml has 1,100,000 bytes");
    assertThatThrownBy(() -> parse("a: " + "[".repeat(2000))).isInstanceOf(InputException.class);
  }

  @Test
  void theFullMethodTrainsAllButWhatIsFrozen() {
    assertThat(((Method.Full) parse(SHORTEST).method()).trained())
        .isEqualTo(Set.of(Part.PROJECTOR, Part.LANGUAGE));
    assertThat(((Method.Full) parse(SHORTEST + "freeze: vision").method()).frozen())
        .isEqualTo(Set.of(Part.VISION));
  }

  @Test
  void targetsAreFoundAsPeftFindsThem() {
    var layer = "model.language_model.layers.0.self_attn.q_proj";
    assertThat(Targets.Suffixes.DECODER.include(layer)).isTrue();
    assertThat(Targets.Suffixes.DECODER.include("model.vision_tower.blocks.0.attn.qkv")).isFalse();
    assertThat(new Targets.Suffixes(List.of("proj")).include(layer)).isFalse();
    var settings = parse(SHORTEST + "adapter: {mode: lora, target_modules: '.*self_attn.*'}");
    assertThat(((Method.Adapter) settings.method()).targets().include(layer)).isTrue();
    assertThat(((Method.Adapter) settings.method()).targets().include("x")).isFalse();
  }

  @Test
  void damagedFilesAreReadOrRefused() {
    var random = new Random(5);
    for (int i = 0; i < Mutant.cases(500); i++) {
      byte[] mutant = Mutant.of(FULL.getBytes(StandardCharsets.UTF_8), 400, random);
      try {
        var settings = SettingsReader.parse("run.yaml", mutant).settings();
        assertThat(SettingsYaml.of(settings)).isNotEmpty();
      } catch (InputException e) {
        assertThat(e.getMessage()).startsWith("run.yaml");
      }
    }
  }

  @Test
  void samplesAreAskedWithoutValidationToo() {
    assertThat(parse(SHORTEST + "samples: {count: 1}\n").evaluation())
        .isEqualTo(new Every.Steps(25));
    assertThatThrownBy(() -> parse(SHORTEST + "samples: {count: 1}\neval_strategy: no\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("eval_strategy is no; wanted steps or epoch, when samples are asked");
    assertThatThrownBy(
            () -> parse(SHORTEST + "samples: {count: 1}\nload_best_model_at_end: true\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("load_best_model_at_end is true; wanted false");
  }
}
