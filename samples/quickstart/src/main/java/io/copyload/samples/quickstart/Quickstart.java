package io.copyload.samples.quickstart;

import io.copyload.jdbc.CopyloadConnection;
import io.copyload.jdbc.LoadStatus;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** First load in five minutes: see README.md beside the data. */
public final class Quickstart {
  private Quickstart() {}

  /**
   * @param args the folder to work in
   */
  public static void main(String[] args) throws Exception {
    Path work = Path.of(args.length > 0 ? args[0] : "target").toAbsolutePath();
    Files.createDirectories(work);
    Path database = work.resolve("quickstart");
    Files.deleteIfExists(work.resolve("quickstart.mv.db"));
    Path lineitem = generateLineItem(work.resolve("lineitem.csv"), 0.1);

    try (Connection connection = DriverManager.getConnection("jdbc:copyload:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE airports (iata VARCHAR(4) PRIMARY KEY, name VARCHAR(60), city VARCHAR(40),"
              + " state CHAR(2), country VARCHAR(60), latitude DOUBLE PRECISION,"
              + " longitude DOUBLE PRECISION)");
      statement.execute(
          "CREATE TABLE lineitem (l_orderkey BIGINT, l_partkey BIGINT, l_suppkey BIGINT,"
              + " l_linenumber INTEGER, l_quantity DECIMAL(15,2), l_extendedprice DECIMAL(15,2),"
              + " l_discount DECIMAL(15,2), l_tax DECIMAL(15,2), l_returnflag CHAR(1),"
              + " l_linestatus CHAR(1), l_shipdate DATE, l_commitdate DATE, l_receiptdate DATE,"
              + " l_shipinstruct VARCHAR(25), l_shipmode VARCHAR(10), l_comment VARCHAR(44))");

      load(connection, "COPY airports FROM 'data/airports.csv' (FORMAT csv, HEADER)");
      load(connection, "COPY lineitem FROM '" + lineitem + "' (FORMAT csv, HEADER)");

      show(
          connection,
          "TPC-H pricing summary (query 1)",
          "SELECT l_returnflag, l_linestatus, SUM(l_quantity) AS sum_qty,"
              + " SUM(l_extendedprice) AS sum_base_price,"
              + " CAST(AVG(l_discount) AS DECIMAL(15,4)) AS avg_disc, COUNT(*) AS count_order"
              + " FROM lineitem WHERE l_shipdate <= DATE '1998-09-02'"
              + " GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus");
      show(
          connection,
          "States with the most airports",
          "SELECT state, COUNT(*) AS airports FROM airports GROUP BY state"
              + " ORDER BY airports DESC, state FETCH FIRST 5 ROWS ONLY");

      statement.execute("CREATE TABLE visited " + columns());
      System.out.println();
      System.out.println("A broken file, strictly:");
      try {
        statement.executeUpdate(
            "COPY visited FROM 'data/airports-broken.csv' (FORMAT csv, HEADER)");
      } catch (SQLException e) {
        System.out.println("  " + e.getSQLState() + " " + e.getMessage().replace("\n", "\n  "));
      }
      System.out.println("... and with room for errors (Redshift's MAXERROR):");
      load(
          connection,
          "COPY visited FROM 'data/airports-broken.csv' CSV IGNOREHEADER 1 MAXERROR 10");

      show(
          connection,
          "Rejects",
          "SELECT query, line_number AS line, TRIM(colname) AS colname, err_code,"
              + " TRIM(raw_field_value) AS field_value, TRIM(err_reason) AS err_reason"
              + " FROM stl_load_errors ORDER BY query, line_number");
      show(
          connection,
          "Load history",
          "SELECT query_id, table_name, status, loaded_rows, source_file_bytes,"
              + " duration / 1000 AS millis FROM sys_load_history ORDER BY query_id");
    }
  }

  private static String columns() {
    return "(iata VARCHAR(4), name VARCHAR(60), city VARCHAR(40), state CHAR(2),"
        + " country VARCHAR(60), latitude DOUBLE PRECISION, longitude DOUBLE PRECISION)";
  }

