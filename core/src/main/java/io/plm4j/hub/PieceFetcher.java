package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.hub.BlobDownload.Gap;
import io.plm4j.hub.DownloadProgress.Activity;
import io.plm4j.hub.HubException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/// Receives the pieces of one blob, each from wherever it had got to.
final class PieceFetcher {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+|\\*)");

  private final Web web;
  private final TransferSettings settings;
  private final Refusals refusals;
  private final BooleanSupplier stopped;
  private final Activities activities;
  private final BlobDownload blob;
  private final URI hub;

  /// Where the Hub redirected to last: the way there need not be asked for each piece.
  private final AtomicReference<Optional<URI>> store = new AtomicReference<>(Optional.empty());

  /// Held by the one thread that receives everything, where the server sends no parts.
  private final ReentrantLock whole = new ReentrantLock();

  private volatile boolean sendsParts = true;

  /// @param hub the file's address there
  PieceFetcher(
      Web web,
      TransferSettings settings,
      Refusals refusals,
      BooleanSupplier stopped,
      Activities activities,
      BlobDownload blob,
      URI hub) {
    this.web = web;
    this.settings = settings;
    this.refusals = refusals;
    this.stopped = stopped;
    this.activities = activities;
    this.blob = blob;
    this.hub = hub;
  }

  /// Returns when the piece has come.
  void fetch(int piece) throws IOException {
    var patience = new Patience(settings, stopped);
    for (var gap = blob.gap(piece); gap.isPresent(); gap = blob.gap(piece)) {
      long before = blob.bytes();
      try {
        request(gap.get());
      } catch (HubException e) {
        throw e;
      } catch (IOException e) {
        store.set(Optional.empty());
        if (blob.bytes() > before) {
          patience.progressed();
        }
        try (var _ = activities.enter(Activity.PAUSING)) {
          patience.failed(e);
        }
      }
    }
  }

  private void request(Gap gap) throws IOException {
    if (sendsParts) {
      send(gap);
      return;
    }
    whole.lock();
    try {
      var still = blob.whole();
      if (still.isPresent()) {
        send(still.get());
      }
    } finally {
      whole.unlock();
    }
  }

  private void send(Gap gap) throws IOException {
    boolean everything = gap.from() == 0 && gap.to() == blob.file().size();
    Map<String, String> headers =
        everything ? Map.of() : Map.of("Range", "bytes=%d-%d".formatted(gap.from(), gap.to() - 1));
    var address = store.get().orElse(hub);
    var sink = new GapSink(gap);
    var reply = web.send("GET", address, headers, sink);
    if (!reply.isSuccess()) {
      throw refused(reply);
    }
    if (!reply.uri().equals(hub)) {
      store.set(Optional.of(reply.uri()));
    }
    if (sink.received == 0) {
      throw new PassingException("%s sent nothing of %s".formatted(reply.uri().getHost(), name()));
    }
  }

  private String name() {
    return blob.file().name();
  }

  /// An address in a store ends after some time; the Hub then gives another.
  private IOException refused(Reply reply) {
    boolean away = !Web.isSameOrigin(reply.uri(), hub);
    if (reply.status() == 416 || (away && reply.status() / 100 == 4)) {
      return new PassingException(
          "%s refuses to send %s: %s".formatted(reply.uri().getHost(), name(), reply.reason()));
    }
    return refusals.of(reply, name());
  }

  /// Writes what comes for a gap, and nothing beyond it.
  private final class GapSink implements Sink {
    private final Gap gap;
    private long position;
    private long end;
    private long received;

    GapSink(Gap gap) {
      this.gap = gap;
      this.position = gap.from();
      this.end = gap.to();
    }

    @Override
    public void begin(Reply head) throws IOException {
      requireFile(head);
      requireListed(head);
      blob.requireSameContent(head.header("ETag"));
      if (head.status() == 206) {
        beginPart(head);
      } else {
        beginWhole(head);
      }
    }

    private void requireFile(Reply head) throws IOException {
      var host = head.uri().getHost();
      if (head.isHtml() && !name().endsWith(".html")) {
        throw new PassingException("%s sends a web page instead of %s".formatted(host, name()));
      }
      var encoding = head.header("Content-Encoding").orElse("identity");
      if (!encoding.equals("identity")) {
        throw new PassingException(
            "%s sends %s packed as %s, which it was asked not to"
                .formatted(host, name(), encoding));
      }
    }

    /// A commit's files never change; a Hub that has another one now is not to be trusted.
    private void requireListed(Reply head) throws HubException {
      var tag = Web.isSameOrigin(head.uri(), hub) ? head.tagAtHub() : head.linkedTag();
      boolean other =
          tag.isPresent()
              && Checksum.of(tag.get()).isPresent()
              && Checksum.of(tag.get()).equals(Checksum.of(blob.file().tag()))
              && !tag.get().equals(blob.file().tag());
      if (other) {
        throw new HubException(
            Kind.WRONG,
            "The Hub has two contents of %s at one commit: its list says %s, its file %s. Run it again; if it stays so, its server is at fault."
                .formatted(name(), blob.file().tag(), tag.get()));
      }
    }

    private void beginPart(Reply head) throws IOException {
      var range = CONTENT_RANGE.matcher(head.header("Content-Range").orElse(""));
      boolean fits =
          range.matches()
              && range.group(1).length() < 18
              && Long.parseLong(range.group(1)) == gap.from()
              && (range.group(3).equals("*")
                  || range.group(3).equals(Long.toString(blob.file().size())));
      if (!fits) {
        throw new PassingException(
            "%s sends another part of %s than the one asked for: wanted %d-%d of %d, found '%s'"
                .formatted(
                    head.uri().getHost(),
                    name(),
                    gap.from(),
                    gap.to() - 1,
                    blob.file().size(),
                    Excerpt.of(head.header("Content-Range").orElse(""))));
      }
    }

    /// The server sends everything, although only a part may have been wanted.
    private void beginWhole(Reply head) throws IOException {
      var length = head.headers().firstValueAsLong("Content-Length");
      if (length.isPresent() && length.getAsLong() != blob.file().size()) {
        throw new PassingException(
            "%s says that %s has %,d bytes; wanted %,d"
                .formatted(head.uri().getHost(), name(), length.getAsLong(), blob.file().size()));
      }
      boolean asked = gap.from() == 0 && gap.to() == blob.file().size();
      if (!asked && sendsParts) {
        sendsParts = false;
        throw new PassingException(
            "%s sends no parts of %s, only all of it".formatted(head.uri().getHost(), name()));
      }
    }

    @Override
    public void accept(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      if (count > end - position) {
        throw new PassingException(
            "more than the %,d bytes of %s that were asked for"
                .formatted(gap.to() - gap.from(), name()));
      }
      blob.write(gap, position, bytes);
      position += count;
      received += count;
    }
  }
}
