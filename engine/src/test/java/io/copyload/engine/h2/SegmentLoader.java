package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.RowGroupInfo;
import io.copyload.engine.store.RowGroupWriter;
import io.copyload.engine.store.TargetType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.table.Column;
import org.h2.value.Value;
import org.h2.value.ValueToObjectConverter;

/**
 * Loads rows into a hybrid table as COPY does, without COPY: row groups first, then one publish in
 * the session.
 */
final class SegmentLoader {
  private SegmentLoader() {}

  static SessionLocal session(Connection connection) throws SQLException {
    return (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
  }

  static HybridTable table(Connection connection, String name) throws SQLException {
    SessionLocal session = session(connection);
    var temporary = session.findLocalTempTable(name);
    return (HybridTable)
        (temporary != null
            ? temporary
            : session
                .getDatabase()
                .getSchema(session.getCurrentSchemaName())
                .getTableOrView(session, name));
  }

  /** Loads the rows of a query into a table of the same columns. */
  static long loadQuery(Connection connection, String table, String query) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    try (var statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int n = result.getMetaData().getColumnCount();
      while (result.next()) {
        Object[] row = new Object[n];
        for (int i = 0; i < n; i++) {
          boolean time = result.getMetaData().getColumnType(i + 1) == Types.TIME;
          row[i] = time ? result.getObject(i + 1, LocalTime.class) : result.getObject(i + 1);
        }
        rows.add(row);
      }
    }
    return load(connection, table, rows);
  }

  static long load(Connection connection, String tableName, List<Object[]> rows)
      throws SQLException {
    return load(connection, tableName, rows, 1000);
  }

  /** Loads rows in row groups of at most {@code groupRows}. */
  static long load(Connection connection, String tableName, List<Object[]> rows, int groupRows)
      throws SQLException {
    HybridTable table = table(connection, tableName);
    SessionLocal session = session(connection);
    Pending pending = write(session, table, rows, groupRows);
    publish(session, table, pending);
    return pending.segmentId;
  }

  record Pending(
      long segmentId, List<TargetType> types, List<Integer> ids, List<RowGroupInfo> groups) {}

  static Pending write(
      SessionLocal session, HybridTable table, List<Object[]> rows, int groupRows) {
    Column[] columns = table.getColumns();
    List<TargetType> types = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (Column column : columns) {
      types.add(TargetTypes.of(column.getType()));
      ids.add(column.getColumnId());
    }
    long segmentId = table.newSegmentId();
    AtomicInteger numbers = new AtomicInteger();
    List<RowGroupInfo> groups = new ArrayList<>();
    for (int begin = 0; begin < rows.size(); begin += groupRows) {
      int count = Math.min(groupRows, rows.size() - begin);
      RowGroupWriter writer =
          new RowGroupWriter(
              table.byteStore(), table.getId(), segmentId, numbers, ids, types, 64 << 20);
      ColumnVector[] vectors = new ColumnVector[columns.length];
      for (int c = 0; c < columns.length; c++) {
        ValueCodec codec = ValueCodec.of(columns[c].getType(), session);
        vectors[c] = new ColumnVector(types.get(c), count);
        vectors[c].useHeap();
        for (int r = 0; r < count; r++) {
          Object[] row = rows.get(begin + r);
          Value value = ValueToObjectConverter.objectToValue(session, row[c], Value.UNKNOWN);
          codec.write(columns[c].convert(session, value), vectors[c], r);
        }
      }
      writer.append(vectors, null, count);
      groups.addAll(writer.finish());
    }
    return new Pending(segmentId, types, ids, groups);
  }

  /** What the COPY executor does around {@link HybridTable#publish}. */
  static void publish(SessionLocal session, HybridTable table, Pending pending)
      throws SQLException {
    session.lock();
    try {
      SessionLocal.Savepoint savepoint = session.setSavepoint();
      session.startStatementWithinTransaction(null);
      try {
        ConcurrentUpdateRetry.run(
            session,
            new CancelToken(),
            () ->
                table.publish(
                    session, pending.segmentId, pending.types, pending.ids, pending.groups));
      } catch (DbException e) {
        session.rollbackTo(savepoint);
        table.abandon(pending.segmentId);
        throw e.getSQLException();
      } finally {
        session.endStatement();
        if (session.getAutoCommit()) {
          session.commit(false);
        }
      }
    } finally {
      session.unlock();
    }
  }
}
