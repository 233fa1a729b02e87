package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.load.RowRefusedException;
import io.copyload.engine.load.RowSink;
import io.copyload.engine.store.ColumnVector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.h2.api.ErrorCode;
import org.h2.api.Trigger;
import org.h2.constraint.Constraint;
import org.h2.engine.DbObject;
import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.message.DbException;
import org.h2.result.Row;
import org.h2.schema.Domain;
import org.h2.schema.TriggerObject;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueNull;

/**
 * The slow, exact way of loading: every row goes through what H2's INSERT does to a row. For tables
 * whose rows need H2's evaluation, see {@link #needed}, and for tables that are not columnar.
 *
 * <p>The order per row is H2's: defaults, identities, generated columns, conversion, NOT NULL and
 * domains; BEFORE triggers, which may change the row; CHECK constraints. The row then goes to a
 * {@link RowTarget}, or into the table as an inserted row with AFTER triggers and foreign keys
 * checked at once. Columns that are GENERATED ALWAYS AS IDENTITY take the input's value where it
 * has one, as PostgreSQL's COPY does. Statement triggers are the caller's.
 *
 * <p>Threads: one slice, in the session's thread.
 *
 * <p>Failures: {@link RowRefusedException} with the row's number in the batch; its reason is H2's
 * {@code DbException} with H2's code, or a {@link CopyException}.
 */
final class RowStage implements RowSink {
  /** Takes finished rows: complete, converted and checked. */
  interface RowTarget extends AutoCloseable {
    /** Takes a row. Values are those of the table's columns. */
    void accept(Row row);

    /** All rows of a load unit have been given. */
    void endUnit(long unit);

    @Override
    void close();
  }

  private static final int ROWS_PER_CANCEL_CHECK = 64;

  private final SessionLocal session;
  private final Table table;
  private final int[] columnIds;
  private final ValueCodec[] codecs;

  /** Whether every row lacks a value. */
  private final boolean certainFailure;

  private final RowTarget target;
  private final RowCondition condition;
  private final CancelToken cancel;
  private final boolean firesTriggers;
  private final List<Column> omitted;

  /** Values of the defaults that are evaluated once, when the first row has come. */
  private final Map<Column, Value> defaults = new LinkedHashMap<>();

  private boolean defaultsKnown;
  private long droppedRows;

  /**
   * @param loaded columns that fields fill, in the order of the load's columns
   * @param target where rows go; null inserts them into the table, row by row
   * @param condition what a row must fulfil, or null; NOT NULL is then checked here for all columns
   */
  RowStage(
      SessionLocal session,
      Table table,
      List<Column> loaded,
      RowTarget target,
      RowCondition condition,
      CancelToken cancel) {
    this(session, table, loaded, target, condition, cancel, true);
  }

  /** A stage that checks rows for {@code target}, which may be null, and fires no trigger. */
  static RowStage withoutTriggers(
      SessionLocal session,
      Table table,
      List<Column> loaded,
      RowTarget target,
      RowCondition condition,
      CancelToken cancel) {
    return new RowStage(session, table, loaded, target, condition, cancel, false);
  }

  private RowStage(
      SessionLocal session,
      Table table,
      List<Column> loaded,
      RowTarget target,
      RowCondition condition,
      CancelToken cancel,
      boolean firesTriggers) {
    this.firesTriggers = firesTriggers;
    this.session = session;
    this.table = table;
    this.target = target;
    this.condition = condition;
    this.cancel = cancel;
    columnIds = new int[loaded.size()];
    codecs = new ValueCodec[columnIds.length];
    List<Column> omitted = new ArrayList<>(List.of(table.getColumns()));
    for (int i = 0; i < columnIds.length; i++) {
      Column column = loaded.get(i);
      columnIds[i] = column.getColumnId();
      codecs[i] = ValueCodec.of(column.getType(), session);
      omitted.remove(column);
    }
    omitted.removeIf(Column::isGenerated);
    this.omitted = omitted;
    certainFailure = DeferredColumns.plan(session, table, omitted).certainFailure() != null;
  }

  /** Redshift: a default is evaluated for the first row and holds for all. */
  void evaluateDefaultsOnce(boolean once) {
    for (Column column : once ? omitted : List.<Column>of()) {
      Expression value = column.getEffectiveDefaultExpression();
      if (column.getSequence() == null && value != null && DeferredColumns.canBeOnce(value)) {
        defaults.put(column, ValueNull.INSTANCE);
      }
    }
  }

