package io.plm4j.text.jinja;

import java.util.List;

/// The members of `loop`.
final class LoopMembers {
  private LoopMembers() {}

  static Value find(Value.Loop loop, String name) {
    int index = loop.index();
    List<Value> items = loop.items();
    return switch (name) {
      case "index" -> new Value.Whole(index + 1);
      case "index0" -> new Value.Whole(index);
      case "revindex" -> new Value.Whole(items.size() - index);
      case "revindex0" -> new Value.Whole(items.size() - index - 1);
      case "first" -> Value.Truth.of(index == 0);
      case "last" -> Value.Truth.of(index == items.size() - 1);
      case "length" -> new Value.Whole(items.size());
      case "previtem" ->
          index > 0 ? items.get(index - 1) : new Value.Undefined("there is no previous item");
      case "nextitem" ->
          index + 1 < items.size()
              ? items.get(index + 1)
              : new Value.Undefined("there is no next item");
      default -> throw new Failure("'loop.%s' is not supported".formatted(name));
    };
  }
}
