package io.plm4j.nano.smalltalk;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Media;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.Exhibit;
import io.plm4j.nano.talk.Turn;
import java.util.List;

/// Short questions whose answers are in no picture.
public final class SmallTalk {
  private record Topic(List<String> questions, String answer) {}

  private static final List<Topic> TOPICS =
      List.of(
          topic(
              "Hello! Show me a picture or a clip and ask me about it.",
              "Hello.",
              "Hi.",
              "Hello!",
              "Hi there.",
              "Good morning."),
          topic(
              "You are welcome.", "Thank you.", "Thanks.", "Thanks a lot.", "Thank you very much."),
          topic("Goodbye.", "Bye.", "Goodbye.", "See you later."),
          topic(
              "I am plm-nano, a small model that looks at pictures and clips.",
              "Who are you?",
              "What are you?",
              "What is your name?"),
          topic(
              "I can describe charts, shapes, printed words and short clips.",
              "What can you do?",
              "How can you help me?",
              "What do you know?"),
          topic(
              "There is no image. Please show me one.",
              "Describe the image.",
              "What is in this picture?",
              "What does it say?",
              "Describe the bar plot in the image."),
          topic(
              "There is no video. Please show me one.",
              "Can you describe the video in detail?",
              "What happens in the video?"),
          topic(
              "A bar chart shows values as bars: the longer the bar, the higher the value.",
              "What is a bar chart?",
              "What is a bar plot?",
              "Explain bar charts."),
          topic(
              "A line chart shows how a value changes, as a line from point to point.",
              "What is a line chart?",
              "What is a line plot?"),
          topic(
              "A pie chart shows the parts of a whole as slices of a circle.",
              "What is a pie chart?",
              "Explain pie charts."),
          topic(
              "A legend says which color stands for what.",
              "What is a legend?",
              "What does a legend show?"),
          topic("An axis is a line along which values are marked.", "What is an axis?"),
          topic(
              "A triangle has three sides.",
              "How many sides does a triangle have?",
              "What is a triangle?"),
          topic(
              "A square has four equal sides.",
              "How many sides does a square have?",
              "What is a square?"),
          topic(
              "A circle is round and has no corners.",
              "What is a circle?",
              "How many corners does a circle have?"),
          topic(
              "A pentagon has five sides.",
              "How many sides does a pentagon have?",
              "What is a pentagon?"),
          topic(
              "A hexagon has six sides.",
              "How many sides does a hexagon have?",
              "What is a hexagon?"),
          topic("A star has points, most often five.", "What is a star?"),
          topic(
              "A video is a row of pictures that are shown one after the other.",
              "What is a video?",
              "What is a clip?"),
          topic(
              "I do not know. I only know about pictures.",
              "What is the weather today?",
              "Who won the game?",
              "What time is it?",
              "Tell me a joke."));

  private SmallTalk() {}

  private static Topic topic(String answer, String... questions) {
    return new Topic(List.of(questions), answer);
  }

  /// One question, now and then two.
  public static Exhibit talk(Dice dice, int turns) {
    var turnsChosen =
        dice.some(TOPICS, turns > 1 && dice.chance(0.4) ? 2 : 1).stream()
            .map(topic ->
                new Turn(
                    dice.pick(topic.questions()),
                    topic.answer(),
                    new Check.Exact("small talk", List.of(topic.answer()))))
            .toList();
    return new Exhibit(new Media.Nothing(), turnsChosen);
  }
}
