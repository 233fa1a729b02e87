package io.copyload.tck.bench;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * One copy by one engine in a process of its own. Prints {@code name=value} lines: the time of the
 * COPY alone, what is in the table or the written file then, and what that cost.
 *
 * <p>Arguments: workload, engine, file, empty folder for the database, threads; then, for {@code
 * load}, the file's format and how often it is loaded, each time into a new database, of which the
 * median is told; for {@code convert} the file to write and its format.
 */
final class BenchChild {
  static final String SUMS =
      "SELECT COUNT(*), SUM(l_quantity), SUM(l_extendedprice), SUM(l_linenumber),"
          + " CAST(MIN(l_shipdate) AS VARCHAR), CAST(MAX(l_receiptdate) AS VARCHAR),"
          + " SUM(CHAR_LENGTH(l_comment)) FROM lineitem";

  private static final String CREATE = "CREATE TABLE lineitem (" + LineitemFile.COLUMNS + ")";
  private static final String OPTIONS = " (FORMAT csv, HEADER true)";

  /** What the formats are called behind COPY's file name. */
  private static final Map<String, String> OURS =
      Map.of("csv", OPTIONS, "parquet", " FORMAT AS PARQUET", "json", " FORMAT AS JSON 'auto'");

  private static final Map<String, String> DUCKDBS =
      Map.of("csv", OPTIONS, "parquet", " (FORMAT parquet)", "json", " (FORMAT json)");

  private final String workload;
  private final String engine;
  private final Path file;
  private final Path folder;
  private final int threads;
  private final String format;
  private final int repeats;
  private final Path target;

  /** Times of the loads before the last one. */
  private List<Long> earlier = List.of();

  private BenchChild(String[] args) {
    workload = args[0];
    engine = args[1];
    file = Path.of(args[2]);
    folder = Path.of(args[3]);
    threads = Integer.parseInt(args[4]);
    boolean converts = workload.equals("convert");
    format = args.length > 5 ? args[converts ? 6 : 5] : "csv";
    repeats = args.length > 6 && !converts ? Integer.parseInt(args[6]) : 1;
    target = converts ? Path.of(args[5]) : null;
  }

  public static void main(String[] args) throws Exception {
    new BenchChild(args).run();
  }

