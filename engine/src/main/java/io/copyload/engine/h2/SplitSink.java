package io.copyload.engine.h2;

import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.parquet.ParquetSink;
import io.copyload.engine.source.OutputObject;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Cuts rows into files by size. Pieces of rows go to the sequences in turn; a file ends before the
 * unit of rows that would make it too large. Every file begins with the head.
 */
final class SplitSink implements ByteSink {
  private final ExportFiles files;
  private final List<String> columnNames;
  private final List<TargetType> types;
  private final Function<ByteSink, ParquetSink> parquet;
  private final OpenFile[] open;
  private byte[] head = new byte[0];
  private int next;

  /** A file that rows still go to. */
  private final class OpenFile {
    private final ExportFiles.ExportFile file;

    /** Null when the rows are the file's bytes. */
    private final ParquetSink rowGroups;

    OpenFile(ExportFiles.ExportFile file) throws IOException {
      this.file = file;
      OutputObject object = file.object();
      rowGroups = parquet == null ? null : parquet.apply(object::write);
      if (rowGroups != null) {
        rowGroups.begin(types.size(), true);
      }
      object.write(head, 0, head.length);
    }

    long size() {
      return rowGroups == null ? file.object().size() : rowGroups.size();
    }

    void write(byte[] bytes, int begin, int length) throws IOException {
      if (rowGroups == null) {
        file.object().write(bytes, begin, length);
      } else {
        rowGroups.writeFrames(bytes, begin, length);
      }
    }

    void finish() throws IOException {
      if (rowGroups != null) {
        rowGroups.finish();
      }
      file.object().finish();
    }
  }

  /**
   * @param parquet makes what puts rows together to Parquet; null when rows are the file's bytes
   */
  SplitSink(
      ExportFiles files,
      List<String> columnNames,
      List<TargetType> types,
      Function<ByteSink, ParquetSink> parquet) {
    this.files = files;
    this.columnNames = columnNames;
    this.types = types;
    this.parquet = parquet;
    open = new OpenFile[files.layout().sequences()];
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
    long size = open[sequence] == null ? head.length : open[sequence].size();
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
    open[sequence].write(bytes, begin, end - begin);
    open[sequence].file.addRows(rowCount);
  }

  private void begin(int sequence) throws IOException {
    open[sequence] = new OpenFile(files.next(sequence));
  }

  private void finish(int sequence) throws IOException {
    if (open[sequence] != null) {
      open[sequence].finish();
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
