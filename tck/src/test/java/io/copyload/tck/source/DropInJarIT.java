package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Loads from remote sources by the drop-in jar alone, in a JVM that has nothing else: its libraries
 * have other names there. Runs when the jar is built, in the phase integration-test.
 */
@Timeout(900)
class DropInJarIT {
  private static final Path JAR = Path.of(System.getProperty("copyload.dropin.jar", "none"));

  @TempDir Path folder;

  private String url;

  /** The process with the jar. Arguments: URL, then statements. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws SQLException {
      try (Connection connection = DriverManager.getConnection(args[0], "sa", "");
          Statement statement = connection.createStatement()) {
        for (int i = 1; i < args.length; i++) {
          if (statement.execute(args[i])) {
            try (ResultSet rows = statement.getResultSet()) {
              while (rows.next()) {
                System.out.println(rows.getString(1));
              }
            }
          } else {
            System.out.println(statement.getUpdateCount());
          }
        }
      }
    }
  }

  @BeforeEach
  void find() {
    assumeTrue(Files.exists(JAR), "the drop-in jar is not built");
    url = "jdbc:copyload:file:" + folder.resolve("db") + ";dialect=redshift";
  }

  /** What the statements print; nothing else may be said. */
  private List<String> run(String properties, String... statements) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(JAR + File.pathSeparator + classes());
    command.add(Child.class.getName());
    command.add(url + properties);
    command.addAll(List.of(statements));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process child =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int status = child.waitFor();
    assertEquals("", Files.readString(err));
    assertEquals(0, status);
    return Files.readAllLines(out);
  }

  /** A folder with the child's class alone. */
  private Path classes() throws IOException {
    Path file = Path.of(Child.class.getName().replace('.', '/') + ".class");
    Path copy = folder.resolve("classes").resolve(file);
    Files.createDirectories(copy.getParent());
    try (InputStream in = Child.class.getResourceAsStream(file.getFileName().toString())) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return folder.resolve("classes");
  }

  @Test
  void objectsOfS3AreReadAndWritten() throws Exception {
    try (S3Server s3 = new S3Server(Files.createDirectory(folder.resolve("buckets")))) {
      s3.put("lake", "in/a.csv", "1,one\n2,two\n");
      s3.put("lake", "in/b.csv", "3,three\n");
      String keys = S3Server.KEYS;
      assertEquals(
          List.of("0", "3", "2", "3", "1", "1", "3", "3"),
          run(
              ";s3_region=us-east-1;s3_endpoint=" + s3.endpoint(),
              "CREATE TABLE t (id INTEGER, v VARCHAR(20))",
              "COPY t FROM 's3://lake/in/'" + keys + " CSV",
              "DELETE FROM t WHERE id > 1",
              "UNLOAD ('SELECT 2, ''b'' UNION SELECT 3, ''c'' UNION SELECT 4, ''d''')"
                  + " TO 's3://lake/out/'"
                  + keys
                  + " CSV",
              "SELECT COUNT(*) FROM t",
              "DELETE FROM t",
              "COPY t FROM 's3://lake/out/'" + keys + " CSV",
              "SELECT COUNT(*) FROM t"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void commandsOfHostsAreRead(SshHost.Kind kind) throws Exception {
    try (SshHost host = kind.start(folder)) {
      Files.writeString(folder.resolve("config"), host.configuration("box"));
      Path data = folder.resolve("data");
      Files.writeString(data, "1|one\n2|two\n");
      Path manifest = folder.resolve("manifest");
      Files.writeString(
          manifest,
          "{\"entries\":[{\"endpoint\":\"box\",\"mandatory\":true,\"publickey\":\""
              + host.publicKey()
              + "\",\"command\":\"gzip -c "
              + data
              + "\"},{\"endpoint\":\"box\",\"command\":\"cat "
              + data
              + "\"}]}");
      String properties = ";secrets_key=key-of-the-tests;ssh_host_keys=accept-new;ssh_known_hosts=";
      properties += folder.resolve("known_hosts") + ";ssh_config=" + folder.resolve("config");
      List<String> lines =
          run(properties, "SELECT public_key FROM copyload_ssh_keys ORDER BY key_type");
      // ssh-ed25519 needs classes of newer Java versions in the jar; MINA takes rsa alone.
      host.authorize(List.of(lines.get(kind == SshHost.Kind.OPENSSH ? 0 : 1)));
      assertEquals(
          List.of("0", "4"),
          run(
              properties,
              "CREATE TABLE t (id INTEGER, v VARCHAR(20))",
              "COPY t FROM '" + manifest + "' SSH"));
    }
  }

  @Test
  void aTableOfDynamoDbIsRead() throws Exception {
    try (DynamoServer server = new DynamoServer()) {
      for (int i = 0; i < 100; i++) {
        server.items.add("{\"ID\":{\"N\":\"" + i + "\"},\"v\":{\"S\":\"value\"}}");
      }
      assertEquals(
          List.of("0", "100", "4950"),
          run(
              ";dynamodb_endpoint=" + server.endpoint(),
              "CREATE TABLE t (id INTEGER, v VARCHAR(20))",
              "COPY t FROM 'dynamodb://Movies'" + S3Server.KEYS + " READRATIO 50",
              "SELECT SUM(id) FROM t WHERE v = 'value'"));
    }
  }
}