  private void run() throws Exception {
    List<Long> times = new ArrayList<>();
    for (int i = 1; i < repeats; i++) {
      try (Connection connection = open("db" + i);
          Statement statement = connection.createStatement()) {
        prepare(statement);
        long begin = System.nanoTime();
        statement.execute(loadStatement());
        times.add((System.nanoTime() - begin) / 1_000_000);
      }
      // Neither engine shall wait for what the one before it left to be written.
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    earlier = times;
    if (engine.equals("questdb")) {
      QuestDbLoad.run(file, folder, threads);
    } else {
      try (Connection connection = open("db");
          Statement statement = connection.createStatement()) {
        prepare(statement);
        switch (workload) {
          case "load" -> load(statement);
          case "copyin" -> copyIn(connection, statement);
          case "copyto" -> copyTo(statement);
          case "convert" -> {
            statement.execute("COPY lineitem FROM '" + file + "'" + OPTIONS);
            statement.execute("COPY lineitem TO '" + target + "'" + DUCKDBS.get(format));
          }
          default -> throw new IllegalArgumentException(workload);
        }
      }
    }
    System.out.println("disk_bytes=" + diskBytes(folder));
    System.out.println("peak_rss_kb=" + peakRss());
  }

  private void prepare(Statement statement) throws SQLException {
    if (engine.startsWith("duckdb")) {
      statement.execute("SET threads=" + threads);
    }
    if (engine.equals("postgresql")) {
      statement.execute("DROP TABLE IF EXISTS lineitem");
    }
    statement.execute(CREATE);
  }

  private Connection open(String name) throws SQLException {
    return switch (engine) {
      case "copyload" ->
          DriverManager.getConnection(
              "jdbc:copyload:file:" + folder.resolve(name) + ";threads=" + threads, "sa", "");
      case "duckdb-1", "duckdb-2" ->
          DriverManager.getConnection("jdbc:duckdb:" + folder.resolve(name));
      case "h2-csvread" ->
          DriverManager.getConnection("jdbc:h2:file:" + folder.resolve(name), "sa", "");
      case "postgresql" -> DriverManager.getConnection(System.getProperty("bench.postgresql"));
      default -> throw new IllegalArgumentException(engine);
    };
  }

  private String loadStatement() {
    return engine.equals("h2-csvread")
        ? "INSERT INTO lineitem SELECT * FROM CSVREAD('"
            + file
            + "', NULL, 'preserveWhitespace=true')"
        : "COPY lineitem FROM '"
            + file
            + "'"
            + (engine.startsWith("duckdb") ? DUCKDBS : OURS).get(format);
  }

  private void load(Statement statement) throws SQLException {
    Clock clock = new Clock();
    statement.execute(loadStatement());
    clock.say(earlier);
    saySums(statement);
  }

  /** The client sends the file; PostgreSQL's server gets it over loopback. */
  private void copyIn(Connection connection, Statement statement) throws Exception {
    CopyManager manager = connection.unwrap(PGConnection.class).getCopyAPI();
    try (InputStream in = Files.newInputStream(file)) {
      Clock clock = new Clock();
      manager.copyIn("COPY lineitem FROM STDIN" + OPTIONS, in);
      clock.say();
    }
    saySums(statement);
  }

  /** The table is loaded before, without being timed. What is written must have the same bytes. */
  private void copyTo(Statement statement) throws Exception {
    statement.execute(loadStatement());
    Path out = outputFolder().resolve("out.csv");
    Clock clock = new Clock();
    statement.execute("COPY lineitem TO '" + out + "'" + OPTIONS);
    clock.say();
    System.out.println("table_bytes=" + Files.size(out));
    System.out.println("sums=" + digest(out));
    Files.delete(out);
    if (engine.equals("postgresql")) {
      Files.delete(out.getParent());
    }
  }

  /** PostgreSQL's server is another user. */
  private Path outputFolder() throws IOException {
    if (!engine.equals("postgresql")) {
      return folder;
    }
    Path shared = Files.createTempDirectory(folder.getParent(), "bench-out-");
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    return shared;
  }

  /**
   * Lines and the sum of their hashes, without quotes, which engines need not set alike, and for
   * any order: PostgreSQL puts short rows into gaps of earlier pages.
   */
  private static String digest(Path file) throws IOException {
    long sum = 0;
    long lines = 0;
    long hash = 0;
    byte[] block = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(block); count > 0; count = in.read(block)) {
        for (int i = 0; i < count; i++) {
          if (block[i] == '\n') {
            sum += hash ^ hash >>> 29;
            lines++;
            hash = 0;
          } else if (block[i] != '"') {
            hash = (hash + block[i]) * 0x9E3779B97F4A7C15L;
          }
        }
      }
    }
    return lines + " " + Long.toHexString(sum);
  }

  /** Time that passes, and processor time that this process takes, with all its threads. */
  private static final class Clock {
    private final long begin = System.nanoTime();
    private final long cpuBegin = cpuNanos();

    void say() {
      say(List.of());
    }

    /** Says the median of the time since this was made and of earlier ones. */
    void say(List<Long> earlier) {
      List<Long> times = new ArrayList<>(earlier);
      times.add((System.nanoTime() - begin) / 1_000_000);
      System.out.println("first_millis=" + times.get(0));
      times.sort(null);
      System.out.println("copy_millis=" + times.get(times.size() / 2));
      System.out.println("cpu_millis=" + (cpuNanos() - cpuBegin) / 1_000_000);
    }

    private static long cpuNanos() {
      return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }
  }

  private void saySums(Statement statement) throws SQLException {
    String sums = engine.startsWith("duckdb") ? SUMS.replace("CHAR_LENGTH", "LENGTH") : SUMS;
    try (ResultSet result = statement.executeQuery(sums)) {
      result.next();
      System.out.println("sums=" + row(result));
    }
    if (engine.equals("postgresql")) {
      try (ResultSet result = statement.executeQuery("SELECT pg_total_relation_size('lineitem')")) {
        result.next();
        System.out.println("table_bytes=" + result.getLong(1));
      }
    }
  }

  static String row(ResultSet result) throws SQLException {
    StringBuilder row = new StringBuilder();
    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
      String text = result.getString(i);
      try {
        text = new BigDecimal(text).stripTrailingZeros().toPlainString();
      } catch (NumberFormatException e) {
        text = text.substring(0, 10);
      }
      row.append(i == 1 ? "" : " ").append(text);
    }
    return row.toString();
  }

  private static long diskBytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum();
    }
  }

  /** The most memory this process ever held, as Linux counts it; -1 elsewhere. */
  private static long peakRss() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return -1;
    }
    for (String line : Files.readAllLines(status, StandardCharsets.US_ASCII)) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return -1;
  }
}
