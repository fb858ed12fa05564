package io.plm4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.adapter.AdapterConfig;
import io.plm4j.adapter.Targets;
import io.plm4j.cache.CacheFolder;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Listener.Phase;
import io.plm4j.generate.Reuse;
import io.plm4j.language.KvFormat;
import io.plm4j.media.Image;
import io.plm4j.media.VisionInput;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyAdapter;
import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What one conversation or run of the program computed, the next one takes, and its answers stay
/// what they are without.
class NeverTwiceTest {
  private static final GenerationOptions SHORT = GenerationOptions.DEFAULT.withMaxNewTokens(12);
  private static final String LONG = "Tell me all about it, word by word. ".repeat(20);

  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();
  private Path model;

  @BeforeEach
  void write() {
    model = folder.resolve("model");
    TinyCheckpoint.write(model);
  }

  private static LoadOptions options() {
    return LoadOptions.DEFAULT.withThreads(1).withType(DType.F32);
  }

  private LoadOptions onDisk() {
    return options()
        .withCaches(
            CacheOptions.NONE.withDisk(
                new CacheFolder.Settings(
                    folder.resolve("cache"), 1_000_000_000, Instant::now, warnings::add)));
  }

  // ---- in memory

  @ParameterizedTest
  @EnumSource(KvFormat.class)
  void anAnswerBehindAnothersPrefixIsTheAnswerWithout(KvFormat format) {
    try (var sharing = Plm.load(model, options().withKvCache(format));
        var alone = Plm.load(model, options().withKvCache(format).withPrefixCacheBytes(0))) {
      ask(sharing, "What is this?", picture(1));
      for (var question : List.of("What is this?", "What is that?", LONG)) {
        var shared = ask(sharing, question, picture(1));
        assertThat(shared.reuse().memory()).isGreaterThanOrEqualTo(endOfPicture(sharing));
        assertThat(shared.reuse().disk()).isZero();
        assertSame(shared, ask(alone, question, picture(1)), format);
      }
      assertThat(ask(alone, "What is this?", picture(1)).reuse().positions()).isZero();
    }
  }

  @Test
  void anOpenConversationLendsWhatItHolds() {
    try (var plm = Plm.load(model, options());
        var chat = plm.chat()) {
      chat.ask(Request.of("What is this?", picture(1)).withOptions(SHORT), Listener.NONE);
      var other = ask(plm, "Why is this?", picture(1));
      assertThat(other.reuse().memory()).isGreaterThanOrEqualTo(endOfPicture(plm));
      var next = chat.ask(Request.of("And why?").withOptions(SHORT), Listener.NONE);
      assertThat(next.reuse().conversation()).isGreaterThan(endOfPicture(plm));
    }
  }

  @Test
  void theSystemMessageIsReadOnceForAll() {
    try (var plm = Plm.load(model, options())) {
      ask(plm, "What is this?", picture(1));
      var other = ask(plm, "What is this?", picture(2));
      assertThat(other.reuse()).isEqualTo(new Reuse(0, startOfPicture(plm), 0, 0, 0));
    }
  }

  @Test
  void picturesOfOneSizeAndOtherTilesOfOnePictureShareNothing() {
    try (var sharing = Plm.load(model, options());
        var alone = Plm.load(model, options().withPrefixCacheBytes(0))) {
      ask(sharing, "What is this?", picture(1));
      var other = ask(sharing, "What is this?", picture(2));
      assertThat(other.reuse().positions()).isEqualTo(startOfPicture(sharing));
      assertSame(other, ask(alone, "What is this?", picture(2)));

      var whole = sharing.imageSettings().withVisionInput(VisionInput.VANILLA);
      var uncut = Request.of("What is this?", picture(1)).withImageSettings(whole);
      var cut = sharing.ask(uncut.withOptions(SHORT), Listener.NONE);
      assertThat(cut.reuse().positions()).isEqualTo(startOfPicture(sharing));
      assertSame(cut, alone.ask(uncut.withOptions(SHORT), Listener.NONE));
    }
  }

  @Test
  void aBatchSharesWhatItsQuestionsHaveInCommon() {
    try (var plm = Plm.load(model, options());
        var alone = Plm.load(model, options().withPrefixCacheBytes(0))) {
      var requests =
          List.of("One?", "Two?", "Three?", "Four?", "Five?", "Six?").stream()
              .map(question -> Request.of(question, picture(1)).withOptions(SHORT))
              .toList();
      var answers = plm.askAll(requests);
      for (int i = 0; i < answers.size(); i++) {
        assertSame(answers.get(i), alone.ask(requests.get(i), Listener.NONE));
        assertThat(answers.get(i).reuse().memory())
            .isGreaterThanOrEqualTo(i == 0 ? 0 : endOfPicture(plm));
      }
    }
  }

