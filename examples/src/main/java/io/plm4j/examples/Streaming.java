package io.plm4j.examples;

import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Sampling;
import io.plm4j.media.Image;
import java.nio.file.Path;

/// Prints an answer while it is made, drawn at random, and stops it after a while. Arguments:
/// model, picture.
final class Streaming {
  private static final int ENOUGH = 400;

  private Streaming() {}

  public static void main(String[] args) {
    var options =
        GenerationOptions.DEFAULT.withSampling(new Sampling.Random(0.8, 0, 0.9, 0, /* seed */ 7));
    var request = Request.of("Tell a story.", Image.read(Path.of(args[1]))).withOptions(options);
    try (var plm = Plm.load(args[0])) {
      var answer = plm.ask(request, new Printer());
      System.out.println();
      System.out.println(answer.finishReason());
    }
  }

  private static final class Printer implements Listener {
    private int printed;

    @Override
    public void text(String piece) {
      System.out.print(piece);
      System.out.flush();
      printed += piece.length();
    }

    @Override
    public boolean cancelled() {
      return printed > ENOUGH;
    }
  }
}
