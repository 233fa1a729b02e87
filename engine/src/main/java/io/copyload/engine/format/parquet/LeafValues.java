package io.copyload.engine.format.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Decodes the values of a leaf column's pages. PLAIN and dictionaries, which nearly all pages have,
 * are decoded here; the rest by parquet-column's readers. Threads: one.
 */
final class LeafValues {
  private final ColumnDescriptor column;
  private final PrimitiveTypeName physical;
  private final int fixedLength;
  private final boolean isBytes;

  private RawValues dictionary;
  private int dictionaryCount;
  private final RleReader indexes = new RleReader();
  private int[] ids = new int[0];

  private enum How {
    PLAIN,
    DICTIONARY,
    LIBRARY
  }

  private How how;
  private byte[] bytes;
  private int position;
  private int end;

  /** Bit of the byte at {@link #position} that the next PLAIN boolean is. */
  private int bit;

  private ValuesReader library;

  LeafValues(ColumnDescriptor column) {
    this.column = column;
    physical = column.getPrimitiveType().getPrimitiveTypeName();
    fixedLength = column.getPrimitiveType().getTypeLength();
    isBytes = isBytes(physical);
  }

  static boolean isBytes(PrimitiveTypeName physical) {
    return switch (physical) {
      case BOOLEAN, INT32, INT64, FLOAT, DOUBLE -> false;
      case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> true;
    };
  }

