package io.copyload.engine.export.parquet;

import io.airlift.compress.snappy.SnappyCompressor;
import io.copyload.engine.export.OutputBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;

/**
 * Puts the parts that {@link PartWriter}s made of one column together to a column chunk: one page
 * each, with one dictionary for all if that makes the chunk smaller. Threads: one.
 */
final class ChunkWriter {
  /** Largest dictionary; parts that would need more have PLAIN pages. */
  private static final int MAX_DICTIONARY_BYTES = 1 << 20;

  private final ParquetColumn column;
  private final OutputBuffer parts = new OutputBuffer(1 << 12);
  private final Bounds bounds;
  private final ValueTable dictionary = new ValueTable();
  private final Runs codes = new Runs();
  private final OutputBuffer page = new OutputBuffer(1 << 12);
  private final SnappyCompressor compressor = new SnappyCompressor();
  private long values;
  private long nulls;

  /** The bytes of the chunk that has ended last. */
  private final OutputBuffer chunk = new OutputBuffer(1 << 12);

  private long plainBytes;
  private int plainPages;
  private int codedPages;

  ChunkWriter(ParquetColumn column) {
    this.column = column;
    bounds = new Bounds(column.form());
  }

  /** Takes the part at the position, which moves behind it, and returns its bytes. */
  int add(ByteBuffer in) {
    int length = in.getInt();
    int end = in.position() + length;
    parts.putInt(length);
    parts.put(in.array(), in.position(), length);
    in.get();
    values += in.getInt();
    nulls += in.getInt();
    bounds.add(in);
    in.position(end);
    return length;
  }

  /** The bytes of the chunk that {@link #end} made. */
  OutputBuffer chunk() {
    return chunk;
  }

  /** Bytes of its pages before compression. */
  long plainBytes() {
    return plainBytes;
  }

  /**
   * Makes the chunk of all parts since the last call.
   *
   * @param position of its first byte in the file
   */
  ColumnMetaData end(long position) {
    chunk.clear();
    plainBytes = 0;
    plainPages = 0;
    codedPages = 0;
    List<int[]> merged = merge();
    if (!merged.isEmpty()) {
      dictionaryPage();
    }
    int dataBegin = chunk.size;
    ByteBuffer in = ByteBuffer.wrap(parts.bytes, 0, parts.size);
    int coded = 0;
    while (in.hasRemaining()) {
      int end = in.getInt();
      end += in.position();
      if (in.get() == PartWriter.PAGE) {
        plainPage(in, end);
      } else {
        codedPage(in, coded < merged.size() ? merged.get(coded) : null);
        coded++;
      }
      in.position(end);
    }
    ColumnMetaData meta = meta(position, dataBegin);
    parts.clear();
    bounds.clear();
    dictionary.clear();
    values = 0;
    nulls = 0;
    return meta;
  }

  private ColumnMetaData meta(long position, int dataBegin) {
    List<Encoding> encodings = new ArrayList<>(List.of(Encoding.PLAIN, Encoding.RLE));
    List<PageEncodingStats> pages = new ArrayList<>();
    if (codedPages > 0) {
      encodings.add(Encoding.RLE_DICTIONARY);
      pages.add(new PageEncodingStats(PageType.DICTIONARY_PAGE, Encoding.PLAIN, 1));
      pages.add(new PageEncodingStats(PageType.DATA_PAGE, Encoding.RLE_DICTIONARY, codedPages));
    }
    if (plainPages > 0) {
      pages.add(new PageEncodingStats(PageType.DATA_PAGE, Encoding.PLAIN, plainPages));
    }
    ColumnMetaData meta =
        new ColumnMetaData(
            column.physical(),
            encodings,
            column.path(),
            CompressionCodec.SNAPPY,
            values,
            plainBytes,
            chunk.size,
            position + dataBegin);
    if (codedPages > 0) {
      meta.setDictionary_page_offset(position);
    }
    meta.setEncoding_stats(pages);
    Statistics statistics = new Statistics();
    statistics.setNull_count(nulls);
    if (bounds.areKnown()) {
      statistics.setMin_value(bounds.min());
      statistics.setMax_value(bounds.max());
    }
    meta.setStatistics(statistics);
    return meta;
  }

