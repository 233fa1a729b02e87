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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COPY TO 's3://...' against a real server that checks credentials, through a proxy of faults. */
class S3ExportTest {
  /** Of which 18 MB are made: three parts of the smallest size and some more. */
  private static final int ROWS = 200_000;

  @TempDir static Path root;

  private static S3Server server;
  private static FaultProxy proxy;
  private static Connection connection;

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.KEY_ID);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET);
    server = new S3Server(root);
    proxy = new FaultProxy(server.port());
    server.put("lake", "there/old.csv", "old\n");
    connection =
        DriverManager.getConnection(
            "jdbc:copyload:;s3_region=us-east-1;memory=32MB;network_tries=4;s3_endpoint="
                + proxy.endpoint());
    try (Statement s = connection.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(100))");
      s.execute(
          "INSERT INTO t SELECT x, x || REPEAT('-', 80) || '\"' || x FROM SYSTEM_RANGE(1, "
              + ROWS
              + ")");
      s.execute("CREATE TABLE u (id INTEGER, v VARCHAR(100))");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    connection.close();
    proxy.close();
    server.close();
  }

  @AfterEach
  void noFaults() {
    proxy.reset((number, line) -> null);
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

  private static void assertFails(String sql, String state, String text) {
    SQLException e = assertThrows(SQLException.class, () -> run(sql), sql);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
    assertFalse(e.getMessage().contains(S3Server.SECRET), e.getMessage());
  }

  /** Every file of the server, parts of uploads included. */
  private static List<String> stored(String folder) throws IOException {
    Path in = root.resolve("lake");
    try (Stream<Path> files = Files.walk(in)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> in.relativize(file).toString())
          .filter(name -> name.contains(folder))
          .sorted()
          .toList();
    }
  }

  private static void assertSameRows() throws SQLException {
    String sums = "SELECT COUNT(*) || ' ' || SUM(id) || ' ' || SUM(ORA_HASH(v || id)) FROM ";
    assertEquals(query(sums + "t"), query(sums + "u"));
    run("TRUNCATE TABLE u");
  }

  @Test
  void oneObjectOfSeveralPartsComesBack() throws Exception {
    assertEquals(ROWS, run("COPY t TO 's3://lake/one/all.csv' (FORMAT csv, HEADER)"));
    assertEquals(List.of("one/all.csv"), stored("one"));
    assertEquals(ROWS, run("COPY u FROM 's3://lake/one/all.csv' (FORMAT csv, HEADER)"));
    assertSameRows();
    assertEquals(3, run("COPY (SELECT * FROM t WHERE id < 4) TO 's3://lake/one/all.csv'"));
    assertEquals(3, Files.readAllLines(root.resolve("lake/one/all.csv")).size());
    assertEquals(0, run("COPY u TO 's3://lake/one/none.csv' (FORMAT csv)"));
    assertEquals(0, Files.size(root.resolve("lake/one/none.csv")));
  }

  @Test
  void aFolderOfFilesIsSplitBySize() throws Exception {
    assertEquals(
        ROWS,
        run("COPY t TO 's3://lake/split/' (FORMAT csv, HEADER, MAX FILE SIZE = '16MB', MANIFEST)"));
    List<String> names = stored("split");
    assertEquals(3, names.size(), names.toString());
    assertEquals("split/manifest", names.get(0));
    assertTrue(names.get(1).matches("split/mz-[-0-9a-f]+-batch-0000-0001.csv"), names.toString());
    for (String name : names) {
      Path file = root.resolve("lake").resolve(name);
      assertTrue(Files.size(file) <= 16 << 20, name);
      assertTrue(name.endsWith("manifest") || Files.readString(file).startsWith("id,v\n1"), name);
    }
    assertEquals(
        ROWS,
        run(
            "COPY u FROM 's3://lake/split/manifest'"
                + S3Server.KEYS
                + " CSV MANIFEST IGNOREHEADER 1"));
    assertSameRows();
    assertFails(
        "COPY t TO 's3://lake/split' (FORMAT csv, MAX FILE SIZE = '16MB')", "58P02", "not empty");
    assertFails(
        "COPY t TO 's3://lake/x' (FORMAT csv, MAX FILE SIZE = '1MB')", "22023", "less than 16MB");
    assertFails(
        "COPY t TO 's3://lake/x' (FORMAT csv, MAX FILE SIZE = '5GB')", "22023", "greater than 4GB");
    assertFails("COPY t TO 's3://lake/x' (MAX FILE SIZE = '16MB')", "22023", "requires a FORMAT");
    assertEquals(
        0, run("COPY u TO 's3://lake/split0' (FORMAT csv, HEADER, MAX FILE SIZE = '16MB')"));
    assertEquals(1, stored("split0").size());
  }

  @Test
  void aFolderOfParquetOrJsonFilesIsReadBack() throws Exception {
    for (String[] format : new String[][] {{"parquet", "PARQUET"}, {"json", "JSON 'auto'"}}) {
      String folder = "folder-" + format[0];
      assertEquals(
          ROWS,
          run(
              "COPY t TO 's3://lake/"
                  + folder
                  + "' (FORMAT "
                  + format[0]
                  + ", MAX FILE SIZE = '16MB', MANIFEST)"));
      List<String> names = stored(folder);
      assertTrue(names.size() > 1, names.toString());
      for (String name : names) {
        assertTrue(
            name.matches(
                folder + "/(manifest|mz-[-0-9a-f]+-batch-0000-000[1-9]." + format[0] + ")"),
            name);
        assertTrue(Files.size(root.resolve("lake").resolve(name)) <= 16 << 20, name);
      }
      assertEquals(
          ROWS,
          run(
              "COPY u FROM 's3://lake/"
                  + folder
                  + "/manifest'"
                  + S3Server.KEYS
                  + " MANIFEST FORMAT AS "
                  + format[1]));
      assertSameRows();
    }
  }

  @Test
  void faultsAreTriedAgain() throws Exception {
    proxy.reset(
        (number, line) ->
            number % 3 != 0 || line.startsWith("GET")
                ? null
                : number % 2 == 0
                    ? FaultProxy.Exchange::reset
                    : exchange -> exchange.say(503, "", ""));
    assertEquals(ROWS, run("COPY t TO 's3://lake/faults/all.csv' (FORMAT csv)"));
    assertTrue(proxy.faults.get() > 0);
    proxy.reset((number, line) -> null);
    assertEquals(ROWS, run("COPY u FROM 's3://lake/faults/all.csv' (FORMAT csv)"));
    assertSameRows();
  }

  @Test
  void anExportThatFailsLeavesNothing() throws Exception {
    proxy.reset(
        (number, line) ->
            line.contains("partNumber=3") ? exchange -> exchange.say(503, "", "") : null);
    assertFails(
        "COPY t TO 's3://lake/failed/all.csv' (FORMAT csv)",
        "58030",
        "could not write \"s3://lake/failed/all.csv\"");
    proxy.reset((number, line) -> null);
    assertEquals(List.of(), stored("failed"));
    assertFails(
        "COPY (SELECT 1 / (id - 190000) FROM t) TO 's3://lake/failed/query.csv' (FORMAT csv)",
        "22012",
        "");
    assertEquals(List.of(), stored("failed"));
    assertFails("COPY t TO 's3://nobucket/x.csv' (FORMAT csv)", "58P01", "NoSuchBucket");
  }

  @Test
  void writingNeedsARight() throws SQLException {
    String url =
        "jdbc:copyload:mem:s3_export_rights;s3_region=us-east-1;s3_endpoint=" + proxy.endpoint();
    try (Connection admin = DriverManager.getConnection(url, "sa", "");
        Statement a = admin.createStatement()) {
      a.execute("CREATE TABLE t (id INTEGER)");
      a.execute("CREATE USER u PASSWORD 'u'");
      a.execute("GRANT ALL ON t TO u");
      try (Connection user = DriverManager.getConnection(url, "u", "u");
          Statement s = user.createStatement()) {
        SQLException e =
            assertThrows(SQLException.class, () -> s.execute("COPY t TO 's3://lake/right/x.csv'"));
        assertEquals("42501", e.getSQLState());
        a.execute("CREATE ROLE copyload_write_network");
        a.execute("GRANT copyload_write_network TO u");
        s.execute("COPY t TO 's3://lake/right/x.csv'");
      }
      try (Connection c =
              DriverManager.getConnection(url + ";allowed_sources=s3://lake/right/", "sa", "");
          Statement s = c.createStatement()) {
        s.execute("COPY t TO 's3://lake/right/y.csv'");
        SQLException e =
            assertThrows(SQLException.class, () -> s.execute("COPY t TO 's3://lake/wrong/y.csv'"));
        assertEquals("42501", e.getSQLState());
        assertTrue(e.getMessage().contains("COPY to"), e.getMessage());
      }
    }
  }
}
