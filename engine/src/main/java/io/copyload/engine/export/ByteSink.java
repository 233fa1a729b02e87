package io.copyload.engine.export;

import java.io.IOException;

/** Where the bytes of a COPY TO go. Threads: one at a time. */
@FunctionalInterface
public interface ByteSink {
  /** Takes {@code length} bytes; the array belongs to the caller and is used again. */
  void write(byte[] bytes, int offset, int length) throws IOException;

  /** Takes what stands before the first row of every object, if anything does. */
  default void writeHead(OutputBuffer head) throws IOException {
    write(head.bytes, 0, head.size);
  }

  /** Takes some rows, and what the writer says about where they may be cut. */
  default void writeRows(OutputBuffer rows) throws IOException {
    write(rows.bytes, 0, rows.size);
  }

  /**
   * Called once before the first byte, when all checks are passed.
   *
   * @param binary whether the bytes are no text
   */
  default void begin(int columnCount, boolean binary) throws IOException {}

  /** Called once behind the last byte of a COPY that succeeds. */
  default void finish() throws IOException {}
}
