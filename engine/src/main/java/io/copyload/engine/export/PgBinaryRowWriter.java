package io.copyload.engine.export;

import io.copyload.engine.store.TargetType;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/** PostgreSQL's binary format: a header, tuples of length-prefixed values, and a trailer. */
public final class PgBinaryRowWriter implements RowWriter {
  private static final byte[] HEADER =
      "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int NULL_LENGTH = -1;
  private static final int TRAILER = -1;

  private final PgValueBytes[] values;

  /**
   * @param padsChar whether a CHAR has its trailing spaces
   */
  public PgBinaryRowWriter(List<TargetType> types, boolean padsChar) {
    values = new PgValueBytes[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = PgValueBytes.of(types.get(i), padsChar);
    }
  }

  @Override
  public void begin(List<String> columnNames, OutputBuffer out) {
    out.put(HEADER);
  }

  @Override
  public void rows(ExportColumn[] columns, int begin, int end, BitSet skipped, OutputBuffer out) {
    for (int row = begin; row < end; row++) {
      if (skipped == null || !skipped.get(row)) {
        row(columns, row, out);
      }
    }
  }

  private void row(ExportColumn[] columns, int row, OutputBuffer out) {
    BigEndianOutput.putInt16(columns.length, out);
    for (int i = 0; i < columns.length; i++) {
      if (columns[i].isNull(row)) {
        BigEndianOutput.putInt32(NULL_LENGTH, out);
      } else {
        values[i].appendWithLength(columns[i], row, out);
      }
    }
  }

  @Override
  public void end(OutputBuffer out) {
    BigEndianOutput.putInt16(TRAILER, out);
  }
}
