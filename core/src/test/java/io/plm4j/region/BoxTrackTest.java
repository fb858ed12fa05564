package io.plm4j.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxTrackTest {
  @TempDir private Path folder;

  private BoxTrack read(String json) throws IOException {
    return BoxTrack.read(Files.writeString(folder.resolve("boxes.json"), json));
  }

  @Test
  void aFrameHasItsBoxOrNone() throws IOException {
    var track = read("{\"0\": [1, 2, 3, 4], \"1\": null, \"40\": [5.5, 6, 7, 8]}");
    assertThat(track.at(0)).contains(new Box(1, 2, 3, 4));
    assertThat(track.at(1)).isEmpty();
    assertThat(track.at(40)).contains(new Box(5.5, 6, 7, 8));
    assertThat(track.at(41)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | no box in any frame",
        "{\"0\": null} | no box in any frame",
        "{\"x\": [1, 2, 3, 4]} | no frame's number",
        "{\"0\": [1, 2, 3]} | four edges",
        "{\"0\": [3, 2, 1, 4]} | x1 up to x2",
        "{\"0\": \"1,2,3,4\"} | number",
        "[] | object",
      })
  void mistakesAreNamed(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("boxes.json")
        .hasMessageContaining(message);
  }
}
