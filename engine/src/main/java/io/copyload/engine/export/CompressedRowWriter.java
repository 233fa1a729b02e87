package io.copyload.engine.export;

import io.airlift.compress.zstd.ZstdCompressor;
import java.util.BitSet;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses what another writer formats, in the same thread: a file is a sequence of gzip members
 * or zstd frames, each of which holds some whole rows. Readers of both formats take such files as
 * one.
 */
public final class CompressedRowWriter implements RowWriter {
  /** Text of one member: less compresses worse, more is cut worse. */
  private static final int MEMBER_BYTES = 512 << 10;

  private static final int MAX_ROWS = 8192;

  /** RFC 1952: magic, deflate, no flags, no time, no extra flags, unknown system. */
  private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private final RowWriter rows;
  private final OutputBuffer text = new OutputBuffer(1 << 16);
  private final Deflater deflater;
  private final CRC32 crc = new CRC32();
  private final ZstdCompressor zstd;
  private int rowsOfMember = 256;

  private CompressedRowWriter(RowWriter rows, Deflater deflater, ZstdCompressor zstd) {
    this.rows = rows;
    this.deflater = deflater;
    this.zstd = zstd;
  }

  /** Compresses by gzip. */
  public static CompressedRowWriter gzip(RowWriter rows) {
    return new CompressedRowWriter(rows, new Deflater(Deflater.DEFAULT_COMPRESSION, true), null);
  }

  /** Compresses by zstd. */
  public static CompressedRowWriter zstd(RowWriter rows) {
    return new CompressedRowWriter(rows, null, new ZstdCompressor());
  }

  @Override
  public void begin(List<String> columnNames, OutputBuffer out) {
    rows.begin(columnNames, text);
    member(out);
  }

  @Override
  public void rows(ExportColumn[] columns, int begin, int end, BitSet skipped, OutputBuffer out) {
    int first = begin;
    while (first < end) {
      int last = Math.min(end, first + rowsOfMember);
      rows.rows(columns, first, last, skipped, text);
      int count = last - first;
      if (skipped != null) {
        count -= skipped.get(first, last).cardinality();
      }
      if (text.size > 0) {
        long wanted = (long) (last - first) * MEMBER_BYTES / text.size;
        rowsOfMember = (int) Math.max(1, Math.min(MAX_ROWS, wanted));
        member(out);
        out.endUnit(count);
      }
      first = last;
    }
  }

  @Override
  public void end(OutputBuffer out) {
    rows.end(text);
    member(out);
  }

  private void member(OutputBuffer out) {
    if (text.size == 0) {
      return;
    }
    if (zstd != null) {
      int most = zstd.maxCompressedLength(text.size);
      out.ensure(most);
      out.size += zstd.compress(text.bytes, 0, text.size, out.bytes, out.size, most);
    } else {
      out.put(GZIP_HEADER);
      deflater.reset();
      deflater.setInput(text.bytes, 0, text.size);
      deflater.finish();
      while (!deflater.finished()) {
        out.ensure(1 << 14);
        out.size += deflater.deflate(out.bytes, out.size, out.bytes.length - out.size);
      }
      crc.reset();
      crc.update(text.bytes, 0, text.size);
      putInt(out, (int) crc.getValue());
      putInt(out, text.size);
    }
    text.clear();
  }

  private static void putInt(OutputBuffer out, int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.put((byte) (value >>> shift));
    }
  }
}
