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

  /** Reads the next values, none of them NULL. */
  void read(RawValues out, int at, int count) throws IOException {
    switch (how) {
      case PLAIN -> readPlain(out, at, count);
      case DICTIONARY -> readIndexed(out, at, count);
      case LIBRARY -> readLibrary(out, at, count);
    }
  }

  private void readPlain(RawValues out, int at, int count) throws IOException {
    switch (physical) {
      case BOOLEAN -> {
        if ((end - position) * 8L - bit < count) {
          throw tooShort();
        }
        for (int i = at; i < at + count; i++) {
          out.longs[i] = bytes[position] >>> bit & 1;
          bit++;
          if (bit == 8) {
            bit = 0;
            position++;
          }
        }
      }
      case INT32, FLOAT -> {
        check(count, 4);
        for (int i = at; i < at + count; i++, position += 4) {
          out.longs[i] = Plain.int32(bytes, position);
        }
      }
      case INT64, DOUBLE -> {
        check(count, 8);
        for (int i = at; i < at + count; i++, position += 8) {
          out.longs[i] = Plain.int64(bytes, position);
        }
      }
      case INT96 -> fixed(out, at, count, 12);
      case FIXED_LEN_BYTE_ARRAY -> fixed(out, at, count, fixedLength);
      case BINARY -> {
        out.bytes = bytes;
        for (int i = at; i < at + count; i++) {
          if (end - position < 4) {
            throw tooShort();
          }
          int length = Plain.int32(bytes, position);
          position += 4;
          if (length < 0 || length > end - position) {
            throw new IOException(
                "a value of " + length + " bytes with " + (end - position) + " left in its page");
          }
          out.begin[i] = position;
          out.length[i] = length;
          position += length;
        }
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

  private void readIndexed(RawValues out, int at, int count) throws IOException {
    if (ids.length < count) {
      ids = new int[count];
    }
    indexes.read(ids, 0, count);
    for (int i = 0; i < count; i++) {
      if (ids[i] < 0 || ids[i] >= dictionaryCount) {
        throw new IOException(
            "index " + ids[i] + " in a dictionary of " + dictionaryCount + " values");
      }
    }
    if (isBytes) {
      out.bytes = dictionary.bytes;
      for (int i = 0; i < count; i++) {
        out.begin[at + i] = dictionary.begin[ids[i]];
        out.length[at + i] = dictionary.length[ids[i]];
      }
    } else {
      for (int i = 0; i < count; i++) {
        out.longs[at + i] = dictionary.longs[ids[i]];
      }
    }
  }

  private void readLibrary(RawValues out, int at, int count) {
    switch (physical) {
      case BOOLEAN -> {
        for (int i = at; i < at + count; i++) {
          out.longs[i] = library.readBoolean() ? 1 : 0;
        }
      }
      case INT32 -> {
        for (int i = at; i < at + count; i++) {
          out.longs[i] = library.readInteger();
        }
      }
      case INT64 -> {
        for (int i = at; i < at + count; i++) {
          out.longs[i] = library.readLong();
        }
      }
      case FLOAT -> {
        for (int i = at; i < at + count; i++) {
          out.longs[i] = Float.floatToRawIntBits(library.readFloat());
        }
      }
      case DOUBLE -> {
        for (int i = at; i < at + count; i++) {
          out.longs[i] = Double.doubleToRawLongBits(library.readDouble());
        }
      }
      case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> {
        out.useHeap();
        for (int i = at; i < at + count; i++) {
          Binary value = library.readBytes();
          byte[] copy = value.getBytesUnsafe();
          out.append(i, copy, 0, copy.length);
        }
      }
    }
  }
}
