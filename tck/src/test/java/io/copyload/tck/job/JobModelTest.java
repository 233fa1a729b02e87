package io.copyload.tck.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
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
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of what may happen to files, jobs and databases, against a model that says in
 * few lines which rows must be there.
 *
 * <p>{@code copyload.job.sequences} says how many, {@code copyload.seed} repeats a run.
 */
class JobModelTest {
  private static final int SEQUENCES = Integer.getInteger("copyload.job.sequences", 4);
  private static final int STEPS = 60;
  private static final int RETRIES = 1;

  @TempDir Path work;

  private Path in;
  private Path database;
  private Connection c;
  private Statement s;
  private Random random;
  private int nextRow;
  private int nextVersion;
  private final List<String> done = new ArrayList<>();

  /** A file as the folder has it. Each time that one is written it has another version. */
  private record Stored(String content, int version) {}

  /** What the ledger knows of a file: the newest row and what of the file is loaded. */
  private static final class Known {
    int version;
    String state;
    String content;
    int attempts;
    final List<String> loaded = new ArrayList<>();
  }

  private final TreeMap<String, Stored> folder = new TreeMap<>();

  /** Of the job; null when there is none. */
  private TreeMap<String, Known> ledger;

  private final List<Integer> rows = new ArrayList<>();
  private boolean loadChanged;
  private boolean appendGrown;
  private boolean loadRenamed;

