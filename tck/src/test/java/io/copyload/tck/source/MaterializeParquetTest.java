package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Materialize's table of Parquet types, row by row, from files that Parquet's own library has
 * written; by path, from S3 and over HTTP.
 */
class MaterializeParquetTest {
  /** How a value is put into a group. */
  private interface Put {
    void into(Group group);
  }

  /** One row of the table: a type of a file, the column types that take it, and what they show. */
  private record TypeCase(String file, Put value, String[] targets, String shown) {}

  private static final byte[] BYTES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

  private static TypeCase of(String file, Put value, String shown, String... targets) {
    return new TypeCase(file, value, targets, shown);
  }

  private static Binary unscaled(String unscaled, int size) {
    byte[] bytes = new BigInteger(unscaled).toByteArray();
    byte[] padded = new byte[Math.max(size, bytes.length)];
    java.util.Arrays.fill(padded, (byte) (bytes[0] < 0 ? -1 : 0));
    System.arraycopy(bytes, 0, padded, padded.length - bytes.length, bytes.length);
    return Binary.fromConstantByteArray(padded);
  }

  private static Binary interval(int months, int days, int millis) {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    return Binary.fromConstantByteArray(bytes.putInt(months).putInt(days).putInt(millis).array());
  }

  private static final List<TypeCase> CASES =
      List.of(
          of("boolean c", g -> g.add("c", true), "TRUE", "BOOLEAN"),
          of(
              "int32 c (INTEGER(8,true))",
              g -> g.add("c", -128),
              "-128",
              "TINYINT",
              "SMALLINT",
              "INTEGER",
              "BIGINT",
              "NUMERIC(10)",
              "DECFLOAT"),
          of(
              "int32 c (INTEGER(16,true))",
              g -> g.add("c", -32768),
              "-32768",
              "SMALLINT",
              "INTEGER",
              "BIGINT",
              "NUMERIC(10)"),
          of(
              "int32 c",
              g -> g.add("c", -2147483648),
              "-2147483648",
              "INTEGER",
              "BIGINT",
              "NUMERIC"),
          of(
              "int64 c",
              g -> g.add("c", Long.MIN_VALUE),
              "-9223372036854775808",
              "BIGINT",
              "NUMERIC"),
          of("int32 c (INTEGER(8,false))", g -> g.add("c", 255), "255", "SMALLINT", "INTEGER"),
          of("int32 c (INTEGER(16,false))", g -> g.add("c", 65535), "65535", "INTEGER", "BIGINT"),
          of("int32 c (INTEGER(32,false))", g -> g.add("c", -1), "4294967295", "BIGINT", "NUMERIC"),
          of(
              "int64 c (INTEGER(64,false))",
              g -> g.add("c", -1L),
              "18446744073709551615",
              "NUMERIC(20)"),
          of(
              "int64 c (INTEGER(64,false))",
              g -> g.add("c", 1L << 62),
              "4611686018427387904",
              "BIGINT"),
          of("float c", g -> g.add("c", 2.5f), "2.5", "REAL", "DOUBLE PRECISION"),
          of("double c", g -> g.add("c", 3.7), "3.7", "DOUBLE PRECISION"),
          of(
              "fixed_len_byte_array(2) c (FLOAT16)",
              g -> g.add("c", Binary.fromConstantByteArray(new byte[] {0, 0x3e})),
              "1.5",
              "REAL",
              "DOUBLE PRECISION"),
          of(
              "int32 c (DECIMAL(9,2))",
              g -> g.add("c", -1234567),
              "-12345.67",
              "NUMERIC(9,2)",
              "NUMERIC(20,2)"),
          of(
              "int64 c (DECIMAL(18,5))",
              g -> g.add("c", -5432100000L),
              "-54321.00000",
              "NUMERIC(18,5)"),
          of(
              "fixed_len_byte_array(16) c (DECIMAL(38,10))",
              g -> g.add("c", unscaled("-12345678901234567890123456789012345678", 16)),
              "-1234567890123456789012345678.9012345678",
              "NUMERIC(38,10)",
              "DECFLOAT(38)"),
          of(
              "binary c (DECIMAL(60,3))",
              g ->
                  g.add(
                      "c",
                      unscaled("123456789012345678901234567890123456789012345678901234567890", 0)),
              "123456789012345678901234567890123456789012345678901234567.890",
              "NUMERIC(60,3)"),
          of(
              "binary c",
              g -> g.add("c", Binary.fromConstantByteArray(BYTES)),
              "000102030405060708090a0b0c0d0e0f",
              "VARBINARY",
              "BLOB",
              "BINARY(16)"),
          of(
              "fixed_len_byte_array(3) c",
              g -> g.add("c", Binary.fromString("abc")),
              "616263",
              "VARBINARY"),
          of(
              "fixed_len_byte_array(16) c (UUID)",
              g -> g.add("c", Binary.fromConstantByteArray(BYTES)),
              "00010203-0405-0607-0809-0a0b0c0d0e0f",
              "UUID"),
          of(
              "fixed_len_byte_array(16) c",
              g -> g.add("c", Binary.fromConstantByteArray(BYTES)),
              "00010203-0405-0607-0809-0a0b0c0d0e0f",
              "UUID"),
          of(
              "binary c (STRING)",
              g -> g.add("c", "apple ä"),
              "apple ä",
              "VARCHAR",
              "CLOB",
              "VARCHAR(10)",
              "CHAR(7)"),
          of("binary c (STRING)", g -> g.add("c", "{\"a\": 5}"), "{\"a\":5}", "JSON"),
          of("binary c (JSON)", g -> g.add("c", "{\"a\": 5}"), "{\"a\":5}", "JSON"),
          of("binary c (ENUM)", g -> g.add("c", "red"), "red", "VARCHAR", "ENUM('red')"),
          of("int32 c (DATE)", g -> g.add("c", 20393), "2025-11-01", "DATE"),
          of(
              "int32 c (TIME(MILLIS,false))",
              g -> g.add("c", 32400123),
              "09:00:00.123",
              "TIME(3)",
              "TIME(9)"),
          of(
              "int64 c (TIME(MICROS,false))",
              g -> g.add("c", 32400123456L),
              "09:00:00.123456",
              "TIME(6)"),
          of(
              "int64 c (TIME(NANOS,false))",
              g -> g.add("c", 32400123456789L),
              "09:00:00.123456789",
              "TIME(9)"),
          of("int32 c (TIME(MILLIS,true))", g -> g.add("c", 32400123), "09:00:00.123", "TIME(3)"),
          of(
              "int64 c (TIME(MICROS,true))",
              g -> g.add("c", 32400123456L),
              "09:00:00.123456",
              "TIME(6)"),
          of(
              "int64 c (TIMESTAMP(MILLIS,false))",
              g -> g.add("c", 1761991200123L),
              "2025-11-01 10:00:00.123",
              "TIMESTAMP"),
          of(
              "int64 c (TIMESTAMP(MICROS,false))",
              g -> g.add("c", 1761991200123456L),
              "2025-11-01 10:00:00.123456",
              "TIMESTAMP"),
          of(
              "int64 c (TIMESTAMP(NANOS,false))",
              g -> g.add("c", 1761991200123456789L),
              "2025-11-01 10:00:00.123456789",
              "TIMESTAMP(9)"),
          of(
              "int64 c (TIMESTAMP(MILLIS,true))",
              g -> g.add("c", 1761991200123L),
              "2025-11-01 10:00:00.123+00",
              "TIMESTAMP WITH TIME ZONE"),
          of(
              "int64 c (TIMESTAMP(MICROS,true))",
              g -> g.add("c", 1761991200123456L),
              "2025-11-01 10:00:00.123456+00",
              "TIMESTAMP WITH TIME ZONE"),
          of(
              "int64 c (TIMESTAMP(NANOS,true))",
              g -> g.add("c", 1761991200123456789L),
              "2025-11-01 10:00:00.123456789+00",
              "TIMESTAMP(9) WITH TIME ZONE"),
          of(
              "int96 c",
              g -> g.add("c", new NanoTime(2460981, 36_000_000_000_001L)),
              "2025-11-01 10:00:00.000000001",
              "TIMESTAMP(9)"),
          of(
              "fixed_len_byte_array(12) c (INTERVAL)",
              g -> g.add("c", interval(14, 0, 0)),
              "INTERVAL '1-2' YEAR TO MONTH",
              "INTERVAL YEAR TO MONTH"),
          of(
              "fixed_len_byte_array(12) c (INTERVAL)",
              g -> g.add("c", interval(0, 3, 3_600_500)),
              "INTERVAL '3 01:00:00.5' DAY TO SECOND",
              "INTERVAL DAY TO SECOND"));

