package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.tck.TckFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** COPY ... SSH from four hosts of each server: real commands, some of which fail or never end. */
@ParameterizedClass
@EnumSource(SshHost.Kind.class)
@Timeout(900)
class SshHostsTest {
  private static final int HOSTS = 4;

  /** A time limit is tried so often: the machine may be busy with something else. */
  private static final int TRIES = 5;

  private static final long LIMIT_MILLIS = 1000;

  @TempDir static Path shared;
  @TempDir Path folder;

  private static final List<SshHost> RUNNING = new ArrayList<>();
  private static Connection keeper;
  private static String url;
  private static List<String> publicLines;

  private Connection connection;
  private Statement statement;

  SshHostsTest(SshHost.Kind kind) {
    assertTrue(url.contains(kind.name()), url);
  }

  @BeforeParameterizedClassInvocation
  static void start(SshHost.Kind kind) throws Exception {
    for (int i = 0; i < HOSTS; i++) {
      RUNNING.add(kind.start(shared));
    }
    configure(RUNNING);
    url =
        "jdbc:copyload:mem:hosts-"
            + kind
            + ";dialect=redshift;network_tries=2;network_timeout=60"
            + ";secrets_key=key-of-the-tests;ssh_known_hosts="
            + shared.resolve("known_hosts")
            + ";ssh_config="
            + shared.resolve("config");
    keeper = DriverManager.getConnection(url, "sa", "");
    try (Statement query = keeper.createStatement()) {
      publicLines = list(query, "SELECT public_key FROM copyload_ssh_keys ORDER BY key_type");
    }
    for (SshHost host : RUNNING) {
      host.authorize(publicLines);
    }
  }

