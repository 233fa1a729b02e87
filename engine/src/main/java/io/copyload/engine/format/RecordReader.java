package io.copyload.engine.format;

/**
 * Cuts the bytes of a load unit into the records and fields of a {@link RecordBatch}. Threads: one
 * owner, the slice.
 */
public interface RecordReader {
  /** What {@link #cut} stopped for. */
  enum Stop {
    /** The batch is full: call again. */
    BATCH_FULL,
    /** The record at {@link #position} has no end in the input. */
    NEEDS_INPUT,
    /** No record begins before the end of the unit any more, or the data has ended. */
    END
  }

  /**
   * Gives the reader input to work on.
   *
   * @param begin where a record begins
   * @param unitEnd records that begin here or behind belong to somebody else
   * @param dataEnd end of the input in {@code bytes}
   * @param atEnd the object ends at {@code dataEnd}
   */
  void input(byte[] bytes, int begin, int unitEnd, int dataEnd, boolean atEnd);

  /** Fills the batch with the next records. */
  Stop cut();

  /** The array with the input, after it may have been replaced by a larger one. */
  byte[] bytes();

  /** Where the next record begins. */
  int position();

  /** Lines of the unit's records so far, as the format counts them. */
  int lines();

  /** Whether the data has ended, whatever bytes follow. */
  boolean ended();
}
