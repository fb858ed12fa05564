package io.plm4j.nano.scene;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Questions about where shapes are to each other, and which is largest.
final class SceneRelations {
  private final Dice dice;
  private final Scene scene;
  private final List<Figure> figures;

  SceneRelations(Dice dice, Scene scene) {
    this.dice = dice;
    this.scene = scene;
    figures = scene.figures();
  }

  List<Turn> questions() {
    var turns = new ArrayList<Turn>();
    var unique = figures.stream().filter(scene::isUnique).toList();
    if (unique.size() > 1) {
      var pair = dice.some(unique, 2);
      turns.addAll(relation(pair.get(0), pair.get(1)));
      turns.addAll(relation(pair.get(1), pair.get(0)));
    }
    var sizes = figures.stream().filter(f -> f.size() == Figure.SizeWord.LARGE).toList();
    if (sizes.size() == 1) {
      turns.add(
          SceneTalk.exact(
              "largest shape",
              dice.pick("Which shape is the largest?", "What is the biggest shape?"),
              English.withArticle(sizes.getFirst().name())));
    }
    turns.add(edge("leftmost", "furthest to the left", scene.width(), f -> f.x()));
    turns.add(edge("rightmost", "furthest to the right", scene.width(), f -> -f.x()));
    turns.add(edge("topmost", "highest in the image", scene.height(), f -> f.y()));
    turns.add(edge("lowest", "lowest in the image", scene.height(), f -> -f.y()));
    turns.removeIf(turn -> turn.question().isEmpty());
    return turns;
  }

  private Turn edge(String word, String phrase, int length, ToDoubleFunction<Figure> at) {
    var sorted = figures.stream().sorted(Comparator.comparingDouble(at)).toList();
    boolean clear =
        at.applyAsDouble(sorted.get(1)) - at.applyAsDouble(sorted.get(0)) > length * 0.06;
    return SceneTalk.exact(
        "outermost shape",
        clear
            ? dice.pick(
                "Which shape is %s?".formatted(phrase), "What is the %s shape?".formatted(word))
            : "",
        English.withArticle(sorted.getFirst().name()));
  }

  private List<Turn> relation(Figure a, Figure b) {
    double dx = a.x() - b.x();
    double dy = a.y() - b.y();
    double far = Math.min(scene.width(), scene.height()) * 0.15;
    var turns = new ArrayList<Turn>();
    if (Math.abs(dx) > far) {
      turns.add(relation(a, b, dx < 0 ? "left of" : "right of", dx < 0 ? "right of" : "left of"));
    }
    if (Math.abs(dy) > far) {
      turns.add(relation(a, b, dy < 0 ? "above" : "below", dy < 0 ? "below" : "above"));
    }
    return turns;
  }

  private Turn relation(Figure a, Figure b, String is, String isNot) {
    if (dice.chance(0.5)) {
      boolean yes = dice.chance(0.5);
      return Turn.exact(
          "relation yes or no",
          "Is the %s %s the %s?".formatted(a.name(), yes ? is : isNot, b.name()),
          yes ? "Yes." : "No.");
    }
    var question =
        is.equals("above") || is.equals("below")
            ? "Is the %s above or below the %s?"
            : "Is the %s left or right of the %s?";
    return SceneTalk.exact(
        "relation", question.formatted(a.name(), b.name()), is.replace(" of", ""));
  }
}
