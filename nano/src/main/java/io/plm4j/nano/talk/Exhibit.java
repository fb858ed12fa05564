package io.plm4j.nano.talk;

import io.plm4j.nano.look.Media;
import java.util.List;

/// Something to see, with a conversation about it.
public record Exhibit(Media media, List<Turn> turns) {
  public Exhibit {
    turns = List.copyOf(turns);
  }
}
