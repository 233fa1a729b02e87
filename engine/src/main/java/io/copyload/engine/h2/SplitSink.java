package io.copyload.engine.h2;

import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.source.OutputObject;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts rows into files by size. Pieces of rows go to the sequences in turn; a file ends before the
 * unit of rows that would make it too large. Every file begins with the head.
 */
final class SplitSink implements ByteSink {
  private final ExportFiles files;
  private final List<String> columnNames;
  private final List<TargetType> types;
  private final ExportFiles.ExportFile[] open;
  private byte[] head = new byte[0];
  private int next;

  SplitSink(ExportFiles files, List<String> columnNames, List<TargetType> types) {
    this.files = files;
    this.columnNames = columnNames;
    this.types = types;
    open = new ExportFiles.ExportFile[files.layout().sequences()];
  }

  @Override
  public void writeHead(OutputBuffer out) {
    head = Arrays.copyOf(out.bytes, out.size);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > 0) {
      throw new IllegalStateException("bytes that belong to no row");
    }
  }

  @Override
  public void writeRows(OutputBuffer rows) throws IOException {
    int sequence = next;
    next = (next + 1) % open.length;
    int begin = 0;
    int end = 0;
    long rowCount = 0;
    for (int i = 0; i < rows.unitCount(); i++) {
      int unitEnd = rows.unitEnd(i);
      if (!fits(sequence, unitEnd - begin)) {
        append(sequence, rows.bytes, begin, end, rowCount);
        finish(sequence);
        begin = end;
        rowCount = 0;
      }
      end = unitEnd;
      rowCount += rows.unitRows(i);
    }
    append(sequence, rows.bytes, begin, end, rowCount);
  }

  /** Whether so many bytes more may go into the open file; a file without rows takes any. */
  private boolean fits(int sequence, int length) {
    OutputObject object = open[sequence] == null ? null : open[sequence].object();
    long size = object == null ? head.length : object.size();
    return size + length <= files.layout().maxFileBytes();
  }

  private void append(int sequence, byte[] bytes, int begin, int end, long rowCount)
      throws IOException {
    if (begin == end) {
      return;
    }
    if (open[sequence] == null) {
      begin(sequence);
    }
    open[sequence].object().write(bytes, begin, end - begin);
    open[sequence].addRows(rowCount);
  }

  private void begin(int sequence) throws IOException {
    open[sequence] = files.next(sequence);
    open[sequence].object().write(head, 0, head.length);
  }

  private void finish(int sequence) throws IOException {
    if (open[sequence] != null) {
      open[sequence].object().finish();
      open[sequence] = null;
    }
  }

  @Override
  public void finish() throws IOException {
    if (files.count() == 0) {
      // A reader finds that there are no rows, instead of no file.
      begin(0);
    }
    for (int sequence = 0; sequence < open.length; sequence++) {
      finish(sequence);
    }
    files.publish(columnNames, types);
  }
}
