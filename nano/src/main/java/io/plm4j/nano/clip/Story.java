package io.plm4j.nano.clip;

import io.plm4j.nano.look.Backdrop;
import java.util.List;

/// What happens in a clip.
///
/// @param seconds how long it is
record Story(
    int width, int height, Backdrop backdrop, List<Actor> actors, int frames, int seconds) {
  Story {
    actors = List.copyOf(actors);
  }

  Actor only() {
    return actors.getFirst();
  }
}
