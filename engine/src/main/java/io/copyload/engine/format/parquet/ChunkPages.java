package io.copyload.engine.format.parquet;

import java.io.Closeable;
import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;

/**
 * The pages of one column chunk, one after the other: never more than one data page and the
 * dictionary are in memory. Threads: one.
 */
final class ChunkPages implements Closeable {
  private final ChunkInput input;
  private final PageCodec codec;
  private final ColumnDescriptor column;
  private final int maxPageBytes;
  private byte[] decoded = new byte[0];

  /** Values of the current page, NULLs included. */
  int valueCount;

  /** Levels of the current page; meaningful where the column has such levels. */
  final RleReader repetition = new RleReader();

  final RleReader definition = new RleReader();

  /** Encoding of the current page's values. */
  Encoding encoding;

  /** Where the encoded values are: {@code bytes[begin .. end)}. */
  byte[] bytes;

  int begin;
  int end;

  /** The dictionary's encoded values, and their number; -1 when there is none. */
  byte[] dictionary;

  int dictionaryBegin;
  int dictionaryEnd;
  int dictionaryCount = -1;

  /**
   * @param maxPageBytes longest page, stored or decompressed
   */
  ChunkPages(ChunkInput input, PageCodec codec, ColumnDescriptor column, int maxPageBytes) {
    this.input = input;
    this.codec = codec;
    this.column = column;
    this.maxPageBytes = maxPageBytes;
  }

  /** Goes to the next data page that has values; false when there is none. */
  boolean next() throws IOException {
    while (!input.atEnd()) {
      PageHeader header;
      try {
        header = Util.readPageHeader(input);
      } catch (IOException | RuntimeException e) {
        throw new IOException("damaged page header: " + e.getMessage(), e);
      }
      int stored = size(header.getCompressed_page_size());
      int plain = size(header.getUncompressed_page_size());
      switch (header.getType()) {
        case DATA_PAGE -> dataPage(header.getData_page_header(), stored, plain);
        case DATA_PAGE_V2 -> dataPageV2(header.getData_page_header_v2(), stored, plain);
        case DICTIONARY_PAGE -> {
          dictionaryPage(header.getDictionary_page_header(), stored, plain);
          continue;
        }
        default -> {
          input.take(stored);
          continue;
        }
      }
      if (valueCount > 0) {
        return true;
      }
    }
    return false;
  }

  private int size(int claimed) throws IOException {
    if (claimed < 0) {
      throw new IOException("a page of " + claimed + " bytes");
    }
    if (claimed > maxPageBytes) {
      throw new IOException(
          "a page of "
              + claimed
              + " bytes is longer than the "
              + maxPageBytes
              + " that the memory setting allows");
    }
    return claimed;
  }

  private static <T> T present(T header) throws IOException {
    if (header == null) {
      throw new IOException("a page header without the part that its type demands");
    }
    return header;
  }

  private void count(int values) throws IOException {
    if (values < 0) {
      throw new IOException("a page claims " + values + " values");
    }
    valueCount = values;
  }

  private void dataPage(DataPageHeader header, int stored, int plain) throws IOException {
    present(header);
    count(header.getNum_values());
    encoding = present(header.getEncoding());
    int at = input.take(stored);
    decode(input.bytes(), at, stored, plain);
    if (column.getMaxRepetitionLevel() > 0) {
      checkRle(header.getRepetition_level_encoding());
      levels(repetition, column.getMaxRepetitionLevel());
    }
    if (column.getMaxDefinitionLevel() > 0) {
      checkRle(header.getDefinition_level_encoding());
      levels(definition, column.getMaxDefinitionLevel());
    }
  }

  private static void checkRle(Encoding levels) throws IOException {
    if (levels != Encoding.RLE) {
      throw new IOException("levels in the encoding " + levels + " are not supported");
    }
  }

  /** Levels of a page of version 1 stand before the values, behind their length. */
  private void levels(RleReader reader, int max) throws IOException {
    if (end - begin < 4) {
      throw new IOException("a page ends before its levels do");
    }
    int length = Plain.int32(bytes, begin);
    begin += 4;
    if (length < 0 || length > end - begin) {
      throw new IOException("levels of " + length + " bytes in a page of " + (end - begin));
    }
    reader.begin(bytes, begin, begin + length, width(max));
    begin += length;
  }

  private static int width(int max) {
    return 32 - Integer.numberOfLeadingZeros(max);
  }

  private void dataPageV2(DataPageHeaderV2 header, int stored, int plain) throws IOException {
    present(header);
    count(header.getNum_values());
    encoding = present(header.getEncoding());
    int repetitionBytes = header.getRepetition_levels_byte_length();
    int definitionBytes = header.getDefinition_levels_byte_length();
    long levelBytes = (long) repetitionBytes + definitionBytes;
    if (repetitionBytes < 0 || definitionBytes < 0 || levelBytes > Math.min(stored, plain)) {
      throw new IOException("levels of " + levelBytes + " bytes in a page of " + stored);
    }
    int at = input.take(stored);
    byte[] source = input.bytes();
    if (column.getMaxRepetitionLevel() > 0) {
      repetition.begin(source, at, at + repetitionBytes, width(column.getMaxRepetitionLevel()));
    }
    if (column.getMaxDefinitionLevel() > 0) {
      definition.begin(
          source,
          at + repetitionBytes,
          at + (int) levelBytes,
          width(column.getMaxDefinitionLevel()));
    }
    int valueBegin = at + (int) levelBytes;
    int valueBytes = stored - (int) levelBytes;
    boolean compressed = !header.isSetIs_compressed() || header.isIs_compressed();
    if (compressed && valueBytes > 0) {
      decode(source, valueBegin, valueBytes, plain - (int) levelBytes);
    } else {
      bytes = source;
      begin = valueBegin;
      end = valueBegin + valueBytes;
    }
  }

  private void dictionaryPage(DictionaryPageHeader header, int stored, int plain)
      throws IOException {
    present(header);
    if (dictionaryCount >= 0) {
      throw new IOException("a column chunk with two dictionaries");
    }
    if (header.getNum_values() < 0 || header.getNum_values() > plain * 8L + 8) {
      throw new IOException(
          "a dictionary of " + header.getNum_values() + " values in " + plain + " bytes");
    }
    int at = input.take(stored);
    decode(input.bytes(), at, stored, plain);
    dictionary = java.util.Arrays.copyOfRange(bytes, begin, end);
    dictionaryBegin = 0;
    dictionaryEnd = dictionary.length;
    dictionaryCount = header.getNum_values();
  }

  private void decode(byte[] source, int from, int stored, int plain) throws IOException {
    if (codec == PageCodec.UNCOMPRESSED) {
      bytes = source;
      begin = from;
      end = from + stored;
      return;
    }
    if (decoded.length < plain) {
      decoded = new byte[plain];
    }
    int size = stored == 0 ? 0 : codec.decompress(source, from, stored, decoded, plain);
    if (size != plain) {
      throw new IOException("a page of " + plain + " bytes decompressed to " + size);
    }
    bytes = decoded;
    begin = 0;
    end = plain;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