  @Test
  void randomSequencesDoAsTheModelSays() throws Exception {
    long seed = Long.getLong("copyload.seed", System.nanoTime());
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      random = new Random(seed + sequence);
      begin(sequence);
      try {
        for (int step = 0; step < STEPS; step++) {
          step();
        }
        run();
        check();
      } catch (AssertionError | SQLException e) {
        throw new AssertionError(
            "copyload.seed=" + (seed + sequence) + ": " + e.getMessage() + "\n" + done, e);
      } finally {
        c.close();
      }
    }
  }

  private void begin(int sequence) throws SQLException, IOException {
    in = Files.createDirectories(work.resolve("in" + sequence));
    database = work.resolve("db" + sequence);
    folder.clear();
    rows.clear();
    done.clear();
    ledger = null;
    open();
    s.execute("CREATE TABLE t (id INTEGER)");
    s.execute("CHECKPOINT SYNC");
  }

  private void open() throws SQLException {
    c =
        DriverManager.getConnection(
            System.getProperty("copyload.tck.url", "jdbc:copyload:")
                + "file:"
                + database
                + ";copy_job.strict=false",
            "sa",
            "");
    s = c.createStatement();
  }

  private void step() throws SQLException, IOException {
    String name = "f" + random.nextInt(6) + ".csv";
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> put(name, lines(1 + random.nextInt(3), false));
      case 3 -> put(name, lines(2, true));
      case 4 -> {
        if (folder.containsKey(name)) {
          put(name, folder.get(name).content() + lines(1, false));
        }
      }
      case 5 -> {
        if (folder.containsKey(name)) {
          // The same again.
          put(name, folder.get(name).content());
        }
      }
      case 6 -> {
        if (folder.containsKey(name)) {
          put("g" + random.nextInt(6) + ".csv", folder.get(name).content());
          delete(name);
        }
      }
      case 7 -> delete(name);
      case 8 -> create();
      case 9 -> alter();
      case 10 -> {
        if (random.nextInt(4) == 0) {
          drop();
        }
      }
      case 11 -> crash();
      default -> {
        run();
        check();
      }
    }
  }

  private String lines(int count, boolean bad) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(++nextRow).append('\n');
    }
    return bad ? text + "bad\n" : text.toString();
  }

  private void put(String name, String content) throws IOException {
    done.add("put " + name + " " + content.replace('\n', ' '));
    Path part = work.resolve("part");
    Files.writeString(part, content);
    Files.move(part, in.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    folder.put(name, new Stored(content, ++nextVersion));
  }

  private void delete(String name) throws IOException {
    done.add("delete " + name);
    Files.deleteIfExists(in.resolve(name));
    folder.remove(name);
  }

  private void create() throws SQLException {
    if (ledger != null) {
      return;
    }
    done.add("create");
    s.execute(
        "COPY t FROM '"
            + in
            + "/' CSV JOB CREATE j AUTO OFF WITH (retries "
            + RETRIES
            + ", batch_files "
            + (1 + random.nextInt(4))
            + ")");
    ledger = new TreeMap<>();
    loadChanged = false;
    appendGrown = false;
    loadRenamed = true;
  }

  private void alter() throws SQLException {
    if (ledger == null) {
      return;
    }
    loadChanged = random.nextBoolean();
    appendGrown = random.nextBoolean();
    loadRenamed = random.nextBoolean();
    String options =
        "on_changed "
            + (loadChanged ? "load" : "skip")
            + ", on_grown "
            + (appendGrown ? "append" : "skip")
            + ", on_renamed "
            + (loadRenamed ? "load" : "skip");
    done.add("alter " + options);
    s.execute("COPY JOB ALTER j WITH (" + options + ")");
  }

  private void drop() throws SQLException {
    if (ledger != null) {
      done.add("drop");
      s.execute("COPY JOB DROP j");
      ledger = null;
    }
  }

  private void crash() throws SQLException {
    done.add("crash");
    s.execute("SHUTDOWN IMMEDIATELY");
    open();
  }

  private void run() throws SQLException {
    if (ledger == null) {
      return;
    }
    done.add("run");
    List<Integer> expected = model();
    assertEquals(expected.size(), s.executeUpdate("COPY JOB RUN j"), "rows of a run");
    rows.addAll(expected);
  }

  /** What a run loads. */
  private List<Integer> model() {
    for (Known known : ledger.values()) {
      if (known.state.equals("failed") || known.state.equals("quarantined")) {
        known.state = "waiting";
      }
    }
    folder.forEach(this::find);
    List<Integer> loaded = new ArrayList<>();
    for (String name : List.copyOf(ledger.keySet())) {
      Known known = ledger.get(name);
      if (known.state.equals("waiting")) {
        load(name, known, loaded);
      }
    }
    return loaded;
  }

  private void find(String name, Stored file) {
    Known known = ledger.computeIfAbsent(name, n -> new Known());
    if (known.version == file.version()) {
      return;
    }
    known.version = file.version();
    known.content = file.content();
    known.attempts = 0;
    boolean grown =
        !known.loaded.isEmpty()
            && file.content().length() > known.loaded.get(known.loaded.size() - 1).length();
    boolean asks = known.loaded.isEmpty() || loadChanged || appendGrown && grown;
    // A row that waits or has failed is replaced, whatever the options say now.
    known.state = asks || "waiting".equals(known.state) ? "waiting" : "skipped";
  }

  private void load(String name, Known known, List<Integer> loaded) {
    Stored now = folder.get(name);
    if (now == null) {
      // It failed once, and is gone.
      if (known.loaded.isEmpty()) {
        ledger.remove(name);
      } else {
        // What was loaded of it stays known.
        known.state = "loaded";
        known.version = -1;
      }
      return;
    }
    String content = known.content;
    String wanted = content;
    if (!known.loaded.isEmpty()) {
      String last = known.loaded.get(known.loaded.size() - 1);
      if (known.loaded.contains(content)) {
        known.state = "skipped";
        return;
      }
      boolean grown = content.startsWith(last) && content.length() > last.length();
      if (grown ? !appendGrown : !loadChanged) {
        known.state = "skipped";
        return;
      }
      wanted = grown ? content.substring(last.length()) : content;
    } else if (!loadRenamed && isLoadedElsewhere(name, content)) {
      known.state = "skipped";
      return;
    }
    if (wanted.contains("bad")) {
      known.attempts++;
      known.state = known.attempts > RETRIES ? "quarantined" : "failed";
      return;
    }
    wanted.lines().forEach(line -> loaded.add(Integer.parseInt(line)));
    known.loaded.add(content);
    known.state = "loaded";
  }

  private boolean isLoadedElsewhere(String name, String content) {
    return ledger.entrySet().stream()
        .anyMatch(
            entry -> !entry.getKey().equals(name) && entry.getValue().loaded.contains(content));
  }

  private void check() throws SQLException {
    List<Integer> found = new ArrayList<>();
    try (ResultSet row = s.executeQuery("SELECT id FROM t ORDER BY id")) {
      while (row.next()) {
        found.add(row.getInt(1));
      }
    }
    assertEquals(rows.stream().sorted().toList(), found, "rows of the table");
    if (ledger == null) {
      return;
    }
    for (String name : folder.keySet()) {
      Known known = ledger.get(name);
      try (ResultSet row = s.executeQuery("COPY JOB WHY '" + in.resolve(name) + "'")) {
        row.next();
        String state = row.getString("state");
        assertEquals(
            known == null || known.version != folder.get(name).version() ? state : known.state,
            state,
            name);
      }
    }
  }
}
