package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Manifests, keys, rights and configuration of COPY ... SSH; {@link SshHostsTest} has the loads.
 */
@Timeout(900)
class SshCopyTest {
  private static final int HOSTS = 4;

  @TempDir static Path shared;
  @TempDir Path folder;

  private static final List<SshServer> SERVERS = new ArrayList<>();

  private Connection connection;
  private Statement statement;

  @BeforeAll
  static void start() throws Exception {
    for (int i = 0; i < HOSTS; i++) {
      SERVERS.add(new SshServer());
    }
  }

  @AfterAll
  static void stop() throws IOException {
    for (SshServer server : SERVERS) {
      server.close();
    }
  }

  @BeforeEach
  void connect() throws Exception {
    StringBuilder config = new StringBuilder();
    StringBuilder known = new StringBuilder();
    for (int i = 0; i < HOSTS; i++) {
      config.append("Host host" + i + "\n  HostName 127.0.0.1\n");
      config.append("  Port " + SERVERS.get(i).port() + "\n");
      known.append(SERVERS.get(i).knownHostsLine());
      SERVERS.get(i).logins.clear();
      SERVERS.get(i).commands.clear();
      SERVERS.get(i).authorized.clear();
    }
    Files.writeString(folder.resolve("config"), config);
    Files.writeString(folder.resolve("known_hosts"), known);
    open("");
  }

