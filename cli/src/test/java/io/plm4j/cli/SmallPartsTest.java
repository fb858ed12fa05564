package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.generate.Listener.Phase;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SmallPartsTest {
  @Test
  void bytesHaveThreeDigits() {
    assertThat(Units.bytes(0)).isEqualTo("0 bytes");
    assertThat(Units.bytes(999)).isEqualTo("999 bytes");
    assertThat(Units.bytes(1000)).isEqualTo("1.00 kB");
    assertThat(Units.bytes(999_600)).isEqualTo("1.00 MB");
    assertThat(Units.bytes(17_209_923)).isEqualTo("17.2 MB");
    assertThat(Units.bytes(3_067_049_984L)).isEqualTo("3.07 GB");
    assertThat(Units.bytes(400_000_000_000L)).isEqualTo("400 GB");
    assertThat(Units.bytes(5_000_000_000_000_000L)).isEqualTo("5000 TB");
  }

  @Test
  void countsAreWordsFromAMillion() {
    assertThat(Units.count(159_104)).isEqualTo("159,104");
    assertThat(Units.count(1_533_524_992L)).isEqualTo("1.53 billion");
  }

  @Test
  void peakMemoryIsTheKernelsHighWaterMark() {
    assertThat(PeakMemory.parse("VmPeak:\t 9 kB\nVmHWM:\t   2048 kB\nVmRSS:\t 1 kB\n"))
        .isEqualTo(OptionalLong.of(2048 * 1024));
    assertThat(PeakMemory.parse("Name: x\n")).isEmpty();
  }

  @Test
  void timeBeforeTheFirstPhaseIsPreparation() {
    var clock = new AtomicLong();
    var times = new PhaseTimes(clock::get);
    clock.set(1_000_000_000L);
    times.begin(Phase.PREPROCESS);
    clock.set(3_000_000_000L);
    times.begin(Phase.PREFILL);
    clock.set(3_500_000_000L);
    times.begin(Phase.DONE);
    assertThat(times.seconds(Phase.PREPROCESS)).isEqualTo(3);
    assertThat(times.seconds(Phase.PREFILL)).isEqualTo(0.5);
    assertThat(times.seconds(Phase.VISION)).isZero();
  }
}
