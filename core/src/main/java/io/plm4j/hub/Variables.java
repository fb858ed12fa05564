package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Environment variables as Python's `huggingface_hub` reads them; empty ones count as absent.
record Variables(Map<String, String> environment) {
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern REFERENCE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)})");

  /// A token has some dozens of letters; what is longer is another file.
  private static final long MAX_TOKEN_FILE = 10_000;

  Variables {
    environment = Map.copyOf(environment);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /// Whether the first of these that is there says yes.
  boolean isSet(String... names) {
    for (var name : names) {
      var value = value(name);
      if (value.isPresent()) {
        return TRUE.contains(value.get().toUpperCase(Locale.ROOT));
      }
    }
    return false;
  }

  Duration seconds(String name, Duration otherwise) {
    var value = value(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      int seconds = Integer.parseInt(value.get().strip());
      if (seconds > 0) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw new InputException(
        "%s is '%s'; wanted whole seconds, 1 or more.".formatted(name, Excerpt.of(value.get())));
  }

  /// A path, with `~` and `$NAME` replaced.
  Optional<Path> path(String name) {
    return value(name)
        .map(value -> {
          try {
            return Path.of(expanded(value)).toAbsolutePath().normalize();
          } catch (InvalidPathException e) {
            throw new InputException(
                "%s is '%s', which is no path: %s"
                    .formatted(name, Excerpt.of(value), e.getReason()),
                e);
          }
        });
  }

  private String expanded(String text) {
    var path =
        REFERENCE
            .matcher(text)
            .replaceAll(match -> {
              var variable = match.group(1) == null ? match.group(2) : match.group(1);
              return Matcher.quoteReplacement(environment.getOrDefault(variable, match.group()));
            });
    boolean atHome = path.equals("~") || path.startsWith("~/");
    return atHome ? userHome() + path.substring(1) : path;
  }

  /// `HF_HOME`, below which token and models are.
  Path hubHome() {
    return path("HF_HOME").orElseGet(() -> cacheHome().resolve("huggingface"));
  }

  /// Where programs keep what they can make again.
  Path cacheHome() {
    return path("XDG_CACHE_HOME").orElseGet(() -> Path.of(userHome(), ".cache"));
  }

  private String userHome() {
    return value("HOME")
        .or(() -> value("USERPROFILE"))
        .orElseThrow(() ->
            new InputException(
                "HOME is not set, so there is no place for models; set HF_HOME, or XDG_CACHE_HOME for the one that ships, to a folder."));
  }

  Optional<Token> token(Path hubHome) {
    for (var name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      var value = value(name);
      if (value.isPresent()) {
        return cleaned(value.get()).map(token -> new Token(token, name));
      }
    }
    var file = path("HF_TOKEN_PATH").orElse(hubHome.resolve("token"));
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_TOKEN_FILE) {
        throw new InputException(
            file + " is too long for a token. Write the token there again, or remove the file.");
      }
      return cleaned(Files.readString(file)).map(token -> new Token(token, file.toString()));
    } catch (IOException e) {
      throw new InputException("The token in %s cannot be read: %s".formatted(file, e), e);
    }
  }

  private static Optional<String> cleaned(String token) {
    return Optional.of(token.replaceAll("[\r\n]", "").strip()).filter(text -> !text.isEmpty());
  }
}