  private void open(String properties) throws SQLException {
    if (connection != null) {
      connection.close();
    }
    connection =
        DriverManager.getConnection(
            "jdbc:copyload:;dialect=redshift;network_tries=2;network_timeout=5"
                + ";secrets_key=key-of-the-tests;ssh_known_hosts="
                + folder.resolve("known_hosts")
                + ";ssh_config="
                + folder.resolve("config")
                + properties);
    statement = connection.createStatement();
    statement.execute("CREATE TABLE t (id INTEGER, v VARCHAR(20))");
    for (SshServer server : SERVERS) {
      for (String line : publicLines()) {
        server.authorize("redshift", line);
      }
    }
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  private List<String> publicLines() throws SQLException {
    return list("SELECT public_key FROM copyload_ssh_keys ORDER BY key_type");
  }

  private List<String> list(String query) throws SQLException {
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
        + command.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
        + "\""
        + more
        + "}";
  }

  private String manifest(String... entries) throws IOException {
    Path file = Files.createTempFile(folder, "manifest", ".json");
    Files.writeString(file, "{\"entries\":[" + String.join(",\n", entries) + "]}");
    return file.toString();
  }

  private int copy(String manifest, String clauses) throws SQLException {
    return statement.executeUpdate("COPY t FROM '" + manifest + "' SSH " + clauses);
  }

  private SQLException fails(String manifest, String clauses, String state, String... texts) {
    SQLException e = assertThrows(SQLException.class, () -> copy(manifest, clauses));
    assertEquals(state, e.getSQLState(), e.getMessage());
    for (String text : texts) {
      assertTrue(e.getMessage().contains(text), () -> text + " is not in: " + e.getMessage());
    }
    return e;
  }

  private String count() throws SQLException {
    return list("SELECT COUNT(*) FROM t").get(0);
  }

  private Path data(String name, int first, int rows) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = first; i < first + rows; i++) {
      text.append(i).append("|value ").append(i).append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void theManifestMayBeInS3OrOnTheWeb() throws Exception {
    String text = "{\"entries\":[" + entry("host0", "echo '1|a'", "") + "]}";
    try (S3Server s3 = new S3Server(shared)) {
      s3.put("ssh", "manifest", text);
      s3.put("ssh", "manifest2", text);
      open(";s3_endpoint=" + s3.endpoint());
      assertEquals(1, copy("s3://ssh/manifest", "REGION 'us-east-1'" + S3Server.KEYS));
      fails("s3://ssh/manif", S3Server.KEYS, "58P01", "SSH manifest");
      statement.execute("COPY t FROM 's3://ssh/manifest' SSH NOLOAD" + S3Server.KEYS);
      assertEquals("1", count());
    }
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/ssh_manifest",
        exchange -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    web.start();
    try {
      String place = "http://127.0.0.1:" + web.getAddress().getPort() + "/";
      assertEquals(1, copy(place + "ssh_manifest", ""));
      fails(place + "other", "", "58P01", "other");
      assertEquals("2", count());
    } finally {
      web.stop(0);
    }
  }

  @Test
  void theKeyOfTheManifestIsEnforced() throws Exception {
    Files.delete(folder.resolve("known_hosts"));
    String right = ",\"mandatory\":true,\"publickey\":\"" + SERVERS.get(0).publicKey() + "\"";
    String wrong = right.replace(SERVERS.get(0).publicKey(), SERVERS.get(1).publicKey());
    assertEquals(1, copy(manifest(entry("host0", "echo '1|a'", right)), ""));
    fails(manifest(entry("host0", "echo '1|a'", wrong)), "", "28000", "host0", "manifest says");
    open(";ssh_host_keys=accept-new");
    fails(manifest(entry("host0", "echo '1|a'", wrong)), "", "28000", "manifest says");
    assertEquals("0", count());
    assertTrue(SERVERS.get(0).commands.size() == 1, "a command ran on a host of another key");
    String notAKey = ",\"publickey\":\"ssh-rsa AAAA\"";
    fails(manifest(entry("host0", "echo '1|a'", notAKey)), "", "22P04", "\"publickey\"");
  }

  @Test
  void anUnknownHostIsBelievedOnlyIfThePropertySaysSo() throws Exception {
    Path known = folder.resolve("known_hosts");
    Files.delete(known);
    String manifest = manifest(entry("host0", "echo '1|a'", ",\"mandatory\":true"));
    fails(manifest, "", "28000", "not known", "SHA256:", "accept-new");
    assertFalse(Files.exists(known));
    open(";ssh_host_keys=accept-new");
    String twice = manifest(entry("host0", "echo '1|a'", ""), entry("host0", "echo '2|a'", ""));
    assertEquals(2, copy(twice, ""));
    assertEquals(SERVERS.get(0).knownHostsLine(), Files.readString(known));
    assertEquals(1, copy(manifest, ""));
    // The host has another key now.
    String other = SERVERS.get(1).knownHostsLine();
    Files.writeString(
        known, "[127.0.0.1]:" + SERVERS.get(0).port() + other.substring(other.indexOf(' ')));
    fails(manifest, "", "28000", "not the one of known_hosts");
    open("");
    fails(manifest, "", "28000", "not the one of known_hosts");
  }

  @Test
  void onlyMandatoryHostsMustAnswer() throws Exception {
    String nobody = folder.resolve("config").toString();
    Files.writeString(
        Path.of(nobody),
        Files.readString(Path.of(nobody)) + "Host down\n  HostName 127.0.0.1\n  Port 1\n");
    String up = entry("host0", "echo '1|a'", ",\"mandatory\":true");
    assertEquals(1, copy(manifest(entry("down", "echo '2|a'", ""), up), ""));
    SQLWarning first = statement.getWarnings();
    assertTrue(
        first.getMessage().contains("on host \"down\"")
            && first.getMessage().contains("not mandatory"),
        first.getMessage());
    assertEquals(1, copy(manifest(up, entry("down", "x", ",\"mandatory\":false")), ""));
    fails(
        manifest(up, entry("down", "echo '2|a'", ",\"mandatory\":true")),
        "",
        "58030",
        "\"echo '2|a'\" on host \"down\"");
    fails(manifest(entry("down", "x", ""), entry("down", "y", "")), "", "58030", "none of the 2");
    // A connection that succeeded is not forgiven: its output may be half.
    fails(manifest(up, entry("host1", "false", "")), "", "38000", "host1");
    // A user that is not let in is a connection that fails.
    String stranger = entry("host1", "echo '2|a'", ",\"username\":\"stranger\"");
    assertEquals(1, copy(manifest(up, stranger), ""));
    fails(manifest(stranger), "", "28000", "none of the 1", "\"stranger\"", "copyload_ssh_keys");
    assertEquals("3", count());
  }

  @Test
  void usersOfTheManifestLogInWithEitherKey() throws Exception {
    SshServer server = SERVERS.get(2);
    server.authorized.clear();
    List<String> lines = publicLines();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("ssh-ed25519 ") && lines.get(0).endsWith(" copyload"));
    assertTrue(lines.get(1).startsWith("ssh-rsa "));
    server.authorize("ann", lines.get(1));
    String manifest = manifest(entry("host2", "echo '1|a'", ",\"username\":\"ann\""));
    assertEquals(1, copy(manifest, ""));
    assertEquals(Set.of("ann ssh-rsa"), new HashSet<>(server.logins));
  }

