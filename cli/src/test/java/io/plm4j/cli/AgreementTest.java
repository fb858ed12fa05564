package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AgreementTest {
  @Test
  void divergenceIsThatOfTheDistributions() {
    // p = (1/2, 1/4, 1/4), q = (1/4, 1/4, 1/2): ½·ln 2 + ¼·ln ½
    float[] p = {(float) Math.log(2), 0, 0};
    float[] q = {0, 0, (float) Math.log(2)};
    assertThat(Agreement.divergence(p, q)).isCloseTo(0.25 * Math.log(2), within(1e-7));
    assertThat(Agreement.divergence(p, p)).isZero();
  }

  @Test
  void placesAreCountedAndAveraged() {
    var agreement = new Agreement();
    agreement.add(new float[] {2, 1}, new float[] {2, 1});
    agreement.add(new float[] {2, 1}, new float[] {1, 2});
    assertThat(agreement.places()).isEqualTo(2);
    assertThat(agreement.topOne()).isEqualTo(0.5);
    assertThat(agreement.worst()).isCloseTo(2 * agreement.mean(), within(1e-12));
  }
}
