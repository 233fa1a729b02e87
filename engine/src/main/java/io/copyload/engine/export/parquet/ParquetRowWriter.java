package io.copyload.engine.export.parquet;

import io.copyload.engine.export.ExportColumn;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.RowWriter;
import io.copyload.engine.store.TargetType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Makes a part per column of some rows, framed for {@link ParquetSink}: the number of rows, then
 * the part of each column.
 */
public final class ParquetRowWriter implements RowWriter {
  /** Bytes of the strings of a frame, unless one row has more. */
  private static final int FRAME_BYTES = 1 << 20;

  private final List<PartWriter> parts = new ArrayList<>();

  /** Column of each part. */
  private final List<Integer> columnOf = new ArrayList<>();

  private final boolean[] areStrings;

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
    areStrings = new boolean[written.size()];
    for (int i = 0; i < areStrings.length; i++) {
      for (ParquetColumn leaf : ParquetColumn.of(names.get(i), written.get(i))) {
        parts.add(new PartWriter(leaf, given.get(i), zone, padsChar));
        columnOf.add(i);
      }
      areStrings[i] = given.get(i).isBytes();
    }
  }

  @Override
  public void begin(List<String> columnNames, OutputBuffer out) {
    // The sink writes what stands before the rows.
  }

  @Override
  public void rows(ExportColumn[] columns, int begin, int end, BitSet skipped, OutputBuffer out) {
    int first = begin;
    while (first < end) {
      int last = frameEnd(columns, first, end);
      frame(columns, first, last, skipped, out);
      first = last;
    }
  }

  private int frameEnd(ExportColumn[] columns, int begin, int end) {
    long size = 0;
    for (int row = begin; row < end; row++) {
      for (int i = 0; i < columns.length; i++) {
        if (areStrings[i] && !columns[i].isNull(row)) {
          size += columns[i].length(row);
        }
      }
      if (size > FRAME_BYTES) {
        return Math.max(begin + 1, row);
      }
    }
    return end;
  }

  private void frame(ExportColumn[] columns, int begin, int end, BitSet skipped, OutputBuffer out) {
    int rowCount = end - begin;
    if (skipped != null) {
      rowCount -= skipped.get(begin, end).cardinality();
    }
    if (rowCount == 0) {
      return;
    }
    out.putInt(rowCount);
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).write(columns[columnOf.get(i)], begin, end, skipped, out);
    }
    out.endUnit(rowCount);
  }

  @Override
  public void end(OutputBuffer out) {
    // The sink writes the footer.
  }
}
