package io.copyload.engine.format.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * A data page that is too large for the memory that there is, given out as many small ones: its
 * bytes are decompressed as they are needed, and its values are PLAIN or entries of the dictionary
 * in each small one. Of the page only its levels are held and, in encodings that have no order to
 * read them in, lengths or values. Threads: one.
 */
final class LargePage {
  /** A small page is complete with so many values or bytes. */
  private static final int VALUES = 4096;

  private static final int BYTES = 64 << 10;
  private static final int LEVELS = 1024;

  /** Room for the width and the length of the run before the entries. */
  private static final int RUN_HEAD = 8;

  /** Where a page is, what its header says, and its definition levels. */
  record Source(
      PageStream.Bounded stored,
      InputStream plain,
      int plainBytes,
      int values,
      Encoding encoding,
      byte[] definition) {}

  private final Source page;
  private final PrimitiveTypeName physical;
  private final int fixedLength;
  private final int maxValueBytes;
  private final PageHeap heap;
  private final int maxDefinition;
  private final Buffered in;
  private final RleReader ahead = new RleReader();
  private final int[] levels = new int[LEVELS];
  private int levelAt;
  private int levelEnd;
  private int valuesLeft;

  /** The small page. */
  private byte[] out = new byte[BYTES + 1024];

  private int size;
  private int bits;
  private int bitByte;
  private long bitsRead;

  private Entries entries;
  private DeltaReader numbers;
  private DeltaReader prefixes;
  private byte[] split;
  private int splitAt;
  private byte[] last = new byte[0];
  private int lastLength;

  /**
   * @param maxValueBytes longest value
   */
  LargePage(Source page, ColumnDescriptor column, int maxValueBytes, PageHeap heap)
      throws IOException {
    this.heap = heap;
    this.page = page;
    this.maxValueBytes = maxValueBytes;
    physical = column.getPrimitiveType().getPrimitiveTypeName();
    fixedLength =
        physical == PrimitiveTypeName.INT96 ? 12 : column.getPrimitiveType().getTypeLength();
    maxDefinition = column.getMaxDefinitionLevel();
    in = new Buffered(page.plain);
    valuesLeft = page.values;
    if (maxDefinition > 0) {
      ahead.begin(
          page.definition,
          0,
          page.definition.length,
          32 - Integer.numberOfLeadingZeros(maxDefinition));
    }
  }

  /** Whether pages of the encoding can be read piece by piece. */
  static boolean streams(Encoding encoding) {
    return switch (encoding) {
      case PLAIN,
          PLAIN_DICTIONARY,
          RLE_DICTIONARY,
          DELTA_BINARY_PACKED,
          DELTA_LENGTH_BYTE_ARRAY,
          DELTA_BYTE_ARRAY,
          BYTE_STREAM_SPLIT ->
          true;
      default -> false;
    };
  }

  /**
   * Whether values of the encoding can take far more bytes than their page. Such pages are given
   * out piece by piece whatever their size.
   */
  static boolean expands(Encoding encoding) {
    return switch (encoding) {
      case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY, BYTE_STREAM_SPLIT ->
          true;
      default -> false;
    };
  }

  /** Sets the next small page; false when all have been. */
  boolean next(ChunkPages pages) throws IOException {
    if (valuesLeft == 0) {
      return false;
    }
    boolean indexed =
        page.encoding == Encoding.PLAIN_DICTIONARY || page.encoding == Encoding.RLE_DICTIONARY;
    size = indexed ? RUN_HEAD : 0;
    bits = 0;
    int count = 0;
    while (count < VALUES && size < BYTES && valuesLeft > 0) {
      if (isPresent()) {
        append();
      }
      count++;
      valuesLeft--;
    }
    if (valuesLeft == 0) {
      finish();
    }
    pages.valueCount = count;
    pages.encoding = indexed ? Encoding.RLE_DICTIONARY : Encoding.PLAIN;
    pages.bytes = out;
    pages.begin = indexed ? runHead() : 0;
    pages.end = size;
    return true;
  }

  private boolean isPresent() throws IOException {
    if (maxDefinition == 0) {
      return true;
    }
    if (levelAt == levelEnd) {
      levelEnd = Math.min(LEVELS, valuesLeft);
      levelAt = 0;
      ahead.read(levels, 0, levelEnd);
    }
    return levels[levelAt++] == maxDefinition;
  }

