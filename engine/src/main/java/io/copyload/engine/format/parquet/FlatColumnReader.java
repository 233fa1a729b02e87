package io.copyload.engine.format.parquet;

import io.copyload.engine.store.ColumnVector;
import java.io.IOException;
import java.util.Arrays;

/**
 * A column of the top level that is a single value: a page's bytes become vector values at once. A
 * page that refers to a dictionary gives entries of one that has been made values before, once a
 * row group.
 */
final class FlatColumnReader implements ColumnReader {
  private final ChunkPages pages;
  private final LeafType type;
  private final LeafValues values;
  private final boolean optional;
  private final boolean isBytes;
  private final RawValues raw;
  private final int[] levels;
  private int left;

  /** The dictionary's values; null before there are any, and when one of them is bad. */
  private ColumnVector dictionary;

  private boolean dictionaryTried;

  /** Dictionary entry of each row of a batch. */
  private int[] entries = new int[0];

  private final int capacity;

  /** How the values of a batch of byte values lie. */
  private enum Bytes {
    /** As entries of the dictionary. */
    INDEXED,
    /** As ranges of the page. */
    PAGE,
    /** Copied to the vector's heap. */
    HEAP
  }

  /**
   * @param capacity most rows of a call
   */
  FlatColumnReader(
      ChunkPages pages, LeafType type, LeafValues values, boolean optional, int capacity) {
    this.pages = pages;
    this.type = type;
    this.values = values;
    this.optional = optional;
    this.capacity = capacity;
    isBytes = type.type().isBytes();
    raw = new RawValues(type.settles() ? 0 : capacity, type.rawIsBytes());
    levels = new int[optional ? capacity : 0];
  }

  @Override
  public void read(ColumnVector out, int count) throws IOException {
    if (left == 0) {
      nextPage();
    }
    if (isBytes) {
      readBytes(out, count);
      return;
    }
    for (int done = 0; done < count; ) {
      if (left == 0) {
        nextPage();
      }
      int n = Math.min(left, count - done);
      int present = nulls(out, done, n);
      if (isIndexed()) {
        gather(out, done, present);
      } else if (type.settles()) {
        values.readLanes(out.lanes[0], done, present);
        type.settle(out, done, present);
      } else {
        values.read(raw, 0, present);
        type.putAll(raw, out, done, present, false);
      }
      spread(out, done, n, present);
      left -= n;
      done += n;
    }
  }

  private void readBytes(ColumnVector out, int count) throws IOException {
    Bytes how =
        isIndexed()
            ? Bytes.INDEXED
            : type.alwaysHeap() || left < count || !values.lastsWithPage()
                ? Bytes.HEAP
                : Bytes.PAGE;
    if (how == Bytes.HEAP) {
      out.useHeap();
    }
    boolean ascii = true;
    for (int done = 0; done < count; ) {
      if (left == 0) {
        nextPage();
        if (how == Bytes.INDEXED && !isIndexed()) {
          copyEntries(out, done);
          ascii = dictionary.isAscii();
          how = Bytes.HEAP;
        }
      }
      int n = Math.min(left, count - done);
      int present = nulls(out, done, n);
      if (how == Bytes.INDEXED) {
        gather(out, done, present);
      } else if (isIndexed()) {
        // Behind values of a page without a dictionary.
        values.readEntries(entries, done, present);
        append(out, done, present);
        ascii &= dictionary.isAscii();
      } else {
        values.read(raw, 0, present);
        ascii &= type.putAll(raw, out, done, present, how == Bytes.HEAP);
      }
      spread(out, done, n, present);
      left -= n;
      done += n;
    }
    switch (how) {
      case INDEXED -> out.pointTo(dictionary, entries);
      case PAGE -> out.pointTo(raw.bytes);
      case HEAP -> {
        // The vector's heap is where they are.
      }
    }
    if (ascii && how != Bytes.INDEXED) {
      out.setAscii();
    }
  }

  private void nextPage() throws IOException {
    if (!pages.next()) {
      throw new IOException("the column chunk has fewer values than the row group has rows");
    }
    left = pages.valueCount;
    values.beginPage(pages);
    if (values.isIndexed() && !dictionaryTried) {
      dictionaryTried = true;
      dictionary = dictionary();
    }
  }

  /** The dictionary as values, or null: whether a bad one is used shows when it is met. */
  private ColumnVector dictionary() {
    int count = values.dictionaryCount();
    ColumnVector made = new ColumnVector(type.type(), count);
    RawValues from = values.dictionary();
    try {
      boolean heap = type.alwaysHeap();
      if (heap) {
        made.useHeap();
      } else if (isBytes) {
        made.pointTo(from.bytes);
      }
      if (type.putAll(from, made, 0, count, heap)) {
        made.setAscii();
      }
    } catch (IOException e) {
      return null;
    }
    values.dropDictionary();
    entries = new int[capacity];
    return made;
  }

  private boolean isIndexed() {
    return values.isIndexed() && dictionary != null;
  }

  /** Sets the flags of rows and returns how many of them are not NULL. */
  private int nulls(ColumnVector out, int row, int count) throws IOException {
    if (!optional || pages.definition.skipRun(1, count)) {
      Arrays.fill(out.nulls, row, row + count, false);
      return count;
    }
    pages.definition.read(levels, 0, count);
    int present = 0;
    for (int i = 0; i < count; i++) {
      out.nulls[row + i] = levels[i] == 0;
      present += levels[i] == 0 ? 0 : 1;
    }
    return present;
  }

  /** Reads entries and puts their values into rows from {@code row} on. */
  private void gather(ColumnVector out, int row, int count) throws IOException {
    int[] from = entries;
    values.readEntries(from, row, count);
    int end = row + count;
    for (int lane = 0; lane < out.lanes.length; lane++) {
      long[] target = out.lanes[lane];
      long[] source = dictionary.lanes[lane];
      for (int i = row; i < end; i++) {
        target[i] = source[from[i]];
      }
    }
    if (isBytes) {
      int[] begins = dictionary.begin;
      int[] lengths = dictionary.length;
      for (int i = row; i < end; i++) {
        out.begin[i] = begins[from[i]];
        out.length[i] = lengths[from[i]];
      }
    }
  }

  /** Copies the values of the first rows, so far entries, to the vector's heap. */
  private void copyEntries(ColumnVector out, int rows) {
    out.useHeap();
    for (int i = 0; i < rows; i++) {
      if (!out.nulls[i]) {
        append(out, i, 1);
      }
    }
  }

  /** Copies values, of which the entries are known, to the vector's heap. */
  private void append(ColumnVector out, int row, int count) {
    for (int i = row; i < row + count; i++) {
      int entry = entries[i];
      out.append(i, dictionary.bytes, dictionary.begin[entry], dictionary.length[entry]);
    }
  }

  /** Moves the values of {@code present} rows to those of {@code count} that are not NULL. */
  private void spread(ColumnVector out, int row, int count, int present) {
    int from = row + present - 1;
    for (int to = row + count - 1; from < to; to--) {
      if (out.nulls[to]) {
        continue;
      }
      for (long[] lane : out.lanes) {
        lane[to] = lane[from];
      }
      if (isBytes) {
        out.begin[to] = out.begin[from];
        out.length[to] = out.length[from];
      }
      if (to < entries.length) {
        entries[to] = entries[from];
      }
      from--;
    }
  }

  @Override
  public void close() throws IOException {
    pages.close();
  }
}
