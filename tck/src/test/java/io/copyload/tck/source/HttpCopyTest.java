package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** COPY FROM 'http://...' against servers with and without ranges, through a proxy of faults. */
class HttpCopyTest {
  private static final Map<String, byte[]> FILES = new ConcurrentHashMap<>();
  private static final Map<String, String> SEEN = new ConcurrentHashMap<>();

  private static HttpServer server;
  private static FaultProxy proxy;
  private static volatile boolean etags = true;

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "http-server");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/ranges/", exchange -> serve(exchange, true));
    server.createContext("/plain/", exchange -> serve(exchange, false));
    server.createContext(
        "/to/", // /to/LOCATION
        exchange -> {
          String location = exchange.getRequestURI().getRawPath().substring(4);
          exchange.getResponseHeaders().set("Location", location.replace("%3A", ":"));
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.start();
    proxy = new FaultProxy(server.getAddress().getPort());
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    server.stop(0);
  }

  @BeforeEach
  void reset() {
    proxy.reset((number, line) -> null);
    etags = true;
  }

  private static void serve(HttpExchange exchange, boolean ranges) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] content = FILES.get(path.substring(path.lastIndexOf('/') + 1));
    exchange.getRequestHeaders().forEach((name, value) -> SEEN.put(name, value.get(0)));
    try (exchange) {
      if (content == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      String etag = "\"" + Arrays.hashCode(content) + "\"";
      if (etags) {
        exchange.getResponseHeaders().set("ETag", etag);
      }
      String match = exchange.getRequestHeaders().getFirst("If-Match");
      if (match != null && !match.equals(etag)) {
        exchange.sendResponseHeaders(412, -1);
        return;
      }
      String range = exchange.getRequestHeaders().getFirst("Range");
      if (range == null || !ranges) {
        exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
        return;
      }
      String[] ends = range.substring("bytes=".length()).split("-");
      int begin = Integer.parseInt(ends[0]);
      if (begin >= content.length) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      int end = Math.min(content.length, Integer.parseInt(ends[1]) + 1);
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + begin + "-" + (end - 1) + "/" + content.length);
      exchange.sendResponseHeaders(206, end - begin);
      exchange.getResponseBody().write(content, begin, end - begin);
    }
  }

  private static Connection connect(String settings) throws SQLException {
    Connection c = DriverManager.getConnection("jdbc:copyload:" + settings);
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
    }
    return c;
  }

  private static long copy(Connection c, String path) throws SQLException {
    try (Statement s = c.createStatement()) {
      return s.executeLargeUpdate(
          "COPY t FROM '"
              + (path.startsWith("http") ? path : proxy.endpoint() + path)
              + "' (FORMAT csv)");
    }
  }

  private static void assertFails(Connection c, String path, String state, String text) {
    SQLException e = assertThrows(SQLException.class, () -> copy(c, path));
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
    assertFalse(e.getMessage().contains("planted"), e.getMessage());
  }

  private static String query(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      StringBuilder text = new StringBuilder();
      while (r.next()) {
        text.append(r.getString(1)).append('\n');
      }
      return text.toString();
    }
  }

  private static byte[] rows(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i).append(",a value that makes the row long enough ").append(i).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void objectsAreReadByRangesOrWhole() throws Exception {
    FILES.put("a.csv", rows(3));
    FILES.put("a.csv.gz", S3CopyTest.gzip("1,x\n2,y\n"));
    FILES.put("empty.csv", new byte[0]);
    for (String kind : new String[] {"/ranges/", "/plain/"}) {
      try (Connection c = connect("")) {
        assertEquals(3, copy(c, kind + "a.csv"));
        assertEquals(2, copy(c, kind + "a.csv.gz?planted-signature=1"));
        assertEquals(0, copy(c, kind + "empty.csv"));
        assertFails(c, kind + "no.csv?planted=1", "58P01", "status 404");
        String views =
            query(c, "SELECT data_source FROM sys_load_history")
                + query(c, "SELECT file_name FROM sys_load_detail");
        assertFalse(views.contains("planted"), views);
        assertTrue(views.contains(proxy.endpoint() + kind + "a.csv.gz\n"), views);
      }
    }
  }

  @Test
  void userAndHeadersGoToTheServerThatTheAddressNames() throws Exception {
    FILES.put("a.csv", rows(3));
    String port = Integer.toString(proxy.port());
    try (Connection c = connect(";http_headers=X-One: planted|Accept-Language: de")) {
      SEEN.clear();
      assertEquals(3, copy(c, "http://me:planted@127.0.0.1:" + port + "/ranges/a.csv"));
      assertEquals("Basic bWU6cGxhbnRlZA==", SEEN.get("Authorization"));
      assertEquals("planted", SEEN.get("X-one"));
      assertFalse(query(c, "SELECT data_source FROM sys_load_history").contains("planted"));
      // Another host is not told.
      SEEN.clear();
      int direct = server.getAddress().getPort();
      assertEquals(
          3,
          copy(
              c,
              "http://me:planted@127.0.0.1:"
                  + port
                  + "/to/http%3A//127.0.0.1%3A"
                  + direct
                  + "/ranges/a.csv"));
      assertNull(SEEN.get("Authorization"));
      assertNull(SEEN.get("X-one"));
    }
  }

  @Test
  void redirectsStayOnTheWeb() throws Exception {
    FILES.put("a.csv", rows(3));
    try (Connection c = connect("")) {
      assertEquals(3, copy(c, "/to//plain/a.csv"));
      assertFails(
          c, "/to/file%3A///etc/passwd", "58030", "file:///etc/passwd, which is not followed");
      proxy.reset(
          (number, line) -> exchange -> exchange.say(302, "Location: /again?planted\r\n", ""));
      assertFails(c, "/x", "58030", "more than 10 redirects");
      proxy.reset((number, line) -> exchange -> exchange.say(401, "", ""));
      assertFails(c, "/x?planted", "28000", "status 401");
      assertEquals(1, proxy.requests.get());
      assertFails(c, "http://no host/x?planted", "42602", "invalid address");
    }
  }

  @Test
  void faultsAreMended() throws Exception {
    FILES.put("big.csv", rows(40_000));
    FaultProxy.Fault[] faults = {
      FaultProxy.Exchange::reset,
      exchange -> exchange.say(503, "", ""),
      exchange -> exchange.truncate(100_000),
      exchange -> exchange.resetAfter(50_000),
    };
    for (String kind : new String[] {"/ranges/", "/plain/"}) {
      try (Connection c = connect(";memory=16MB;threads=3")) {
        proxy.reset(
            (number, line) ->
                kind.equals("/ranges/")
                    ? number % 3 == 0 ? faults[number / 3 % faults.length] : null
                    : number <= 4 ? faults[number - 1] : null);
        assertEquals(40_000, copy(c, kind + "big.csv"));
        assertTrue(proxy.faults.get() >= 3, kind + proxy.faults.get());
        assertEquals("40000\n", query(c, "SELECT COUNT(DISTINCT v) FROM t"));
      }
    }
  }

  @Test
  void anObjectThatChangesOrBreaksForGoodFailsTheLoad() throws Exception {
    byte[] before = rows(100_000);
    byte[] after = before.clone();
    after[before.length - 2]++;
    for (String kind : new String[] {"/ranges/", "/plain/"}) {
      FILES.put("big.csv", before);
      try (Connection c = connect(";memory=16MB;threads=2;network_connections=1;network_tries=3")) {
        proxy.reset(
            (number, line) ->
                number == 1 && kind.equals("/plain/")
                    ? exchange -> exchange.truncate(100_000)
                    : number == 2
                        ? exchange -> {
                          FILES.put("big.csv", after);
                          return exchange.passOn();
                        }
                        : null);
        assertFails(c, kind + "big.csv", "58030", "changed while it was being loaded");
        // Without an etag a broken stream cannot be taken up again.
        etags = false;
        proxy.reset(
            (number, line) ->
                kind.equals("/plain/")
                    ? exchange -> exchange.truncate(100_000)
                    : number > 2 ? FaultProxy.Exchange::reset : null);
        assertFails(c, kind + "big.csv", "58030", "could not read");
        etags = true;
        assertEquals("0\n", query(c, "SELECT COUNT(*) FROM t"));
      }
    }
  }

  @Test
  void aServerThatGoesSilentIsGivenUpAndCanBeCancelled() throws Exception {
    FILES.put("a.csv", rows(3));
    CountDownLatch latch = new CountDownLatch(1);
    proxy.reset((number, line) -> FaultProxy.hold(latch));
    try (Connection c = connect(";network_timeout=1;network_tries=1")) {
      assertFails(c, "/plain/a.csv", "58030", "could not read");
    }
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      Thread canceller =
          new Thread(
              () -> {
                FaultProxy.sleep(300);
                try {
                  s.cancel();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      canceller.start();
      long begin = System.nanoTime();
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> s.execute("COPY t FROM '" + proxy.endpoint() + "/plain/a.csv' CSV"));
      assertEquals("57014", e.getSQLState());
      assertTrue(System.nanoTime() - begin < 5_000_000_000L);
      canceller.join();
    } finally {
      latch.countDown();
    }
  }

  @Test
  void aProxyIsUsed() throws Exception {
    FILES.put("a.csv", rows(3));
    try (Connection c = connect(";network_proxy=127.0.0.1:" + proxy.port())) {
      assertEquals(3, copy(c, "http://files.example.invalid/ranges/a.csv"));
      assertTrue(
          proxy.lastHead.startsWith("GET http://files.example.invalid/ranges/a.csv"),
          proxy.lastHead);
    }
  }
}
