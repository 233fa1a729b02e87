package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redshift's UNLOAD into folders and into S3, and back by COPY. */
class UnloadTest {
  private static final int ROWS = 60_000;

  @TempDir static Path root;
  @TempDir Path folder;

  private static S3Server server;
  private static Connection connection;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server(root);
    server.put("lake", "there/x", "x");
    connection =
        DriverManager.getConnection(
            "jdbc:copyload:;threads=2;memory=64MB;s3_region=us-east-1;s3_endpoint="
                + server.endpoint());
    try (Statement s = connection.createStatement()) {
      s.execute("CREATE TABLE big (id INTEGER, v VARCHAR(200))");
      s.execute(
          "INSERT INTO big SELECT x, x || REPEAT('-', 180) FROM SYSTEM_RANGE(1, " + ROWS + ")");
      s.execute("CREATE TABLE odd (id INTEGER, v VARCHAR(40), d DATE, b BOOLEAN)");
      s.execute("CREATE TABLE back (id INTEGER, v VARCHAR(40), d DATE, b BOOLEAN)");
    }
    String[] values = {
      "", "a|b", "a,b", "say \"x\"", "it's", "back\\slash", "two\nlines", "\r", "|", "é"
    };
    try (PreparedStatement p =
        connection.prepareStatement("INSERT INTO odd VALUES (?, ?, DATE '2024-02-29', TRUE)")) {
      for (int i = 0; i < values.length; i++) {
        p.setInt(1, i);
        p.setString(2, values[i]);
        p.executeUpdate();
      }
    }
  }

  @AfterAll
  static void stop() throws Exception {
    connection.close();
    server.close();
  }

  private static long run(String sql) throws SQLException {
    try (Statement s = connection.createStatement()) {
      return s.executeLargeUpdate(sql);
    }
  }

  private static String query(String sql) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getString(1);
    }
  }

  private static List<String> names(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertFails(String sql, String state, String text) {
    SQLException e = assertThrows(SQLException.class, () -> run(sql), sql);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
    assertFalse(e.getMessage().contains(S3Server.SECRET), e.getMessage());
  }

  @Test
  void slicesWriteFilesOfTheirOwn() throws Exception {
    String unload = "UNLOAD ('select * from big') TO '" + folder + "/big_' ";
    assertEquals(ROWS, run(unload + "CSV HEADER MANIFEST VERBOSE MAXFILESIZE 5 MB"));
    assertEquals(
        List.of(
            "big_0000_part_00",
            "big_0000_part_01",
            "big_0001_part_00",
            "big_0001_part_01",
            "big_manifest"),
        names(folder));
    assertTrue(Files.size(folder.resolve("big_0000_part_00")) <= 5 << 20);
    String manifest = Files.readString(folder.resolve("big_manifest"));
    assertTrue(manifest.contains("\"record_count\":" + ROWS), manifest);
    assertTrue(manifest.contains("\"base\":\"character varying\", \"max_length\":200"), manifest);
    run("CREATE TABLE again (id INTEGER, v VARCHAR(200))");
    assertEquals(
        ROWS, run("COPY again FROM '" + folder + "/big_manifest' CSV MANIFEST IGNOREHEADER 1"));
    String sums = "SELECT SUM(id) || ' ' || SUM(ORA_HASH(v || id)) FROM ";
    assertEquals(query(sums + "big"), query(sums + "again"));
    run("DROP TABLE again");
    assertFails(unload, "58P02", "ALLOWOVERWRITE");
    assertEquals(ROWS, run(unload + "GZIP ALLOWOVERWRITE PARALLEL OFF"));
    assertTrue(names(folder).contains("big_000.gz"), names(folder).toString());
    assertEquals(ROWS, run(unload + "ZSTD CLEANPATH PARALLEL OFF EXTENSION 'txt.zst'"));
    assertEquals(List.of("big_000.txt.zst"), names(folder));
    assertEquals(0, run("UNLOAD ('select * from back') TO '" + folder + "/none_' CSV"));
    assertTrue(names(folder).contains("none_0000_part_00"));
  }

  @Test
  void whatIsUnloadedComesBack() throws Exception {
    String[][] pairs = {
      {"CSV", "CSV"},
      {"CSV GZIP HEADER", "CSV GZIP IGNOREHEADER 1"},
      {"ESCAPE", "DELIMITER '|' ESCAPE"},
      {"DELIMITER ',' ESCAPE ZSTD", "DELIMITER ',' ESCAPE ZSTD"},
      {"ADDQUOTES ESCAPE", "DELIMITER '|' REMOVEQUOTES ESCAPE"},
      {"CSV NULL AS 'nil' PARALLEL OFF", "CSV NULL AS 'nil'"}
    };
    int number = 0;
    for (String[] pair : pairs) {
      String place = folder + "/odd" + number++ + "_";
      assertEquals(
          10, run("UNLOAD ('select * from odd order by id') TO '" + place + "' " + pair[0]));
      assertEquals(
          10, run("COPY back FROM '" + place + "' REGION 'us-east-1' " + pair[1]), pair[0]);
      assertEquals(
          "0",
          query("SELECT COUNT(*) FROM (SELECT * FROM odd EXCEPT SELECT * FROM back)"),
          pair[0]);
      run("TRUNCATE TABLE back");
    }
    assertEquals(
        1, run("UNLOAD ('select v, null from odd where v = ''a|b''') TO '" + folder + "/raw_'"));
    assertEquals("a|b|\n", Files.readString(folder.resolve("raw_0000_part_00")));
    run("UNLOAD ('select 1, v, null from odd where id = 3') TO '" + folder + "/quoted_' ADDQUOTES");
    assertEquals("\"1\"|\"say \"x\"\"|\n", Files.readString(folder.resolve("quoted_0000_part_00")));
  }

  @Test
  void filesOfS3AreUnloadedWithKeys() throws Exception {
    String keys = S3Server.KEYS;
    assertEquals(
        ROWS,
        run("UNLOAD ('select * from big') TO 's3://lake/out/big_'" + keys + " GZIP MANIFEST"));
    assertEquals(
        List.of("big_0000_part_00.gz", "big_0001_part_00.gz", "big_manifest"),
        names(root.resolve("lake/out")));
    run("CREATE TABLE again (id INTEGER, v VARCHAR(200))");
    assertEquals(
        ROWS,
        run(
            "COPY again FROM 's3://lake/out/big_manifest'"
                + keys
                + " DELIMITER '|' GZIP MANIFEST"));
    run("DROP TABLE again");
    assertFails(
        "UNLOAD ('select 1') TO 's3://lake/out/big_'" + keys, "58P02", "s3://lake/out/big_0000");
    assertEquals(1, run("UNLOAD ('select 1') TO 's3://lake/out/'" + keys + " CLEANPATH"));
    assertEquals(List.of("0000_part_00"), names(root.resolve("lake/out")));
    assertFails(
        "UNLOAD ('select 1') TO 's3://lake/w/' ACCESS_KEY_ID 'x' SECRET_ACCESS_KEY '"
            + S3Server.SECRET
            + "'",
        "28000",
        "InvalidAccessKeyId");
    assertFails("UNLOAD ('select 1/0') TO 's3://lake/failed/'" + keys, "22012", "");
    assertFalse(Files.exists(root.resolve("lake/failed")));
  }

  private static String duckdb(String sql) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement s = duckdb.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getString(1);
    }
  }

  @Test
  void parquetIsUnloadedToFilesThatDuckdbReads() throws Exception {
    String unload = "UNLOAD ('select * from big') TO '" + folder + "/p_' FORMAT PARQUET ";
    assertEquals(ROWS, run(unload + "MANIFEST VERBOSE"));
    assertEquals(
        List.of("p_0000_part_00.parquet", "p_0001_part_00.parquet", "p_manifest"), names(folder));
    String sums = "SELECT COUNT(*) || ' ' || SUM(id) || ' ' || SUM(LENGTH(v)) FROM ";
    String all = query(sums + "big");
    assertEquals(all, duckdb(sums + "read_parquet('" + folder + "/p_*.parquet')"));
    run("CREATE TABLE p (id INTEGER, v VARCHAR(200))");
    assertEquals(ROWS, run("COPY p FROM '" + folder + "/p_manifest' PARQUET MANIFEST"));
    assertEquals("0", query("SELECT COUNT(*) FROM (SELECT * FROM big EXCEPT SELECT * FROM p)"));
    run("DROP TABLE p");
    assertFails(unload, "58P02", "p_0000_part_00.parquet");
    // In one file, in the order of the query; and in many, which are small.
    assertEquals(
        ROWS,
        run(
            "UNLOAD ('select * from big order by id desc') TO '"
                + folder
                + "/one_' PARQUET PARALLEL OFF ROWGROUPSIZE 64 MB"));
    assertEquals(
        "true",
        duckdb(
            "SELECT BOOL_AND(id = "
                + ROWS
                + " - file_row_number) FROM read_parquet('"
                + folder
                + "/one_000.parquet', file_row_number = true)"));
    run("CREATE TABLE wide (id INTEGER, v VARCHAR)");
    run(
        "INSERT INTO wide SELECT a.x, LISTAGG(CAST(RANDOM_UUID() AS VARCHAR)) FROM"
            + " SYSTEM_RANGE(1, 600) a, SYSTEM_RANGE(1, 800) b GROUP BY a.x");
    assertEquals(
        600,
        run(
            "UNLOAD ('select * from wide') TO '"
                + folder
                + "/w_' PARQUET PARALLEL OFF MAXFILESIZE 5 MB"));
    List<String> cut = names(folder).stream().filter(n -> n.startsWith("w_")).toList();
    assertTrue(cut.size() > 2, cut.toString());
    for (String name : cut) {
      assertTrue(Files.size(folder.resolve(name)) <= 5 << 20, name);
    }
    assertEquals(query(sums + "wide"), duckdb(sums + "read_parquet('" + folder + "/w_*.parquet')"));
    run("DROP TABLE wide");
    assertEquals(
        0, run("UNLOAD ('select * from back') TO '" + folder + "/none_' PARQUET CLEANPATH"));
    assertEquals("0", duckdb("SELECT COUNT(*) FROM read_parquet('" + folder + "/none_*.parquet')"));
  }

  @Test
  void jsonIsUnloadedToLines() throws Exception {
    String[][] pairs = {
      {"", ".json", ""}, {"GZIP", ".json.gz", " GZIP"}, {"ZSTD PARALLEL OFF", ".json.zst", " ZSTD"}
    };
    for (String[] pair : pairs) {
      String place = folder + "/j" + pair[2].strip() + "_";
      assertEquals(
          10, run("UNLOAD ('select * from odd') TO '" + place + "' FORMAT AS JSON " + pair[0]));
      assertTrue(
          names(folder).stream().anyMatch(n -> n.startsWith("j") && n.endsWith("0" + pair[1])),
          names(folder).toString());
      assertEquals(10, run("COPY back FROM '" + place + "' JSON 'auto'" + pair[2]), pair[0]);
      assertEquals(
          "0",
          query("SELECT COUNT(*) FROM (SELECT * FROM odd EXCEPT SELECT * FROM back)"),
          pair[0]);
      run("TRUNCATE TABLE back");
    }
    assertEquals(
        "10",
        duckdb(
            "SELECT COUNT(*) FROM read_json('"
                + folder
                + "/j_*.json', format = 'newline_delimited')"));
    String columns =
        " (i INTEGER, b BOOLEAN, n NUMERIC(30, 4), d DOUBLE PRECISION, t TIME, ts TIMESTAMP,"
            + " tz TIMESTAMP WITH TIME ZONE, v VARBINARY, u UUID, j JSON, a INTEGER ARRAY, r ROW(x DATE, y VARCHAR))";
    run("CREATE TABLE types" + columns);
    run(
        "INSERT INTO types VALUES (1, FALSE, 12345678901234567890.1234, 1.5E300, TIME '01:02:03',"
            + " TIMESTAMP '2024-01-02 03:04:05.678901', TIMESTAMP WITH TIME ZONE '2024-01-02 03:04:05+00',"
            + " X'00ff', UUID '00112233-4455-6677-8899-aabbccddeeff', JSON '{\"k\":[1]}', ARRAY[1, NULL],"
            + " ROW(DATE '2024-02-29', 'y')), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
            + " NULL)");
    for (String format : new String[] {"JSON", "PARQUET"}) {
      assertEquals(
          2, run("UNLOAD ('select * from types') TO '" + folder + "/t" + format + "_' " + format));
      run("CREATE TABLE read" + columns);
      assertEquals(2, run("COPY read FROM '" + folder + "/t" + format + "_' FORMAT AS " + format));
      assertEquals(
          "0",
          query("SELECT COUNT(*) FROM (SELECT * FROM types EXCEPT SELECT * FROM read)"),
          format);
      run("DROP TABLE read");
    }
    run("DROP TABLE types");
    assertFails(
        "UNLOAD ('select 1 as a, 2 as a') TO '" + folder + "/x' JSON",
        "42701",
        "column \"a\" specified more than once");
  }

  @Test
  void clausesThatDoNotGoTogetherAreRefused() {
    String unload = "UNLOAD ('select 1') TO '" + folder + "/x' ";
    assertFails(unload + "CSV ESCAPE", "22023", "ESCAPE cannot be used together with CSV");
    assertFails(unload + "CLEANPATH ALLOWOVERWRITE", "22023", "CLEANPATH cannot be used");
    assertFails(unload + "MAXFILESIZE 1 MB", "22023", "MAXFILESIZE must be from 5 MB");
    assertFails(unload + "DELIMITER 'ab'", "22023", "DELIMITER");
    assertFails(unload + "PARQUET GZIP", "22023", "GZIP cannot be used together with PARQUET");
    assertFails(unload + "JSON HEADER", "22023", "HEADER cannot be used together with JSON");
    assertFails(unload + "PARQUET JSON", "22023", "JSON cannot be used together with PARQUET");
    assertFails(unload + "ROWGROUPSIZE 64", "22023", "ROWGROUPSIZE can only be used with PARQUET");
    assertFails(unload + "PARQUET ROWGROUPSIZE 1 GB", "22023", "ROWGROUPSIZE must be from 32 MB");
    assertFails(unload + "PARTITION BY (a)", "0A000", "PARTITION BY");
    assertFails(unload + "BZIP2", "0A000", "BZIP2");
    assertFails(unload + "WHATEVER", "42601", "WHATEVER");
    assertFails(unload + "CSV CSV", "42601", "more than once");
    assertFails("UNLOAD ('delete from odd') TO '" + folder + "/x'", "42601", "SELECT");
    assertFails("UNLOAD ('select 1') TO 'relative'", "42602", "relative path");
  }
}
