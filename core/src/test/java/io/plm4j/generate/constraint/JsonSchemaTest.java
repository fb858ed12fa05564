package io.plm4j.generate.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
  private static Set<Position> start(String schema) {
    var positions = new LinkedHashSet<Position>();
    SchemaCompiler.compile("schema.json", schema).enter(Position.END, positions::add);
    return positions;
  }

  private static boolean accepts(String schema, String text) {
    Set<Position> positions = start(schema);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      positions = Lookahead.read(positions, b & 0xFF);
    }
    return positions.contains(Position.END);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\":1}",
        "{\"a\": 1, \"b\": \"x\"}",
        "{\n  \"a\": -7,\n  \"b\": \"\\u00e9\"\n}",
        "{\"b\":\"日本 \\\"\\\\ \\n\"}"
      })
  void objectsMayBeWrittenTightOrOverLines(String text) {
    var schema =
        """
        {"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}}}\
        """;
    assertThat(accepts(schema, text)).isTrue();
    new Validator(schema).check(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"b\":\"x\",\"a\":1}", "{\"a\":01}", "{\"a\":1,}", "{\"c\":1}", "{\"a\":1.5}",
            "{ \"a\" : 1}",
        "{\"b\":\"\n\"}", "{\"b\":\"\\ud800\"}", "{\"a\":1}\n", " {}", "{  }", "{\"a\":-0}"
      })
  void whatBreaksTheSchemaOrWandersCannotCome(String text) {
    assertThat(
            accepts(
                """
                {"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}}}\
                """,
                text))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'minimum':3,'maximum':12} | 3 3.0 3.000001 11.99 12 12.0 | 2.999 12.001 2 -3 13 100 03",
        "{'exclusiveMinimum':3,'exclusiveMaximum':12} | 3.1 4 11.9 | 3 3.0 12 12.0",
        "{'type':'integer','minimum':-105,'maximum':-7} | -105 -100 -7 -8 -99 | -106 -6 7 0 -0 -7.5",
        "{'type':'integer','minimum':-2.5,'maximum':2.5} | -2 -1 0 1 2 | -3 3 -0",
        "{'minimum':-0.5,'exclusiveMaximum':0.25} | -0.5 -0.49 0 0.24 0.2499 | -0.51 0.25 0.250 -0",
        "{'type':'integer','multipleOf':25,'minimum':30} | 50 75 100 1000 | 25 30 51 0",
        "{'multipleOf':0.25,'maximum':2} | 0 0.25 1.5 2 -3.75 2.0 | 0.2 0.3 2.25 0.125",
        "{'type':'integer','minimum':1e30} | 1000000000000000000000000000000 | 999999999999999999999999999999 1",
        "{'type':'integer','maximum':1e300} | 0 999999999999999999 -5 | x"
      })
  void numbersKeepTheirBoundsExactly(String schema, String good, String bad) {
    var whole = schema.replace('\'', '"').replaceFirst("\\{(?!\"type)", "{\"type\":\"number\",");
    for (var text : good.strip().split(" ")) {
      assertThat(accepts(whole, text)).as(text + " for " + whole).isTrue();
      new Validator(whole).check(text);
    }
    for (var text : bad.strip().split(" ")) {
      assertThat(accepts(whole, text)).as(text + " for " + whole).isFalse();
    }
  }

  @Test
  void nestingEndsBeforeReadersGiveUp() {
    assertThat(accepts("{}", "[".repeat(60) + "]".repeat(60))).isTrue();
    assertThat(accepts("{}", "[".repeat(80) + "]".repeat(80))).isFalse();
    var tree =
        """
        {"type":"object","properties":{"next":{"$ref":"#"},"n":{"type":"integer"}},"required":["n"]}\
        """;
    assertThat(accepts(tree, "{\"next\":{\"n\":1},\"n\":2}")).isTrue();
    var endless = "{\"next\":".repeat(200);
    assertThat(accepts(tree, endless)).isFalse();
    for (int seed = 0; seed < 5; seed++) {
      new Validator("{}")
          .check(Play.answer(Constraint.jsonSchema("{}"), 2000, new SplittableRandom(seed)));
    }
  }

  @Test
  void aMapHasNoNameTwiceAndNoneOfTheKnownOnes() {
    var schema =
        """
        {"type":"object","properties":{"ab":{"type":"null"}},"additionalProperties":{"type":"boolean"}}\
        """;
    assertThat(accepts(schema, "{\"ab\":null,\"a\":true,\"abc\":false}")).isTrue();
    assertThat(accepts(schema, "{\"a\":true,\"ab\":false}")).isFalse();
    assertThat(accepts(schema, "{\"a\":true,\"a\":false}")).isFalse();
    assertThat(accepts(schema, "{\"a\":true,\"b\":true,\"a\":false}")).isFalse();
    // Escapes could hide a name.
    assertThat(accepts(schema, "{\"\\u0061b\":true}")).isFalse();
    var three =
        """
        {"type":"object","additionalProperties":true,"maxProperties":2}\
        """;
    assertThat(accepts(three, "{\"a\":1,\"b\":2}")).isTrue();
    assertThat(accepts(three, "{\"a\":1,\"b\":2,\"c\":3}")).isFalse();
  }

  @Test
  void aSchemaWithoutTypeMeansWhatItsKeywordsAreAbout() {
    assertThat(accepts("{\"properties\":{\"a\":{\"minLength\":1}}}", "{\"a\":\"x\"}")).isTrue();
    assertThat(accepts("{\"properties\":{\"a\":{\"minLength\":1}}}", "3")).isFalse();
    assertThat(accepts("{\"type\":[\"string\",\"null\"]}", "null")).isTrue();
    assertThat(accepts("{\"type\":\"string\",\"nullable\":true}", "null")).isTrue();
    assertThat(accepts("true", "[1,{\"a\":null}]")).isTrue();
  }

  @Test
  void allOfJoinsAndListedValuesAreSifted() {
    var joined =
        """
        {"allOf":[{"$ref":"#/$defs/a"},{"properties":{"y":{"type":"integer","maximum":5}}}],
         "$defs":{"a":{"type":"object","properties":{"x":{"type":"integer"},"y":{"minimum":3}},"required":["y"]}}}\
        """;
    assertThat(accepts(joined, "{\"x\":1,\"y\":4}")).isTrue();
    assertThat(accepts(joined, "{\"y\":6}")).isFalse();
    assertThat(accepts(joined, "{\"y\":2}")).isFalse();
    assertThat(accepts(joined, "{\"x\":1}")).isFalse();
    var sifted =
        """
        {"enum":["a","bb",3,7.0,null,{"k":1}],"anyOf":[{"minLength":2,"type":"string"},{"type":"integer","minimum":5}],"not":{"const":"zz"}}\
        """;
    assertThat(accepts(sifted, "\"bb\"")).isTrue();
    assertThat(accepts(sifted, "7.0")).isTrue();
    for (var text : new String[] {"\"a\"", "3", "null", "{\"k\":1}"}) {
      assertThat(accepts(sifted, text)).as(text).isFalse();
    }
  }

  @Test
  void branchesOfOneOfMustBeProvablyApart() {
    var apart =
        """
        {"oneOf":[{"type":"integer","maximum":4},{"type":"integer","exclusiveMinimum":4},{"type":"string"},
          {"type":"object","properties":{"k":{"const":1}},"required":["k"]},
          {"type":"object","properties":{"k":{"const":2}},"required":["k"]}]}\
        """;
    assertThat(accepts(apart, "{\"k\":2}")).isTrue();
    assertThat(accepts(apart, "4")).isTrue();
    assertThatThrownBy(() ->
            start(
                """
                {"oneOf":[{"type":"integer"},{"type":"number"}]}\
                """))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("schema.json: #/oneOf/")
        .hasMessageContaining("use anyOf");
    assertThatThrownBy(() ->
            start(
                """
                {"properties":{"a":{},"b":{}},"oneOf":[{"required":["a"]},{"required":["b"]}]}\
                """))
        .hasMessageContaining("#/oneOf/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'strng'} | #/type is \"strng\"; it must be null, boolean",
        "{'properties':{'a':{'patternProperties':{}}}} | #/properties/a/patternProperties",
        "{'if':true} | anyOf",
        "{'requird':['a']} | #/requird",
        "{'items':[{}]} | prefixItems",
        "{'$ref':'other.json#/a'} | leads to another file",
        "{'$ref':'#/$defs/a'} | leads nowhere",
        "{'$ref':'#'} | refers to itself",
        "{'anyOf':[{'$ref':'#'},{'type':'null'}]} | refers to itself",
        "{'minLength':-1} | #/minLength is -1; it must be a whole number",
        "{'minimum':'3'} | #/minimum is \"3\"; it must be a number",
        "{'exclusiveMinimum':true,'type':'number'} | #/exclusiveMinimum is true",
        "{'pattern':'(?=a)b'} | #/pattern",
        "{'pattern':'a\\\\b'} | \\b is not supported",
        "{'format':'duration'} | must be one of [date, date-time, email",
        "{'uniqueItems':true} | #/uniqueItems",
        "{'minProperties':2} | #/minProperties",
        "{'multipleOf':0} | #/multipleOf",
        "{'enum':[]} | #/enum",
        "{'enum':['\\ud800']} | lone surrogate",
        "{'type':'number','minimum':1e999} | exponent",
        "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']} | cannot be kept",
        "{'type':'string','minLength':3,'maxLength':2} | cannot be kept",
        "{'enum':[1,2],'type':'string'} | cannot be kept",
        "{'unevaluatedProperties':{'type':'null'}} | additionalProperties",
        "{'type':'string','pattern':'a.{40}b'} | too many states",
        "false | cannot be kept",
        "[1] | must be a schema",
        "{'a':1,'a':2} | not valid JSON at line 1"
      })
  void whatCannotBeObeyedIsRefusedWithItsPlace(String schema, String message) {
    assertThatThrownBy(() -> start(schema.replace('\'', '"')))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("schema.json")
        .hasMessageContaining(message);
  }

  @Test
  void aFileThatIsNotThereIsRefusedByName(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> Constraint.jsonSchema(folder.resolve("none.json")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none.json does not exist");
    var file = Files.write(folder.resolve("latin.json"), new byte[] {'"', (byte) 0xE9, '"'});
    assertThatThrownBy(() -> Constraint.jsonSchema(file)).hasMessageContaining("not UTF-8");
  }
}
