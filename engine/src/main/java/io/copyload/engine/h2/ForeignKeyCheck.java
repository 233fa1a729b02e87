package io.copyload.engine.h2;

import java.util.List;
import org.h2.constraint.Constraint;
import org.h2.constraint.ConstraintReferential;
import org.h2.engine.SessionLocal;
import org.h2.index.Index;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.table.Column;
import org.h2.value.Value;
import org.h2.value.ValueNull;

/** Asks H2's own constraint for the parent of each different key of a segment. */
final class ForeignKeyCheck {
  private ForeignKeyCheck() {}

  static void check(
      SessionLocal session, HybridTable table, Constraint constraint, Segment segment) {
    ConstraintReferential foreignKey = (ConstraintReferential) constraint;
    Index index = foreignKey.getIndex();
    // In the order of the index over the key's columns, equal keys follow each other.
    List<RunCursor> blocks =
        index instanceof HybridIndex hybrid
            ? hybrid.allOf(segment)
            : List.of(new RunCursor(table, segment));
    for (RunCursor rows : blocks) {
      check(session, table, foreignKey, rows);
    }
  }

  private static void check(
      SessionLocal session, HybridTable table, ConstraintReferential foreignKey, RunCursor rows) {
    Column[] columns = foreignKey.getReferencedColumns(table).toArray(new Column[0]);
    Row key = table.getTemplateRow();
    Row previous = table.getTemplateRow();
    boolean first = true;
    while (rows.next()) {
      SearchRow row = rows.getSearchRow();
      boolean same = !first;
      boolean isNull = false;
      for (Column column : columns) {
        int id = column.getColumnId();
        Value value = row.getValue(id);
        isNull |= value == ValueNull.INSTANCE;
        same &= !isNull && value.equals(previous.getValue(id));
        key.setValue(id, value);
      }
      if (isNull || same) {
        continue;
      }
      for (int i = 0; i < key.getColumnCount(); i++) {
        if (key.getValue(i) == null) {
          key.setValue(i, ValueNull.INSTANCE);
        }
      }
      foreignKey.checkRow(session, table, null, key);
      first = false;
      for (Column column : columns) {
        previous.setValue(column.getColumnId(), key.getValue(column.getColumnId()));
      }
    }
  }
}
