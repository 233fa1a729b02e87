package io.copyload.engine.format.avro;

import io.copyload.engine.format.avro.AvroType.Field;
import io.copyload.engine.format.avro.AvroType.Kind;
import io.copyload.engine.format.avro.AvroType.Logical;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads a schema from its JSON (Avro specification 1.12, "Schema Declaration"). Logical types that
 * are unknown, or not right for their base, mean nothing, as the specification says.
 */
final class SchemaReader {
  private static final int MAX_DEPTH = 200;

  /** Widest decimal; H2's own limit is higher, but such numbers cost time beyond all use. */
  private static final int MAX_PRECISION = 1000;

  private final Map<String, AvroType> named = new HashMap<>();

  private SchemaReader() {}

  /**
   * The schema of a text.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static AvroType read(String json) {
    AvroType type = new SchemaReader().type(JsonTree.parse(json), "", 0);
    markEmpty(type, new HashSet<>());
    return type;
  }

  private AvroType type(Object json, String namespace, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("types are nested too deeply");
    }
    if (json instanceof String name) {
      return byName(name, namespace);
    }
    if (json instanceof List<?> branches) {
      AvroType union = new AvroType(Kind.UNION);
      List<AvroType> inner = new ArrayList<>();
      for (Object branch : branches) {
        inner.add(type(branch, namespace, depth + 1));
      }
      union.inner = inner;
      return union;
    }
    if (!(json instanceof Map<?, ?> object)) {
      throw new IllegalArgumentException("a type is neither a name, an object nor an array");
    }
    Object type = object.get("type");
    if (!(type instanceof String word)) {
      // {"type": {...}} is the inner type with properties around it.
      return type(type, namespace, depth + 1);
    }
    return switch (word) {
      case "record", "error" -> record(object, namespace, depth);
      case "enum" -> enumeration(object, namespace);
      case "fixed" -> fixed(object, namespace);
      case "array" -> of(Kind.ARRAY, type(object.get("items"), namespace, depth + 1));
      case "map" -> of(Kind.MAP, type(object.get("values"), namespace, depth + 1));
      default -> logical(byName(word, namespace), object);
    };
  }

  private static AvroType of(Kind kind, AvroType element) {
    AvroType type = new AvroType(kind);
    type.inner = List.of(element);
    return type;
  }

  private AvroType byName(String name, String namespace) {
    for (Kind kind : Kind.values()) {
      if (kind.compareTo(Kind.STRING) <= 0 && kind.name().toLowerCase(Locale.ROOT).equals(name)) {
        return new AvroType(kind);
      }
    }
    AvroType found = named.get(name.indexOf('.') < 0 ? fullName(name, namespace) : name);
    if (found == null) {
      // Some writers leave the namespace out.
      found = named.get(name);
    }
    if (found == null) {
      throw new IllegalArgumentException("type \"" + name + "\" is not defined");
    }
    return found;
  }

  private static String fullName(String name, String namespace) {
    return namespace.isEmpty() ? name : namespace + "." + name;
  }

  /** Makes a named type known; returns the namespace inside it. */
  private String define(Map<?, ?> object, String namespace, AvroType type) {
    if (!(object.get("name") instanceof String name)) {
      throw new IllegalArgumentException("a named type has no name");
    }
    String space = object.get("namespace") instanceof String own ? own : namespace;
    int dot = name.lastIndexOf('.');
    if (dot >= 0) {
      space = name.substring(0, dot);
      name = name.substring(dot + 1);
    }
    if (named.putIfAbsent(fullName(name, space), type) != null) {
      throw new IllegalArgumentException(
          "type \"" + fullName(name, space) + "\" is defined more than once");
    }
    return space;
  }

  private AvroType record(Map<?, ?> object, String namespace, int depth) {
    AvroType record = new AvroType(Kind.RECORD);
    String space = define(object, namespace, record);
    if (!(object.get("fields") instanceof List<?> fields)) {
      throw new IllegalArgumentException("a record has no fields");
    }
    List<Field> list = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Object element : fields) {
      if (!(element instanceof Map<?, ?> field) || !(field.get("name") instanceof String name)) {
        throw new IllegalArgumentException("a field has no name");
      }
      if (!names.add(name)) {
        throw new IllegalArgumentException("field \"" + name + "\" is there more than once");
      }
      list.add(new Field(name, type(field.get("type"), space, depth + 1)));
    }
    record.fields = list;
    return record;
  }

  private AvroType enumeration(Map<?, ?> object, String namespace) {
    AvroType type = new AvroType(Kind.ENUM);
    define(object, namespace, type);
    if (!(object.get("symbols") instanceof List<?> symbols)) {
      throw new IllegalArgumentException("an enum has no symbols");
    }
    type.symbols = new byte[symbols.size()][];
    for (int i = 0; i < type.symbols.length; i++) {
      if (!(symbols.get(i) instanceof String symbol)) {
        throw new IllegalArgumentException("a symbol of an enum is not a string");
      }
      type.symbols[i] = symbol.getBytes(StandardCharsets.UTF_8);
    }
    return type;
  }

  private AvroType fixed(Map<?, ?> object, String namespace) {
    AvroType type = new AvroType(Kind.FIXED);
    define(object, namespace, type);
    type.size = integer(object.get("size"), -1);
    if (type.size < 0) {
      throw new IllegalArgumentException("a fixed has no size");
    }
    return logical(type, object);
  }

  private static int integer(Object json, int absent) {
    return json instanceof Double number && number == number.intValue()
        ? number.intValue()
        : absent;
  }

  private static AvroType logical(AvroType type, Map<?, ?> object) {
    if (!(object.get("logicalType") instanceof String name)) {
      return type;
    }
    boolean fits =
        switch (name) {
          case "decimal" -> type.kind == Kind.BYTES || type.kind == Kind.FIXED;
          case "date", "time-millis" -> type.kind == Kind.INT;
          case "time-micros",
              "timestamp-millis",
              "timestamp-micros",
              "timestamp-nanos",
              "local-timestamp-millis",
              "local-timestamp-micros",
              "local-timestamp-nanos" ->
              type.kind == Kind.LONG;
          case "uuid" -> type.kind == Kind.STRING || type.kind == Kind.FIXED && type.size == 16;
          case "duration" -> type.kind == Kind.FIXED && type.size == 12;
          default -> false;
        };
    if (!fits) {
      return type;
    }
    if (name.equals("decimal")) {
      int precision = integer(object.get("precision"), 0);
      int scale = integer(object.get("scale"), 0);
      if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
        return type;
      }
      type.precision = precision;
      type.scale = scale;
      type.limit = BigInteger.TEN.pow(precision);
    }
    type.logical = Logical.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    return type;
  }

  /** Finds the types whose values take no bytes. */
  private static boolean markEmpty(AvroType type, Set<AvroType> open) {
    if (!open.add(type)) {
      return type.empty;
    }
    boolean all = true;
    for (Field field : type.fields) {
      all &= markEmpty(field.type(), open);
    }
    for (AvroType inner : type.inner) {
      markEmpty(inner, open);
    }
    type.empty =
        switch (type.kind) {
          case NULL -> true;
          case RECORD -> all;
          case FIXED -> type.size == 0;
          default -> false;
        };
    return type.empty;
  }
}
