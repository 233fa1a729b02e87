package io.copyload.tck.damage;

import com.sun.management.UnixOperatingSystemMXBean;
import io.copyload.tck.TckDatabase;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;

/**
 * Loads damaged files, each of which must give rows or a clean error, soon. Mutant n of a seed is
 * the same on every machine; the message of a failure has both and keeps the file.
 */
final class Mutants {
  /** Loads of one damaged seed in one database. */
  private static final int BATCH = 50;

  /** Beats of 100 ms, so that a process that is stopped for a while is not thought to hang. */
  private static final int BEATS = 600;

  /** The JVM itself may have opened something meanwhile. */
  private static final int FEW_FILES = 8;

  /** A good file with the table that it goes into. */
  record Seed(
      String name, List<String> setup, String copy, boolean takesMaxError, List<Part> parts) {}

  /** A file of a seed: its ending, its bytes and what damages it. */
  record Part(String ending, byte[] bytes, Damager damager) {}

  interface Damager {
    byte[] damage(byte[] good, Random random);
  }

  private final String format;
  private final List<Seed> seeds;
  private final Path folder;
  private final long seed = Long.getLong("copyload.seed", 20261125L);
  private final List<String> findings = new ArrayList<>();

  /** Findings without numbers and paths, of which one example is enough. */
  private final Set<String> kinds = new HashSet<>();

  private long loaded;
  private long refused;

  Mutants(String format, List<Seed> seeds, Path folder) {
    this.format = format;
    this.seeds = seeds;
    this.folder = folder;
  }

  /** Runs mutants and fails with the first ones that are not clean. */
  void run(long usual) throws Exception {
    long first = Long.getLong("copyload.mutants.first", 0);
    long end = first + Long.getLong("copyload.mutants", usual);
    long begin = System.nanoTime();
    long open = -1;
    for (long number = first; number < end && findings.size() < 20; ) {
      long last = Math.min(end, (number / BATCH + 1) * BATCH);
      batch(number, last);
      number = last;
      // Behind the first batch all classes are loaded.
      open = open < 0 ? openFiles() : open;
    }
    checkNothingLeft(open);
    System.out.printf(
        "%s: %d mutants, %d loaded, %d refused, %d s%n",
        format, end - first, loaded, refused, (System.nanoTime() - begin) / 1_000_000_000);
    if (!findings.isEmpty()) {
      throw new AssertionError(String.join("\n", findings));
    }
  }

  /** Files that this process has open; 0 where the platform does not say. */
  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  /** Loads that fail leave neither threads nor open files. */
  private void checkNothingLeft(long open) throws InterruptedException {
    List<String> threads = List.of();
    for (int beat = 0; beat < BEATS; beat++) {
      threads =
          Thread.getAllStackTraces().keySet().stream()
              .map(Thread::getName)
              .filter(name -> name.contains("-slice-"))
              .toList();
      if (threads.isEmpty() && openFiles() <= open + FEW_FILES) {
        return;
      }
      Thread.sleep(100);
    }
    findings.add(
        format + " loads left threads " + threads + " and " + (openFiles() - open) + " open files");
  }

  private void batch(long first, long end) throws SQLException, IOException, InterruptedException {
    Random shape = new Random(seed ^ first / BATCH * 0x9e3779b97f4a7c15L);
    Seed from = seeds.get(shape.nextInt(seeds.size()));
    Properties properties = new Properties();
    properties.setProperty("dialect", "redshift");
    properties.setProperty("threads", Integer.toString(1 + shape.nextInt(3)));
    if (shape.nextInt(3) == 0) {
      properties.setProperty("memory", "1MB");
    }
    try (TckDatabase database = TckDatabase.inMemory("", properties);
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      try (Connection plain = java.sql.DriverManager.getConnection(database.url(), "sa", "");
          Statement setup = plain.createStatement()) {
        for (String sql : from.setup) {
          setup.execute(sql);
        }
      }
      for (long number = first; number < end; number++) {
        mutant(from, number, connection, statement);
      }
    }
  }

