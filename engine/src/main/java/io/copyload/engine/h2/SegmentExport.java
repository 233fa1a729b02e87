package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.ExportColumn;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.RowWriter;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map.Entry;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.h2.engine.SessionLocal;
import org.h2.mvstore.tx.TransactionMap.TMIterator;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.value.Value;

/**
 * Writes the rows of a columnar table in order of row id, straight from its column chunks. Several
 * threads format pieces of row groups; the session's thread finds out what the session sees, and
 * writes the pieces in order.
 */
final class SegmentExport {
  /** Rows that one task formats: small enough that buffers stay in the processor's caches. */
  private static final int PIECE_ROWS = 8192;

  /** Most delta rows that one task formats. */
  private static final int DELTA_ROWS = 8192;

  /** Heap of delta rows that ends a task's before. */
  private static final long DELTA_BYTES = 4 << 20;

  private final SessionLocal session;
  private final HybridTable table;
  private final int[] columnIndexes;
  private final Function<List<TargetType>, RowWriter> writers;
  private final CancelToken cancel;
  private final ByteSink sink;
  private final int threads;
  private final ExecutorService pool;
  private final ArrayDeque<Future<OutputBuffer>> running = new ArrayDeque<>();

  /** Buffers and writers that no task uses. */
  private final Queue<OutputBuffer> idleBuffers = new ConcurrentLinkedQueue<>();

  private final ConcurrentHashMap<List<TargetType>, Queue<RowWriter>> idleWriters =
      new ConcurrentHashMap<>();

  private final TMIterator<Long, Long, Long> buried;
  private final TMIterator<Long, SearchRow, Entry<Long, SearchRow>> deltaRows;
  private Long nextBuried;
  private Entry<Long, SearchRow> nextDelta;
  private List<ValueCodec> deltaCodecs;
  private long rows;

