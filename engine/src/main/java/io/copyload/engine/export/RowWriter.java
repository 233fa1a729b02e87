package io.copyload.engine.export;

import java.util.BitSet;
import java.util.List;

/**
 * Writes rows in one format: text, CSV or binary. Threads: one per writer; every thread that
 * formats rows has its own.
 */
public interface RowWriter {
  /** What stands before the first row, for example the line with the names of the columns. */
  void begin(List<String> columnNames, OutputBuffer out);

  /**
   * Appends rows.
   *
   * @param columns one per column, in output order
   * @param begin first row
   * @param end behind the last row
   * @param skipped rows that are left out, or null for none
   */
  void rows(ExportColumn[] columns, int begin, int end, BitSet skipped, OutputBuffer out);

  /** What stands behind the last row. */
  void end(OutputBuffer out);
}
