package io.copyload.engine.format;

import io.copyload.engine.format.delimited.NewlineStyle;
import io.copyload.engine.format.delimited.RecordFault;
import java.util.List;

/** A reader of lines of text, which can say where in a record a field is. */
public interface TextReader extends RecordReader {
  /**
   * Begins a load unit, before its first {@link #input}.
   *
   * @param quirkOfFirstLine the first record is the first line of its object, where PostgreSQL does
   *     not count the newlines inside quotes, because it does not know the newline style yet
   */
  void beginUnit(NewlineStyle newline, boolean quirkOfFirstLine);

  /** Says for which fields a default marker is no fault. */
  void allowDefaults(boolean[] fields);

  /** Faulty records of the batch, in order; their fields are all NULL. */
  List<RecordFault> faults();

  /** Whether some record of the batch has {@link RecordBatch#MISSING} fields. */
  boolean hasShortRecords();

  /**
   * Byte position within the record at which the raw text of a field begins, with its quote; -1
   * when the record has no such field.
   *
   * @param row a record of the current batch
   */
  int fieldPosition(int row, int field);

  /**
   * Cuts a faulty record of the current batch once more, into the first record of another batch.
   *
   * @return how many of the batch's fields end before the first fault; -1 when the reader cannot
   *     say
   */
  int cutFaulty(int row, RecordBatch target);

  /**
   * Line ends inside the quotes of a record, as PostgreSQL counts them, up to a byte position
   * within the record; 0 for the other styles.
   *
   * @param row a record of the current batch
   */
  int embeddedLines(int row, int upTo);
}
