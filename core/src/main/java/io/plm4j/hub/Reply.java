package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// What a server answered, after all redirects.
///
/// @param uri that answered in the end
/// @param first headers of the first answer, which knows the repository; those of a redirect's
///   target know only the file
/// @param text the begin of the body if the request failed, else empty
record Reply(URI uri, int status, HttpHeaders first, HttpHeaders headers, String text) {
  boolean isSuccess() {
    return status / 100 == 2;
  }

  boolean isRedirect() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  boolean isHtml() {
    return header("Content-Type").orElse("").startsWith("text/html");
  }

  /// The tag of the file itself, which the Hub gives before it redirects to where the file lies.
  /// What tags a store has for it is the store's own matter.
  Optional<String> linkedTag() {
    return first.firstValue("X-Linked-Etag").map(Reply::bareTag);
  }

  /// The same where the Hub itself has the file.
  Optional<String> tagAtHub() {
    return linkedTag().or(() -> first.firstValue("ETag").map(Reply::bareTag));
  }

  /// A tag without its quotes and the mark of a weak one.
  private static String bareTag(String tag) {
    return tag.replaceFirst("^W/", "").replace("\"", "");
  }

  /// How long the server asks to wait: `Retry-After` in seconds, or as a date beside its own clock.
  Optional<Duration> retryAfter() {
    return header("Retry-After")
        .flatMap(text -> {
          try {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())));
          } catch (NumberFormatException _) {
            return header("Date").flatMap(now -> between(now, text));
          }
        });
  }

  private static Optional<Duration> between(String now, String then) {
    try {
      var http = DateTimeFormatter.RFC_1123_DATE_TIME;
      return Optional.of(
          Duration.between(
              ZonedDateTime.parse(now.strip(), http), ZonedDateTime.parse(then.strip(), http)));
    } catch (DateTimeException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  /// What the server says of its failure, fit for a message.
  String reason() {
    return first
        .firstValue("X-Error-Message")
        .or(() -> header("X-Error-Message"))
        .map(Excerpt::of)
        .orElse("HTTP status " + status);
  }

  String errorCode() {
    return first.firstValue("X-Error-Code").or(() -> header("X-Error-Code")).orElse("");
  }
}
