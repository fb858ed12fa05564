package io.plm4j.nano.clip;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Outline;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;

/// What a clip is asked.
final class StoryTalk {
  private final Dice dice;
  private final Story story;
  private final List<Actor> actors;

  StoryTalk(Dice dice, Story story) {
    this.dice = dice;
    this.story = story;
    actors = story.actors();
  }

  private String background() {
    return story.backdrop().hue().label();
  }

  Turn description() {
    var facts = new ArrayList<Fact>();
    var parts = new ArrayList<String>();
    for (var actor : actors) {
      parts.add(English.withArticle(actor.name()) + " " + actor.verb());
      facts.add(new Fact.Mention(actor.name()));
      facts.add(new Fact.Mention(actor.verb()));
    }
    facts.add(new Fact.Mention(background()));
    return new Turn(
        dice.pick(
            "Can you describe the video in detail?",
            "Can you describe the video in detail?",
            "Can you describe the video in detail?",
            "Describe the video.",
            "Describe the video in detail.",
            "What is happening in the video?",
            "What happens in the video?",
            "Describe the video in details.",
            "What do you see in the clip?",
            "Describe what happens in this clip."),
        "%s on %s."
            .formatted(
                English.sentence(String.join(" while ", parts)), English.background(background())),
        new Check.Facts("describe clip", facts));
  }

  List<Turn> questions() {
    var turns = new ArrayList<Turn>();
    turns.add(
        exact(
            "background colour",
            dice.pick("What color is the background?", "What is the background color?"),
            background()));
    turns.add(
        new Turn(
            dice.pick(
                "How many shapes are in the video?",
                "How many objects are there?",
                "How many things can you see?"),
            Integer.toString(actors.size()),
            new Check.Amount("count in clip", actors.size(), 0)));
    for (var actor : actors) {
      turns.addAll(about(actor));
    }
    turns.addAll(who());
    return turns;
  }

  private static Turn exact(String topic, String question, String answer) {
    return Turn.exact(topic, question, English.sentence(answer) + ".");
  }

  private boolean outlineIsUnique(Actor actor) {
    return actors.stream().filter(other -> other.outline() == actor.outline()).count() == 1;
  }

  /// What to call an actor: its outline if that is enough.
  private String the(Actor actor) {
    return "the "
        + (outlineIsUnique(actor) && dice.chance(0.6) ? actor.outline().label() : actor.name());
  }

  private List<Turn> about(Actor actor) {
    var turns = new ArrayList<Turn>();
    var it = the(actor);
    turns.add(
        new Turn(
            dice.pick("What does %s do?", "What happens to %s?", "What is %s doing?").formatted(it),
            "It %s.".formatted(actor.verb()),
            new Check.Exact(
                "what it does", List.of("It %s.".formatted(actor.verb()), actor.verb()))));
    boolean recoloured = actor.action() instanceof Action.Recolours;
    if (outlineIsUnique(actor) && !recoloured) {
      turns.add(
          exact(
              "colour in clip",
              dice.pick("What color is the %s?", "What is the color of the %s?")
                  .formatted(actor.outline().label()),
              actor.color().label()));
    }
    if (actors.stream().filter(other -> other.color().hue() == actor.color().hue()).count() == 1
        && !recoloured) {
      turns.add(
          exact(
              "shape in clip",
              dice.pick("Which shape is %s?", "What shape is %s?").formatted(actor.color().label()),
              English.withArticle(actor.outline().label())));
    }
    boolean moves = actor.action().isMotion();
    turns.add(Turn.exact("does it move", "Does %s move?".formatted(it), moves ? "Yes." : "No."));
    turns.addAll(about(actor, it));
    return turns;
  }

  private List<Turn> about(Actor actor, String it) {
    return switch (actor.action()) {
      case Action.Moves(var heading) -> path(it, heading, heading.path());
      case Action.Crosses(var heading) -> crossing(it, heading);
      case Action.ThereAndBack(var heading) ->
          List.of(
              exact("direction", "Where does %s move first?".formatted(it), heading.there()),
              Turn.exact("comes back", "Does %s come back?".formatted(it), "Yes."));
      case Action.Circles() ->
          List.of(exact("direction", "How does %s move?".formatted(it), "in a circle"));
      case Action.Bounces() ->
          List.of(exact("direction", "How does %s move?".formatted(it), "up and down"));
      case Action.Appears(var moment) -> appearing(it, moment);
      case Action.Vanishes(var moment) -> vanishing(it, moment);
      case Action.Recolours(var to, var moment) -> recolouring(actor, it, to.label(), moment);
      case Action.Grows() -> List.of(size(it, "larger"));
      case Action.Shrinks() -> List.of(size(it, "smaller"));
      case Action.Spins() -> List.of(Turn.exact("spins", "Does %s spin?".formatted(it), "Yes."));
      case Action.Stays() ->
          List.of(Turn.exact("stays", "Does %s stay still?".formatted(it), "Yes."));
    };
  }

