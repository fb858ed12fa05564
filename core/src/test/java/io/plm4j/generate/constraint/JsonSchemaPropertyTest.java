package io.plm4j.generate.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.error.InputException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Whatever the schema, whatever the model's scores, however few tokens: the answer keeps it.
class JsonSchemaPropertyTest {
  private static final int SCHEMAS = Integer.getInteger("plm.fuzz.cases", 150);

  @Test
  void everyAnswerToARandomSchemaValidates() {
    int refused = 0;
    for (int seed = 0; seed < SCHEMAS; seed++) {
      var random = new SplittableRandom(seed);
      var schema = new RandomSchema(random).next();
      Constraint constraint;
      try {
        constraint = Constraint.jsonSchema(schema);
      } catch (InputException e) {
        // Schemas that cannot be kept come by chance.
        assertThat(e.getMessage()).containsAnyOf("cannot be kept", "refers to itself");
        refused++;
        continue;
      }
      var validator = new Validator(schema);
      int fewest = Play.fewest(constraint);
      for (int round = 0; round < 6; round++) {
        int tokens = fewest + (round < 2 ? round : random.nextInt(120));
        validator.check(Play.answer(constraint, tokens, random));
      }
    }
    assertThat(refused).isLessThan(SCHEMAS / 4);
  }

  @Test
  void aDamagedSchemaIsCompiledOrRefused() {
    var pieces =
        List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "1e999",
            "-1",
            "null",
            "true",
            "\"$ref\"",
            "#",
            "\\",
            "\"type\"",
            "\"not\"",
            "\"oneOf\"",
            "99999999",
            "\"pattern\"",
            "(",
            "{1,9999}",
            "\ud800");
    for (int seed = 0; seed < SCHEMAS * 2; seed++) {
      var random = new SplittableRandom(seed);
      var schema = new StringBuilder(new RandomSchema(random).next());
      for (int i = random.nextInt(3); i >= 0; i--) {
        int from = random.nextInt(schema.length());
        int to = Math.min(schema.length(), from + random.nextInt(12));
        schema.replace(from, to, pieces.get(random.nextInt(pieces.size())));
      }
      try {
        Play.fewest(Constraint.jsonSchema(schema.toString()));
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("the JSON schema");
      }
    }
  }
}
