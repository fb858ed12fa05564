package io.plm4j.hub;

import io.plm4j.error.InputException;
import io.plm4j.hub.HubException.Kind;
import io.plm4j.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// A large file on its way into the store: in one piece, or in parts that the store joins.
final class ObjectUpload {
  /// The store's own limit.
  private static final int MAX_PARTS = 10_000;

  private final UploadApi api;
  private final TransferSettings settings;
  private final BooleanSupplier stopped;
  private final AtomicLong sent;
  private final LocalFile file;
  private final String hash;
  private final URI target;
  private final Optional<URI> verify;
  private final List<Part> parts = new ArrayList<>();
  private final AtomicInteger left = new AtomicInteger();
  private final Map<Integer, String> tags = new ConcurrentSkipListMap<>();
  private final boolean joined;

  private record Part(int index, URI address, long from, long length) {}

  /// @param actions what the Hub said is to be done with the file
  /// @param sent counts the bytes of all files that are on their way
  /// @throws InputException if that makes no sense
  ObjectUpload(
      UploadApi api,
      TransferSettings settings,
      BooleanSupplier stopped,
      AtomicLong sent,
      LocalFile file,
      String hash,
      JsonObject actions) {
    this.api = api;
    this.settings = settings;
    this.stopped = stopped;
    this.sent = sent;
    this.file = file;
    this.hash = hash;
    var upload = actions.object("upload");
    target = address(upload, "href");
    verify = actions.optionalObject("verify").map(action -> address(action, "href"));
    var header = upload.optionalObject("header");
    joined = header.filter(h -> h.has("chunk_size")).isPresent();
    if (joined) {
      cut(header.orElseThrow());
    } else {
      parts.add(new Part(0, target, 0, file.size()));
    }
    left.set(parts.size());
  }

  /// The header holds the parts' addresses under their numbers, and their size as text.
  private void cut(JsonObject header) {
    long size = partBytes(header);
    if (size < 1 || Math.ceilDiv(file.size(), size) > MAX_PARTS) {
      throw header.wrong("chunk_size", "a size that makes at most %d parts".formatted(MAX_PARTS));
    }
    var numbered = new TreeMap<Integer, String>();
    header.keys().stream()
        .filter(key -> key.matches("\\d{1,5}"))
        .forEach(key -> numbered.put(Integer.valueOf(key), key));
    if (numbered.size() != Math.ceilDiv(file.size(), size)) {
      throw header.inconsistent(
          "%d addresses for %,d bytes in parts of %,d"
              .formatted(numbered.size(), file.size(), size));
    }
    for (var key : numbered.values()) {
      long from = parts.size() * size;
      parts.add(
          new Part(parts.size(), address(header, key), from, Math.min(size, file.size() - from)));
    }
  }

  /// The Hub sends it as text.
  private static long partBytes(JsonObject header) {
    try {
      return Long.parseLong(header.text("chunk_size"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static URI address(JsonObject json, String key) {
    try {
      var uri = URI.create(json.text(key));
      if (uri.getHost() != null && uri.getScheme() != null && uri.getScheme().startsWith("http")) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw json.wrong(key, "an address of http or https");
  }

  long bytes() {
    return file.size();
  }

  /// One task for each part; the last of them to end tells the Hub.
  List<Callable<Void>> tasks() {
    return parts.stream().<Callable<Void>>map(part -> () -> send(part)).toList();
  }

  private Void send(Part part) throws IOException {
    var reply =
        Patience.retry(
            settings,
            stopped,
            () -> {
              var begun = new AtomicLong();
              try {
                return api.put(part.address(), load(part, begun), file.name());
              } catch (IOException e) {
                sent.addAndGet(-begun.get()); // it is sent again
                throw e;
              }
            });
    tags.put(part.index(), reply.header("ETag").orElse(""));
    if (left.decrementAndGet() == 0) {
      finish();
    }
    return null;
  }

  private Web.Load load(Part part, AtomicLong begun) {
    return new FileLoad(
        file,
        part.from(),
        part.length(),
        count -> {
          begun.addAndGet(count);
          sent.addAndGet(count);
        });
  }

  private void finish() throws IOException {
    if (joined) {
      if (tags.containsValue("")) {
        throw new HubException(
            Kind.WRONG, "The store gives no tag for a part of %s.".formatted(file.name()));
      }
      var told = new ArrayList<Map<String, Object>>();
      tags.forEach((index, tag) -> told.add(Map.of("partNumber", index + 1, "etag", tag)));
      tell(target, Map.of("oid", hash, "parts", told));
    }
    if (verify.isPresent()) {
      tell(verify.get(), Map.of("oid", hash, "size", file.size()));
    }
  }

  private void tell(URI address, Map<String, Object> body) throws IOException {
    api.tell(address, body, "to complete " + file.name());
  }
}