  private Turn size(String it, String how) {
    return exact(
        "size in clip",
        dice.pick("Does %s get larger or smaller?", "Does %s become larger or smaller?")
            .formatted(it),
        how);
  }

  private List<Turn> path(String it, Heading heading, String path) {
    var turns = new ArrayList<Turn>();
    turns.add(
        exact(
            "direction",
            dice.pick(
                    "In which direction does %s move?",
                    "Where does %s move?", "How does %s move?", "Which way does %s go?")
                .formatted(it),
            path));
    turns.add(
        exact(
            "start",
            dice.pick("Where does %s start?", "Where is %s at the beginning?").formatted(it),
            place(heading.start())));
    turns.add(
        exact(
            "end",
            dice.pick("Where does %s end?", "Where is %s at the end?").formatted(it),
            place(heading.end())));
    if (!heading.isDiagonal()) {
      boolean across = heading.dx() != 0;
      turns.add(
          exact(
              "direction",
              "Does %s move %s?".formatted(it, across ? "left or right" : "up or down"),
              heading.word()));
    }
    return turns;
  }

  private static String place(String side) {
    return switch (side) {
      case "left", "right" -> "on the " + side;
      default -> side.startsWith("the ") ? "at " + side : "at the " + side;
    };
  }

  private List<Turn> crossing(String it, Heading heading) {
    return List.of(
        exact(
            "direction",
            dice.pick("In which direction does %s move?", "Which way does %s go?").formatted(it),
            heading.path()),
        exact("start", "Where does %s come in?".formatted(it), place(heading.start())),
        exact("end", "Where does %s leave?".formatted(it), place(heading.end())),
        exact(
            "direction",
            "Does %s move %s?".formatted(it, heading.dx() != 0 ? "left or right" : "up or down"),
            heading.word()));
  }

  private List<Turn> appearing(String it, Action.Moment moment) {
    var turns =
        new ArrayList<>(
            when(
                moment,
                "When does %s appear?".formatted(it),
                "At which second does %s appear?".formatted(it)));
    turns.add(Turn.exact("there at first", "Is %s there at the beginning?".formatted(it), "No."));
    turns.add(Turn.exact("there at last", "Is %s there at the end?".formatted(it), "Yes."));
    return turns;
  }

  private List<Turn> vanishing(String it, Action.Moment moment) {
    var turns =
        new ArrayList<>(
            when(
                moment,
                "When does %s disappear?".formatted(it),
                "At which second does %s disappear?".formatted(it)));
    turns.add(Turn.exact("there at first", "Is %s there at the beginning?".formatted(it), "Yes."));
    turns.add(Turn.exact("there at last", "Is %s there at the end?".formatted(it), "No."));
    return turns;
  }

  private List<Turn> recolouring(Actor actor, String it, String to, Action.Moment moment) {
    var shape = "the " + actor.outline().label();
    if (!outlineIsUnique(actor)) {
      return List.of();
    }
    var turns =
        new ArrayList<>(
            when(
                moment,
                "When does %s change its color?".formatted(shape),
                "At which second does %s change its color?".formatted(shape)));
    turns.add(
        exact(
            "colour at first",
            "What color is %s at the beginning?".formatted(shape),
            actor.color().label()));
    turns.add(exact("colour at last", "What color is %s at the end?".formatted(shape), to));
    turns.add(
        exact(
            "colour change",
            dice.pick(
                    "How does the color of %s change?",
                    "Which color does %s have, and which later?")
                .formatted(shape),
            "from %s to %s".formatted(actor.color().label(), to)));
    return turns;
  }

  /// The frames carry no clock: seconds can be told only by who knows how long the clip is.
  private List<Turn> when(Action.Moment moment, String question, String inSeconds) {
    double second = moment.at() * story.seconds();
    return List.of(
        exact("when", question, moment.phrase()),
        new Turn(
            "The clip is %d seconds long. %s".formatted(story.seconds(), inSeconds),
            "At about %s seconds.".formatted(trimmed(second)),
            new Check.Amount("when, in seconds", second, story.seconds() * 0.13)));
  }

  private static String trimmed(double second) {
    double half = Math.rint(second * 2) / 2;
    return half == Math.rint(half) ? Long.toString((long) half) : Double.toString(half);
  }

  private List<Turn> who() {
    var turns = new ArrayList<Turn>();
    var moving = actors.stream().filter(actor -> actor.action().isMotion()).toList();
    if (moving.size() == 1) {
      turns.add(
          exact(
              "what moves",
              dice.pick("What is moving?", "Which shape moves?", "What moves in the video?"),
              English.withArticle(moving.getFirst().name())));
    }
    var outline = dice.pick(Outline.SIMPLE);
    boolean there = actors.stream().anyMatch(actor -> actor.outline() == outline);
    turns.add(
        Turn.exact(
            "is there in clip",
            "Is there %s in the video?".formatted(English.withArticle(outline.label())),
            there ? "Yes." : "No."));
    return turns;
  }
}
