package io.plm4j.cli;

import io.plm4j.Request;
import io.plm4j.error.Excerpt;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Sampling;
import io.plm4j.generate.constraint.Constraint;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.VisionInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A line of a file of requests: what to look at, what to ask, and options that differ from those
/// of the command line.
///
/// ```json
/// {"id": "a7", "image": "cat.jpg", "prompt": "What is this?", "max_new_tokens": 40}
/// ```
final class RequestLine {
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "prompt",
          "system",
          "conversation",
          "image",
          "images",
          "video",
          "videos",
          "vision_input_type",
          "max_num_tiles",
          "max_new_tokens",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "seed",
          "repetition_penalty",
          "stop",
          "json_schema",
          "regex",
          "choices");

  private final JsonFields json;
  private final MediaReader media;

  private RequestLine(JsonFields json, MediaReader media) {
    this.json = json;
    this.media = media;
  }

  /// Reads a line and its pictures.
  ///
  /// @param defaults what holds where the line says nothing
  static Request read(JsonFields json, MediaReader media, GenerationOptions defaults) {
    json.requireKnown(KEYS);
    var line = new RequestLine(json, media);
    // Settings first: a mistake in them needs no picture to be seen.
    var options = line.options(defaults);
    var settings = line.settings(media.imageSettings());
    var conversation = line.conversation();
    return json.text("system")
        .map(conversation::withSystem)
        .orElse(conversation)
        .request(media::video)
        .withImageSettings(settings)
        .withOptions(options);
  }

  private Conversation conversation() {
    var images = files("image", "images");
    var videos = files("video", "videos");
    var talk = json.node("conversation");
    var prompt = json.text("prompt");
    if (talk.isPresent() == prompt.isPresent()) {
      throw json.wrong(
          "wanted either \"prompt\" or \"conversation\", found %s"
              .formatted(talk.isPresent() ? "both" : "none"));
    }
    if (talk.isPresent()) {
      return ConversationFile.parse(
          new ConversationFile.Source(json.source(), images, videos, media.readOptions()),
          talk.get(),
          ConversationFile.Ending.QUESTION);
    }
    if (prompt.get().isBlank()) {
      throw json.wrong("\"prompt\" is empty");
    }
    return Conversation.question(prompt.get(), images.stream().map(media::image).toList(), videos);
  }

  private List<Path> files(String one, String several) {
    var names = new ArrayList<String>();
    json.text(one).ifPresent(names::add);
    if (!names.isEmpty() && json.node(several).isPresent()) {
      throw json.wrong("\"%s\" and \"%s\" exclude each other".formatted(one, several));
    }
    names.addAll(json.texts(several));
    return names.stream().map(Path::of).toList();
  }

  private ImageSettings settings(ImageSettings defaults) {
    var changed =
        json.text("vision_input_type")
            .map(name ->
                VisionInput.named(name)
                    .orElseThrow(() ->
                        json.wrong(
                            "\"vision_input_type\" is \"%s\", wanted \"thumb+tile\" or \"vanilla\""
                                .formatted(Excerpt.of(name)))))
            .map(defaults::withVisionInput)
            .orElse(defaults);
    return json.integer("max_num_tiles").map(changed::withMaxTiles).orElse(changed);
  }

  private GenerationOptions options(GenerationOptions defaults) {
    return new GenerationOptions(
        sampling(defaults.sampling()),
        json.number("repetition_penalty").orElse(defaults.repetitionPenalty()),
        json.integer("max_new_tokens").orElse(defaults.maxNewTokens()),
        json.node("stop").isPresent() ? json.texts("stop") : defaults.stopStrings(),
        constraint().or(defaults::constraint),
        defaults.guessing());
  }

  private Sampling sampling(Sampling defaults) {
    var temperature = json.number("temperature");
    if (temperature.isPresent() && temperature.get() == 0) {
      return Sampling.greedy();
    }
    return switch (defaults) {
      case Sampling.Greedy() ->
          temperature
              .<Sampling>map(t -> random(new Sampling.Random(t, 0, 1, 0, 0)))
              .orElse(defaults);
      case Sampling.Random draw -> random(draw);
    };
  }

  private Sampling random(Sampling.Random defaults) {
    return new Sampling.Random(
        json.number("temperature").orElse(defaults.temperature()),
        json.integer("top_k").orElse(defaults.topK()),
        json.number("top_p").orElse(defaults.topP()),
        json.number("min_p").orElse(defaults.minP()),
        json.integer("seed").map(Integer::longValue).orElse(defaults.seed()));
  }

  private Optional<Constraint> constraint() {
    var forms = new ArrayList<Constraint>();
    json.node("json_schema")
        .map(JsonNode::toString)
        .map(Constraint::jsonSchema)
        .ifPresent(forms::add);
    json.text("regex").map(Constraint::regex).ifPresent(forms::add);
    if (json.node("choices").isPresent()) {
      forms.add(Constraint.choice(json.texts("choices")));
    }
    if (forms.size() > 1) {
      throw json.wrong("\"json_schema\", \"regex\" and \"choices\" exclude one another");
    }
    return forms.stream().findFirst();
  }
}
