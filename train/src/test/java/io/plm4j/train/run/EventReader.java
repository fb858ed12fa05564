package io.plm4j.train.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// Reads TensorBoard's files by the published layout of records and messages, bit by bit and with
/// nothing of what writes them.
final class EventReader {
  /// A message's fields: numbers as [Long], fixed bytes and the rest as bytes.
  record Message(Map<Integer, List<Object>> fields) {
    static Message parse(byte[] bytes) {
      var fields = new LinkedHashMap<Integer, List<Object>>();
      var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      while (in.hasRemaining()) {
        long tag = varint(in);
        Object value =
            switch ((int) (tag % 8)) {
              case 0 -> varint(in);
              case 1 -> in.getDouble();
              case 2 -> {
                byte[] data = new byte[(int) varint(in)];
                in.get(data);
                yield data;
              }
              case 5 -> in.getFloat();
              default -> throw new IllegalStateException("wire type of " + tag);
            };
        fields.computeIfAbsent((int) (tag / 8), _ -> new ArrayList<>()).add(value);
      }
      return new Message(fields);
    }

    private static long varint(ByteBuffer in) {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = in.get();
        value |= (long) (b & 127) << shift;
        if (b >= 0) {
          return value;
        }
      }
    }

    List<Object> all(int field) {
      return fields.getOrDefault(field, List.of());
    }

    Message message(int field) {
      return parse((byte[]) all(field).getFirst());
    }

    String text(int field) {
      return new String((byte[]) all(field).getFirst(), StandardCharsets.UTF_8);
    }

    long number(int field) {
      return all(field).isEmpty() ? 0 : (long) all(field).getFirst();
    }
  }

  private EventReader() {}

  static List<Message> read(byte[] file) {
    var in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    var events = new ArrayList<Message>();
    while (in.hasRemaining()) {
      byte[] length = take(in, 8);
      requireSum(length, in.getInt());
      byte[] data =
          take(in, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      requireSum(data, in.getInt());
      events.add(Message.parse(data));
    }
    return events;
  }

  private static byte[] take(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }

  /// TensorFlow: `((crc >> 15) | (crc << 17)) + 0xa282ead8`, in 32 bits.
  private static void requireSum(byte[] bytes, int stored) {
    var crc = new CRC32C();
    crc.update(bytes);
    long sum = crc.getValue();
    long masked = ((sum >> 15 | sum << 17 & 0xFFFFFFFFL) + 0xa282ead8L) & 0xFFFFFFFFL;
    if (masked != Integer.toUnsignedLong(stored)) {
      throw new IllegalStateException("a checksum is wrong");
    }
  }
}
