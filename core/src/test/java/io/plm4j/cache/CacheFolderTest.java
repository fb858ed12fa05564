package io.plm4j.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scattered;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
  private static final CacheKey KEY = CacheKey.of("thing", "a", "b");
  private static final long ROOMY = 1_000_000_000;

  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();
  private Instant now = Instant.parse("2030-01-01T00:00:00Z");

  private CacheFolder open(long maxBytes) {
    return open(folder, maxBytes);
  }

  private CacheFolder open(Path where, long maxBytes) {
    return CacheFolder.open(new CacheFolder.Settings(where, maxBytes, () -> now, warnings::add));
  }

  /// Two tensors, the first in two pieces, filled with a number.
  private static List<Scattered> tensors(int value) {
    var numbers =
        List.of(
            new Scattered("x", DType.F32, List.of(2L, 3L), List.of(memory(12), memory(12))),
            new Scattered("y", DType.I8, List.of(5L), List.of(memory(5))));
    numbers.forEach(tensor -> tensor.pieces().forEach(piece -> piece.fill((byte) value)));
    return numbers;
  }

  private static MemorySegment memory(long bytes) {
    return Arena.ofAuto().allocate(bytes, 8);
  }

  private static boolean hold(List<Scattered> tensors, int value) {
    return tensors.stream()
        .flatMap(tensor -> tensor.pieces().stream())
        .flatMapToInt(piece -> {
          var bytes = piece.toArray(ValueLayout.JAVA_BYTE);
          return IntStream.range(0, bytes.length).map(i -> bytes[i]);
        })
        .allMatch(found -> found == value);
  }

  @Test
  void whatWasWrittenIsReadByTheNextOneWhoOpensTheFolder() {
    open(ROOMY).write(KEY, tensors(7));
    var read = tensors(0);
    assertThat(open(ROOMY).contains(KEY)).isTrue();
    assertThat(open(ROOMY).read(KEY, read)).isTrue();
    assertThat(hold(read, 7)).isTrue();
    assertThat(open(ROOMY).read(CacheKey.of("thing", "ab"), tensors(0))).isFalse();
    assertThat(warnings).isEmpty();
  }

  @Test
  void keysDifferWhereTheirCausesDo() {
    assertThat(CacheKey.of("k", "ab", "c").hex()).isNotEqualTo(CacheKey.of("k", "a", "bc").hex());
    assertThat(CacheKey.of("k", "a").hex()).isNotEqualTo(CacheKey.of("l", "a").hex());
    assertThat(KEY.then(new int[] {1, 2}, "x").hex())
        .isNotEqualTo(KEY.then(new int[] {1}, "x").hex())
        .isEqualTo(KEY.then(new int[] {1, 2}, "x").hex());
  }

  @Test
  void aFileCutAnywhereIsWarnedOfOnceAndWrittenAnew() throws IOException {
    open(ROOMY).write(KEY, tensors(7));
    var file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      requireHealed(file, whole);
    }
  }

  @Test
  void anyByteThatIsWrongIsNoticed() throws IOException {
    open(ROOMY).write(KEY, tensors(7));
    var file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(file, damaged);
      // Spaces at the end of the header mean nothing, so that a change there may pass.
      warnings.clear();
      var cache = open(ROOMY);
      var read = tensors(0);
      assertThat(!cache.read(KEY, read) || hold(read, 7)).as("byte %d", i).isTrue();
    }
  }

  @Test
  void foreignContentAndAnotherKeysFileAreNoHarm() throws IOException {
    open(ROOMY).write(KEY, tensors(7));
    var file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    Files.writeString(file, "my holiday photographs");
    requireHealed(file, whole);

    var other = CacheKey.of("thing", "other");
    open(ROOMY).write(other, tensors(9));
    Files.copy(
        file.resolveSibling(file.getFileName().toString().replace(KEY.hex(), other.hex())),
        file,
        StandardCopyOption.REPLACE_EXISTING);
    requireHealed(file, whole);
  }

  private void requireHealed(Path file, byte[] whole) throws IOException {
    warnings.clear();
    var cache = open(ROOMY);
    assertThat(cache.read(KEY, tensors(0))).isFalse();
    assertThat(cache.read(KEY, tensors(0))).isFalse();
    assertThat(warnings).singleElement().asString().contains(file.toString(), "written anew");
    cache.write(KEY, tensors(7));
    assertThat(cache.read(KEY, tensors(0))).isTrue();
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    assertThat(warnings).hasSize(1);
  }

  @Test
  void otherTensorsThanWantedAreNotTaken() {
    open(ROOMY).write(KEY, tensors(7));
    var other = new Scattered("x", DType.F32, List.of(3L, 2L), List.of(memory(24)));
    assertThat(open(ROOMY).read(KEY, List.of(other, tensors(0).getLast()))).isFalse();
    assertThat(open(ROOMY).read(KEY, List.of(tensors(0).getFirst()))).isFalse();
    assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("other tensors"));
  }

  @Test
  void whatWasNotUsedForTheLongestGoesFirst() throws IOException {
    var cache = open(250_000);
    var keys = List.of(CacheKey.of("thing", "1"), CacheKey.of("thing", "2"), KEY);
    cache.write(keys.get(0), large());
    now = now.plusSeconds(1);
    cache.write(keys.get(1), large());
    now = now.plusSeconds(1);
    assertThat(cache.read(keys.get(0), large())).isTrue();
    now = now.plusSeconds(1);
    cache.write(KEY, large());
    assertThat(keys).map(cache::contains).containsExactly(true, false, true);
    assertThat(warnings).isEmpty();
  }

  private static List<Scattered> large() {
    return List.of(new Scattered("x", DType.I8, List.of(99_000L), List.of(memory(99_000))));
  }

  @Test
  void filesOfOtherVersionsAgeAndFilesOfOthersStay() throws IOException {
    var older = Files.write(folder.resolve("plm4j-v0-thing-00.safetensors"), new byte[90_000]);
    var photograph = Files.write(folder.resolve("cat.safetensors"), new byte[3000]);
    Files.setLastModifiedTime(older, FileTime.from(now.minus(Duration.ofDays(9))));
    Files.setLastModifiedTime(photograph, FileTime.from(now.minus(Duration.ofDays(99))));
    open(ROOMY).write(KEY, tensors(7));
    assertThat(older).hasSize(90_000);
    open(80_000).write(CacheKey.of("thing", "2"), tensors(2));
    assertThat(older).doesNotExist();
    assertThat(photograph).hasSize(3000);
  }

  @Test
  void whatIsLargerThanTheWholeFolderMayBeIsNotKept() throws IOException {
    open(20).write(KEY, tensors(7));
    assertThat(files()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatAProcessLeftUnfinishedGoesAfterAnHour() throws IOException {
    var dead = Files.write(folder.resolve("plm4j-v1-123.partial"), new byte[9]);
    var alive = Files.write(folder.resolve("plm4j-v1-456.partial"), new byte[9]);
    Files.setLastModifiedTime(dead, FileTime.from(now.minus(Duration.ofHours(2))));
    Files.setLastModifiedTime(alive, FileTime.from(now.minus(Duration.ofMinutes(2))));
    open(ROOMY).write(KEY, tensors(7));
    assertThat(dead).doesNotExist();
    assertThat(alive).exists();
  }

  @Test
  void aFolderThatVanishesIsWarnedOfOnce() throws IOException {
    var inner = folder.resolve("inner");
    var cache = open(inner, ROOMY);
    Files.delete(inner);
    cache.write(KEY, tensors(7));
    cache.write(CacheKey.of("thing", "2"), tensors(7));
    assertThat(cache.read(KEY, tensors(0))).isFalse();
    assertThat(warnings).singleElement().asString().contains(inner.toString());
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    var file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> open(file, ROOMY))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("another");
  }

  /// Two processes write and read the same few keys, in a folder too small for all, and one is
  /// killed again and again: nothing that anybody reads is wrong, and nobody warns.
  @Test
  void processesShareAFolderAndMayBeKilledAtAnyMoment() throws Exception {
    var other = writer();
    var cache = open(KEYS * 350);
    int read = 0;
    for (int round = 0; round < 6; round++) {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
      for (int i = 0; System.nanoTime() < end; i++) {
        read += exchange(cache, i) ? 1 : 0;
      }
      other.destroyForcibly().waitFor();
      other = writer();
    }
    other.destroyForcibly().waitFor();
    assertThat(read).isPositive();
    assertThat(warnings).isEmpty();
  }

  private static final int KEYS = 8;

  private static boolean exchange(CacheFolder cache, int i) {
    int number = i % KEYS;
    var key = CacheKey.of("shared", "" + number);
    var tensors = tensors(0);
    boolean found = cache.read(key, tensors);
    if (found && !hold(tensors, number)) {
      throw new AssertionError("a wrong number was read");
    }
    cache.write(key, tensors(number));
    return found;
  }

  private Process writer() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CacheFolderTest.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// Runs in the other JVM until it is killed.
  public static void main(String[] args) {
    var cache =
        CacheFolder.open(
            new CacheFolder.Settings(
                Path.of(args[0]), KEYS * 300, Instant::now, System.out::println));
    for (int i = 0; ; i++) {
      exchange(cache, i);
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private Path onlyFile() throws IOException {
    assertThat(files()).hasSize(1);
    return files().getFirst();
  }
}
