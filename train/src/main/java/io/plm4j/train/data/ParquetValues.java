package io.plm4j.train.data;

import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Makes values as JSON has them, and bytes, of what a Parquet reader gives.
final class ParquetValues {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ParquetValues() {}

  static JsonNode of(StructAccessor struct) {
    var object = NODES.objectNode();
    for (int i = 0; i < struct.getFieldCount(); i++) {
      var name = struct.getFieldName(i);
      object.set(name, struct.isNull(name) ? NODES.nullNode() : node(struct.getValue(name)));
    }
    return object;
  }

  private static JsonNode node(@Nullable Object value) {
    return switch (value) {
      case null -> NODES.nullNode();
      case String text -> NODES.stringNode(text);
      case byte[] bytes -> NODES.binaryNode(bytes);
      case Boolean truth -> NODES.booleanNode(truth);
      case Integer number -> NODES.numberNode(number.longValue());
      case Long number -> NODES.numberNode(number);
      case Float number -> NODES.numberNode(number.doubleValue());
      case Double number -> NODES.numberNode(number);
      case PqStruct struct -> of(struct);
      case PqList list -> {
        var array = NODES.arrayNode();
        for (int i = 0; i < list.size(); i++) {
          array.add(node(list.isNull(i) ? null : list.get(i)));
        }
        yield array;
      }
      // Dates, decimal numbers and the like: nothing that is learnt has these types.
      default -> NODES.stringNode(value.toString());
    };
  }
}
