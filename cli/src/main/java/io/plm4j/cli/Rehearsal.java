package io.plm4j.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/// Runs every command once on a tiny model, so that Java can note down which classes a command line
/// needs and have them ready at the next start (the ahead-of-time cache of JEP 483). The launcher
/// calls it once a build; its output goes nowhere.
final class Rehearsal {
  private Rehearsal() {}

  /// @param args a folder with a small checkpoint, in which a picture is left
  public static void main(String[] args) throws IOException {
    Optional.ofNullable(Integer.getInteger("plm.stderr")).ifPresent(StandardError::restore);
    var model = args[0];
    var picture = Path.of(model, "picture.png");
    ImageIO.write(new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    var lines =
        List.of(
            List.of("--help"),
            List.of("generate", "--help"),
            List.of("generate", "--no-such-option"),
            List.of("inspect", model),
            List.of("tokenize", "--model", model, "--prompt", "Hi", "--image", picture.toString()),
            List.of(
                "generate",
                "--model",
                model,
                "--prompt",
                "Hi",
                "--image",
                picture.toString(),
                "--max-new-tokens",
                "8",
                "--stats"),
            List.of(
                "generate",
                "--model",
                model,
                "--prompt",
                "Hi",
                "--temperature",
                "1",
                "--json",
                "--dtype",
                "bf16"));
    for (var line : lines) {
      var terminal =
          new Terminal(
              InputStream.nullInputStream(),
              OutputStream.nullOutputStream(),
              OutputStream.nullOutputStream(),
              80);
      var interrupt = new Interrupt();
      var context =
          new Context(
              terminal,
              interrupt,
              System::nanoTime,
              () -> 1,
              Map.of(),
              Path.of(model),
              () -> new PipedLines(InputStream.nullInputStream(), interrupt),
              Path.of("/"));
      CommandLineRunner.run(context, line.toArray(String[]::new));
    }
  }
}
