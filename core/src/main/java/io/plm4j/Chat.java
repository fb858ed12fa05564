package io.plm4j;

import io.plm4j.generate.FinishReason;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Session;
import io.plm4j.media.Image;
import io.plm4j.text.Message;
import java.util.ArrayList;
import java.util.List;

/// A conversation: each question sees what was said and shown before it.
///
/// ```java
/// try (var chat = plm.chat()) {
///   chat.ask("What is this?", Image.read(Path.of("cat.jpg")));
///   System.out.println(chat.ask("What is it about to do?").text());
/// }
/// ```
///
/// It holds the keys and values of all that was read, until it is closed: a follow-up encodes no
/// picture again and reads only what is new. One question at a time; the model may have several
/// conversations.
public final class Chat implements AutoCloseable {
  private final Plm plm;
  private final Session session;
  private final List<Message> messages = new ArrayList<>();
  private final List<Image> images = new ArrayList<>();

  Chat(Plm plm) {
    this.plm = plm;
    this.session = plm.newSession();
  }

  /// Asks about what was shown so far and these pictures, greedily, in at most 256 tokens.
  public Answer ask(String question, Image... shown) {
    return ask(Request.of(question, shown), Listener.NONE);
  }

  /// Adds a request's messages and pictures to the conversation and answers. Its settings hold for
  /// all pictures of the conversation; other ones than before encode them again.
  ///
  /// The answer becomes part of the conversation, a cancelled one with what it has. If it has
  /// nothing, or the request fails, the conversation is what it was before.
  ///
  /// @throws io.plm4j.error.InputException if the request cannot be answered
  public synchronized Answer ask(Request turn, Listener listener) {
    var said = join(messages, turn.conversation());
    var shown = join(images, turn.images());
    var whole =
        new Request(said, shown, turn.imageSettings(), turn.specialTokens(), turn.options());
    var answer = plm.ask(whole, session, listener);
    if (answer.finishReason() != FinishReason.CANCELLED || !answer.text().isEmpty()) {
      messages.addAll(turn.conversation());
      messages.add(Message.assistant(answer.text()));
      images.addAll(turn.images());
    }
    return answer;
  }

  /// What was said so far, answers included.
  public synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  /// The pictures shown so far, in the order of their places in the messages.
  public synchronized List<Image> images() {
    return List.copyOf(images);
  }

  /// Begins anew. What the next conversation shares with this one, such as a system message, is
  /// still not read again.
  public synchronized void reset() {
    messages.clear();
    images.clear();
  }

  private static <T> List<T> join(List<T> before, List<T> after) {
    var all = new ArrayList<>(before);
    all.addAll(after);
    return all;
  }

  /// Frees the conversation's memory. The model stays open.
  @Override
  public synchronized void close() {
    session.close();
  }
}
