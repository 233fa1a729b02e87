package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another implementation of S3: Adobe's S3Mock, which accepts the checksums that the SDK sends to
 * Amazon. It is a Spring application of 62 MB, so it runs in a process of its own; where the build
 * has not fetched it ({@code copyload.s3mock} names its jar), the test is skipped.
 */
class S3MockCopyTest {
  private static final Pattern STARTED =
      Pattern.compile("Tomcat started on ports.* ([0-9]+) \\(http\\)");

  private static final String CHECKSUMS = "aws.requestChecksumCalculation";

  @TempDir static Path root;

  private static Process server;
  private static Thread killer;
  private static String endpoint;

  @BeforeAll
  static void start() throws IOException {
    Path jar = Path.of(System.getProperty("copyload.s3mock", "target/s3mock/s3mock.jar"));
    Assumptions.assumeTrue(
        Files.exists(jar), "S3Mock is not here: mvnw without -Ds3mock.skip fetches " + jar);
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString(),
                "--server.port=0",
                "--com.adobe.testing.s3mock.httpPort=0",
                "--com.adobe.testing.s3mock.store.root=" + root,
                "--com.adobe.testing.s3mock.store.initialBuckets=lake")
            .redirectErrorStream(true)
            .start();
    killer = new Thread(server::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    for (String line = out.readLine(); line != null && endpoint == null; line = out.readLine()) {
      said.add(line);
      Matcher matcher = STARTED.matcher(line);
      if (matcher.find()) {
        endpoint = "http://127.0.0.1:" + matcher.group(1);
      }
    }
    assertNotNull(endpoint, () -> String.join("\n", said));
    Thread reader = new Thread(() -> out.lines().forEach(line -> {}), "s3mock-output");
    reader.setDaemon(true);
    reader.start();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (server != null) {
      Runtime.getRuntime().removeShutdownHook(killer);
      server.destroyForcibly().waitFor();
    }
  }

  private static String query(Statement s, String sql) throws SQLException {
    try (ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getString(1);
    }
  }

  /** With the SDK's own default, which is ours for Amazon, and with ours for other stores. */
  @ParameterizedTest
  @ValueSource(strings = {"when_supported", ""})
  void whatIsWrittenComesBack(String checksums) throws SQLException {
    if (!checksums.isEmpty()) {
      System.setProperty(CHECKSUMS, checksums);
    }
    try {
      writeAndRead("out-" + checksums);
    } finally {
      System.clearProperty(CHECKSUMS);
    }
  }

  private void writeAndRead(String folder) throws SQLException {
    int rows = 60_000;
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
        String place = "'s3://lake/" + folder + i + "/x_'" + keys + " ";
        assertEquals(
            rows,
            s.executeUpdate("UNLOAD ('select * from t') TO " + place + unloads[i] + " MANIFEST"));
        assertEquals(
            rows,
            s.executeUpdate(
                "COPY u FROM 's3://lake/"
                    + folder
                    + i
                    + "/x_manifest'"
                    + keys
                    + " MANIFEST "
                    + copies[i]));
        assertEquals(query(s, sums + "t"), query(s, sums + "u"));
        s.execute("TRUNCATE TABLE u");
      }
      assertEquals(
          1,
          s.executeUpdate(
              "UNLOAD ('select 1') TO 's3://lake/" + folder + "0/'" + keys + " CLEANPATH"));
      assertEquals(
          1, s.executeUpdate("COPY u(id) FROM 's3://lake/" + folder + "0/'" + keys + " CSV"));
    }
  }
}
