package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.pgbinary.PgTypes;
import io.copyload.engine.store.TargetType;
import java.util.Arrays;

/**
 * PostgreSQL's binary arrays, with the checks of its array_recv. Lower bounds are dropped: H2
 * counts from 1.
 */
final class PgArray extends ArrayElements {
  /** {@code flags} when no element is NULL, and when one may be. */
  private static final int MAX_FLAGS = 1;

  private static final int HEADER_BYTES = 12;
  private static final int FIRST_USER_OID = 10_000;
  private static final int DIMENSION_BYTES = 8;

  private final TargetType.Kind kind;

  PgArray(TargetType.Kind kind) {
    this.kind = kind;
  }

  @Override
  boolean parse(byte[] bytes, int begin, int end, Complaint complaint) {
    elements.bytes = bytes;
    elements.recordCount = 0;
    dimensions = 0;
    if (end - begin < HEADER_BYTES) {
      return complaint.width(end - begin, HEADER_BYTES);
    }
    int count = BigEndian.int32(bytes, begin);
    if (count < 0) {
      return format(complaint, "invalid number of dimensions: " + count);
    }
    if (count > MAX_DIMENSIONS) {
      return complaint.set(
          RejectReason.ARRAY_DIMENSIONS,
          "number of array dimensions ("
              + count
              + ") exceeds the maximum allowed ("
              + MAX_DIMENSIONS
              + ")");
    }
    int flags = BigEndian.int32(bytes, begin + 4);
    if (flags < 0 || flags > MAX_FLAGS) {
      return format(complaint, "invalid array flags");
    }
    int oid = BigEndian.int32(bytes, begin + 8);
    // Only the numbers of built-in types are the same in every database.
    boolean builtIn = Integer.compareUnsigned(oid, FIRST_USER_OID) < 0;
    if (builtIn && !PgTypes.isElement(oid, kind)) {
      return complaint.set(
          RejectReason.ELEMENT_TYPE,
          "binary data has array element type "
              + PgTypes.oidAndName(oid)
              + " instead of expected "
              + PgTypes.oidAndName(PgTypes.oid(kind)));
    }
    int p = begin + HEADER_BYTES;
    if (end - p < (long) DIMENSION_BYTES * count) {
      return complaint.width(0, DIMENSION_BYTES);
    }
    long total = count == 0 ? 0 : 1;
    Arrays.fill(lengths, -1);
    for (int d = 0; d < count; d++) {
      int length = BigEndian.int32(bytes, p);
      int lowerBound = BigEndian.int32(bytes, p + 4);
      p += DIMENSION_BYTES;
      total *= length;
      if (length < 0 || total > MAX_ELEMENTS) {
        return complaint.set(
            RejectReason.ARRAY_DIMENSIONS,
            "array size exceeds the maximum allowed (" + MAX_ELEMENTS + ")");
      }
      if (lowerBound > Integer.MAX_VALUE - length) {
        return complaint.set(
            RejectReason.ARRAY_DIMENSIONS, "array lower bound is too large: " + lowerBound);
      }
      lengths[d] = length;
    }
    for (long i = 0; i < total; i++) {
      if (end - p < 4) {
        return complaint.width(0, 4);
      }
      int length = BigEndian.int32(bytes, p);
      p += 4;
      if (length < -1 || length > end - p) {
        return format(complaint, "insufficient data left in message");
      }
      addElement(p, length < 0 ? RecordBatch.NULL : p + length);
      p += Math.max(0, length);
    }
    dimensions = total == 0 ? 0 : count;
    return p == end || complaint.width(1, 0);
  }

  private static boolean format(Complaint complaint, String message) {
    return complaint.set(RejectReason.BINARY_FORMAT, message);
  }

  @Override
  void reword(Complaint complaint, int element) {
    if (complaint.reason == RejectReason.BINARY_FORMAT
        && complaint.message.equals("incorrect binary data format")) {
      complaint.message = "improper binary format in array element " + (element + 1);
    }
  }
}
