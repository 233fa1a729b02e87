package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COPY TO in Parquet and JSON lines: DuckDB and COPY FROM read back what was written. */
class ParquetAndJsonExportTest {
  private static final String COLUMNS =
      "(id INTEGER, b BOOLEAN, t1 TINYINT, t2 SMALLINT, t8 BIGINT, n9 NUMERIC(9,2), n18 NUMERIC(18,4),"
          + " n38 NUMERIC(38,10), df DECFLOAT(34), r REAL, d DOUBLE PRECISION, v VARCHAR, vb VARBINARY,"
          + " dt DATE, tm TIME(6), tz TIME(6) WITH TIME ZONE, ts TIMESTAMP(6), tn TIMESTAMP(9),"
          + " tt TIMESTAMP(6) WITH TIME ZONE, u UUID, js JSON, e ENUM('one', 'two'), ia INTEGER ARRAY,"
          + " va VARCHAR ARRAY ARRAY, iv INTERVAL DAY TO SECOND)";

  @TempDir private Path folder;
  private Connection connection;
  private Statement statement;
  private Connection duckdb;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:copyload:;threads=3;TIME ZONE=UTC");
    statement = connection.createStatement();
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void close() throws SQLException {
    duckdb.close();
    connection.close();
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement s = connection.createStatement();
        ResultSet result = s.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  private void createAll() throws SQLException {
    statement.execute("CREATE TABLE a " + COLUMNS);
    statement.execute(
        "INSERT INTO a VALUES (1, TRUE, 127, -32768, 9223372036854775807, -1234567.89, 99999999999999.9999,"
            + " -1234567890123456789012345678.0123456789, 1.50, 1.5, -0.1, 'ä \"x\"\\', X'00ff',"
            + " DATE '2024-02-29', TIME '12:34:56.789012', TIME WITH TIME ZONE '12:00:00.5+02',"
            + " TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMP '2024-01-02 03:04:05.123456789',"
            + " TIMESTAMP WITH TIME ZONE '2024-01-02 03:04:05+05:30',"
            + " UUID '00112233-4455-6677-8899-aabbccddeeff', JSON '{\"k\":[1,null]}', 'two',"
            + " ARRAY[1,NULL,3], ARRAY[ARRAY['x',NULL],ARRAY['y y']], INTERVAL '1 02:03:04.5' DAY TO SECOND),"
            + " (2, FALSE, -128, 32767, -9223372036854775808, 0, -0.0001, 0, -1E+10, -0.5, 1E300, '',"
            + " X'', DATE '0001-01-01', TIME '00:00:00', TIME WITH TIME ZONE '23:59:59-01',"
            + " TIMESTAMP '9999-12-31 00:00:00', TIMESTAMP '1970-01-01 00:00:00',"
            + " TIMESTAMP WITH TIME ZONE '1800-01-01 00:00:00-08', UUID 'ffffffff-ffff-ffff-ffff-ffffffffffff',"
            + " JSON '\"text\"', 'one', ARRAY[], ARRAY[ARRAY[]], INTERVAL '-0 00:00:01' DAY TO SECOND)");
    statement.execute("INSERT INTO a(id) VALUES (3)");
  }

  @Test
  void everyTypeOfParquetIsReadBackEqual() throws Exception {
    createAll();
    Path file = folder.resolve("a.parquet");
    assertEquals(3, statement.executeUpdate("COPY a TO '" + file + "' (FORMAT parquet)"));
    String from = " FROM read_parquet('" + file + "') ORDER BY id";
    assertEquals(
        List.of(
            "1|true|127|-32768|9223372036854775807|-1234567.89|99999999999999.9999|"
                + "-1234567890123456789012345678.0123456789|1.5|1.5|-0.1|ä \"x\"\\|00FF|2024-02-29|"
                + "12:34:56.789012|36000500000|1969-12-31 23:59:59.999999",
            "2|false|-128|32767|-9223372036854775808|0.00|-0.0001|0E-10|-1E+10|-0.5|"
                + "1.0E300|||0001-01-01|00:00:00|3599000000|9999-12-31 00:00:00",
            "3" + "|null".repeat(16)),
        rows(
            duckdb,
            "SELECT id, b, t1, t2, t8, n9, n18, n38, df, r, d, v, hex(vb), dt, CAST(tm AS VARCHAR),"
                + " CAST(epoch_us(CAST(tz AS TIME)) AS BIGINT), CAST(ts AS VARCHAR)"
                + from));
    assertEquals(
        List.of(
            "1704164645123456789|1704144845000000|00112233-4455-6677-8899-aabbccddeeff|{\"k\":[1,null]}|"
                + "two|[1, NULL, 3]|[[x, NULL], [y y]]|1 day 02:03:04.5",
            "0|-5364633600000000|ffffffff-ffff-ffff-ffff-ffffffffffff|\"text\"|one|[]|[[]]|-00:00:01",
            "null" + "|null".repeat(7)),
        rows(
            duckdb,
            "SELECT epoch_ns(tn), epoch_us(tt), u, js, e, CAST(ia AS VARCHAR), CAST(va AS VARCHAR),"
                + " CAST(CAST(iv AS INTERVAL) AS VARCHAR)"
                + from));
    assertEquals(
        List.of(
            "INTEGER|BOOLEAN|TINYINT|SMALLINT|BIGINT|DECIMAL(9,2)|DECIMAL(18,4)|DECIMAL(38,10)"),
        rows(
            duckdb,
            "SELECT typeof(id), typeof(b), typeof(t1), typeof(t2), typeof(t8), typeof(n9),"
                + " typeof(n18), typeof(n38)"
                + from
                + " LIMIT 1"));
  }

  /** Columns of more than one file type go the way of Materialize's table; the rest is text. */
  @Test
  void copyFromReadsParquetBack() throws Exception {
    createAll();
    // Texts of arrays cannot tell empty or ragged ones apart from broken ones.
    statement.execute("UPDATE a SET va = ARRAY[ARRAY['x', NULL], ARRAY['y y', '']]");
    String some =
        "id, b, t1, t2, t8, n9, n18, n38, r, d, v, vb, dt, tm, ts, tn, tt, u, js, e, ia, va";
    Path file = folder.resolve("a.parquet");
    statement.executeUpdate("COPY a(" + some + ") TO '" + file + "' (FORMAT parquet)");
    statement.execute("CREATE TABLE back " + COLUMNS);
    assertEquals(
        3, statement.executeUpdate("COPY back(" + some + ") FROM '" + file + "' (FORMAT parquet)"));
    assertEquals(
        rows(connection, "SELECT " + some + " FROM a ORDER BY id").toString().replace("+05:30", ""),
        rows(connection, "SELECT " + some + " FROM back ORDER BY id")
            .toString()
            .replace("2024-01-01 21:34:05+00", "2024-01-02 03:04:05")
            .replace("1800-01-01 08:00:00+00", "1800-01-01 00:00:00-08"));
  }

  @Test
  void everyTypeOfJsonIsReadBackEqual() throws Exception {
    createAll();
    Path file = folder.resolve("a.json");
    assertEquals(3, statement.executeUpdate("COPY a TO '" + file + "' (FORMAT json)"));
    assertEquals(
        "{\"id\":1,\"b\":true,\"t1\":127,\"t2\":-32768,\"t8\":9223372036854775807,\"n9\":-1234567.89,"
            + "\"n18\":99999999999999.9999,\"n38\":-1234567890123456789012345678.0123456789,\"df\":1.5,"
            + "\"r\":1.5,\"d\":-0.1,\"v\":\"ä \\\"x\\\"\\\\\",\"vb\":\"\\\\x00ff\",\"dt\":\"2024-02-29\","
            + "\"tm\":\"12:34:56.789012\",\"tz\":\"12:00:00.5+02\",\"ts\":\"1969-12-31T23:59:59.999999\","
            + "\"tn\":\"2024-01-02T03:04:05.123456789\",\"tt\":\"2024-01-01T21:34:05+00:00\","
            + "\"u\":\"00112233-4455-6677-8899-aabbccddeeff\",\"js\":{\"k\":[1,null]},\"e\":\"two\","
            + "\"ia\":[1,null,3],\"va\":[[\"x\",null],[\"y y\"]],\"iv\":\"1 day 02:03:04.5\"}",
        Files.readAllLines(file).get(0));
    String columns =
        "{id: 'INTEGER', b: 'BOOLEAN', t8: 'BIGINT', n9: 'DECIMAL(9,2)', r: 'FLOAT', d: 'DOUBLE', v: 'VARCHAR',"
            + " dt: 'DATE', tm: 'TIME', ts: 'TIMESTAMP', tt: 'TIMESTAMPTZ', u: 'UUID', js: 'JSON',"
            + " e: 'VARCHAR', ia: 'INTEGER[]', va: 'VARCHAR[][]', iv: 'INTERVAL'}";
    assertEquals(
        List.of(
            "1|true|9223372036854775807|-1234567.89|1.5|-0.1|ä \"x\"\\|"
                + "2024-02-29|12:34:56.789012|1969-12-31 23:59:59.999999|1704144845000000|"
                + "00112233-4455-6677-8899-aabbccddeeff|{\"k\":[1,null]}|two|[1, NULL, 3]|"
                + "[[x, NULL], [y y]]|1 day 02:03:04.5",
            "2|false|-9223372036854775808|0.00|-0.5|1.0E300||0001-01-01|00:00:00|"
                + "9999-12-31 00:00:00|-5364633600000000|ffffffff-ffff-ffff-ffff-ffffffffffff|\"text\"|"
                + "one|[]|[[]]|-00:00:01",
            "3" + "|null".repeat(16)),
        rows(
            duckdb,
            "SELECT id, b, t8, n9, r, d, v, dt, CAST(tm AS VARCHAR), CAST(ts AS VARCHAR), epoch_us(tt),"
                + " u, js, e, CAST(ia AS VARCHAR), CAST(va AS VARCHAR), CAST(iv AS VARCHAR)"
                + " FROM read_json('"
                + file
                + "', format = 'newline_delimited', columns = "
                + columns
                + ") ORDER BY id"));
    StringWriter text = new StringWriter();
    try (PreparedStatement copy =
        connection.prepareStatement(
            "COPY (SELECT 1 AS \"a\"\"b\", CAST('NaN' AS REAL) AS x, 2.5 AS y) TO ? (FORMAT json)")) {
      copy.setObject(1, text);
      copy.executeUpdate();
    }
    assertEquals("{\"a\\\"b\":1,\"x\":\"NaN\",\"y\":2.5}\n", text.toString());
  }

  /**
   * Many row groups, pieces of several threads, deleted and changed rows, and strings that repeat.
   */
  @Test
  void manyRowsKeepTheirOrderAndSum() throws Exception {
    statement.execute("CREATE TABLE m (id BIGINT, n NUMERIC(12,2), v VARCHAR(40), w VARCHAR(40))");
    Path csv = folder.resolve("m.csv");
    try (java.io.BufferedWriter out = Files.newBufferedWriter(csv)) {
      for (int i = 0; i < 300_000; i++) {
        out.write(
            i + "," + i % 1000 + ".25,row " + i % 7 + "," + (i % 5 == 0 ? "" : "w" + i) + "\n");
      }
    }
    statement.execute("COPY m FROM '" + csv + "' (FORMAT csv)");
    statement.execute("DELETE FROM m WHERE id IN (5, 77777, 299999)");
    statement.execute("UPDATE m SET v = 'changed' WHERE id = 100");
    Path file = folder.resolve("m.parquet");
    assertEquals(299_997, statement.executeUpdate("COPY m TO '" + file + "' (FORMAT parquet)"));
    String sums =
        "SELECT COUNT(*), SUM(id), SUM(n), COUNT(w), COUNT(DISTINCT v), SUM(LENGTH(w)), MIN(w), MAX(w)"
            + " FROM ";
    assertEquals(rows(connection, sums + "m"), rows(duckdb, sums + "read_parquet('" + file + "')"));
    assertEquals(
        List.of("299997|0|true"),
        rows(
            duckdb,
            "SELECT COUNT(*), MIN(id), BOOL_AND(ok) FROM (SELECT id, id > LAG(id, 1, -1) OVER"
                + " (ORDER BY file_row_number) AS ok FROM read_parquet('"
                + file
                + "', file_row_number = true))"));
    statement.execute("CREATE TABLE n AS SELECT * FROM m WHERE FALSE");
    assertEquals(299_997, statement.executeUpdate("COPY n FROM '" + file + "' (FORMAT parquet)"));
    assertEquals(rows(connection, sums + "m"), rows(connection, sums + "n"));
  }

  /** Dictionaries where values repeat, bounds that readers may skip row groups by. */
  @Test
  void chunksHaveDictionariesAndBounds() throws Exception {
    statement.execute(
        "CREATE TABLE s (few VARCHAR, many VARCHAR, half BIGINT, n38 NUMERIC(38,2), d DOUBLE PRECISION,"
            + " nan DOUBLE PRECISION, b BOOLEAN, u UUID, none INTEGER, same INTEGER, bin VARBINARY,"
            + " list INTEGER ARRAY, late VARCHAR)");
    statement.execute(
        "INSERT INTO s SELECT 'v' || MOD(x, 9), 'unique ' || x, MOD(x, 2000), MOD(x, 100) - 50.5,"
            + " CASE WHEN MOD(x, 3) = 0 THEN -0.0 ELSE 1.5 END, CASE WHEN x = 7 THEN CAST('NaN' AS DOUBLE"
            + " PRECISION) ELSE x END, MOD(x, 2) = 0, CAST(LPAD(x, 32, '0') AS UUID), NULL, 4711,"
            + " X'ff00', CASE WHEN MOD(x, 4) = 0 THEN NULL ELSE ARRAY[MOD(x, 5), NULL] END,"
            + " CASE WHEN x < 70000 THEN 'same' ELSE REPEAT('long', 40) || x / 2 END"
            + " FROM SYSTEM_RANGE(1, 140000) WHERE x <> 100");
    Path file = folder.resolve("s.parquet");
    assertEquals(139_999, statement.executeUpdate("COPY s TO '" + file + "' (FORMAT parquet)"));
    String from = " FROM read_parquet('" + file + "')";
    String sums =
        "SELECT COUNT(*), COUNT(DISTINCT few), COUNT(DISTINCT many), SUM(half), SUM(n38), SUM(d), COUNT(nan),"
            + " COUNT(u), COUNT(none), SUM(same), COUNT(DISTINCT late), SUM(LENGTH(late)), COUNT(list)";
    assertEquals(rows(connection, sums + " FROM s"), rows(duckdb, sums + from));
    String meta =
        " FROM parquet_metadata('"
            + file
            + "') WHERE row_group_id = 0 AND path_in_schema <> 'u' ORDER BY column_id";
    assertEquals(
        List.of(
            "few|v0|v8|true",
            "many|unique 1|unique 99999|false",
            "half|0|1999|true",
            "n38|-50.50|48.50|true",
            "d|-0.0|1.5|true",
            "nan|null|null|false",
            "b|false|true|false",
            "none|null|null|false",
            "same|4711|4711|true",
            "bin|\\xFF\\x00|\\xFF\\x00|true",
            "list, list, element|0|4|true",
            "late|null|null|true"),
        rows(
            duckdb,
            "SELECT path_in_schema, stats_min_value, stats_max_value,"
                + " dictionary_page_offset IS NOT NULL"
                + meta));
    // What bounds skip is right.
    assertEquals(List.of("70"), rows(duckdb, "SELECT COUNT(*)" + from + " WHERE half = 1999"));
    assertEquals(List.of("1"), rows(duckdb, "SELECT COUNT(*)" + from + " WHERE isnan(nan)"));
    assertEquals(
        rows(connection, "SELECT COUNT(*) FROM s WHERE d = 0"),
        rows(duckdb, "SELECT COUNT(*)" + from + " WHERE d = 0"));
    statement.execute("CREATE TABLE back AS SELECT * FROM s WHERE FALSE");
    assertEquals(
        139_999, statement.executeUpdate("COPY back FROM '" + file + "' (FORMAT parquet)"));
    assertEquals(
        List.of("0"), rows(connection, "SELECT COUNT(*) FROM (TABLE s EXCEPT TABLE back)"));
  }

  /** Pages of a chunk with a dictionary and without one follow each other, with NULLs in both. */
  @Test
  void pagesWithAndWithoutDictionariesMix() throws Exception {
    statement.execute(
        "CREATE TABLE mixed (id BIGINT, a VARCHAR, b VARCHAR(200), c BIGINT, d NUMERIC(12,2), e DATE,"
            + " f TIMESTAMP, g CHAR(3))");
    // Stretches of few values, of many and of NULLs, of lengths that no page or batch has.
    String stretch = "MOD(BITXOR(x / 7919, x / 23456), 3)";
    String insert =
        "INSERT INTO mixed SELECT x,"
            + " CASE %1$s WHEN 0 THEN 'few ' || MOD(x, 5) WHEN 1 THEN 'many \u00e9 ' || x * 77 END,"
            + " CASE WHEN MOD(x, 11) = 0 THEN NULL WHEN %1$s = 2 THEN REPEAT('n', MOD(x, 150)) || x"
            + " ELSE 'w' || MOD(x, 40) END,"
            + " CASE %1$s WHEN 0 THEN MOD(x, 3) WHEN 1 THEN x * 1000003 END,"
            + " CASE WHEN MOD(x, 5) = 0 THEN NULL WHEN %1$s = 1 THEN x / 100.0 ELSE MOD(x, 9) END,"
            + " CASE %1$s WHEN 0 THEN DATE '2020-01-01' + MOD(x, 30)"
            + " WHEN 2 THEN DATE '1970-01-01' + MOD(x, 40000) END,"
            + " CASE WHEN %1$s = 1 THEN NULL"
            + " ELSE DATEADD('SECOND', MOD(x, 100), TIMESTAMP '2020-02-03 04:05:06') END,"
            + " CASE WHEN %1$s = 0 THEN 'ab' WHEN MOD(x, 2) = 0 THEN NULL ELSE '' || MOD(x, 999) END"
            + " FROM SYSTEM_RANGE(1, 120000)";
    statement.execute(insert.formatted(stretch));
    Path file = folder.resolve("mixed.parquet");
    statement.execute("COPY mixed TO '" + file + "' (FORMAT parquet)");
    statement.execute("CREATE TABLE mixed_back AS SELECT * FROM mixed WHERE FALSE");
    statement.execute("COPY mixed_back FROM '" + file + "' (FORMAT parquet)");
    assertEquals(
        List.of("0|120000"),
        rows(
            connection,
            "SELECT (SELECT COUNT(*) FROM (TABLE mixed EXCEPT TABLE mixed_back)),"
                + " (SELECT COUNT(*) FROM mixed_back)"));
  }

  @Test
  void whatParquetCannotHoldIsRefused() throws Exception {
    Path file = folder.resolve("x.parquet");
    Files.writeString(file, "old");
    statement.execute("CREATE TABLE x (ts TIMESTAMP(9))");
    statement.execute("INSERT INTO x VALUES (TIMESTAMP '3000-01-01 00:00:00')");
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> statement.execute("COPY x TO '" + file + "' (FORMAT parquet)"));
    assertEquals("22008", e.getSQLState());
    assertTrue(e.getMessage().contains("\"ts\""), e.getMessage());
    assertEquals("old", Files.readString(file));
    for (String option :
        List.of("DELIMITER ';'", "HEADER", "QUOTE '\"'", "NULL 'x'", "ENCODING 'LATIN1'")) {
      for (String format : List.of("parquet", "json")) {
        e =
            assertThrows(
                SQLException.class,
                () ->
                    statement.execute(
                        "COPY x TO '" + file + "' (FORMAT " + format + ", " + option + ")"));
        assertTrue(List.of("42601", "0A000").contains(e.getSQLState()), e.getSQLState());
      }
    }
    // No rows, and columns of one name.
    assertEquals(
        0,
        statement.executeUpdate(
            "COPY (SELECT 1 AS c, 2 AS c, CAST(NULL AS NUMERIC(100, 2)) AS w WHERE FALSE) TO '"
                + file
                + "' (FORMAT parquet)"));
    assertEquals(
        List.of("c|INTEGER", "c2|INTEGER", "w|VARCHAR"),
        rows(
            duckdb,
            "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('"
                + file
                + "'))"));
  }
}
