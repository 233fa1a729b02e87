package io.copyload.engine.export;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.DecodedColumn;

/** Values of one column for a batch of rows, laid out as the column's type says. */
public abstract sealed class ExportColumn {
  private ExportColumn() {}

  public abstract boolean isNull(int row);

  public abstract long lane(int lane, int row);

  /** Values of one lane by row; those of rows that are NULL mean nothing. Do not change. */
  public abstract long[] lane(int lane);

  /** Sets per row from {@code first} on whether it is NULL. */
  public abstract void nulls(int first, int count, boolean[] into);

  /**
   * Sets per row from {@code first} on where its value begins in {@link #bytes}, times 2^32, plus
   * its length. That of a row that is NULL means nothing.
   */
  public abstract void ranges(int first, int count, long[] into);

  /** What {@link #begin} points into. */
  public abstract byte[] bytes();

  public abstract int begin(int row);

  public abstract int length(int row);

  /** Number of different values, 0 when {@link #code} is not known. */
  public abstract int dictionarySize();

  /** Number of a row's value among the different ones. */
  public abstract int code(int row);

  public static ExportColumn of(DecodedColumn column) {
    return new OfChunk(column);
  }

  public static ExportColumn of(ColumnVector vector) {
    return new OfVector(vector);
  }

  private static final class OfChunk extends ExportColumn {
    private final DecodedColumn column;

    OfChunk(DecodedColumn column) {
      this.column = column;
    }

    @Override
    public boolean isNull(int row) {
      return column.isNull(row);
    }

    @Override
    public long lane(int lane, int row) {
      return column.lane(lane, row);
    }

    @Override
    public long[] lane(int lane) {
      return column.lane(lane);
    }

    @Override
    public void nulls(int first, int count, boolean[] into) {
      boolean some = column.hasNulls();
      for (int k = 0; k < count; k++) {
        into[k] = some && column.isNull(first + k);
      }
    }

    @Override
    public void ranges(int first, int count, long[] into) {
      for (int k = 0; k < count; k++) {
        into[k] = (long) column.begin(first + k) << 32 | column.length(first + k);
      }
    }

    @Override
    public byte[] bytes() {
      return column.bytes();
    }

    @Override
    public int begin(int row) {
      return column.begin(row);
    }

    @Override
    public int length(int row) {
      return column.length(row);
    }

    @Override
    public int dictionarySize() {
      return column.dictionarySize();
    }

    @Override
    public int code(int row) {
      return column.code(row);
    }
  }

  private static final class OfVector extends ExportColumn {
    private final ColumnVector vector;

    OfVector(ColumnVector vector) {
      this.vector = vector;
    }

    @Override
    public boolean isNull(int row) {
      return vector.nulls[row];
    }

    @Override
    public long lane(int lane, int row) {
      return vector.lanes[lane][row];
    }

    @Override
    public long[] lane(int lane) {
      return vector.lanes[lane];
    }

    @Override
    public void nulls(int first, int count, boolean[] into) {
      System.arraycopy(vector.nulls, first, into, 0, count);
    }

    @Override
    public void ranges(int first, int count, long[] into) {
      for (int k = 0; k < count; k++) {
        into[k] = (long) vector.begin[first + k] << 32 | vector.length[first + k] & 0xffffffffL;
      }
    }

    @Override
    public byte[] bytes() {
      return vector.bytes;
    }

    @Override
    public int begin(int row) {
      return vector.begin[row];
    }

    @Override
    public int length(int row) {
      return vector.length[row];
    }

    @Override
    public int dictionarySize() {
      return 0;
    }

    @Override
    public int code(int row) {
      return -1;
    }
  }
}
