package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.generate.GenerationDefaults;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Sampling;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GenerationFlagsTest {
  private static final GenerationDefaults GREEDY = defaults(false);
  private static final GenerationDefaults SAMPLING = defaults(true);

  private static GenerationDefaults defaults(boolean sample) {
    return new GenerationDefaults(
        List.of(1),
        OptionalInt.empty(),
        OptionalInt.empty(),
        sample,
        OptionalDouble.of(0.6),
        OptionalInt.empty(),
        OptionalDouble.of(0.9),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        List.of());
  }

  private static GenerationOptions resolve(GenerationDefaults defaults, String... args) {
    @CommandLine.Command
    final class Line {
      @CommandLine.Mixin private final GenerationFlags flags = new GenerationFlags();
    }
    var line = new Line();
    new CommandLine(line).parseArgs(args);
    return line.flags.resolve(defaults, () -> 99);
  }

  @Test
  void nothingSaidIsGreedyAnd256Tokens() {
    assertThat(resolve(GREEDY)).isEqualTo(GenerationOptions.DEFAULT);
  }

  @Test
  void aTemperatureDrawsFromAllTokensUnlessMoreIsSaid() {
    assertThat(resolve(GREEDY, "--temperature", "0.5").sampling())
        .isEqualTo(new Sampling.Random(0.5, 0, 1, 0, 99));
    assertThat(
            resolve(
                    GREEDY,
                    "--temperature",
                    "0.5",
                    "--top-k",
                    "7",
                    "--top-p",
                    "0.4",
                    "--min-p",
                    "0.1",
                    "--seed",
                    "3")
                .sampling())
        .isEqualTo(new Sampling.Random(0.5, 7, 0.4, 0.1, 3));
  }

  @Test
  void aCheckpointThatSamplesDoesAsInHuggingFace() {
    assertThat(resolve(SAMPLING).sampling()).isEqualTo(new Sampling.Random(0.6, 50, 0.9, 0, 99));
  }

  @Test
  void optionsOverrideTheCheckpointOneByOne() {
    assertThat(resolve(SAMPLING, "--top-k", "7", "--seed", "3").sampling())
        .isEqualTo(new Sampling.Random(0.6, 7, 0.9, 0, 3));
    assertThat(resolve(SAMPLING, "--temperature", "0.2").sampling())
        .isEqualTo(new Sampling.Random(0.2, 50, 0.9, 0, 99));
  }

  @Test
  void temperatureZeroIsGreedyWhateverTheCheckpointSays() {
    assertThat(resolve(SAMPLING, "--temperature", "0").sampling()).isEqualTo(Sampling.greedy());
    assertThatThrownBy(() -> resolve(SAMPLING, "--temperature", "0", "--top-k", "3"))
        .hasMessageContaining("--top-k: no effect");
  }
}