  private SegmentExport(
      SessionLocal session,
      HybridTable table,
      int[] columnIndexes,
      Function<List<TargetType>, RowWriter> writers,
      ByteSink sink,
      CancelToken cancel,
      int threads) {
    this.session = session;
    this.table = table;
    this.columnIndexes = columnIndexes;
    this.writers = writers;
    this.sink = sink;
    this.cancel = cancel;
    this.threads = threads;
    pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "copy-to-" + table.getName());
              thread.setDaemon(true);
              return thread;
            });
    buried = table.tombstones(session).keyIterator(null, null);
    deltaRows =
        ((ScanIndex) table.getScanIndex(session)).deltaMap(session).entryIterator(null, null);
    nextBuried = buried.fetchNext();
    nextDelta = deltaRows.fetchNext();
  }

  /**
   * Writes all rows.
   *
   * @param writers makes a writer for columns of these types, which may differ between segments
   * @return number of rows
   */
  static long run(
      SessionLocal session,
      HybridTable table,
      int[] columnIndexes,
      Function<List<TargetType>, RowWriter> writers,
      ByteSink sink,
      CancelToken cancel,
      int threads)
      throws IOException {
    SegmentExport export =
        new SegmentExport(session, table, columnIndexes, writers, sink, cancel, threads);
    try {
      return export.run();
    } finally {
      // Tasks do nothing but compute: those that are left end soon, and nobody waits for them.
      export.pool.shutdownNow();
    }
  }

  private long run() throws IOException {
    for (Segment segment : table.visibleSegments(session)) {
      for (int group = 0; group < segment.groupCount(); group++) {
        group(segment, group);
      }
    }
    deltaBefore(Long.MAX_VALUE);
    while (!running.isEmpty()) {
      writeOne();
    }
    return rows;
  }

  private void group(Segment segment, int group) throws IOException {
    long firstRowId = segment.firstRowId() + segment.firstRow(group);
    int rowCount = segment.group(group).rowCount();
    ExportGroup columns = new ExportGroup(segment, group, columnIndexes);
    int begin = 0;
    while (begin < rowCount) {
      deltaBefore(firstRowId + begin);
      int end = Math.min(rowCount, begin + PIECE_ROWS);
      if (nextDelta != null && nextDelta.getKey() < firstRowId + end) {
        // The delta's row has its loaded predecessor's id, which has a tombstone.
        end = (int) (nextDelta.getKey() - firstRowId) + 1;
      }
      piece(columns, firstRowId, begin, end);
      begin = end;
    }
  }

  private void piece(ExportGroup group, long firstRowId, int begin, int end) throws IOException {
    BitSet skipped = null;
    while (nextBuried != null && nextBuried < firstRowId + end) {
      if (nextBuried >= firstRowId + begin) {
        skipped = skipped == null ? new BitSet() : skipped;
        skipped.set((int) (nextBuried - firstRowId));
      }
      nextBuried = buried.fetchNext();
    }
    int count = end - begin - (skipped == null ? 0 : skipped.cardinality());
    if (count == 0) {
      return;
    }
    rows += count;
    BitSet left = skipped;
    submit(
        out -> {
          DecodedColumn[] decoded = group.columns();
          ExportColumn[] columns = new ExportColumn[decoded.length];
          for (int i = 0; i < columns.length; i++) {
            columns[i] = ExportColumn.of(decoded[i]);
          }
          write(group.types(), columns, begin, end, left, out);
        });
  }

  private void deltaBefore(long rowId) throws IOException {
    while (nextDelta != null && nextDelta.getKey() < rowId) {
      List<Row> batch = new ArrayList<>();
      long bytes = 0;
      while (nextDelta != null
          && nextDelta.getKey() < rowId
          && batch.size() < DELTA_ROWS
          && bytes < DELTA_BYTES) {
        batch.add(HybridTable.withKey(nextDelta));
        bytes += nextDelta.getValue().getMemory();
        nextDelta = deltaRows.fetchNext();
      }
      delta(batch);
    }
  }

  /** Values are read here, because large objects belong to the session. */
  private void delta(List<Row> batch) throws IOException {
    if (deltaCodecs == null) {
      deltaCodecs = new ArrayList<>();
      for (int index : columnIndexes) {
        deltaCodecs.add(ValueCodec.of(table.getColumn(index).getType(), session));
      }
    }
    ColumnVector[] vectors = RowExport.vectors(deltaCodecs, batch.size());
    List<TargetType> types = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      vectors[i].useHeap();
      types.add(deltaCodecs.get(i).targetType());
      for (int row = 0; row < batch.size(); row++) {
        Value value = batch.get(row).getValue(columnIndexes[i]);
        deltaCodecs.get(i).write(value, vectors[i], row);
      }
    }
    rows += batch.size();
    submit(out -> write(types, RowExport.columns(vectors), 0, batch.size(), null, out));
  }

  private void write(
      List<TargetType> types,
      ExportColumn[] columns,
      int begin,
      int end,
      BitSet skipped,
      OutputBuffer out) {
    Queue<RowWriter> idle =
        idleWriters.computeIfAbsent(types, unused -> new ConcurrentLinkedQueue<>());
    RowWriter writer = idle.poll();
    if (writer == null) {
      writer = writers.apply(types);
    }
    writer.rows(columns, begin, end, skipped, out);
    idle.add(writer);
  }

  /** Formats a piece into a buffer. */
  private interface Piece {
    void format(OutputBuffer out);
  }

  private void submit(Piece piece) throws IOException {
    cancel.check();
    while (running.size() > 2 * threads) {
      writeOne();
    }
    running.add(
        pool.submit(
            () -> {
              OutputBuffer out = idleBuffers.poll();
              if (out == null) {
                out = new OutputBuffer(1 << 16);
              }
              piece.format(out);
              return out;
            }));
  }

  private void writeOne() throws IOException {
    OutputBuffer out;
    try {
      out = running.remove().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel.cancelByUser();
      throw cancel.reason();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
    cancel.check();
    sink.writeRows(out);
    out.clear();
    idleBuffers.add(out);
  }
}
