package io.plm4j.hub;

import com.sun.net.httpserver.HttpExchange;
import io.plm4j.testkit.LocalHub;
import io.plm4j.testkit.LocalHub.Fault;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// What servers and networks do.
final class Faults {
  private Faults() {}

  /// What is done instead of an answer.
  interface Act {
    void on(HttpExchange exchange, byte[] content) throws IOException;
  }

  /// For requests whose path contains something, the first `times` of them.
  static Fault first(int times, String path, Act act) {
    var left = new AtomicInteger(times);
    return (at, exchange, content) -> {
      if (!exchange.getRequestURI().getPath().contains(path) || left.getAndDecrement() <= 0) {
        return false;
      }
      act.on(exchange, content);
      return true;
    };
  }

  static Fault always(String path, Act act) {
    return first(Integer.MAX_VALUE, path, act);
  }

  static Act status(int status) {
    return (exchange, _) -> exchange.sendResponseHeaders(status, -1);
  }

  static Act refusal(int status, String code) {
    return (exchange, _) -> LocalHub.refuse(exchange, status, code);
  }

  static Act header(String name, String value, Act then) {
    return (exchange, content) -> {
      exchange.getResponseHeaders().add(name, value);
      then.on(exchange, content);
    };
  }

  static Act redirect(String location) {
    return header("Location", location, status(302));
  }

  /// Sends what was asked for, but of another content.
  static Act otherContent() {
    return (exchange, content) -> {
      var wrong = content.clone();
      wrong[wrong.length / 2] ^= 1;
      LocalHub.sendFile(exchange, wrong, "wrong");
    };
  }

  static Act html() {
    return (exchange, _) -> {
      var page = "<html>Please log in</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
      exchange.sendResponseHeaders(200, page.length);
      exchange.getResponseBody().write(page);
    };
  }

  private record Part(int from, int to) {
    static Part of(HttpExchange exchange, byte[] content) {
      var range = exchange.getRequestHeaders().getFirst("Range");
      if (range == null) {
        return new Part(0, content.length);
      }
      var ends = range.substring("bytes=".length()).split("-");
      return new Part(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1);
    }

    int begin(HttpExchange exchange, byte[] content, int more) throws IOException {
      var headers = exchange.getResponseHeaders();
      headers.add("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, content.length));
      boolean whole = exchange.getRequestHeaders().getFirst("Range") == null;
      exchange.sendResponseHeaders(whole ? 200 : 206, to - from + more);
      return to - from;
    }
  }

  /// Promises everything, sends some of it, and hangs up.
  static Act cut(int bytes) {
    return (exchange, content) -> {
      var part = Part.of(exchange, content);
      int length = part.begin(exchange, content, 0);
      exchange.getResponseBody().write(content, part.from(), Math.min(bytes, length));
      exchange.getResponseBody().flush();
    };
  }

  /// Sends some of it and then nothing, with the line open.
  static Act stall(int bytes, long millis) {
    return (exchange, content) -> {
      var part = Part.of(exchange, content);
      part.begin(exchange, content, 0);
      exchange.getResponseBody().write(content, part.from(), bytes);
      exchange.getResponseBody().flush();
      sleep(millis);
    };
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Sends more than was asked for, and says so.
  static Act tooLong() {
    return (exchange, content) -> {
      var part = Part.of(exchange, content);
      int length = part.begin(exchange, content, 100);
      exchange.getResponseBody().write(content, part.from(), length);
      exchange.getResponseBody().write(new byte[100]);
    };
  }

  /// Sends less than was asked for, and is content with it.
  static Act tooShort() {
    return (exchange, content) -> {
      var part = Part.of(exchange, content);
      int length = part.begin(exchange, content, -10);
      exchange.getResponseBody().write(content, part.from(), length - 10);
    };
  }

  /// Sends everything, whatever part was asked for, without a length.
  static Act noParts() {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(content);
    };
  }

  /// Sends another part than was asked for.
  static Act otherPart() {
    return (exchange, content) -> {
      var part = Part.of(exchange, content);
      var headers = exchange.getResponseHeaders();
      headers.add("Content-Range", "bytes 0-%d/%d".formatted(part.to() - 1, content.length));
      exchange.sendResponseHeaders(206, part.to());
      exchange.getResponseBody().write(Arrays.copyOf(content, part.to()));
    };
  }
}
