package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.Catalog;
import io.copyload.engine.catalog.CatalogViews;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.util.Locale;
import org.h2.command.Command;
import org.h2.command.Prepared;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.message.DbException;
import org.h2.result.LocalResult;
import org.h2.result.ResultInterface;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;

/**
 * COPYLOAD_REJECTS: the records that loads have refused, whose {@code raw_line} the user of the
 * load or an administrator may change. Unlike the other views it reads and writes in the session's
 * own transaction: repairs commit and roll back with everything else.
 */
final class RejectView extends CatalogView {
  /** States of a reject, as the view shows them. */
  static final String REJECTED = "rejected";

  static final String REPAIRED = "repaired";
  static final String REPLAYED = "replayed";

  RejectView(CreateTableData data, CatalogViews view) {
    super(data, view);
  }

  /** The table behind the view. */
  static Table rejects(Database database) {
    return catalogTable(database, "load_rejects");
  }

  /** A table of the catalog. */
  static Table catalogTable(Database database, String name) {
    Table table = CatalogTableEngine.find(database, Catalog.TABLE_SCHEMA, name);
    if (table == null) {
      throw new CopyException(
          CopyErrorCode.UNDEFINED_TABLE,
          "the load history of this database is gone; it comes back with the next COPY");
    }
    return table;
  }

  /**
   * Says in the session's transaction that a load with rejects has published its rows: if the row
   * is there later, they are there too.
   */
  static void noteCommit(SessionLocal session, long loadId) {
    Table commits = catalogTable(session.getDatabase(), "load_commits");
    commits.lock(session, Table.WRITE_LOCK);
    Row row = commits.getTemplateRow();
    row.setValue(columnId(commits, "load_id"), ValueBigint.get(loadId));
    commits.addRow(session, row);
  }

  /** Number of a column by its name in any case. */
  static int columnId(Table table, String name) {
    for (Column column : table.getColumns()) {
      if (column.getName().equalsIgnoreCase(name)) {
        return column.getColumnId();
      }
    }
    throw new IllegalStateException("no column " + name + " in " + table.getName());
  }

  @Override
  Cursor rows(SessionLocal reader) {
    return new Rejects(reader, rejects(reader.getDatabase()));
  }

  /** Reads one row at a time: the raw records of all loads need not fit into the heap. */
  private final class Rejects implements Cursor {
    /** The view's columns by the table's names; null comes from the load. */
    private static final String[] SOURCES = {
      "load_id",
      "ordinal",
      "state",
      null,
      null,
      "object_name",
      "line_number",
      "begin_offset",
      "end_offset",
      "raw_bytes",
      "message",
      "sqlstate",
      "error_code",
      "field_number",
      "column_name",
      "column_type",
      "raw_value",
      "detail",
      "hint",
      null,
      "replay_id"
    };

    private final SessionLocal reader;
    private final Cursor cursor;
    private final int[] columnIds = new int[SOURCES.length];
    private long loadId = -1;
    private Value[] load;
    private Row current;

    Rejects(SessionLocal reader, Table base) {
      this.reader = reader;
      for (int i = 0; i < SOURCES.length; i++) {
        columnIds[i] = SOURCES[i] == null ? -1 : columnId(base, SOURCES[i]);
      }
      cursor = base.getScanIndex(reader).find(reader, null, null, false);
    }

    @Override
    public boolean next() {
      while (cursor.next()) {
        Row row = cursor.get();
        long id = row.getValue(columnIds[0]).getLong();
        if (id != loadId) {
          loadId = id;
          load = load(id);
        }
        if (load != null) {
          Value[] values = new Value[SOURCES.length];
          int ofLoad = 0;
          for (int i = 0; i < values.length; i++) {
            values[i] = columnIds[i] < 0 ? load[ofLoad++] : row.getValue(columnIds[i]);
          }
          current = row(reader, values, row.getKey());
          return true;
        }
      }
      current = null;
      return false;
    }