  private void append() throws IOException {
    switch (page.encoding) {
      case PLAIN -> appendPlain();
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (entries == null) {
          entries = new Entries(in);
        }
        appendNumber(entries.next(), Integer.BYTES);
      }
      case DELTA_BINARY_PACKED -> {
        if (numbers == null) {
          numbers = new DeltaReader(in);
        }
        appendNumber(
            numbers.next(), physical == PrimitiveTypeName.INT32 ? Integer.BYTES : Long.BYTES);
      }
      case DELTA_LENGTH_BYTE_ARRAY -> {
        if (numbers == null) {
          numbers = heldNumbers();
        }
        appendBytes(numbers.next(), true);
      }
      case DELTA_BYTE_ARRAY -> appendWithPrefix();
      case BYTE_STREAM_SPLIT -> appendSplit();
      default -> throw new IllegalStateException(page.encoding.name());
    }
  }

  private void appendPlain() throws IOException {
    switch (physical) {
      case BOOLEAN -> appendBit();
      case INT32, FLOAT -> appendBytes(Integer.BYTES, false);
      case INT64, DOUBLE -> appendBytes(Long.BYTES, false);
      case INT96, FIXED_LEN_BYTE_ARRAY -> appendBytes(fixedLength, false);
      case BINARY -> appendBytes(in.int32(), true);
    }
  }

  private void appendBit() throws IOException {
    if (bitsRead % 8 == 0) {
      bitByte = in.next();
    }
    room(1);
    if (bits % 8 == 0) {
      out[size++] = 0;
    }
    out[size - 1] |= (byte) ((bitByte >>> bitsRead % 8 & 1) << bits % 8);
    bits++;
    bitsRead++;
  }

  private void appendNumber(long number, int bytes) {
    room(Long.BYTES);
    // All eight bytes; those that are not wanted are written over.
    Plain.LONGS.set(out, size, number);
    size += bytes;
  }

  private void appendBytes(long length, boolean withLength) throws IOException {
    checkLength(length);
    if (withLength) {
      appendNumber(length, Integer.BYTES);
    }
    // What is claimed may not be there.
    for (int left = (int) length; left > 0; ) {
      int piece = Math.min(left, BYTES);
      room(piece);
      in.readFully(out, size, piece);
      size += piece;
      left -= piece;
    }
  }

  private void checkLength(long length) throws IOException {
    if (length < 0 || length > page.plainBytes - in.consumed) {
      throw new IOException(
          "a value of "
              + length
              + " bytes with "
              + (page.plainBytes - in.consumed)
              + " left in its page");
    }
    checkValue(length);
  }

  private void checkValue(long length) throws IOException {
    if (length > maxValueBytes) {
      throw new IOException(
          "a value of "
              + length
              + " bytes is longer than the "
              + maxValueBytes
              + " that the memory setting allows");
    }
  }

  private void appendWithPrefix() throws IOException {
    if (numbers == null) {
      prefixes = heldNumbers();
      numbers = heldNumbers();
    }
    long prefix = prefixes.next();
    long suffix = numbers.next();
    checkLength(suffix);
    if (prefix < 0 || prefix > lastLength) {
      throw new IOException("a prefix of " + prefix + " bytes of a value that has " + lastLength);
    }
    int length = Math.toIntExact(prefix + suffix);
    checkValue(length);
    if (last.length < length) {
      last = Arrays.copyOf(last, Math.max(length, 2 * last.length));
    }
    in.readFully(last, (int) prefix, (int) suffix);
    lastLength = length;
    if (physical == PrimitiveTypeName.BINARY) {
      appendNumber(length, Integer.BYTES);
    } else if (length != fixedLength) {
      throw new IOException("a value of " + length + " bytes where all have " + fixedLength);
    }
    room(length);
    System.arraycopy(last, 0, out, size, length);
    size += length;
  }

  /** Each byte of a value is in a stream of its own, one stream behind the other. */
  private void appendSplit() throws IOException {
    int width =
        switch (physical) {
          case INT32, FLOAT -> Integer.BYTES;
          case INT64, DOUBLE -> Long.BYTES;
          default -> fixedLength;
        };
    if (split == null) {
      heap.hold(page.plainBytes);
      split = new byte[page.plainBytes];
      in.readFully(split, 0, split.length);
    }
    int stride = split.length / Math.max(1, width);
    if (splitAt >= stride) {
      throw tooShort();
    }
    room(width);
    for (int i = 0; i < width; i++) {
      out[size + i] = split[splitAt + i * stride];
    }
    size += width;
    splitAt++;
  }

  /** Numbers that stand before what they are about, and are held in their encoding. */
  private DeltaReader heldNumbers() throws IOException {
    ByteArrayOutputStream held = new ByteArrayOutputStream();
    DeltaReader all =
        new DeltaReader(
            new InputStream() {
              @Override
              public int read() throws IOException {
                int b = in.read();
                if (b >= 0) {
                  held.write(b);
                }
                return b;
              }

              @Override
              public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = in.read(buffer, offset, length);
                held.write(buffer, offset, Math.max(0, count));
                return count;
              }
            });
    while (all.left() > 0) {
      all.next();
    }
    return new DeltaReader(new ByteArrayInputStream(held.toByteArray()));
  }

  private void room(int bytes) {
    if (out.length - size < bytes) {
      out = Arrays.copyOf(out, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * out.length + bytes));
    }
  }

  /** Puts width and length of one packed run before the entries, and returns where they begin. */
  private int runHead() {
    int present = (size - RUN_HEAD) / Integer.BYTES;
    if (present == 0) {
      return size;
    }
    int head = (present + 7) / 8 << 1 | 1;
    int bytes = (31 - Integer.numberOfLeadingZeros(head)) / 7 + 1;
    int begin = RUN_HEAD - bytes - 1;
    out[begin] = Integer.SIZE;
    for (int i = 0; i < bytes; i++) {
      out[begin + 1 + i] = (byte) (head >>> 7 * i & 0x7f | (i < bytes - 1 ? 0x80 : 0));
    }
    return begin;
  }

  private void finish() throws IOException {
    if (split != null) {
      heap.release(split.length);
      split = null;
    }
    byte[] nowhere = new byte[1024];
    int count;
    while (in.consumed <= page.plainBytes && (count = in.read(nowhere, 0, nowhere.length)) >= 0) {
      // Only counted: what is behind the last value means nothing.
    }
    if (in.consumed != page.plainBytes) {
      throw new IOException(
          "a page of " + page.plainBytes + " bytes decompressed to " + in.consumed);
    }
    page.stored.skipRest();
  }

  /** The page's decompressed bytes with a count. */
  private static final class Buffered extends InputStream {
    private final InputStream in;
    private final byte[] buffer = new byte[8 << 10];
    private int at;
    private int end;

    /** Bytes that have been read. */
    private long consumed;

    Buffered(InputStream in) {
      this.in = in;
    }

    private boolean fill() throws IOException {
      at = 0;
      end = Math.max(0, in.read(buffer, 0, buffer.length));
      return end > 0;
    }

    @Override
    public int read() throws IOException {
      if (at == end && !fill()) {
        return -1;
      }
      consumed++;
      return buffer[at++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (at == end && !fill()) {
        return -1;
      }
      int count = Math.min(length, end - at);
      System.arraycopy(buffer, at, target, offset, count);
      at += count;
      consumed += count;
      return count;
    }

    int next() throws IOException {
      int b = read();
      if (b < 0) {
        throw tooShort();
      }
      return b;
    }

    int int32() throws IOException {
      return next() | next() << 8 | next() << 16 | next() << 24;
    }

    void readFully(byte[] target, int offset, int length) throws IOException {
      if (readNBytes(target, offset, length) < length) {
        throw tooShort();
      }
    }
  }

  private static IOException tooShort() {
    return new EOFException("the values of a page end before their number is reached");
  }

  /** Entries of a dictionary in the hybrid of runs and packed groups, as a stream. */
  private static final class Entries {
    private final Buffered in;
    private final int width;
    private long runLeft;
    private int runValue;
    private long groupsLeft;
    private final byte[] group;
    private int inGroup = 8;

    Entries(Buffered in) throws IOException {
      this.in = in;
      width = in.next();
      if (width > Integer.SIZE) {
        throw new IOException("bit width " + width + " is out of range");
      }
      group = new byte[width + Long.BYTES];
    }

    int next() throws IOException {
      if (width == 0) {
        return 0;
      }
      while (true) {
        if (runLeft > 0) {
          runLeft--;
          return runValue;
        }
        if (inGroup < 8) {
          int bit = inGroup++ * width;
          return (int) (Plain.int64(group, bit >>> 3) >>> (bit & 7) & (1L << width) - 1);
        }
        if (groupsLeft > 0) {
          groupsLeft--;
          // The last group may be cut short at the end of the page.
          int count = in.readNBytes(group, 0, width);
          Arrays.fill(group, count, group.length, (byte) 0);
          if (count == 0) {
            throw tooShort();
          }
          inGroup = 0;
          continue;
        }
        nextRun();
      }
    }

    private void nextRun() throws IOException {
      long head = 0;
      int shift = 0;
      int b;
      do {
        b = in.next();
        head |= (b & 0x7fL) << shift;
        shift += 7;
      } while (b >= 0x80 && shift < 42);
      if (head >>> 1 == 0 || head >>> 1 > Integer.MAX_VALUE) {
        throw new IOException("a run of " + (head >>> 1) + " values");
      }
      if ((head & 1) == 1) {
        groupsLeft = head >>> 1;
        return;
      }
      runLeft = head >>> 1;
      runValue = 0;
      for (int i = 0; i < (width + 7) / 8; i++) {
        runValue |= in.next() << 8 * i;
      }
    }
  }
}
