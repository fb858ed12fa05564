package io.plm4j.task;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.generate.constraint.Constraint;
import io.plm4j.region.BoxText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A question that the model was taught to answer, with blanks for what a person gives.
///
/// In the question, `{caption}` stands for words; `<|bbox0|>` for a box; `{first}` and `{last}` for
/// the given frames; `{frames}`, `{highest}` and `{total}` for how many frames the model sees, the
/// number of the last of them, and how many the video has.
///
/// @param name by which a person calls it
/// @param summary what it does, in a line
/// @param shown what it is about
/// @param question with blanks
/// @param marked whether the given boxes are drawn onto what is shown, or written
/// @param reply the form of the answer
/// @param maxNewTokens how long the answer may be
public record Task(
    String name,
    String summary,
    Shown shown,
    String question,
    Marked marked,
    Reply reply,
    int maxNewTokens) {
  /// What a task is about.
  public enum Shown {
    /// One picture, in as many tiles as the checkpoint says.
    PICTURE,
    /// Two pictures or more, each as one tile.
    PICTURES,
    /// A video.
    VIDEO
  }

  /// How a task knows of given boxes.
  public enum Marked {
    /// There are none.
    NOT,
    /// In the question.
    IN_WORDS,
    /// As red rectangles, see [io.plm4j.region.Outline#RED].
    DRAWN
  }

  /// All there are.
  public static List<Task> all() {
    return Tasks.ALL;
  }

  /// @throws InputException if there is none of this name
  public static Task named(String name) {
    return all().stream()
        .filter(task -> task.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new InputException(
                "there is no task %s; there are %s"
                    .formatted(
                        Excerpt.of(name),
                        all().stream().map(Task::name).collect(Collectors.joining(", ")))));
  }

  /// The question with its blanks filled in.
  ///
  /// @throws InputException if something is missing, or given without a use
  public String question(Given given, Scene scene) {
    requireFitting(given, scene);
    var words =
        switch (scene) {
          case Scene.Picture(int width, int height) ->
              marked == Marked.IN_WORDS
                  ? new BoxText(width, height).fill(question, given.boxes())
                  : question;
          case Scene.Film(int frames, int total) ->
              question
                  .replace("{frames}", Integer.toString(frames))
                  .replace("{highest}", Integer.toString(frames - 1))
                  .replace("{total}", Integer.toString(total));
        };
    if (given.frames().isPresent()) {
      words =
          words
              .replace("{first}", Integer.toString(given.frames().get().first()))
              .replace("{last}", Integer.toString(given.frames().get().last()));
    }
    // Last, because nothing in a person's words is a blank.
    return given.caption().isPresent() ? words.replace("{caption}", given.caption().get()) : words;
  }

  private void requireFitting(Given given, Scene scene) {
    if ((scene instanceof Scene.Film) != (shown == Shown.VIDEO)) {
      throw new InputException(
          "the task %s is about %s"
              .formatted(name, shown == Shown.VIDEO ? "a video" : "pictures, not a video"));
    }
    require("a caption", needsCaption(), given.caption().isPresent());
    require("frames", needsFrames(), given.frames().isPresent());
    require("a box", needsBox(), !given.boxes().isEmpty());
    if (given.caption().filter(String::isBlank).isPresent()) {
      throw new InputException("the caption is empty; say in words what is looked for");
    }
    if (scene instanceof Scene.Film film
        && given.frames().filter(frames -> frames.last() >= film.frames()).isPresent()) {
      throw new InputException(
          "the model sees %d frames, numbered from 0 to %d, but the given frames go to %d"
              .formatted(film.frames(), film.frames() - 1, given.frames().get().last()));
    }
  }

  private void require(String what, boolean needed, boolean given) {
    if (needed != given) {
      throw new InputException(
          needed
              ? "the task %s needs %s; it asks: %s".formatted(name, what, question)
              : "the task %s has no use for %s; leave it out".formatted(name, what));
    }
  }

  public boolean needsCaption() {
    return question.contains("{caption}");
  }

  public boolean needsFrames() {
    return question.contains("{first}");
  }

  public boolean needsBox() {
    return marked != Marked.NOT;
  }

  public boolean findsBoxes() {
    return reply == Reply.BOX;
  }

  /// What a person gives, in words.
  public List<String> needs() {
    var needs = new ArrayList<String>();
    if (needsCaption()) {
      needs.add("caption");
    }
    if (needsBox()) {
      needs.add("box");
    }
    if (needsFrames()) {
      needs.add("frames");
    }
    return needs;
  }

  /// Reads an answer.
  public Finding read(String answer, Scene scene) {
    return reply.read(answer, scene);
  }

  /// The form to which the answer can be held, so that it can always be read; empty if its form is
  /// words.
  public Optional<Constraint> form(Scene scene) {
    return reply.form(scene);
  }
}
