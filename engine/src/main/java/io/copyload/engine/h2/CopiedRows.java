package io.copyload.engine.h2;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.RowGroupWriter;
import io.copyload.engine.store.TargetType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.engine.SessionLocal;
import org.h2.result.Row;
import org.h2.table.Column;

/**
 * The rows with which ALTER TABLE fills the new table: few go to the delta, many become a segment,
 * as they were one before. Threads: the session's.
 */
final class CopiedRows {
  /** From so many rows on a segment is made. */
  static final int MIN_ROWS = 10_000;

  private static final int BATCH_ROWS = 2048;

  /** From so many bytes on, too. */
  private static final long MAX_FIRST_BYTES = 8 << 20;

  private static final long MEMORY_BYTES =
      Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 16);

  private final HybridTable table;
  private final List<Row> first = new ArrayList<>();
  private final List<TargetType> types = new ArrayList<>();
  private final List<Integer> columnIds = new ArrayList<>();
  private long segmentId;
  private RowGroupWriter writer;
  private ColumnVector[] vectors;
  private ValueCodec[] codecs;
  private int batched;
  private long bytes;

  CopiedRows(HybridTable table) {
    this.table = table;
  }

  void add(Row row) {
    if (writer == null) {
      first.add(row);
      bytes += row.getMemory();
      if (first.size() >= MIN_ROWS || bytes >= MAX_FIRST_BYTES) {
        start();
        bytes = 0;
        for (Row r : first) {
          write(r);
        }
        first.clear();
      }
    } else {
      write(row);
    }
  }

  private void start() {
    Column[] columns = table.getColumns();
    codecs = new ValueCodec[columns.length];
    vectors = new ColumnVector[columns.length];
    for (int i = 0; i < columns.length; i++) {
      codecs[i] = ValueCodec.of(columns[i].getType(), table.database());
      types.add(codecs[i].targetType());
      columnIds.add(i);
      vectors[i] = new ColumnVector(codecs[i].targetType(), BATCH_ROWS);
      vectors[i].useHeap();
    }
    segmentId = table.newSegmentId();
    writer =
        new RowGroupWriter(
            table.byteStore(),
            table.getId(),
            segmentId,
            new AtomicInteger(),
            columnIds,
            types,
            table.encodings(columnIds),
            MEMORY_BYTES);
  }

  private void write(Row row) {
    for (int i = 0; i < vectors.length; i++) {
      codecs[i].write(row.getValue(i), vectors[i], batched);
    }
    bytes += row.getMemory();
    if (++batched == BATCH_ROWS || bytes >= MAX_FIRST_BYTES) {
      flush();
    }
  }

  private void flush() {
    writer.append(vectors, null, batched);
    batched = 0;
    bytes = 0;
    for (ColumnVector vector : vectors) {
      vector.useHeap();
    }
  }

  /** Rows that did not become a segment; the segment is published. */
  List<Row> finish(SessionLocal session) {
    if (writer != null) {
      if (batched > 0) {
        flush();
      }
      table.publish(session, segmentId, types, columnIds, writer.finish());
      writer = null;
    }
    return first;
  }

  void abandon() {
    if (writer != null) {
      table.abandon(segmentId);
    }
  }
}
