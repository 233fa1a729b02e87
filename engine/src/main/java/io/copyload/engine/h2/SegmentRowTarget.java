package io.copyload.engine.h2;

import io.copyload.engine.load.RowSink;
import io.copyload.engine.store.ColumnVector;
import org.h2.engine.SessionLocal;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.table.Table;

/**
 * Turns rows back into column vectors and hands them to a slice that writes row groups of all
 * columns of the table. Threads: one.
 */
final class SegmentRowTarget implements RowStage.RowTarget {
  private static final int BATCH_ROWS = 2048;
  private static final int BATCH_BYTES = 4 << 20;

  private final RowSink.Slice out;
  private final ValueCodec[] codecs;
  private final ColumnVector[] vectors;
  private int count;

  /**
   * @param out takes vectors of all columns of the table, in table order; closed with this object
   */
  SegmentRowTarget(SessionLocal session, Table table, RowSink.Slice out) {
    this.out = out;
    Column[] columns = table.getColumns();
    codecs = new ValueCodec[columns.length];
    vectors = new ColumnVector[columns.length];
    for (int i = 0; i < columns.length; i++) {
      codecs[i] = ValueCodec.of(columns[i].getType(), session);
      vectors[i] = new ColumnVector(codecs[i].targetType(), BATCH_ROWS);
      vectors[i].useHeap();
    }
  }

  @Override
  public void accept(Row row) {
    long heap = 0;
    for (int i = 0; i < codecs.length; i++) {
      codecs[i].write(row.getValue(i), vectors[i], count);
      heap += vectors[i].heapSize();
    }
    count++;
    if (count == BATCH_ROWS || heap > BATCH_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (count > 0) {
      out.rows(vectors, null, count);
      count = 0;
      for (ColumnVector vector : vectors) {
        vector.useHeap();
      }
    }
  }

  @Override
  public void endUnit(long unit) {
    flush();
    out.endUnit(unit);
  }

  @Override
  public void close() {
    out.close();
  }
}
