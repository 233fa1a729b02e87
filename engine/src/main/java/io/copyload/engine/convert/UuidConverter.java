package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * UUID: 32 hexadecimal digits in any case, a hyphen allowed after every four, the whole perhaps in
 * braces.
 */
final class UuidConverter implements FieldConverter {
  private final Complaint complaint = new Complaint();
  private long high;
  private long low;

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        out.nulls[r] = true;
        continue;
      }
      boolean good = parse(bytes, begin[r], e);
      out.nulls[r] = !good;
      if (good) {
        out.lanes[0][r] = high;
        out.lanes[1][r] = low;
      } else {
        complaint.syntax(RejectReason.INVALID_TEXT, "uuid", bytes, begin[r], e);
        complaint.report(r, rejects);
      }
    }
  }

  private boolean parse(byte[] bytes, int begin, int end) {
    int i = begin;
    int e = end;
    if (i < e && bytes[i] == '{') {
      if (bytes[e - 1] != '}') {
        return false;
      }
      i++;
      e--;
    }
    long first = 0;
    long second = 0;
    for (int digits = 0; digits < 32; digits++) {
      if (digits > 0 && (digits & 3) == 0 && i < e && bytes[i] == '-') {
        i++;
      }
      int digit = i < e ? Ascii.hex(bytes[i++]) : -1;
      if (digit < 0) {
        return false;
      }
      if (digits < 16) {
        first = first << 4 | digit;
      } else {
        second = second << 4 | digit;
      }
    }
    high = first;
    low = second;
    return i == e;
  }
}
