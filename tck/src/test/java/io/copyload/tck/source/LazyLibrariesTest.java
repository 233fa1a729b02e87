package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Without the servers of other tests, among which is a JDBC driver, too. */
  private static String classPathWithout(String missing) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> !path.contains(missing) && !path.contains("hadoop-client-minicluster"))
        .collect(Collectors.joining(File.pathSeparator));
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
                classPathWithout("no such jar"),
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
                line -> line.matches(".*(awssdk|org\\.slf4j|jcraft|org\\.apache\\.hadoop\\.).*"))
            .toList());
  }

  /** The child process: asks for a cluster and prints how that is refused. */
  public static final class HadoopChild {
    private HadoopChild() {}

    public static void main(String[] arguments) throws Exception {
      try (Connection c = DriverManager.getConnection("jdbc:copyload:");
          Statement s = c.createStatement()) {
        s.execute("CREATE TABLE t (id INTEGER)");
        s.executeUpdate("COPY t FROM 'hdfs://localhost:1/a'");
      } catch (SQLException e) {
        System.out.print(e.getSQLState() + " " + e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hadoop-client-api", "hadoop-client-runtime"})
  void withoutHadoopsClientClustersAreRefusedByName(String missing) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPathWithout(missing),
                HadoopChild.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor());
    assertTrue(said.startsWith("55000 "), said);
    assertTrue(said.contains("hadoop-client-runtime"), said);
  }
}
