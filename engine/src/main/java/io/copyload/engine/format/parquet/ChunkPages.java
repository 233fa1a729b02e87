package io.copyload.engine.format.parquet;

import io.copyload.engine.format.DamageText;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
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
  /** A dictionary of so many bytes is decompressed to where it stays. */
  private static final int LEAST_STREAMED_BYTES = 1 << 20;

  private final ChunkInput input;
  private final PageCodec codec;
  private final ColumnDescriptor column;
  private final int maxPageBytes;
  private final PageBuffers buffers;
  private byte[] decoded = new byte[0];

  /** Heap that whole pages of the row group may still take. */
  private final PageHeap heap;

  /** Values that pages may still have. */
  private long valuesLeft;

  /** A page that is given out piece by piece, or null. */
  private LargePage large;

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
   * @param values that the chunk has at most, NULLs included
   * @param maxPageBytes longest page that is read as a whole, and longest value
   * @param buffers where decompressed pages come from
   */
  ChunkPages(
      ChunkInput input,
      PageCodec codec,
      ColumnDescriptor column,
      long values,
      int maxPageBytes,
      PageHeap heap,
      PageBuffers buffers) {
    valuesLeft = values;
    this.heap = heap;
    this.buffers = buffers;
    this.input = input;
    this.codec = codec;
    this.column = column;
    this.maxPageBytes = maxPageBytes;
  }

  /** Goes to the next data page that has values; false when there is none. */
  boolean next() throws IOException {
    while (true) {
      if (large != null) {
        if (large.next(this)) {
          return true;
        }
        large = null;
      }
      if (input.atEnd()) {
        return false;
      }
      PageHeader header;
      try {
        header = Util.readPageHeader(input);
      } catch (IOException | RuntimeException e) {
        throw new IOException("damaged page header: " + DamageText.of(e), e);
      }
      int stored = size(header.getCompressed_page_size());
      int plain = size(header.getUncompressed_page_size());
      checkSizes(stored, plain);
      switch (header.getType()) {
        case DATA_PAGE -> dataPage(header.getData_page_header(), stored, plain);
        case DATA_PAGE_V2 -> dataPageV2(header.getData_page_header_v2(), stored, plain);
        case DICTIONARY_PAGE -> {
          dictionaryPage(header.getDictionary_page_header(), stored, plain);
          continue;
        }
        default -> {
          new PageStream.Bounded(input, stored).skipRest();
          continue;
        }
      }
      if (valueCount > 0 && large == null) {
        return true;
      }
    }
  }

  private void checkSizes(int stored, int plain) throws IOException {
    if (stored > input.remaining()) {
      throw new EOFException(
          "a page of " + stored + " bytes is longer than the rest of its column chunk");
    }
    if (codec == PageCodec.UNCOMPRESSED && plain > stored) {
      throw new IOException("a page of " + plain + " bytes without compression has " + stored);
    }
  }

  private static int size(int claimed) throws IOException {
    if (claimed < 0) {
      throw new IOException("a page of " + claimed + " bytes");
    }
    return claimed;
  }

  /** Steps over a page that is read as a whole though there may be no heap for it. */
  private int hold(int stored, int plain) throws IOException {
    heap.hold(growth(stored, plain));
    return input.take(stored);
  }

  /** Whether the current page can be read piece by piece. */
  private boolean streams() {
    return codec != PageCodec.LZO && LargePage.streams(encoding);
  }

  /** Whether there is heap for a page as a whole. */
  private boolean fits(int stored, int plain) {
    return Math.max(stored, plain) <= maxPageBytes && heap.take(growth(stored, plain));
  }

  /** Heap that a whole page needs beyond what is there. */
  private long growth(int stored, int plain) {
    long more = input.growth(stored);
    return codec == PageCodec.UNCOMPRESSED ? more : more + Math.max(0, plain - decoded.length);
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
    if (values > valuesLeft) {
      throw new IOException(
          "a page claims " + values + " values where " + valuesLeft + " are left");
    }
    valuesLeft -= values;
    valueCount = values;
  }

  private void dataPage(DataPageHeader header, int stored, int plain) throws IOException {
    present(header);
    count(header.getNum_values());
    encoding = present(header.getEncoding());
    boolean fits = fits(stored, plain);
    if (!fits && streams()) {
      PageStream.Bounded rest = new PageStream.Bounded(input, stored);
      InputStream stream = PageStream.open(codec, rest, stored, plain);
      byte[] repetitions = new byte[0];
      byte[] definitions = new byte[0];
      int levelBytes = 0;
      if (column.getMaxRepetitionLevel() > 0) {
        checkRle(header.getRepetition_level_encoding());
        repetitions = streamedLevels(stream, plain);
        levelBytes += repetitions.length + 4;
      }
      if (column.getMaxDefinitionLevel() > 0) {
        checkRle(header.getDefinition_level_encoding());
        definitions = streamedLevels(stream, plain - levelBytes);
        levelBytes += definitions.length + 4;
      }
      int plainBytes = codec == PageCodec.UNCOMPRESSED ? stored : plain;
      large(rest, stream, plainBytes - levelBytes, repetitions, definitions);
      return;
    }
    int at = fits ? input.take(stored) : hold(stored, plain);
    decode(input.bytes(), at, stored, plain);
    int levelBegin = 0;
    int levelEnd = 0;
    if (column.getMaxRepetitionLevel() > 0) {
      checkRle(header.getRepetition_level_encoding());
      levels(repetition, column.getMaxRepetitionLevel());
    }
    if (column.getMaxDefinitionLevel() > 0) {
      checkRle(header.getDefinition_level_encoding());
      levelBegin = begin + 4;
      levels(definition, column.getMaxDefinitionLevel());
      levelEnd = begin;
    }
    inPieces(bytes, levelBegin, levelEnd);
  }

  /** Lets a page that has been read as a whole be given out piece by piece where that is wanted. */
  private void inPieces(byte[] levels, int levelBegin, int levelEnd) throws IOException {
    if (valueCount == 0 || !LargePage.expands(encoding)) {
      return;
    }
    large =
        new LargePage(
            new LargePage.Source(
                new PageStream.Bounded(input, 0),
                new ByteArrayInputStream(bytes, begin, end - begin),
                end - begin,
                valueCount,
                encoding,
                Arrays.copyOfRange(levels, levelBegin, levelEnd)),
            column,
            maxPageBytes,
            heap);
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

  private byte[] streamedLevels(InputStream stream, int left) throws IOException {
    byte[] head = stream.readNBytes(4);
    int length = head.length < 4 ? -1 : Plain.int32(head, 0);
    if (length < 0 || length > Math.min(left - 4, maxPageBytes)) {
      throw new IOException("levels of " + length + " bytes in a page of " + left);
    }
    return exactly(stream, length);
  }

  private static byte[] exactly(InputStream stream, int length) throws IOException {
    byte[] bytes = stream.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("a page ends too early");
    }
    return bytes;
  }

  /** Begins a page that is given out piece by piece. */
  private void large(
      PageStream.Bounded rest,
      InputStream stream,
      int plain,
      byte[] repetitions,
      byte[] definitions)
      throws IOException {
    large =
        new LargePage(
            new LargePage.Source(rest, stream, plain, valueCount, encoding, definitions),
            column,
            maxPageBytes,
            heap);
    if (column.getMaxRepetitionLevel() > 0) {
      repetition.begin(repetitions, 0, repetitions.length, width(column.getMaxRepetitionLevel()));
    }
    if (column.getMaxDefinitionLevel() > 0) {
      definition.begin(definitions, 0, definitions.length, width(column.getMaxDefinitionLevel()));
    }
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
    boolean compressed = !header.isSetIs_compressed() || header.isIs_compressed();
    boolean fits = fits(stored, plain);
    if (!fits && streams()) {
      PageStream.Bounded rest = new PageStream.Bounded(input, stored);
      if (levelBytes > maxPageBytes) {
        throw new IOException("levels of " + levelBytes + " bytes in a page of " + stored);
      }
      byte[] repetitions = exactly(rest, repetitionBytes);
      byte[] definitions = exactly(rest, definitionBytes);
      int valueBytes = stored - (int) levelBytes;
      boolean decodes = compressed && valueBytes > 0 && codec != PageCodec.UNCOMPRESSED;
      int plainBytes = decodes ? plain - (int) levelBytes : valueBytes;
      InputStream stream = decodes ? PageStream.open(codec, rest, valueBytes, plainBytes) : rest;
      large(rest, stream, plainBytes, repetitions, definitions);
      return;
    }
    int at = fits ? input.take(stored) : hold(stored, plain);
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
    if (compressed && valueBytes > 0) {
      decode(source, valueBegin, valueBytes, plain - (int) levelBytes);
    } else {
      bytes = source;
      begin = valueBegin;
      end = valueBegin + valueBytes;
    }
    inPieces(source, at + repetitionBytes, at + (int) levelBytes);
  }

  private void dictionaryPage(DictionaryPageHeader header, int stored, int plain)
      throws IOException {
    present(header);
    if (dictionaryCount >= 0) {
      throw new IOException("a column chunk with two dictionaries");
    }
    if (header.getNum_values() < 0
        || header.getNum_values() * (long) leastValueBits() > plain * 8L) {
      throw new IOException(
          "a dictionary of " + header.getNum_values() + " values in " + plain + " bytes");
    }
    // Encoded, and as values.
    heap.hold(2L * plain);
    PageStream.Bounded rest = new PageStream.Bounded(input, stored);
    InputStream stream =
        plain < LEAST_STREAMED_BYTES ? null : PageStream.open(codec, rest, stored, plain);
    if (stream == null) {
      int at = input.take(stored);
      decode(input.bytes(), at, stored, plain);
      dictionary = Arrays.copyOfRange(bytes, begin, end);
    } else {
      dictionary = exactly(stream, codec == PageCodec.UNCOMPRESSED ? stored : plain);
      if (stream.read() >= 0) {
        throw new IOException("a page of " + plain + " bytes decompressed to more");
      }
      rest.skipRest();
    }
    dictionaryBegin = 0;
    dictionaryEnd = dictionary.length;
    dictionaryCount = header.getNum_values();
  }

  /** Bits that a PLAIN value has at least. */
  private int leastValueBits() {
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN -> 1;
      case INT32, FLOAT, BINARY -> 32;
      case INT64, DOUBLE -> 64;
      case INT96 -> 96;
      case FIXED_LEN_BYTE_ARRAY -> Math.max(0, column.getPrimitiveType().getTypeLength()) * 8;
    };
  }

  private void decode(byte[] source, int from, int stored, int plain) throws IOException {
    if (codec == PageCodec.UNCOMPRESSED) {
      bytes = source;
      begin = from;
      end = from + stored;
      return;
    }
    if (decoded.length < plain) {
      buffers.give(decoded);
      decoded = buffers.take(plain);
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
    buffers.give(decoded);
    decoded = new byte[0];
    input.close();
  }
}
