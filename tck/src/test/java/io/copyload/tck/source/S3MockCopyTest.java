package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Another implementation of S3: Adobe's S3Mock, which knows no path but accepts the default
 * checksums. It is a Spring application of 57 MB and would bring its libraries among ours, so it
 * runs in a process of its own, and only where {@code copyload.s3mock.classpath} says what it
 * consists of: com.adobe.testing:s3mock and what it depends on.
 */
@EnabledIfSystemProperty(named = "copyload.s3mock.classpath", matches = ".+")
class S3MockCopyTest {
  private static final Pattern STARTED =
      Pattern.compile("Tomcat started on ports.* ([0-9]+) \\(http\\)");

  private static Process server;
  private static String endpoint;

  @BeforeAll
  static void start() throws IOException {
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("copyload.s3mock.classpath"),
                "com.adobe.testing.s3mock.S3MockApplication",
                "--server.port=0",
                "--http.port=0",
                "--com.adobe.testing.s3mock.domain.initialBuckets=lake")
            .redirectErrorStream(true)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null && endpoint == null; line = out.readLine()) {
      Matcher matcher = STARTED.matcher(line);
      if (matcher.find()) {
        endpoint = "http://127.0.0.1:" + matcher.group(1);
      }
    }
    assertNotNull(endpoint, "the server has started");
    Thread reader = new Thread(() -> out.lines().forEach(line -> {}), "s3mock-output");
    reader.setDaemon(true);
    reader.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.destroyForcibly();
    }
  }

  private static String query(Statement s, String sql) throws SQLException {
    try (ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getString(1);
    }
  }

  @Test
  void whatIsWrittenComesBack() throws SQLException {
    int rows = 120_000;
    try (Connection c =
            DriverManager.getConnection(
                "jdbc:copyload:;s3_region=us-east-1;memory=64MB;threads=2;s3_endpoint="
                    + endpoint);
        Statement s = c.createStatement()) {
      String keys = S3Server.KEYS;
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(120))");
      s.execute("CREATE TABLE u (id INTEGER, v VARCHAR(120))");
      s.execute("INSERT INTO t SELECT x, LPAD(x, 100, '-') FROM SYSTEM_RANGE(1, " + rows + ")");
      String sums = "SELECT COUNT(*) || ' ' || SUM(id) || ' ' || SUM(ORA_HASH(v || id)) FROM ";
      String[] unloads = {"CSV PARALLEL OFF", "CSV GZIP", "ESCAPE DELIMITER ','"};
      String[] copies = {"CSV", "CSV GZIP", "ESCAPE DELIMITER ','"};
      for (int i = 0; i < unloads.length; i++) {
        String place = "'s3://lake/out" + i + "/x_'" + keys + " ";
        assertEquals(
            rows,
            s.executeUpdate("UNLOAD ('select * from t') TO " + place + unloads[i] + " MANIFEST"));
        assertEquals(
            rows,
            s.executeUpdate(
                "COPY u FROM 's3://lake/out"
                    + i
                    + "/x_manifest'"
                    + keys
                    + " MANIFEST "
                    + copies[i]));
        assertEquals(query(s, sums + "t"), query(s, sums + "u"));
        s.execute("TRUNCATE TABLE u");
      }
      assertEquals(
          1, s.executeUpdate("UNLOAD ('select 1') TO 's3://lake/out0/'" + keys + " CLEANPATH"));
      assertEquals(1, s.executeUpdate("COPY u(id) FROM 's3://lake/out0/'" + keys + " CSV"));
    }
  }
}
