package io.copyload.engine.catalog;

import io.copyload.engine.load.LoadOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes the history of loads. Each call is a transaction of its own on a connection of its own, so
 * a load stays visible whatever becomes of the transaction it ran in.
 *
 * <p>Threads: any. Failures: {@link SQLException}; nothing is half written.
 */
public final class LoadHistory {
  private static final int MAX_TEXT_CHARS = 4096;

  /** Old loads leave the history at every n-th load, or when one of them is older by an hour. */
  private static final long RETENTION_STRIDE = 32;

  private final InternalConnection connections;
  private final int retentionDays;
  private final InstantSource clock;

  /**
   * @param retentionDays age at which loads leave the history; 0 keeps them for ever
   */
  public LoadHistory(InternalConnection connections, int retentionDays, InstantSource clock) {
    this.connections = connections;
    this.retentionDays = retentionDays;
    this.clock = clock;
  }

  private interface Step<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Notes a load as running and returns its id. */
  public long begin(LoadStart start) throws SQLException {
    boolean[] late = new boolean[1];
    long id =
        transact(
            connection -> {
              late[0] = retentionDays > 0 && hasLate(connection);
              return insert(connection, start);
            });
    if (late[0] || retentionDays > 0 && id % RETENTION_STRIDE == 0) {
      try {
        transact(
            connection -> {
              removeOld(connection);
              return null;
            });
      } catch (SQLException e) {
        if (!isLocked(e)) {
          throw e;
        }
        // Somebody repairs rejects of an old load: there will be another time.
      }
    }
    return id;
  }

  private static boolean isLocked(SQLException e) {
    return e.getSQLState() != null
        && (e.getSQLState().equals("HYT00") || e.getSQLState().startsWith("40"));
  }

  /** Notes how the load ended, with its objects and rejects. */
  public void finish(long id, LoadEnd end) throws SQLException {
    transact(
        connection -> {
          update(connection, id, end);
          insertObjects(connection, id, end.objects(), end.logged().count());
          RejectRows.insert(connection, id, end);
          return null;
        });
  }

  /**
   * Adds objects to a load that is running.
   *
   * @param first number of the first of them, counted from 0
   */
  public void addObjects(long id, List<LoadOutcome.ObjectOutcome> objects, int first)
      throws SQLException {
    transact(
        connection -> {
          insertObjects(connection, id, objects, first);
          return null;
        });
  }

