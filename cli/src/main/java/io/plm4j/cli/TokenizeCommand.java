package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.media.MediaSettings;
import io.plm4j.model.PlmConfig;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.MediaTokens;
import io.plm4j.text.PromptRenderer;
import io.plm4j.text.Tokenizer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `plm tokenize`: the ids of a text, or of a prompt as the model would read it.
@Command(
    name = "tokenize",
    description = {
      "Show the token ids of a text (--text), or of a prompt with chat template and pictures",
      "(--prompt, --conversation)."
    })
final class TokenizeCommand implements Callable<Integer> {
  private static final JsonMapper MAPPER = new JsonMapper();

  @Mixin private final ModelOptions.ModelOrShipped model = new ModelOptions.ModelOrShipped();

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "A text by itself, nothing added. - reads it from standard input.")
  private Optional<String> text = Optional.empty();

  @Mixin private final RequestOptions request = new RequestOptions();

  @Option(names = "--pieces", description = "One token a line, with its spelling.")
  private boolean pieces;

  @Option(names = "--json", description = "Print one JSON object: ids, pieces.")
  private boolean json;

  private final Context context;

  TokenizeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (pieces && json) {
      throw new InputException("--json has the pieces already; leave --pieces out.");
    }
    if (text.isPresent() == request.isGiven()) {
      throw new InputException(
          text.isPresent()
              ? "--text stands alone; leave --prompt and --conversation out."
              : "Nothing to tokenize: give --text TEXT, --prompt TEXT or --conversation FILE.");
    }
    var folder = model.path(context);
    if (text.isPresent()) {
      request.refuse("--text");
      var words = words(text.get());
      var tokenizer = Tokenizer.read(folder);
      print(tokenizer.encode(words, request.specialTokens()), tokenizer);
    } else {
      // Pictures before the vocabulary: a wrong path is found at once.
      var conversation = request.read(context.terminal());
      var tokenizer = Tokenizer.read(folder);
      print(prompt(conversation, folder, tokenizer), tokenizer);
    }
    return ExitCode.OK;
  }

  private String words(String given) {
    return given.equals("-") ? TextInput.standardInput(context.terminal().in()) : given;
  }

  private int[] prompt(Conversation conversation, Path folder, Tokenizer tokenizer) {
    var settings = MediaSettings.read(folder);
    var cut = request.pictures().applyTo(settings.image());
    int perTile = PlmConfig.read(folder).tokensPerTile();
    var asked =
        conversation.request(file -> request.videos().read(file, settings.video(), context));
    var images =
        asked.images().stream()
            .map(image -> cut.tileCount(image.width(), image.height()) * perTile)
            .toList();
    var videos = asked.videos().stream().map(video -> video.frames().size() * perTile).toList();
    return new PromptRenderer(tokenizer, ChatTemplate.read(folder), Clock.systemDefaultZone())
        .prompt(asked.conversation(), new MediaTokens(images, videos), request.specialTokens())
        .ids();
  }

  private void print(int[] ids, Tokenizer tokenizer) {
    var out = context.terminal().out();
    if (json) {
      printJson(ids, tokenizer, out);
    } else if (pieces) {
      printPieces(ids, tokenizer, out);
    } else {
      out.println(Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
    }
  }

  private static String piece(Tokenizer tokenizer, int id) {
    return tokenizer.token(id).orElse("");
  }

  private static void printJson(int[] ids, Tokenizer tokenizer, PrintStream out) {
    var object = new LinkedHashMap<String, Object>();
    object.put("ids", ids);
    object.put("pieces", Arrays.stream(ids).mapToObj(id -> piece(tokenizer, id)).toList());
    out.println(MAPPER.writeValueAsString(object));
  }

  /// Runs of one token, thousands with a picture, take one line.
  private static void printPieces(int[] ids, Tokenizer tokenizer, PrintStream out) {
    for (int from = 0; from < ids.length; ) {
      int to = from + 1;
      while (to < ids.length && ids[to] == ids[from]) {
        to++;
      }
      out.printf(
          "%6d  %s%s%n",
          ids[from], piece(tokenizer, ids[from]), to - from == 1 ? "" : "  x " + (to - from));
      from = to;
    }
  }
}
