package io.copyload.engine.format.parquet;

import java.util.Arrays;

/**
 * Values of a leaf column as Parquet's physical types have them, without the NULLs: numbers in
 * {@link #longs} (an INT32 and the bits of a FLOAT sign-extended), byte arrays as ranges of {@link
 * #bytes}. Threads: one.
 */
final class RawValues {
  final long[] longs;
  final int[] begin;
  final int[] length;
  byte[] bytes = new byte[0];
  private byte[] heap = new byte[0];
  private int heapSize;

  RawValues(int capacity, boolean isBytes) {
    longs = isBytes ? null : new long[capacity];
    begin = isBytes ? new int[capacity] : null;
    length = isBytes ? new int[capacity] : null;
  }

  /** Values to come are appended to this object's own bytes. */
  void useHeap() {
    heapSize = 0;
    bytes = heap;
  }

  /** Appends a value. */
  void append(int index, byte[] source, int offset, int count) {
    if (heap.length - heapSize < count) {
      heap = Arrays.copyOf(heap, Math.max(heapSize + count, Math.max(256, heap.length * 2)));
    }
    bytes = heap;
    System.arraycopy(source, offset, heap, heapSize, count);
    begin[index] = heapSize;
    length[index] = count;
    heapSize += count;
  }
}
