package io.plm4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedModelTest {
  @TempDir private Path home;

  private static @Nullable InputStream file(String name, String weights) {
    return switch (name) {
      case "SHA256SUMS" ->
          bytes("%s  config.json%n%s  weights%n".formatted(sum("{}"), sum(weights)));
      case "config.json" -> bytes("{}");
      case "weights" -> bytes(weights);
      default -> null;
    };
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sum(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path layOut(String weights) {
    return new ShippedModel(name -> file(name, weights)).layOut(home);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(home)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void itsFilesAreLaidOutOnce() throws IOException {
    var folder = layOut("abc");
    assertThat(folder.resolve("config.json")).hasContent("{}");
    assertThat(folder.resolve("weights")).hasContent("abc");
    var before = Files.getLastModifiedTime(folder.resolve("weights"));
    assertThat(layOut("abc")).isEqualTo(folder);
    assertThat(Files.getLastModifiedTime(folder.resolve("weights"))).isEqualTo(before);
    assertThat(names()).containsExactly(folder.getFileName().toString());
  }

  @Test
  void otherWeightsHaveAnotherFolder() throws IOException {
    assertThat(layOut("abc")).isNotEqualTo(layOut("abd"));
    assertThat(names()).hasSize(2);
  }

  @Test
  void whatIsDamagedIsLaidOutAgain() throws IOException {
    var folder = layOut("abc");
    Files.writeString(folder.resolve("weights"), "ab");
    Files.delete(folder.resolve("config.json"));
    layOut("abc");
    assertThat(folder.resolve("config.json")).hasContent("{}");
    assertThat(folder.resolve("weights")).hasContent("abc");
    assertThat(names()).hasSize(1);
  }

  @Test
  void manyMayWantItAtOnce() throws Exception {
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<Path> layOut = () -> layOut("abc");
      var runs = threads.invokeAll(Collections.nCopies(32, layOut));
      for (var run : runs) {
        assertThat(run.get().resolve("weights")).hasContent("abc");
      }
    }
    assertThat(names()).hasSize(1);
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    var taken = Files.writeString(home.resolve("taken"), "a file");
    assertThatThrownBy(() -> new ShippedModel(name -> file(name, "abc")).layOut(taken))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(taken.toString(), "XDG_CACHE_HOME");
  }

  @Test
  void theOneInsideIsComplete() {
    var folder = ShippedModel.folder(Map.of("XDG_CACHE_HOME", home.toString()));
    assertThat(folder.getParent()).isEqualTo(home.resolve("plm4j"));
    assertThat(folder.resolve("model.safetensors")).isRegularFile();
  }
}
