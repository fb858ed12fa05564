package io.plm4j.nano.scene;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Outline;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// What a scene is asked.
final class SceneTalk {
  private final Dice dice;
  private final Scene scene;
  private final List<Figure> figures;

  SceneTalk(Dice dice, Scene scene) {
    this.dice = dice;
    this.scene = scene;
    figures = scene.figures();
  }

  private String background() {
    return scene.backdrop().hue().label();
  }

  Turn description() {
    var facts = new ArrayList<Fact>();
    facts.add(new Fact.Mention(background()));
    String what;
    if (scene.isCrowd()) {
      var one = figures.getFirst();
      what = English.counted(figures.size(), one.name());
      facts.add(new Fact.Mention(List.of(English.number(figures.size()), "" + figures.size())));
      facts.add(new Fact.Mention(one.color().label()));
      facts.add(
          new Fact.Mention(List.of(one.outline().label(), English.plural(one.outline().label()))));
    } else {
      var items = new ArrayList<String>();
      for (var figure : figures) {
        var place = Where.phrase(scene.place(figure));
        items.add(English.withArticle(figure.fullName()) + " " + place);
        facts.add(new Fact.Mention(figure.name()));
      }
      what = English.list(items);
    }
    return new Turn(
        dice.pick(
            "Describe the image in details.",
            "Describe the image.",
            "What is in this picture?",
            "What do you see in the image?",
            "Can you describe the image in detail?",
            "Describe the picture.",
            "What is shown in the image?",
            "Describe the scene."),
        "%s on %s.".formatted(English.sentence(what), English.background(background())),
        new Check.Facts("describe scene", facts));
  }

  List<Turn> questions() {
    var turns = new ArrayList<Turn>();
    turns.addAll(counts());
    turns.add(
        exact(
            "background colour",
            dice.pick(
                "What color is the background?",
                "What is the background color?",
                "What colour is behind the shapes?"),
            background()));
    turns.add(brief());
    for (var figure : figures) {
      turns.addAll(about(figure));
    }
    if (figures.size() > 1 && !scene.isCrowd()) {
      turns.addAll(new SceneRelations(dice, scene).questions());
    }
    turns.addAll(presence());
    return turns;
  }

  static Turn exact(String topic, String question, String answer) {
    return Turn.exact(topic, question, English.sentence(answer) + ".");
  }

  private Turn brief() {
    return new Turn(
        dice.pick(
            "Describe the image briefly.",
            "Provide a one-sentence caption for the provided image."),
        "%s on %s."
            .formatted(
                scene.isCrowd()
                    ? English.sentence(English.counted(figures.size(), figures.getFirst().name()))
                    : figures.size() == 1
                        ? English.sentence(English.withArticle(figures.getFirst().name()))
                        : English.sentence(English.counted(figures.size(), "shape")),
                English.background(background())),
        new Check.Facts("caption scene", List.of(new Fact.Mention(background()))));
  }

  private List<Turn> counts() {
    var turns = new ArrayList<Turn>();
    turns.add(
        count(
            dice.pick(
                "How many shapes are there?",
                "How many shapes are in the image?",
                "How many objects can you see?",
                "Count the shapes."),
            figures.size()));
    var outlines = new LinkedHashSet<>(figures.stream().map(Figure::outline).toList());
    var hues = new LinkedHashSet<>(figures.stream().map(f -> f.color().hue()).toList());
    for (var outline : outlines) {
      long count = figures.stream().filter(f -> f.outline() == outline).count();
      turns.add(
          count(
              dice.pick(
                      "How many %s are there?",
                      "How many %s can you see?", "How many %s are in the image?")
                  .formatted(English.plural(outline.label())),
              count));
    }
    for (var hue : hues) {
      long count = figures.stream().filter(f -> f.color().hue() == hue).count();
      turns.add(
          count(
              dice.pick("How many shapes are %s?", "How many %s shapes are there?")
                  .formatted(hue.label()),
              count));
    }
    return turns;
  }

  private static Turn count(String question, long count) {
    return new Turn(question, Long.toString(count), new Check.Amount("count shapes", count, 0));
  }

  private List<Turn> about(Figure figure) {
    var turns = new ArrayList<Turn>();
    var outline = figure.outline();
    var hue = figure.color().hue();
    boolean onlyOutline = figures.stream().filter(f -> f.outline() == outline).count() == 1;
    boolean onlyHue = figures.stream().filter(f -> f.color().hue() == hue).count() == 1;
    if (onlyOutline) {
      turns.add(
          exact(
              "shape colour",
              dice.pick(
                      "What color is the %s?",
                      "What is the color of the %s?",
                      "Which color does the %s have?",
                      "What colour is the %s?")
                  .formatted(outline.label()),
              hue.label()));
    }
    if (onlyHue) {
      turns.add(
          exact(
              "shape by colour",
              dice.pick("What shape is %s?", "Which shape is %s?", "What is %s in the image?")
                  .formatted(hue.label()),
              English.withArticle(outline.label())));
    }
    if (figures.size() == 1) {
      turns.add(
          exact(
              "shape",
              dice.pick("What shape is this?", "What shape is it?", "Which shape is shown?"),
              English.withArticle(outline.label())));
      turns.add(
          exact(
              "shape colour",
              dice.pick("What color is the shape?", "What color is it?"),
              hue.label()));
    }
    if (scene.isUnique(figure) && !scene.isPlaceDoubtful(figure)) {
      turns.add(
          exact(
              "where",
              dice.pick(
                      "Where is the %s?",
                      "Where in the image is the %s?", "In which part of the image is the %s?")
                  .formatted(figure.name()),
              Where.phrase(scene.place(figure))));
    }
    if (!scene.isPlaceDoubtful(figure)
        && figures.stream().filter(f -> scene.place(f).equals(scene.place(figure))).count() == 1
        && figures.stream().filter(f -> f != figure).noneMatch(scene::isPlaceDoubtful)) {
      turns.add(
          exact(
              "what is where",
              dice.pick("What is %s?", "Which shape is %s?", "What is %s of the image?")
                  .formatted(Where.phrase(scene.place(figure))),
              English.withArticle(figure.name())));
    }
    if (figure.size() != Figure.SizeWord.UNSAID && scene.isUnique(figure)) {
      turns.add(
          exact(
              "size",
              "Is the %s large or small?".formatted(figure.name()),
              figure.size().prefix().strip()));
    }
    return turns;
  }

  private List<Turn> presence() {
    var figure = dice.pick(figures);
    var hue = dice.pick(Hue.BRIGHT);
    var outline = dice.pick(Outline.SIMPLE);
    boolean there =
        figures.stream().anyMatch(f -> f.color().hue() == hue && f.outline() == outline);
    var asked = dice.chance(0.5) ? figure.name() : hue.label() + " " + outline.label();
    boolean yes = asked.equals(figure.name()) || there;
    return List.of(
        Turn.exact(
            "is there",
            dice.pick("Is there %s?", "Can you see %s?").formatted(English.withArticle(asked)),
            yes ? "Yes." : "No."));
  }
}
