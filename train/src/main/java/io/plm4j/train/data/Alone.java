package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.language.SequenceTree;
import io.plm4j.text.Content;
import io.plm4j.text.MediaPlacement;
import io.plm4j.text.MediaSpan;
import io.plm4j.text.Message;
import io.plm4j.text.Prompt;
import io.plm4j.text.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Takes the questions of a row apart, each with its answer and all that the row shows, and puts
/// them into one tree, in which what is shown lies once.
final class Alone {
  private Alone() {}

  /// The row's conversation as one for each question.
  static List<List<Message>> of(Row row) {
    if (row.placement() == MediaPlacement.IN_PLACE) {
      throw new InputException(
          "its pictures stand between words, and cannot be shared by questions that are asked alone");
    }
    var before = new ArrayList<Message>();
    var shown = new ArrayList<Content>();
    var alone = new ArrayList<List<Message>>();
    var question = new ArrayList<Content>();
    for (var message : row.messages()) {
      switch (message.role()) {
        case SYSTEM -> before.add(message);
        case USER -> {
          var slots = message.content().stream().filter(part -> !isText(part)).toList();
          if (!slots.isEmpty() && !alone.isEmpty()) {
            throw new InputException(
                "its later questions show something of their own, and cannot be asked alone");
          }
          shown.addAll(slots);
          question.clear();
          question.addAll(shown);
          message.content().stream().filter(Alone::isText).forEach(question::add);
        }
        case ASSISTANT -> {
          var messages = new ArrayList<>(before);
          messages.add(new Message(Role.USER, question));
          messages.add(message);
          alone.add(messages);
        }
      }
    }
    return alone;
  }

  private static boolean isText(Content content) {
    return content instanceof Content.Text;
  }

  /// How many positions the tree of some conversations takes.
  static int length(List<Labelled> alone) {
    int trunk = trunk(alone);
    return trunk + alone.stream().mapToInt(one -> one.labels().length - trunk).sum();
  }

  /// The tree of conversations that begin alike.
  static Labelled join(List<Labelled> alone) {
    if (alone.size() == 1) {
      return alone.getFirst();
    }
    int trunk = trunk(alone);
    if (trunk < 1) {
      throw new InputException(
          "its questions do not begin alike, with a token or a picture, and cannot be asked alone");
    }
    var prompt = alone.getFirst().prompt();
    for (var span : prompt.spans()) {
      if (end(span) > trunk) {
        throw new InputException(
            "what it shows does not come before its questions, and cannot be shared by them");
      }
    }
    var ids = IntStream.builder();
    var labels = IntStream.builder();
    for (int i = 0; i < trunk; i++) {
      ids.add(prompt.ids()[i]);
      labels.add(Example.IGNORED);
    }
    var branches = new ArrayList<Integer>();
    for (var one : alone) {
      Arrays.stream(one.prompt().ids()).skip(trunk).forEach(ids);
      Arrays.stream(one.labels()).skip(trunk).forEach(labels);
      branches.add(one.labels().length - trunk);
    }
    return new Labelled(
        new Prompt(ids.build().toArray(), prompt.spans()),
        labels.build().toArray(),
        new SequenceTree(trunk, branches));
  }

  private static int end(MediaSpan span) {
    return span.start() + span.length();
  }

  /// How many positions all share: those of the same ids, of which nothing is learnt, and fewer
  /// than come before the first that is, because a branch says it after a position of its own.
  private static int trunk(List<Labelled> alone) {
    int trunk = Math.max(0, alone.stream().mapToInt(Alone::unlearnt).min().orElseThrow() - 1);
    int[] first = alone.getFirst().prompt().ids();
    for (var one : alone) {
      int differs = Arrays.mismatch(first, one.prompt().ids());
      trunk = differs < 0 ? trunk : Math.min(trunk, differs);
    }
    return trunk;
  }

  /// How many positions come before the first that is learnt.
  private static int unlearnt(Labelled one) {
    int[] labels = one.labels();
    return (int) Arrays.stream(labels).takeWhile(label -> label == Example.IGNORED).count();
  }
}
