package io.copyload.engine.format.parquet;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.DamageText;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.format.parquet.ParquetObject.BoundColumn;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.ColumnVector;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.MessageType;

/**
 * Reads the rows of one row group. A row group that fits into the memory given is read at once, of
 * a larger one each column chunk through a window of its own, so that memory does not depend on the
 * size of row groups. Threads: one.
 */
final class RowGroupReader implements VectorReader {
  /** Rows of the vectors at most; more are never asked for. */
  private static final int CAPACITY = 4096;

  private static final int MIN_PAGE_BYTES = 16 << 20;
  private static final int MAX_PAGE_BYTES = 1 << 30;

  private final List<BoundColumn> columns;
  private final ColumnReader[] readers;
  private final int number;
  private long rowsLeft;
  private long row;
  private Chunks chunks;

  private RowGroupReader(List<BoundColumn> columns, int number, long rows) {
    this.columns = columns;
    this.readers = new ColumnReader[columns.size()];
    this.number = number;
    this.rowsLeft = rows;
  }

  static RowGroupReader open(
      SourceObject source,
      MessageType schema,
      BlockMetaData rowGroup,
      int number,
      List<BoundColumn> columns,
      long bytes,
      PageBuffers buffers,
      CancelToken cancel)
      throws IOException {
    if (rowGroup.getRowCount() < 0) {
      throw new IOException("row group " + number + " claims " + rowGroup.getRowCount() + " rows");
    }
    RowGroupReader reader = new RowGroupReader(columns, number, rowGroup.getRowCount());
    if (rowGroup.getRowCount() == 0) {
      return reader;
    }
    int c = 0;
    try {
      Chunks chunks = new Chunks(source, schema, rowGroup, columns, bytes, buffers, cancel);
      reader.chunks = chunks;
      for (; c < columns.size(); c++) {
        BoundColumn column = columns.get(c);
        reader.readers[c] =
            column.column() == null ? new NullColumnReader() : ColumnReaders.of(column, chunks);
      }
    } catch (CopyException e) {
      reader.close();
      throw e;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw reader.damaged(c, e);
    }
    return reader;
  }

  @Override
  public int read(ColumnVector[] vectors, int most) throws IOException {
    int count = (int) Math.min(Math.min(most, CAPACITY), rowsLeft);
    int c = 0;
    try {
      for (; c < readers.length && count > 0; c++) {
        readers[c].read(vectors[c], count);
      }
    } catch (CopyException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(c, e);
    }
    rowsLeft -= count;
    row += count;
    return count;
  }

  private IOException damaged(int column, Exception e) {
    return new IOException(
        (column < columns.size() ? "column \"" + columns.get(column).name() + "\", " : "")
            + "row group "
            + number
            + ", behind row "
            + row
            + ": "
            + (column < columns.size() && columns.get(column).encrypted()
                ? "the column is encrypted, which is not supported"
                : DamageText.of(e)),
        e);
  }

  @Override
  public void close() throws IOException {
    for (ColumnReader reader : readers) {
      if (reader != null) {
        reader.close();
      }
    }
    if (chunks != null) {
      chunks.close();
      chunks = null;
    }
  }

