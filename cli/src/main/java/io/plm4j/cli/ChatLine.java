package io.plm4j.cli;

import io.plm4j.error.InputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/// What a user types into a chat: a question, or a command that begins with a slash.
sealed interface ChatLine {
  /// The commands, for help and completion.
  List<String> COMMANDS = List.of("/image", "/video", "/reset", "/save", "/load", "/help", "/quit");

  record Question(String text) implements ChatLine {}

  record ShowImage(Path file) implements ChatLine {}

  record ShowVideo(Path file) implements ChatLine {}

  record Reset() implements ChatLine {}

  record Save(Path file) implements ChatLine {}

  record Load(Path file) implements ChatLine {}

  record Help() implements ChatLine {}

  record Quit() implements ChatLine {}

  record Nothing() implements ChatLine {}

  /// @param home what `~/` stands for
  /// @throws InputException if it is a command that does not exist or lacks its file
  static ChatLine parse(String line, Path home) {
    var text = line.strip();
    if (text.isEmpty()) {
      return new Nothing();
    }
    if (!text.startsWith("/")) {
      return new Question(text);
    }
    var parts = text.split("\\s+", 2);
    var rest = parts.length > 1 ? parts[1].strip() : "";
    return switch (parts[0]) {
      case "/image" -> new ShowImage(file(parts[0], rest, home));
      case "/video" -> new ShowVideo(file(parts[0], rest, home));
      case "/save" -> new Save(file(parts[0], rest, home));
      case "/load" -> new Load(file(parts[0], rest, home));
      case "/reset" -> alone(parts[0], rest, new Reset());
      case "/help" -> alone(parts[0], rest, new Help());
      case "/quit", "/exit", "/bye" -> alone(parts[0], rest, new Quit());
      default ->
          throw new InputException(
              "There is no command %s. There are %s; a question does not begin with a slash."
                  .formatted(parts[0], String.join(", ", COMMANDS)));
    };
  }

  private static ChatLine alone(String command, String rest, ChatLine line) {
    if (!rest.isEmpty()) {
      throw new InputException("%s stands alone, but \"%s\" follows.".formatted(command, rest));
    }
    return line;
  }

  private static Path file(String command, String rest, Path home) {
    var name = unquoted(rest);
    if (name.isEmpty()) {
      throw new InputException("%s needs a file: %s FILE".formatted(command, command));
    }
    try {
      return name.startsWith("~/") ? home.resolve(name.substring(2)) : Path.of(name);
    } catch (InvalidPathException e) {
      throw new InputException("%s cannot be a file's name: %s".formatted(name, e.getReason()), e);
    }
  }

  private static String unquoted(String name) {
    boolean quoted =
        name.length() > 1
            && (name.charAt(0) == '"' || name.charAt(0) == '\'')
            && name.charAt(name.length() - 1) == name.charAt(0);
    return quoted ? name.substring(1, name.length() - 1) : name;
  }
}
