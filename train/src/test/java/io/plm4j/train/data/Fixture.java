package io.plm4j.train.data;

import io.plm4j.media.ImageSettings;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.VisionInput;
import io.plm4j.media.video.FrameSelection;
import io.plm4j.testkit.Clip;
import io.plm4j.testkit.TinyCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A small checkpoint, pictures, a video and rows about them, in a folder of their own.
record Fixture(Path folder) {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);

  static final ExampleSettings SETTINGS =
      ExampleSettings.DEFAULT.withFrames(FrameSelection.DEFAULT.withCount(4));

  /// Writes the checkpoint and what its rows show.
  static Fixture write(Path folder) {
    TinyCheckpoint.write(folder.resolve("checkpoint"));
    try {
      for (var name : List.of("a.png", "b.png", "c.png", "rows.jsonl")) {
        Files.write(folder.resolve(name), resource(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Clip.of("mpeg4").write(folder.resolve("clip.mp4"));
    return new Fixture(folder);
  }

  static byte[] resource(String name) {
    try (var in = Fixture.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path rows() {
    return folder.resolve("rows.jsonl");
  }

  /// One tile a picture.
  ExampleMaker maker() {
    return maker(SETTINGS, VisionInput.VANILLA);
  }

  ExampleMaker maker(ExampleSettings settings, VisionInput input) {
    var checkpoint = folder.resolve("checkpoint");
    var media = MediaSettings.read(checkpoint);
    ImageSettings image = media.image().withVisionInput(input);
    return ExampleMaker.of(checkpoint, media.withImage(image), settings, CLOCK);
  }

  /// Writes a file of lines.
  Path lines(String name, List<String> lines) {
    try {
      return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a file of questions with answers, the n-th of which is `n`.
  Path numbered(String name, int rows) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < rows; i++) {
      lines.add("{\"question\": \"%s\", \"answer\": \"%d\"}".formatted("x ".repeat(i % 7), i));
    }
    return lines(name, lines);
  }
}
