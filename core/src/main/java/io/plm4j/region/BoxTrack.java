package io.plm4j.region;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where something is in the frames of a video: a box a frame, as Meta's data has it under
/// `bbox_map`.
///
/// @param boxes by the frame's number among all frames of the video, from 0; frames without one do
///   not show it
public record BoxTrack(Map<Integer, Box> boxes) {
  private static final double FARTHEST = 1e6;

  public BoxTrack {
    boxes = Map.copyOf(boxes);
    if (boxes.isEmpty()) {
      throw new InputException("there is no box in any frame; name one at least");
    }
  }

  /// Reads a JSON object: `{"0": [x1, y1, x2, y2], "1": null}`, edges in pixels.
  ///
  /// @throws InputException naming the file and the frame
  public static BoxTrack read(Path file) {
    var json = JsonObject.read(file);
    var boxes = new LinkedHashMap<Integer, Box>();
    for (var key : json.keys()) {
      if (!key.matches("\\d{1,9}")) {
        throw new InputException(
            "%s: \"%s\" is no frame's number; wanted {\"0\": [x1, y1, x2, y2], ...}."
                .formatted(file, Excerpt.of(key)));
      }
      if (json.has(key)) {
        boxes.put(Integer.parseInt(key), box(json, key));
      }
    }
    try {
      return new BoxTrack(boxes);
    } catch (InputException e) {
      throw new InputException("%s: %s.".formatted(file, e.getMessage()), e);
    }
  }

  private static Box box(JsonObject json, String key) {
    List<Double> edges = json.numbers(key, -FARTHEST, FARTHEST);
    if (edges.size() != 4) {
      throw json.wrong(key, "four edges [x1, y1, x2, y2] in pixels, or null");
    }
    try {
      return new Box(edges.get(0), edges.get(1), edges.get(2), edges.get(3));
    } catch (InputException e) {
      throw json.wrong(key, "edges [x1, y1, x2, y2] with x1 up to x2 and y1 up to y2");
    }
  }

  /// The box in a frame.
  public Optional<Box> at(int frame) {
    return Optional.ofNullable(boxes.get(frame));
  }
}
