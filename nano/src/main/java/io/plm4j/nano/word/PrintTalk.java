package io.plm4j.nano.word;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;

/// What a printed text is asked.
final class PrintTalk {
  private final Dice dice;
  private final Print print;

  PrintTalk(Dice dice, Print print) {
    this.dice = dice;
    this.print = print;
  }

  private String noun() {
    if (print.isNumber()) {
      return "number";
    }
    return print.words().size() == 1 ? "word" : "words";
  }

  Turn description() {
    var facts = new ArrayList<Fact>();
    print.words().forEach(word -> facts.add(new Fact.Mention(word)));
    facts.add(new Fact.Mention(print.ink().label()));
    facts.add(new Fact.Mention(print.ground().label()));
    var answer =
        print
            .sign()
            .map(sign ->
                "%s with the %s \"%s\" in %s letters."
                    .formatted(
                        English.sentence(
                            English.withArticle(print.ground().label() + " " + sign.label())),
                        noun(),
                        print.text(),
                        print.ink().label()))
            .orElseGet(() ->
                "The %s \"%s\" in %s letters on %s."
                    .formatted(
                        noun(),
                        print.text(),
                        print.ink().label(),
                        English.background(print.ground().label())));
    return new Turn(
        dice.pick(
            "Describe the image in details.",
            "Describe the image.",
            "Describe the image briefly.",
            "What is in this picture?",
            "What do you see in the image?",
            "What is shown in the image?",
            "Describe the picture."),
        answer,
        new Check.Facts("describe words", facts));
  }

  List<Turn> questions() {
    var turns = new ArrayList<Turn>();
    turns.add(reading(all(), print.text()));
    turns.add(reading(all(), print.text()));
    turns.add(
        Turn.exact(
            "letter colour",
            dice.pick(
                "What color are the letters?",
                "What color is the text?",
                "What is the color of the text?",
                "In which color is it written?"),
            English.sentence(print.ink().label()) + "."));
    turns.add(
        Turn.exact(
            "background colour",
            print
                .sign()
                .map(sign ->
                    dice.pick("What color is the %s?", "What is the color of the %s?")
                        .formatted(sign.label()))
                .orElseGet(() ->
                    dice.pick("What color is the background?", "What is the background color?")),
            English.sentence(print.ground().label()) + "."));
    int count = print.words().size();
    if (!print.isNumber()) {
      turns.add(
          new Turn(
              dice.pick(
                  "How many words are there?", "How many words can you read?", "Count the words."),
              Integer.toString(count),
              new Check.Amount("count words", count, 0)));
    }
    if (print.lines().size() > 1) {
      turns.add(
          new Turn(
              dice.pick("How many lines of text are there?", "How many lines are there?"),
              Integer.toString(print.lines().size()),
              new Check.Amount("count lines of text", print.lines().size(), 0)));
      for (int i = 0; i < print.lines().size(); i++) {
        turns.add(
            reading(
                dice.pick("What does the %s line say?", "Read the %s line.")
                    .formatted(English.ORDINALS.get(i)),
                print.lines().get(i)));
      }
    }
    if (count > 1) {
      turns.add(
          reading(
              dice.pick("What is the first word?", "Which word comes first?"),
              print.words().getFirst()));
      turns.add(
          reading(
              dice.pick("What is the last word?", "Which word comes last?"),
              print.words().getLast()));
      for (int i = 1; i < Math.min(count, 5); i++) {
        turns.add(
            reading(
                "What is the %s word?".formatted(English.ORDINALS.get(i)), print.words().get(i)));
      }
    } else if (!print.isNumber()) {
      turns.add(
          reading(
              dice.pick("What is the first letter?", "Which letter comes first?"),
              print.text().substring(0, 1)));
      turns.add(
          new Turn(
              "How many letters does it have?",
              Integer.toString(print.text().length()),
              new Check.Amount("count letters", print.text().length(), 0)));
      turns.add(
          new Turn(
              dice.pick("Spell the word.", "Spell what you read."),
              String.join(" ", print.text().split("")),
              new Check.Reading("spell", String.join(" ", print.text().split("")))));
    }
    return turns;
  }

  private static Turn reading(String question, String text) {
    return new Turn(question, text, new Check.Reading("read words", text));
  }

  private String all() {
    if (print.isNumber() && dice.chance(0.5)) {
      return dice.pick(
          "What number is shown?",
          "Which number do you see?",
          "What is the number?",
          "Read the number.");
    }
    if (print.sign().isPresent() && dice.chance(0.5)) {
      return dice.pick("What does the sign say?", "What is written on the sign?", "Read the sign.");
    }
    return dice.pick(
        "What does it say?",
        "What does it say?",
        "Read the text.",
        "What is written in the image?",
        "What text is in the image?",
        "What is written here?",
        "Read the text in the image.",
        "What can you read?",
        "What does the text say?",
        "Transcribe the text.");
  }
}