    /** Schema, table and user of a load; null when the reader may not see it. */
    private Value[] load(long id) {
      SessionLocal session = InternalSessions.open(reader.getDatabase());
      try {
        Command query =
            session.prepareLocal(
                "SELECT l.schema_name, l.table_name, l.user_name FROM copyload_catalog.loads l"
                    + " WHERE l.load_id = ?1 AND (?2 IS NULL OR l.user_name = ?2)");
        query.getParameters().get(0).setValue(ValueBigint.get(id), false);
        query.getParameters().get(1).setValue(onlyUser(reader), false);
        try (ResultInterface result = query.executeQuery(0, -1, false)) {
          return result.next() ? result.currentRow().clone() : null;
        }
      } finally {
        session.close();
      }
    }

    @Override
    public Row get() {
      return current;
    }

    @Override
    public SearchRow getSearchRow() {
      return current;
    }

    @Override
    public boolean previous() {
      throw DbException.getInternalError();
    }
  }

  @Override
  public void updateRows(Prepared prepared, SessionLocal session, LocalResult rows) {
    try {
      Table base = rejects(session.getDatabase());
      int raw = columnId(this, "raw_line");
      rows.reset();
      while (rows.next()) {
        prepared.checkCanceled();
        Row before = rows.currentRowForTable();
        rows.next();
        Row after = rows.currentRowForTable();
        checkOnlyChanges(session, raw, before, after);
        repair(session, base, before.getKey(), after.getValue(raw));
      }
    } catch (CopyException e) {
      String state = e.code().sqlState();
      throw DbException.convert(
          e.code() == CopyErrorCode.INSUFFICIENT_PRIVILEGE
              ? new SQLSyntaxErrorException(e.getMessage(), state, 0, e)
              : new SQLNonTransientException(e.getMessage(), state, 0, e));
    }
  }

  private void checkOnlyChanges(SessionLocal session, int raw, Row before, Row after) {
    for (Column column : columns) {
      int id = column.getColumnId();
      if (id != raw && !before.getValue(id).equals(column.convert(session, after.getValue(id)))) {
        throw new CopyException(
            CopyErrorCode.INSUFFICIENT_PRIVILEGE,
            "column "
                + column.getName().toLowerCase(Locale.ROOT)
                + " of copyload_rejects cannot be changed; only raw_line can");
      }
    }
  }

  private static void repair(SessionLocal session, Table base, long key, Value raw) {
    Row row = lock(session, base, key);
    if (row == null) {
      return;
    }
    String was = row.getValue(columnId(base, "state")).getString();
    if (!was.equals(REJECTED) && !was.equals(REPAIRED)) {
      throw new CopyException(
          CopyErrorCode.NOT_IN_PREREQUISITE_STATE,
          "reject "
              + row.getValue(columnId(base, "ordinal")).getString()
              + " of load "
              + row.getValue(columnId(base, "load_id")).getString()
              + " cannot be repaired: its record is loaded (state "
              + was
              + ")");
    }
    change(session, base, row, "raw_bytes", raw, "state", ValueVarchar.get(REPAIRED));
  }

  /** The newest version of a row, locked until the transaction ends; null when it is gone. */
  static Row lock(SessionLocal session, Table base, long key) {
    base.lock(session, Table.WRITE_LOCK);
    Row row = base.getRow(session, key);
    return row == null ? null : base.lockRow(session, row, -1);
  }

  /** Sets columns of a locked row, given as name and value by turns. */
  static void change(SessionLocal session, Table base, Row row, Object... changes) {
    Value[] values = row.getValueList().clone();
    for (int i = 0; i < changes.length; i += 2) {
      Column column = base.getColumn(columnId(base, (String) changes[i]));
      Value value = (Value) changes[i + 1];
      values[column.getColumnId()] =
          value == ValueNull.INSTANCE
              ? value
              : value.convertForAssignTo(column.getType(), session, column.getName());
    }
    Row changed = base.createRow(values, Row.MEMORY_CALCULATE);
    changed.setKey(row.getKey());
    base.updateRow(session, row, changed);
  }
}
