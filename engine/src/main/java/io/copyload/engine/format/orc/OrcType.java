package io.copyload.engine.format.orc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A type of a file with what is below it.
 *
 * @param column number by which stripes know it
 * @param names of a struct's fields
 * @param precision of a decimal
 */
record OrcType(
    int column, Kind kind, List<OrcType> children, List<String> names, int precision, int scale) {
  /** In the order of the numbers that files have for them. */
  enum Kind {
    BOOLEAN,
    BYTE,
    SHORT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    STRING,
    BINARY,
    TIMESTAMP,
    LIST,
    MAP,
    STRUCT,
    UNION,
    DECIMAL,
    DATE,
    VARCHAR,
    CHAR,
    TIMESTAMP_INSTANT,
    GEOMETRY,
    GEOGRAPHY;

    boolean isNested() {
      return compareTo(LIST) >= 0 && compareTo(UNION) <= 0;
    }
  }

  /** Most digits of a decimal. */
  static final int MAX_DIGITS = 38;

  /** Precision and scale of files older than decimals that have one. */
  private static final int OLD_SCALE = 10;

  private static final int MAX_DEPTH = 100;

  /** A type as the file lists it: children by number. */
  record Entry(Kind kind, List<Integer> children, List<String> names, int precision, int scale) {
    static Entry read(WireMessage message) throws IOException {
      int kind = 0;
      List<Integer> children = new ArrayList<>(0);
      List<String> names = new ArrayList<>(0);
      int precision = MAX_DIGITS;
      int scale = OLD_SCALE;
      boolean scaled = false;
      while (message.next()) {
        switch (message.field()) {
          case 1 -> kind = message.number(Integer.MAX_VALUE);
          case 2 -> {
            if (message.isPacked()) {
              WireMessage numbers = message.message();
              while (numbers.hasMore()) {
                children.add((int) numbers.packedNumber());
              }
            } else {
              children.add(message.number(Integer.MAX_VALUE));
            }
          }
          case 3 -> names.add(message.text());
          case 5 -> {
            precision = message.number(MAX_DIGITS);
            scale = scaled ? scale : 0;
          }
          case 6 -> {
            scale = message.number(MAX_DIGITS);
            scaled = true;
          }
          default -> message.skip();
        }
      }
      if (kind >= Kind.values().length) {
        throw new IOException("its schema has a type of the unknown kind " + kind);
      }
      return new Entry(Kind.values()[kind], children, names, precision, scale);
    }
  }

  /** The tree below the first entry. */
  static OrcType tree(List<Entry> entries) throws IOException {
    if (entries.isEmpty()) {
      throw new IOException("it has no schema");
    }
    return build(entries, 0, new boolean[entries.size()], 0);
  }

  private static OrcType build(List<Entry> entries, int column, boolean[] used, int depth)
      throws IOException {
    Entry entry = entries.get(column);
    used[column] = true;
    if (depth > MAX_DEPTH) {
      throw new IOException("its schema is nested more than " + MAX_DEPTH + " deep");
    }
    int count = entry.children.size();
    boolean right =
        switch (entry.kind) {
          case LIST -> count == 1;
          case MAP -> count == 2;
          case STRUCT -> count == entry.names.size();
          case UNION -> count > 0 && count <= 256;
          case DECIMAL -> count == 0 && entry.precision > 0 && entry.scale <= entry.precision;
          default -> count == 0;
        };
    if (!right) {
      throw new IOException("its schema is damaged: column " + column + ", a " + entry.kind);
    }
    List<OrcType> children = new ArrayList<>(count);
    for (int child : entry.children) {
      if (child <= column || child >= entries.size() || used[child]) {
        throw new IOException("its schema is damaged: column " + column + " holds " + child);
      }
      children.add(build(entries, child, used, depth + 1));
    }
    return new OrcType(column, entry.kind, children, entry.names, entry.precision, entry.scale);
  }

  /** As ORC's own tools write it. */
  @Override
  public String toString() {
    return switch (kind) {
      case BYTE -> "tinyint";
      case SHORT -> "smallint";
      case LONG -> "bigint";
      case LIST -> "array<" + children.get(0) + ">";
      case MAP -> "map<" + children.get(0) + "," + children.get(1) + ">";
      case UNION ->
          "uniontype<" + String.join(",", children.stream().map(Object::toString).toList()) + ">";
      case DECIMAL -> "decimal(" + precision + "," + scale + ")";
      case TIMESTAMP_INSTANT -> "timestamp with local time zone";
      case STRUCT -> {
        StringBuilder text = new StringBuilder("struct<");
        for (int i = 0; i < children.size(); i++) {
          text.append(i > 0 ? "," : "").append(names.get(i)).append(':').append(children.get(i));
        }
        yield text.append('>').toString();
      }
      default -> kind.name().toLowerCase(java.util.Locale.ROOT);
    };
  }
}
