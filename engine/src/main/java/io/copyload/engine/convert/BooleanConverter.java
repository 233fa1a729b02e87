package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * BOOLEAN. PostgreSQL: any unique prefix of true, false, yes, no, on, off, and 1, 0. Redshift: t,
 * true, y, yes, 1 and their opposites. Any case, surrounding white space ignored.
 */
final class BooleanConverter implements FieldConverter {
  private final boolean redshift;
  private final Complaint complaint = new Complaint();

  BooleanConverter(boolean redshift) {
    this.redshift = redshift;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    long[] lane = out.lanes[0];
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int value = parse(bytes, begin[r], e);
      nulls[r] = value < 0;
      lane[r] = value;
      if (value < 0) {
        if (redshift) {
          complaint.set(RejectReason.INVALID_BOOLEAN, "Unknown boolean format");
        } else {
          complaint.syntax(RejectReason.INVALID_BOOLEAN, "boolean", bytes, begin[r], e);
        }
        complaint.report(r, rejects);
      }
    }
  }

  /** 1, 0, or -1 when the text is neither. */
  private int parse(byte[] bytes, int begin, int end) {
    int b = begin;
    int e = end;
    if (e - b != 1) {
      b = Ascii.skipSpaces(bytes, b, e);
      e = Ascii.trimEnd(bytes, b, e);
    }
    if (b == e) {
      return -1;
    }
    int length = e - b;
    switch (bytes[b]) {
      case 't':
      case 'T':
        return matches(bytes, b, e, "true") ? 1 : -1;
      case 'f':
      case 'F':
        return matches(bytes, b, e, "false") ? 0 : -1;
      case 'y':
      case 'Y':
        return matches(bytes, b, e, "yes") ? 1 : -1;
      case 'n':
      case 'N':
        return matches(bytes, b, e, "no") ? 0 : -1;
      case 'o':
      case 'O':
        if (redshift || length < 2) {
          return -1;
        }
        return Ascii.equalsWord(bytes, b, e, "on")
            ? 1
            : Ascii.isPrefixOf(bytes, b, e, "off") ? 0 : -1;
      case '1':
        return length == 1 ? 1 : -1;
      case '0':
        return length == 1 ? 0 : -1;
      default:
        return -1;
    }
  }

  private boolean matches(byte[] bytes, int begin, int end, String word) {
    return Ascii.isPrefixOf(bytes, begin, end, word)
        && (!redshift || end - begin == 1 || end - begin == word.length());
  }
}
