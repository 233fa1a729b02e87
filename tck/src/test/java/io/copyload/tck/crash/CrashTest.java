package io.copyload.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a JVM in the middle of COPYs, opens its database again and looks: of every load all rows
 * are there or none, what was reported done is there, indexes and rows agree, the history tells the
 * same, and no storage stays behind.
 *
 * <p>{@code copyload.crash.kills} says how often to kill at a random moment, {@code copyload.seed}
 * repeats a run.
 */
class CrashTest {
  private static final int KILLS = Integer.getInteger("copyload.crash.kills", 15);
  private static final int ROWS = 12_000;
  private static final int ROWS_AT_POINTS = 150_000;

  @TempDir Path work;

  private String url;
  private Path database;

  /** What may be found of a load after reopening. */
  private enum Expected {
    PRESENT,
    ABSENT,
    EITHER
  }

  private final Map<Integer, Expected> expected = new TreeMap<>();
  private int nextLoad = 1;

  private void create() throws SQLException {
    database = work.resolve("crash");
    url = System.getProperty("copyload.tck.url", "jdbc:copyload:") + "file:" + database;
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t (id BIGINT PRIMARY KEY ENCODE delta, load INTEGER, v VARCHAR)"
              + " DISTSTYLE ALL SORTKEY (id)");
      statement.execute("CREATE INDEX t_load ON t (load)");
      statement.execute("CREATE UNIQUE INDEX t_v ON t (v)");
    }
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(url, "sa", "");
  }

  @Test
  void survivesKillsAtRandomMoments() throws Exception {
    long seed = Long.getLong("copyload.seed", System.nanoTime());
    Random random = new Random(seed);
    create();
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        Process child = start(List.of(), 1000, ROWS, random.nextLong());
        List<String> said = killAfter(child, random.nextInt(900));
        learn(said);
        check(ROWS, random);
      }
      checkNothingStaysBehind();
    } catch (AssertionError | SQLException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mid-write", "before-publish", "after-publish", "before-commit", "after-commit"})
  void survivesAKillAt(String point) throws Exception {
    create();
    Process child = start(List.of("-Dcopyload.crash=" + point), 1, ROWS_AT_POINTS, 7);
    assertTrue(child.waitFor(60, TimeUnit.SECONDS));
    List<String> said = Files.readAllLines(said(), StandardCharsets.UTF_8);
    assertEquals(86, child.exitValue(), "the point was not reached; the child said " + said);
    learn(said);
    if (!point.equals("after-commit")) {
      expected.put(1, Expected.ABSENT);
    }
    check(ROWS_AT_POINTS, new Random(7));
    checkNothingStaysBehind();
  }

  private Process start(List<String> options, int loadCount, int rowCount, long seed)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-ea");
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("copyload.tck.classpath", System.getProperty("java.class.path")));
    command.add(CrashChild.class.getName());
    command.add(url);
    command.add(work.toString());
    command.add(Integer.toString(nextLoad));
    command.add(Integer.toString(loadCount));
    command.add(Integer.toString(rowCount));
    command.add(Long.toString(seed));
    // A file, because a pipe is closed by the kill before its last lines are read.
    Files.deleteIfExists(said());
    Files.createFile(said());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(said().toFile())
        .start();
  }

  /** Waits for the first load to begin, then some time, then kills. Returns what was said. */
  private List<String> killAfter(Process child, int millis)
      throws IOException, InterruptedException {
    while (Files.size(said()) == 0 && !child.waitFor(10, TimeUnit.MILLISECONDS)) {
      assertTrue(child.isAlive() || Files.size(said()) > 0, "the child ended at once");
    }
    // The child runs on while we wait: it ends by our kill alone.
    child.waitFor(millis, TimeUnit.MILLISECONDS);
    child.destroyForcibly();
    child.waitFor();
    return Files.readAllLines(said(), StandardCharsets.UTF_8);
  }

  private Path said() {
    return work.resolve("said.txt");
  }

  private void learn(List<String> said) {
    for (String line : said) {
      String[] words = line.split(" ");
      if (!List.of("begin", "done").contains(words[0])) {
        throw new AssertionError("the child failed: " + said);
      }
      int load = Integer.parseInt(words[1]);
      nextLoad = Math.max(nextLoad, load + 1);
      CrashChild.Kind kind = CrashChild.kindOf(load);
      boolean kept = kind != CrashChild.Kind.TAKEN_BACK;
      switch (words[0]) {
        case "begin" ->
            expected.put(
                load, kind == CrashChild.Kind.TAKEN_BACK ? Expected.ABSENT : Expected.EITHER);
        default -> expected.put(load, kept ? Expected.PRESENT : Expected.ABSENT);
      }
    }
  }

  private void check(int rowCount, Random random) throws SQLException, IOException {
    removeInputs();
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      try (ResultSet attributes =
          statement.executeQuery(
              "SELECT encoding, sortkey FROM pg_table_def WHERE tablename = 't' AND \"column\" = 'id'")) {
        assertTrue(attributes.next());
        assertEquals("delta", attributes.getString(1));
        assertEquals(1, attributes.getInt(2));
      }
      // An expression, so that no index is of use.
      Map<Integer, long[]> scan = new TreeMap<>();
      try (ResultSet result =
          statement.executeQuery(
              "SELECT load + 0, COUNT(*), SUM(id), SUM(CASE WHEN v LIKE 'u%' THEN 1 ELSE 0 END)"
                  + " FROM t GROUP BY load + 0")) {
        while (result.next()) {
          scan.put(
              result.getInt(1),
              new long[] {result.getLong(2), result.getLong(3), result.getLong(4)});
        }
      }
      for (int load : scan.keySet()) {
        assertTrue(expected.containsKey(load), "rows of load " + load + ", which never began");
      }
      for (Map.Entry<Integer, Expected> entry : expected.entrySet()) {
        checkLoad(statement, entry.getKey(), entry.getValue(), scan.get(entry.getKey()), rowCount);
        entry.setValue(scan.containsKey(entry.getKey()) ? Expected.PRESENT : Expected.ABSENT);
      }
      checkLookups(connection, random, rowCount);
      checkHistory(statement);
      checkStillWorks(statement, rowCount);
    }
  }

  private void checkLoad(Statement statement, int load, Expected wanted, long[] found, int rowCount)
      throws SQLException {
    String name = "load " + load + " (" + CrashChild.kindOf(load) + ")";
    if (found == null) {
      assertTrue(wanted != Expected.PRESENT, name + " was reported done and is gone");
    } else {
      assertTrue(wanted != Expected.ABSENT, name + " must not be there");
      assertEquals(rowCount, found[0], name + " is there in part");
      long changed =
          CrashChild.kindOf(load) == CrashChild.Kind.CHANGED ? CrashChild.CHANGED_ROWS : 0;
      assertEquals(changed, found[2], "changed rows of " + name);
    }
    String[] lookups = {
      "USE INDEX (t_load) WHERE load = " + load,
      "WHERE id >= " + CrashChild.firstId(load) + " AND id < " + CrashChild.firstId(load + 1)
    };
    for (String lookup : lookups) {
      try (ResultSet result =
          statement.executeQuery("SELECT COUNT(*), COALESCE(SUM(id), 0) FROM t " + lookup)) {
        result.next();
        assertEquals(found == null ? 0 : found[0], result.getLong(1), name + " " + lookup);
        assertEquals(found == null ? 0 : found[1], result.getLong(2), name + " " + lookup);
      }
    }
  }

  /** Each of some rows is found by its unique text, and only once. */
  private void checkLookups(Connection connection, Random random, int rowCount)
      throws SQLException {
    try (PreparedStatement byId = connection.prepareStatement("SELECT v FROM t WHERE id = ?");
        PreparedStatement byText =
            connection.prepareStatement("SELECT id FROM t USE INDEX (t_v) WHERE v = ?")) {
      for (Map.Entry<Integer, Expected> entry : expected.entrySet()) {
        for (int i = 0; i < 3 && entry.getValue() == Expected.PRESENT; i++) {
          long id = CrashChild.firstId(entry.getKey()) + random.nextInt(rowCount);
          byId.setLong(1, id);
          String text;
          try (ResultSet result = byId.executeQuery()) {
            assertTrue(result.next(), "no row by id " + id);
            text = result.getString(1);
          }
          byText.setString(1, text);
          try (ResultSet result = byText.executeQuery()) {
            assertTrue(result.next(), "no row by text of id " + id);
            assertEquals(id, result.getLong(1));
          }
        }
      }
    }
  }

  /** No load is still running, and a load in autocommit is completed exactly when its rows are. */
  private void checkHistory(Statement statement) throws SQLException {
    try (ResultSet result =
        statement.executeQuery("SELECT data_source, status FROM sys_load_history")) {
      while (result.next()) {
        String source = result.getString(1);
        String status = result.getString(2).strip();
        assertTrue(
            status.equals("completed") || status.equals("aborted"), source + " is " + status);
        if (!source.contains("load-")) {
          continue;
        }
        int load = Integer.parseInt(source.replaceAll("(?s).*load-(\\d+)\\.csv.*", "$1"));
        if (CrashChild.kindOf(load) == CrashChild.Kind.PLAIN) {
          assertEquals(
              expected.get(load) == Expected.PRESENT ? "completed" : "aborted",
              status,
              "history of load " + load);
        }
      }
    }
  }

  /** The database takes rows: inserted, loaded, refused where a key is taken. */
  private void checkStillWorks(Statement statement, int rowCount) throws SQLException, IOException {
    Path file = work.resolve("after.csv");
    Files.writeString(file, "-1,-1,after\n-2,-1,after that\n");
    statement.execute("INSERT INTO t VALUES (-3, -1, 'inserted')");
    assertEquals(2, statement.executeUpdate("COPY t FROM '" + file + "' (FORMAT csv)"));
    for (Map.Entry<Integer, Expected> entry : expected.entrySet()) {
      if (entry.getValue() == Expected.PRESENT) {
        long taken = CrashChild.firstId(entry.getKey()) + rowCount / 2;
        try {
          statement.execute("INSERT INTO t VALUES (" + taken + ", 0, 'twice')");
          throw new AssertionError("key " + taken + " is there twice");
        } catch (SQLException e) {
          assertEquals("23505", e.getSQLState());
        }
      }
    }
    assertEquals(3, statement.executeUpdate("DELETE FROM t WHERE load = -1"));
  }

  /** An emptied and compacted database is as small as one that was never killed. */
  private void checkNothingStaysBehind() throws SQLException, IOException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE TABLE t");
      statement.execute("SHUTDOWN COMPACT");
    }
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      // What nobody names any more may be swept at the first use of a table.
      statement.execute("SELECT COUNT(*) FROM t");
      statement.execute("SHUTDOWN COMPACT");
    }
    long bytes;
    try (Stream<Path> files = Files.list(work)) {
      bytes =
          files
              .filter(path -> path.getFileName().toString().startsWith("crash."))
              .mapToLong(path -> path.toFile().length())
              .sum();
    }
    // One forgotten load weighs more than this; an empty database with its history does not.
    assertTrue(bytes < 400_000, "the emptied database still has " + bytes + " bytes");
  }

  private void removeInputs() throws IOException {
    try (Stream<Path> files = Files.list(work)) {
      for (Path path : files.toList()) {
        if (path.getFileName().toString().startsWith("load-")) {
          Files.delete(path);
        }
      }
    }
  }
}
