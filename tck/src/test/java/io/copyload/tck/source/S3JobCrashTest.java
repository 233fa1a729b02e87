package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a JVM whose job loads objects while they arrive in an S3 bucket, and opens its database
 * again: of every object all rows are there or none, the ledger says the same, and in the end every
 * object's rows are there exactly once.
 *
 * <p>{@code copyload.crash.kills} bounds the kills ({@code copyload.job.kills} says them exactly),
 * {@code copyload.seed} repeats a run.
 */
class S3JobCrashTest {
  private static final int KILLS =
      Integer.getInteger(
          "copyload.job.kills", Integer.getInteger("copyload.crash.kills", 15) > 15 ? 200 : 5);

  private static final int FILES = Math.max(60, 5 * KILLS);
  private static final int MOST_ROWS = 3000;
  private static final String KEYS = S3Server.KEYS;

  @TempDir Path work;

  private String url;
  private S3Server server;

  /** The process that gets killed: runs the job for ever, by hand and by its schedule. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws SQLException {
      try (Connection connection = DriverManager.getConnection(args[0], "sa", "");
          Statement statement = connection.createStatement()) {
        System.out.println("up");
        System.out.flush();
        while (true) {
          try {
            statement.execute("COPY JOB RUN j");
          } catch (SQLException e) {
            // Its schedule has the job, or this machine was too slow for a lock or an answer.
            if (!List.of("55006", "58030", "HYT00").contains(e.getSQLState())) {
              System.out.println(e);
              throw e;
            }
          }
        }
      }
    }
  }

  /** An object: how many rows it has, or that its last line is bad. */
  private record Input(String name, int rows, boolean bad) {}

