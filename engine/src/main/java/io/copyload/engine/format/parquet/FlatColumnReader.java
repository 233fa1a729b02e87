package io.copyload.engine.format.parquet;

import io.copyload.engine.store.ColumnVector;
import java.io.IOException;
import java.util.Arrays;

/**
 * A column of the top level that is a single value: a page's bytes become vector values at once.
 */
final class FlatColumnReader implements ColumnReader {
  private final ChunkPages pages;
  private final LeafType type;
  private final LeafValues values;
  private final boolean optional;
  private final RawValues raw;
  private final int[] levels;
  private int left;

  /**
   * @param capacity most rows of a call
   */
  FlatColumnReader(
      ChunkPages pages, LeafType type, LeafValues values, boolean optional, int capacity) {
    this.pages = pages;
    this.type = type;
    this.values = values;
    this.optional = optional;
    raw = new RawValues(capacity, type.rawIsBytes());
    levels = new int[optional ? capacity : 0];
  }

  @Override
  public void read(ColumnVector out, int count) throws IOException {
    boolean bytes = out.type().isBytes();
    if (left == 0) {
      nextPage();
    }
    boolean heap = bytes && (type.alwaysHeap() || left < count || !values.lastsWithPage());
    if (heap) {
      out.useHeap();
    }
    int done = 0;
    while (done < count) {
      if (left == 0) {
        nextPage();
      }
      int n = Math.min(left, count - done);
      part(out, done, n, heap);
      if (bytes && !heap) {
        out.pointTo(raw.bytes);
      }
      left -= n;
      done += n;
    }
  }

  private void nextPage() throws IOException {
    if (!pages.next()) {
      throw new IOException("the column chunk has fewer values than the row group has rows");
    }
    left = pages.valueCount;
    values.beginPage(pages);
  }

  private void part(ColumnVector out, int row, int count, boolean heap) throws IOException {
    if (!optional) {
      Arrays.fill(out.nulls, row, row + count, false);
      values.read(raw, 0, count);
      for (int i = 0; i < count; i++) {
        type.put(raw, i, out, row + i, heap);
      }
      return;
    }
    pages.definition.read(levels, 0, count);
    int present = 0;
    for (int i = 0; i < count; i++) {
      boolean isNull = levels[i] == 0;
      out.nulls[row + i] = isNull;
      present += isNull ? 0 : 1;
    }
    values.read(raw, 0, present);
    int next = 0;
    for (int i = 0; i < count; i++) {
      if (!out.nulls[row + i]) {
        type.put(raw, next++, out, row + i, heap);
      }
    }
  }

  @Override
  public void close() throws IOException {
    pages.close();
  }
}
