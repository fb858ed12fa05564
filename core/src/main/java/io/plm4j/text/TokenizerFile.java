package io.plm4j.text;

import io.plm4j.error.InputException;
import io.plm4j.text.JsonReader.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads Hugging Face's tokenizer.json as far as byte-level BPE needs it, and refuses the rest by
/// its path.
///
/// The file of Llama 3 has 17 MB, nearly all of it vocabulary and merges: those two are streamed
/// ({@link BpeReader}), the small remainder is read as {@link JsonField}.
final class TokenizerFile {
  /// Ids are positions in arrays here, so a wild id must not become a wild allocation.
  static final int MOST_TOKENS = 1 << 22;

  /// The pre-tokenizing expressions that are known, as they stand in published files.
  private static final Map<String, Splitter> EXPRESSIONS = new HashMap<>();

  static {
    String words =
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    EXPRESSIONS.put(words.formatted("{1,3}"), new WordSplitter(3));
    EXPRESSIONS.put(words.formatted(""), new WordSplitter(1));
    EXPRESSIONS.put(
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        new Gpt2Splitter());
  }

  private final String name;
  private final Map<String, JsonField> fields = new HashMap<>();
  private final BpeReader bpe;

  private TokenizerFile(Path file) {
    name = String.valueOf(file.getFileName());
    bpe = new BpeReader(name + ": $.model");
  }