  private void begin() throws Exception {
    server = new S3Server(Files.createDirectories(work.resolve("buckets")));
    url =
        System.getProperty("copyload.tck.url", "jdbc:copyload:")
            + "file:"
            + work.resolve("db")
            + ";secrets_key=k;copy_job.strict=false;copy_job.poll_seconds=1;s3_region=us-east-1;s3_endpoint="
            + server.endpoint();
    server.put("lake", "other/x.csv", "nobody's");
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (f VARCHAR, id INTEGER, v VARCHAR)");
      statement.execute(
          "COPY t FROM 's3://lake/in/'"
              + KEYS
              + " CSV JOB CREATE j AUTO ON WITH (batch_files 5, retries 1000)");
    }
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(url, "sa", "");
  }

  private void put(Input input, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < input.rows(); i++) {
      text.append(input.name()).append(',').append(i).append(',');
      text.append(Long.toString(random.nextLong(), 36)).append('\n');
    }
    if (input.bad()) {
      text.append(input.name()).append(",x,bad\n");
    }
    server.put("lake", "in/" + input.name(), text.toString());
  }

  private static List<Input> inputs(Random random) {
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      // Names in no order of time.
      inputs.add(
          new Input(
              Integer.toHexString(i * 0x9e3779b9) + ".csv",
              1 + random.nextInt(MOST_ROWS),
              i % 10 == 3));
    }
    Collections.shuffle(inputs, random);
    return inputs;
  }

  @Test
  void everyObjectIsLoadedOnceHoweverOftenTheProcessIsKilled() throws Exception {
    long seed = Long.getLong("copyload.seed", System.nanoTime());
    Random random = new Random(seed);
    begin();
    try {
      List<Input> inputs = inputs(random);
      int stored = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        int end = kill == KILLS - 1 ? FILES : FILES * (kill + 1) / KILLS;
        List<Input> arriving = inputs.subList(stored, end);
        Random contents = new Random(random.nextLong());
        Process child = start(List.of());
        awaitUp(child);
        CompletableFuture<Void> writer =
            CompletableFuture.runAsync(() -> arriving.forEach(input -> put(input, contents)));
        // The child runs on while we wait: it ends by our kill alone.
        assertTrue(
            !child.waitFor(random.nextInt(1200), TimeUnit.MILLISECONDS), () -> said().toString());
        child.destroyForcibly();
        child.waitFor();
        writer.get(600, TimeUnit.SECONDS);
        stored = end;
        check(inputs, false);
      }
      check(inputs, true);
    } catch (AssertionError | SQLException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    } finally {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ledger-written", "after-commit"})
  void rowsAndLedgerAgreeAfterAKillAt(String point) throws Exception {
    begin();
    try {
      Random random = new Random(7);
      List<Input> inputs = inputs(random).subList(0, 7);
      inputs.forEach(input -> put(input, random));
      Process child = start(List.of("-Dcopyload.crash=" + point));
      assertTrue(child.waitFor(600, TimeUnit.SECONDS));
      assertEquals(86, child.exitValue(), () -> "not reached; " + said());
      check(inputs, true);
    } finally {
      server.close();
    }
  }

  private Process start(List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("copyload.tck.classpath", System.getProperty("java.class.path")));
    command.add(Child.class.getName());
    command.add(url);
    Path said = work.resolve("said.txt");
    Files.deleteIfExists(said);
    Files.createFile(said);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }

  private List<String> said() {
    try {
      return Files.readAllLines(work.resolve("said.txt"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of(e.toString());
    }
  }

  private void awaitUp(Process child) throws InterruptedException {
    while (!said().contains("up")) {
      assertTrue(!child.waitFor(10, TimeUnit.MILLISECONDS), () -> said().toString());
    }
  }

  /**
   * @param all whether to run the job until nothing is left
   */
  private void check(List<Input> inputs, boolean all) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      if (all) {
        statement.execute("COPY JOB ALTER j AUTO OFF");
        statement.execute("SET LOCK_TIMEOUT 600000");
        statement.execute("COPY JOB RUN j");
      }
      // The schedule runs meanwhile: what the ledger says before must be there, and what is there
      // it must say afterwards.
      Map<String, Long> before = loaded(statement);
      Map<String, long[]> found = new TreeMap<>();
      try (ResultSet row =
          statement.executeQuery(
              "SELECT f, COUNT(*), COUNT(DISTINCT id), SUM(id) FROM t GROUP BY f")) {
        while (row.next()) {
          found.put(row.getString(1), new long[] {row.getLong(2), row.getLong(3), row.getLong(4)});
        }
      }
      Map<String, Long> after = loaded(statement);
      for (Input input : inputs) {
        String name = input.name();
        long[] rows = found.get(name);
        assertTrue(!before.containsKey(name) || rows != null, name + " is lost");
        assertTrue(rows == null || after.containsKey(name), name + " is not in the ledger");
        if (rows != null) {
          long n = input.rows();
          assertTrue(!input.bad(), name + " is bad");
          assertEquals(n, rows[0], "rows of " + name);
          assertEquals(n, rows[1], "different rows of " + name);
          assertEquals(n * (n - 1) / 2, rows[2], "sum of " + name);
          assertEquals(n, after.get(name), "the ledger's rows of " + name);
        } else if (all) {
          assertTrue(input.bad(), name + " is forgotten");
        }
      }
      if (all) {
        assertEquals(inputs.stream().filter(input -> !input.bad()).count(), found.size());
        try (ResultSet row =
            statement.executeQuery(
                "SELECT COUNT(*) FROM sys_load_history WHERE status = 'running'")) {
          row.next();
          assertEquals(0, row.getInt(1), "loads left running");
        }
      }
    }
  }

  private static Map<String, Long> loaded(Statement statement) throws SQLException {
    Map<String, Long> loaded = new TreeMap<>();
    try (ResultSet row =
        statement.executeQuery(
            "SELECT object_name, loaded_rows FROM copyload_job_files WHERE state = 'loaded'")) {
      while (row.next()) {
        String name = row.getString(1);
        loaded.put(name.substring(name.lastIndexOf('/') + 1), row.getLong(2));
      }
    }
    return loaded;
  }
}
