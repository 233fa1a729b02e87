package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.ErrorObject;
import io.copyload.engine.store.ColumnVector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.expression.ExpressionVisitor;
import org.h2.expression.function.CurrentDateTimeValueFunction;
import org.h2.schema.Sequence;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueNull;

/**
 * Values of the columns that a COPY leaves out, as H2's INSERT without these columns makes them: a
 * default, the next value of an identity, or NULL.
 *
 * <p>Values are made in row order. A default that is the same for all rows of the statement is
 * evaluated once. Values of identities are taken from their sequence in bulk, which H2 then writes
 * to its catalog once per call instead of once per 32 rows. Where another default must be evaluated
 * per row, all columns go row by row, because it may use the same sequence.
 *
 * <p>Generated columns depend on the other columns of the row and are {@link RowStage}'s.
 *
 * <p>Threads: the session's. Failures: {@link CopyException} NOT_NULL_VIOLATION; H2's own {@code
 * DbException} for an exhausted sequence, a default that fails or does not fit its column, and a
 * domain's constraint.
 */
final class DeferredColumns {
  /** How a column gets its values. */
  private enum Way {
    CONSTANT,
    IDENTITY,
    PER_ROW
  }

  private final Table table;
  private final Column[] columns;
  private final ValueCodec[] codecs;
  private final Way[] ways;
  private final Value[] constants;
  private final boolean rowByRow;

  private DeferredColumns(SessionLocal session, Table table, List<Column> omitted, boolean once) {
    this.table = table;
    columns = omitted.toArray(new Column[0]);
    codecs = new ValueCodec[columns.length];
    ways = new Way[columns.length];
    constants = new Value[columns.length];
    boolean perRow = false;
    for (int i = 0; i < columns.length; i++) {
      Column column = columns[i];
      if (column.isGenerated()) {
        throw new IllegalArgumentException("generated column " + column.getName());
      }
      codecs[i] = ValueCodec.of(column.getType(), session.getDatabase());
      if (column.getSequence() != null) {
        ways[i] = Way.IDENTITY;
      } else {
        Expression value = column.getEffectiveDefaultExpression();
        ways[i] = isConstant(value) || once && canBeOnce(value) ? Way.CONSTANT : Way.PER_ROW;
        perRow |= ways[i] == Way.PER_ROW;
      }
    }
    rowByRow = perRow;
  }

  /**
   * Decides how the columns get their values. Evaluates nothing yet.
   *
   * @param omitted columns that no input field fills, none of them generated
   */
  static DeferredColumns plan(SessionLocal session, Table table, List<Column> omitted) {
    return new DeferredColumns(session, table, omitted, false);
  }

  /** The same for Redshift's COPY, which evaluates a default once for all rows. */
  static DeferredColumns planOnce(SessionLocal session, Table table, List<Column> omitted) {
    return new DeferredColumns(session, table, omitted, true);
  }

  /** Whether a default may give all rows the value of the first: any but the next of a sequence. */
  static boolean canBeOnce(Expression expression) {
    return expression.isEverything(ExpressionVisitor.READONLY_VISITOR);
  }

  /** Whether all rows get the same values, whatever their number and order. */
  boolean isConstant() {
    return Arrays.stream(ways).allMatch(way -> way == Way.CONSTANT);
  }

  /**
   * The error of the first row, if it is already known that there will be one: a column that must
   * not be NULL has no default. Null otherwise.
   */
  CopyException certainFailure() {
    for (Column column : columns) {
      if (!column.isNullable()
          && column.getSequence() == null
          && column.getEffectiveDefaultExpression() == null) {
        return notNull(column);
      }
    }
    return null;
  }

  /**
   * Makes the next {@code count} rows.
   *
   * @param out one vector per omitted column, of at least {@code count} rows; byte values go to its
   *     heap
   */
  void fill(SessionLocal session, ColumnVector[] out, int count) {
    for (ColumnVector vector : out) {
      vector.useHeap();
    }
    for (int i = 0; i < columns.length && count > 0; i++) {
      if (ways[i] == Way.CONSTANT) {
        if (constants[i] == null) {
          constants[i] = assigned(session, columns[i], evaluated(session, columns[i]));
        }
        repeat(codecs[i], constants[i], out[i], count);
      } else if (ways[i] == Way.IDENTITY && !rowByRow) {
        identities(session, i, out[i], count);
      }
    }
    for (int row = 0; row < count && rowByRow; row++) {
      for (int i = 0; i < columns.length; i++) {
        if (ways[i] != Way.CONSTANT) {
          Value value =
              ways[i] == Way.IDENTITY
                  ? session.getNextValueFor(columns[i].getSequence(), null)
                  : evaluated(session, columns[i]);
          codecs[i].write(assigned(session, columns[i], value), out[i], row);
        }
      }
    }
  }

