package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/// Against what bitsandbytes' formula gives in torch 2.13, to the bit.
class DynamicMapTest {
  @Test
  void thereAre256NumbersOfEachKindInOrder() {
    for (float[] map : new float[][] {DynamicMap.signed(), DynamicMap.unsigned()}) {
      assertThat(map).hasSize(256).doesNotHaveDuplicates().isSorted();
    }
  }

  @Test
  void theEndsAndTheSmallestAreThoseOfTheReference() {
    float[] signed = DynamicMap.signed();
    float[] unsigned = DynamicMap.unsigned();

    assertThat(signed).startsWith(-0.992968738079071f, -0.9789062738418579f);
    assertThat(signed[127]).isEqualTo(0);
    assertThat(signed[128]).isEqualTo(5.500000384017767e-07f);
    assertThat(signed).endsWith(0.992968738079071f, 1);
    assertThat(unsigned).startsWith(0, 3.2500003044333425e-07f, 7.749999895168003e-07f);
    assertThat(unsigned[127]).isEqualTo(0.103515625f);
    assertThat(unsigned).endsWith(0.9894530773162842f, 0.9964843988418579f, 1);
  }

  @Test
  void everyNumberIsTheReferences() {
    assertThat(crc(DynamicMap.signed())).isEqualTo(0x1b137aebL);
    assertThat(crc(DynamicMap.unsigned())).isEqualTo(0xe871278fL);
  }

  private static long crc(float[] numbers) {
    var bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    var crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}
