package io.plm4j.text;

import io.plm4j.text.jinja.JinjaTemplate;
import io.plm4j.text.jinja.TracedText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A checkpoint's own way to write a conversation as one text.
public final class ChatTemplate {
  private static final String PLM = "plm_sft.jinja";

  private final JinjaTemplate template;
  private final String source;

  private ChatTemplate(JinjaTemplate template, String source) {
    this.template = template;
    this.source = source;
  }

  /// How the Perception Language Model was taught to converse: what Meta's code calls `plm_sft`,
  /// with pictures and videos in front of a message's words.
  public static ChatTemplate plm() {
    try (var in = ChatTemplate.class.getResourceAsStream(PLM)) {
      var bytes = Objects.requireNonNull(in, PLM).readAllBytes();
      return parse(new String(bytes, StandardCharsets.UTF_8), PLM);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads the template of a checkpoint's folder, wherever it is: in processor_config.json,
  /// chat_template.json, chat_template.jinja or tokenizer_config.json. That is also the order in
  /// which transformers prefers them. In Meta's layout it is [#plm], unless there is a
  /// chat_template.jinja.
  ///
  /// @throws io.plm4j.error.InputException if there is none or it uses something unsupported
  public static ChatTemplate read(Path folder) {
    return ChatTemplateFile.read(folder);
  }

  /// @param name what messages call the template, such as its file
  /// @throws io.plm4j.error.InputException if the template is wrong or uses something unsupported
  public static ChatTemplate parse(String template, String name) {
    return new ChatTemplate(JinjaTemplate.parse(template, name), template);
  }

  /// The program itself, as a file would hold it.
  public String source() {
    return source;
  }

  /// Writes a conversation down.
  ///
  /// @param tokens named tokens such as `bos_token`, which templates see as variables
  /// @param clock for templates that state the date
  TracedText render(
      List<Message> conversation,
      Ending ending,
      Map<String, String> tokens,
      Spelling spelling,
      Clock clock) {
    Map<String, @Nullable Object> variables = new HashMap<>(tokens);
    variables.put("messages", conversation.stream().map(m -> message(m, spelling)).toList());
    variables.put("add_generation_prompt", ending == Ending.OPEN_ANSWER);
    variables.put("tools", null);
    variables.put("documents", null);
    return template.render(variables, clock);
  }

  private static Map<String, Object> message(Message message, Spelling spelling) {
    Map<String, Object> fields = new java.util.LinkedHashMap<>();
    fields.put("role", message.role().templateName());
    fields.put(
        "content",
        message.role() == Role.SYSTEM
            ? systemText(message, spelling)
            : parts(message.content(), spelling));
    return fields;
  }

  /// PLM's template prints a list as Python would, brackets and all; so a system message is text.
  private static TracedText systemText(Message message, Spelling spelling) {
    var text = new StringBuilder();
    for (Content part : message.content()) {
      if (part instanceof Content.Text words) {
        text.append(words.text());
      }
    }
    return spelling.words(text.toString());
  }

  private static List<Map<String, Object>> parts(List<Content> content, Spelling spelling) {
    List<Map<String, Object>> parts = new ArrayList<>();
    switch (spelling.placement()) {
      case TEMPLATE -> content.forEach(part -> parts.add(part(part, spelling)));
      case IN_PLACE -> parts.add(Map.of("type", "text", "text", spelling.inPlace(content)));
    }
    return parts;
  }

  private static Map<String, Object> part(Content part, Spelling spelling) {
    return switch (part) {
      case Content.Text(String text) -> Map.of("type", "text", "text", spelling.words(text));
      case Content.ImageSlot() -> Map.of("type", "image");
      case Content.VideoSlot() -> Map.of("type", "video");
    };
  }
}
