package io.copyload.engine.store;

import java.util.Arrays;

/**
 * Values of one column for one batch of rows, on their way from a converter to a row group.
 *
 * <p>Row {@code i} is NULL when {@code nulls[i]}; its lanes or range then mean nothing. A lane type
 * has its values in {@code lanes[lane][i]}; a byte type's value is {@code bytes[begin[i] ..
 * begin[i] + length[i])}, where {@code bytes} is either {@linkplain #pointTo the batch's own
 * buffer} (no copy) or this vector's {@linkplain #append heap}.
 *
 * <p>Threads: one owner, the slice. Ownership: the arrays are reused for the next batch.
 */
public final class ColumnVector {
  private final TargetType type;
  private final int capacity;

  /** One flag per row. Converters set every row's flag. */
  public final boolean[] nulls;

  /** {@code lanes[lane][row]}; empty for byte types. */
  public final long[][] lanes;

  /** Start of each value in {@link #bytes}; null for lane types. */
  public final int[] begin;

  /** Length of each value in bytes; null for lane types. */
  public final int[] length;

  /** What {@link #begin} points into. */
  public byte[] bytes;

  private byte[] heap;
  private int heapSize;

  /** What the batch's values are entries of, or null. */
  private ColumnVector dictionary;

  /** Entry of each row, where there is a dictionary. */
  private int[] entries;

  private boolean ascii;

  /** Null when no row can ask for a default. */
  private boolean[] defaults;

  public ColumnVector(TargetType type, int capacity) {
    this.type = type;
    this.capacity = capacity;
    int laneCount = type.laneCount();
    nulls = new boolean[capacity];
    lanes = new long[laneCount][capacity];
    begin = laneCount == 0 ? new int[capacity] : null;
    length = laneCount == 0 ? new int[capacity] : null;
    heap = new byte[0];
    bytes = heap;
  }

  public TargetType type() {
    return type;
  }

  /** Most rows this vector can hold. */
  public int capacity() {
    return capacity;
  }

  /** Whether a row, which is NULL here, asks for the default of its column. */
  public boolean asksForDefault(int row) {
    return defaults != null && defaults[row];
  }

  /** One flag per row for {@link #asksForDefault}, to be set for every batch once asked for. */
  public boolean[] defaults() {
    if (defaults == null) {
      defaults = new boolean[capacity];
    }
    return defaults;
  }

  /** Byte values of the coming batch are ranges of {@code buffer}. */
  public void pointTo(byte[] buffer) {
    forgetHints();
    bytes = buffer;
  }

  /**
   * Every value of the coming batch is an entry of a dictionary, whose bytes the values' ranges are
   * in: whoever works on the values may work on the entries instead.
   *
   * @param values row {@code i} is entry {@code i}; none is NULL, and nobody changes them any more
   * @param rowEntries entry of each row that is not NULL
   */
  public void pointTo(ColumnVector values, int[] rowEntries) {
    pointTo(values.bytes);
    ascii = values.ascii;
    dictionary = values;
    entries = rowEntries;
  }

  /** The dictionary of the batch, or null when there is none. */
  public ColumnVector dictionary() {
    return dictionary;
  }

  /** Entry of each row in the {@link #dictionary}. */
  public int[] entries() {
    return entries;
  }

  /** Whether all bytes of the batch's values are known to be 1 to 127. */
  public boolean isAscii() {
    return ascii;
  }

  /** Says that all bytes of the batch's values are 1 to 127; to be called when all are there. */
  public void setAscii() {
    ascii = true;
  }

  private void forgetHints() {
    dictionary = null;
    entries = null;
    ascii = false;
  }

  /** Byte values of the coming batch are appended to this vector's own heap, which is emptied. */
  public void useHeap() {
    forgetHints();
    heapSize = 0;
    bytes = heap;
  }

  /**
   * Makes room for {@code count} more heap bytes and returns the heap, which {@link #bytes} then
   * is.
   */
  public byte[] reserve(int count) {
    if (heap.length - heapSize < count) {
      heap = Arrays.copyOf(heap, Math.max(heapSize + count, Math.max(256, heap.length * 2)));
    }
    bytes = heap;
    return heap;
  }

  /** Bytes of the heap in use: where the next value begins. */
  public int heapSize() {
    return heapSize;
  }

  /** Copies a value to the heap and makes it row {@code row}. */
  public void append(int row, byte[] source, int offset, int count) {
    System.arraycopy(source, offset, reserve(count), heapSize, count);
    commit(row, count);
  }

  /** Makes the {@code count} bytes just written behind {@link #heapSize} row {@code row}. */
  public void commit(int row, int count) {
    begin[row] = heapSize;
    length[row] = count;
    heapSize += count;
  }
}
