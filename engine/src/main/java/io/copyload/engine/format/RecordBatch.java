package io.copyload.engine.format;

/**
 * Consecutive records of one load unit, cut into fields, before conversion.
 *
 * <p>Field {@code f} of record {@code r} is {@code bytes[begin[f][r] .. end[f][r])}: UTF-8, already
 * freed of quotes and escapes (unescaped text lies in the same array behind the input). {@code
 * end[f][r]} is {@link #NULL} for the null marker, {@link #DEFAULT} for the default marker and
 * {@link #MISSING} for a field that a short record does not have; {@code begin[f][r]} then means
 * nothing. Records are numbered from 0 within the batch.
 *
 * <p>A record's raw text, for messages, is {@code bytes[recordBegin[r] .. recordEnd[r])} without
 * its line end.
 *
 * <p>Threads: one owner, the slice. Ownership: the reader owns the arrays and reuses them for the
 * next batch.
 */
public final class RecordBatch {
  /** {@code end} of a field that is NULL. */
  public static final int NULL = -1;

  /** {@code end} of a field that asks for the column's default. */
  public static final int DEFAULT = -2;

  /** {@code end} of a field that a short record lacks. */
  public static final int MISSING = -3;

  public final int capacity;
  public final int fieldCount;

  /** Number of records in the batch. */
  public int recordCount;

  public byte[] bytes;
  public final int[][] begin;
  public final int[][] end;
  public final int[] recordBegin;
  public final int[] recordEnd;

  /** Line number of each record's first line, counted from 0 within the load unit. */
  public final int[] lineInUnit;

  /** Whether there may be bytes beyond ASCII in the batch; false only when there are none. */
  public boolean nonAscii = true;

  public RecordBatch(int fieldCount, int capacity) {
    this.fieldCount = fieldCount;
    this.capacity = capacity;
    begin = new int[fieldCount][capacity];
    end = new int[fieldCount][capacity];
    recordBegin = new int[capacity];
    recordEnd = new int[capacity];
    lineInUnit = new int[capacity];
  }
}
