package io.copyload.engine.store;

import io.copyload.engine.store.encoding.BlockCodec;
import io.copyload.engine.store.encoding.ByteStringDictionary;
import io.copyload.engine.store.encoding.ByteStringEncoder;
import io.copyload.engine.store.encoding.ChunkOutput;
import io.copyload.engine.store.encoding.LaneEncoder;
import io.copyload.engine.store.encoding.NamedByteStringEncoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A column of byte strings. A row group begins with a dictionary and goes over to plain values, for
 * its rest, when that does not pay.
 */
final class ByteColumnBuilder extends ColumnBuilder {
  /**
   * As {@link #PROBATION_ROWS}, where the row group before had to do without, with nearly as many
   * entries.
   */
  private static final int EARLY_ROWS = 1 << 10;

  /** From this many rows on, a dictionary of half as many entries is given up. */
  private static final int PROBATION_ROWS = 1 << 13;

  /** Of longer dictionaries of vectors the values are looked up, not the entries. */
  private static final int MAX_VECTOR_ENTRIES = 1 << 16;

  /** Longer values are copied by the JVM's own copy, shorter ones eight bytes at a time. */
  private static final int MAX_WORD_COPY = 48;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final TextZone zone;
  private final ByteStringDictionary dictionary = new ByteStringDictionary();
  private boolean plain;

  /** Whether the last row group was {@link #plain} in the end. */
  private boolean gaveUpBefore;

  /** Dictionary codes, or lengths when {@link #plain}. */
  private int[] codes = new int[FIRST_ROWS];

  /** Values when {@link #plain}. */
  private byte[] heap = new byte[0];

  private int heapSize;

  /** Bytes of all values. */
  private long valueBytes;

  /** Dictionary of the vector appended last. */
  private ColumnVector vectorDictionary;

  /** Code of each of its entries; -1 where none has been asked for. */
  private int[] vectorCodes = new int[0];

  /** Null where the values decide. */
  private final ColumnEncoding encoding;

  /** Whether no dictionary is tried, because of the encoding. */
  private final boolean alwaysPlain;

  ByteColumnBuilder(TargetType type, ColumnEncoding asked) {
    encoding = asked != null && isOfBytes(asked) ? asked : null;
    alwaysPlain = encoding != null && encoding != ColumnEncoding.BYTEDICT;
    plain = alwaysPlain;
    zone =
        switch (type.kind()) {
          case CHAR, VARCHAR, CLOB -> new TextZone();
          default -> null;
        };
  }

  /** The others are of integers: a NUMERIC too wide for a lane is written by what is in it. */
  private static boolean isOfBytes(ColumnEncoding encoding) {
    return switch (encoding) {
      case RAW, BYTEDICT, LZO, RUNLENGTH, TEXT255, TEXT32K, ZSTD -> true;
      case AZ64, DELTA, DELTA32K, MOSTLY8, MOSTLY16, MOSTLY32 -> false;
    };
  }

  @Override
  int version() {
    return encoding == null ? 1 : ColumnChunk.VERSION;
  }

  @Override
  int laneCount() {
    return 0;
  }

  @Override
  void append(ColumnVector vector, int[] selection, int from, int to) {
    int end = rowCount + to - from;
    if (codes.length < end) {
      codes = Arrays.copyOf(codes, grown(codes.length, end));
    }
    nullBits(end);
    int next = plain ? from : appendCodes(vector, selection, from, to);
    if (next < to) {
      if (!plain) {
        goPlain();
      }
      appendPlain(vector, selection, next, to);
    } else if (!plain
        && encoding == null
        && (gaveUpBefore
                && rowCount >= EARLY_ROWS
                && dictionary.size() > (rowCount - nullCount) * 0.9
            || rowCount >= PROBATION_ROWS && dictionary.size() * 2 > rowCount - nullCount)) {
      goPlain();
    }
  }

