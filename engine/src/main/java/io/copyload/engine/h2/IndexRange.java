package io.copyload.engine.h2;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.h2.engine.SessionLocal;
import org.h2.index.IndexCondition;
import org.h2.message.DbException;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.table.TableFilter;
import org.h2.value.Value;
import org.h2.value.ValueNull;

/**
 * The constants between which a query looks on an index's first column. H2 guesses a third or a
 * quarter of the table for any range; loaded rows can be counted, and a scan of columns is so much
 * cheaper per row than an index that the guess would cost seconds.
 */
record IndexRange(Row low, Row high) {
  private static final Field CONDITIONS = conditions();

  private static Field conditions() {
    try {
      Field field = TableFilter.class.getDeclaredField("indexConditions");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw DbException.convert(e);
    }
  }

  /** Null when there is no range on the column or when its ends are not constants. */
  static IndexRange of(
      SessionLocal session, TableFilter filter, Column column, boolean descending) {
    List<IndexCondition> conditions = new ArrayList<>();
    try {
      for (Object condition : (List<?>) CONDITIONS.get(filter)) {
        conditions.add((IndexCondition) condition);
      }
    } catch (IllegalAccessException e) {
      throw DbException.convert(e);
    }
    Row low = null;
    Row high = null;
    for (IndexCondition condition : conditions) {
      if (condition.isCompoundColumns() || condition.getColumn() != column) {
        continue;
      }
      boolean start = condition.isStart();
      boolean end = condition.isEnd();
      if (!start && !end) {
        continue;
      }
      if (condition.getExpression() == null || !condition.getExpression().isConstant()) {
        return null;
      }
      Value value = condition.getCurrentValue(session);
      if (value == ValueNull.INSTANCE) {
        return null;
      }
      Row row = filter.getTable().getTemplateRow();
      row.setValue(column.getColumnId(), value);
      if (descending ? end : start) {
        low = row;
      }
      if (descending ? start : end) {
        high = row;
      }
    }
    return low == null && high == null ? null : new IndexRange(low, high);
  }
}
