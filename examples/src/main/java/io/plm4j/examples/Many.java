package io.plm4j.examples;

import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.media.Image;
import java.nio.file.Path;
import java.util.Arrays;

/// Asks about many pictures, several at a time. Arguments: model, pictures.
final class Many {
  private Many() {}

  public static void main(String[] args) {
    var pictures = Arrays.stream(args).skip(1).map(Path::of).toList();
    var oneSentence = GenerationOptions.DEFAULT.withMaxNewTokens(30);
    var requests =
        pictures.stream()
            .map(Image::read)
            .map(image -> Request.of("Describe it in a sentence.", image).withOptions(oneSentence))
            .toList();
    try (var plm = Plm.load(args[0])) {
      var answers = plm.askAll(requests);
      for (int i = 0; i < answers.size(); i++) {
        System.out.println(pictures.get(i) + ": " + answers.get(i).text());
      }
    }
  }
}
