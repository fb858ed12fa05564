package io.plm4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("model.safetensors");
  }

  @Test
  void tensorsOfEveryTypeAreReadAsTheReferenceWroteThem() throws IOException {
    Files.write(file(), Resources.bytes("mixed.safetensors"));
    try (var arena = Arena.ofConfined()) {
      var mixed = SafetensorsFile.open(file(), arena);
      assertThat(mixed.metadata()).containsExactlyEntriesOf(Map.of("format", "pt"));
      assertThat(mixed.tensors()).hasSize(12);
      var info = mixed.tensors().get("b.f32");
      assertThat(info).isEqualTo(new TensorInfo("b.f32", DType.F32, Shape.of(2, 3), file()));
      assertThat(mixed.data("b.f32").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
          .containsExactly(0, 1, 2, 3, 4, 5);
      assertThat(mixed.data("z.scalar").get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(2.5f);
      assertThat(mixed.tensors().get("z.scalar"))
          .isEqualTo(new TensorInfo("z.scalar", DType.F32, Shape.of(), file()));
      assertThat(mixed.data("e.empty").byteSize()).isZero();
      assertThat(mixed.tensors()).containsKey("ü\"\\\n\u2028/é\u007f");
    }
  }

  @Test
  void dataIsReadOnly() throws IOException {
    SafetensorsBytes.floats("a").write(file());
    try (var arena = Arena.ofConfined()) {
      assertThat(SafetensorsFile.open(file(), arena).data("a").isReadOnly()).isTrue();
    }
  }

  @Test
  void aHeaderMayListTensorsInAnyOrder() throws IOException {
    SafetensorsBytes.of(
            """
            {"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
             "a":{"data_offsets":[0,4],"shape":[2],"dtype":"BF16"}}
            """,
            8)
        .write(file());
    try (var arena = Arena.ofConfined()) {
      assertThat(SafetensorsFile.open(file(), arena).tensors().keySet()).containsExactly("a", "b");
    }
  }

  @Test
  void aFileWithoutTensorsIsReadAsSuch() throws IOException {
    SafetensorsBytes.of("{}", 0).write(file());
    try (var arena = Arena.ofConfined()) {
      assertThat(SafetensorsFile.open(file(), arena).tensors()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "[]|a JSON object",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}|not valid JSON",
        "{\"a\":3}|something else than an object",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}|lacks dtype, shape or two data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}}|lacks dtype, shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,1,4]}}|at most 2 sizes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"b\":1}}|unknown key \"b\"",
        "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}}|element type \"F8_E4M3\"",
        "{\"a\":{\"dtype\":\"f32\",\"shape\":[1],\"data_offsets\":[0,4]}}|element type \"f32\"",
        "{\"a\":{\"dtype\":4,\"shape\":[1],\"data_offsets\":[0,4]}}|element type",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}|F32 [2], a span of 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|not a list of at most",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}|not a list of at most",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e0],\"data_offsets\":[0,4]}}|not a list of at most",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]}}|not a list of at most",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,4]}}|not a list",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905,4],\"data_offsets\":[0,4]}}|too large",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905],\"data_offsets\":[0,4]}}|a span of 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[18446744073709551616],\"data_offsets\":[0,4]}}|not a list",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}|bytes 0 to 8 of 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}|bytes 4 to 0 of 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[9,9]}}|bytes 9 to 9 of 4",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}|a hole before \"a\"",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}|3 bytes of tensors, but 4",
        "{\"__metadata__\":3}|__metadata__ that is not an object",
        "{\"__metadata__\":{\"a\":3}}|__metadata__ value that is not a string",
        "{}{}|goes on after the closing brace",
      })
  void aWrongHeaderIsExplained(String header, String explanation) throws IOException {
    SafetensorsBytes.of(header, 4).write(file());
    assertRefused(header.startsWith("[") ? "not a safetensors file" : explanation);
  }

  @Test
  void overlappingTensorsAreRefused() throws IOException {
    SafetensorsBytes.of(
            """
            {"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},\
            "b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}\
            """,
            4)
        .write(file());
    assertRefused("lets overlap \"b\" and \"a\"");
  }

  @Test
  void aNameThatComesTwiceIsRefused() throws IOException {
    SafetensorsBytes.floats("a", "a").write(file());
    assertRefused("Duplicate");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9})
  void aFileTooShortForAHeaderIsRefused(int bytes) throws IOException {
    Files.write(file(), new byte[bytes]);
    assertRefused("the download stopped early");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MAX_VALUE, 0, 1, 100_000_001, 13})
  void anAbsurdHeaderLengthIsRefused(long length) throws IOException {
    var bytes =
        ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put((byte) '{');
    Files.write(file(), bytes.array());
    assertRefused("announces a header of " + Long.toUnsignedString(length));
  }

  @Test
  void everyCutOfAFileIsRefused() throws IOException {
    var whole = Resources.bytes("mixed.safetensors");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertRefused("etch it again.");
    }
  }

  @Test
  void aGitLfsPointerIsNamedAsSuch() throws IOException {
    Files.writeString(
        file(),
        """
        version https://git-lfs.github.com/spec/v1
        oid sha256:0000000000000000000000000000000000000000000000000000000000000000
        size 3067110960
        """);
    assertRefused("git lfs pull");
  }

  @Test
  void deepNestingEndsInAMessageInsteadOfAStackOverflow() throws IOException {
    SafetensorsBytes.of("{\"a\":{\"x\":" + "[".repeat(1_000_000), 4).write(file());
    assertRefused("the header");
  }

  @Test
  void controlCharactersOfANameDoNotReachTheTerminal() throws IOException {
    SafetensorsBytes.of(
            "{\"a\\u001b[2J\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,4]}}", 4)
        .write(file());
    assertThatThrownBy(this::open).hasMessageContaining("a?[2J");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertRefused("is not there");
  }

  @Test
  void moreTensorsThanAnyModelHasAreRefused() throws IOException {
    var header = new StringBuilder("{");
    for (int i = 0; i <= 200_000; i++) {
      header.append("\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},".formatted(i));
    }
    SafetensorsBytes.of(header.toString(), 4).write(file());
    assertRefused("more than 200,000 tensors");
  }

  @Test
  void absentMetadataMayBeSpelledOut() throws IOException {
    SafetensorsBytes.of("{\"__metadata__\":null}", 0).write(file());
    try (var arena = Arena.ofConfined()) {
      assertThat(SafetensorsFile.open(file(), arena).metadata()).isEmpty();
    }
  }

  private void assertRefused(String explanation) {
    assertThatThrownBy(this::open)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file().toString())
        .hasMessageContaining(explanation);
  }

  private void open() {
    try (var arena = Arena.ofConfined()) {
      SafetensorsFile.open(file(), arena);
    }
  }
}
