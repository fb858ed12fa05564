package io.plm4j.cli;

import io.plm4j.LoadOptions;
import io.plm4j.RequestOutline;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.MediaSettings;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.text.SpecialTokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
  @Mixin private final MemoryOptions memory = new MemoryOptions();
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
    var loading = model.options(LoadOptions.DEFAULT, context.terminal());
    if (!memory.allows(model.path(context), loading, question(), context)) {
      return ExitCode.OK;
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

  /// A first question about what is shown at the start; how large the pictures are, is seen when
  /// they are read, so each counts as many tiles as it may have.
  private MemoryOptions.Question question() {
    return new MemoryOptions.Question() {
      @Override
      public RequestOutline outline(MediaSettings media, GenerationDefaults defaults) {
        int tiles = most(pictures.applyTo(media.image()));
        int frames = videos.selection(media.video()).count();
        return new RequestOutline(
            List.of(Message.user(slots())),
            pictures.files().stream().map(_ -> tiles).toList(),
            videos.files().stream().map(_ -> frames).toList(),
            SpecialTokens.AS_TEXT,
            generation.resolve(defaults, () -> 0).maxNewTokens());
      }

      @Override
      public int tiles(MediaSettings media, int most) {
        return pictures.files().size() * most(pictures.applyTo(media.image()).withMaxTiles(most));
      }
    };
  }

  private Content[] slots() {
    return Stream.of(
            pictures.files().stream().map(_ -> Content.image()),
            videos.files().stream().map(_ -> Content.video()),
            Stream.of(Content.text("What is there to see?")))
        .flatMap(slot -> slot)
        .toArray(Content[]::new);
  }

  private static int most(ImageSettings settings) {
    return switch (settings.visionInput()) {
      case VANILLA -> 1;
      case THUMB_AND_TILES -> 1 + settings.maxTiles();
    };
  }
}
