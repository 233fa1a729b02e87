package io.copyload.engine.export.parquet;

import io.airlift.compress.snappy.SnappyCompressor;
import io.copyload.engine.export.ExportColumn;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.RowWriter;
import io.copyload.engine.store.TargetType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/**
 * Makes a page per column of the rows of each call, framed for {@link ParquetSink}: the number of
 * rows, then per column its values, NULLs, bytes without compression, and the page with its length.
 */
public final class ParquetRowWriter implements RowWriter {
  private final LeafWriter[] leaves;
  private final SnappyCompressor compressor = new SnappyCompressor();
  private final OutputBuffer page = new OutputBuffer(1 << 12);
  private byte[] compressed = new byte[0];

  /**
   * @param written types that the file has
   * @param given types of the rows that come, whose digits may differ
   * @param zone in which a timestamp with time zone is shown where it is text
   */
  public ParquetRowWriter(
      List<String> names,
      List<TargetType> written,
      List<TargetType> given,
      ZoneId zone,
      boolean padsChar) {
    leaves = new LeafWriter[written.size()];
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] =
          new LeafWriter(
              ParquetColumn.of(names.get(i), written.get(i)), given.get(i), zone, padsChar);
    }
  }

  @Override
  public void begin(List<String> columnNames, OutputBuffer out) {
    // The sink writes what stands before the rows.
  }

  @Override
  public void rows(ExportColumn[] columns, int begin, int end, BitSet skipped, OutputBuffer out) {
    int rowCount = end - begin;
    if (skipped != null) {
      rowCount -= skipped.get(begin, end).cardinality();
    }
    int32(rowCount, out);
    for (int i = 0; i < columns.length; i++) {
      page.clear();
      leaves[i].write(columns[i], begin, end, skipped, page);
      int most = compressor.maxCompressedLength(page.size);
      if (compressed.length < most) {
        compressed = new byte[most];
      }
      int size = compressor.compress(page.bytes, 0, page.size, compressed, 0, most);
      byte[] header = header(leaves[i].valueCount(), page.size, size);
      int32(leaves[i].valueCount(), out);
      int32(leaves[i].nullCount(), out);
      int32(header.length + page.size, out);
      int32(header.length + size, out);
      out.put(header);
      out.put(compressed, 0, size);
    }
  }

  private static byte[] header(int valueCount, int plain, int stored) {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, plain, stored);
    header.setData_page_header(
        new DataPageHeader(valueCount, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(32);
    try {
      Util.writePageHeader(header, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void int32(int value, OutputBuffer out) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.put((byte) (value >> shift));
    }
  }

  @Override
  public void end(OutputBuffer out) {
    // The sink writes the footer.
  }
}
