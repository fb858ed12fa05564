package io.plm4j.train.run;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/// A file of events for TensorBoard: `Event` messages (`tensorflow/core/util/event.proto`), each as
/// a record with its length and two checksums.
final class EventFile implements AutoCloseable {
  /// What TensorFlow adds to a turned checksum, so that one of data that hold checksums is another.
  private static final int MASK = 0xa282ead8;

  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("MMMdd_HH-mm-ss", Locale.ROOT);

  private static final int DT_STRING = 7;
  private static final int SESSION_START = 1;

  private final Path file;
  private final OutputStream out;
  private final Clock clock;

  private EventFile(Path file, OutputStream out, Clock clock) {
    this.file = file;
    this.out = out;
    this.clock = clock;
  }

  /// Begins a file in a folder of its own, as transformers names it: `Nov23_07-21-09_host`.
  static EventFile create(Path logs, Surroundings around) {
    var now = around.clock().instant();
    var folder =
        logs.resolve(FOLDER.format(now.atZone(around.clock().getZone())) + "_" + around.host());
    var file =
        folder.resolve(
            "events.out.tfevents.%d.%s.%d.0"
                .formatted(now.getEpochSecond(), around.host(), around.process()));
    try {
      Files.createDirectories(folder);
      var events = new EventFile(file, Files.newOutputStream(file), around.clock());
      events.write(events.event(0).text(3, "brain.Event:2"));
      return events;
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  /// Has TensorBoard forget what earlier files say of this step and later ones.
  void forgetFrom(long step) {
    write(event(step).message(7, new Protobuf().integer(1, SESSION_START)));
  }

  void scalars(long step, Map<String, Double> values) {
    var summary = new Protobuf();
    values.forEach((tag, value) ->
        summary.message(1, new Protobuf().text(1, tag).number(2, value.floatValue())));
    write(event(step).message(5, summary));
  }

  /// @param markdown what TensorBoard shows under its tab for texts
  void text(long step, String tag, String markdown) {
    var plugin = new Protobuf().text(1, "text");
    var shape = new Protobuf().message(2, new Protobuf().integer(1, 1));
    var tensor = new Protobuf().integer(1, DT_STRING).message(2, shape).text(8, markdown);
    var value =
        new Protobuf()
            .text(1, tag + "/text_summary")
            .message(8, tensor)
            .message(9, new Protobuf().message(1, plugin));
    write(event(step).message(5, new Protobuf().message(1, value)));
  }

  private Protobuf event(long step) {
    return new Protobuf().number(1, clock.millis() / 1000.0).integer(2, step);
  }

  private void write(Protobuf event) {
    byte[] data = event.bytes();
    byte[] length = little(8).putLong(data.length).array();
    try {
      out.write(length);
      out.write(little(4).putInt(checksum(length)).array());
      out.write(data);
      out.write(little(4).putInt(checksum(data)).array());
      out.flush();
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  private static int checksum(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  Path file() {
    return file;
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }
}
