package io.plm4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// NF4 against bitsandbytes' numbers (see golden/README.md), to the bit.
class Nf4GoldenTest {
  private static final JsonNode GOLDEN = golden();

  @Test
  void theNumbersOfEightBitScalesAreThoseOfTheReference() {
    assertThat(crc(MemorySegment.ofArray(DynamicMap.signed())))
        .isEqualTo(GOLDEN.get("dynamic_map").get("crc32").asLong());
  }

  @Test
  void codesAndScalesAreThoseOfTheReference() {
    try (var kernels = Kernels.create(2);
        var _ = Scope.open()) {
      var golden = GOLDEN.get("nf4");
      var matrix = kernels.quantize(input(8, 64), Nf4Scales.EXACT);

      var codes = matrix.codes().memory().toArray(ValueLayout.JAVA_BYTE);
      for (int i = 0; i < 32; i++) {
        assertThat(codes[i] & 0xff).isEqualTo(golden.get("packed_first32").get(i).asInt());
      }
      assertThat(((Nf4Matrix.Scales.Exact) matrix.scales()).values().toFloats())
          .containsExactly(floats(golden.get("absmax")));
      assertThat(kernels.dequantize(matrix, DType.F32).reshape(-1).narrow(0, 0, 8).toFloats())
          .containsExactly(floats(golden.get("dequant_first8")));
    }
  }

  @Test
  void quantisedScalesAreThoseOfTheReference() {
    try (var kernels = Kernels.create(1);
        var _ = Scope.open()) {
      var golden = GOLDEN.get("double_quant");
      var matrix = kernels.quantize(input(8, 64), Nf4Scales.QUANTIZED);

      var scales = (Nf4Matrix.Scales.Coded) matrix.scales();
      assertThat(scales.offset()).isEqualTo((float) golden.get("offset").asDouble());
      assertThat(scales.largest().toFloats())
          .containsExactly((float) golden.get("absmax2").asDouble());
      for (int i = 0; i < 8; i++) {
        assertThat(scales.codes().memory().get(ValueLayout.JAVA_BYTE, i) & 0xff)
            .isEqualTo(golden.get("codes").get(i).asInt());
      }
      var decoded = new float[8];
      matrix.scaleReader().read(0, decoded, 8);
      assertThat(decoded).containsExactly(floats(golden.get("recon")));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "F16"})
  void aMatrixThatFillsNoBlockIsThatOfTheReferenceInEveryType(DType type) {
    try (var kernels = Kernels.create(2);
        var _ = Scope.open()) {
      var golden = GOLDEN.get("matrix").get("types").get(type.name());
      var input = input(97, 399);
      input.narrow(0, 40, 3).copyFrom(Tensor.zeros(DType.F32, 3, 399));

      var nested = kernels.quantize(input.to(type), Nf4Scales.QUANTIZED);
      var exact = kernels.quantize(input.to(type), Nf4Scales.EXACT);

      var scales = (Nf4Matrix.Scales.Coded) nested.scales();
      assertThat(crc(nested.codes())).isEqualTo(golden.get("codes").asLong());
      assertThat(crc(exact.codes())).isEqualTo(golden.get("codes").asLong());
      assertThat(crc(((Nf4Matrix.Scales.Exact) exact.scales()).values()))
          .isEqualTo(golden.get("scales").asLong());
      assertThat(scales.offset()).isEqualTo((float) golden.get("offset").asDouble());
      assertThat(crc(scales.largest())).isEqualTo(golden.get("largest").asLong());
      assertThat(crc(scales.codes())).isEqualTo(golden.get("scale_codes").asLong());
      assertThat(crc(kernels.dequantize(nested, DType.F32)))
          .isEqualTo(golden.get("dequant_f32").asLong());
      assertThat(crc(kernels.dequantize(nested, DType.BF16)))
          .isEqualTo(golden.get("dequant_bf16").asLong());
      assertThat(crc(kernels.dequantize(exact, DType.F32)))
          .isEqualTo(golden.get("exact_f32").asLong());
      assertThat(crc(kernels.dequantize(exact, DType.BF16)))
          .isEqualTo(golden.get("exact_bf16").asLong());
    }
  }

  private static Tensor input(int rows, int columns) {
    var values = new float[rows * columns];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) (Math.sin(0.37 * k) * 0.02 * (1 + 0.5 * Math.cos(0.01 * k)));
    }
    return Tensor.of(values, rows, columns);
  }

  private static long crc(Tensor tensor) {
    return crc(tensor.memory());
  }

  private static long crc(MemorySegment bytes) {
    var crc = new CRC32();
    var copy = new byte[(int) bytes.byteSize()];
    MemorySegment.copy(bytes, 0, MemorySegment.ofArray(copy), 0, copy.length);
    crc.update(copy);
    return crc.getValue();
  }

  private static float[] floats(JsonNode array) {
    var floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.get(i).asDouble();
    }
    return floats;
  }

  private static JsonNode golden() {
    try (var in = Nf4GoldenTest.class.getResourceAsStream("/golden/nf4.json")) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
