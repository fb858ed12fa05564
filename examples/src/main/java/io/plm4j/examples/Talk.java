package io.plm4j.examples;

import io.plm4j.Plm;
import io.plm4j.media.Image;
import java.nio.file.Path;

/// Asks several questions about a picture. It is looked at once: a later question costs no more
/// than its own words. Arguments: model, picture.
final class Talk {
  private Talk() {}

  public static void main(String[] args) {
    try (var plm = Plm.load(args[0]);
        var chat = plm.chat()) {
      System.out.println(chat.ask("What is this?", Image.read(Path.of(args[1]))).text());
      var more = chat.ask("What colour is it?");
      System.out.println(more.text());
      System.out.printf(
          "%d of %d prompt tokens were in the cache%n", more.reusedTokens(), more.promptTokens());
    }
  }
}
