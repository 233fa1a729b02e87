package io.copyload.tck.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/**
 * One load by one engine in a process of its own. Prints {@code name=value} lines: the time of the
 * load statement alone, what is in the table then, and what that cost.
 *
 * <p>Arguments: engine, CSV file, empty folder for the database, threads.
 */
final class BenchChild {
  static final String SUMS =
      "SELECT COUNT(*), SUM(l_quantity), SUM(l_extendedprice), SUM(l_linenumber),"
          + " CAST(MIN(l_shipdate) AS VARCHAR), CAST(MAX(l_receiptdate) AS VARCHAR),"
          + " SUM(CHAR_LENGTH(l_comment)) FROM lineitem";

  private BenchChild() {}

  public static void main(String[] args) throws Exception {
    String engine = args[0];
    Path csv = Path.of(args[1]);
    Path folder = Path.of(args[2]);
    int threads = Integer.parseInt(args[3]);
    switch (engine) {
      case "copyload" ->
          sql(
              "jdbc:copyload:file:" + folder.resolve("db") + ";threads=" + threads,
              List.of(),
              "CREATE TABLE lineitem (" + LineitemFile.COLUMNS + ")",
              "COPY lineitem FROM '" + csv + "' (FORMAT csv, HEADER true)",
              SUMS);
      case "duckdb-1", "duckdb-2" ->
          sql(
              "jdbc:duckdb:" + folder.resolve("db"),
              List.of("SET threads=" + threads),
              "CREATE TABLE lineitem (" + LineitemFile.COLUMNS + ")",
              "COPY lineitem FROM '" + csv + "' (FORMAT csv, HEADER true)",
              SUMS.replace("CHAR_LENGTH", "LENGTH"));
      case "h2-csvread" ->
          sql(
              "jdbc:h2:file:" + folder.resolve("db"),
              List.of(),
              "CREATE TABLE lineitem (" + LineitemFile.COLUMNS + ")",
              "INSERT INTO lineitem SELECT * FROM CSVREAD('"
                  + csv
                  + "', NULL, 'preserveWhitespace=true')",
              SUMS);
      case "postgresql" ->
          sql(
              System.getProperty("bench.postgresql"),
              List.of("DROP TABLE IF EXISTS lineitem"),
              "CREATE TABLE lineitem (" + LineitemFile.COLUMNS + ")",
              "COPY lineitem FROM '" + csv + "' (FORMAT csv, HEADER true)",
              SUMS);
      case "questdb" -> QuestDbLoad.run(csv, folder, threads);
      default -> throw new IllegalArgumentException(engine);
    }
    System.out.println("disk_bytes=" + diskBytes(folder));
    System.out.println("peak_rss_kb=" + peakRss());
  }

  private static void sql(
      String url, List<String> settings, String create, String load, String sums)
      throws SQLException {
    try (Connection connection = open(url);
        Statement statement = connection.createStatement()) {
      for (String setting : settings) {
        statement.execute(setting);
      }
      statement.execute(create);
      long begin = System.nanoTime();
      statement.execute(load);
      System.out.println("load_millis=" + (System.nanoTime() - begin) / 1_000_000);
      try (ResultSet result = statement.executeQuery(sums)) {
        result.next();
        System.out.println("sums=" + row(result));
      }
      if (url.startsWith("jdbc:postgresql:")) {
        try (ResultSet result =
            statement.executeQuery("SELECT pg_total_relation_size('lineitem')")) {
          result.next();
          System.out.println("table_bytes=" + result.getLong(1));
        }
      }
    }
  }

  private static Connection open(String url) throws SQLException {
    return url.startsWith("jdbc:duckdb:") || url.startsWith("jdbc:postgresql:")
        ? DriverManager.getConnection(url)
        : DriverManager.getConnection(url, "sa", "");
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
