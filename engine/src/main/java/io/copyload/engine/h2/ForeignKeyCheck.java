package io.copyload.engine.h2;

import java.util.ArrayList;
import java.util.List;
import org.h2.constraint.ConstraintReferential;
import org.h2.engine.SessionLocal;
import org.h2.index.Index;
import org.h2.message.DbException;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.table.Column;
import org.h2.table.IndexColumn;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueNull;

/**
 * Looks for the parent of each different key of a segment: first among the loaded rows of the
 * parent table, going through its run and that of the segment side by side, and for the others by
 * asking H2's own constraint, which has the last word.
 */
final class ForeignKeyCheck {
  private final SessionLocal session;
  private final HybridTable table;
  private final ConstraintReferential foreignKey;
  private final int[] columnIds;
  private final Column[] parentColumns;
  private final List<Parents> parents = new ArrayList<>();

  private ForeignKeyCheck(
      SessionLocal session, HybridTable table, ConstraintReferential foreignKey) {
    this.session = session;
    this.table = table;
    this.foreignKey = foreignKey;
    IndexColumn[] columns = foreignKey.getColumns();
    IndexColumn[] refColumns = foreignKey.getRefColumns();
    columnIds = new int[columns.length];
    parentColumns = new Column[columns.length];
    for (int i = 0; i < columns.length; i++) {
      columnIds[i] = columns[i].column.getColumnId();
      parentColumns[i] = refColumns[i].column;
    }
    if (foreignKey.getReferencedConstraint().getIndex() instanceof HybridIndex index) {
      for (Segment segment : index.getTable().visibleSegments(session)) {
        for (RunCursor rows : index.allOf(segment)) {
          parents.add(new Parents(index, rows));
        }
      }
    }
  }

  static void check(
      SessionLocal session,
      HybridTable table,
      ConstraintReferential foreignKey,
      Segment segment,
      Runnable cancelCheck) {
    if (!table.database().getReferentialIntegrity()
        || !table.getCheckForeignKeyConstraints()
        || !foreignKey.getRefTable().getCheckForeignKeyConstraints()) {
      return;
    }
    Index index = foreignKey.getIndex();
    // In the order of the index over the key's columns, equal keys follow each other.
    List<RunCursor> blocks =
        index instanceof HybridIndex hybrid
            ? hybrid.allOf(segment)
            : List.of(new RunCursor(table, segment));
    for (RunCursor rows : blocks) {
      new ForeignKeyCheck(session, table, foreignKey).check(rows, cancelCheck);
    }
  }

  private void check(RunCursor rows, Runnable cancelCheck) {
    Value[] key = new Value[columnIds.length];
    Value[] previous = null;
    int n = 0;
    while (rows.next()) {
      if ((++n & 0xfff) == 0) {
        cancelCheck.run();
      }
      SearchRow row = rows.getSearchRow();
      boolean same = previous != null;
      boolean isNull = false;
      for (int i = 0; i < key.length; i++) {
        key[i] = row.getValue(columnIds[i]);
        isNull |= key[i] == ValueNull.INSTANCE;
        same = same && key[i].equals(previous[i]);
      }
      if (isNull || same) {
        continue;
      }
      previous = key.clone();
      if (!hasLoadedParent(key)) {
        checkByConstraint(key);
      }
    }
  }

  private void checkByConstraint(Value[] key) {
    try {
      foreignKey.checkRow(session, table, null, child(key));
    } catch (DbException e) {
      e.addSuppressed(new KeyClash(key.clone()));
      throw e;
    }
  }

  private Row child(Value[] key) {
    Row child = table.getTemplateRow();
    for (int i = 0; i < child.getColumnCount(); i++) {
      child.setValue(i, ValueNull.INSTANCE);
    }
    for (int i = 0; i < key.length; i++) {
      child.setValue(columnIds[i], key[i]);
    }
    return child;
  }

  private boolean hasLoadedParent(Value[] key) {
    if (parents.isEmpty()) {
      return false;
    }
    Table parentTable = foreignKey.getRefTable();
    Row parent = parentTable.getTemplateRow();
    for (int i = 0; i < key.length; i++) {
      parent.setValue(parentColumns[i].getColumnId(), parentColumns[i].convert(session, key[i]));
    }
    for (Parents block : parents) {
      if (block.has(parent)) {
        return true;
      }
    }
    return false;
  }

  /** Loaded rows of the parent table in the order of its key. */
  private final class Parents {
    private final HybridIndex index;
    private final RunCursor rows;
    private final long count;
    private long position;

    Parents(HybridIndex index, RunCursor rows) {
      this.index = index;
      this.rows = rows;
      count = rows.rowCount();
    }

    boolean has(Row parent) {
      SearchBound bound = index.bound(rows.segment(), parent);
      long begin = position;
      if (begin > 0 && compare(begin - 1, bound) >= 0) {
        // The keys come in another order than the parent's.
        begin = 0;
      }
      position = HybridIndex.gallop(rows, begin, count, bound);
      for (long i = position; i < count && compare(i, bound) == 0; i++) {
        long rowId = rows.getSearchRow().getKey();
        if (index.getTable().tombstones(session).getFromSnapshot(rowId) == null) {
          return true;
        }
      }
      return false;
    }

    private int compare(long at, SearchBound bound) {
      rows.at(at);
      return bound.compare(rows.view(), rows.rowInView());
    }
  }
}