  static Tokenizer read(Path file, TokenNames names) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(
          "No tokenizer: expected the file %s. A folder in Hugging Face's layout has it."
              .formatted(file));
    }
    var reader = new TokenizerFile(file);
    reader.parse(JsonReader.open(file));
    return reader.build(names);
  }

  private void parse(JsonReader json) {
    json.expect('{');
    boolean model = false;
    for (var position = Position.START; json.hasNext(position, '}'); position = Position.LATER) {
      String key = json.name();
      if (key.equals("model") ? model : fields.containsKey(key)) {
        throw new InputException("%s: $.%s occurs twice".formatted(name, key));
      }
      switch (key) {
        case "model" -> {
          bpe.read(json);
          model = true;
        }
        case "version",
            "truncation",
            "padding",
            "added_tokens",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder" ->
            fields.put(key, json.field("$." + key));
        default ->
            throw new InputException("%s: $.%s is not a key that plm4j knows".formatted(name, key));
      }
    }
    json.end();
    if (!model) {
      throw new InputException(name + ": $.model is missing");
    }
  }

  private JsonField field(String key) {
    return fields.getOrDefault(key, new JsonField(name + ": $." + key, null));
  }

  private Tokenizer build(TokenNames names) {
    // $.truncation and $.padding are what someone last used; transformers, too, resets both.
    if (!field("normalizer").isNull()) {
      throw field("normalizer").unsupported();
    }
    requireByteLevelDecoder(field("decoder"));
    List<Splitter> splitters = new ArrayList<>();
    if (!readPreTokenizer(field("pre_tokenizer"), splitters)) {
      throw field("pre_tokenizer").wanted("a ByteLevel step at the end");
    }
    JsonField list = field("added_tokens");
    var added =
        new AddedTokens(readAdded(list.isNull() ? new JsonField(list.place(), List.of()) : list));
    requireSpecial(names, added);
    var encoder = bpe.build();
    var frame = readPostProcessor(field("post_processor"), added);
    return new Tokenizer(bpe.vocabulary(), added, splitters, encoder, frame, names);
  }

  /// Transformers would add an unknown token behind the vocabulary, where no model has learnt it.
  private static void requireSpecial(TokenNames names, AddedTokens added) {
    names
        .contents()
        .forEach((part, content) -> {
          AddedToken token = added.find(content);
          if (token == null || !token.special()) {
            throw new InputException(
                "tokenizer_config.json: \"%s\" is \"%s\", which is no special token of tokenizer.json"
                    .formatted(part, content));
          }
        });
  }

  private List<AddedToken> readAdded(JsonField list) {
    Map<String, AddedToken> tokens = new LinkedHashMap<>();
    Set<Integer> ids = new HashSet<>();
    for (JsonField item : list.items()) {
      AddedToken token = addedToken(item);
      if (tokens.put(token.content(), token) != null || !ids.add(token.id())) {
        throw new InputException(item.place() + ": its id or its content occurs twice");
      }
    }
    bpe.requireSpellable(tokens.keySet());
    requireNoOverlap(list, tokens.values());
    int highest = -1;
    for (AddedToken token : tokens.values()) {
      bpe.reconcile(list.place(), token, highest);
      highest = Math.max(highest, token.id());
    }
    return List.copyOf(tokens.values());
  }

  /// White space after one token that is at the same time the beginning of another: tokenizers
  /// gives such tokens twice, drops them or fails, so no file can mean it.
  private static void requireNoOverlap(JsonField list, Collection<AddedToken> tokens) {
    boolean eats = tokens.stream().anyMatch(AddedToken::eatsRight);
    for (AddedToken token : tokens) {
      if (eats && UnicodeClasses.isSpace(token.content().codePointAt(0))) {
        throw new InputException(
            "%s: \"rstrip\" together with a token that begins with white space (id %d) is not supported"
                .formatted(list.place(), token.id()));
      }
    }
  }

  private static AddedToken addedToken(JsonField item) {
    item.allowOnly("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
    if (item.at("content").text().isEmpty()) {
      throw item.at("content").wanted("a token's spelling");
    }
    return new AddedToken(
        item.at("id").count(MOST_TOKENS),
        item.at("content").text(),
        item.at("special").flag(),
        item.at("single_word").flag(),
        item.at("lstrip").flag(),
        item.at("rstrip").flag(),
        item.at("normalized").flag());
  }

  /// Whether the steps end in a translation to bytes.
  private boolean readPreTokenizer(JsonField step, List<Splitter> splitters) {
    switch (step.at("type").text()) {
      case "Sequence" -> {
        step.allowOnly("type", "pretokenizers");
        boolean bytes = false;
        for (JsonField item : step.at("pretokenizers").items()) {
          if (bytes) {
            throw item.wanted("nothing after the ByteLevel step");
          }
          bytes = readPreTokenizer(item, splitters);
        }
        return bytes;
      }
      case "Split" -> {
        step.allowOnly("type", "pattern", "behavior", "invert");
        if (!step.at("behavior").text().equals("Isolated")) {
          throw step.at("behavior").unsupported();
        }
        if (step.at("invert").flag()) {
          throw step.at("invert").unsupported();
        }
        step.at("pattern").allowOnly("Regex");
        JsonField expression = step.at("pattern").at("Regex");
        Splitter splitter = EXPRESSIONS.get(expression.text());
        if (splitter == null) {
          throw expression.wanted("the splitting pattern of Llama 3, Qwen 2 or GPT-2");
        }
        splitters.add(splitter);
        return false;
      }
      case "ByteLevel" -> {
        step.allowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
        if (step.at("add_prefix_space").flag()) {
          throw step.at("add_prefix_space").unsupported();
        }
        if (step.find("use_regex").isEmpty() || step.at("use_regex").flag()) {
          splitters.add(new Gpt2Splitter());
        }
        return true;
      }
      default -> throw step.at("type").unsupported();
    }
  }

  private static void requireByteLevelDecoder(JsonField decoder) {
    if (decoder.isNull() || !decoder.at("type").text().equals("ByteLevel")) {
      throw (decoder.isNull() ? decoder : decoder.at("type")).wanted("the decoder \"ByteLevel\"");
    }
  }

  private Frame readPostProcessor(JsonField step, AddedTokens added) {
    if (step.isNull()) {
      return Frame.NONE;
    }
    return switch (step.at("type").text()) {
      // It trims offsets only; the ids stay.
      case "ByteLevel" -> Frame.NONE;
      case "TemplateProcessing" -> readFrame(step, added);
      case "Sequence" -> {
        Frame frame = Frame.NONE;
        for (JsonField item : step.at("processors").items()) {
          Frame next = readPostProcessor(item, added);
          if (!frame.isEmpty() && !next.isEmpty()) {
            throw item.unsupported();
          }
          frame = frame.isEmpty() ? next : frame;
        }
        yield frame;
      }
      default -> throw step.at("type").unsupported();
    };
  }

  private Frame readFrame(JsonField step, AddedTokens added) {
    var before = new IntList();
    var after = new IntList();
    boolean text = false;
    for (JsonField item : step.at("single").items()) {
      if (item.find("Sequence").isPresent()) {
        if (text || !item.at("Sequence").at("id").text().equals("A")) {
          throw item.unsupported();
        }
        text = true;
        continue;
      }
      JsonField token = item.at("SpecialToken").at("id");
      for (JsonField field : step.at("special_tokens").at(token.text()).at("ids").items()) {
        int id = field.count(MOST_TOKENS);
        if (!bpe.vocabulary().contains(id) && added.find(id) == null) {
          throw field.wanted("the id of a token");
        }
        (text ? after : before).add(id);
      }
    }
    if (!text) {
      throw step.at("single").wanted("the sequence A");
    }
    return new Frame(before.toArray(), after.toArray());
  }
}
