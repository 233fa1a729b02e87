package io.copyload.tck.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.tck.TckFiles;
import io.copyload.tck.damage.Thrift.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small files that claim to be huge: every length, count and repetition that a format has, by lies
 * and by honest compression. They are refused with a heap of 512 MB, and soon.
 */
class FalseClaimsTest {
  private static final long HUGE = Integer.MAX_VALUE;
  private static final int MAX_BYTES = 20_000;

  @TempDir private Path folder;

  private final List<String> names = new ArrayList<>();
  private final StringBuilder loads = new StringBuilder();

  private void load(String name, String table, byte[] file, String ending, String format)
      throws IOException {
    if (!name.startsWith("long ")) {
      assertTrue(file.length <= MAX_BYTES, name + " has " + file.length + " bytes");
    }
    Path path = folder.resolve("claim" + names.size() + "." + ending);
    Files.write(path, file);
    names.add(name);
    loads.append(table).append("\tCOPY t FROM 'file:").append(path).append("' ").append(format);
    loads.append('\n');
  }

  @Test
  void parquet() throws Exception {
    String table = "CREATE TABLE t (a BIGINT, b VARCHAR)";
    String select = "SELECT i AS a, 'text ' || i % 3 AS b FROM range(20) r(i)";
    for (String codec : List.of("UNCOMPRESSED", "SNAPPY", "ZSTD", "GZIP", "LZ4_RAW", "BROTLI")) {
      byte[] file = duckdb(select, "CODEC " + codec);
      for (int page = 0; page < 3; page++) {
        for (int field : new int[] {2, 3}) {
          parquet(
              codec + " page " + page + " size " + field,
              table,
              ParquetDamage.withPageHeader(file, page, head -> head.field(field).number = HUGE));
        }
        parquet(
            codec + " page " + page + " values",
            table,
            ParquetDamage.withPageHeader(file, page, FalseClaimsTest::hugeCounts));
      }
    }
    byte[] file = duckdb(select, "CODEC SNAPPY");
    parquet(
        "rows",
        table,
        ParquetDamage.withFooter(
            file,
            footer -> {
              footer.field(3).number = 1L << 60;
              footer.field(4).children.get(0).field(3).number = 1L << 60;
            }));
    for (int length : new int[] {Integer.MAX_VALUE, -1, 1 << 30}) {
      byte[] bad = file.clone();
      ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(bad.length - 8, length);
      parquet("footer length " + length, table, bad);
    }
    // Version, and behind it a list of structs, a text, or a list of texts.
    byte[] count = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
    byte[] fewer = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x20};
    for (byte[] number : List.of(count, fewer)) {
      parquet(
          "schema list", table, ParquetDamage.withFooter(file, bytes(0x15, 2, 0x19, 0xfc, number)));
      parquet("created by", table, ParquetDamage.withFooter(file, bytes(0x15, 2, 0x58, number, 0)));
      parquet(
          "text list", table, ParquetDamage.withFooter(file, bytes(0x15, 2, 0x19, 0xf8, number)));
      parquet(
          "statistics",
          table,
          ParquetDamage.withPage(
              file,
              1,
              (head, body) -> {
                Node statistics = new Node();
                statistics.type = Thrift.STRUCT;
                statistics.id = 4;
                head.children.clear();
                return bytes(
                    0x15, 0, 0x15, 20, 0x15, 20, 0x2c, 0x15, 40, 0x15, 0, 0x15, 6, 0x15, 6, 0x1c,
                    0x18, number, body);
              }));
    }
    byte[] deltas =
        duckdb(
            "SELECT i * i AS a, 'text ' || i * i AS b FROM range(200) r(i)",
            "CODEC UNCOMPRESSED, PARQUET_VERSION V2");
    for (int page = 0; page < 2; page++) {
      parquet(
          "deltas " + page,
          table,
          ParquetDamage.withPage(
              deltas,
              page,
              (head, body) -> {
                // Block of 128 values in 4 parts, then the number of values.
                int at = indexOf(body, new byte[] {(byte) 0x80, 1});
                hugeCounts(head);
                return Damage.splice(body, Math.max(0, at + 3), 2, count);
              }));
    }
    parquet(
        "one run of equal numbers",
        "CREATE TABLE t (a BIGINT)",
        run(duckdb("SELECT 7::BIGINT AS a FROM range(20)", "CODEC UNCOMPRESSED"), (int) HUGE));
    parquet(
        "8 GiB of one text in a dictionary",
        "CREATE TABLE t (a VARCHAR)",
        duckdb(
            "SELECT repeat('x', 1000000) AS a FROM range(8600)",
            "CODEC ZSTD, DICTIONARY_SIZE_LIMIT 100000"));
    check();
  }

  private void parquet(String name, String table, byte[] file) throws IOException {
    load(name, table, file, "parquet", "FORMAT AS PARQUET");
  }

  private static void hugeCounts(Node head) {
    for (int field : new int[] {5, 7, 8}) {
      if (head.field(field) != null) {
        head.field(field).field(1).number = HUGE;
      }
    }
  }

  /** A file of one page of equal values, with so many of them. */
  static byte[] run(byte[] file, int values) {
    ByteArrayOutputStream runs = new ByteArrayOutputStream();
    byte[] length = varint((long) values << 1);
    // All are there; all are entry 0.
    runs.writeBytes(new byte[] {(byte) (length.length + 1), 0, 0, 0});
    runs.writeBytes(length);
    runs.write(1);
    runs.write(1);
    runs.writeBytes(length);
    runs.write(0);
    byte[] changed =
        ParquetDamage.withPage(
            file,
            1,
            (head, body) -> {
              hugeCounts(head);
              head.field(2).number = runs.size();
              head.field(3).number = runs.size();
              return runs.toByteArray();
            });
    return ParquetDamage.withFooter(
        changed,
        footer -> {
          footer.field(3).number = values;
          Node group = footer.field(4).children.get(0);
          group.field(3).number = values;
          group.field(1).children.get(0).field(3).field(5).number = values;
        });
  }

  private byte[] duckdb(String select, String options) throws SQLException, IOException {
    Path file = folder.resolve("duckdb.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (" + select + ") TO '" + file + "' (FORMAT parquet, " + options + ")");
    }
    return Files.readAllBytes(file);
  }

  @Test
  void orc() throws Exception {
    String table = "CREATE TABLE t (a VARBINARY, b VARCHAR)";
    byte[] file = corpus("orc-examples/TestOrcFile.testStringAndBinaryStatistics.orc");
    for (long huge : new long[] {HUGE, 1L << 40, Long.MAX_VALUE}) {
      for (int field = 1; field <= 5; field++) {
        int number = field;
        orc(
            "stripe field " + field + " " + huge,
            table,
            OrcDamage.changed(
                file,
                footer -> {
                  footer.fields(3).forEach(stripe -> stripe.set(number, huge));
                  if (number == 5) {
                    footer.set(6, huge);
                  }
                },
                stripe -> {}));
      }
      orc(
          "streams " + huge,
          table,
          OrcDamage.changed(
              file,
              footer -> {},
              stripe -> stripe.fields(1).forEach(stream -> stream.set(3, huge))));
      orc(
          "dictionaries " + huge,
          table,
          OrcDamage.changed(
              file,
              footer -> {},
              stripe ->
                  stripe
                      .fields(2)
                      .forEach(
                          column -> {
                            column.set(1, 3);
                            column.set(2, huge);
                          })));
    }
    check();
  }

  private void orc(String name, String table, byte[] file) throws IOException {
    load(name, table, file, "orc", "FORMAT AS ORC");
  }

  private static byte[] corpus(String name) throws IOException {
    return Files.readAllBytes(TckFiles.folder("corpora").resolve(name));
  }

  @Test
  void avro() throws Exception {
    String[] schemas = {
      "{'type':'record','name':'r','fields':[{'name':'a','type':'string'}]}",
      "{'type':'record','name':'r','fields':[{'name':'a','type':'bytes'}]}",
      "{'type':'record','name':'r','fields':[{'name':'a','type':{'type':'array','items':'null'}}]}",
      "{'type':'record','name':'r','fields':[{'name':'a','type':{'type':'map','values':'null'}}]}",
      "{'type':'record','name':'r','fields':[]}",
      "{'type':'record','name':'r','fields':[{'name':'a','type':'null'}]}",
      "{'type':'record','name':'r','fields':[{'name':'a','type':{'type':'fixed','name':'f','size':2147483647}}]}",
    };
    for (String schema : schemas) {
      for (long huge : new long[] {HUGE, 1L << 40, Long.MAX_VALUE}) {
        byte[] number = zigzag(huge);
        String where = schema.substring(36) + " " + huge;
        avro("rows of " + where, schema, huge, 0, new byte[0]);
        avro("lengths of " + where, schema, 1, number.length + 1, bytes(number, 0));
        avro("size of a block of " + where, schema, 1, huge, bytes(2, 'a'));
      }
    }
    check();
  }

  private void avro(String name, String schema, long rows, long size, byte[] block)
      throws IOException {
    byte[] json = schema.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    byte[] sync = new byte[16];
    byte[] file =
        bytes(
            'O',
            'b',
            'j',
            1,
            2,
            22,
            "avro.schema".getBytes(StandardCharsets.US_ASCII),
            zigzag(json.length),
            json,
            0,
            sync,
            zigzag(rows),
            zigzag(size),
            block,
            sync);
    load(name, "CREATE TABLE t (a VARCHAR)", file, "avro", "FORMAT AS AVRO 'auto'");
  }

  @Test
  void json() throws Exception {
    String table = "CREATE TABLE t (a SUPER)";
    for (String open : List.of("[", "{\"a\":")) {
      json("deep " + open, table, open.repeat(3000));
      json("long deep " + open, table, open.repeat(1 << 20));
      json("long deep value " + open, table, "{\"a\":" + open.repeat(300_000));
    }
    json("long value", table, "{\"a\":\"" + "x".repeat(5 << 20) + "\"}");
    json("long value without end", table, "{\"a\":\"" + "x".repeat(20 << 20));
    json("long key", table, "{\"" + "x".repeat(5 << 20) + "\":1}");
    json("long number", table, "{\"a\":" + "9".repeat(5 << 20) + "}");
    json("huge exponent", "CREATE TABLE t (a DECIMAL(38, 2))", "{\"a\":1e999999999}");
    json("tiny exponent into BIGINT", "CREATE TABLE t (a BIGINT)", "{\"a\":1e2147483648}");
    check();
  }

  private void json(String name, String table, String text) throws IOException {
    load(name, table, text.getBytes(StandardCharsets.UTF_8), "json", "JSON 'auto'");
  }

  @Test
  void shapefile() throws Exception {
    for (int at : new int[] {24, 104, 144, 148, 152}) {
      int number = names.size();
      byte[] shp = corpus("shapefile/polygons.shp");
      ByteBuffer.wrap(shp)
          .order(at < 144 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
          .putInt(at, Integer.MAX_VALUE / 4);
      for (String ending : List.of("shx", "dbf")) {
        Files.write(
            folder.resolve("claim" + number + "." + ending),
            corpus("shapefile/polygons." + ending));
      }
      load("number at " + at, "CREATE TABLE t (g GEOMETRY, a VARCHAR)", shp, "shp", "SHAPEFILE");
    }
    check();
  }

  private void check() throws IOException, InterruptedException {
    Path list = folder.resolve("loads.txt");
    Path outcomes = folder.resolve("outcomes.txt");
    Path said = folder.resolve("said.txt");
    Files.writeString(list, loads);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("copyload.tck.classpath", System.getProperty("java.class.path")),
                ClaimsChild.class.getName(),
                System.getProperty("copyload.tck.url", "jdbc:copyload:")
                    + ";dialect=redshift;threads=4",
                list.toString(),
                outcomes.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended;
    try {
      ended = child.waitFor(10, TimeUnit.MINUTES);
    } finally {
      child.destroyForcibly().waitFor();
    }
    List<String> lines = Files.exists(outcomes) ? Files.readAllLines(outcomes) : List.of();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String outcome = lines.get(i).replaceFirst("^\\d+ ms ", "");
      if (!outcome.matches("(2[2-9]|54|58|XX000.*stl_load_errors).*")
          || outcome.contains("OutOfMemory")) {
        wrong.add(names.get(i) + ": " + lines.get(i));
      }
    }
    assertTrue(
        ended, () -> "hangs: " + names.get(lines.size()) + " behind " + lines.size() + " loads");
    assertEquals(names.size(), lines.size(), () -> read(said));
    assertFalse(!wrong.isEmpty(), () -> String.join("\n", wrong));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  /** Numbers as bytes, and arrays of them, one behind the other. */
  private static byte[] bytes(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof byte[] array) {
        out.writeBytes(array);
      } else {
        out.write(part instanceof Character c ? c : (Integer) part);
      }
    }
    return out.toByteArray();
  }

  private static byte[] zigzag(long number) {
    return varint(number << 1 ^ number >> 63);
  }

  private static byte[] varint(long number) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return out.toByteArray();
  }
}
