package io.plm4j.examples;

import io.plm4j.Plm;
import io.plm4j.media.Image;
import java.nio.file.Path;

/// Asks what a picture shows. Arguments: model, picture.
final class Picture {
  private Picture() {}

  public static void main(String[] args) {
    try (var plm = Plm.load(args[0])) {
      var answer = plm.ask("What does the picture show?", Image.read(Path.of(args[1])));
      System.out.println(answer.text());
    }
  }
}