  /**
   * Fills the dictionary from the parts with codes and returns, for as many of them as go into it,
   * the codes there by those of the part; none if it does not pay.
   */
  private List<int[]> merge() {
    List<int[]> merged = new ArrayList<>();
    long plain = 0;
    long present = 0;
    ByteBuffer in = ByteBuffer.wrap(parts.bytes, 0, parts.size);
    while (in.hasRemaining()) {
      int end = in.getInt();
      end += in.position();
      if (in.get() == PartWriter.CODES) {
        present += in.getInt() - in.getInt();
        bounds.add(in);
        plain += in.getInt();
        skip(in);
        int[] map = new int[in.getInt()];
        in.getInt();
        int at = in.position();
        for (int i = 0; i < map.length; i++) {
          int length = length(at);
          map[i] = dictionary.code(parts.bytes, at, length);
          at += length;
        }
        merged.add(map);
        if (dictionary.bytes().size > MAX_DICTIONARY_BYTES) {
          break;
        }
      }
      in.position(end);
    }
    long coded = dictionary.bytes().size + present * codeWidth() / 8;
    return coded < plain ? merged : List.of();
  }

  private int length(int at) {
    int fixed = column.valueBytes();
    return fixed > 0 ? fixed : 4 + PartWriter.stringLength(parts.bytes, at);
  }

  private int codeWidth() {
    return Math.max(1, Runs.width(dictionary.count() - 1));
  }

  private static void skip(ByteBuffer in) {
    int length = in.getInt();
    in.position(in.position() + length);
  }

  private void dictionaryPage() {
    PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, 0, 0);
    header.setDictionary_page_header(new DictionaryPageHeader(dictionary.count(), Encoding.PLAIN));
    compressed(header, dictionary.bytes());
  }

  /** A page that is ready but for its header. */
  private void plainPage(ByteBuffer in, int end) {
    int valueCount = in.getInt();
    in.getInt();
    bounds.add(in);
    int plain = in.getInt();
    PageHeader header = dataHeader(valueCount, Encoding.PLAIN);
    header.setUncompressed_page_size(plain);
    header.setCompressed_page_size(end - in.position());
    header(header);
    plainBytes += plain;
    plainPages++;
    chunk.put(parts.bytes, in.position(), end - in.position());
  }

  /**
   * @param map codes of the dictionary by those of the part; null for a page without
   */
  private void codedPage(ByteBuffer in, int[] map) {
    int valueCount = in.getInt();
    int present = valueCount - in.getInt();
    bounds.add(in);
    in.getInt();
    page.clear();
    int levels = in.getInt();
    page.put(parts.bytes, in.position(), levels);
    in.position(in.position() + levels);
    int entryCount = in.getInt();
    int entryBytes = in.getInt();
    int entries = in.position();
    in.position(entries + entryBytes);
    if (map == null) {
      int[] begins = new int[entryCount + 1];
      for (int i = 0, at = entries; i <= entryCount; i++) {
        begins[i] = at;
        at += i < entryCount ? length(at) : 0;
      }
      for (int i = 0; i < present; i++) {
        int code = in.getShort();
        page.put(parts.bytes, begins[code], begins[code + 1] - begins[code]);
      }
      plainPages++;
      compressed(dataHeader(valueCount, Encoding.PLAIN), page);
      return;
    }
    codes.clear();
    for (int i = 0; i < present; i++) {
      codes.add(map[in.getShort()]);
    }
    page.put((byte) codeWidth());
    codes.write(codeWidth(), page);
    codedPages++;
    compressed(dataHeader(valueCount, Encoding.RLE_DICTIONARY), page);
  }

  private static PageHeader dataHeader(int valueCount, Encoding encoding) {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, 0, 0);
    header.setData_page_header(
        new DataPageHeader(valueCount, encoding, Encoding.RLE, Encoding.RLE));
    return header;
  }

  private void compressed(PageHeader header, OutputBuffer body) {
    byte[] out = new byte[compressor.maxCompressedLength(body.size)];
    int size = compressor.compress(body.bytes, 0, body.size, out, 0, out.length);
    header.setUncompressed_page_size(body.size);
    header.setCompressed_page_size(size);
    header(header);
    plainBytes += body.size;
    chunk.put(out, 0, size);
  }

  private void header(PageHeader header) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(32);
    try {
      Util.writePageHeader(header, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    plainBytes += bytes.size();
    chunk.put(bytes.toByteArray());
  }
}