  /** Runs a COPY while another thread prints how far it is. */
  private static void load(Connection connection, String copy) throws Exception {
    System.out.println();
    System.out.println(copy);
    CopyloadConnection copyload = connection.unwrap(CopyloadConnection.class);
    CountDownLatch done = new CountDownLatch(1);
    long begin = System.nanoTime();
    Thread progress = new Thread(() -> printProgress(copyload, done, begin), "progress");
    progress.start();
    try (Statement statement = connection.createStatement()) {
      long rows = statement.executeLargeUpdate(copy);
      done.countDown();
      progress.join();
      System.out.printf(
          Locale.ROOT, "  %,d rows in %d ms%n", rows, (System.nanoTime() - begin) / 1_000_000);
      for (Throwable w = statement.getWarnings(); w instanceof java.sql.SQLWarning; ) {
        System.out.println("  " + w.getMessage());
        w = ((java.sql.SQLWarning) w).getNextWarning();
      }
    } finally {
      done.countDown();
    }
  }

  private static void printProgress(CopyloadConnection copyload, CountDownLatch done, long begin) {
    try {
      boolean last;
      do {
        last = done.await(100, TimeUnit.MILLISECONDS);
        Optional<LoadStatus> status = copyload.loadStatus();
        if (status.isPresent()) {
          LoadStatus s = status.get();
          double seconds = Math.max(1e-3, s.elapsedNanos() / 1e9);
          System.out.printf(
              Locale.ROOT,
              "\r  %3.0f %%  %,11d rows  %6.0f MB/s",
              s.totalBytes() > 0 ? 100.0 * s.readBytes() / s.totalBytes() : 0,
              s.rows(),
              s.readBytes() / 1e6 / seconds);
        }
      } while (!last);
      System.out.println();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void show(Connection connection, String title, String query) throws SQLException {
    System.out.println();
    System.out.println(title + ":");
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      ResultSetMetaData meta = rows.getMetaData();
      int columnCount = meta.getColumnCount();
      List<String[]> table = new ArrayList<>();
      int[] width = new int[columnCount];
      String[] head = new String[columnCount];
      for (int i = 0; i < columnCount; i++) {
        head[i] = meta.getColumnLabel(i + 1).toLowerCase(Locale.ROOT);
      }
      table.add(head);
      while (rows.next()) {
        String[] row = new String[columnCount];
        for (int i = 0; i < columnCount; i++) {
          String value = rows.getString(i + 1);
          row[i] = value == null ? "" : value;
        }
        table.add(row);
      }
      for (String[] row : table) {
        for (int i = 0; i < columnCount; i++) {
          width[i] = Math.max(width[i], row[i].length());
        }
      }
      for (String[] row : table) {
        StringBuilder line = new StringBuilder(" ");
        for (int i = 0; i < columnCount; i++) {
          line.append(' ')
              .append(row[i])
              .append(" ".repeat(width[i] - row[i].length()))
              .append(' ');
        }
        System.out.println(line.toString().stripTrailing());
      }
    }
  }

  /** Writes TPC-H lineitem as CSV with a header, unless it is there already. */
  private static Path generateLineItem(Path file, double scale) throws IOException {
    if (Files.exists(file)) {
      return file;
    }
    Path pending = file.resolveSibling(file.getFileName() + ".pending");
    try (BufferedWriter out = Files.newBufferedWriter(pending)) {
      out.write(
          "l_orderkey,l_partkey,l_suppkey,l_linenumber,l_quantity,l_extendedprice,l_discount,l_tax,"
              + "l_returnflag,l_linestatus,l_shipdate,l_commitdate,l_receiptdate,l_shipinstruct,"
              + "l_shipmode,l_comment\n");
      for (LineItem item : new LineItemGenerator(scale, 1, 1)) {
        String line = item.toLine();
        String[] fields = line.split("\\|", -1);
        for (int i = 0; i < 16; i++) {
          if (i > 0) {
            out.write(',');
          }
          if (fields[i].indexOf(',') >= 0 || fields[i].indexOf('"') >= 0) {
            out.write('"' + fields[i].replace("\"", "\"\"") + '"');
          } else {
            out.write(fields[i]);
          }
        }
        out.write('\n');
      }
    }
    Files.move(pending, file);
    return file;
  }
}
