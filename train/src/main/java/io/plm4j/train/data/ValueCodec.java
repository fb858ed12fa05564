package io.plm4j.train.data;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Writes values as bytes and reads them back: what JSON has, and bytes, which JSON has not.
final class ValueCodec {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ValueCodec() {}

  /// @return how many bytes
  static long write(JsonNode value, DataOutputStream out) throws IOException {
    // The stream's own count ends at two billion.
    return switch (value.getNodeType()) {
      case STRING -> write('s', value.stringValue().getBytes(StandardCharsets.UTF_8), out);
      case BINARY -> write('b', value.binaryValue(), out);
      case BOOLEAN -> {
        out.writeByte(value.booleanValue() ? 't' : 'f');
        yield 1;
      }
      case NUMBER -> {
        out.writeByte(value.isIntegralNumber() ? 'i' : 'd');
        out.writeLong(
            value.isIntegralNumber()
                ? value.longValue()
                : Double.doubleToRawLongBits(value.doubleValue()));
        yield 9;
      }
      case ARRAY -> {
        out.writeByte('l');
        out.writeInt(value.size());
        long written = 5;
        for (var item : value) {
          written += write(item, out);
        }
        yield written;
      }
      case OBJECT -> {
        out.writeByte('o');
        out.writeInt(value.size());
        long written = 5;
        for (var entry : value.properties()) {
          written += write('s', entry.getKey().getBytes(StandardCharsets.UTF_8), out);
          written += write(entry.getValue(), out);
        }
        yield written;
      }
      case NULL, MISSING, POJO -> {
        out.writeByte('n');
        yield 1;
      }
    };
  }

  private static long write(char kind, byte[] bytes, DataOutputStream out) throws IOException {
    out.writeByte(kind);
    out.writeInt(bytes.length);
    out.write(bytes);
    return 5L + bytes.length;
  }

  static JsonNode read(DataInputStream in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case 's' -> NODES.stringNode(text(in));
      case 'b' -> NODES.binaryNode(in.readNBytes(in.readInt()));
      case 't' -> NODES.booleanNode(true);
      case 'f' -> NODES.booleanNode(false);
      case 'i' -> NODES.numberNode(in.readLong());
      case 'd' -> NODES.numberNode(Double.longBitsToDouble(in.readLong()));
      case 'l' -> {
        var list = NODES.arrayNode();
        for (int rest = in.readInt(); rest > 0; rest--) {
          list.add(read(in));
        }
        yield list;
      }
      case 'o' -> {
        var object = NODES.objectNode();
        for (int rest = in.readInt(); rest > 0; rest--) {
          in.readByte();
          object.set(text(in), read(in));
        }
        yield object;
      }
      default -> NODES.nullNode();
    };
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
