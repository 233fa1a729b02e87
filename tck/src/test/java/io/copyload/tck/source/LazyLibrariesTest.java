package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load of a local file loads no class of the AWS SDK, JSch or Hadoop: start-up stays fast. */
class LazyLibrariesTest {
  @TempDir Path folder;

  /** The child process: loads the file that it is told. */
  public static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      try (Connection c = DriverManager.getConnection("jdbc:copyload:");
          Statement s = c.createStatement()) {
        s.execute("CREATE TABLE t (id INTEGER)");
        s.executeUpdate("COPY t FROM '" + arguments[0] + "' IAM_ROLE default CSV");
      }
    }
  }

  @Test
  void aLocalLoadLeavesTheSdkAlone() throws Exception {
    Path data = Files.writeString(folder.resolve("a.csv"), "1\n2\n");
    Path log = folder.resolve("classes.log");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                data.toString())
            .inheritIO()
            .start();
    assertEquals(0, child.waitFor());
    List<String> loaded = Files.readAllLines(log);
    assertTrue(
        loaded.stream().anyMatch(line -> line.contains("io.copyload.engine.source.Sources")));
    assertEquals(
        List.of(),
        loaded.stream()
            .filter(
                line ->
                    line.matches(
                        ".*(awssdk|org\\.slf4j|jcraft|org\\.apache\\.hadoop\\.|source\\.hdfs).*"))
            .toList());
  }
}