  /**
   * Returns the index of the first row that the dictionary did not take, {@code to} when it took
   * all.
   */
  private int appendCodes(ColumnVector vector, int[] selection, int from, int to) {
    boolean[] nulls = vector.nulls;
    int[] begin = vector.begin;
    int[] length = vector.length;
    byte[] bytes = vector.bytes;
    ByteStringDictionary entries = dictionary;
    if (vector.dictionary() != null && vector.dictionary().capacity() <= MAX_VECTOR_ENTRIES) {
      return appendEntries(vector, selection, from, to);
    }
    if (selection == null && hasNoNulls(nulls, from, to)) {
      int end = entries.internAll(bytes, begin, length, from, to, codes, rowCount);
      long sum = 0;
      for (int i = from; i < end; i++) {
        sum += length[i];
      }
      rowCount += end - from;
      valueBytes += sum;
      return end;
    }
    int[] target = codes;
    int row = rowCount;
    int code = row == 0 ? 0 : target[row - 1];
    long sum = 0;
    int i = from;
    for (; i < to; i++, row++) {
      int source = selection == null ? i : selection[i];
      if (nulls[source]) {
        setNull(row);
      } else {
        int found = entries.intern(bytes, begin[source], length[source]);
        if (found < 0) {
          break;
        }
        code = found;
        sum += length[source];
      }
      target[row] = code;
    }
    rowCount = row;
    valueBytes += sum;
    return i;
  }

  /** As {@link #appendCodes}, for a vector with a dictionary: each entry is looked up once. */
  private int appendEntries(ColumnVector vector, int[] selection, int from, int to) {
    if (vectorDictionary != vector.dictionary()) {
      vectorDictionary = vector.dictionary();
      int count = vectorDictionary.capacity();
      if (vectorCodes.length < count) {
        vectorCodes = new int[count];
      }
      Arrays.fill(vectorCodes, 0, count, -1);
    }
    boolean[] nulls = vector.nulls;
    int[] length = vector.length;
    int[] vectorEntries = vector.entries();
    int[] known = vectorCodes;
    int[] target = codes;
    int row = rowCount;
    int code = row == 0 ? 0 : target[row - 1];
    long sum = 0;
    int i = from;
    for (; i < to; i++, row++) {
      int source = selection == null ? i : selection[i];
      if (nulls[source]) {
        setNull(row);
      } else {
        int entry = vectorEntries[source];
        int found = known[entry];
        if (found < 0) {
          found = dictionary.intern(vector.bytes, vector.begin[source], length[source]);
          if (found < 0) {
            break;
          }
          known[entry] = found;
        }
        code = found;
        sum += length[source];
      }
      target[row] = code;
    }
    rowCount = row;
    valueBytes += sum;
    return i;
  }

  private void appendPlain(ColumnVector vector, int[] selection, int from, int to) {
    boolean[] nulls = vector.nulls;
    int[] begin = vector.begin;
    int[] length = vector.length;
    byte[] bytes = vector.bytes;
    long sum = 0;
    for (int i = from; i < to; i++) {
      int source = selection == null ? i : selection[i];
      sum += nulls[source] ? 0 : length[source];
    }
    reserve(sum);
    byte[] heap = this.heap;
    int[] target = codes;
    int row = rowCount;
    int at = heapSize;
    int lastWordCopy = bytes.length - MAX_WORD_COPY;
    for (int i = from; i < to; i++, row++) {
      int source = selection == null ? i : selection[i];
      if (nulls[source]) {
        setNull(row);
        target[row] = 0;
        continue;
      }
      int start = begin[source];
      int n = length[source];
      target[row] = n;
      if (zone != null) {
        zone.add(ByteStringDictionary.head(bytes, start, n), bytes, start, n);
      }
      if (n <= MAX_WORD_COPY && start <= lastWordCopy) {
        // Writes too much, for which there is room; the next value covers it. A loop that stopped
        // after the last
        // word would cost a mispredicted branch a value, which is dearer than copying all words.
        LONG.set(heap, at, (long) LONG.get(bytes, start));
        LONG.set(heap, at + 8, (long) LONG.get(bytes, start + 8));
        if (n > 16) {
          LONG.set(heap, at + 16, (long) LONG.get(bytes, start + 16));
          LONG.set(heap, at + 24, (long) LONG.get(bytes, start + 24));
          LONG.set(heap, at + 32, (long) LONG.get(bytes, start + 32));
          LONG.set(heap, at + 40, (long) LONG.get(bytes, start + 40));
        }
      } else {
        System.arraycopy(bytes, start, heap, at, n);
      }
      at += n;
    }
    rowCount = row;
    valueBytes += at - heapSize;
    heapSize = at;
  }

