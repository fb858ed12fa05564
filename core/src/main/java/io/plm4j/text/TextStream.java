package io.plm4j.text;

/// Text as it grows id by id: what was handed out is never taken back, and all of it together is
/// what {@link Tokenizer#decode(int[])} gives for all ids.
///
/// A token may end in the middle of a character; that character appears with the token that
/// completes it. Not safe for use by several threads.
public final class TextStream {
  private final Tokenizer tokenizer;
  private final Utf8Decoder decoder = new Utf8Decoder();
  private final StringBuilder text = new StringBuilder();

  TextStream(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// Whose tokens these are.
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /// Takes the next id.
  ///
  /// @return the text that has become complete with it, often empty
  public String accept(int id) {
    int shown = text.length();
    if (!tokenizer.isSpecial(id)) {
      decoder.accept(tokenizer.bytes(id), text);
    }
    return text.substring(shown);
  }

  /// Ends the text. An incomplete character becomes U+FFFD.
  ///
  /// @return the rest of the text, nearly always empty
  public String finish() {
    int shown = text.length();
    decoder.finish(text);
    return text.substring(shown);
  }

  /// Everything handed out so far.
  public String text() {
    return text.toString();
  }
}
