package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.region.Box;
import io.plm4j.region.BoxText;
import io.plm4j.text.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the model is asked: a prompt with pictures and videos, or a whole conversation.
final class RequestOptions {
  @Mixin private final PictureOptions pictures = new PictureOptions();
  @Mixin private final VideoOptions videos = new VideoOptions();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "The question. - reads it from standard input.")
  private Optional<String> prompt = Optional.empty();

  @Option(
      names = "--box",
      paramLabel = "X1,Y1,X2,Y2",
      converter = TaskInput.BoxConverter.class,
      description = {
        "A region of the first picture, in pixels: takes the place of <|bbox0|> in the prompt,",
        "the second --box that of <|bbox1|>, and so on."
      })
  private List<Box> boxes = new ArrayList<>();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "A system message instead of the model's own.")
  private Optional<String> system = Optional.empty();

  @Option(
      names = "--conversation",
      paramLabel = "FILE",
      description = {
        "Several turns as JSON, in the form of Hugging Face's chat templates, instead of --prompt.",
        "- reads it from standard input."
      })
  private Optional<String> conversation = Optional.empty();

  @Option(
      names = "--special-tokens",
      description = {
        "Read spellings such as <|eot_id|> in messages as the tokens, as Hugging Face does.",
        "Default: they are text. Only for text that you trust."
      })
  private boolean parseSpecialTokens;

  PictureOptions pictures() {
    return pictures;
  }

  VideoOptions videos() {
    return videos;
  }

  boolean isGiven() {
    return prompt.isPresent() || conversation.isPresent();
  }

  /// Refuses media and a system message, which have no place beside another option.
  void refuse(String option) {
    if (!pictures.files().isEmpty() || !videos.files().isEmpty() || system.isPresent()) {
      throw new InputException(
          "%s is a text by itself; leave --image, --video and --system out, or use --prompt."
              .formatted(option));
    }
    if (!boxes.isEmpty()) {
      throw new InputException("%s is a text by itself; leave --box out.".formatted(option));
    }
    pictures.requirePictures(0);
    videos.requireVideos(0);
  }

  /// Refuses a question, media and a system message beside a file that has its own.
  void refuseQuestion(String option) {
    if (isGiven()
        || system.isPresent()
        || !boxes.isEmpty()
        || !pictures.files().isEmpty()
        || !videos.files().isEmpty()) {
      throw new InputException(
          "%s has the questions and what they show; leave --prompt, --conversation, --system, --box, --image and --video out."
              .formatted(option));
    }
  }

  SpecialTokens specialTokens() {
    return parseSpecialTokens ? SpecialTokens.PARSE : SpecialTokens.AS_TEXT;
  }

  /// Reads the conversation and its pictures, and makes sure that its videos are there.
  Conversation read(Terminal terminal) {
    if (prompt.isEmpty() && !boxes.isEmpty()) {
      throw new InputException("--box: no effect without --prompt; write boxes into the messages.");
    }
    if (prompt.isPresent() && conversation.isPresent()) {
      throw new InputException("--prompt and --conversation exclude each other; leave one out.");
    }
    var read = conversation.map(file -> readFile(file, terminal)).orElseGet(() -> single(terminal));
    pictures.requirePictures(read.images().size());
    videos.requireVideos(read.videos().size());
    videos.selection();
    read.videos().forEach(VideoOptions::requireThere);
    return system.map(read::withSystem).orElse(read);
  }

  private Conversation readFile(String file, Terminal terminal) {
    var name = file.equals("-") ? "standard input" : file;
    return ConversationFile.parse(
        new ConversationFile.Source(name, pictures.files(), videos.files(), pictures.readOptions()),
        TextInput.fileOrStandardInput(file, terminal.in()),
        ConversationFile.Ending.QUESTION);
  }

  /// One question, its pictures and videos before its words.
  private Conversation single(Terminal terminal) {
    var text =
        prompt.orElseThrow(() ->
            new InputException(
                "No prompt: say what to ask with --prompt TEXT, or name a file with --conversation FILE."));
    var words = text.equals("-") ? TextInput.standardInput(terminal.in()) : text;
    if (words.isBlank()) {
      throw new InputException("The prompt is empty: say what to ask with --prompt TEXT.");
    }
    List<Image> images = pictures.files().stream().map(pictures::read).toList();
    return Conversation.question(withBoxes(words, images), images, videos.files());
  }

  private String withBoxes(String words, List<Image> images) {
    if (boxes.isEmpty() && !BoxText.hasPlaces(words)) {
      return words;
    }
    if (images.isEmpty()) {
      throw new InputException("A box is a part of a picture; add --image FILE.");
    }
    return new BoxText(images.getFirst().width(), images.getFirst().height()).fill(words, boxes);
  }
}
