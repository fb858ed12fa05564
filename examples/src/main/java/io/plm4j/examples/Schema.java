package io.plm4j.examples;

import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.generate.Listener;
import io.plm4j.generate.constraint.Constraint;
import io.plm4j.media.Image;
import java.nio.file.Path;

/// Asks for an answer as JSON that keeps a schema: it always parses. Arguments: model, picture.
final class Schema {
  private static final String SCHEMA =
      """
      {
        "type": "object",
        "properties": {
          "animal": {"enum": ["cat", "dog", "other"]},
          "count": {"type": "integer", "minimum": 0, "maximum": 99},
          "indoors": {"type": "boolean"}
        },
        "required": ["animal", "count", "indoors"],
        "additionalProperties": false
      }
      """;

  private Schema() {}

  public static void main(String[] args) {
    var form = GenerationOptions.DEFAULT.withConstraint(Constraint.jsonSchema(SCHEMA));
    var request = Request.of("Which animal is it?", Image.read(Path.of(args[1])));
    try (var plm = Plm.load(args[0])) {
      var answer = plm.ask(request.withOptions(form), Listener.NONE);
      System.out.println(answer.text());
    }
  }
}
