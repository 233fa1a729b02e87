package io.copyload.engine.export.parquet;

import io.airlift.compress.snappy.SnappyCompressor;
import io.copyload.engine.export.ExportColumn;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.parquet.ParquetColumn.Form;
import io.copyload.engine.store.TargetType;
import java.time.ZoneId;
import java.util.BitSet;

/**
 * Makes the parts of one column that {@link ChunkWriter} puts together to a column chunk. A part
 * has the numbers of its values and NULLs, its bounds, and either a compressed PLAIN page or, where
 * values repeat, its different values and their codes. Threads: one.
 */
final class PartWriter {
  /** Kinds of parts. */
  static final byte PAGE = 0;

  static final byte CODES = 1;

  /** Most different values of a part: codes have two bytes here. */
  private static final int MAX_ENTRIES = 1 << 15;

  private final ParquetColumn column;
  private final LeafWriter leaf;
  private final Bounds bounds;
  private final ValueTable table = new ValueTable();
  private final OutputBuffer page = new OutputBuffer(1 << 12);
  private final SnappyCompressor compressor = new SnappyCompressor();
  private short[] codes = new short[0];

  PartWriter(ParquetColumn column, TargetType given, ZoneId zone, boolean padsChar) {
    this.column = column;
    leaf = new LeafWriter(column, given, zone, padsChar);
    bounds = new Bounds(column.form());
  }

  /** Appends a part with some rows. */
  void write(ExportColumn rows, int begin, int end, BitSet skipped, OutputBuffer out) {
    leaf.read(rows, begin, end, skipped);
    int present = leaf.valueCount() - leaf.nullCount();
    bounds.clear();
    int lengthAt = out.size;
    out.putInt(0);
    boolean coded = column.form() != Form.BOOLEAN && present > 0 && encode(present);
    if (coded) {
      addBounds(table.bytes(), table.count());
    } else if (column.form() == Form.BOOLEAN) {
      addBooleans(present);
    } else {
      addBounds(leaf.values(), present);
    }
    out.put(coded ? CODES : PAGE);
    out.putInt(leaf.valueCount());
    out.putInt(leaf.nullCount());
    bounds.write(out);
    page.clear();
    leaf.writeLevels(page);
    if (coded) {
      out.putInt(leaf.values().size);
      out.putInt(page.size);
      out.put(page.bytes, 0, page.size);
      out.putInt(table.count());
      out.putInt(table.bytes().size);
      out.put(table.bytes().bytes, 0, table.bytes().size);
      for (int i = 0; i < present; i++) {
        out.put((byte) (codes[i] >> 8));
        out.put((byte) codes[i]);
      }
    } else {
      page.put(leaf.values().bytes, 0, leaf.values().size);
      out.putInt(page.size);
      int most = compressor.maxCompressedLength(page.size);
      out.ensure(most);
      out.size += compressor.compress(page.bytes, 0, page.size, out.bytes, out.size, most);
    }
    int length = out.size - lengthAt - 4;
    for (int i = 0; i < 4; i++) {
      out.bytes[lengthAt + i] = (byte) (length >> 24 - 8 * i);
    }
  }

  /** Whether values repeat so that codes pay; then they have them. */
  private boolean encode(int present) {
    table.clear();
    if (codes.length < present) {
      codes = new short[Math.max(present, 2 * codes.length)];
    }
    byte[] bytes = leaf.values().bytes;
    int most = Math.min(MAX_ENTRIES, Math.max(1, present / 2));
    int at = 0;
    for (int i = 0; i < present; i++) {
      int length = length(bytes, at);
      codes[i] = (short) table.code(bytes, at, length);
      at += length;
      if (table.count() > most) {
        return false;
      }
    }
    return true;
  }

  private int length(byte[] bytes, int at) {
    int fixed = column.valueBytes();
    return fixed > 0 ? fixed : 4 + stringLength(bytes, at);
  }

  /** Length of a string that has it before itself, as pages do. */
  static int stringLength(byte[] bytes, int at) {
    return bytes[at] & 0xff
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }

  private void addBounds(OutputBuffer values, int count) {
    int prefix = column.valueBytes() == 0 ? 4 : 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
      int length = length(values.bytes, at);
      bounds.add(values.bytes, at + prefix, length - prefix);
      at += length;
    }
  }

  private void addBooleans(int count) {
    byte[] packed = leaf.values().bytes;
    byte[] seen = {0, 1};
    int trues = 0;
    for (int i = 0; i < count; i++) {
      trues += packed[i >> 3] >> (i & 7) & 1;
    }
    if (trues < count) {
      bounds.add(seen, 0, 1);
    }
    if (trues > 0) {
      bounds.add(seen, 1, 1);
    }
  }
}
