package io.plm4j.nano.scene;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;

/// Questions about regions of a scene.
record SceneRegions(Dice dice, Scene scene) {
  /// Questions about regions, in the words that Meta taught its models.
  List<Turn> questions() {
    var turns = new ArrayList<Turn>();
    for (var figure : scene.figures()) {
      if (!scene.isUnique(figure)) {
        continue;
      }
      var box = figure.box();
      var caption =
          dice.pick(figure.name(), English.withArticle(figure.name()), "the " + figure.name());
      turns.add(
          new Turn(
              "Provide a bounding box of the region this sentence describes: '%s'.\nUse the format [x1, y1, x2, y2]."
                  .formatted(caption),
              "<|bbox0|>",
              new Check.Region("find a box", box, scene.width(), scene.height()),
              List.of(box)));
      turns.add(
          new Turn(
              dice.pick(
                  "Please describe the region (<|bbox0|>) in details.\nThe region is in the format of [x1, y1, x2, y2].",
                  "What is in the region <|bbox0|>?",
                  "Describe the region <|bbox0|>."),
              English.sentence(English.withArticle(figure.name())) + ".",
              new Check.Exact("describe a box", List.of(English.withArticle(figure.name()))),
              List.of(box)));
    }
    return turns;
  }
}
