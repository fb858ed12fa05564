package io.plm4j;

import io.plm4j.generate.FinishReason;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Session;
import io.plm4j.media.Image;
import io.plm4j.media.video.Video;
import io.plm4j.text.Message;
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
  private static final Request NOTHING = Request.of(List.of(), List.of(), List.of());

  private final Plm plm;
  private final Session session;
  private Request said = NOTHING;

  Chat(Plm plm) {
    this.plm = plm;
    this.session = plm.newSession();
  }

  /// Asks about what was shown so far and these pictures, greedily, in at most 256 tokens.
  public Answer ask(String question, Image... shown) {
    return ask(Request.of(question, shown), Listener.NONE);
  }

  /// Asks about a video and what was shown before, greedily, in at most 256 tokens.
  public Answer ask(String question, Video shown) {
    return ask(Request.of(question, shown), Listener.NONE);
  }

  /// Adds a request's messages and media to the conversation and answers. Its settings hold for all
  /// pictures of the conversation; other ones than before encode them again.
  ///
  /// The answer becomes part of the conversation, a cancelled one with what it has. If it has
  /// nothing, or the request fails, the conversation is what it was before.
  ///
  /// @throws io.plm4j.error.InputException if the request cannot be answered
  public synchronized Answer ask(Request turn, Listener listener) {
    var whole = turn.after(said);
    var answer = plm.ask(whole, session, listener);
    if (answer.finishReason() != FinishReason.CANCELLED || !answer.text().isEmpty()) {
      var reply = Request.of(List.of(Message.assistant(answer.text())), List.of(), List.of());
      said = reply.after(whole);
    }
    return answer;
  }

  /// What was said and shown so far, answers included, under default settings: a request that would
  /// ask all of it at once.
  public synchronized Request said() {
    return Request.of(said.conversation(), said.images(), said.videos());
  }

  /// Puts another conversation in this one's place. What both begin with, such as a system message
  /// or a picture, is still not read again.
  public synchronized void resume(Request conversation) {
    said = conversation;
  }

  /// Begins anew.
  public void reset() {
    resume(NOTHING);
  }

  /// Ends the conversation: its memory goes to others that begin alike, as far as the model keeps
  /// any, or is freed. The model stays open.
  @Override
  public synchronized void close() {
    session.close();
  }
}