  /** Whether a default is the same for all rows of the statement. */
  static boolean isConstant(Expression expression) {
    return expression == null
        || expression.isConstant()
        // The time of the statement.
        || expression instanceof CurrentDateTimeValueFunction;
  }

  static Value evaluated(SessionLocal session, Column column) {
    Expression expression = column.getEffectiveDefaultExpression();
    return expression == null ? ValueNull.INSTANCE : expression.getValue(session);
  }

  /** What H2's INSERT does with a value before it is stored. */
  private Value assigned(SessionLocal session, Column column, Value value) {
    if (value == ValueNull.INSTANCE && !column.isNullable()) {
      throw notNull(column);
    }
    Value converted = value.convertForAssignTo(column.getType(), session, column.getName());
    if (column.getDomain() != null) {
      column.getDomain().checkConstraints(session, converted);
    }
    return converted;
  }

  private CopyException notNull(Column column) {
    return notNull(table, column);
  }

  static CopyException notNull(Table table, Column column) {
    return new CopyException(
            CopyErrorCode.NOT_NULL_VIOLATION,
            "null value in column \""
                + shown(table, column.getName())
                + "\" of relation \""
                + shown(table, table.getName())
                + "\" violates not-null constraint")
        .withObject(ErrorObject.column(shown(table, column.getName())));
  }

  /** A stored name as PostgreSQL would show it: H2 folds unquoted names to upper case. */
  static String shown(Table table, String name) {
    return table.getDatabase().getSettings().databaseToUpper
            && name.equals(name.toUpperCase(Locale.ROOT))
        ? name.toLowerCase(Locale.ROOT)
        : name;
  }

  /** Byte values of a repeated constant all point to one copy. */
  private static void repeat(ValueCodec codec, Value value, ColumnVector out, int count) {
    codec.write(value, out, 0);
    Arrays.fill(out.nulls, 0, count, out.nulls[0]);
    for (long[] lane : out.lanes) {
      Arrays.fill(lane, 0, count, lane[0]);
    }
    if (out.begin != null) {
      Arrays.fill(out.begin, 0, count, out.begin[0]);
      Arrays.fill(out.length, 0, count, out.length[0]);
    }
  }

  /**
   * All values but the last are taken in one step where the sequence has so many left before it
   * ends or cycles. The last is taken as H2 does, which also makes it the session's current value.
   */
  private void identities(SessionLocal session, int index, ColumnVector out, int count) {
    Column column = columns[index];
    Sequence sequence = column.getSequence();
    int row = 0;
    while (row < count) {
      int bulk = count - row - 1;
      long first = 0;
      long increment = 0;
      if (bulk > 1) {
        synchronized (sequence) {
          increment = sequence.getIncrement();
          first = sequence.getBaseValue();
          bulk = (int) Math.min(bulk, valuesBeforeTheEnd(sequence, first, increment));
          if (bulk > 1) {
            sequence.modify(first + bulk * increment, null, null, null, null, null, null);
          }
        }
      }
      if (bulk > 1) {
        sequence.flush(session);
        for (int i = 0; i < bulk; i++) {
          Value next =
              ValueBigint.get(first + i * increment).castTo(sequence.getDataType(), session);
          codecs[index].write(assigned(session, column, next), out, row++);
        }
      }
      Value next = session.getNextValueFor(sequence, null);
      codecs[index].write(assigned(session, column, next), out, row++);
    }
  }

  /** How many values can be taken so that the one after them exists, too. */
  private static long valuesBeforeTheEnd(Sequence sequence, long base, long increment) {
    if (sequence.getCycle() == Sequence.Cycle.EXHAUSTED) {
      return 0;
    }
    try {
      long room =
          increment > 0
              ? Math.subtractExact(sequence.getMaxValue(), base)
              : Math.subtractExact(base, sequence.getMinValue());
      return increment == Long.MIN_VALUE ? 0 : room / Math.abs(increment);
    } catch (ArithmeticException e) {
      // The range is wider than a long: any count of rows fits.
      return Math.abs(increment) < 1L << 31 && increment != Long.MIN_VALUE ? Integer.MAX_VALUE : 0;
    }
  }
}
