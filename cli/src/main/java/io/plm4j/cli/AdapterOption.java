package io.plm4j.cli;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import picocli.CommandLine.Option;

/// The option that names adapters.
final class AdapterOption {
  @Option(
      names = "--adapter",
      paramLabel = "FOLDER[=NAME]",
      description = {
        "An adapter as PEFT writes it: LoRA or DoRA. May be given several times; each changes what",
        "those before it make. NAME is what messages call it; default: its folder's name."
      })
  private List<String> adapters = List.of();

  /// The folders by name, in the order given.
  SequencedMap<String, Path> folders() {
    var folders = new LinkedHashMap<String, Path>();
    for (var given : adapters) {
      int equals = given.lastIndexOf('=');
      boolean named = equals > 0 && !Files.exists(Path.of(given));
      var folder = Path.of(named ? given.substring(0, equals) : given);
      var name =
          named
              ? given.substring(equals + 1)
              : folder.toAbsolutePath().normalize().getFileName().toString();
      if (name.isBlank()) {
        throw new InputException(
            "--adapter %s: the name is empty; leave out the = too.".formatted(Excerpt.of(given)));
      }
      if (folders.putIfAbsent(name, folder) != null) {
        throw new InputException(
            "--adapter: two are called %s; give one of them a name, as in --adapter %s=OTHER."
                .formatted(Excerpt.of(name), Excerpt.of(folder.toString())));
      }
    }
    return folders;
  }
}
