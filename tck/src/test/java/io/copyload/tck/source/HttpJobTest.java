package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY JOB over folders of web servers, by the listings that these make themselves. */
class HttpJobTest {
  @TempDir Path root;

  private Path in;

  @BeforeEach
  void makeFolder() throws IOException {
    in = Files.createDirectories(root.resolve("in"));
  }

  private static Connection connect(String settings) throws SQLException {
    Connection c = DriverManager.getConnection("jdbc:copyload:" + settings + ";network_tries=1");
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
    }
    return c;
  }

  private static Connection connect() throws SQLException {
    return connect(";copy_job.strict=false");
  }

  /** So that no listing shows a part of it. */
  private void put(String name, String content) throws IOException {
    Path part = Files.writeString(root.resolve("part"), content);
    Files.move(part, in.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static String value(Statement s, String sql) throws SQLException {
    try (ResultSet row = s.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private static String ids(Statement s) throws SQLException {
    return value(s, "SELECT LISTAGG(id, ' ') WITHIN GROUP (ORDER BY id) FROM t");
  }

  private static String why(Statement s, String object) throws SQLException {
    try (ResultSet row = s.executeQuery("COPY JOB WHY '" + object + "'")) {
      return row.next() ? row.getString("state") + ": " + row.getString("reason") : null;
    }
  }

  private static void assertFails(Statement s, String sql, String state, String text) {
    SQLException e = assertThrows(SQLException.class, () -> s.execute(sql));
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachNewFileIsLoadedOnce(boolean ranges) throws Exception {
    try (FolderServer server = new FolderServer(root, ranges);
        Connection c = connect();
        Statement s = c.createStatement()) {
      loadsEachNewFileOnce(s, server.endpoint() + "/in/");
      assertEquals(
          "loaded: loaded by load 3, from byte 8", why(s, server.endpoint() + "/in/a.csv"));
      assertEquals(
          "127.0.0.1:" + server.port(),
          value(s, "SELECT DISTINCT file_location FROM sys_copy_job_detail"));
    }
  }

  /** What any server must do. */
  private void loadsEachNewFileOnce(Statement s, String folder) throws Exception {
    put("a.csv", "1,a\n2,b\n");
    s.execute("COPY t FROM '" + folder + "' CSV JOB CREATE j AUTO OFF");
    assertEquals(2, s.executeUpdate("COPY JOB RUN j"));
    assertEquals(0, s.executeUpdate("COPY JOB RUN j"));
    put("b c&d.csv", "3,c\n");
    put("100.csv", "4,d\n");
    put("empty.csv", "");
    put("x:~y'.csv", "5,e\n");
    Files.createDirectories(in.resolve("sub"));
    Files.writeString(in.resolve("sub/deep.csv"), "99,x\n");
    assertEquals(3, s.executeUpdate("COPY JOB RUN j"));
    // The name is the identity, until an option says otherwise.
    put("a.csv", "1,a\n2,b\n6,f\n");
    assertEquals(0, s.executeUpdate("COPY JOB RUN j"));
    s.execute("COPY JOB ALTER j WITH (on_grown append, on_changed load)");
    put("a.csv", "1,a\n2,b\n6,f\n7,g\n");
    assertEquals(2, s.executeUpdate("COPY JOB RUN j"));
    // Of another size: nginx tells content by size and second.
    put("100.csv", "8,hh\n");
    assertEquals(1, s.executeUpdate("COPY JOB RUN j"));
    assertEquals(0, s.executeUpdate("COPY JOB RUN j"));
    assertEquals("1 2 3 4 5 6 7 8", ids(s));
    assertTrue(why(s, folder + "sub/deep.csv").contains("not directly in"));
    assertTrue(why(s, folder + "no.csv").startsWith("not matched: there is no such object"));
    put("z.csv", "x,y\n");
    put("zz.csv", "9,i\n");
    assertEquals(1, s.executeUpdate("COPY JOB RUN j"));
    assertTrue(why(s, folder + "z.csv").startsWith("failed: "), why(s, folder + "z.csv"));
    Files.delete(in.resolve("z.csv"));
    assertEquals(0, s.executeUpdate("COPY JOB RUN j"));
    assertTrue(why(s, folder + "z.csv").startsWith("not matched: "), why(s, folder + "z.csv"));
  }

  @Test
  void patternsChooseAmongTheFiles() throws Exception {
    try (FolderServer server = new FolderServer(root, true);
        Connection c = connect();
        Statement s = c.createStatement()) {
      String folder = server.endpoint() + "/in/";
      put("a 1.csv", "1,a\n");
      put("a 2.csv", "2,a\n");
      put("b.csv", "3,a\n");
      put("readme.txt", "no data");
      s.execute(
          "COPY t FROM '" + folder + "' (FORMAT csv, PATTERN 'a ?.csv') JOB CREATE j AUTO OFF");
      assertEquals(2, s.executeUpdate("COPY JOB RUN j"));
      assertEquals("not matched: its name does not fit the PATTERN", why(s, folder + "b.csv"));
      assertEquals("loaded: loaded by load 1", why(s, folder + "a%201.csv"));
      // A COPY of its own, too.
      assertEquals(
          3, s.executeUpdate("COPY INTO t FROM '" + folder + "' (FORMAT csv, PATTERN '*.csv')"));
      assertEquals(
          1, s.executeUpdate("COPY INTO t FROM '" + folder + "' (FORMAT csv, FILES ['b.csv'])"));
      assertFails(
          s,
          "COPY INTO t FROM '" + folder + "' (FORMAT csv, PATTERN '*.json')",
          "58P01",
          "no matching files found");
      assertEquals("1 1 2 2 3 3", ids(s));
    }
  }

  @Test
  void aFileThatCannotBeReadBlocksNoOther() throws Exception {
    try (FolderServer server = new FolderServer(root, true);
        Connection c = connect();
        Statement s = c.createStatement()) {
      String folder = server.endpoint() + "/in/";
      put("forbidden.csv", "1,a\n");
      put("get-only.csv", "2,b\n");
      put("z.csv", "3,c\n");
      s.execute("COPY t FROM '" + folder + "' CSV JOB CREATE j AUTO OFF");
      assertEquals(2, s.executeUpdate("COPY JOB RUN j"));
      assertEquals("2 3", ids(s));
      assertTrue(why(s, folder + "forbidden.csv").startsWith("failed: "));
      assertTrue(why(s, folder + "forbidden.csv").contains("403"));
      assertEquals(0, s.executeUpdate("COPY JOB RUN j"));
    }
  }

  @Test
  void redirectedListingsKeepTheNamesOfTheJob() throws Exception {
    try (FolderServer server = new FolderServer(root, true);
        Connection c = connect();
        Statement s = c.createStatement()) {
      put("a.csv", "1,a\n");
      String folder = server.endpoint() + "/moved/in/";
      s.execute("COPY t FROM '" + folder + "' CSV JOB CREATE j AUTO OFF");
      assertEquals(1, s.executeUpdate("COPY JOB RUN j"));
      assertEquals("loaded: loaded by load 1", why(s, folder + "a.csv"));
    }
  }

  @Test
  void pagesThatAreNoListingsAreRefusedByName() throws Exception {
    try (FolderServer server = new FolderServer(root, true);
        Connection c = connect();
        Statement s = c.createStatement()) {
      Files.createDirectories(root.resolve("site"));
      Files.writeString(
          root.resolve("site/index.html"), "<title>Welcome</title><a href='a.csv'>data</a>");
      s.execute("COPY t FROM '" + server.endpoint() + "/site/' CSV JOB CREATE j AUTO OFF");
      assertFails(s, "COPY JOB RUN j", "42809", "no listing of files: its title is \"Welcome\"");
      s.execute("COPY t FROM '" + server.endpoint() + "/none/' CSV JOB CREATE k AUTO OFF");
      assertFails(s, "COPY JOB RUN k", "58P01", "404");
      assertEquals(
          "2", value(s, "SELECT COUNT(*) FROM sys_copy_job_info WHERE message LIKE 'run failed%'"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "http://h/in' CSV~0A000~ends with a slash",
        "http://u:planted@h/in/' CSV~0A000~has no user and no query",
        "http://h/in/?sig=planted' CSV~0A000~has no user and no query",
        "HTTP://h/in/' CSV~42602~must be written \"http://h/in/\"",
        "http://h/in/' (FORMAT csv, FILES ['a'])~0A000~does not support FILES",
        "/in/' (FORMAT csv, PATTERN '*')~0A000~PATTERN for locations of http"
      })
  void locationsAreCheckedWhenTheJobIsCreated(String rest, String state, String text)
      throws SQLException {
    try (Connection c = connect();
        Statement s = c.createStatement()) {
      assertFails(s, "COPY t FROM '" + rest + " JOB CREATE j", state, text);
    }
  }

  @Test
  void rightsAndTheAllowListHold() throws Exception {
    try (FolderServer server = new FolderServer(root, true);
        Connection c =
            connect(
                "mem:httpjobs;copy_job.strict=false;allowed_sources="
                    + server.endpoint()
                    + "/in/");
        Statement s = c.createStatement()) {
      put("a.csv", "1,a\n");
      s.execute("COPY t FROM '" + server.endpoint() + "/other/' CSV JOB CREATE k AUTO OFF");
      assertFails(s, "COPY JOB RUN k", "42501", "permission denied");
      s.execute("CREATE USER u PASSWORD ''");
      s.execute("GRANT INSERT ON t TO u");
      try (Connection other =
              DriverManager.getConnection(
                  "jdbc:copyload:mem:httpjobs;copy_job.strict=false", "u", "");
          Statement statement = other.createStatement()) {
        statement.execute("COPY t FROM '" + server.endpoint() + "/in/' CSV JOB CREATE j AUTO OFF");
        assertFails(statement, "COPY JOB RUN j", "42501", "from the network");
        s.execute("CREATE ROLE copyload_read_network");
        s.execute("GRANT copyload_read_network TO u");
        assertEquals(1, statement.executeUpdate("COPY JOB RUN j"));
      }
    }
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      assertFails(
          s,
          "COPY t FROM 'http://h/in/' IAM_ROLE 'r' CSV JOB CREATE j",
          "0A000",
          "from Amazon S3 only");
    }
  }

  /** With ordered keys an idle run is one request; else each file is asked for. */
  @Test
  void idleRunsOfOrderedKeysAreOneRequest() throws Exception {
    int files = 40;
    for (int i = 10; i < 10 + files; i++) {
      put(i + ".csv", i + ",x\n");
    }
    try (FolderServer server = new FolderServer(root, true);
        FaultProxy proxy = new FaultProxy(server.port());
        Connection c = connect();
        Statement s = c.createStatement()) {
      AtomicInteger requests = new AtomicInteger();
      s.execute(
          "COPY t FROM '"
              + proxy.endpoint()
              + "/in/' CSV JOB CREATE j AUTO OFF WITH (ordered_keys true)");
      assertEquals(files, s.executeUpdate("COPY JOB RUN j"));
      proxy.reset(
          (n, line) -> {
            requests.incrementAndGet();
            return null;
          });
      assertEquals(0, s.executeUpdate("COPY JOB RUN j"));
      assertEquals(1, requests.get());
      s.execute("COPY JOB ALTER j WITH (ordered_keys false)");
      assertEquals(0, s.executeUpdate("COPY JOB RUN j"));
      assertTrue(requests.get() >= 2 + files, requests + " requests");
    }
  }

  /** nginx itself, where it is installed. */
  @ParameterizedTest
  @ValueSource(strings = {"html", "json"})
  void nginxListsBothWays(String format) throws Exception {
    Path nginx =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(folder -> Path.of(folder, "nginx"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(nginx != null, "nginx is not installed");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path home = Files.createDirectories(root.resolve("nginx"));
    String temporary = "";
    for (String kind : new String[] {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      temporary += kind + "_temp_path " + home.resolve(kind) + ";";
    }
    Path configuration =
        Files.writeString(
            home.resolve("nginx.conf"),
            "daemon off; master_process off; pid "
                + home.resolve("pid")
                + "; error_log "
                + home.resolve("error.log")
                + "; events {} http { access_log off; "
                + temporary
                + " server { listen 127.0.0.1:"
                + port
                + "; root "
                + root
                + "; autoindex on; autoindex_format "
                + format
                + "; } }");
    Process process =
        new ProcessBuilder(nginx.toString(), "-p", home.toString(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("said.txt").toFile())
            .start();
    try (Connection c = connect();
        Statement s = c.createStatement()) {
      awaitPort(process, port);
      loadsEachNewFileOnce(s, "http://127.0.0.1:" + port + "/in/");
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static void awaitPort(Process process, int port) throws Exception {
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        assertTrue(!process.waitFor(20, TimeUnit.MILLISECONDS), "nginx has ended");
      }
    }
  }
}
