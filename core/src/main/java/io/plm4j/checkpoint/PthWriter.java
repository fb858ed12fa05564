package io.plm4j.checkpoint;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;

/// Writes a dictionary of tensors as `torch.save` does, so that `torch.load` reads it, also with
/// `weights_only` and `mmap`: one tensor at a time, under a temporary name beside the target, and
/// moved there when it is complete.
public final class PthWriter {
  private static final String ROOT = "consolidated/";
  private static final int ALIGNMENT = 64;

  private final FileChannel channel;
  private final List<ZipRecords.Written> entries = new ArrayList<>();

  private PthWriter(FileChannel channel) {
    this.channel = channel;
  }

  /// Writes a file. An older one of the name is replaced, in one step.
  ///
  /// @param aliases further names of tensors, which share their numbers: from alias to tensor
  /// @param written told how many bytes of tensors were written, a few megabytes at a time; what it
  ///   throws ends the writing
  /// @throws InputException if the file cannot be written, for lack of space for example
  public static void write(
      Path file, List<TensorSource> tensors, Map<String, String> aliases, LongConsumer written) {
    var partial = file.resolveSibling(file.getFileName() + ".partial");
    try (var channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      new PthWriter(channel).write(tensors, aliases, written);
      channel.force(true);
    } catch (IOException e) {
      SafetensorsWriter.discard(partial);
      throw new InputException(
          "%s cannot be written: %s. Is there space and may you write there?".formatted(file, e),
          e);
    } catch (RuntimeException | Error e) {
      SafetensorsWriter.discard(partial);
      throw e;
    }
    SafetensorsWriter.complete(partial, file);
  }

  private void write(List<TensorSource> tensors, Map<String, String> aliases, LongConsumer written)
      throws IOException {
    add("data.pkl", new PickleWriter(tensors, aliases).bytes());
    add(".format_version", text("1"));
    add(".storage_alignment", text(Integer.toString(ALIGNMENT)));
    add("byteorder", text("little"));
    for (int i = 0; i < tensors.size(); i++) {
      var tensor = tensors.get(i);
      add(
          "data/" + i,
          tensor.bytes(),
          chunks -> SafetensorsWriter.writeData(channel, tensor, chunks),
          written);
    }
    add("version", text("3\n"));
    SafetensorsWriter.writeFully(
        channel, ZipRecords.directory(List.copyOf(entries), channel.position()));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private interface Content {
    void write(SafetensorsWriter.ChunkListener chunks) throws IOException;
  }

  private void add(String name, byte[] bytes) throws IOException {
    add(
        name,
        bytes.length,
        chunks -> {
          var buffer = ByteBuffer.wrap(bytes);
          chunks.next(buffer.duplicate());
          SafetensorsWriter.writeFully(channel, buffer);
        },
        _ -> {});
  }

  /// The checksum stands in front of what it is of, so it is filled in afterwards.
  private void add(String name, long bytes, Content content, LongConsumer written)
      throws IOException {
    long begin = channel.position();
    SafetensorsWriter.writeFully(channel, ZipRecords.local(ROOT + name, bytes, begin, ALIGNMENT));
    var checksum = new CRC32();
    content.write(chunk -> {
      int length = chunk.remaining();
      checksum.update(chunk);
      written.accept(length);
    });
    int crc = (int) checksum.getValue();
    var filled = ZipRecords.checksum(crc);
    while (filled.hasRemaining()) {
      channel.write(filled, begin + ZipRecords.CHECKSUM_OFFSET + filled.position());
    }
    entries.add(new ZipRecords.Written(ROOT + name, crc, bytes, begin));
  }
}
