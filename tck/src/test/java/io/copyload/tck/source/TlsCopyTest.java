package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S3 and HTTPS over TLS, whose certificate an authority has signed that the JVM does not know. */
class TlsCopyTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path keys;
  @TempDir static Path root;

  private static S3Proxy server;

  @BeforeAll
  static void start() throws Exception {
    keytool("ca.p12", "-genkeypair", "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c");
    keytool("ca.p12", "-exportcert", "-alias", "ca", "-rfc", "-file", "ca.pem");
    keytool("server.p12", "-genkeypair", "-alias", "s", "-dname", "CN=127.0.0.1");
    keytool("server.p12", "-certreq", "-alias", "s", "-file", "s.csr");
    keytool(
        "ca.p12",
        "-gencert",
        "-alias",
        "ca",
        "-ext",
        "san=ip:127.0.0.1",
        "-infile",
        "s.csr",
        "-outfile",
        "s.pem",
        "-rfc");
    keytool("server.p12", "-importcert", "-alias", "ca", "-file", "ca.pem", "-noprompt");
    keytool("server.p12", "-importcert", "-alias", "s", "-file", "s.pem");
    Files.createDirectories(root.resolve("lake"));
    Files.writeString(root.resolve("lake/a.csv"), "1,one\n2,two\n");
    // The server takes a file that everybody may read for a public object.
    assertTrue(root.resolve("lake/a.csv").toFile().setReadable(true, false));
    server =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(root.toString()))
            .secureEndpoint(URI.create("https://127.0.0.1:0"))
            .keyStore(keys.resolve("server.p12").toString(), PASSWORD)
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, S3Server.KEY_ID, S3Server.SECRET)
            .ignoreUnknownHeaders(true)
            .build();
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  private static void keytool(String store, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", store, "-storetype", "PKCS12", "-storepass", PASSWORD));
    if (arguments[0].equals("-genkeypair")) {
      command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
    }
    Process process =
        new ProcessBuilder(command).directory(keys.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), output);
  }

  private static Connection connect(String settings) throws SQLException {
    Connection c =
        DriverManager.getConnection(
            "jdbc:copyload:;network_tries=2;s3_region=us-east-1;s3_endpoint=https://127.0.0.1:"
                + server.getSecurePort()
                + settings);
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
    }
    return c;
  }

  @Test
  void anAuthorityOfTheConnectionIsTrusted() throws SQLException {
    String copy = "COPY t FROM 's3://lake/a.csv'" + S3Server.KEYS + " CSV";
    String web =
        "COPY t FROM 'https://127.0.0.1:" + server.getSecurePort() + "/lake/a.csv' (FORMAT csv)";
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      for (String sql : new String[] {copy, web}) {
        SQLException e = assertThrows(SQLException.class, () -> s.execute(sql));
        assertEquals("58030", e.getSQLState(), e.getMessage());
        assertTrue(e.getMessage().contains("certificate is not trusted"), e.getMessage());
        assertTrue(e.getMessage().contains("network_authorities"), e.getMessage());
      }
    }
    try (Connection c = connect(";network_authorities=" + keys.resolve("ca.pem"));
        Statement s = c.createStatement()) {
      assertEquals(2, s.executeUpdate(copy));
      assertEquals(
          2, s.executeUpdate("UNLOAD ('select * from t') TO 's3://lake/out/'" + S3Server.KEYS));
      assertEquals(2, s.executeUpdate(web));
    }
    try (Connection c = connect(";network_authorities=" + keys.resolve("s.csr"));
        Statement s = c.createStatement()) {
      SQLException e = assertThrows(SQLException.class, () -> s.execute(copy));
      assertEquals("22023", e.getSQLState(), e.getMessage());
    }
  }

  @Test
  void theManifestOfCommandsMayBeOnAnEncryptedSite() throws Exception {
    try (SshServer host = new SshServer()) {
      String entry =
          "{\"entries\":[{\"endpoint\":\"box\",\"command\":\"echo '1|a'\",\"publickey\":\""
              + host.publicKey()
              + "\"}]}";
      Path manifest = Files.writeString(root.resolve("lake/ssh_manifest"), entry);
      assertTrue(manifest.toFile().setReadable(true, false));
      Path config = Files.writeString(keys.resolve("config"), host.configuration("box"));
      try (Connection c =
              connect(
                  ";dialect=redshift;secrets_key=key-of-the-tests;ssh_config="
                      + config
                      + ";network_authorities="
                      + keys.resolve("ca.pem"));
          Statement s = c.createStatement()) {
        List<String> lines = new ArrayList<>();
        try (ResultSet rows = s.executeQuery("SELECT public_key FROM copyload_ssh_keys")) {
          while (rows.next()) {
            lines.add(rows.getString(1));
          }
        }
        host.authorize(lines);
        String web = "https://127.0.0.1:" + server.getSecurePort() + "/lake/ssh_manifest";
        assertEquals(1, s.executeUpdate("COPY t FROM '" + web + "' SSH"));
      }
    }
  }
}
