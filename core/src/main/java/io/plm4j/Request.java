package io.plm4j;

import io.plm4j.generate.GenerationOptions;
import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.video.Video;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.text.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the model is asked.
///
/// @param conversation messages with places for media, the last one the user's
/// @param images in the order of their places in the conversation
/// @param videos in the order of their places in the conversation
/// @param imageSettings how pictures are cut; empty for the checkpoint's own way
/// @param specialTokens whether spellings such as `<|eot_id|>` in messages are text or tokens
public record Request(
    List<Message> conversation,
    List<Image> images,
    List<Video> videos,
    Optional<ImageSettings> imageSettings,
    SpecialTokens specialTokens,
    GenerationOptions options) {
  public Request {
    conversation = List.copyOf(conversation);
    images = List.copyOf(images);
    videos = List.copyOf(videos);
  }

  /// A conversation with what is shown in it.
  public static Request of(List<Message> conversation, List<Image> images, List<Video> videos) {
    return new Request(
        conversation,
        images,
        videos,
        Optional.empty(),
        SpecialTokens.AS_TEXT,
        GenerationOptions.DEFAULT);
  }

  /// A question about some pictures, which stand before its words.
  public static Request of(String question, Image... images) {
    return of(question, List.of(images), List.of());
  }

  /// A question about a video, which stands before its words.
  public static Request of(String question, Video video) {
    return of(question, List.of(), List.of(video));
  }

  /// A question about pictures and videos, which stand before its words in this order.
  public static Request of(String question, List<Image> images, List<Video> videos) {
    var content = new ArrayList<Content>();
    images.forEach(_ -> content.add(Content.image()));
    videos.forEach(_ -> content.add(Content.video()));
    content.add(Content.text(question));
    return of(List.of(Message.user(content.toArray(Content[]::new))), images, videos);
  }

  /// Puts a system message in front; without one the checkpoint's template has its own.
  public Request withSystem(String text) {
    var messages = new ArrayList<Message>();
    messages.add(Message.system(text));
    messages.addAll(conversation);
    return new Request(messages, images, videos, imageSettings, specialTokens, options);
  }

  public Request withImageSettings(ImageSettings settings) {
    return new Request(conversation, images, videos, Optional.of(settings), specialTokens, options);
  }

  public Request withSpecialTokens(SpecialTokens policy) {
    return new Request(conversation, images, videos, imageSettings, policy, options);
  }

  public Request withOptions(GenerationOptions other) {
    return new Request(conversation, images, videos, imageSettings, specialTokens, other);
  }

  /// Its size, for a plan of the memory.
  ///
  /// @param defaults how pictures are cut where the request does not say it
  public RequestOutline outline(ImageSettings defaults) {
    var settings = imageSettings.orElse(defaults);
    return new RequestOutline(
        conversation,
        images.stream().map(image -> settings.tileCount(image.width(), image.height())).toList(),
        videos.stream().map(video -> video.frames().size()).toList(),
        specialTokens,
        options.maxNewTokens());
  }

  /// This request behind another one's conversation, with what that one shows; its own settings
  /// hold for both.
  Request after(Request earlier) {
    return new Request(
        join(earlier.conversation, conversation),
        join(earlier.images, images),
        join(earlier.videos, videos),
        imageSettings,
        specialTokens,
        options);
  }

  private static <T> List<T> join(List<T> before, List<T> after) {
    var all = new ArrayList<>(before);
    all.addAll(after);
    return all;
  }
}
