package io.plm4j.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;

/// A part of a file as the body of a request.
///
/// @param sent told how many bytes more are on their way
record FileLoad(LocalFile file, long from, long length, LongConsumer sent) implements Web.Load {
  @Override
  public BodyPublisher body(Runnable sign) {
    var stream =
        BodyPublishers.ofInputStream(() -> {
          try {
            return new Part(FileChannel.open(file.path()), sign);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return length == 0 ? BodyPublishers.noBody() : BodyPublishers.fromPublisher(stream, length);
  }

  private final class Part extends InputStream {
    private final FileChannel channel;
    private final Runnable sign;
    private long at;

    Part(FileChannel channel, Runnable sign) {
      this.channel = channel;
      this.sign = sign;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (at == length) {
        return -1;
      }
      int part = (int) Math.min(count, length - at);
      file.read(channel, ByteBuffer.wrap(bytes, offset, part), from + at);
      at += part;
      sent.accept(part);
      sign.run();
      return part;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