  @Test
  void keysAreMadeOnceAndRenewed() throws Exception {
    List<String> lines = publicLines();
    assertEquals(lines, publicLines());
    String manifest = manifest(entry("host0", "echo '1|a'", ",\"mandatory\":true"));
    assertEquals(1, copy(manifest, ""));
    assertEquals(2, statement.executeUpdate("COPYLOAD ROTATE SSH KEY"));
    assertNotEquals(lines, publicLines());
    fails(manifest, "", "28000", "does not let user \"redshift\" in");
    for (String line : publicLines()) {
      SERVERS.get(0).authorize("redshift", line);
    }
    assertEquals(1, copy(manifest, ""));
    assertEquals(
        "42601",
        assertThrows(SQLException.class, () -> statement.execute("COPYLOAD ROTATE SSH"))
            .getSQLState());
  }

  @Test
  void keysAreNotMadeWithoutAKeyThatSealsThem() throws Exception {
    try (Connection keyless = DriverManager.getConnection("jdbc:copyload:");
        Statement query = keyless.createStatement()) {
      SQLException e =
          assertThrows(
              SQLException.class, () -> query.executeQuery("SELECT * FROM copyload_ssh_keys"));
      assertEquals("55000", e.getSQLState());
      assertTrue(e.getMessage().contains("secrets_key"), e.getMessage());
      e = assertThrows(SQLException.class, () -> query.execute("COPYLOAD ROTATE SSH KEY"));
      assertEquals("55000", e.getSQLState());
    }
  }

  @Test
  void aJumpHostLeadsToAnotherHost() throws Exception {
    Files.writeString(
        folder.resolve("config"),
        "Host inner\n  HostName 127.0.0.1\n  User deep\n  Port "
            + SERVERS.get(1).port()
            + "\n  ProxyJump outer@127.0.0.1:"
            + SERVERS.get(0).port()
            + "\nHost command\n  ProxyCommand nc %h %p\n");
    open("");
    for (String line : publicLines()) {
      SERVERS.get(0).authorize("outer", line);
      SERVERS.get(1).authorize("deep", line);
    }
    Path data = data("data", 1, 100_000);
    assertEquals(100_000, copy(manifest(entry("inner", "cat " + data, "")), ""));
    assertEquals(Set.of("outer ssh-rsa"), new HashSet<>(SERVERS.get(0).logins));
    assertEquals(Set.of("deep ssh-rsa"), new HashSet<>(SERVERS.get(1).logins));
    assertEquals(0, SERVERS.get(0).commands.size());
    fails(manifest(entry("command", "x", "")), "", "0A000", "ProxyCommand");
  }

  @Test
  void aBadManifestOrClauseRunsNothing() throws Exception {
    String good = entry("host0", "echo '1|a'", "");
    fails(manifest(good, "{\"endpoint\":\"host0\"}"), "", "22P04", "\"command\" is missing");
    fails(manifest("{\"command\":\"x\"}"), "", "22P04", "\"endpoint\" is missing");
    fails(manifest("{\"url\":\"s3://x/y\"}"), "", "22P04", "manifest of files");
    fails(manifest(entry("host0", "x", ",\"mandatory\":\"true\"")), "", "22P04", "true or false");
    fails(manifest(), "", "22P04", "no entries");
    fails(folder.resolve("none").toString(), "", "58P01", "No such file");
    fails(data("text", 1, 3).toString(), "", "22P04", "SSH manifest");
    fails(manifest(good), "MANIFEST", "42601", "SSH");
    fails(manifest(good), "ENCRYPTED", "42601", "SSH");
    String data = manifest(good);
    assertEquals(
        "XX000",
        assertThrows(SQLException.class, () -> statement.execute("COPY t FROM '" + data + "'"))
            .getSQLState(),
        "without SSH it is data");
    fails(manifest(good), "PARQUET", "42601", "SSH");
    fails(manifest(good), "READRATIO 50", "42601", "SSH");
    open(";allowed_sources=" + folder + ",ssh://host1/");
    fails(manifest(good), "", "42501", "ssh://host0/");
    assertEquals(1, copy(manifest(entry("host1", "echo '1|a'", "")), ""));
    open("");
    assertTrue(
        list("EXPLAIN COPY t FROM '" + manifest(good) + "' SSH").stream()
            .anyMatch("object"::equals));
    assertEquals(0, SERVERS.get(0).commands.size());
  }

  @Test
  void thePrivateKeysAreShownNowhere() throws Exception {
    List<String> lines = publicLines();
    List<String> script = list("SCRIPT");
    assertTrue(script.stream().noneMatch(line -> line.contains("PRIVATE KEY")));
    assertTrue(
        new String(
                Base64.getDecoder().decode(lines.get(0).split(" ")[1]), StandardCharsets.US_ASCII)
            .contains("ssh-ed25519"));
  }
}
