package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;

/**
 * Reads the dimensions and elements of one array value after the other. The elements of the last
 * value are the records of a batch with one field. Threads: one owner.
 */
abstract class ArrayElements {
  static final int MAX_DIMENSIONS = 6;

  /** PostgreSQL's limit of elements. */
  static final long MAX_ELEMENTS = 134_217_727;

  /** Number of levels; 0 for an empty array. */
  int dimensions;

  /** Elements of each level. */
  final int[] lengths = new int[MAX_DIMENSIONS];

  RecordBatch elements = new RecordBatch(1, 16);

  /** Reads a value; false with a complaint when it is not an array. */
  abstract boolean parse(byte[] bytes, int begin, int end, Complaint complaint);

  /** Adds an element's range, or one whose {@code end} says that it is NULL. */
  void addElement(int begin, int end) {
    int n = elements.recordCount;
    if (n == elements.capacity) {
      RecordBatch larger = new RecordBatch(1, 2 * n);
      System.arraycopy(elements.begin[0], 0, larger.begin[0], 0, n);
      System.arraycopy(elements.end[0], 0, larger.end[0], 0, n);
      larger.bytes = elements.bytes;
      elements = larger;
    }
    elements.begin[0][n] = begin;
    elements.end[0][n] = end;
    elements.recordCount = n + 1;
  }

  /** What PostgreSQL says about an element's complaint, which names no element. */
  void reword(Complaint complaint, int element) {}
}
