package io.copyload.engine.h2;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.math.BigDecimal;
import java.util.Arrays;
import org.h2.engine.Database;
import org.h2.result.SearchRow;
import org.h2.table.IndexColumn;
import org.h2.value.Value;
import org.h2.value.ValueNull;

/**
 * A bound of an index search, turned once into the stored form of the rows that it is compared
 * with. Values of a type other than the column's are compared by H2, one by one. Threads: one.
 */
final class SearchBound {
  private final Database database;
  private final IndexColumn[] columns;
  private final RowOrder order;
  private final Value[] values;
  private final DecodedColumn[] stored;

  /** How many columns have a bound: those from the first without one on are equal to it. */
  private final int count;

  SearchBound(
      Database database, IndexColumn[] columns, RowOrder order, Segment segment, SearchRow bound) {
    this.database = database;
    this.columns = columns;
    this.order = order;
    values = new Value[columns.length];
    stored = new DecodedColumn[columns.length];
    int n = 0;
    while (n < columns.length) {
      int id = columns[n].column.getColumnId();
      Value value = bound.getValue(id);
      if (value == null) {
        break;
      }
      values[n] = value;
      stored[n] = store(segment.type(id), segment.codec(id), value);
      n++;
    }
    count = n;
  }

  private static DecodedColumn store(TargetType type, ValueCodec codec, Value value) {
    switch (type.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT:
        switch (value.getValueType()) {
          case Value.TINYINT, Value.SMALLINT, Value.INTEGER, Value.BIGINT:
            return new DecodedColumn(1, null, new long[][] {{value.getLong()}}, null, null, null);
          default:
            return null;
        }
      case NUMERIC:
        if (type.laneCount() != 1) {
          return null;
        }
        switch (value.getValueType()) {
          case Value.TINYINT, Value.SMALLINT, Value.INTEGER, Value.BIGINT, Value.NUMERIC:
            BigDecimal number = value.getBigDecimal();
            if (number.scale() > type.scale()
                || number.precision() - number.scale() + type.scale()
                    > TargetType.MAX_LANE_DIGITS) {
              return null;
            }
            long lane = number.setScale(type.scale()).unscaledValue().longValue();
            return new DecodedColumn(1, null, new long[][] {{lane}}, null, null, null);
          default:
            return null;
        }
      case DATE, TIME, TIMESTAMP, UUID, DOUBLE, BOOLEAN, VARCHAR:
        return value.getValueType() == valueType(type.kind()) ? write(codec, value) : null;
      default:
        return null;
    }
  }

  private static int valueType(Kind kind) {
    return switch (kind) {
      case DATE -> Value.DATE;
      case TIME -> Value.TIME;
      case TIMESTAMP -> Value.TIMESTAMP;
      case UUID -> Value.UUID;
      case DOUBLE -> Value.DOUBLE;
      case BOOLEAN -> Value.BOOLEAN;
      case VARCHAR -> Value.VARCHAR;
      default -> Value.UNKNOWN;
    };
  }

  private static DecodedColumn write(ValueCodec codec, Value value) {
    ColumnVector vector = new ColumnVector(codec.targetType(), 1);
    vector.useHeap();
    codec.write(value, vector, 0);
    if (vector.begin == null) {
      return new DecodedColumn(1, null, vector.lanes, null, null, null);
    }
    byte[] bytes =
        Arrays.copyOfRange(vector.bytes, vector.begin[0], vector.begin[0] + vector.length[0]);
    return new DecodedColumn(1, null, null, null, new int[] {0, bytes.length}, bytes);
  }

  /** Compares a stored row with the bound. */
  int compare(RowGroupView view, int row) {
    for (int i = 0; i < count; i++) {
      int id = columns[i].column.getColumnId();
      int c;
      if (stored[i] != null) {
        c = order.compare(i, view.column(id), row, stored[i], 0);
      } else {
        c = compareValues(i, view.value(id, row), values[i]);
      }
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }

  private int compareValues(int i, Value a, Value b) {
    boolean nullA = a == ValueNull.INSTANCE;
    boolean nullB = b == ValueNull.INSTANCE;
    if (nullA || nullB) {
      return nullA == nullB ? 0 : nullA == order.nullsFirst(i) ? -1 : 1;
    }
    int c = a.compareTo(b, database, database.getCompareMode());
    return order.isDescending(i) ? -c : c;
  }
}
