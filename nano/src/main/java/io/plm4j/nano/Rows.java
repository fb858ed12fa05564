package io.plm4j.nano;

import io.plm4j.nano.look.Media;
import io.plm4j.nano.score.CheckJson;
import io.plm4j.nano.talk.Turn;
import io.plm4j.region.Box;
import io.plm4j.region.BoxText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Samples as rows of a file of conversations, as PLM's training reads them, and one key more:
/// `checks`, with what must be right in each answer.
final class Rows {
  private Rows() {}

  /// @param media where picture or clip lies, from the file; empty if there is none
  static Map<String, Object> row(Sample sample, String media) {
    var row = new LinkedHashMap<String, Object>();
    row.put("id", sample.number());
    var boxes = new ArrayList<List<Double>>();
    var talk = new ArrayList<Map<String, String>>();
    var checks = new ArrayList<Map<String, Object>>();
    for (var turn : sample.exhibit().turns()) {
      talk.add(said("human", numbered(turn.question(), boxes.size())));
      talk.add(said("assistant", numbered(turn.answer(), boxes.size())));
      turn.boxes().forEach(box -> boxes.add(cornerAndSize(box)));
      var check = CheckJson.write(turn.check());
      if (BoxText.hasPlaces(turn.question())) {
        check.put("question", filled(turn.question(), turn, sample.exhibit().media()));
      }
      checks.add(check);
    }
    switch (sample.exhibit().media()) {
      case Media.Still still -> {
        row.put("image", media);
        if (!boxes.isEmpty()) {
          row.put("bbox", boxes);
          row.put("width", still.picture().getWidth());
          row.put("height", still.picture().getHeight());
        }
      }
      case Media.Clip clip -> {
        row.put("video", media);
        row.put("fps", clip.fps());
      }
      case Media.Nothing _ -> {}
    }
    row.put("conversations", talk);
    row.put("kind", sample.kind().label());
    row.put("level", sample.level().number());
    row.put("checks", checks);
    return row;
  }

  private static Map<String, String> said(String who, String what) {
    var said = new LinkedHashMap<String, String>();
    said.put("from", who);
    said.put("value", what);
    return said;
  }

  /// The questions with their answers, each by itself, boxes written out.
  static List<Turn> quiz(Sample sample) {
    return sample.exhibit().turns().stream()
        .map(turn ->
            new Turn(
                filled(turn.question(), turn, sample.exhibit().media()),
                filled(turn.answer(), turn, sample.exhibit().media()),
                turn.check()))
        .toList();
  }

  private static String filled(String text, Turn turn, Media media) {
    return media instanceof Media.Still(var picture, _) && BoxText.hasPlaces(text)
        ? new BoxText(picture.getWidth(), picture.getHeight()).fill(text, turn.boxes())
        : text;
  }

  /// A row has one list of boxes for all its questions.
  private static String numbered(String text, int before) {
    return text.replace("<|bbox0|>", "<|bbox%d|>".formatted(before));
  }

  private static List<Double> cornerAndSize(Box box) {
    return List.of(box.left(), box.top(), box.right() - box.left(), box.bottom() - box.top());
  }
}