  /**
   * Whether the rows of a columnar table need H2's evaluation: CHECK constraints, row triggers for
   * INSERT, generated columns; and, in the loaded columns, domains with constraints, DEFAULT ON
   * NULL, and identities whose sequence follows inserted values in this session's mode.
   */
  static boolean needed(SessionLocal session, Table table, List<Column> loaded) {
    for (Constraint constraint : table.getConstraints()) {
      if (constraint.getConstraintType() == Constraint.Type.CHECK) {
        return true;
      }
    }
    if (hasRowTriggers(table)) {
      return true;
    }
    for (Column column : table.getColumns()) {
      if (column.isGenerated()) {
        return true;
      }
    }
    for (Column column : loaded) {
      if (hasConstraints(column.getDomain())
          || column.isDefaultOnNull()
          || column.getSequence() != null
              && session.getMode().updateSequenceOnManualIdentityInsertion) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether rows must be inserted one by one even into a columnar table, because a trigger may look
   * at the rows before it.
   */
  static boolean hasRowTriggers(Table table) {
    for (DbObject child : table.getChildren()) {
      if (child instanceof TriggerObject trigger
          && trigger.isRowBased()
          && (trigger.getTypeMask() & Trigger.INSERT) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a trigger may change a row before its keys are known. */
  static boolean mayChangeRows(Table table) {
    for (DbObject child : table.getChildren()) {
      if (child instanceof TriggerObject trigger
          && trigger.isRowBased()
          && trigger.isBefore()
          && (trigger.getTypeMask() & Trigger.INSERT) != 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasConstraints(Domain domain) {
    for (Domain d = domain; d != null; d = d.getDomain()) {
      if (d.getConstraints() != null && !d.getConstraints().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Rows for which the condition was not true. */
  long droppedRows() {
    return droppedRows;
  }

  @Override
  public Slice openSlice() {
    table.lock(session, Table.WRITE_LOCK);
    return new Stage();
  }

  private final class Stage implements Slice {
    @Override
    public void rows(ColumnVector[] columns, int[] selection, int count) {
      for (int i = 0; i < count; i++) {
        if (i % ROWS_PER_CANCEL_CHECK == 0) {
          cancel.check();
        }
        int record = selection == null ? i : selection[i];
        try {
          row(columns, record);
        } catch (DbException e) {
          throw new RowRefusedException(record, e);
        }
      }
    }

    private void row(ColumnVector[] columns, int record) {
      Row row = table.getTemplateRow();
      for (int i = 0; i < columnIds.length; i++) {
        if (!columns[i].asksForDefault(record)) {
          row.setValue(columnIds[i], codecs[i].read(columns[i], record));
        }
      }
      if (!defaults.isEmpty()) {
        if (!defaultsKnown) {
          defaults.replaceAll((column, none) -> DeferredColumns.evaluated(session, column));
          defaultsKnown = true;
        }
        defaults.forEach((column, value) -> row.setValue(column.getColumnId(), value));
      }
      if (condition != null) {
        fillDefaults(row);
        if (!holds(row, record)) {
          droppedRows++;
          return;
        }
        checkNotNull(row, record);
      } else if (certainFailure) {
        fillDefaults(row);
        checkNotNull(row, record);
      }
      table.convertInsertRow(session, row, Boolean.TRUE);
      // An INSTEAD OF trigger has done all there was to do.
      if (table.fireRow() && fireBeforeRow(row)) {
        return;
      }
      if (target != null) {
        target.accept(row);
        return;
      }
      ConcurrentUpdateRetry.run(session, cancel, () -> table.addRow(session, row));
      if (!firesTriggers) {
        checkConstraints(row, false);
      } else if (table.fireRow()) {
        table.fireAfterRow(session, null, row, false);
      }
    }

    private void checkConstraints(Row row, boolean before) {
      for (Constraint constraint : table.getConstraints()) {
        if (constraint.isBefore() == before) {
          constraint.checkRow(session, table, null, row);
        }
      }
    }

    private boolean fireBeforeRow(Row row) {
      try {
        if (!firesTriggers) {
          checkConstraints(row, true);
          return false;
        }
        return table.fireBeforeRow(session, null, row);
      } catch (DbException e) {
        if (e.getErrorCode() == ErrorCode.CHECK_CONSTRAINT_VIOLATED_1) {
          e.addSuppressed(new FailingRow(failingRow(row)));
        }
        throw e;
      }
    }

    /** Gives each column its value, because the condition may use any of them. */
    private void fillDefaults(Row row) {
      for (Column column : table.getColumns()) {
        if (row.getValue(column.getColumnId()) != null || column.isGenerated()) {
          continue;
        }
        Value value =
            column.getSequence() != null
                ? session.getNextValueFor(column.getSequence(), null)
                : DeferredColumns.evaluated(session, column);
        row.setValue(
            column.getColumnId(),
            value.convertForAssignTo(column.getType(), session, column.getName()));
      }
    }

    private boolean holds(Row row, int record) {
      try {
        return condition.holds(row);
      } catch (CopyException e) {
        throw new RowRefusedException(record, e);
      }
    }

    private void checkNotNull(Row row, int record) {
      for (Column column : table.getColumns()) {
        if (!column.isNullable()
            && !column.isDefaultOnNull()
            && row.getValue(column.getColumnId()) == ValueNull.INSTANCE) {
          throw new RowRefusedException(
              record, DeferredColumns.notNull(table, column).withDetail(failingRow(row)));
        }
      }
    }

    /** PostgreSQL's DETAIL of a row that a constraint refuses. */
    private String failingRow(Row row) {
      return new FailingRowText(session, table, List.of(table.getColumns())).of(row);
    }

    @Override
    public boolean mayRefuse() {
      return true;
    }

    @Override
    public void endUnit(long unit) {
      if (target != null) {
        target.endUnit(unit);
      }
    }

    @Override
    public void close() {
      if (target != null) {
        target.close();
      }
    }
  }
}
