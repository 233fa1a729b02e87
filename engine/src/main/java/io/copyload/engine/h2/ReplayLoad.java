package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.DialectName;
import java.util.ArrayList;
import java.util.List;
import org.h2.command.Command;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.result.ResultInterface;
import org.h2.result.Row;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueBigint;

/**
 * A load whose rejects are to be replayed.
 *
 * @param statement the COPY with names resolved
 * @param dialect whose rules it was read with
 */
record ReplayLoad(long id, String statement, DialectName dialect) {
  /**
   * Finds a load that the session may replay.
   *
   * <p>Failures: INVALID_PARAMETER_VALUE when there is none, NOT_IN_PREREQUISITE_STATE when its
   * rows are not in the table.
   */
  static ReplayLoad of(SessionLocal session, long id) {
    RejectView.catalogTable(session.getDatabase(), "loads");
    Value[] found = null;
    SessionLocal own = InternalSessions.open(session.getDatabase());
    try {
      Command query =
          own.prepareLocal(
              "SELECT l.state, l.statement_text, l.dialect FROM copyload_catalog.loads l"
                  + " WHERE l.load_id = ?1 AND (?2 IS NULL OR l.user_name = ?2)");
      query.getParameters().get(0).setValue(ValueBigint.get(id), false);
      query.getParameters().get(1).setValue(CatalogView.onlyUser(session), false);
      try (ResultInterface result = query.executeQuery(0, -1, false)) {
        if (result.next()) {
          found = result.currentRow().clone();
        }
      }
    } finally {
      own.close();
    }
    if (found == null) {
      throw new CopyException(
              CopyErrorCode.INVALID_PARAMETER_VALUE, "load " + id + " does not exist")
          .withHint("copyload_history has the loads of this user; old ones leave it.");
    }
    String state = found[0].getString();
    if (!state.equals("completed")) {
      throw refused(
          id,
          "is " + state + ": it loaded nothing that a replay could complete",
          "Repair the source and COPY it again, or let a COPY pass bad records over.");
    }
    String statement = found[1].getString();
    DialectName dialect =
        found[2].getString() == null ? null : DialectName.of(found[2].getString());
    if (statement == null || dialect == null) {
      throw refused(id, "has no statement in the history that could be repeated", null);
    }
    return new ReplayLoad(id, statement, dialect);
  }

  static CopyException refused(long id, String why, String hint) {
    CopyException e =
        new CopyException(CopyErrorCode.NOT_IN_PREREQUISITE_STATE, "load " + id + " " + why);
    return hint == null ? e : e.withHint(hint);
  }

  /** Whether the session sees the load's rows, that is, whether its transaction has committed. */
  boolean isCommitted(SessionLocal session) {
    Table commits = RejectView.catalogTable(session.getDatabase(), "load_commits");
    return !rowsOf(session, commits).isEmpty();
  }

  /** The rows of the load in a table of the catalog, as the session sees them. */
  List<Row> rowsOf(SessionLocal session, Table table) {
    int column = RejectView.columnId(table, "load_id");
    Row wanted = table.getTemplateRow();
    wanted.setValue(column, ValueBigint.get(id));
    List<Row> rows = new ArrayList<>();
    Index keys = table.getScanIndex(session);
    for (Index index : table.getIndexes()) {
      if (index.getIndexType().isPrimaryKey() && !index.getIndexType().isScan()) {
        keys = index;
      }
    }
    Cursor cursor =
        keys.getIndexType().isScan()
            ? keys.find(session, null, null, false)
            : keys.find(session, wanted, wanted, false);
    while (cursor.next()) {
      Row row = cursor.get();
      if (row.getValue(column).getLong() == id) {
        rows.add(row);
      }
    }
    return rows;
  }
}
