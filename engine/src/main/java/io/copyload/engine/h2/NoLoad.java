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
import org.h2.constraint.Constraint;
import org.h2.engine.SessionLocal;
import org.h2.index.Index;
import org.h2.result.Row;
import org.h2.table.Table;

/**
 * Redshift's NOLOAD: reads, converts and checks everything and leaves the table as it is.
 *
 * <p>Where the table has keys, the rows are loaded and taken back at once, because nothing else
 * knows whether the keys would hold; its sequences go on, as after any rollback. Triggers are not
 * fired. Tables that are not columnar, or have row triggers, are spared the check of keys.
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
    LoadOutcome found;
    if (table instanceof HybridTable && !RowStage.hasRowTriggers(table) && hasKeys(table)) {
      SessionLocal.Savepoint before = session.setSavepoint();
      try {
        found = CopyExecutor.loadRows(session, table, mapping, plan, condition, cancel, progress);
      } finally {
        session.rollbackTo(before);
      }
    } else if (condition != null
        || CopyExecutor.usesRowStage(session, table, mapping, plan.columns())) {
      RowStage stage =
          RowStage.withoutTriggers(
              session,
              table,
              CopyExecutor.columns(table, mapping.loaded()),
              new NoRows(),
              condition,
              cancel);
      try {
        found = LoadPipeline.run(plan, stage, cancel, progress);
      } catch (RowRefusedException e) {
        throw CopyExecutor.withPlace(e, table);
      }
    } else {
      found = LoadPipeline.run(plan, NO_ROWS, cancel, progress);
    }
    return found.withoutRows(found.loadedRows());
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
