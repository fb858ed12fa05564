package io.plm4j.text;

import io.plm4j.error.InputException;
import io.plm4j.json.PrettyJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JsonGenerator;

/// Writes the tokenizer of a `tokenizer.model` as Hugging Face's tokenizer.json, to the byte as
/// transformers 5.18's converter and tokenizers 0.23 do.
final class TokenizerJson {
  private static final String LLAMA_3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private final Tokenizer tokenizer;
  private final JsonGenerator json;

  private TokenizerJson(Tokenizer tokenizer, JsonGenerator json) {
    this.tokenizer = tokenizer;
    this.json = json;
  }

  /// @param tokenizer with nothing that [TiktokenFile] could not say
  static void write(Tokenizer tokenizer, Path file) {
    try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        var json = PrettyJson.generator(out)) {
      new TokenizerJson(tokenizer, json).write();
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  private void write() {
    json.writeStartObject();
    json.writeStringProperty("version", "1.0");
    json.writeNullProperty("truncation");
    json.writeNullProperty("padding");
    json.writeArrayPropertyStart("added_tokens");
    tokenizer.added().tokens().forEach(this::writeAdded);
    json.writeEndArray();
    json.writeNullProperty("normalizer");
    json.writeObjectPropertyStart("pre_tokenizer");
    writePreTokenizer();
    json.writeEndObject();
    json.writeObjectPropertyStart("post_processor");
    writePostProcessor();
    json.writeEndObject();
    json.writeObjectPropertyStart("decoder");
    writeByteLevel(true, true, true);
    json.writeEndObject();
    json.writeObjectPropertyStart("model");
    writeModel();
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeAdded(AddedToken token) {
    json.writeStartObject();
    json.writeNumberProperty("id", token.id());
    json.writeStringProperty("content", token.content());
    json.writeBooleanProperty("single_word", token.singleWord());
    json.writeBooleanProperty("lstrip", token.eatsLeft());
    json.writeBooleanProperty("rstrip", token.eatsRight());
    json.writeBooleanProperty("normalized", token.normalized());
    json.writeBooleanProperty("special", token.special());
    json.writeEndObject();
  }

  private void writePreTokenizer() {
    json.writeStringProperty("type", "Sequence");
    json.writeArrayPropertyStart("pretokenizers");
    json.writeStartObject();
    json.writeStringProperty("type", "Split");
    json.writeObjectPropertyStart("pattern");
    json.writeStringProperty("Regex", LLAMA_3);
    json.writeEndObject();
    json.writeStringProperty("behavior", "Isolated");
    json.writeBooleanProperty("invert", false);
    json.writeEndObject();
    json.writeStartObject();
    writeByteLevel(false, true, false);
    json.writeEndObject();
    json.writeEndArray();
  }

  private void writeByteLevel(boolean prefixSpace, boolean trimOffsets, boolean regex) {
    json.writeStringProperty("type", "ByteLevel");
    json.writeBooleanProperty("add_prefix_space", prefixSpace);
    json.writeBooleanProperty("trim_offsets", trimOffsets);
    json.writeBooleanProperty("use_regex", regex);
  }

  private void writePostProcessor() {
    int begin = tokenizer.frame().before()[0];
    json.writeStringProperty("type", "Sequence");
    json.writeArrayPropertyStart("processors");
    json.writeStartObject();
    writeByteLevel(true, false, true);
    json.writeEndObject();
    json.writeStartObject();
    json.writeStringProperty("type", "TemplateProcessing");
    json.writeArrayPropertyStart("single");
    writeSequence("A", 0);
    json.writeEndArray();
    json.writeArrayPropertyStart("pair");
    writeSequence("A", 0);
    writeSequence("B", 1);
    json.writeEndArray();
    json.writeObjectPropertyStart("special_tokens");
    json.writeObjectPropertyStart(MetaTokens.BEGIN);
    json.writeStringProperty("id", MetaTokens.BEGIN);
    json.writeArrayPropertyStart("ids");
    json.writeNumber(begin);
    json.writeEndArray();
    json.writeArrayPropertyStart("tokens");
    json.writeString(MetaTokens.BEGIN);
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
  }

  /// A text with the token that begins one.
  private void writeSequence(String id, int type) {
    writePart("SpecialToken", MetaTokens.BEGIN, type);
    writePart("Sequence", id, type);
  }

  private void writePart(String kind, String id, int type) {
    json.writeStartObject();
    json.writeObjectPropertyStart(kind);
    json.writeStringProperty("id", id);
    json.writeNumberProperty("type_id", type);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeModel() {
    var vocabulary = tokenizer.vocabulary();
    json.writeStringProperty("type", "BPE");
    json.writeNullProperty("dropout");
    json.writeNullProperty("unk_token");
    json.writeNullProperty("continuing_subword_prefix");
    json.writeNullProperty("end_of_word_suffix");
    json.writeBooleanProperty("fuse_unk", false);
    json.writeBooleanProperty("byte_fallback", false);
    json.writeBooleanProperty("ignore_merges", true);
    json.writeObjectPropertyStart("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      json.writeNumberProperty(spelling(id), id);
    }
    json.writeEndObject();
    json.writeArrayPropertyStart("merges");
    var merges = new RankedMerges(vocabulary);
    for (int rank = 0; rank < merges.count(); rank++) {
      json.writeStartArray();
      json.writeString(spelling(merges.left(rank)));
      json.writeString(spelling(merges.right(rank)));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private String spelling(int id) {
    byte[] bytes = tokenizer.vocabulary().bytes(id);
    var characters = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      characters[i] = ByteAlphabet.toCharacter(bytes[i]);
    }
    return new String(characters);
  }
}
