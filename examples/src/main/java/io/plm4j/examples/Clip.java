package io.plm4j.examples;

import io.plm4j.Plm;
import io.plm4j.media.video.FrameSelection;
import io.plm4j.media.video.Video;
import io.plm4j.media.video.VideoReadOptions;
import java.nio.file.Path;

/// Asks what happens in a video, and when. Arguments: model, video.
final class Clip {
  private Clip() {}

  public static void main(String[] args) {
    var eightFrames = FrameSelection.DEFAULT.withCount(8);
    var video = Video.read(Path.of(args[1]), eightFrames, VideoReadOptions.DEFAULT);
    try (var plm = Plm.load(args[0])) {
      var answer = plm.ask("What happens, and in which frames?", video);
      // The model speaks of the frames that it saw by their numbers; this adds their times.
      System.out.println(video.timeline().annotate(answer.text()).text());
    }
  }
}
