package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFuzzTest {
  private static final int ROUNDS = Integer.getInteger("plm.fuzz.cases", 3_000);

  /// Values that stand where others are expected.
  private static final List<String> VALUES =
      List.of(
          "0",
          "-1",
          "2147483647",
          "1e400",
          "1.5",
          "null",
          "true",
          "\"\"",
          "[]",
          "{}",
          "[1,2,3]",
          "\"llama3\"",
          "99999999999999999999",
          "1e-320",
          "7");

  /// Whatever happens to the file, it is read to a model whose tensors can be counted, or refused
  /// with one message.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "config-1b-transformers-4.json",
        "config-8b-transformers-5.json",
        "config-tiny-transformers-5.json"
      })
  void aMutantIsReadOrRefused(String file) {
    var original = Resources.bytes(file);
    var random = new Random(20251123);
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var mutant =
          random.nextInt(2) == 0 ? mutateBytes(original, random) : replaceValue(original, random);
      try {
        var config = PlmConfig.read(JsonObject.parse(file, mutant));
        assertThat(config.parameters()).isPositive();
        assertThat(config.tokensPerTile()).isPositive();
        read++;
      } catch (InputException e) {
        assertThat(e).hasMessageContaining(file);
      }
    }
    assertThat(read).isBetween(1, ROUNDS - 1);
  }

  private static byte[] mutateBytes(byte[] original, Random random) {
    var bytes = original.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(3)) {
      case 0 -> bytes[at] = (byte) random.nextInt(256);
      case 1 -> bytes = Arrays.copyOf(bytes, at);
      default -> {
        int from = random.nextInt(bytes.length);
        int length = random.nextInt(1 + bytes.length - Math.max(at, from));
        System.arraycopy(bytes, from, bytes, at, length);
      }
    }
    return bytes;
  }

  private static byte[] replaceValue(byte[] original, Random random) {
    var lines = new String(original, StandardCharsets.UTF_8).split("\n");
    int at = random.nextInt(lines.length);
    var value = VALUES.get(random.nextInt(VALUES.size()));
    lines[at] = lines[at].replaceFirst("(: )?([^\\s:,]+)(,?)$", "$1" + value + "$3");
    return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
  }
}
