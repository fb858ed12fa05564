package io.plm4j;

import io.plm4j.generate.GenerationOptions;
import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.text.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A conversation that waits for the next answer.
///
/// @param conversation its last message is the question; it has a place for each picture
/// @param images in the order of their places
/// @param imageSettings how pictures are cut into tiles; empty for the checkpoint's way
/// @param specialTokens whether special tokens that are spelled in messages are text or tokens
public record Request(
    List<Message> conversation,
    List<Image> images,
    Optional<ImageSettings> imageSettings,
    SpecialTokens specialTokens,
    GenerationOptions options) {
  public Request {
    conversation = List.copyOf(conversation);
    images = List.copyOf(images);
  }

  /// A question about some pictures, which stand before its words.
  public static Request of(String question, Image... images) {
    return of(question, List.of(images));
  }

  /// A question about some pictures, which stand before its words.
  public static Request of(String question, List<Image> images) {
    var content = new ArrayList<Content>();
    for (int i = 0; i < images.size(); i++) {
      content.add(Content.image());
    }
    content.add(Content.text(question));
    return new Request(
        List.of(Message.user(content.toArray(Content[]::new))),
        images,
        Optional.empty(),
        SpecialTokens.AS_TEXT,
        GenerationOptions.DEFAULT);
  }

  /// Puts a system message in front; without one the checkpoint's template has its own.
  public Request withSystem(String text) {
    var messages = new ArrayList<Message>();
    messages.add(Message.system(text));
    messages.addAll(conversation);
    return new Request(messages, images, imageSettings, specialTokens, options);
  }

  public Request withImageSettings(ImageSettings settings) {
    return new Request(conversation, images, Optional.of(settings), specialTokens, options);
  }

  public Request withSpecialTokens(SpecialTokens policy) {
    return new Request(conversation, images, imageSettings, policy, options);
  }

  public Request withOptions(GenerationOptions other) {
    return new Request(conversation, images, imageSettings, specialTokens, other);
  }
}