  @Test
  void memoryIsBounded() {
    int positions;
    try (var plm = Plm.load(model, options())) {
      positions = ask(plm, "What is this?", picture(1)).promptTokens() + SHORT.maxNewTokens();
    }
    // One position of this model takes 2 layers, 2 heads, 16 numbers of keys and of values.
    long position = 2 * 2 * 2 * 16 * 4;
    try (var plm = Plm.load(model, options().withPrefixCacheBytes(positions * position * 3 / 2))) {
      ask(plm, "What is this?", picture(1));
      assertThat(ask(plm, "What is this?", picture(1)).reuse().memory())
          .isGreaterThanOrEqualTo(endOfPicture(plm));
      // Takes the place of the first.
      ask(plm, "What is this?", picture(2));
      assertThat(ask(plm, "What is this?", picture(1)).reuse().memory())
          .isEqualTo(startOfPicture(plm));
    }
  }

  @Test
  void conversationsThatOutliveTheModelDoNoHarm() {
    var plm = Plm.load(model, options());
    var chat = plm.chat();
    chat.ask(Request.of("What is this?").withOptions(SHORT), Listener.NONE);
    plm.close();
    chat.close();
  }

  // ---- on disk

  @ParameterizedTest
  @EnumSource(KvFormat.class)
  void anotherRunEncodesNothingAndReadsOnlyWhatFollowsThePicture(KvFormat format) {
    try (var first = Plm.load(model, onDisk().withKvCache(format))) {
      assertThat(ask(first, "What is this?", picture(1)).reuse()).isEqualTo(Reuse.NONE);
    }
    try (var second = Plm.load(model, onDisk().withKvCache(format));
        var alone = Plm.load(model, options().withKvCache(format).withPrefixCacheBytes(0))) {
      var phases = new ArrayList<Phase>();
      var answer =
          second.ask(
              Request.of("And what is that?", picture(1)).withOptions(SHORT),
              new Listener() {
                @Override
                public void phase(Phase begins) {
                  phases.add(begins);
                }
              });
      assertThat(answer.reuse()).isEqualTo(new Reuse(0, 0, endOfPicture(second), 0, 0));
      assertThat(phases).doesNotContain(Phase.VISION, Phase.PREPROCESS);
      assertSame(answer, ask(alone, "And what is that?", picture(1)), format);

      // Behind other words the positions are others, but what was seen is the same.
      var elsewhere =
          Request.of("What is that?", picture(1)).withSystem("Speak.").withOptions(SHORT);
      var moved = second.ask(elsewhere, Listener.NONE);
      assertThat(moved.reuse()).isEqualTo(new Reuse(0, 0, 0, 0, 1));
      assertSame(moved, alone.ask(elsewhere, Listener.NONE), format);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void longTextsAreKeptInPieces() {
    try (var plm = Plm.load(model, onDisk());
        var alone = Plm.load(model, options().withPrefixCacheBytes(0))) {
      int length = ask(plm, LONG + "Really?").promptTokens();
      var answer = ask(plm, LONG + "Surely?");
      assertThat(answer.reuse().disk()).isBetween(length - 80, length);
      assertThat(answer.reuse().disk() % 64).isZero();
      assertSame(answer, ask(alone, LONG + "Surely?"));
    }
  }

  @Test
  void memoryComesBeforeDisk() {
    var caches = CacheOptions.DEFAULT.withDisk(onDisk().caches().disk().orElseThrow());
    try (var plm = Plm.load(model, options().withCaches(caches))) {
      ask(plm, "What is this?", picture(1));
      var answer = ask(plm, "What is this?", picture(1));
      assertThat(answer.reuse().disk()).isZero();
      assertThat(answer.reuse().memory()).isPositive();
    }
  }

  @Test
  void otherWeightsOtherTypesOtherFormatsAndAdaptersShareNothing() throws IOException {
    fill(onDisk());
    assertThat(reused(onDisk())).isPositive();
    assertThat(reused(onDisk().withType(DType.BF16))).isZero();
    assertThat(reusedPositions(onDisk().withKvCache(KvFormat.INT8))).isZero();
    assertThat(reused(onDisk().withQuantization(QuantizationRecipe.of("int8")))).isZero();

    var adapter = folder.resolve("adapter");
    TinyAdapter.write(
        adapter, model, AdapterConfig.of(AdapterConfig.Kind.LORA, new Targets.AllLinear()));
    assertThat(reused(onDisk().withAdapter(adapter))).isZero();
    fill(onDisk().withAdapter(adapter));
    assertThat(reused(onDisk().withAdapter(adapter))).isPositive();
    assertThat(reused(onDisk())).isPositive();

    // The same model in another folder, copied with its times, is the same model.
    var weights = model.resolve("model.safetensors");
    var time = Files.getLastModifiedTime(weights);
    changeLastNumber(weights);
    Files.setLastModifiedTime(weights, time);
    assertThat(reused(onDisk())).isZero();
  }

  @Test
  void aFileThatWasWrittenAnewIsAnotherModel() throws IOException {
    fill(onDisk());
    Files.setLastModifiedTime(
        model.resolve("model.safetensors"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
    assertThat(reused(onDisk())).isZero();
  }

  @Test
  void damagedFilesCostTimeAndNothingElse() throws IOException {
    fill(onDisk());
    try (var files = Files.list(folder.resolve("cache"))) {
      for (var file : files.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 40] ^= 4;
        Files.write(file, bytes);
      }
    }
    try (var plm = Plm.load(model, onDisk());
        var alone = Plm.load(model, options())) {
      // Each file is found to be damaged when it is wanted, which is when all before it are whole.
      var wanted = ask(alone, "What is this?", picture(1));
      var answer = ask(plm, "What is this?", picture(1));
      assertThat(answer.reuse()).isEqualTo(Reuse.NONE);
      assertSame(answer, wanted);
      for (int i = 0; i < 5; i++) {
        assertSame(ask(plm, "What is this?", picture(1)), wanted);
      }
      assertThat(warnings).isNotEmpty().doesNotHaveDuplicates();
      warnings.clear();
      assertThat(ask(plm, "What is this?", picture(1)).reuse().disk())
          .isGreaterThanOrEqualTo(endOfPicture(plm));
      assertThat(warnings).isEmpty();
    }
  }

  private void fill(LoadOptions options) {
    try (var plm = Plm.load(model, options)) {
      ask(plm, "What is this?", picture(1));
    }
  }

  private int reused(LoadOptions options) {
    try (var plm = Plm.load(model, options)) {
      var reuse = ask(plm, "What is this?", picture(1)).reuse();
      return reuse.positions() + reuse.mediaFromDisk();
    }
  }

  private int reusedPositions(LoadOptions options) {
    try (var plm = Plm.load(model, options)) {
      return ask(plm, "What is this?", picture(1)).reuse().positions();
    }
  }

  private static void changeLastNumber(Path file) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(bytes.length() - 1);
      int last = bytes.read();
      bytes.seek(bytes.length() - 1);
      bytes.write(last ^ 1);
    }
  }

  private static Answer ask(Plm plm, String question, Image... shown) {
    return plm.ask(
        Request.of(question, List.of(shown), List.of()).withOptions(SHORT), Listener.NONE);
  }

  private static int startOfPicture(Plm plm) {
    return plm.prompt(Request.of("Why?", picture(1))).spans().getFirst().start();
  }

  private static int endOfPicture(Plm plm) {
    var span = plm.prompt(Request.of("Why?", picture(1))).spans().getFirst();
    return span.start() + span.length();
  }

  /// The same tokens; scores within what rounding in 32 bits makes of another order of sums.
  private static void assertSame(Answer one, Answer other) {
    assertSame(one, other, KvFormat.COMPUTED);
  }

  /// In 8 bits the order of sums may turn the rounding of a number.
  private static void assertSame(Answer one, Answer other, KvFormat format) {
    assertThat(one.tokens()).isEqualTo(other.tokens());
    float tolerance = format == KvFormat.INT8 ? 0.1f : 2e-4f;
    for (int i = 0; i < one.firstScores().size(); i++) {
      assertThat(one.firstScores().get(i).id()).isEqualTo(other.firstScores().get(i).id());
      assertThat(one.firstScores().get(i).logit())
          .isCloseTo(other.firstScores().get(i).logit(), Offset.offset(tolerance));
    }
  }

  private static Image picture(int seed) {
    var rgb = new byte[24 * 16 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * (seed + 3));
    }
    return Image.ofRgb(24, 16, rgb);
  }
}
