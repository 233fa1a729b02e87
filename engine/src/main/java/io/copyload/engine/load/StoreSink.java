package io.copyload.engine.load;

import io.copyload.engine.store.ByteStore;
import io.copyload.engine.store.ColumnEncoding;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.RowGroupInfo;
import io.copyload.engine.store.RowGroupWriter;
import io.copyload.engine.store.TargetType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes the rows of a load into row groups of one new segment. Row groups end with their load
 * unit, so that they can be put into input order afterwards.
 *
 * <p>Threads: {@link #openSlice} and {@link #rowGroups} any; a slice its own.
 */
public final class StoreSink implements RowSink {
  private final ByteStore store;
  private final int tableId;
  private final long segmentId;
  private final AtomicInteger rowGroupNumbers = new AtomicInteger();
  private final List<Integer> columnIds;
  private final List<TargetType> types;
  private final List<ColumnEncoding> encodings;
  private final long sliceMemoryBytes;
  private final TreeMap<Long, List<RowGroupInfo>> byUnit = new TreeMap<>();

  /**
   * @param columnIds {@code ChunkKey.column} of each column of the load, in field order
   * @param types type of each column, same order
   * @param encodings how each column is to be stored, null where what is in it decides
   * @param sliceMemoryBytes most heap that a slice's open row group may take
   */
  public StoreSink(
      ByteStore store,
      int tableId,
      long segmentId,
      List<Integer> columnIds,
      List<TargetType> types,
      List<ColumnEncoding> encodings,
      long sliceMemoryBytes) {
    this.store = store;
    this.tableId = tableId;
    this.segmentId = segmentId;
    this.columnIds = List.copyOf(columnIds);
    this.types = List.copyOf(types);
    this.encodings = new ArrayList<>(encodings);
    this.sliceMemoryBytes = sliceMemoryBytes;
  }

  @Override
  public Slice openSlice() {
    return new WriterSlice(
        new RowGroupWriter(
            store,
            tableId,
            segmentId,
            rowGroupNumbers,
            columnIds,
            types,
            encodings,
            sliceMemoryBytes));
  }

  /** The row groups of all load units, in input order. Call after the load. */
  public List<RowGroupInfo> rowGroups() {
    synchronized (byUnit) {
      List<RowGroupInfo> all = new ArrayList<>();
      byUnit.values().forEach(all::addAll);
      return all;
    }
  }

  private final class WriterSlice implements Slice {
    private final RowGroupWriter writer;

    WriterSlice(RowGroupWriter writer) {
      this.writer = writer;
    }

    @Override
    public void rows(ColumnVector[] columns, int[] selection, int count) {
      writer.append(columns, selection, count);
    }

    @Override
    public void endUnit(long unit) {
      List<RowGroupInfo> groups = writer.finish();
      if (!groups.isEmpty()) {
        synchronized (byUnit) {
          byUnit.put(unit, groups);
        }
      }
    }

    @Override
    public void close() {
      // Row groups of an unfinished unit are garbage in the store, which its owner removes with the
      // segment.
    }
  }
}
