package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY from a web server that is not ours, with ranges and without them. */
class JettyCopyTest {
  private static final int ROWS = 60_000;

  @TempDir Path root;

  private void writeFiles() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      text.append(i).append(",a value that makes the row long enough ").append(i).append('\n');
    }
    byte[] plain = text.toString().getBytes(StandardCharsets.UTF_8);
    Files.write(root.resolve("rows.csv"), plain);
    Files.write(root.resolve("empty.csv"), new byte[0]);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    Files.write(root.resolve("rows.csv.gz"), packed.toByteArray());
  }

  private static Connection connect() throws SQLException {
    Connection c = DriverManager.getConnection("jdbc:copyload:;memory=16MB;threads=2");
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
    }
    return c;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void filesComeByRangesOrWhole(boolean ranges) throws Exception {
    writeFiles();
    try (FolderServer server = new FolderServer(root, ranges);
        FaultProxy proxy = new FaultProxy(server.port());
        Connection c = connect();
        Statement s = c.createStatement()) {
      for (String name : new String[] {"rows.csv", "moved/rows.csv", "rows.csv.gz"}) {
        proxy.reset((number, line) -> null);
        assertEquals(
            ROWS,
            s.executeUpdate("COPY t FROM '" + proxy.endpoint() + "/" + name + "' (FORMAT csv)"),
            name);
        if (name.equals("rows.csv")) {
          int requests = proxy.requests.get();
          assertTrue(ranges ? requests > 2 : requests <= 2, "requests: " + requests);
        }
      }
      assertEquals(
          0, s.executeUpdate("COPY t FROM '" + proxy.endpoint() + "/empty.csv' (FORMAT csv)"));
      try (ResultSet r =
          s.executeQuery("SELECT COUNT(*), COUNT(DISTINCT v), SUM(CAST(id AS BIGINT)) FROM t")) {
        r.next();
        assertEquals(3 * ROWS, r.getInt(1));
        assertEquals(ROWS, r.getInt(2));
        assertEquals(3L * ROWS * (ROWS - 1) / 2, r.getLong(3));
      }
    }
  }

  /** Jetty itself finds that the file is another one: If-Match. */
  @Test
  void aFileThatChangesFailsTheLoad() throws Exception {
    writeFiles();
    try (FolderServer server = new FolderServer(root, true);
        FaultProxy proxy = new FaultProxy(server.port());
        Connection c = connect();
        Statement s = c.createStatement()) {
      AtomicBoolean changed = new AtomicBoolean();
      proxy.reset(
          (number, line) ->
              number < 2
                  ? null
                  : exchange -> {
                    if (changed.compareAndSet(false, true)) {
                      Files.writeString(root.resolve("rows.csv"), "1,x\n".repeat(1_000_000));
                    }
                    return exchange.passOn();
                  });
      SQLException e = null;
      try {
        s.execute("COPY t FROM '" + proxy.endpoint() + "/rows.csv' (FORMAT csv)");
      } catch (SQLException failure) {
        e = failure;
      }
      assertTrue(e != null && e.getMessage().contains("changed while it was"), String.valueOf(e));
      try (ResultSet r = s.executeQuery("SELECT COUNT(*) FROM t")) {
        r.next();
        assertEquals(0, r.getInt(1));
      }
    }
  }
}
