package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.text.Content;
import io.plm4j.text.MediaSpan;
import io.plm4j.text.MediaTokens;
import io.plm4j.text.Message;
import io.plm4j.text.Prompt;
import io.plm4j.text.Role;
import io.plm4j.text.SpecialTokens;
import io.plm4j.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes conversations as the first stage reads them: what is shown, and the answers.
record Warmup(Tokenizer tokenizer, SpecialTokens policy) {
  Labelled write(List<Message> messages, MediaTokens media) {
    var answers =
        messages.stream()
            .filter(message -> message.role() == Role.ASSISTANT)
            .map(message -> text(message) + "\n")
            .collect(Collectors.joining());
    var spans = new ArrayList<MediaSpan>();
    var ids = IntStream.builder();
    int at = 0;
    for (var kind : MediaSpan.Kind.values()) {
      var counts = kind == MediaSpan.Kind.IMAGE ? media.images() : media.videos();
      for (int i = 0; i < counts.size(); i++) {
        spans.add(new MediaSpan(kind, i, at, counts.get(i)));
        int id = placeholder(kind);
        IntStream.range(0, counts.get(i)).forEach(_ -> ids.add(id));
        at += counts.get(i);
      }
    }
    Arrays.stream(tokenizer.encode(answers, policy)).forEach(ids::add);
    int[] all = ids.build().toArray();
    int[] labels = all.clone();
    Arrays.fill(labels, 0, at, Example.IGNORED);
    return new Labelled(new Prompt(all, spans), labels);
  }

  private int placeholder(MediaSpan.Kind kind) {
    var name = kind == MediaSpan.Kind.IMAGE ? "image_token" : "video_token";
    return tokenizer
        .named(name)
        .map(tokenizer::specialToken)
        .filter(id -> id.isPresent())
        .orElseThrow(() ->
            new InputException(
                "this tokenizer has no token for what is shown: expected \"%s\" in tokenizer_config.json to name a special token"
                    .formatted(name)))
        .getAsInt();
  }

  private static String text(Message message) {
    return message.content().stream()
        .map(part -> part instanceof Content.Text(String text) ? text : "")
        .collect(Collectors.joining());
  }
}
