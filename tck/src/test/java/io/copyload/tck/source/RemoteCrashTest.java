package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills a JVM in the middle of a transaction that loads from a remote host or a table of DynamoDB,
 * opens its database again and looks: nothing of it is there, what was committed before is, and the
 * same load succeeds.
 */
@Timeout(900)
class RemoteCrashTest {
  private static final int ROWS = 60_000;

  @TempDir Path work;

  private final List<AutoCloseable> servers = new ArrayList<>();

  /** The process that gets killed. Arguments: URL, statement. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws SQLException {
      try (Connection connection = DriverManager.getConnection(args[0], "sa", "");
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("INSERT INTO t VALUES (-1, 'of the killed transaction')");
        statement.execute(args[1]);
        connection.commit();
      }
    }
  }

  /** A remote input of {@link #ROWS} rows. */
  private interface Remote {
    /** Connection properties. */
    String properties();

    /** The COPY that loads all and ends. */
    String whole() throws Exception;

    /** The COPY that reads all rows and then waits for more. */
    String endless() throws Exception;

    /** Whether the rows of {@link #endless} are on their way to the load, or there. */
    boolean isInTheMiddle() throws Exception;

    /** Called when the database is there. */
    void login(Statement statement) throws Exception;
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable server : servers) {
      server.close();
    }
  }

  private Remote remote(String kind) throws Exception {
    return kind.equals("DYNAMODB") ? dynamo() : ssh(SshHost.Kind.valueOf(kind));
  }

  private Remote ssh(SshHost.Kind kind) throws Exception {
    SshHost host = kind.start(work);
    servers.add(host);
    Files.writeString(work.resolve("config"), host.configuration("box"));
    Path data = work.resolve("data");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      text.append(i).append("|value ").append(i).append('\n');
    }
    Files.writeString(data, text);
    Path written = work.resolve("written");
    return new Remote() {
      @Override
      public String properties() {
        return ";dialect=redshift;secrets_key=key-of-the-tests;ssh_host_keys=accept-new"
            + ";ssh_known_hosts="
            + work.resolve("known_hosts")
            + ";ssh_config="
            + work.resolve("config");
      }

      @Override
      public String whole() throws IOException {
        return copy("cat " + data);
      }

      @Override
      public String endless() throws IOException {
        return copy(
            "cat " + data + "; touch " + written + "; while echo '-2|more'; do sleep 0.1; done");
      }

      private String copy(String command) throws IOException {
        Path manifest = Files.createTempFile(work, "manifest", ".json");
        Files.writeString(
            manifest, "{\"entries\":[{\"endpoint\":\"box\",\"command\":\"" + command + "\"}]}");
        return "COPY t FROM '" + manifest + "' SSH";
      }

      @Override
      public boolean isInTheMiddle() {
        return Files.exists(written);
      }

      @Override
      public void login(Statement statement) throws Exception {
        List<String> lines = new ArrayList<>();
        try (ResultSet rows =
            statement.executeQuery("SELECT public_key FROM copyload_ssh_keys ORDER BY key_type")) {
          while (rows.next()) {
            lines.add(rows.getString(1));
          }
        }
        host.authorize(lines);
      }
    };
  }

  private Remote dynamo() throws IOException {
    DynamoServer server = new DynamoServer();
    servers.add(server);
    for (int i = 0; i < ROWS; i++) {
      server.items.add("{\"id\":{\"N\":\"" + i + "\"},\"v\":{\"S\":\"value " + i + "\"}}");
    }
    return new Remote() {
      @Override
      public String properties() {
        return ";dialect=redshift;network_timeout=300;dynamodb_endpoint=" + server.endpoint();
      }

      @Override
      public String whole() {
        server.hangsFrom = Integer.MAX_VALUE;
        return copy();
      }

      @Override
      public String endless() {
        server.hangsFrom = 2;
        return copy();
      }

      private String copy() {
        return "COPY t FROM 'dynamodb://Movies' " + S3Server.KEYS + " READRATIO 100";
      }

      @Override
      public boolean isInTheMiddle() {
        return server.scans.get() > server.hangsFrom;
      }

      @Override
      public void login(Statement statement) {
        // The keys are in the statement.
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "MINA, while it reads",
    "OPENSSH, while it reads",
    "DYNAMODB, while it reads",
    "MINA, before-commit",
    "DYNAMODB, before-commit"
  })
  void nothingOfAKilledLoadIsThere(String kind, String moment) throws Exception {
    Remote remote = remote(kind);
    String url =
        System.getProperty("copyload.tck.url", "jdbc:copyload:")
            + "file:"
            + work.resolve("db")
            + remote.properties();
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR(40))");
      statement.execute("INSERT INTO t VALUES (1000000000, 'committed')");
      remote.login(statement);
    }
    if (moment.equals("while it reads")) {
      Process child = start(List.of(), url, remote.endless());
      while (!remote.isInTheMiddle()) {
        assertTrue(!child.waitFor(10, TimeUnit.MILLISECONDS), this::said);
      }
      child.destroyForcibly().waitFor();
    } else {
      Process child = start(List.of("-Dcopyload.crash=" + moment), url, remote.whole());
      assertEquals(86, child.waitFor(), () -> "not reached; " + said());
    }
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      assertEquals(List.of("1000000000"), list(statement, "SELECT id FROM t"));
      assertEquals(
          List.of(),
          list(statement, "SELECT status FROM sys_load_history WHERE status <> 'aborted'"));
      assertEquals(ROWS, statement.executeUpdate(remote.whole()));
      assertEquals(
          List.of(Integer.toString(ROWS)),
          list(statement, "SELECT COUNT(*) FROM t WHERE id BETWEEN 0 AND " + (ROWS - 1)));
      assertEquals(
          List.of(Integer.toString(ROWS + 1)), list(statement, "SELECT COUNT(DISTINCT id) FROM t"));
    }
  }

  private static List<String> list(Statement statement, String query) throws SQLException {
    List<String> list = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        list.add(rows.getString(1));
      }
    }
    return list;
  }

  private Process start(List<String> options, String url, String copy) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("copyload.tck.classpath", System.getProperty("java.class.path")));
    command.add(Child.class.getName());
    command.add(url);
    command.add(copy);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(work.resolve("said.txt").toFile())
        .start();
  }

  private String said() {
    try {
      return Files.readString(work.resolve("said.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
