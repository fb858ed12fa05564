package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Sends requests: follows redirects by hand, so that the token stays with the Hub, and ends those
/// that stall or that nobody wants any more.
final class Web implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;
  private static final long LOOK_MILLIS = 50;

  private final HubSettings settings;
  private final LongSupplier nanoTime;
  private final BooleanSupplier stopped;
  private final HttpClient client;

  /// @param stopped asked often, by any thread
  Web(HubSettings settings, LongSupplier nanoTime, BooleanSupplier stopped) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.stopped = stopped;
    var builder =
        HttpClient.newBuilder()
            // Several pieces over one HTTP/2 connection would share its window.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.transfers().answer());
    settings.proxies().ifPresent(builder::proxy);
    this.client = builder.build();
  }

  /// What a request brings along.
  interface Load {
    Load NOTHING = _ -> HttpRequest.BodyPublishers.noBody();

    /// The body, anew for each attempt.
    ///
    /// @param sign to be given with each part that is on its way, so that a long body is not taken
    ///   for an answer that stalls
    HttpRequest.BodyPublisher body(Runnable sign);
  }

  /// Sends a request without a body, and goes where it is redirected to.
  ///
  /// @throws IOException if no answer comes; a [HubException] if trying again is of no use
  /// @throws CancellationException if it was stopped
  Reply send(String method, URI address, Map<String, String> headers, Sink sink)
      throws IOException {
    return send(method, address, headers, Load.NOTHING, sink);
  }

  /// Sends a request, and goes where it is redirected to.
  ///
  /// @throws IOException as above
  Reply send(String method, URI address, Map<String, String> headers, Load load, Sink sink)
      throws IOException {
    var uri = address;
    var first = Optional.<HttpHeaders>empty();
    boolean atHub = true;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      // Once somewhere else, the token stays out even if the way leads back.
      atHub = atHub && isSameOrigin(uri, settings.endpoint());
      var lastSign = new AtomicLong(nanoTime.getAsLong());
      var body = load.body(() -> lastSign.set(nanoTime.getAsLong()));
      var request = request(method, uri, headers, body, atHub);
      var reply = exchange(request, first, sink, lastSign);
      if (!reply.isRedirect()) {
        return reply;
      }
      first = Optional.of(reply.first());
      uri = target(uri, reply.header("Location").orElse(""));
    }
    throw new HubException(
        HubException.Kind.WRONG,
        "%s redirects more than %d times."
            .formatted(Excerpt.of(address.toString()), MAX_REDIRECTS));
  }

  private HttpRequest request(
      String method,
      URI uri,
      Map<String, String> headers,
      HttpRequest.BodyPublisher body,
      boolean withToken) {
    var builder =
        HttpRequest.newBuilder(uri)
            .method(method, body)
            .header("User-Agent", "plm4j")
            // Sizes and ranges are those of the file, not of what would be compressed.
            .header("Accept-Encoding", "identity");
    headers.forEach(builder::header);
    if (withToken) {
      settings
          .token()
          .ifPresent(token -> builder.header("Authorization", "Bearer " + token.value()));
    }
    return builder.build();
  }

  static boolean isSameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  /// Where a redirect leads.
  static URI target(URI from, String location) throws HubException {
    try {
      var to = from.resolve(location.strip());
      var scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
      boolean secure = scheme.equals("https");
      boolean plainToPlain = scheme.equals("http") && from.getScheme().equalsIgnoreCase("http");
      if (!location.isBlank() && to.getHost() != null && (secure || plainToPlain)) {
        return to;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw new HubException(
        HubException.Kind.WRONG,
        "%s redirects to '%s', which is not followed: wanted an address that is as secure as the first."
            .formatted(Excerpt.of(from.toString()), Excerpt.of(location)));
  }

  private Reply exchange(
      HttpRequest request, Optional<HttpHeaders> first, Sink sink, AtomicLong lastSign)
      throws IOException {
    HttpResponse.BodyHandler<String> handler =
        info -> {
          var head = reply(request.uri(), info.statusCode(), first, info.headers(), "");
          return new Body(head, sink, lastSign, nanoTime);
        };
    // In a thread of its own, to be interrupted. The client's own `sendAsync` needs a thread of the
    // common pool in the end, and never gets it where all of them wait for a download.
    var sending = new FutureTask<>(() -> client.send(request, handler));
    Thread.startVirtualThread(sending);
    var response = await(sending, request.uri(), lastSign);
    return reply(response.uri(), response.statusCode(), first, response.headers(), response.body());
  }

  private static Reply reply(
      URI uri, int status, Optional<HttpHeaders> first, HttpHeaders headers, String text) {
    return new Reply(uri, status, first.orElse(headers), headers, text);
  }

  private <T> T await(Future<T> future, URI uri, AtomicLong lastSign) throws IOException {
    long stall = settings.transfers().stall().toNanos();
    try {
      while (true) {
        try {
          return future.get(Math.min(LOOK_MILLIS, 1 + stall / 4_000_000), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          if (stopped.getAsBoolean()) {
            throw new CancellationException();
          }
          if (nanoTime.getAsLong() - lastSign.get() > stall) {
            throw new PassingException(
                "%s sent nothing for %.1f s"
                    .formatted(uri.getHost(), settings.transfers().stall().toMillis() / 1e3));
          }
        }
      }
    } catch (ExecutionException e) {
      throw cause(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    } finally {
      future.cancel(true);
    }
  }

  /// The client wraps what a [Sink] threw into an exception of its own.
  private static IOException cause(ExecutionException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof HubException || cause instanceof PassingException) {
        return (IOException) cause;
      }
    }
    return switch (e.getCause()) {
      case IOException io -> io;
      case RuntimeException defect -> throw defect;
      case Error error -> throw error;
      case null, default -> new IOException(e);
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
