package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.ExportColumn;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.RowWriter;
import io.copyload.engine.store.ColumnVector;
import java.io.IOException;
import java.util.List;
import org.h2.value.Value;

/** Writes rows of H2's values, a batch at a time. Threads: one. */
final class RowExport {
  private static final int BATCH_ROWS = 8192;

  /** Bytes of strings that end a batch before. */
  private static final int BATCH_BYTES = 4 << 20;

  private final List<ValueCodec> codecs;
  private final RowWriter writer;
  private final ByteSink sink;
  private final CancelToken cancel;
  private final ColumnVector[] vectors;
  private final ExportColumn[] columns;
  private final OutputBuffer out = new OutputBuffer(1 << 16);
  private int count;
  private long rows;

  RowExport(List<ValueCodec> codecs, RowWriter writer, ByteSink sink, CancelToken cancel) {
    this.codecs = codecs;
    this.writer = writer;
    this.sink = sink;
    this.cancel = cancel;
    vectors = vectors(codecs, BATCH_ROWS);
    columns = columns(vectors);
  }

  static ColumnVector[] vectors(List<ValueCodec> codecs, int capacity) {
    ColumnVector[] vectors = new ColumnVector[codecs.size()];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = new ColumnVector(codecs.get(i).targetType(), capacity);
    }
    return vectors;
  }

  static ExportColumn[] columns(ColumnVector[] vectors) {
    ExportColumn[] columns = new ExportColumn[vectors.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = ExportColumn.of(vectors[i]);
    }
    return columns;
  }

  /** Adds a row; its values are of the codecs' types. */
  void add(Value[] row) throws IOException {
    if (count == 0) {
      for (ColumnVector vector : vectors) {
        vector.useHeap();
      }
    }
    long bytes = 0;
    for (int i = 0; i < vectors.length; i++) {
      codecs.get(i).write(row[i], vectors[i], count);
      bytes += vectors[i].heapSize();
    }
    if (++count == BATCH_ROWS || bytes >= BATCH_BYTES) {
      flush();
    }
  }

  /** Writes what is left and returns how many rows there were. */
  long finish() throws IOException {
    flush();
    return rows;
  }

  private void flush() throws IOException {
    cancel.check();
    writer.rows(columns, 0, count, null, out);
    sink.writeRows(out);
    out.clear();
    rows += count;
    count = 0;
  }
}