  /** Names the hosts host0, host1, ... and makes them known. */
  private static void configure(List<SshHost> hosts) throws IOException {
    StringBuilder config = new StringBuilder();
    StringBuilder known = new StringBuilder();
    for (int i = 0; i < hosts.size(); i++) {
      config.append(hosts.get(i).configuration("host" + i));
      known.append(hosts.get(i).knownHostsLine());
    }
    Files.writeString(shared.resolve("config"), config);
    Files.writeString(shared.resolve("known_hosts"), known);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws Exception {
    for (SshHost host : RUNNING) {
      host.close();
    }
    RUNNING.clear();
    if (keeper != null) {
      keeper.close();
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(url, "sa", "");
    statement = connection.createStatement();
    statement.execute("DROP TABLE IF EXISTS t");
    statement.execute("CREATE TABLE t (id INTEGER, v VARCHAR(20))");
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  private static List<String> list(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      List<String> list = new ArrayList<>();
      while (rows.next()) {
        list.add(rows.getString(1));
      }
      return list;
    }
  }

  private static String entry(String endpoint, String command, String more) {
    return "{\"endpoint\":\""
        + endpoint
        + "\",\"command\":\""
        + command.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\""
        + more
        + "}";
  }

  private String copyOf(String... entries) throws IOException {
    Path file = Files.createTempFile(folder, "manifest", ".json");
    Files.writeString(file, "{\"entries\":[" + String.join(",\n", entries) + "]}");
    return "COPY t FROM '" + file + "' SSH ";
  }

  private int copy(String clauses, String... entries) throws Exception {
    return statement.executeUpdate(copyOf(entries) + clauses);
  }

  private void fails(String state, List<String> texts, String... entries) {
    SQLException e = assertThrows(SQLException.class, () -> copy("", entries));
    assertEquals(state, e.getSQLState(), e.getMessage());
    for (String text : texts) {
      assertTrue(e.getMessage().contains(text), () -> text + " is not in: " + e.getMessage());
    }
  }

  private String count() throws SQLException {
    return list(statement, "SELECT COUNT(*) FROM t").get(0);
  }

  private Path data(String name, int first, int rows) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = first; i < first + rows; i++) {
      text.append(i).append("|value ").append(i).append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void twelveCommandsOnFourHostsRunAtOnce() throws Exception {
    Path meeting = Files.createDirectory(folder.resolve("meeting"));
    String[] entries = new String[12];
    for (int i = 0; i < entries.length; i++) {
      Path data = data("part" + i, i * 1000, 1000);
      // Each waits until all are there.
      String wait =
          "touch DIR/" + i + "; while [ $(ls DIR | wc -l) -lt 12 ]; do sleep 0.05; done; cat ";
      entries[i] =
          entry(
              "host" + i % HOSTS,
              wait.replace("DIR", meeting.toString()) + data,
              ",\"mandatory\":true");
    }
    assertEquals(12_000, copy("", entries));
    assertEquals(List.of("12000"), list(statement, "SELECT COUNT(DISTINCT id) FROM t"));
    assertEquals(
        List.of("12"),
        list(
            statement,
            "SELECT source_file_count FROM sys_load_history ORDER BY query_id DESC" + " LIMIT 1"));
    List<String> names =
        list(
            statement,
            "SELECT TRIM(file_name) FROM sys_load_detail WHERE query_id = pg_last_copy_id()");
    assertEquals(12, names.size());
    assertTrue(
        names.stream().allMatch(name -> name.matches("host[0-3]: touch .*")), names.toString());
  }

  @Test
  void everyFormatIsRead() throws Exception {
    Path data = data("data", 1, 200_000);
    assertEquals(200_000, copy("", entry("host0", "cat " + data, "")));
    assertEquals(2, copy("CSV", entry("host0", "printf '1,\"a\\nb\"\\n2,c\\n'", "")));
    assertEquals(
        List.of("a\nb"), list(statement, "SELECT v FROM t WHERE v LIKE 'a%'"), "a quoted line end");
    String json = "echo '{\"id\":1,\"v\":\"x\"} {\"id\":2}'";
    assertEquals(2, copy("JSON 'auto'", entry("host1", json, "")));
    Path paths = Files.writeString(folder.resolve("paths"), "{\"jsonpaths\":[\"$.v\",\"$.w\"]}");
    assertEquals(
        1, copy("JSON '" + paths + "'", entry("host1", "echo '{\"w\":\"y\",\"v\":3}'", "")));
    assertEquals(2, copy("FIXEDWIDTH 'id:3,v:2'", entry("host1", "printf '  1ab\\n  2cd\\n'", "")));
    assertEquals(
        2,
        copy(
            "DELIMITER ',' IGNOREHEADER 1",
            entry("host2", "printf 'id,v\\n7,a\\n'", ""),
            entry("host3", "printf 'id,v\\n8,b\\n'", "")));
    String latin = "printf '1|\\344\\n'";
    assertEquals(1, copy("ENCODING ISO88591", entry("host1", latin, "")));
    assertEquals(List.of("1"), list(statement, "SELECT id FROM t WHERE v = '\u00e4'"));
    assertEquals(0, copy("", entry("host1", "true", "")));
    Path avro = TckFiles.folder("corpora").resolve("avro-share/share/test/data/weather.avro");
    statement.execute("CREATE TABLE w (station VARCHAR(20), \"TIME\" BIGINT, temp INTEGER)");
    try {
      String copy = copyOf(entry("host3", "cat " + avro.toAbsolutePath(), ""));
      assertEquals(5, statement.executeUpdate(copy.replace("COPY t", "COPY w") + "AVRO 'auto'"));
    } finally {
      statement.execute("DROP TABLE w");
    }
  }

  @Test
  void everyCompressionIsRead() throws Exception {
    Path rows = TckFiles.folder("cases").resolve("compression/data").toAbsolutePath();
    statement.execute("CREATE TABLE r (id INTEGER, fruits VARCHAR(20), balance DECIMAL(8,2))");
    try {
      for (String kind : List.of("gz GZIP", "bz2 BZIP2", "lzo LZOP", "zst ZSTD")) {
        String[] parts = kind.split(" ");
        String one = entry("host0", "cat " + rows + "/rows.csv." + parts[0], "");
        String other = entry("host1", "cat " + rows + "/rows.csv." + parts[0], "");
        for (String option : List.of(parts[1], "")) {
          String copy = copyOf(one, other).replace("COPY t", "COPY r") + "CSV " + option;
          assertEquals(800, statement.executeUpdate(copy), kind);
        }
      }
      Path data = data("data", 1, 3000);
      assertEquals(3000, copy("GZIP", entry("host0", "gzip -c " + data, "")));
      SQLException e =
          assertThrows(
              SQLException.class, () -> copy("BZIP2", entry("host0", "gzip -c " + data, "")));
      assertEquals("22P04", e.getSQLState(), e.getMessage());
    } finally {
      statement.execute("DROP TABLE r");
    }
  }

  @Test
  void aCommandThatFailsHalfWayUndoesTheLoad() throws Exception {
    Path data = data("data", 1, 50_000);
    String whole = entry("host0", "cat " + data, "");
    String half = "cat " + data + "; yes noise | head -c 100000 >&2; echo no more disk >&2; exit 3";
    fails(
        "38000",
        List.of("\"" + half + "\" on host \"host1\" failed", "exit status 3", "no more disk"),
        whole,
        entry("host1", half, ""));
    assertEquals("0", count());
    fails("38000", List.of("127", "not found"), whole, entry("host2", "no-such-command", ""));
    fails(
        "38000",
        List.of("on host \"host0\"", "kill -9"),
        whole,
        entry("host0", "echo '1|a'; kill -9 $$", ""));
    // A pipe ends with the status of its last command, as everywhere.
    assertEquals(1, copy("", entry("host0", "false | echo '1|a'", "")));
    assertEquals("1", count());
  }

  @Test
  void aWrongHostKeyRunsNothing() throws Exception {
    Path ran = folder.resolve("ran");
    String command = "touch " + ran + "; echo '1|a'";
    String key = ",\"mandatory\":true,\"publickey\":\"" + RUNNING.get(1).publicKey() + "\"";
    fails(
        "28000",
        List.of("on host \"host0\"", "touch", "the manifest says ssh-rsa SHA256:"),
        entry("host0", command, key));
    assertFalse(Files.exists(ran), "the command ran");
    assertEquals(1, copy("", entry("host1", command, key)));
  }

  @Test
  void aHostThatIsKilledInTheMiddleUndoesTheLoad(@TempDir Path own) throws Exception {
    SshHost dying = SshHost.Kind.valueOf(url.replaceAll(".*hosts-(\\w+);.*", "$1")).start(own);
    List<SshHost> hosts = new ArrayList<>(RUNNING);
    hosts.add(dying);
    try {
      dying.authorize(publicLines);
      configure(hosts);
      Path data = data("data", 1, 50_000);
      Path marker = folder.resolve("marker");
      String endless =
          "cat " + data + "; touch " + marker + "; while echo '1|a'; do sleep 0.1; done";
      Thread killer =
          new Thread(
              () -> {
                try {
                  while (!Files.exists(marker)) {
                    TimeUnit.MILLISECONDS.sleep(2);
                  }
                  dying.kill();
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      killer.start();
      String[] entries = {
        entry("host0", "cat " + data, ""),
        entry("host1", "gzip -c " + data, ""),
        entry("host4", endless, ""),
        entry("host2", "cat " + data, "")
      };
      fails("58030", List.of("on host \"host4\" did not end: the connection broke"), entries);
      killer.join();
      assertEquals("0", count());
      entries[2] = entry("host4", endless, ",\"mandatory\":true");
      fails("58030", List.of("could not run", "on host \"host4\"", "no connection"), entries);
      entries[2] = entry("host4", endless, ",\"mandatory\":false");
      assertEquals(150_000, copy("", entries));
      assertTrue(
          statement.getWarnings().getMessage().contains("it is not mandatory and was left out"),
          statement.getWarnings().getMessage());
    } finally {
      dying.close();
      configure(RUNNING);
    }
  }

  private static boolean hasContent(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) > 0;
  }

  /** Ends a load that never ends by itself. */
  private interface Ending {
    /** Called when the load runs; returns when it was told to end, as System.nanoTime. */
    long end(Connection loading, Statement statement) throws SQLException;
  }

  /** The load ends in time, at least once in a few tries, and the command ends, too. */
  private void endsInTime(String state, int timeoutSeconds, Ending ending) throws Exception {
    long best = Long.MAX_VALUE;
    boolean ran = false;
    for (int i = 0; i < TRIES && (best > LIMIT_MILLIS || !ran); i++) {
      Path pid = folder.resolve("pid" + i);
      // Root's commands get no signals from OpenSSH: only one that writes notices its end.
      String command = "echo $$ > " + pid + "; while echo '1|a'; do sleep 0.1; done";
      String copy = copyOf(entry("host0", command, ""), entry("host1", command, ""));
      try (Connection loading = DriverManager.getConnection(url, "sa", "");
          Statement load = loading.createStatement()) {
        load.setQueryTimeout(timeoutSeconds);
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong told =
            new AtomicLong(System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds));
        Thread ender =
            new Thread(
                () -> {
                  try {
                    while (!over.get() && !hasContent(pid)) {
                      TimeUnit.MILLISECONDS.sleep(2);
                    }
                    if (!over.get()) {
                      told.set(ending.end(loading, load));
                    }
                  } catch (IOException | SQLException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
        if (ending != null) {
          ender.start();
        }
        SQLException e = assertThrows(SQLException.class, () -> load.executeUpdate(copy));
        long end = System.nanoTime();
        over.set(true);
        ender.join();
        assertTrue(state == null || state.equals(e.getSQLState()), e.getSQLState() + e);
        best = Math.min(best, TimeUnit.NANOSECONDS.toMillis(end - told.get()));
        if (!loading.isClosed()) {
          load.setQueryTimeout(0);
          assertEquals(
              1, load.executeUpdate(copyOf(entry("host0", "echo '5|the same connection'", ""))));
          load.execute("TRUNCATE TABLE t");
        }
      }
      assertEquals("0", count());
      if (hasContent(pid)) {
        awaitEnd(Long.parseLong(Files.readString(pid).strip()));
        ran = true;
      }
    }
    assertTrue(ran, "no command ran");
    assertTrue(best <= LIMIT_MILLIS, "took " + best + " ms");
  }

  private static void awaitEnd(long pid) throws Exception {
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    if (process != null) {
      process.onExit().get(600, TimeUnit.SECONDS);
    }
  }

  @Test
  void cancelEndsCommandsThatNeverEnd() throws Exception {
    endsInTime(
        "57014",
        0,
        (loading, load) -> {
          long now = System.nanoTime();
          load.cancel();
          return now;
        });
  }

  @Test
  void aQueryTimeoutEndsCommandsThatNeverEnd() throws Exception {
    endsInTime("57014", 3, null);
  }

  @Test
  void abortEndsCommandsThatNeverEnd() throws Exception {
    endsInTime(
        null,
        0,
        (loading, load) -> {
          long now = System.nanoTime();
          loading.abort(task -> new Thread(task).start());
          return now;
        });
  }
}