  private void mutant(Seed from, long number, Connection connection, Statement statement)
      throws SQLException, IOException, InterruptedException {
    Random random = new Random((seed + number) * 0x9e3779b97f4a7c15L);
    int hit = random.nextInt(from.parts.size());
    Path main = null;
    for (int i = 0; i < from.parts.size(); i++) {
      Part part = from.parts.get(i);
      Path file = folder.resolve("mutant." + part.ending);
      boolean damaged = i == hit || random.nextInt(4) == 0;
      Files.write(file, damaged ? part.damager.damage(part.bytes, random) : part.bytes);
      main = main == null ? file : main;
    }
    String where = format + " mutant " + number + " of " + from.name + ", seed " + seed;
    String copy =
        from.copy
            .replace("${URI}", "'file:" + main + "'")
            .replace("${AUTH}", "")
            .replace("${FOLDER}", folder.toString());
    if (from.takesMaxError && random.nextInt(4) == 0) {
      copy += " MAXERROR 5";
    }
    Throwable[] outcome = {null};
    String sql = copy;
    Thread load =
        new Thread(
            () -> {
              try {
                statement.executeLargeUpdate(sql);
              } catch (Throwable e) {
                outcome[0] = e;
              }
            });
    load.start();
    for (int beat = 0; beat < BEATS && load.isAlive(); beat++) {
      load.join(100);
    }
    if (load.isAlive()) {
      StringBuilder stacks = new StringBuilder();
      Thread.getAllStackTraces()
          .forEach(
              (thread, stack) -> {
                if (thread.isAlive() && List.of(stack).toString().contains("io.copyload.engine")) {
                  stacks.append(thread.getName()).append(' ').append(List.of(stack)).append('\n');
                }
              });
      statement.cancel();
      load.join(20_000);
      found(from, number, where + " hangs: " + sql + "\n" + stacks);
      statement.execute("TRUNCATE TABLE t");
      return;
    }
    String wrong = outcome[0] == null ? null : wrong(outcome[0]);
    if (wrong == null && outcome[0] == null) {
      loaded++;
    } else {
      refused++;
      try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
        rows.next();
        if (rows.getLong(1) != 0) {
          wrong = "rows of a failed load";
        }
      }
    }
    if (wrong == null && outcome[0] == null && random.nextInt(8) == 0) {
      wrong = unreadable(statement);
    }
    if (wrong != null) {
      found(from, number, where + ": " + wrong + ": " + outcome[0] + "\n  " + sql);
    }
    if (outcome[0] == null) {
      statement.execute("TRUNCATE TABLE t");
    }
  }

  /** What is wrong with an error; null when it is clean. */
  private static String wrong(Throwable outcome) {
    if (!(outcome instanceof SQLException e)) {
      return "no SQLException";
    }
    String state = e.getSQLState();
    String message = e.getMessage();
    boolean ofData = e instanceof SQLDataException && message.contains("stl_load_errors");
    if (state == null || state.startsWith("50") || state.startsWith("XX") && !ofData) {
      Throwable root = e;
      while (root.getCause() != null && root.getCause() != root) {
        root = root.getCause();
      }
      return "internal error " + state + " of " + root + " at " + stack(root);
    }
    if (message.contains("Exception")
        || message.contains("OutOfMemory")
        || message.contains("StackOverflow")
        || message.contains("java.")
        || message.contains("io.copyload")
        || message.contains("org.apache")
        || message.contains("Index ")
        || message.contains("null: ")
        || message.endsWith(": null")) {
      return "a message for programmers, of " + e.getCause() + " at " + stack(e);
    }
    if (e instanceof SQLTimeoutException || e instanceof SQLTransientException) {
      return "not what happened";
    }
    return state.startsWith("22") && !(e instanceof SQLDataException)
        ? "not the class for its state " + state
        : null;
  }

  private static String stack(Throwable e) {
    StackTraceElement[] all = e.getStackTrace();
    return List.of(all).subList(0, Math.min(8, all.length)).toString();
  }

  /** Whether what was loaded cannot be read; null when it can. */
  private static String unreadable(Statement statement) {
    try (ResultSet rows = statement.executeQuery("SELECT * FROM t LIMIT 5000")) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          rows.getString(i);
        }
      }
      return null;
    } catch (SQLException | RuntimeException e) {
      return "what was loaded cannot be read: " + e;
    }
  }

  private void found(Seed from, long number, String what) throws IOException {
    Path kept = Path.of(System.getProperty("java.io.tmpdir"), "copyload-mutants");
    Files.createDirectories(kept);
    for (Part part : from.parts) {
      Files.copy(
          folder.resolve("mutant." + part.ending),
          kept.resolve(format + "-" + number + "." + part.ending),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    if (kinds.add(what.replaceAll("/[^ \"]*|[0-9]+", "").replaceFirst(".*? seed ", ""))) {
      System.out.println("FINDING " + what);
      findings.add(what);
    }
  }
}
