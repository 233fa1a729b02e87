package io.copyload.tck.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inputs larger than the heap load with default settings and eight threads: 100 MB with 96 MB of
 * heap, and in the profile soak 1 GB with 256 MB. A fifth of the bytes is of each kind of text;
 * Parquet has all of them in one row group.
 */
class MemoryTest {
  private static final long MEGABYTES = Long.getLong("copyload.memory.megabytes", 100);
  private static final String HEAP = MEGABYTES > 100 ? "-Xmx256m" : "-Xmx96m";
  private static final long BYTES = (MEGABYTES << 20) / 5;

  @TempDir Path work;

  private final Random random = new Random(Long.getLong("copyload.seed", 7));
  private long rows;

  /** Makes the text of row {@link #rows}. */
  private interface RowMaker {
    void append(StringBuilder out);
  }

  @Test
  void narrowRows() throws Exception {
    Path file = work.resolve("narrow.csv");
    try (Writer out = Files.newBufferedWriter(file)) {
      write(out, BYTES, this::narrow);
    }
    load("id INT, b VARCHAR", file);
  }

  @Test
  void wideRows() throws Exception {
    StringBuilder columns = new StringBuilder("id INT");
    String[] types = {"VARCHAR", "INT", "NUMERIC(12, 2)", "DATE"};
    for (int i = 1; i < 200; i++) {
      columns.append(", c").append(i).append(' ').append(types[i % 4]);
    }
    Path file = work.resolve("wide.csv");
    try (Writer out = Files.newBufferedWriter(file)) {
      write(out, BYTES, this::wide);
    }
    load(columns.toString(), file);
  }

  @Test
  void longQuotedFields() throws Exception {
    Path file = work.resolve("long.csv");
    try (Writer out = Files.newBufferedWriter(file)) {
      write(out, BYTES, this::withLongField);
    }
    load("id INT, b VARCHAR", file);
  }

  @Test
  void manySmallFiles() throws Exception {
    Path folder = Files.createDirectory(work.resolve("many"));
    for (int i = 0; i < BYTES / 50_000; i++) {
      try (Writer out = Files.newBufferedWriter(folder.resolve("part" + i + ".csv"))) {
        write(out, 50_000, this::narrow);
      }
    }
    load("id INT, b VARCHAR", folder.resolve("*.csv"));
  }

