package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two databases with the same statements run on both: one whose tables are hybrid and hold loaded
 * rows, one of ordinary H2 tables in which the same rows were inserted. Each statement must have
 * the same outcome: rows, update count or SQLSTATE.
 *
 * <p>Beside SQL there are lines of its own: {@code LOAD table from to} loads rows {@link #row} in
 * row groups of 100, {@code KILL} ends both databases without a checkpoint and opens them again,
 * {@code REOPEN} closes and opens them. A line may begin with the name of a connection and a colon;
 * without one it is {@code a}.
 */
final class HybridTwins implements AutoCloseable {
  static final String TABLE =
      "CREATE TABLE T(ID INT PRIMARY KEY, K INT, S VARCHAR(40), D DATE, P NUMERIC(10, 2), X DOUBLE"
          + " PRECISION, TS TIMESTAMP, B BOOLEAN)";
  private static final String ENGINE = "io.copyload.engine.h2.ColumnarTableEngine";
  private static int count;

  private final String hybridUrl;
  private final String plainUrl;
  private final Map<String, Connection> hybrid = new HashMap<>();
  private final Map<String, Connection> plain = new HashMap<>();

  HybridTwins(Path folder, String settings) throws SQLException {
    String name;
    synchronized (HybridTwins.class) {
      name = "twins" + ++count;
    }
    String base =
        folder == null ? "jdbc:h2:mem:" + name : "jdbc:h2:" + folder.resolve(name).toAbsolutePath();
    hybridUrl = base + "h;DEFAULT_TABLE_ENGINE=" + ENGINE + ";LOCK_TIMEOUT=60" + settings;
    plainUrl = base + "p;LOCK_TIMEOUT=60" + settings;
    connection("a", true);
    connection("a", false);
  }

  Connection connection(String name, boolean isHybrid) throws SQLException {
    Map<String, Connection> map = isHybrid ? hybrid : plain;
    Connection connection = map.get(name);
    if (connection == null) {
      connection =
          isHybrid
              ? DriverManager.getConnection(hybridUrl, "sa", "pw pw")
              : DriverManager.getConnection(plainUrl, "sa", "pw pw");
      map.put(name, connection);
    }
    return connection;
  }

  /** Row {@code i} of every loaded table: a prefix of these values, one per column. */
  static Object[] row(int i, int columns) {
    Object[] all = {
      i,
      i % 10 == 3 ? null : (i * 7919) % 101,
      i % 13 == 0
          ? null
          : "s" + Integer.toString((i * 31) % 977, 36) + (i % 5 == 0 ? "\u00e9" : ""),
      i % 17 == 0 ? null : LocalDate.of(2020, 1, 1).plusDays(i % 400),
      new BigDecimal((i * 37) % 100000).movePointLeft(2),
      i % 11 == 0 ? null : i / 8.0,
      LocalDateTime.of(2021, 3, 4, 5, 6, 7).plusSeconds(i * 1000L),
      i % 3 == 0 ? null : i % 2 == 0,
      i + 1
    };
    Object[] row = new Object[columns];
    System.arraycopy(all, 0, row, 0, columns);
    return row;
  }

  void run(String line) throws SQLException {
    String connection = "a";
    String text = line;
    if (line.length() > 2 && line.charAt(1) == ':' && Character.isLowerCase(line.charAt(0))) {
      connection = line.substring(0, 1);
      text = line.substring(2).trim();
    }
    if (text.equals("KILL") || text.equals("REOPEN")) {
      end(hybrid, text);
      end(plain, text);
      return;
    }
    String h = outcome(text, connection(connection, true), true);
    String p = outcome(text, connection(connection, false), false);
    assertEquals(p, h, line);
  }

  private static void end(Map<String, Connection> connections, String how) throws SQLException {
    Connection any = connections.values().iterator().next();
    try (Statement s = any.createStatement()) {
      s.execute(how.equals("KILL") ? "SHUTDOWN IMMEDIATELY" : "SHUTDOWN");
    } catch (SQLException e) {
      // The connection may be broken after this.
    }
    for (Connection c : connections.values()) {
      try {
        c.close();
      } catch (SQLException e) {
        // As above.
      }
    }
    connections.clear();
  }

  private static String outcome(String text, Connection c, boolean isHybrid) {
    try {
      if (text.startsWith("LOAD ")) {
        String[] parts = text.split(" ");
        return load(c, parts[1], Integer.parseInt(parts[2]), Integer.parseInt(parts[3]), isHybrid);
      }
      return execute(c, text);
    } catch (SQLException e) {
      return "error " + e.getSQLState() + " " + e.getErrorCode();
    }
  }

  private static String load(Connection c, String table, int from, int to, boolean isHybrid)
      throws SQLException {
    int columns;
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT * FROM " + table + " WHERE FALSE")) {
      columns = r.getMetaData().getColumnCount();
    }
    List<Object[]> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(row(i, columns));
    }
    if (isHybrid) {
      SegmentLoader.load(c, table, rows, 100);
      return "loaded";
    }
    boolean autoCommit = c.getAutoCommit();
    c.setAutoCommit(false);
    Savepoint savepoint = c.setSavepoint();
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO "
                + table
                + " VALUES("
                + String.join(", ", Collections.nCopies(columns, "?"))
                + ")")) {
      for (Object[] row : rows) {
        for (int i = 0; i < columns; i++) {
          s.setObject(i + 1, row[i]);
        }
        s.executeUpdate();
      }
    } catch (SQLException e) {
      c.rollback(savepoint);
      throw e;
    } finally {
      if (autoCommit) {
        c.setAutoCommit(true);
      }
    }
    return "loaded";
  }

  private static String execute(Connection c, String sql) throws SQLException {
    switch (sql) {
      case "COMMIT" -> {
        c.commit();
        return "";
      }
      case "ROLLBACK" -> {
        c.rollback();
        return "";
      }
      case "BEGIN" -> {
        c.setAutoCommit(false);
        return "";
      }
      default -> {}
    }
    try (Statement s = c.createStatement()) {
      if (!s.execute(sql)) {
        return "count " + s.getUpdateCount();
      }
      try (ResultSet r = s.getResultSet()) {
        return rows(r, sql.toUpperCase(Locale.ROOT).contains("ORDER BY"));
      }
    }
  }

  private static String rows(ResultSet r, boolean ordered) throws SQLException {
    int n = r.getMetaData().getColumnCount();
    List<String> rows = new ArrayList<>();
    while (r.next()) {
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= n; i++) {
        row.append(r.getString(i)).append('|');
      }
      rows.add(row.toString());
    }
    if (!ordered) {
      Collections.sort(rows);
    }
    return rows.size() + " rows\n" + String.join("\n", rows);
  }

  @Override
  public void close() throws SQLException {
    end(hybrid, "KILL");
    end(plain, "KILL");
  }
}
