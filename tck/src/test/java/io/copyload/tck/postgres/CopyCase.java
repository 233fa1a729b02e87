package io.copyload.tck.postgres;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One COPY statement with its table and bytes, the same for both sides.
 *
 * @param zone the session's time zone
 * @param rows what the table holds before, as COPY's text format; loaded by a plain COPY
 * @param head the statement up to FROM STDIN or TO STDOUT
 * @param options each in the words of the statement
 * @param legacy whether the options stand without parentheses
 * @param where the WHERE clause, or empty
 * @param input what is copied in; null for COPY TO
 */
record CopyCase(
    String zone,
    List<Column> columns,
    List<String> constraints,
    byte[] rows,
    String head,
    List<String> options,
    boolean legacy,
    String where,
    byte[] input) {

  /** A column; {@code suffix} is what follows its type. */
  record Column(String name, SampleType type, String suffix) {}

  /** CREATE TABLE in PostgreSQL's words or in H2's. */
  String createTable(boolean postgres) {
    List<String> parts = new ArrayList<>();
    for (Column column : columns) {
      parts.add(
          column.name()
              + " "
              + (postgres ? column.type().postgres() : column.type().h2())
              + (column.suffix().isEmpty() ? "" : " " + column.suffix()));
    }
    parts.addAll(constraints);
    return "CREATE TABLE t(" + String.join(", ", parts) + ")";
  }

  String sql() {
    String list =
        options.isEmpty()
            ? ""
            : legacy ? " " + String.join(" ", options) : " (" + String.join(", ", options) + ")";
    return head + list + (where.isEmpty() ? "" : " WHERE " + where);
  }

  boolean reads() {
    return input != null;
  }

  CopyCase withInput(byte[] bytes) {
    return new CopyCase(zone, columns, constraints, rows, head, options, legacy, where, bytes);
  }

  CopyCase withRows(byte[] bytes) {
    return new CopyCase(zone, columns, constraints, bytes, head, options, legacy, where, input);
  }

  CopyCase withoutOption(int index) {
    List<String> fewer = new ArrayList<>(options);
    fewer.remove(index);
    return new CopyCase(zone, columns, constraints, rows, head, fewer, legacy, where, input);
  }

  /** The same COPY, which the first bad value ends. */
  CopyCase withoutErrorHandling() {
    List<String> fewer = new ArrayList<>(options);
    fewer.removeIf(
        option ->
            option.startsWith("ON_ERROR ")
                || option.startsWith("REJECT_LIMIT ")
                || option.startsWith("LOG_VERBOSITY "));
    return fewer.equals(options)
        ? this
        : new CopyCase(zone, columns, constraints, rows, head, fewer, legacy, where, input);
  }

  CopyCase withoutWhere() {
    return new CopyCase(zone, columns, constraints, rows, head, options, legacy, "", input);
  }

  CopyCase withoutConstraint(int index) {
    List<String> fewer = new ArrayList<>(constraints);
    fewer.remove(index);
    return new CopyCase(zone, columns, fewer, rows, head, options, legacy, where, input);
  }

  CopyCase withoutSuffix(int index) {
    List<Column> plain = new ArrayList<>(columns);
    plain.set(index, new Column(columns.get(index).name(), columns.get(index).type(), ""));
    return new CopyCase(zone, plain, constraints, rows, head, options, legacy, where, input);
  }

  @Override
  public String toString() {
    return createTable(true)
        + "\n  in H2: "
        + columns.stream().map(c -> c.type().h2()).collect(Collectors.joining(", "))
        + "; zone "
        + zone
        + (rows.length == 0 ? "" : "\n  rows: " + visible(rows))
        + "\n  "
        + sql()
        + (reads() ? "\n  input: " + visible(input) : "");
  }

  /** Bytes as a Java string would spell them. */
  static String visible(byte[] bytes) {
    StringBuilder out = new StringBuilder("\"");
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    for (int i = 0; i < latin.length(); i++) {
      char c = latin.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\\' -> out.append("\\\\");
        case '"' -> out.append("\\\"");
        default -> {
          if (c < ' ' || c > '~') {
            out.append(String.format(java.util.Locale.ROOT, "\\x%02x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
