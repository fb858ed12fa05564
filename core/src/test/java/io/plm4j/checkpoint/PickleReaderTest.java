package io.plm4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pickles made by hand, most of them hostile; a character is a byte.
class PickleReaderTest {
  private static Pickled read(String pickle) {
    return PickleReader.read("x.pth: data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void assertRefused(String pickle, String explanation) {
    assertThatThrownBy(() -> read(pickle))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("x.pth: data.pkl")
        .hasMessageContaining(explanation);
  }

  @ParameterizedTest
  @CsvSource({
    "cos\\nsystem\\n, os.system",
    "cbuiltins\\neval\\n, builtins.eval",
    "c__builtin__\\nexec\\n, __builtin__.exec",
    "csubprocess\\nPopen\\n, subprocess.Popen",
    "ctorch\\nload\\n, torch.load",
    "ctorch.serialization\\nload\\n, torch.serialization.load",
    "ctorch._utils\\n_rebuild_tensor_v2.__globals__\\n, _rebuild_tensor_v2.__globals__",
    "ctorch.storage\\n_load_from_bytes\\n, torch.storage._load_from_bytes",
    "ccollections\\nOrderedDict.fromkeys\\n, collections.OrderedDict.fromkeys",
    "\u008c\u0002os\u008c\u0006system\u0093, os.system",
    "(ios\\nsystem\\n, os.system",
  })
  void everyNameThatIsNotOneOfTorchsOwnIsRefused(String pickle, String name) {
    assertRefused(pickle.replace("\\n", "\n") + "(X\u0004\u0000\u0000\u0000trueR.", name);
  }

  @Test
  void callsOfWhatIsNoFunctionAreRefused() {
    assertRefused("ctorch\nFloatStorage\n)R.", "a call of a storage");
    assertRefused("X\u0001\u0000\u0000\u0000a)R.", "a call of a string");
    assertRefused("ccollections\nOrderedDict\n)\u0081.", "an object of a class");
    assertRefused("ccollections\nOrderedDict\n)}\u0092.", "an object of a class");
    assertRefused("(ccollections\nOrderedDict\no.", "an object of a class");
    assertRefused("\u0082\u0001.", "registry of extensions");
    assertRefused("ctorch._utils\n_rebuild_tensor_v2\n}b.", "attributes of a function");
  }

  @Test
  void argumentsAreNotTrusted() {
    assertRefused("ccollections\nOrderedDict\n]\u0085R.", "collections.OrderedDict");
    assertRefused("ctorch._utils\n_rebuild_tensor_v2\n)R.", "torch._utils._rebuild_tensor_v2");
    assertRefused("K\u0001Q.", "none to a storage");
  }

  @ParameterizedTest
  @CsvSource({
    // offset, size, stride of a tensor in a storage of 6 numbers
    "0, 7, 1",
    "1, 6, 1",
    "5, 2, 1",
    "0, 3, 3",
    "6, 1, 1",
    "-1, 1, 1",
    "0, -1, 1",
    "0, 2, -1",
    "0, 2147483647, 2147483647",
    "2147483647, 1, 1",
    "0, 1000000, 0",
  })
  void aWindowBeyondItsStorageIsRefused(int offset, int size, int stride) {
    assertRefused(tensor(offset, size, stride), "inside its storage");
  }

  @ParameterizedTest
  @CsvSource({"0, 6, 1", "5, 1, 9", "1, 2, 4", "0, 0, 1", "6, 0, 1", "0, 3, 2"})
  void aWindowInsideItsStorageIsRead(int offset, int size, int stride) {
    assertThat(read(tensor(offset, size, stride))).isInstanceOf(Pickled.Window.class);
  }

  private static String tensor(int offset, int size, int stride) {
    return "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\u0000\u0000\u0000storage"
        + "ctorch\nFloatStorage\nX\u0001\u0000\u0000\u00000X\u0003\u0000\u0000\u0000cpuK\u0006tQ"
        + number(offset)
        + number(size)
        + "\u0085"
        + number(stride)
        + "\u0085\u0089ccollections\nOrderedDict\n)RtR.";
  }

  private static String number(int value) {
    var text = new StringBuilder("J");
    for (int i = 0; i < 4; i++) {
      text.append((char) (value >> (8 * i) & 0xFF));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "K",
        "K\u0001",
        "}}.",
        "(.",
        "t.",
        "(t",
        "a.",
        "]K\u0001K\u0002a.",
        "s.",
        "}s.",
        "}K\u0001s.",
        "}]]s.",
        "(K\u0001K\u0002u.",
        "h\u0000.",
        "q\u0000.",
        "Q.",
        "R.",
        "b.",
        "c.",
        "cos",
        "cos\nsystem",
        "X\u00FF\u00FF\u00FF\u00FFa.",
        "X\u00FF\u00FF\u00FF\u007Fa.",
        "\u008D\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FFa.",
        "\u0080\u0009}.",
        "\u008A\u00FF.",
        "G\u0000.",
        "\u0095\u0000.",
        "Ixyz\n.",
        "z.",
        "(]u.",
        "K\u0001(\u0085."
      })
  void damagedPicklesAreRefused(String pickle) {
    assertRefused(pickle, "at byte");
  }

  @Test
  void aContainerThatHoldsItselfDoesNoHarm() {
    assertThat(read("}q\u0000K\u0001h\u0000s.")).isInstanceOf(Pickled.Dict.class);
    assertThat(read("]q\u0000h\u0000a.")).isInstanceOf(Pickled.Items.class);
  }

  @Test
  void nestingCostsNoStack() {
    assertThat(read("]".repeat(100_000) + "a".repeat(99_999) + "."))
        .isInstanceOf(Pickled.Items.class);
  }

  @Test
  void endlessPicklesEnd() {
    assertRefused("N".repeat(300_000), "are piled up");
    assertRefused("(".repeat(300_000), "are piled up");
    assertRefused("]".concat("q\u0000".repeat(2_500_000)), "instructions");
  }

  /// Tuples of tuples of tuples: two to the power of 30 leaves, if someone were to count them.
  @Test
  void aBillionLaughsTakeNoMemory() {
    var pickle = new ByteArrayOutputStream();
    pickle.writeBytes("N".getBytes(StandardCharsets.ISO_8859_1));
    for (int i = 0; i < 30; i++) {
      pickle.write('q');
      pickle.write(i);
      pickle.write('h');
      pickle.write(i);
      pickle.write(0x86);
    }
    pickle.write('.');
    assertThat(PickleReader.read("x", pickle.toByteArray())).isInstanceOf(Pickled.Tuple.class);
  }

  @Test
  void whatTheWriterWritesIsRead() {
    var shape = Shape.of(2, 3);
    var source =
        new TensorSource(
            "ü\"\n", io.plm4j.tensor.DType.I64, shape, () -> java.lang.foreign.MemorySegment.NULL);
    var pickle =
        new PickleWriter(java.util.List.of(source), java.util.Map.of("alias", "ü\"\n")).bytes();
    var dict = (Pickled.Dict) PickleReader.read("x", pickle);
    assertThat(dict.entries().sequencedKeySet()).containsExactly("ü\"\n", "alias");
    var window = (Pickled.Window) Objects.requireNonNull(dict.entries().get("alias"));
    assertThat(window).isEqualTo(dict.entries().get("ü\"\n"));
    assertThat(window.isContiguous()).isTrue();
    assertThat(window.shape()).isEqualTo(shape);
    assertThat(window.strides()).isEqualTo(Arrays.asList(3L, 1L));
  }
}
