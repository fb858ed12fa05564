package io.plm4j.train.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PositionTableTest {
  @Test
  void gridsAreInterpolatedAsTorchDoesIt() throws IOException {
    try (var in = getClass().getResourceAsStream("positions.json")) {
      for (var golden : new JsonMapper().readTree(Objects.requireNonNull(in)).get("cases")) {
        var resized =
            PositionTable.resize(
                floats(golden.get("table")),
                golden.get("width").asInt(),
                golden.get("kept").asInt(),
                golden.get("from").asInt(),
                golden.get("to").asInt());
        assertThat(resized).containsExactly(floats(golden.get("resized")), within(1e-6f));
      }
    }
  }

  @Test
  void aGridOfTheSameSizeStaysAsItIs() {
    var table = new float[(1 + 9) * 4];
    for (int i = 0; i < table.length; i++) {
      table[i] = i * 0.37f;
    }
    assertThat(PositionTable.resize(table, 4, 1, 3, 3)).isEqualTo(table);
  }

  private static float[] floats(JsonNode list) {
    var floats = new float[list.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = list.get(i).floatValue();
    }
    return floats;
  }
}
