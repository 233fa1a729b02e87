package io.copyload.engine.h2;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.TargetType;
import org.h2.engine.CastDataProvider;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueNull;

/**
 * Turns stored values of one column type into H2 Values and back, by the layout that {@link
 * TargetType} documents. Chosen once per column.
 *
 * <p>A value that was written reads back equal and with the same SQL text as from a plain H2 table,
 * with two normalisations: a NUMERIC has the column's scale (in a mode that keeps smaller scales H2
 * would keep 1 in a NUMERIC(3, 2), here it is 1.00), and a CHAR has the padding that the mode at
 * the time of reading asks for.
 *
 * <p>Threads: any. {@code write} changes only its vector.
 */
abstract class ValueCodec {
  private final TargetType targetType;

  ValueCodec(TargetType targetType) {
    this.targetType = targetType;
  }

  /**
   * Codec under H2's regular mode, without a database: CHAR is padded, enumerations count from 1.
   */
  static ValueCodec of(TypeInfo type) {
    return of(type, null);
  }

  /**
   * @param provider the database or session, for the mode's rules on CHAR padding and enumerations;
   *     null for the regular mode
   */
  static ValueCodec of(TypeInfo type, CastDataProvider provider) {
    TargetType target = TargetTypes.of(type);
    return target.isBytes()
        ? ByteCodec.of(type, target, provider)
        : LaneCodec.of(type, target, provider);
  }

  final TargetType targetType() {
    return targetType;
  }

  /** The value of a row, {@link ValueNull#INSTANCE} for NULL. */
  final Value read(DecodedColumn column, int row) {
    return column.isNull(row) ? ValueNull.INSTANCE : notNull(column, row);
  }

  /** The value of a row, {@link ValueNull#INSTANCE} for NULL. */
  final Value read(ColumnVector vector, int row) {
    return vector.nulls[row] ? ValueNull.INSTANCE : notNull(vector, row);
  }

  /**
   * Makes {@code value}, which is NULL or of the column's type, row {@code row} of a vector. Byte
   * values are appended to the vector's heap; the caller has called {@link ColumnVector#useHeap}
   * for the batch.
   *
   * @throws io.copyload.engine.CopyException PROGRAM_LIMIT_EXCEEDED for a large object of more than
   *     {@link ByteCodec#MAX_VALUE_BYTES}
   */
  final void write(Value value, ColumnVector out, int row) {
    boolean isNull = value == ValueNull.INSTANCE;
    out.nulls[row] = isNull;
    if (!isNull) {
      put(value, out, row);
    } else if (out.begin != null) {
      out.begin[row] = out.heapSize();
      out.length[row] = 0;
    }
  }

  /**
   * The dictionary of a column as Values, indexed by {@link DecodedColumn#code}; null when it has
   * none. Entries that only NULL rows or no row uses may be null. Costs one pass over the codes.
   */
  final Value[] dictionaryValues(DecodedColumn column) {
    int size = column.dictionarySize();
    if (size == 0) {
      return null;
    }
    Value[] values = new Value[size];
    int missing = size;
    for (int row = 0; row < column.rowCount() && missing > 0; row++) {
      int code = column.code(row);
      if (code >= 0 && code < size && values[code] == null && !column.isNull(row)) {
        values[code] = notNull(column, row);
        missing--;
      }
    }
    return values;
  }

  abstract Value notNull(DecodedColumn column, int row);

  abstract Value notNull(ColumnVector vector, int row);

  abstract void put(Value value, ColumnVector out, int row);

  /** The value as an array element: its lanes as big-endian int64 each, or its bytes. */
  abstract byte[] toElement(Value value);

  /** Reverse of {@link #toElement}. */
  abstract Value ofElement(byte[] bytes, int begin, int length);
}
