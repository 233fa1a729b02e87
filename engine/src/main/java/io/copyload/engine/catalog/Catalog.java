package io.copyload.engine.catalog;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Creates and repairs the catalog of a database. Threads: any, with a connection of their own;
 * statements tolerate that somebody else creates the same at the same time.
 */
public final class Catalog {
  /** Schema of the views, as it is written without quotes. */
  public static final String VIEW_SCHEMA = "copyload";

  /** Schema of the tables. */
  public static final String TABLE_SCHEMA = "copyload_catalog";

  private static final int VERSION = 9;
  private static final String TABLES = TABLE_SCHEMA;
  private static final String ENGINE = " ENGINE \"io.copyload.engine.h2.CatalogTableEngine\"";

  private Catalog() {}

  /**
   * Makes sure that the catalog exists in its present version, and marks loads as aborted whose
   * session is gone. Does nothing in a read-only database.
   *
   * @param connection an {@link InternalConnection}, in auto-commit mode
   */
  public static void ensure(Connection connection, Instant now) throws SQLException {
    boolean readOnly = connection.isReadOnly();
    int version = version(connection);
    if (readOnly) {
      return;
    }
    if (version < VERSION) {
      create(connection);
    }
    abortOrphans(connection, now);
  }

  /** The version that is there; 0 when there is no catalog or only a part of one. */
  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT MAX(version) FROM " + TABLES + ".catalog_version")) {
      return row.next() ? row.getInt(1) : 0;
    } catch (SQLException e) {
      if (isMissing(e)) {
        return 0;
      }
      throw e;
    }
  }

  /** Whether a table or schema was not found. */
  static boolean isMissing(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("42S") || state.equals("90079"));
  }

  /** Makes a table, or brings one of an earlier version to the present one. */
  private static void createOrUpgrade(Statement statement, CatalogTables table)
      throws SQLException {
    String name = TABLES + "." + table.sqlName();
    String next = name + "_next";
    List<String> there = columnsOf(statement, name);
    List<String> made = columnsOf(statement, next);
    if (there.isEmpty() && made.isEmpty()) {
      createTable(statement, table.sqlName(), table.allColumns());
      return;
    }
    if (!there.isEmpty()) {
      if (table.isComplete(there)) {
        return;
      }
      // ALTER TABLE would make a table of another engine. What an upgrade has left that did not
      // end is of no use: the old table still has all rows.
      statement.execute("DROP TABLE IF EXISTS " + next);
      createTable(statement, table.sqlName() + "_next", table.allColumns());
      String columns = String.join(", ", there);
      statement.execute(
          "INSERT INTO " + next + "(" + columns + ") SELECT " + columns + " FROM " + name);
      if (table == CatalogTables.LOADS) {
        try (ResultSet last = statement.executeQuery("SELECT MAX(load_id) FROM " + next)) {
          last.next();
          long first = last.getLong(1) + 1;
          statement.execute("ALTER TABLE " + next + " ALTER COLUMN load_id RESTART WITH " + first);
        }
        statement.execute("DROP INDEX IF EXISTS " + TABLES + ".loads_state");
      }
      statement.execute("DROP TABLE " + name);
    }
    statement.execute("ALTER TABLE " + next + " RENAME TO " + table.sqlName());
  }

  /** Names of the columns; none when there is no such table. */
  private static List<String> columnsOf(Statement statement, String table) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT * FROM " + table + " WHERE FALSE")) {
      ResultSetMetaData meta = row.getMetaData();
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        names.add(meta.getColumnName(i).toLowerCase(Locale.ROOT));
      }
      return names;
    } catch (SQLException e) {
      if (isMissing(e)) {
        return List.of();
      }
      throw e;
    }
  }

  private static synchronized void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // H2 forgets a schema that belongs to a role when the database is opened again: roles come
      // later.
      statement.execute(
          "CREATE USER IF NOT EXISTS copyload_owner SALT '"
              + random(8)
              + "' HASH '"
              + random(32)
              + "'");
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + TABLES + " AUTHORIZATION copyload_owner");
      statement.execute(
          "CREATE SCHEMA IF NOT EXISTS " + VIEW_SCHEMA + " AUTHORIZATION copyload_owner");
      createTable(statement, "catalog_version", "version INTEGER NOT NULL PRIMARY KEY");
      for (CatalogTables table : CatalogTables.values()) {
        createOrUpgrade(statement, table);
      }
      statement.execute(
          "CREATE INDEX IF NOT EXISTS " + TABLES + ".loads_state ON " + TABLES + ".loads(state)");
      statement.execute("DROP INDEX IF EXISTS " + TABLES + ".job_files_size");
      for (String index :
          List.of(
              "UNIQUE INDEX IF NOT EXISTS %s.jobs_name ON %s.jobs(job_name)",
              "INDEX IF NOT EXISTS %s.job_files_name ON %s.job_files(job_id, object_name)",
              "INDEX IF NOT EXISTS %s.job_files_state ON %s.job_files(job_id, status, object_name)",
              "INDEX IF NOT EXISTS %s.job_files_content"
                  + " ON %s.job_files(job_id, object_size, digest)")) {
        statement.execute("CREATE " + index.replace("%s", TABLES));
      }
      for (CatalogViews view : CatalogViews.values()) {
        String name = VIEW_SCHEMA + "." + view.sqlName();
        statement.execute("DROP TABLE IF EXISTS " + name);
        statement.execute(
            "CREATE TABLE IF NOT EXISTS "
                + name
                + "("
                + view.columns()
                + ")"
                + ENGINE
                + " WITH \""
                + view.sqlName()
                + "\"");
      }
      // Only copyload_rejects can be updated. A grant for one view would stand in every script.
      statement.execute("GRANT SELECT, UPDATE ON SCHEMA " + VIEW_SCHEMA + " TO PUBLIC");
      statement.execute(
          "MERGE INTO "
              + TABLES
              + ".catalog_version(version) KEY(version) VALUES ("
              + VERSION
              + ")");
    }
  }

  /** Random bytes in hex: as the hash of a password, one that nobody can find. */
  private static String random(int byteCount) {
    byte[] bytes = new byte[byteCount];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void createTable(Statement statement, String name, String columns)
      throws SQLException {
    statement.execute(
        "CREATE TABLE IF NOT EXISTS " + TABLES + "." + name + "(" + columns + ")" + ENGINE);
  }

  /** A load is in the hands of its session; when that is gone, nobody will finish the load. */
  private static void abortOrphans(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE "
                + TABLES
                + ".loads l SET state = 'aborted', end_time = ?, loaded_rows = 0, sqlstate = '57P01',"
                + " message = 'the process or connection ended before the load did'"
                + " WHERE l.state = 'running' AND l.job_id = 0 AND NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.SESSIONS s"
                + " WHERE s.SESSION_ID = l.session_id"
                + " AND CAST(s.SESSION_START AS TIMESTAMP(6) WITH TIME ZONE) = l.session_start)")) {
      update.setObject(1, LocalDateTime.ofInstant(now, ZoneOffset.UTC));
      update.executeUpdate();
    }
  }
}