  /** Notes what COMPUPDATE has chosen for the columns of a running load's table, in their order. */
  public void addAnalysis(long id, List<AnalyzedColumn> columns) throws SQLException {
    transact(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO copyload_catalog.load_analyses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            Object now = timestamp(clock.instant());
            int ordinal = 0;
            for (AnalyzedColumn column : columns) {
              insert.setLong(1, id);
              insert.setInt(2, ordinal++);
              insert.setObject(3, now);
              insert.setString(4, column.tableName());
              insert.setString(5, column.oldEncoding());
              insert.setString(6, column.newEncoding());
              insert.setString(7, column.mode());
              insert.setString(8, column.smallest());
              insert.setObject(9, column.newBytes());
              insert.setObject(10, column.smallestBytes());
              insert.addBatch();
            }
            insert.executeBatch();
          }
          return null;
        });
  }

  /** Notes what SIMPLIFY has done in a running load. */
  public void addSimplifications(long id, List<SimplifiedGeometry> geometries) throws SQLException {
    if (geometries.isEmpty()) {
      return;
    }
    transact(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO copyload_catalog.load_simplifications"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            int ordinal = 0;
            for (SimplifiedGeometry geometry : geometries) {
              insert.setLong(1, id);
              insert.setInt(2, ordinal++);
              insert.setString(3, geometry.objectName());
              insert.setObject(4, geometry.lineNumber());
              insert.setDouble(5, geometry.maximumTolerance());
              insert.setLong(6, geometry.initialBytes());
              insert.setBoolean(7, geometry.simplified());
              insert.setLong(8, geometry.finalBytes());
              insert.setDouble(9, geometry.finalTolerance());
              insert.addBatch();
            }
            insert.executeBatch();
          }
          return null;
        });
  }

  private <T> T transact(Step<T> step) throws SQLException {
    try (Connection connection = connections.open()) {
      try {
        return commit(connection, step);
      } catch (SQLException e) {
        if (!Catalog.isMissing(e)) {
          throw e;
        }
        // DROP ALL OBJECTS takes the catalog away too.
        connection.setAutoCommit(true);
        Catalog.ensure(connection, clock.instant());
        return commit(connection, step);
      }
    }
  }

  private static <T> T commit(Connection connection, Step<T> step) throws SQLException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      T result = step.run(connection);
      connection.commit();
      done = true;
      return result;
    } finally {
      if (!done) {
        connection.rollback();
      }
    }
  }

  private long insert(Connection connection, LoadStart start) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO copyload_catalog.loads(state, user_id, user_name, session_id, session_start,"
                + " transaction_id, database_name, table_id, schema_name, table_name, data_source,"
                + " file_format, start_time, file_count, source_bytes, statement_text, dialect,"
                + " job_id, loaded_rows, rejected_rows)"
                + " VALUES ('running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
            Statement.RETURN_GENERATED_KEYS)) {
      insert.setInt(1, start.userId());
      insert.setString(2, start.userName());
      insert.setInt(3, start.sessionId());
      insert.setObject(4, start.sessionStart());
      insert.setLong(5, start.transactionId());
      insert.setString(6, start.databaseName());
      insert.setInt(7, start.tableId());
      insert.setString(8, start.schemaName());
      insert.setString(9, start.tableName());
      insert.setString(10, cut(start.dataSource()));
      insert.setString(11, start.fileFormat());
      insert.setObject(12, timestamp(clock.instant()));
      insert.setInt(13, start.fileCount());
      insert.setLong(14, start.sourceBytes());
      insert.setString(15, start.statement());
      insert.setString(16, start.dialect());
      insert.setLong(17, start.jobId());
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return keys.getLong("LOAD_ID");
      }
    }
  }

  private void update(Connection connection, long id, LoadEnd end) throws SQLException {
    long storedBytes = end.logged().storedBytes();
    long decodedBytes = end.logged().decodedBytes();
    int fileCount = end.logged().count() + end.objects().size();
    for (LoadOutcome.ObjectOutcome object : end.objects()) {
      storedBytes += object.storedBytes();
      decodedBytes += object.decodedBytes();
    }
    Instant now = clock.instant();
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.loads SET state = ?, end_time = ?, duration_micros ="
                + " DATEDIFF(MICROSECOND, start_time, ?), loaded_rows = ?, rejected_rows = ?,"
                + " stored_bytes = ?, decoded_bytes = ?, scanned_file_count = ?,"
                + " file_count = CASE WHEN file_count < 0 THEN ? ELSE file_count END, source_bytes = CASE"
                + " WHEN source_bytes < 0 AND ? THEN ? ELSE source_bytes END, replaced_rows = ?,"
                + " sqlstate = ?, message = ? WHERE load_id = ?")) {
      update.setString(1, end.completed() ? "completed" : "aborted");
      update.setObject(2, timestamp(now));
      update.setObject(3, timestamp(now));
      update.setLong(4, end.loadedRows());
      update.setLong(5, end.rejectedRows());
      update.setLong(6, storedBytes);
      update.setLong(7, decodedBytes);
      update.setInt(8, fileCount);
      // What was not known before the last object was listed.
      update.setInt(9, fileCount);
      update.setBoolean(10, end.completed());
      update.setLong(11, storedBytes);
      update.setLong(12, end.replacedRows());
      update.setString(13, end.sqlState());
      update.setString(14, cut(end.message()));
      update.setLong(15, id);
      update.executeUpdate();
    }
  }

  private static void insertObjects(
      Connection connection, long id, List<LoadOutcome.ObjectOutcome> objects, int first)
      throws SQLException {
    if (objects.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO copyload_catalog.load_objects(load_id, ordinal, name, stored_bytes,"
                + " decoded_bytes, line_count, reject_count, row_count, etag,"
                + " last_modified, load_micros)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      int ordinal = first;
      for (LoadOutcome.ObjectOutcome object : objects) {
        insert.setLong(1, id);
        insert.setInt(2, ordinal++);
        insert.setString(3, cut(object.name()));
        insert.setLong(4, object.storedBytes());
        insert.setLong(5, object.decodedBytes());
        insert.setLong(6, object.lines());
        insert.setLong(7, object.rejects());
        insert.setLong(8, object.rows());
        insert.setString(9, cut(object.identity()));
        insert.setObject(
            10, object.lastModified() == null ? null : timestamp(object.lastModified()));
        insert.setLong(11, object.micros());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    insertChunks(connection, id, objects, first);
  }

  private static void insertChunks(
      Connection connection, long id, List<LoadOutcome.ObjectOutcome> objects, int first)
      throws SQLException {
    if (objects.stream().allMatch(object -> object.chunks().isEmpty())) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO copyload_catalog.load_chunks(load_id, ordinal, chunk_start, bytes,"
                + " line_count, reject_count, load_micros) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      for (int i = 0; i < objects.size(); i++) {
        for (LoadOutcome.Chunk chunk : objects.get(i).chunks()) {
          insert.setLong(1, id);
          insert.setInt(2, first + i);
          insert.setLong(3, chunk.start());
          insert.setLong(4, chunk.bytes());
          insert.setLong(5, chunk.lines());
          insert.setLong(6, chunk.rejects());
          insert.setLong(7, chunk.micros());
          insert.addBatch();
        }
      }
      insert.executeBatch();
    }
  }

  private boolean hasLate(Connection connection) throws SQLException {
    try (PreparedStatement oldest =
        connection.prepareStatement(
            "SELECT 1 FROM copyload_catalog.loads WHERE start_time < ? AND load_id ="
                + " (SELECT MIN(load_id) FROM copyload_catalog.loads)")) {
      Duration age = Duration.ofDays(retentionDays).plusHours(1);
      oldest.setObject(1, timestamp(clock.instant().minus(age)));
      try (ResultSet row = oldest.executeQuery()) {
        return row.next();
      }
    }
  }

  private void removeOld(Connection connection) throws SQLException {
    LocalDateTime before = timestamp(clock.instant().minus(Duration.ofDays(retentionDays)));
    List<CatalogTables> tables = new ArrayList<>(List.of(CatalogTables.values()));
    tables.removeIf(table -> !table.isOfLoads());
    Collections.reverse(tables);
    for (CatalogTables table : tables) {
      try (PreparedStatement delete =
          connection.prepareStatement(
              "DELETE FROM copyload_catalog."
                  + table.sqlName()
                  + " WHERE load_id IN (SELECT load_id FROM copyload_catalog.loads"
                  + " WHERE start_time < ? AND state <> 'running')")) {
        delete.setObject(1, before);
        delete.executeUpdate();
      }
    }
  }

  /** As Redshift's views do, times are UTC. */
  private static LocalDateTime timestamp(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  static String cut(String text) {
    return text == null || text.length() <= MAX_TEXT_CHARS
        ? text
        : text.substring(0, MAX_TEXT_CHARS);
  }
}
