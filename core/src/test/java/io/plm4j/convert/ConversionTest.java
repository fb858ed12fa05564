package io.plm4j.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.LoadOptions;
import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.layout.Layout;
import io.plm4j.media.Bicubic;
import io.plm4j.media.Image;
import io.plm4j.media.MediaSettings;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConversionTest {
  private static final long ONE_FILE = 1L << 40;

  @TempDir private Path folder;

  private Path original(DType type) {
    var path = folder.resolve("original-" + type);
    TinyCheckpoint.writeOriginal(path, type);
    return path;
  }

  private Path convert(Path from, Layout target, String name) {
    return convert(from, target, name, Optional.empty());
  }

  private Path convert(Path from, Layout target, String name, Optional<DType> type) {
    var to = folder.resolve(name);
    try (var conversion = Conversion.prepare(from, target, type)) {
      conversion.write(to, ONE_FILE, _ -> {});
    }
    return to;
  }

  private static int[] answer(Path model, LoadOptions options) {
    var rgb = new byte[40 * 30 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * i % 251);
    }
    try (var plm = Plm.load(model, options)) {
      var request =
          Request.of("What is this?", Image.ofRgb(40, 30, rgb))
              .withImageSettings(plm.imageSettings().withBicubic(Bicubic.PILLOW))
              .withOptions(GenerationOptions.DEFAULT.withMaxNewTokens(24));
      return plm.ask(request, Listener.NONE).tokens();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void bothLayoutsAnswerWithTheSameTokens(DType type) throws IOException {
    var original = original(type);
    var hf = convert(original, Layout.HUGGING_FACE, "hf");
    var options = LoadOptions.DEFAULT.withType(type);
    var tokens = answer(original, options);
    assertThat(tokens).isNotEmpty();
    assertThat(answer(hf, options)).isEqualTo(tokens);

    var nested = Files.createDirectory(folder.resolve("nested"));
    Files.move(original, nested.resolve("original"));
    assertThat(answer(nested, options)).isEqualTo(tokens);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void thereAndBackEveryByteIsTheSame(DType type) throws IOException {
    var original = original(type);
    var hf = convert(original, Layout.HUGGING_FACE, "hf");
    var back = convert(hf, Layout.ORIGINAL, "back");
    assertThat(back).isDirectoryNotContaining("glob:**chat_template*");
    assertSameTensors(original, back);
    assertThat(Files.mismatch(original.resolve("tokenizer.model"), back.resolve("tokenizer.model")))
        .isEqualTo(-1);
    assertThat(PlmConfig.read(back).decoder()).isEqualTo(PlmConfig.read(original).decoder());
    assertThat(PlmConfig.read(back).vision()).isEqualTo(PlmConfig.read(original).vision());
    assertThat(MediaSettings.read(back)).isEqualTo(MediaSettings.read(original));

    var again = convert(back, Layout.HUGGING_FACE, "again");
    try (var files = Files.list(hf)) {
      for (var file : files.toList()) {
        assertThat(Files.mismatch(file, again.resolve(file.getFileName())))
            .as(file.toString())
            .isEqualTo(-1);
      }
    }
  }

  private static void assertSameTensors(Path one, Path other) {
    try (var a = Checkpoint.open(one);
        var b = Checkpoint.open(other)) {
      assertThat(b.names()).containsExactlyElementsOf(a.names());
      for (var name : a.names()) {
        assertThat(b.info(name).dtype()).isEqualTo(a.info(name).dtype());
        assertThat(b.info(name).shape()).isEqualTo(a.info(name).shape());
        assertThat(b.data(name).mismatch(a.data(name))).as(name).isEqualTo(-1);
      }
      assertThat(b.bytes()).isEqualTo(a.bytes());
    }
  }

  @Test
  void metasFilterGoesWithMetasFiles() {
    var original = original(DType.F32);
    var settings = MediaSettings.read(original);
    assertThat(settings.image().bicubic()).isEqualTo(Bicubic.PILLOW);
    assertThat(settings.video().bicubic()).isEqualTo(Bicubic.TORCHVISION_FLOAT);
    assertThat(MediaSettings.read(convert(original, Layout.HUGGING_FACE, "hf")).image().bicubic())
        .isEqualTo(Bicubic.TORCHVISION_BYTES);
  }

  @Test
  void paramsJsonDecidesTheTypeOfTheComputation() throws IOException {
    var original = original(DType.F32);
    var params = original.resolve("params.json");
    Files.writeString(params, Files.readString(params).replace("\"fp32\"", "\"bf16\""));
    try (var plm = Plm.load(original)) {
      assertThat(plm.type()).isEqualTo(DType.BF16);
    }
  }

  @Test
  void aTemplateOfItsOwnIsKeptForTheWayBack() throws IOException {
    var hf = convert(original(DType.F32), Layout.HUGGING_FACE, "hf");
    var template = hf.resolve("chat_template.jinja");
    Files.writeString(template, Files.readString(template) + "{# mine #}");
    var back = convert(hf, Layout.ORIGINAL, "back");
    assertThat(Files.mismatch(back.resolve("chat_template.jinja"), template)).isEqualTo(-1);
  }

  @Test
  void theTypeChangesOnlyWhenAsked() {
    var half = convert(original(DType.F32), Layout.HUGGING_FACE, "half", Optional.of(DType.BF16));
    try (var checkpoint = Checkpoint.open(half)) {
      assertThat(checkpoint.countByType()).containsOnlyKeys(DType.BF16);
    }
    assertThat(PlmConfig.read(half).storedType()).contains(DType.BF16);
    assertThat(answer(half, LoadOptions.DEFAULT)).isNotEmpty();
  }

  @Test
  void whatTheTargetCannotSayIsRefused() throws IOException {
    var hf = convert(original(DType.F32), Layout.HUGGING_FACE, "hf");
    var generation = hf.resolve("generation_config.json");
    Files.writeString(generation, Files.readString(generation).replace("712", "714"));
    var pictures = hf.resolve("preprocessor_config.json");
    Files.writeString(pictures, Files.readString(pictures).replace("0.5", "0.4"));
    assertThatThrownBy(() -> Conversion.prepare(hf, Layout.ORIGINAL, Optional.empty()).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be converted without loss")
        .hasMessageContaining("answers end at the tokens [704, 714]")
        .hasMessageContaining("normalisation");
    assertThatThrownBy(() -> Conversion.prepare(hf, Layout.HUGGING_FACE, Optional.empty()).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("in the wanted layout already");
  }

  @Test
  void anInterruptedConversionLeavesNothing() throws IOException {
    var original = original(DType.F32);
    for (var target : Layout.values()) {
      var from =
          target == Layout.HUGGING_FACE ? original : convert(original, Layout.HUGGING_FACE, "hf");
      var to = folder.resolve("interrupted");
      try (var conversion = Conversion.prepare(from, target, Optional.empty())) {
        assertThatThrownBy(() ->
                conversion.write(
                    to,
                    ONE_FILE,
                    _ -> {
                      assertThat(to).doesNotExist();
                      throw new IllegalStateException("enough");
                    }))
            .isInstanceOf(IllegalStateException.class);
      }
      assertThat(to).doesNotExist();
      assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }
  }

  @Test
  void aFolderThatIsInUseIsRefused() throws IOException {
    var original = original(DType.F32);
    var to = Files.createDirectory(folder.resolve("to"));
    Files.writeString(to.resolve("mine"), "x");
    assertThatThrownBy(() -> convert(original, Layout.HUGGING_FACE, "to"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not empty");
    Files.delete(to.resolve("mine"));
    Files.createDirectory(folder.resolve("to.partial"));
    assertThatThrownBy(() -> convert(original, Layout.HUGGING_FACE, "to"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("another command is at work on it, or one was killed");
    Files.delete(folder.resolve("to.partial"));
    assertThat(convert(original, Layout.HUGGING_FACE, "to").resolve("config.json")).exists();
  }

  @Test
  void shardsAreWrittenWhereTheyAreWanted() {
    var to = folder.resolve("shards");
    try (var conversion =
        Conversion.prepare(original(DType.F32), Layout.HUGGING_FACE, Optional.empty())) {
      conversion.write(to, 100_000, _ -> {});
      assertThat(conversion.tensorBytes()).isPositive();
    }
    assertThat(to.resolve("model.safetensors.index.json")).exists();
    assertThat(answer(to, LoadOptions.DEFAULT)).isNotEmpty();
  }
}
