package io.plm4j.cli;

import io.plm4j.Answer;
import io.plm4j.media.video.Timeline;
import io.plm4j.region.Box;
import io.plm4j.task.Finding;
import io.plm4j.task.Finding.Moment;
import io.plm4j.task.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The one JSON object of `plm task --json`.
final class TaskJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private TaskJson() {}

  /// @param timeline of the video's frames; empty if it is about pictures
  static String of(
      Task task, String question, Answer answer, Finding finding, Optional<Timeline> timeline) {
    var json = new LinkedHashMap<String, Object>();
    json.put("task", task.name());
    json.put("question", question);
    json.putAll(AnswerJson.fields(answer));
    switch (finding) {
      case Finding.Words _ -> {}
      case Finding.Boxes(var boxes) ->
          json.put("boxes", boxes.stream().map(TaskJson::corners).toList());
      case Finding.Moments(var moments) ->
          json.put("moments", moments.stream().map(m -> moment(m, timeline)).toList());
    }
    return MAPPER.writeValueAsString(json);
  }

  private static double[] corners(Box box) {
    return new double[] {box.left(), box.top(), box.right(), box.bottom()};
  }

  private static Map<String, Object> moment(Moment moment, Optional<Timeline> timeline) {
    var json = new LinkedHashMap<String, Object>();
    json.put("start", moment.start());
    json.put("end", moment.end());
    timeline.ifPresent(times -> {
      putSeconds(json, "start_seconds", moment.start(), times);
      putSeconds(json, "end_seconds", moment.end(), times);
    });
    if (!moment.caption().isEmpty()) {
      json.put("caption", moment.caption());
    }
    return json;
  }

  /// A model may speak of frames that there are not.
  private static void putSeconds(
      Map<String, Object> json, String key, double frame, Timeline timeline) {
    int whole = (int) Math.rint(frame);
    if (timeline.has(whole)) {
      json.put(key, AnswerJson.micros(timeline.secondsOf(whole)));
    }
  }
}
