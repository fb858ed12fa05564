package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Without --model the small model that ships answers.
class ShippedModelCommandTest {
  @TempDir private Path caches;

  private Run run(String... args) {
    return Run.with(Map.of("XDG_CACHE_HOME", caches.toString()), 0, "", args);
  }

  @Test
  void itReadsABarChart() {
    var run =
        run(
            "generate",
            "--image",
            "../samples/bar-chart.png",
            "--prompt",
            "Describe the bar plot in the image.");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("The bar plot");
    assertThat(run.err()).contains("no --model, so plm-nano answers");
    assertThat(caches.resolve("plm4j")).isDirectory();
  }

  @Test
  void itsTokensCanBeShown() {
    var run = run("tokenize", "--text", "Describe the bar plot");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().strip().split(" ")).hasSizeLessThan(8);
  }
}
