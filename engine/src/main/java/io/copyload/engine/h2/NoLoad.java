package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.LoadPipeline;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.load.LoadProgress;
import io.copyload.engine.load.RowRefusedException;
import io.copyload.engine.load.RowSink;
import io.copyload.engine.plan.ColumnMapping;
import io.copyload.engine.store.ColumnVector;
import java.util.List;
import org.h2.constraint.Constraint;
import org.h2.engine.SessionLocal;
import org.h2.index.Index;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.table.Table;

/**
 * Redshift's NOLOAD: reads, converts and checks everything and leaves the table as it is.
 *
 * <p>Where the table has keys, the rows are loaded and taken back at once, because nothing else
 * knows whether the keys would hold; its sequences go on, as after any rollback. Triggers are not
 * fired, so a table with a BEFORE trigger for rows, which may change keys, is spared their check.
 */
final class NoLoad {
  /** Takes rows and forgets them. */
  static final RowSink NO_ROWS = NoSlice::new;

  private NoLoad() {}

  /** What a load would have found; no row counts as loaded. */
  static LoadOutcome check(
      SessionLocal session,
      Table table,
      ColumnMapping mapping,
      LoadPlan plan,
      RowCondition condition,
      CancelToken cancel,
      LoadProgress progress) {
    boolean rowTriggers = RowStage.hasRowTriggers(table);
    LoadOutcome found;
    if (hasKeys(table) && !RowStage.mayChangeRows(table)) {
      SessionLocal.Savepoint before = session.setSavepoint();
      try {
        found =
            table instanceof HybridTable && !rowTriggers
                ? CopyExecutor.loadRows(session, table, mapping, plan, condition, cancel, progress)
                : stage(session, table, mapping, plan, null, condition, cancel, progress);
      } finally {
        session.rollbackTo(before);
      }
    } else if (condition != null
        || CopyExecutor.usesRowStage(session, table, mapping, plan.columns())) {
      found = stage(session, table, mapping, plan, new NoRows(), condition, cancel, progress);
    } else {
      found = LoadPipeline.run(plan, NO_ROWS, cancel, progress);
    }
    return found.withoutRows(found.loadedRows());
  }

  /**
   * @param target where rows go; null inserts them
   */
  private static LoadOutcome stage(
      SessionLocal session,
      Table table,
      ColumnMapping mapping,
      LoadPlan plan,
      RowStage.RowTarget target,
      RowCondition condition,
      CancelToken cancel,
      LoadProgress progress) {
    List<Column> loaded = CopyExecutor.columns(table, mapping.loaded());
    RowStage rows = RowStage.withoutTriggers(session, table, loaded, target, condition, cancel);
    rows.evaluateDefaultsOnce(true);
    try {
      return LoadPipeline.run(plan, rows, cancel, progress);
    } catch (RowRefusedException e) {
      throw CopyExecutor.withPlace(e, table);
    }
  }

  private static boolean hasKeys(Table table) {
    for (Constraint constraint : table.getConstraints()) {
      if (constraint.getConstraintType() == Constraint.Type.REFERENTIAL
          && constraint.getTable() == table) {
        return true;
      }
    }
    for (Index index : table.getIndexes()) {
      if (index.getIndexType().isUnique() || index.getIndexType().isPrimaryKey()) {
        return true;
      }
    }
    return false;
  }

  private static final class NoRows implements RowStage.RowTarget {
    @Override
    public void accept(Row row) {
      // Checked, and that is all.
    }

    @Override
    public void endUnit(long unit) {
      // Nothing is kept of a unit.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private static final class NoSlice implements RowSink.Slice {
    @Override
    public void rows(ColumnVector[] columns, int[] selection, int count) {
      // Converted, and that is all.
    }

    @Override
    public void endUnit(long unit) {
      // Nothing is kept of a unit.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
