package io.plm4j.hub;

import io.plm4j.hub.HubException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;

/// A small body in memory.
final class TextSink implements Sink {
  /// The list of a repository with ten thousand files has two megabytes.
  private static final int MAX_JSON = 16_000_000;

  private final URI address;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  TextSink(URI address) {
    this.address = address;
  }

  @Override
  public void begin(Reply head) throws IOException {
    if (head.isHtml()) {
      throw new HubException(
          Kind.UNREACHABLE,
          "%s answers with a web page; a login page or a proxy is in between."
              .formatted(address.getHost()));
    }
  }

  @Override
  public void accept(ByteBuffer part) throws IOException {
    if (bytes.size() + part.remaining() > MAX_JSON) {
      throw new HubException(
          Kind.WRONG,
          "%s answers with more than %,d bytes; wanted a short text.".formatted(address, MAX_JSON));
    }
    var copy = new byte[part.remaining()];
    part.get(copy);
    bytes.writeBytes(copy);
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
