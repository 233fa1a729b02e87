package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** COPY ... SSH from OpenSSH's own server. Skipped where it is not installed. */
@Timeout(900)
class OpenSshCopyTest {
  @TempDir Path folder;

  private OpenSshServer server;
  private String hostKey;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(OpenSshServer.isInstalled(), "/usr/sbin/sshd is not installed");
    server = new OpenSshServer(Files.createDirectory(folder.resolve("sshd")));
    hostKey = server.publicKey();
    Files.writeString(
        folder.resolve("config"),
        "Host box\n  HostName 127.0.0.1\n  User "
            + OpenSshServer.user()
            + "\n  Port "
            + server.port()
            + "\n");
    connection =
        DriverManager.getConnection(
            "jdbc:copyload:;dialect=redshift;network_timeout=20"
                + ";secrets_key=key-of-the-tests;ssh_known_hosts="
                + folder.resolve("known_hosts")
                + ";ssh_config="
                + folder.resolve("config"));
    statement = connection.createStatement();
    statement.execute("CREATE TABLE t (id INTEGER, v VARCHAR(20))");
    server.authorize(publicLines());
  }

  @AfterEach
  void stop() throws SQLException {
    if (connection != null) {
      connection.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private List<String> publicLines() throws SQLException {
    List<String> lines = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery("SELECT public_key FROM copyload_ssh_keys ORDER BY key_type")) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    return lines;
  }

  private int copy(String clauses, String... commands) throws Exception {
    List<String> entries = new ArrayList<>();
    for (String command : commands) {
      entries.add(
          "{\"endpoint\":\"box\",\"mandatory\":true,\"publickey\":\""
              + hostKey
              + "\",\"command\":\""
              + command
              + "\"}");
    }
    Path file = Files.createTempFile(folder, "manifest", ".json");
    Files.writeString(file, "{\"entries\":[" + String.join(",", entries) + "]}");
    return statement.executeUpdate("COPY t FROM '" + file + "' SSH " + clauses);
  }

  private Path data(int rows) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      text.append(i).append("|value ").append(i).append('\n');
    }
    return Files.writeString(folder.resolve("data"), text);
  }

  @Test
  void manyCommandsAreRead() throws Exception {
    Path data = data(100_000);
    assertEquals(200_000, copy("", "cat " + data, "gzip -c " + data));
    // More at once than the server takes from clients that have not logged in yet.
    String[] many = new String[14];
    for (int i = 0; i < many.length; i++) {
      many[i] = "head -n 10 " + data;
    }
    assertEquals(140, copy("", many));
  }

  @Test
  void bothKeysAreLetIn() throws Exception {
    List<String> lines = publicLines();
    for (String line : lines) {
      server.authorize(List.of(line));
      assertEquals(1, copy("", "echo '1|a'"));
    }
    String log = server.logged();
    assertTrue(log.contains(": ED25519 SHA256:") && log.contains(": RSA SHA256:"), log);
    server.authorize(List.of());
    SQLException e = assertThrows(SQLException.class, () -> copy("", "echo '1|a'"));
    assertEquals("28000", e.getSQLState(), e.getMessage());
  }

  @Test
  void eitherKeyOfTheHostMayBePinned() throws Exception {
    assertEquals(1, copy("", "echo '1|a'"));
    hostKey = server.secondKey();
    assertEquals(1, copy("", "echo '1|a'"));
  }
}