  /** A column that the file lacks. */
  private static final class NullColumnReader implements ColumnReader {
    @Override
    public void read(ColumnVector out, int count) {
      java.util.Arrays.fill(out.nulls, 0, count, true);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  /** Gives out the column chunks of the row group. */
  static final class Chunks {
    private final SourceObject source;
    private final MessageType schema;
    private final long rows;
    private final Map<ColumnPath, ColumnChunkMetaData> byPath = new HashMap<>();
    private final CancelToken cancel;
    private final int windowBytes;
    private final int maxPageBytes;
    private final PageHeap heap;

    private final PageBuffers buffers;

    /** The whole row group, or null. */
    private byte[] whole;

    private long wholeBegin;

    Chunks(
        SourceObject source,
        MessageType schema,
        BlockMetaData rowGroup,
        List<BoundColumn> columns,
        long bytes,
        PageBuffers buffers,
        CancelToken cancel)
        throws IOException {
      this.buffers = buffers;
      this.source = source;
      this.schema = schema;
      this.rows = rowGroup.getRowCount();
      this.cancel = cancel;
      maxPageBytes = (int) Math.max(MIN_PAGE_BYTES, Math.min(MAX_PAGE_BYTES, bytes));
      List<ColumnChunkMetaData> needed = new ArrayList<>();
      for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
        byPath.put(chunk.getPath(), chunk);
        String top = chunk.getPath().toArray()[0];
        if (columns.stream()
            .anyMatch(column -> column.column() != null && column.column().getName().equals(top))) {
          needed.add(chunk);
        }
      }
      windowBytes =
          (int) Math.max(8 << 10, Math.min(256 << 10, bytes / 4 / Math.max(1, needed.size())));
      readWhole(needed, bytes / 2);
      heap = new PageHeap(bytes - (whole == null ? 0 : whole.length));
    }

    private void readWhole(List<ColumnChunkMetaData> needed, long limit) throws IOException {
      long begin = Long.MAX_VALUE;
      long end = 0;
      long sum = 0;
      for (ColumnChunkMetaData chunk : needed) {
        check(chunk);
        begin = Math.min(begin, chunk.getStartingPos());
        end = Math.max(end, chunk.getStartingPos() + chunk.getTotalSize());
        sum += chunk.getTotalSize();
      }
      if (end - begin > Math.min(limit, Integer.MAX_VALUE - 64) || end - begin > sum + sum / 4) {
        return;
      }
      int size = (int) Math.max(0, end - begin);
      byte[] bytes = buffers.take(size);
      try (ByteReader reader = source.open(begin, end, cancel)) {
        int at = 0;
        while (at < size) {
          int count = reader.read(bytes, at, size - at);
          if (count < 0) {
            throw new EOFException("the file ends inside a row group");
          }
          at += count;
        }
      }
      whole = bytes;
      wholeBegin = begin;
    }

    private void check(ColumnChunkMetaData chunk) throws IOException {
      if (chunk.getStartingPos() < 4
          || chunk.getTotalSize() < 0
          || chunk.getTotalSize() > source.size() - chunk.getStartingPos()) {
        throw new IOException(
            "column chunk "
                + chunk.getPath().toDotString()
                + " claims bytes "
                + chunk.getStartingPos()
                + " to "
                + (chunk.getStartingPos() + chunk.getTotalSize())
                + " of a file of "
                + source.size());
      }
    }

    /** The pages of a leaf column. */
    ChunkPages open(ColumnDescriptor column) throws IOException {
      ColumnChunkMetaData chunk = byPath.get(ColumnPath.get(column.getPath()));
      if (chunk == null) {
        throw new IOException("there is no column chunk of " + String.join(".", column.getPath()));
      }
      check(chunk);
      ChunkInput input;
      if (whole != null) {
        int begin = (int) (chunk.getStartingPos() - wholeBegin);
        input = new ChunkInput(whole, begin, begin + (int) chunk.getTotalSize());
      } else {
        input =
            new ChunkInput(
                source.open(
                    chunk.getStartingPos(), chunk.getStartingPos() + chunk.getTotalSize(), cancel),
                chunk.getTotalSize(),
                windowBytes);
      }
      // The chunk's own number is not always right.
      long values = column.getMaxRepetitionLevel() == 0 ? rows : Long.MAX_VALUE;
      return new ChunkPages(
          input, PageCodec.of(chunk.getCodec()), column, values, maxPageBytes, heap, buffers);
    }

    void close() {
      if (whole != null) {
        buffers.give(whole);
        whole = null;
      }
    }

    MessageType schema() {
      return schema;
    }

    int capacity() {
      return (int) Math.min(CAPACITY, rows);
    }
  }
}
