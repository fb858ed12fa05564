package io.plm4j.cli;

import io.plm4j.Answer;
import io.plm4j.Chat;
import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.generate.FinishReason;
import io.plm4j.media.Image;
import io.plm4j.media.video.Video;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// A chat's loop: reads lines, shows media, asks, keeps the transcript. A mistake is said, and the
/// conversation goes on.
final class ChatSession {
  /// What is reported behind each answer.
  enum Reports {
    NONE,
    STATS
  }

  /// What is wanted of every answer.
  ///
  /// @param system a system message instead of the model's own
  record Wishes(GenerationFlags generation, Optional<String> system, Reports reports) {}

  private final Chat chat;
  private final MediaReader media;
  private final Wishes wishes;
  private final LineSource lines;
  private final Context context;
  private final PrintStream out;
  private final PrintStream err;

  private final ChatTranscript transcript = new ChatTranscript();
  private final List<ChatTranscript.Shown> pending = new ArrayList<>();
  private final List<Image> images = new ArrayList<>();
  private final List<Video> videos = new ArrayList<>();

  ChatSession(Chat chat, MediaReader media, Wishes wishes, LineSource lines) {
    this.chat = chat;
    this.media = media;
    this.wishes = wishes;
    this.lines = lines;
    this.context = media.context();
    this.out = context.terminal().out();
    this.err = context.terminal().err();
  }

  /// @return the exit code
  int run() {
    if (lines.isInteractive()) {
      err.println("Ask, or /image FILE, /video FILE; /help lists the commands. Ctrl-D ends.");
    }
    var code = ExitCode.OK;
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      try {
        if (!obey(ChatLine.parse(line.get(), context.home()))) {
          return code;
        }
      } catch (InputException e) {
        context.terminal().progress().clear();
        err.println("plm: " + e.getMessage());
        // A script wants to know; a person has read it.
        code = lines.isInteractive() ? code : ExitCode.BAD_INPUT;
      }
      if (context.interrupt().requested()) {
        return ExitCode.INTERRUPTED;
      }
    }
    return code;
  }

  /// False when the chat is over.
  private boolean obey(ChatLine line) {
    switch (line) {
      case ChatLine.Nothing() -> {}
      case ChatLine.Question(String text) -> ask(text);
      case ChatLine.ShowImage(Path file) -> showImage(file);
      case ChatLine.ShowVideo(Path file) -> showVideo(file);
      case ChatLine.Reset() -> reset();
      case ChatLine.Save(Path file) -> save(file);
      case ChatLine.Load(Path file) -> load(file);
      case ChatLine.Help() -> help();
      case ChatLine.Quit() -> {
        return false;
      }
    }
    return true;
  }

  void showImage(Path file) {
    var image = media.image(file);
    images.add(image);
    show("image", file, media.describe(image));
  }

  void showVideo(Path file) {
    try {
      var video = media.video(file);
      videos.add(video);
      show("video", file, media.describe(video));
    } catch (CancellationException e) {
      err.println("plm: " + file + " was not read");
    }
  }

  private void show(String type, Path file, String description) {
    pending.add(new ChatTranscript.Shown(type, file));
    err.printf("%s: %s; it goes with your next question%n", file, description);
  }

  private void reset() {
    chat.reset();
    transcript.clear();
    forgetPending();
    err.println("A new conversation.");
  }

  private void forgetPending() {
    pending.clear();
    images.clear();
    videos.clear();
  }

  private void save(Path file) {
    if (transcript.isEmpty()) {
      throw new InputException("Nothing has been said yet that could be saved.");
    }
    transcript.save(file);
    err.println("Saved in " + file);
  }

  /// Takes over a conversation that was saved.
  void load(Path file) {
    var name = file.toString();
    var json = ConversationFile.tree(name, TextInput.file(file));
    var source = new ConversationFile.Source(name, List.of(), List.of(), media.readOptions());
    var read = ConversationFile.parse(source, json, ConversationFile.Ending.ANSWER);
    chat.resume(read.request(media::video));
    transcript.replace(json);
    forgetPending();
    err.printf("%s: %s%n", file, Units.count(read.messages().size(), "message"));
  }

  private void help() {
    err.println(
        """
        /image FILE   show a picture with the next question
        /video FILE   show a video with the next question
        /reset        begin a new conversation
        /save FILE    write the conversation to a file
        /load FILE    go on with one that was written
        /quit         end; Ctrl-D too
        Ctrl-C stops an answer.\
        """);
  }

  private void ask(String text) {
    boolean opening = chat.said().conversation().isEmpty();
    var defaults = media.plm().generationDefaults();
    var options = wishes.generation().resolve(defaults, context.seeds());
    var question = Request.of(text, images, videos);
    var request =
        (opening ? wishes.system().map(question::withSystem).orElse(question) : question)
            .withImageSettings(media.imageSettings())
            .withOptions(options);
    var times = new PhaseTimes(context.nanoTime());
    Answer answer;
    try (var _ = context.interrupt().begin()) {
      answer =
          chat.ask(request, new AnswerListener(context, times, Optional.of(out), lines.watch()));
    }
    context.terminal().progress().clear();
    if (!answer.text().endsWith("\n")) {
      out.println();
    }
    out.flush();
    if (answer.finishReason() != FinishReason.CANCELLED || !answer.text().isEmpty()) {
      if (opening) {
        wishes.system().ifPresent(transcript::system);
      }
      transcript.question(pending, text);
      transcript.answer(answer.text());
      forgetPending();
    }
    if (wishes.reports() == Reports.STATS) {
      var how = GenerationFlags.describe(options, defaults);
      new StatsReport(answer, times.timings(), how, PeakMemory.bytes()).print(err);
    }
  }
}
