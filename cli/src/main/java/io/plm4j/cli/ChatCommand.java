package io.plm4j.cli;

import io.plm4j.error.InputException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `plm chat`: a conversation on a terminal.
@Command(
    name = "chat",
    description = "Talk about pictures and videos, question by question.",
    footer = {
      "",
      "In the chat: /image FILE and /video FILE show something with the next question, /reset begins",
      "anew, /save FILE and /load FILE keep a conversation, /quit or Ctrl-D ends. Ctrl-C stops an",
      "answer. Where standard input is no terminal, each of its lines is a question or a command."
    })
final class ChatCommand implements Callable<Integer> {
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final PictureOptions pictures = new PictureOptions();
  @Mixin private final VideoOptions videos = new VideoOptions();
  @Mixin private final GenerationFlags generation = new GenerationFlags();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "A system message instead of the model's own.")
  private Optional<String> system = Optional.empty();

  @Option(
      names = "--load",
      paramLabel = "FILE",
      description = "Go on with a conversation that /save wrote.")
  private Optional<Path> load = Optional.empty();

  @Option(
      names = "--stats",
      description = "Say behind each answer how long each phase took, and the peak memory.")
  private boolean stats;

  private final Context context;

  ChatCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    generation.check();
    videos.selection();
    if (load.isPresent() && system.isPresent()) {
      throw new InputException(
          "--load brings the conversation's own system message; leave --system out.");
    }
    try (var plm = model.load(context);
        var chat = plm.chat();
        var lines = context.lines().get()) {
      var media = new MediaReader(plm, pictures, videos, context);
      var reports = stats ? ChatSession.Reports.STATS : ChatSession.Reports.NONE;
      var wishes = new ChatSession.Wishes(generation, system, reports);
      var session = new ChatSession(chat, media, wishes, lines);
      load.ifPresent(session::load);
      pictures.files().forEach(session::showImage);
      videos.files().forEach(session::showVideo);
      return session.run();
    }
  }
}
