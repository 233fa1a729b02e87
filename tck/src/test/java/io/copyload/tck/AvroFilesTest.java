package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Avro files that Avro's own library has written, and damaged ones. */
class AvroFilesTest {
  @TempDir Path folder;

  private static TckDatabase database(int threads) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("dialect", "redshift");
    properties.setProperty("threads", Integer.toString(threads));
    return TckDatabase.inMemory("", properties);
  }

  private Path write(Schema schema, CodecFactory codec, int syncInterval, List<GenericRecord> rows)
      throws IOException {
    Path file = Files.createTempFile(folder, "rows", ".avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.setCodec(codec).setSyncInterval(syncInterval).create(schema, file.toFile());
      for (GenericRecord row : rows) {
        writer.append(row);
      }
    }
    return file;
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int c = 1; c <= result.getMetaData().getColumnCount(); c++) {
          row.append(c > 1 ? "|" : "").append(result.getString(c));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  private static String copy(String table, Path file, String options) {
    return "COPY " + table + " FROM " + CaseRunner.quote(file.toString()) + " " + options;
  }

  /** The guide's category_auto.avro and its sibling in other case. */
  @Test
  void guideExamplesLoadByName() throws Exception {
    String[][] data = {
      {"1", "Major League Baseball", "MLB", "Sports"},
      {"2", "National Hockey League", "NHL", "Sports"},
      {"3", "National Basketball Association", "NBA", "Sports"},
      {"4", "All symphony, concerto, and choir concerts", "Classical", "Concerts"}
    };
    List<String> expected =
        List.of(
            "1|Sports|MLB|Major League Baseball",
            "2|Sports|NHL|National Hockey League",
            "3|Sports|NBA|National Basketball Association",
            "4|Concerts|Classical|All symphony, concerto, and choir concerts");
    for (boolean lower : new boolean[] {true, false}) {
      String[] names =
          lower
              ? new String[] {"catid", "catdesc", "catname", "catgroup"}
              : new String[] {"CatID", "CatDesc", "CatName", "CatGroup"};
      Schema schema =
          new Schema.Parser()
              .parse(
                  ("{'name':'category','type':'record','fields':["
                          + "{'name':'%s','type':'int'},{'name':'%s','type':'string'},"
                          + "{'name':'%s','type':'string'},{'name':'%s','type':'string'}]}")
                      .formatted((Object[]) names)
                      .replace('\'', '"'));
      List<GenericRecord> records = new ArrayList<>();
      for (String[] row : data) {
        records.add(
            new GenericRecordBuilder(schema)
                .set(names[0], Integer.valueOf(row[0]))
                .set(names[1], row[1])
                .set(names[2], row[2])
                .set(names[3], row[3])
                .build());
      }
      Path file = write(schema, CodecFactory.nullCodec(), 16_000, records);
      try (TckDatabase database = database(2);
          Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE category (catid SMALLINT NOT NULL, catgroup VARCHAR(10), catname"
                + " VARCHAR(10), catdesc VARCHAR(50))");
        statement.execute(
            copy(
                "category",
                file,
                lower ? "FORMAT AS AVRO 'auto'" : "FORMAT AS AVRO 'auto ignorecase'"));
        assertEquals(expected, rows(statement, "SELECT * FROM category ORDER BY catid"));
        if (!lower) {
          // Nothing matches: NULL into NOT NULL.
          assertThrows(
              SQLException.class, () -> statement.execute(copy("category", file, "AVRO 'auto'")));
        }
      }
    }
  }

  @Test
  void everyTypeHasItsColumnAndItsText() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"r","fields":[
                {"name":"d","type":{"type":"int","logicalType":"date"}},
                {"name":"tm","type":{"type":"int","logicalType":"time-millis"}},
                {"name":"ts","type":{"type":"long","logicalType":"timestamp-micros"}},
                {"name":"lts","type":{"type":"long","logicalType":"local-timestamp-millis"}},
                {"name":"dec","type":{"type":"bytes","logicalType":"decimal","precision":5,"scale":2}},
                {"name":"wide","type":{"type":"bytes","logicalType":"decimal","precision":30,"scale":3}},
                {"name":"e","type":{"type":"enum","name":"en","symbols":["A","B"]}},
                {"name":"u","type":["null","int","string"]},
                {"name":"m","type":{"type":"map","values":"long"}},
                {"name":"a","type":{"type":"array","items":["null","string"]}},
                {"name":"b","type":"bytes"},
                {"name":"unused","type":{"type":"array","items":{"type":"array","items":"double"}}},
                {"name":"f","type":"float"},
                {"name":"empty","type":"string"}]}
                """);
    GenericRecord row =
        new GenericRecordBuilder(schema)
            .set("d", 19_000)
            .set("tm", 3_723_004)
            .set("ts", -1L)
            .set("lts", 86_400_001L)
            .set("dec", ByteBuffer.wrap(new BigDecimal("-123.45").unscaledValue().toByteArray()))
            .set(
                "wide",
                ByteBuffer.wrap(
                    new BigDecimal("123456789012345678901.234").unscaledValue().toByteArray()))
            .set("e", new GenericData.EnumSymbol(schema.getField("e").schema(), "B"))
            .set("u", "text")
            .set("m", Map.of("k\"", 7L))
            .set("a", Arrays.asList("x", null, "y\n"))
            .set("b", ByteBuffer.wrap(new byte[] {'a', (byte) 0xe9}))
            .set("unused", List.of(List.of(1.0, 2.0), List.of()))
            .set("f", 1.25f)
            .set("empty", "")
            .build();
    GenericRecord other = new GenericData.Record((GenericData.Record) row, true);
    other.put("u", null);
    Path file = write(schema, CodecFactory.deflateCodec(6), 16_000, List.of(row, other));
    try (TckDatabase database = database(1);
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE typed (d DATE, tm TIME(3), ts TIMESTAMP, lts TIMESTAMP, dec NUMERIC(5,2),"
              + " wide NUMERIC(30,3), e VARCHAR(10), u VARCHAR(10), m SUPER, a SUPER, b VARBYTE(10),"
              + " f DOUBLE PRECISION, empty INTEGER, missing INTEGER)");
      statement.execute(copy("typed", file, "AVRO"));
      List<String> typed =
          rows(statement, "SELECT d, tm, ts, lts, dec, wide, e, u, f, empty, missing FROM typed");
      String begin =
          "2022-01-08|01:02:03.004|1969-12-31 23:59:59.999999|1970-01-02 00:00:00.001|-123.45"
              + "|123456789012345678901.234|B|";
      assertEquals(List.of(begin + "text|1.25|null|null", begin + "null|1.25|null|null"), typed);
      assertEquals(
          List.of("{\"k\\\"\":7}|[\"x\",null,\"y\\n\"]"),
          rows(statement, "SELECT DISTINCT m, a FROM typed"));
      statement.execute(
          "CREATE TABLE texts (d VARCHAR(99), dec VARCHAR(99), m VARCHAR(99), b VARCHAR(99), f VARCHAR(99), ts BIGINT)");
      statement.execute(copy("texts", file, "AVRO"));
      assertEquals(
          List.of("2022-01-08|-123.45|{\"k\\\"\":7}|\"a\u00e9\"|1.25|-1"),
          rows(statement, "SELECT DISTINCT * FROM texts"));
      statement.execute("CREATE TABLE wrong (m INTEGER)");
      SQLException refused =
          assertThrows(SQLException.class, () -> statement.execute(copy("wrong", file, "AVRO")));
      assertTrue(refused.getMessage().contains("map"), refused.getMessage());
    }
  }

  /** The same rows in the same order and the same rejects, whatever the number of threads. */
  @Test
  void threadsChangeNothing() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
                    + "{\"name\":\"n\",\"type\":\"string\"},{\"name\":\"s\",\"type\":\"string\"}]}");
    Random random = new Random(7);
    List<GenericRecord> records = new ArrayList<>();
    for (int i = 0; i < 120_000; i++) {
      byte[] noise = new byte[60];
      random.nextBytes(noise);
      GenericRecord row = new GenericData.Record(schema);
      row.put("id", (long) i);
      row.put("n", i % 40_000 == 39_999 ? "bad" : Integer.toString(i % 1000));
      row.put("s", java.util.HexFormat.of().formatHex(noise));
      records.add(row);
    }
    for (CodecFactory codec : List.of(CodecFactory.nullCodec(), CodecFactory.deflateCodec(1))) {
      Path file = write(schema, codec, 30_000, records);
      assertTrue(Files.size(file) > 8 << 20, "more than two units");
      List<String> first = null;
      for (int threads : new int[] {1, 2, 5}) {
        try (TckDatabase database = database(threads);
            Connection connection = database.connect();
            Statement statement = connection.createStatement()) {
          statement.execute("CREATE TABLE t (id BIGINT, n INTEGER, s VARCHAR(200))");
          assertEquals(
              119_997, statement.executeUpdate(copy("t", file, "AVRO 'auto' MAXERROR 10")));
          List<String> seen =
              rows(statement, "SELECT line_number, colname, raw_field_value FROM stl_load_errors");
          seen.addAll(
              rows(
                  statement,
                  "SELECT COUNT(*), SUM(id), MIN(id), MAX(id), SUM(n), SUM(ORA_HASH(s)) FROM t"));
          first = first == null ? seen : first;
          assertEquals(first, seen);
          assertTrue(seen.get(0).startsWith("40000|"), seen.toString());
        }
      }
    }
  }

  @Test
  void limitsAreRedshifts() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"s\",\"type\":\"string\"}]}");
    GenericRecord row = new GenericData.Record(schema);
    row.put("s", "x".repeat(5 << 20));
    Path block = write(schema, CodecFactory.nullCodec(), 1 << 24, List.of(row));
    Schema wide =
        new Schema.Parser()
            .parse(
                schema
                    .toString()
                    .replace(
                        "\"name\":\"s\"",
                        "\"name\":\"s\",\"doc\":\"" + "d".repeat(1 << 20) + "\""));
    Path header = write(wide, CodecFactory.nullCodec(), 16_000, List.of());
    try (TckDatabase database = database(2);
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (s VARCHAR(65535))");
      String message =
          assertThrows(SQLException.class, () -> statement.execute(copy("t", block, "AVRO")))
              .getMessage();
      assertTrue(message.contains("more than the limit of 4194304"), message);
      message =
          assertThrows(SQLException.class, () -> statement.execute(copy("t", header, "AVRO")))
              .getMessage();
      assertTrue(message.contains("header with the schema is longer than 1048576"), message);
    }
  }
}