  @Test
  void gzip() throws Exception {
    Path file = work.resolve("gzip.csv.gz");
    try (Writer out =
        new BufferedWriter(
            new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file), 1 << 16),
                StandardCharsets.US_ASCII))) {
      write(out, BYTES, this::narrow);
    }
    load("id INT, b VARCHAR", file);
  }

  /** One object behind the other without a line end. */
  @Test
  void jsonOnOneLine() throws Exception {
    Path file = work.resolve("objects.json");
    try (Writer out = Files.newBufferedWriter(file)) {
      StringBuilder row = new StringBuilder();
      for (long written = 0; written < BYTES; written += row.length()) {
        row.setLength(0);
        row.append("{\"b\":\"").append(random.nextLong());
        out.append(row.append("\",\"id\":").append(rows++).append('}'));
      }
    }
    load("id INT, b VARCHAR", file, "JSON 'auto'");
  }

  @Test
  void avroBlocks() throws Exception {
    Schema schema =
        SchemaBuilder.record("r").fields().requiredLong("id").requiredString("b").endRecord();
    Path file = work.resolve("blocks.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.setCodec(CodecFactory.deflateCodec(1)).setSyncInterval(3 << 20);
      writer.create(schema, file.toFile());
      GenericRecord row = new GenericData.Record(schema);
      for (long written = 0; written < BYTES; written += 600) {
        row.put("id", rows++);
        row.put("b", Long.toString(random.nextLong()).repeat(30));
        writer.append(row);
      }
    }
    load("id BIGINT, b VARCHAR", file, "AVRO 'auto'");
  }

  /** Whole columns are one page each, with and without a dictionary. */
  @Test
  void parquetOfOneRowGroup() throws Exception {
    load(
        "id BIGINT, b VARCHAR, c VARCHAR, d DECIMAL(9, 2), e DOUBLE PRECISION, f TIMESTAMP, g INT",
        parquet("", "CODEC SNAPPY"),
        "FORMAT AS PARQUET");
  }

  @Test
  void parquetOfOneRowGroupWithDeltasAndLists() throws Exception {
    load(
        "id BIGINT, b VARCHAR, c VARCHAR, d DECIMAL(9, 2), e DOUBLE PRECISION, f TIMESTAMP, g INT,"
            + " h JSON, i JSON",
        parquet(
            ", [i, NULL, i + 1] AS h, {'a': i, 'b': 'text ' || i % 100} AS i",
            "CODEC ZSTD, PARQUET_VERSION V2"),
        "FORMAT AS PARQUET");
  }

  /** A file whose one row group has as many bytes as the test says. */
  private Path parquet(String more, String options) throws SQLException {
    Path file = work.resolve("rows.parquet");
    rows = MEGABYTES * 8000;
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET threads = 2");
      statement.execute(
          "COPY (SELECT i AS id, md5(i::VARCHAR) || ' and a comment on row ' || i AS b, 'name ' ||"
              + " hash(i) % 1000 AS c, (hash(i * 3) % 100000 / 100.0)::DECIMAL(9, 2) AS d, sin(i)"
              + " AS e, TIMESTAMP '2020-01-01' + INTERVAL (hash(i) % 90000000) SECOND AS f, CASE"
              + " WHEN i % 5 = 0 THEN NULL ELSE i % 1000 END::INTEGER AS g"
              + more
              + " FROM range("
              + rows
              + ") r(i)) TO '"
              + file
              + "' (FORMAT parquet, ROW_GROUP_SIZE 100000000, "
              + options
              + ")");
    }
    return file;
  }

  private void narrow(StringBuilder out) {
    out.append(rows).append(',').append(Integer.toString(random.nextInt(), 36));
  }

  private void wide(StringBuilder out) {
    out.append(rows);
    for (int i = 1; i < 200; i++) {
      out.append(',');
      switch (i % 4) {
        case 0 -> out.append("\"t").append(random.nextInt()).append('"');
        case 1 -> out.append(random.nextInt());
        case 2 -> out.append(random.nextInt(1_000_000)).append(".25");
        default -> out.append("2020-01-1").append(random.nextInt(10));
      }
    }
  }

  /** Texts of 20 KB, some of 1 MB, with line ends and doubled quotes. */
  private void withLongField(StringBuilder out) {
    int length = rows % 50 == 0 ? 1 << 20 : 20_000;
    out.append(rows).append(",\"");
    while (out.length() < length) {
      out.append(random.nextLong()).append(random.nextInt(5) == 0 ? "\n" : ", ");
      out.append(random.nextInt(9) == 0 ? "\"\"" : "");
    }
    out.append('"');
  }

  private void write(Writer out, long bytes, RowMaker maker) throws IOException {
    StringBuilder row = new StringBuilder();
    for (long written = 0; written < bytes; written += row.length()) {
      row.setLength(0);
      maker.append(row);
      out.append(row.append('\n'));
      rows++;
    }
  }

  private void load(String columns, Path input) throws IOException, InterruptedException {
    load(columns, input, "CSV");
  }

  private void load(String columns, Path input, String options)
      throws IOException, InterruptedException {
    Path said = work.resolve("said.txt");
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    HEAP,
                    "-cp",
                    System.getProperty(
                        "copyload.tck.classpath", System.getProperty("java.class.path")),
                    MemoryChild.class.getName(),
                    System.getProperty("copyload.tck.url", "jdbc:copyload:")
                        + "file:"
                        + work.resolve("db")
                        + ";threads=8",
                    columns,
                    input.toString(),
                    options))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertTrue(
          child.waitFor(30 + 2 * MEGABYTES / 5, TimeUnit.SECONDS),
          "the load does not come to an end");
    } finally {
      child.destroyForcibly().waitFor();
    }
    // Libraries may have said something before.
    List<String> lines = Files.readAllLines(said);
    assertEquals(
        rows + " " + rows + " " + rows * (rows - 1) / 2,
        lines.isEmpty() ? "" : lines.get(lines.size() - 1),
        () -> String.join("\n", lines));
  }
}
