package io.copyload.engine.h2;

import io.copyload.engine.source.Destination;
import io.copyload.engine.source.OutputObject;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that one export is split into: their names, how many rows each has, and the manifest
 * that lists them. Several sequences of files may grow at the same time, so that writing is not in
 * row order.
 *
 * <p>Threads: one.
 */
final class ExportFiles {
  /** Names files. */
  interface Naming {
    /**
     * What follows the location in a file's name.
     *
     * @param sequence which of the sequences, from 0
     * @param number of the file in its sequence, from 0
     */
    String suffix(int sequence, int number);
  }

  /**
   * What an export makes of its rows.
   *
   * @param sequences how many files grow at a time
   * @param maxFileBytes most bytes of a file, unless one row has more
   * @param manifest suffix of the manifest's name; null for none
   * @param verbose whether the manifest tells columns and row counts, too
   * @param cleans whether whatever is there already goes
   */
  record Layout(
      Naming naming,
      int sequences,
      long maxFileBytes,
      String manifest,
      boolean verbose,
      boolean cleans) {}

  /** One file. */
  static final class ExportFile {
    private final OutputObject object;
    private long rowCount;

    private ExportFile(OutputObject object) {
      this.object = object;
    }

    /** Where its bytes go. */
    OutputObject object() {
      return object;
    }

    /** So many rows more are in it. */
    void addRows(long count) {
      rowCount += count;
    }
  }

  private final Destination destination;
  private final Layout layout;
  private final int[] numbers;
  private final List<ExportFile> files = new ArrayList<>();

  ExportFiles(Destination destination, Layout layout) {
    this.destination = destination;
    this.layout = layout;
    numbers = new int[layout.sequences()];
  }

  Layout layout() {
    return layout;
  }

  /** Begins the next file of a sequence; the one before it has been finished. */
  ExportFile next(int sequence) throws IOException {
    String suffix = layout.naming().suffix(sequence, numbers[sequence]++);
    ExportFile file = new ExportFile(destination.create(suffix));
    files.add(file);
    return file;
  }

  /** How many files have been begun. */
  int count() {
    return files.size();
  }

  /** Bytes of all files. */
  long size() {
    long sum = 0;
    for (ExportFile file : files) {
      sum += file.object.size();
    }
    return sum;
  }

  /** Writes the manifest, and makes everything visible. All files are finished. */
  void publish(List<String> columnNames, List<TargetType> types) throws IOException {
    if (layout.manifest() != null) {
      OutputObject manifest = destination.create(layout.manifest());
      byte[] json = manifest(columnNames, types).getBytes(StandardCharsets.UTF_8);
      manifest.write(json, 0, json.length);
      manifest.finish();
    }
    if (layout.cleans()) {
      destination.removeExisting();
    }
    destination.publish();
  }

  /** As Redshift writes it (UNLOAD in its developer guide), so that COPY ... MANIFEST reads it. */
  private String manifest(List<String> columnNames, List<TargetType> types) {
    StringBuilder json = new StringBuilder("{\n  \"entries\": [");
    String comma = "\n";
    long bytes = 0;
    long rows = 0;
    for (ExportFile file : files) {
      json.append(comma).append("    {\"url\":").append(quoted(file.object.name()));
      json.append(", \"meta\":{\"content_length\":").append(file.object.size());
      if (layout.verbose()) {
        json.append(", \"record_count\":").append(file.rowCount);
      }
      json.append("}}");
      comma = ",\n";
      bytes += file.object.size();
      rows += file.rowCount;
    }
    json.append("\n  ]");
    if (layout.verbose()) {
      json.append(",\n  \"schema\": {\n    \"elements\": [");
      comma = "\n";
      for (int i = 0; i < types.size(); i++) {
        json.append(comma).append("      {\"name\":").append(quoted(columnNames.get(i)));
        json.append(", \"type\":{").append(type(types.get(i))).append("}}");
        comma = ",\n";
      }
      json.append("\n    ]\n  },\n  \"meta\": {\"content_length\":").append(bytes);
      json.append(", \"record_count\":").append(rows).append("},\n");
      json.append("  \"author\": {\"name\":\"Copyload\", \"version\":\"1.0\"}");
    }
    return json.append("\n}\n").toString();
  }

  private static String type(TargetType type) {
    String name =
        switch (type.kind()) {
          case BOOLEAN -> "boolean";
          case TINYINT, SMALLINT -> "smallint";
          case INTEGER -> "integer";
          case BIGINT -> "bigint";
          case REAL -> "real";
          case DOUBLE -> "double precision";
          case NUMERIC, DECFLOAT -> "numeric";
          case DATE -> "date";
          case TIME -> "time without time zone";
          case TIME_TZ -> "time with time zone";
          case TIMESTAMP -> "timestamp without time zone";
          case TIMESTAMP_TZ -> "timestamp with time zone";
          case CHAR -> "character";
          case VARBINARY -> "binary varying";
          default -> "character varying";
        };
    String limit =
        type.kind().isCharacter() && type.precision() > 0
            ? ", \"max_length\":" + type.precision()
            : "";
    return "\"base\":\"" + name + '"' + limit;
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
