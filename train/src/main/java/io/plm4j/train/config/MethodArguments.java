package io.plm4j.train.config;

import io.plm4j.adapter.AdapterConfig.Initialization;
import io.plm4j.adapter.AdapterConfig.Scaling;
import io.plm4j.adapter.NamePattern;
import io.plm4j.adapter.Targets;
import io.plm4j.train.learn.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/// The settings below `adapter`, and `freeze`.
final class MethodArguments {
  private static final int GREATEST_RANK = 1 << 16;

  private MethodArguments() {}

  static Method read(Section section) {
    var adapter = section.section("adapter");
    return adapterKind(section, adapter)
        .<Method>map(kind -> {
          if (section.has("freeze")) {
            throw section.wrong(
                "freeze",
                "nothing: with an adapter all of the model's own weights stay as they are");
          }
          return adapter.checked(known -> adapter(known, kind));
        })
        .orElseGet(() -> full(section, adapter));
  }

  /// Empty where the model's own weights learn.
  private static Optional<Method.Kind> adapterKind(Section section, Section adapter) {
    var names = new LinkedHashMap<String, Optional<Method.Kind>>();
    names.put("full", Optional.empty());
    Section.names(Method.Kind.values()).forEach((name, kind) -> names.put(name, Optional.of(kind)));
    var mode = adapter.choice("mode", names);
    if (mode.isEmpty() && section.has("adapter")) {
      throw adapter.wrong("mode", "one of " + String.join(", ", names.keySet()));
    }
    return mode.flatMap(kind -> kind);
  }

  private static Method.Full full(Section section, Section adapter) {
    var known =
        List.of(
            "r", "lora_alpha", "lora_dropout", "target_modules", "init_lora_weights", "use_rslora");
    for (var key : known) {
      if (adapter.has(key)) {
        throw adapter.wrong(key, "nothing, as mode is full");
      }
    }
    adapter.requireNoMore(known);
    return section.checked(
        all -> all.texts("freeze").map(_ -> parts(all)).orElse(Method.Full.CARD));
  }

  private static Method.Full parts(Section section) {
    var names = Section.names(Part.values());
    var frozen = new TreeSet<Part>();
    for (var name : section.texts("freeze").orElse(List.of())) {
      var part = names.get(name);
      if (part == null) {
        throw section.wrong(
            "freeze", "a list of some of %s".formatted(String.join(", ", names.keySet())));
      }
      frozen.add(part);
    }
    return new Method.Full(Set.copyOf(frozen));
  }

  private static Method.Adapter adapter(Section adapter, Method.Kind kind) {
    var card = Method.Adapter.CARD;
    int rank = adapter.integer("r", 1, GREATEST_RANK).orElse(card.rank());
    var method =
        new Method.Adapter(
            kind,
            rank,
            adapter.number("lora_alpha", Double.MIN_NORMAL, 1e6).orElse(card.alpha()),
            adapter.number("lora_dropout", 0, 0.999).orElse(card.dropout()),
            targets(adapter),
            start(adapter),
            adapter.flag("use_rslora").orElse(false) ? Scaling.BY_ROOT_OF_RANK : Scaling.BY_RANK,
            DataArguments.path(adapter, "from"));
    adapter.requireNoMore(List.of());
    return method;
  }

  /// PEFT says `true` for its own default.
  private static Initialization start(Section adapter) {
    var names =
        Map.of(
            "gaussian", Initialization.GAUSSIAN,
            "kaiming", Initialization.KAIMING,
            "true", Initialization.KAIMING);
    return adapter.choice("init_lora_weights", names).orElse(Initialization.GAUSSIAN);
  }

  /// As PEFT reads it: a list holds endings of names, a text alone is a regular expression.
  private static Targets targets(Section adapter) {
    var names = adapter.texts("target_modules");
    if (names.isEmpty()) {
      return Targets.Suffixes.DECODER;
    }
    if (adapter.isList("target_modules")) {
      return new Targets.Suffixes(names.get());
    }
    var text = names.get().getFirst();
    if (text.equals("all-linear")) {
      return new Targets.AllLinear();
    }
    try {
      return new Targets.Regex(new NamePattern(text));
    } catch (IllegalArgumentException e) {
      var fault =
          e.getCause() instanceof PatternSyntaxException syntax
              ? syntax.getDescription()
              : "this one " + e.getMessage();
      throw adapter.wrong(
          "target_modules",
          "a list of layers' names, all-linear, or a regular expression: " + fault);
    }
  }
}