  /** Types that Materialize's table does not have together. */
  private static final String[][] REFUSED = {
    {"int32 c", "SMALLINT", "smallint"},
    {"int64 c", "INTEGER", "integer"},
    {"int64 c", "DOUBLE PRECISION", "double"},
    {"double c", "REAL", "real"},
    {"float c", "NUMERIC(10,2)", "numeric(10,2)"},
    {"binary c (STRING)", "INTEGER", "integer"},
    {"binary c (STRING)", "DATE", "date"},
    {"binary c (STRING)", "VARBINARY", "varbinary"},
    {"int32 c (DATE)", "TIMESTAMP", "timestamp"},
    {"int64 c (TIMESTAMP(MICROS,true))", "TIMESTAMP", "timestamp"},
    {"int64 c (TIMESTAMP(MICROS,false))", "TIMESTAMP WITH TIME ZONE", "timestamp tz"},
    {"int64 c (TIME(MICROS,false))", "TIMESTAMP", "timestamp"},
    {"boolean c", "INTEGER", "integer"},
    {"fixed_len_byte_array(12) c (INTERVAL)", "VARCHAR", "varchar"}
  };

  @TempDir Path folder;

  private static void write(Path file, MessageType schema, List<Put> rows) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (Put row : rows) {
        Group group = new SimpleGroup(schema);
        row.into(group);
        writer.write(group);
      }
    }
  }

  private Path single(int number, String column, Put value) throws IOException {
    Path file = folder.resolve("c" + number + ".parquet");
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { optional " + column + "; }");
    write(file, schema, List.of(value, g -> {}));
    return file;
  }

  private static List<String> rows(Statement s, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = s.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          Object value = result.getObject(i);
          row.add(
              value instanceof byte[] bytes && bytes.length > 0 && bytes[0] != '{'
                  ? HexFormat.of().formatHex(bytes)
                  : result.getString(i));
        }
        rows.add(String.join("|", row.stream().map(String::valueOf).toList()));
      }
    }
    return rows;
  }

  @Test
  void everyTypeOfTheTableLoads() throws Exception {
    try (Connection c = DriverManager.getConnection("jdbc:copyload:;TIME ZONE=UTC");
        Statement s = c.createStatement()) {
      int number = 0;
      for (TypeCase type : CASES) {
        Path file = single(number++, type.file(), type.value());
        for (String target : type.targets()) {
          String what = type.file() + " into " + target;
          s.execute("DROP TABLE IF EXISTS t");
          s.execute(
              "CREATE TABLE t (c " + (target.equals("NUMERIC") ? "NUMERIC(20)" : target) + ")");
          assertEquals(
              2, s.executeUpdate("COPY INTO t FROM '" + file + "' (FORMAT parquet)"), what);
          String shown = rows(s, "SELECT c FROM t WHERE c IS NOT NULL").get(0);
          assertEquals(
              comparable(type.shown()),
              comparable(
                  target.equals("BLOB")
                      ? rows(s, "SELECT CAST(c AS VARBINARY) FROM t").get(0)
                      : shown),
              what);
          assertEquals(List.of("1"), rows(s, "SELECT COUNT(*) FROM t WHERE c IS NULL"), what);
        }
      }
    }
  }

  private static String comparable(String value) {
    try {
      return new BigDecimal(value).stripTrailingZeros().toPlainString();
    } catch (NumberFormatException e) {
      return value;
    }
  }

  @Test
  void otherTypesAreRefusedBeforeTheLoad() throws Exception {
    try (Connection c = DriverManager.getConnection("jdbc:copyload:");
        Statement s = c.createStatement()) {
      int number = 0;
      for (String[] pair : REFUSED) {
        Path file = single(number++, pair[0], g -> {});
        s.execute("DROP TABLE IF EXISTS t");
        s.execute("CREATE TABLE t (c " + pair[1] + ")");
        SQLException e =
            assertThrows(
                SQLException.class,
                () -> s.execute("COPY INTO t FROM '" + file + "' (FORMAT parquet)"),
                pair[0] + " into " + pair[1]);
        assertEquals("42804", e.getSQLState(), e.getMessage());
        assertTrue(
            e.getMessage().contains("parquet error: unsupported: (" + pair[2] + ", "),
            e.getMessage());
      }
      Path file = single(99, "int32 c", g -> g.add("c", 1));
      s.execute("CREATE TABLE two (c INTEGER, d INTEGER)");
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> s.execute("COPY INTO two FROM '" + file + "' (FORMAT parquet)"));
      assertTrue(e.getMessage().contains("wrong number of columns 1 vs 2"), e.getMessage());
      SQLException missing =
          assertThrows(
              SQLException.class,
              () -> s.execute("COPY INTO two(d) FROM '" + file + "' (FORMAT parquet)"));
      assertTrue(missing.getMessage().contains("'d' not found"), missing.getMessage());
    }
  }

  /** A file with one row. */
  private Path nested(long id, String codec) throws SQLException {
    Path file = folder.resolve("n" + id + ".parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement s = duckdb.createStatement()) {
      s.execute(
          "COPY (SELECT "
              + id
              + "::BIGINT AS id, range("
              + id
              + ") AS list_col, MAP {'z': '1', 'a': '2'} AS map_col, {'name': 'Taco', 'age': 3, 'tags': ['hot']}"
              + " AS record_col) TO '"
              + file
              + "' (FORMAT parquet, CODEC '"
              + codec
              + "')");
    }
    return file;
  }

  private static final String NESTED_TABLE =
      "CREATE TABLE n (id BIGINT, list_col BIGINT ARRAY, map_col JSON, record_col ROW(name VARCHAR, age INTEGER,"
          + " tags VARCHAR ARRAY))";

  private static final String NESTED_SHOWN =
      "SELECT id, CARDINALITY(list_col), map_col, (record_col).age, (record_col).tags[1] FROM n ORDER BY id";

  @Test
  void filesAndPatternsOfS3AreMatchedByName() throws Exception {
    String[] codecs = {"uncompressed", "snappy", "gzip", "zstd", "lz4_raw", "brotli"};
    Path root = Files.createDirectory(folder.resolve("s3"));
    try (S3Server server = new S3Server(root);
        Connection c =
            DriverManager.getConnection(
                "jdbc:copyload:;s3_region=us-east-1;secrets_key=long and random;s3_endpoint="
                    + server.endpoint());
        Statement s = c.createStatement()) {
      for (int i = 0; i < codecs.length; i++) {
        Path file = nested(i + 1, codecs[i]);
        server.put("lake", "parquet/" + codecs[i] + ".parquet", Files.readAllBytes(file));
      }
      server.put("lake", "parquet/readme.txt", "no parquet");
      s.execute("CREATE SECRET k AS '" + S3Server.SECRET + "'");
      s.execute(
          "CREATE CONNECTION aws TO AWS (ENDPOINT '"
              + server.endpoint()
              + "', REGION 'us-east-1', ACCESS KEY ID = '"
              + S3Server.KEY_ID
              + "', SECRET ACCESS KEY = SECRET k)");
      s.execute(NESTED_TABLE);
      assertEquals(
          6,
          s.executeUpdate(
              "COPY INTO n FROM 's3://lake/parquet' (FORMAT parquet, AWS CONNECTION = aws,"
                  + " PATTERN = '**/*.parquet')"));
      assertEquals(
          List.of(
              "1|1|{\"z\":\"1\",\"a\":\"2\"}|3|hot",
              "2|2|{\"z\":\"1\",\"a\":\"2\"}|3|hot",
              "3|3|{\"z\":\"1\",\"a\":\"2\"}|3|hot",
              "4|4|{\"z\":\"1\",\"a\":\"2\"}|3|hot",
              "5|5|{\"z\":\"1\",\"a\":\"2\"}|3|hot",
              "6|6|{\"z\":\"1\",\"a\":\"2\"}|3|hot"),
          rows(s, NESTED_SHOWN).stream().map(MaterializeParquetTest::keepOrder).toList());
      s.execute("DELETE FROM n");
      assertEquals(
          2,
          s.executeUpdate(
              "COPY INTO n(record_col, map_col, id) FROM 's3://lake' (FORMAT parquet, AWS CONNECTION = aws,"
                  + " FILES = ['parquet/gzip.parquet', 'parquet/zstd.parquet'])"));
      assertEquals(
          List.of("3|null|3", "4|null|3"),
          rows(s, "SELECT id, list_col, (record_col).age FROM n ORDER BY id"));
      SQLException e =
          assertThrows(
              SQLException.class,
              () ->
                  s.execute(
                      "COPY INTO n FROM 's3://lake/parquet' (FORMAT parquet, AWS CONNECTION = aws)"));
      assertTrue(e.getMessage().contains("readme.txt"), e.getMessage());
    }
  }

  /** H2 keeps the order of keys, or sorts them; both are the same map. */
  private static String keepOrder(String row) {
    return row.replace("{\"a\":\"2\",\"z\":\"1\"}", "{\"z\":\"1\",\"a\":\"2\"}");
  }

  /** The footer first, then the chunks of the columns that are wanted. */
  @Test
  void onlyNeededBytesComeOverHttp() throws Exception {
    Path file = folder.resolve("wide.parquet");
    StringBuilder columns = new StringBuilder("SELECT x AS id");
    for (int i = 0; i < 20; i++) {
      columns.append(", md5(CAST(x * 31 + " + i + " AS VARCHAR)) AS v" + i);
    }
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement s = duckdb.createStatement()) {
      s.execute(
          "COPY ("
              + columns
              + " FROM range(100000) t(x)) TO '"
              + file
              + "' (FORMAT parquet, ROW_GROUP_SIZE 25000)");
    }
    byte[] content = Files.readAllBytes(file);
    AtomicLong sent = new AtomicLong();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "http-server");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("ETag", "\"one\"");
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            if (exchange.getRequestMethod().equals("HEAD")) {
              exchange.getResponseHeaders().set("Content-Length", "" + content.length);
              exchange.sendResponseHeaders(200, -1);
              return;
            }
            String range = exchange.getRequestHeaders().getFirst("Range");
            int begin = 0;
            int end = content.length;
            if (range != null) {
              String[] ends = range.substring("bytes=".length()).split("-");
              begin = Integer.parseInt(ends[0]);
              end = Math.min(end, Integer.parseInt(ends[1]) + 1);
              exchange
                  .getResponseHeaders()
                  .set("Content-Range", "bytes " + begin + "-" + (end - 1) + "/" + content.length);
            }
            sent.addAndGet(end - begin);
            exchange.sendResponseHeaders(range == null ? 200 : 206, end - begin);
            exchange.getResponseBody().write(content, begin, end - begin);
          }
        });
    server.start();
    try (Connection c = DriverManager.getConnection("jdbc:copyload:;threads=2");
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE w (v7 VARCHAR, id BIGINT, v3 VARCHAR)");
      String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/wide.parquet";
      assertEquals(
          100_000,
          s.executeUpdate("COPY INTO w(id, v7, v3) FROM '" + address + "' (FORMAT parquet)"));
      assertEquals(
          List.of("100000|4999950000|100000"),
          rows(s, "SELECT COUNT(*), SUM(id), COUNT(DISTINCT v7) FROM w"));
      assertTrue(
          sent.get() < content.length / 5,
          sent.get() + " of " + content.length + " bytes were sent");
    } finally {
      server.stop(0);
    }
  }
}
