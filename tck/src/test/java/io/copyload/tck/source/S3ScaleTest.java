package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many small objects and one large one. The profile soak makes 100,000 and a gigabyte of them;
 * otherwise it is just more than a page and more than a part.
 */
class S3ScaleTest {
  private static final int OBJECTS = Integer.getInteger("copyload.s3.objects", 1001);
  private static final int MEGABYTES = Integer.getInteger("copyload.s3.megabytes", 12);
  private static final int CONNECTIONS = 8;
  private static final int PAGE = 1000;
  private static final int ROW_BYTES = 100;

  @TempDir Path root;

  private S3Server server;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws Exception {
    server = new S3Server(root);
    server.put("lake", "marker", "");
    proxy = new FaultProxy(server.port());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    server.close();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:copyload:;s3_region=us-east-1;memory=64MB;threads=2;network_connections="
            + CONNECTIONS
            + ";s3_endpoint="
            + proxy.endpoint());
  }

  @Test
  void smallObjectsAreListedByPagesAndFetchedSideBySide() throws Exception {
    Path folder = Files.createDirectories(root.resolve("lake/small"));
    for (int i = 0; i < OBJECTS; i++) {
      Files.writeString(folder.resolve(String.format(Locale.ROOT, "%06d.csv", i)), i + ",object\n");
    }
    AtomicInteger pages = new AtomicInteger();
    AtomicInteger gets = new AtomicInteger();
    proxy.reset(
        (number, line) -> {
          (line.contains("list-type=2") ? pages : gets).incrementAndGet();
          return null;
        });
    try (Connection c = connect();
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(20))");
      assertEquals(
          OBJECTS, s.executeUpdate("COPY t FROM 's3://lake/small/'" + S3Server.KEYS + " CSV"));
      try (ResultSet r =
          s.executeQuery("SELECT COUNT(DISTINCT id), MIN(id), MAX(id), COUNT(*) FROM t")) {
        r.next();
        assertEquals(OBJECTS, r.getInt(1));
        assertEquals(0, r.getInt(2));
        assertEquals(OBJECTS - 1, r.getInt(3));
      }
      try (ResultSet r =
          s.executeQuery("SELECT source_file_count, file_count_scanned FROM sys_load_history")) {
        r.next();
        assertEquals(OBJECTS, r.getInt(1));
        assertEquals(OBJECTS, r.getInt(2));
      }
    }
    assertEquals((OBJECTS + PAGE - 1) / PAGE, pages.get(), "pages");
    // A connection that the server has just closed may cost a request more.
    assertTrue(
        gets.get() >= OBJECTS && gets.get() <= OBJECTS + OBJECTS / 20,
        "requests for objects: " + gets.get());
    assertTrue(proxy.mostOpen.get() <= CONNECTIONS, "open at a time: " + proxy.mostOpen.get());
    assertTrue(proxy.connections.get() <= OBJECTS / 4, "connections: " + proxy.connections.get());
    assertTrue(proxy.mostOpen.get() > 1, "open at a time: " + proxy.mostOpen.get());
  }

  @Test
  void aLargeObjectGoesAndComesInParts() throws Exception {
    int rows = MEGABYTES * ((1 << 20) / ROW_BYTES);
    AtomicInteger parts = new AtomicInteger();
    AtomicInteger ranges = new AtomicInteger();
    proxy.reset(
        (number, line) -> {
          if (line.contains("partNumber=")) {
            parts.incrementAndGet();
          } else if (line.startsWith("GET") && !line.contains("list-type")) {
            ranges.incrementAndGet();
          }
          return null;
        });
    try (Connection c = connect();
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE u (id INTEGER, v VARCHAR(120))");
      assertEquals(
          rows,
          s.executeLargeUpdate(
              "UNLOAD ('select cast(x as integer), lpad(x, 92, ''-'') from system_range(1, "
                  + rows
                  + ")') TO 's3://lake/large_'"
                  + S3Server.KEYS
                  + " CSV PARALLEL OFF"));
      assertEquals(
          rows, s.executeLargeUpdate("COPY u FROM 's3://lake/large_'" + S3Server.KEYS + " CSV"));
      try (ResultSet r = s.executeQuery("SELECT SUM(CAST(id AS BIGINT)) FROM u")) {
        r.next();
        assertEquals((long) rows * (rows + 1) / 2, r.getLong(1));
      }
    }
    assertTrue(parts.get() >= MEGABYTES / 16, "parts: " + parts.get());
    assertTrue(ranges.get() > MEGABYTES / 4, "ranges: " + ranges.get());
  }
}
