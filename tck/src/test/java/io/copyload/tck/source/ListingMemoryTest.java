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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A folder of 100,000 objects in a process whose heap of 64 MB could not hold what S3 says of them:
 * they are listed page by page, whether the load wants all of them, some or none.
 */
class ListingMemoryTest {
  private static final int OBJECTS = 100_000;

  /** Objects that are fetched: all of them in the profile soak. */
  private static final int FETCHED =
      Math.min(OBJECTS, Integer.getInteger("copyload.s3.objects", 1001));

  private static final String HEAP = "-Xmx64m";

  private static final String TABLE = "CREATE TABLE t (id INTEGER, v VARCHAR(20))";

  @TempDir Path folder;

  /** The child process: runs the statements of a file and prints what each gives. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      try (Connection c = DriverManager.getConnection(arguments[0]);
          Statement s = c.createStatement()) {
        for (String sql : Files.readString(Path.of(arguments[1])).split(";\n")) {
          try {
            System.out.println(s.executeLargeUpdate(sql));
          } catch (SQLException e) {
            System.out.println(
                e.getSQLState() + " " + e.getMessage().strip().lines().findFirst().orElse(""));
          }
        }
        try (ResultSet r = s.executeQuery("SELECT COUNT(*) FROM sys_load_detail")) {
          r.next();
          System.out.println("objects " + r.getLong(1));
        }
      } catch (Throwable e) {
        // Threads of a database without memory may not end.
        e.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
    }
  }

  private List<String> run(KeyServer server, String... statements) throws Exception {
    Path script = Files.writeString(folder.resolve("script"), String.join(";\n", statements));
    Path said = folder.resolve("said");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:TieredStopAtLevel=1",
                "-Daws.accessKeyId=id",
                "-Daws.secretAccessKey=secret",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                "jdbc:copyload:"
                    + folder.resolve("db")
                    + ";s3_region=us-east-1;s3_endpoint="
                    + server.endpoint(),
                script.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertTrue(child.waitFor(20, TimeUnit.MINUTES), "the loads do not come to an end");
    } finally {
      child.destroyForcibly().waitFor();
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(said));
    lines.removeIf(line -> line.startsWith("SLF4J"));
    assertEquals(0, child.exitValue(), () -> String.join("\n", lines));
    return lines;
  }

  @Test
  void aListingIsNotHeld() throws Exception {
    try (KeyServer server = new KeyServer(OBJECTS)) {
      String from = "COPY INTO t FROM 's3://lake/logs' (FORMAT csv, PATTERN = ";
      assertEquals(
          List.of("0", "58P01 no matching files found at the given url", "10", "objects 10"),
          run(server, TABLE, from + "'**/*.csv')", from + "'**/*7777.log')"));
      assertEquals(2 * OBJECTS / KeyServer.PAGE, server.pages.get());
      assertTrue(server.gets.get() >= 10, "requests for objects: " + server.gets.get());
    }
  }

  @Test
  void objectsOfAPrefixAreNotHeld() throws Exception {
    try (KeyServer server = new KeyServer(FETCHED)) {
      assertEquals(
          List.of("0", "" + FETCHED, "objects " + FETCHED),
          run(server, TABLE, "COPY t FROM 's3://lake/logs/' IAM_ROLE default CSV"));
    }
  }

  /** Nobody fetches what is behind the first one that is missing. */
  @Test
  void namesAreReadOneByOne() throws Exception {
    StringBuilder manifest = new StringBuilder("{\"entries\":[");
    StringBuilder files = new StringBuilder();
    for (int i = 0; i < OBJECTS; i++) {
      String comma = i == 0 ? "" : ",\n";
      String url = "\"s3://lake/" + KeyServer.key(i) + "\"";
      manifest.append(comma).append("{\"url\":" + url + ",\"mandatory\":true}");
      files.append(comma).append("'").append(KeyServer.key(i)).append("'");
    }
    String copyManifest = "COPY t FROM 's3://lake/manifest' IAM_ROLE default MANIFEST CSV";
    String copyFiles = "COPY INTO t FROM 's3://lake' (FORMAT csv, FILES = [" + files + "])";
    int fetched = FETCHED == OBJECTS ? OBJECTS : 100;
    try (KeyServer server = new KeyServer(fetched)) {
      server.put("manifest", manifest.append("]}").toString());
      List<String> said = run(server, TABLE, copyManifest, copyFiles);
      assertEquals(4, said.size(), said.toString());
      for (String result : said.subList(1, 3)) {
        if (fetched == OBJECTS) {
          assertEquals("" + OBJECTS, result);
        } else {
          assertTrue(result.startsWith("58P01 "), result);
          assertTrue(result.contains(KeyServer.key(fetched)), result);
        }
      }
    }
  }
}