  /** Makes room for {@code count} more bytes and an overshooting copy. */
  private void reserve(long count) {
    long needed = heapSize + count + MAX_WORD_COPY;
    if (needed > heap.length) {
      long length =
          Math.max(needed, Math.min(heap.length * 3L / 2, RowGroupWriter.MAX_CHUNK_BYTES));
      heap = Arrays.copyOf(heap, Math.toIntExact(length));
    }
  }

  /** Replaces the codes of the rows so far by lengths and values. */
  private void goPlain() {
    reserve(valueBytes);
    byte[] entries = dictionary.bytes();
    int at = 0;
    for (int row = 0; row < rowCount; row++) {
      int n = 0;
      if (!isNull(row)) {
        int offset = dictionary.offset(codes[row]);
        n = dictionary.length(codes[row]);
        System.arraycopy(entries, offset, heap, at, n);
        at += n;
      }
      codes[row] = n;
    }
    heapSize = at;
    plain = true;
    addEntriesToZone();
    dictionary.clear();
    vectorDictionary = null;
  }

  private void addEntriesToZone() {
    if (zone == null) {
      return;
    }
    byte[] entries = dictionary.bytes();
    for (int entry = 0; entry < dictionary.size(); entry++) {
      int offset = dictionary.offset(entry);
      int n = dictionary.length(entry);
      zone.add(ByteStringDictionary.head(entries, offset, n), entries, offset, n);
    }
  }

  @Override
  long heapBytes() {
    return 4L * rowCount + heapSize + (plain ? 0 : dictionary.heapBytes());
  }

  @Override
  void encode(LaneEncoder lanes, ByteStringEncoder byteStrings, ChunkOutput out) {
    if (!plain && ByteStringEncoder.estimate(dictionary, rowCount) > valueBytes + rowCount) {
      goPlain();
    }
    if (alwaysPlain) {
      encodeAsAsked(new NamedByteStringEncoder(lanes, byteStrings), out);
    } else if (plain) {
      byteStrings.encode(heap, heapSize, codes, rowCount, out);
    } else {
      byteStrings.encode(dictionary, codes, rowCount, out);
      addEntriesToZone();
    }
  }

  private void encodeAsAsked(NamedByteStringEncoder named, ChunkOutput out) {
    switch (encoding) {
      case LZO -> named.compressed(BlockCodec.LZO, heap, heapSize, codes, rowCount, out);
      case ZSTD -> named.compressed(BlockCodec.ZSTD, heap, heapSize, codes, rowCount, out);
      case RUNLENGTH -> named.runs(heap, heapSize, codes, rowCount, out);
      case TEXT255 -> named.words(1, heap, heapSize, codes, rowCount, out);
      case TEXT32K -> named.words(2, heap, heapSize, codes, rowCount, out);
      default -> named.raw(heap, heapSize, codes, rowCount, out);
    }
  }

  @Override
  ChunkInfo info(ChunkOutput out) {
    boolean hasZone = zone != null;
    return new ChunkInfo(
        out.partCount(),
        out.byteCount(),
        out.checksum(),
        nullCount,
        hasZone,
        0,
        0,
        hasZone ? zone.lower() : null,
        hasZone ? zone.upper() : null);
  }

  @Override
  void clear(long keepBytes) {
    super.clear(keepBytes);
    gaveUpBefore = plain;
    plain = alwaysPlain;
    heapSize = 0;
    valueBytes = 0;
    dictionary.clear();
    vectorDictionary = null;
    if (zone != null) {
      zone.clear();
    }
    if (heap.length > keepBytes) {
      heap = new byte[0];
    }
  }
}
