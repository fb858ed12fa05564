package io.plm4j.task;

import io.plm4j.task.Task.Marked;
import io.plm4j.task.Task.Shown;
import java.util.List;

/// The tasks. The questions are Meta's, from the notebooks, the model card and the benchmarks, with
/// their mistakes: a model answers best what it was taught.
final class Tasks {
  static final List<Task> ALL =
      List.of(
          new Task(
              "caption",
              "a picture in one sentence",
              Shown.PICTURE,
              "Provide a one-sentence caption for the provided image.",
              Marked.NOT,
              Reply.WORDS,
              64),
          new Task(
              "detailed-caption",
              "a picture in many words",
              Shown.PICTURE,
              "Describe the image in details.",
              Marked.NOT,
              Reply.WORDS,
              256),
          new Task(
              "grounding",
              "the box of what a caption describes",
              Shown.PICTURE,
              "Provide a bounding box of the region this sentence describes: '{caption}'.\nUse the format [x1, y1, x2, y2].",
              Marked.NOT,
              Reply.BOX,
              32),
          new Task(
              "region-caption",
              "what is in a box, which the question names",
              Shown.PICTURE,
              "Please describe the region (<|bbox0|>) in details.\nThe region is in the format of [x1, y1, x2, y2].",
              Marked.IN_WORDS,
              Reply.WORDS,
              256),
          new Task(
              "region-caption-drawn",
              "what is in a box, which is drawn onto the picture",
              Shown.PICTURE,
              "Please describe the region inside the rec rectangle.",
              Marked.DRAWN,
              Reply.WORDS,
              256),
          new Task(
              "difference",
              "how pictures differ",
              Shown.PICTURES,
              "What is the difference between two images.",
              Marked.NOT,
              Reply.WORDS,
              256),
          new Task(
              "video-caption",
              "a video in many words",
              Shown.VIDEO,
              "Can you describe the video in detail?",
              Marked.NOT,
              Reply.WORDS,
              256),
          new Task(
              "rcap",
              "what happens in a box within some frames",
              Shown.VIDEO,
              "Give a detailed description of the events occurring in the region marked by the red rectangle within frames [{first}, {last}] in this {total} frame video.",
              Marked.DRAWN,
              Reply.WORDS,
              512),
          new Task(
              "rdcap",
              "all that the subject in a box does, and when",
              Shown.VIDEO,
              "Create a dense caption of the subject's actions within the red rectangles, including action frames ids and brief descriptions. For each item use the format [start, end]: [description] separated by a newline, where start and end are frame numbers between 0 and {highest} in this {frames} frame video.",
              Marked.DRAWN,
              Reply.MOMENTS,
              512),
          new Task(
              "rtloc",
              "when what a caption describes happens in a box",
              Shown.VIDEO,
              "Given the region marked by the red rectangle in the video, please provide the start and end frame of when '{caption}' happens. Use the format [start, end] where start and end are frame numbers between 0 and {highest} in this {frames} frame video.",
              Marked.DRAWN,
              Reply.MOMENT,
              16));

  private Tasks() {}
}