  /** Begins the current page of a chunk. */
  void beginPage(ChunkPages pages) throws IOException {
    if (pages.dictionaryCount >= 0 && dictionary == null) {
      readDictionary(pages);
    }
    bytes = pages.bytes;
    position = pages.begin;
    end = pages.end;
    bit = 0;
    Encoding encoding = pages.encoding;
    switch (encoding) {
      case PLAIN -> how = How.PLAIN;
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (dictionary == null) {
          throw new IOException("a page refers to a dictionary that the column chunk lacks");
        }
        how = How.DICTIONARY;
        if (position == end) {
          // Nothing but NULLs.
          indexes.begin(bytes, position, end, 0);
        } else {
          indexes.begin(bytes, position + 1, end, bytes[position]);
        }
      }
      default -> {
        how = How.LIBRARY;
        library =
            org.apache.parquet.column.Encoding.valueOf(encoding.name())
                .getValuesReader(column, ValuesType.VALUES);
        library.initFromPage(
            pages.valueCount,
            ByteBufferInputStream.wrap(ByteBuffer.wrap(bytes, position, end - position)));
      }
    }
  }

  private void readDictionary(ChunkPages pages) throws IOException {
    dictionaryCount = pages.dictionaryCount;
    dictionary = new RawValues(dictionaryCount, isBytes);
    how = How.PLAIN;
    bytes = pages.dictionary;
    position = pages.dictionaryBegin;
    end = pages.dictionaryEnd;
    bit = 0;
    read(dictionary, 0, dictionaryCount);
  }

  /** Whether the values of the current page are ranges of one array that lasts as the page does. */
  boolean lastsWithPage() {
    return how != How.LIBRARY;
  }

  /** Whether the values of the current page are entries of the dictionary. */
  boolean isIndexed() {
    return how == How.DICTIONARY;
  }

  int dictionaryCount() {
    return dictionaryCount;
  }

  /** The dictionary's values, of an {@link #isIndexed} page. */
  RawValues dictionary() {
    return dictionary;
  }

  /** Says that of an {@link #isIndexed} page only the entries will be asked for. */
  void dropDictionary() {
    dictionary = new RawValues(0, isBytes);
  }

  /** Reads the dictionary entries of the next values, none of them NULL. */
  void readEntries(int[] out, int at, int count) throws IOException {
    indexes.read(out, at, count);
    int most = 0;
    int signs = 0;
    for (int i = at; i < at + count; i++) {
      most = Math.max(most, out[i]);
      signs |= out[i];
    }
    if (signs < 0 || count > 0 && most >= dictionaryCount) {
      throw badEntry(out, at, count);
    }
  }

  private IOException badEntry(int[] entries, int at, int count) {
    int i = at;
    while (i < at + count - 1 && entries[i] >= 0 && entries[i] < dictionaryCount) {
      i++;
    }
    return new IOException(
        "index " + entries[i] + " in a dictionary of " + dictionaryCount + " values");
  }

  /** Reads the next values of a type that is not bytes, none of them NULL. */
  void readLanes(long[] out, int at, int count) throws IOException {
    switch (how) {
      case PLAIN -> readPlainLanes(out, at, count);
      case DICTIONARY -> readIndexedLanes(out, at, count);
      case LIBRARY -> readLibraryLanes(out, at, count);
    }
  }

  /** Reads the next values, none of them NULL. */
  void read(RawValues out, int at, int count) throws IOException {
    if (!isBytes) {
      readLanes(out.longs, at, count);
      return;
    }
    switch (how) {
      case PLAIN -> readPlainBytes(out, at, count);
      case DICTIONARY -> readIndexedBytes(out, at, count);
      case LIBRARY -> {
        out.useHeap();
        for (int i = at; i < at + count; i++) {
          Binary value = library.readBytes();
          byte[] copy = value.getBytesUnsafe();
          out.append(i, copy, 0, copy.length);
        }
      }
    }
  }

  private void readPlainLanes(long[] out, int at, int count) throws IOException {
    switch (physical) {
      case BOOLEAN -> {
        if ((end - position) * 8L - bit < count) {
          throw tooShort();
        }
        for (int i = at; i < at + count; i++) {
          out[i] = bytes[position] >>> bit & 1;
          bit++;
          if (bit == 8) {
            bit = 0;
            position++;
          }
        }
      }
      case INT32, FLOAT -> {
        check(count, 4);
        for (int i = 0; i < count; i++) {
          out[at + i] = Plain.int32(bytes, position + 4 * i);
        }
        position += 4 * count;
      }
      case INT64, DOUBLE -> {
        check(count, 8);
        for (int i = 0; i < count; i++) {
          out[at + i] = Plain.int64(bytes, position + 8 * i);
        }
        position += 8 * count;
      }
      default -> throw new IllegalStateException(physical.name());
    }
  }

  private void readPlainBytes(RawValues out, int at, int count) throws IOException {
    switch (physical) {
      case INT96 -> fixed(out, at, count, 12);
      case FIXED_LEN_BYTE_ARRAY -> fixed(out, at, count, fixedLength);
      default -> {
        out.bytes = bytes;
        int from = position;
        int limit = end;
        int[] begins = out.begin;
        int[] lengths = out.length;
        for (int i = at; i < at + count; i++) {
          if (limit - from < 4) {
            throw tooShort();
          }
          int length = Plain.int32(bytes, from);
          from += 4;
          if (length < 0 || length > limit - from) {
            throw new IOException(
                "a value of " + length + " bytes with " + (limit - from) + " left in its page");
          }
          begins[i] = from;
          lengths[i] = length;
          from += length;
        }
        position = from;
      }
    }
  }

  private void fixed(RawValues out, int at, int count, int length) throws IOException {
    check(count, length);
    out.bytes = bytes;
    for (int i = at; i < at + count; i++, position += length) {
      out.begin[i] = position;
      out.length[i] = length;
    }
  }

  private void check(int count, int bytesEach) throws IOException {
    if ((long) count * bytesEach > end - position) {
      throw tooShort();
    }
  }

  private static IOException tooShort() {
    return new IOException("the values of a page end before their number is reached");
  }

  private int[] entries(int count) throws IOException {
    if (ids.length < count) {
      ids = new int[count];
    }
    readEntries(ids, 0, count);
    return ids;
  }

  private void readIndexedLanes(long[] out, int at, int count) throws IOException {
    int[] entries = entries(count);
    for (int i = 0; i < count; i++) {
      out[at + i] = dictionary.longs[entries[i]];
    }
  }

  private void readIndexedBytes(RawValues out, int at, int count) throws IOException {
    int[] entries = entries(count);
    out.bytes = dictionary.bytes;
    for (int i = 0; i < count; i++) {
      out.begin[at + i] = dictionary.begin[entries[i]];
      out.length[at + i] = dictionary.length[entries[i]];
    }
  }

  private void readLibraryLanes(long[] out, int at, int count) {
    switch (physical) {
      case BOOLEAN -> {
        for (int i = at; i < at + count; i++) {
          out[i] = library.readBoolean() ? 1 : 0;
        }
      }
      case INT32 -> {
        for (int i = at; i < at + count; i++) {
          out[i] = library.readInteger();
        }
      }
      case INT64 -> {
        for (int i = at; i < at + count; i++) {
          out[i] = library.readLong();
        }
      }
      case FLOAT -> {
        for (int i = at; i < at + count; i++) {
          out[i] = Float.floatToRawIntBits(library.readFloat());
        }
      }
      case DOUBLE -> {
        for (int i = at; i < at + count; i++) {
          out[i] = Double.doubleToRawLongBits(library.readDouble());
        }
      }
      default -> throw new IllegalStateException(physical.name());
    }
  }
}
