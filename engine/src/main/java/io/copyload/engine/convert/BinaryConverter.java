package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * BINARY, VARBINARY, BLOB. PostgreSQL: {@code \x} and hexadecimal digits with white space between
 * the pairs, else the escape format ({@code \\} and {@code \ooo}, other bytes as they are).
 * Redshift: hexadecimal digits.
 *
 * <p>The limit counts bytes; nothing is cut. BINARY(n) is padded with zeros.
 */
final class BinaryConverter implements FieldConverter {
  private final String typeName;
  private final long limit;
  private final boolean pad;
  private final boolean redshift;
  private final Complaint complaint = new Complaint();

  /**
   * @param limit in bytes; -1 is none
   */
  BinaryConverter(String typeName, long limit, boolean pad, boolean redshift) {
    this.typeName = typeName;
    this.limit = limit;
    this.pad = pad && limit >= 0;
    this.redshift = redshift;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    out.useHeap();
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int b = begin[r];
      byte[] heap = out.reserve(e - b);
      int count = parse(bytes, b, e, heap, out.heapSize());
      if (count >= 0 && limit >= 0 && count > limit) {
        complaint.set(
            RejectReason.TOO_LONG, "value too long for type " + typeName + "(" + limit + ")");
        count = -1;
      }
      nulls[r] = count < 0;
      if (count < 0) {
        complaint.report(r, rejects);
        continue;
      }
      if (pad && count < limit) {
        heap = out.reserve((int) limit);
        int at = out.heapSize();
        java.util.Arrays.fill(heap, at + count, at + (int) limit, (byte) 0);
        count = (int) limit;
      }
      out.commit(r, count);
    }
  }

  /** Writes the value and returns its length, or -1 with a complaint. */
  private int parse(byte[] bytes, int begin, int end, byte[] out, int outBegin) {
    if (redshift) {
      boolean prefixed = end - begin >= 2 && bytes[begin] == '\\' && bytes[begin + 1] == 'x';
      return parseHex(bytes, prefixed ? begin + 2 : begin, end, out, outBegin);
    }
    if (end - begin >= 2 && bytes[begin] == '\\' && bytes[begin + 1] == 'x') {
      return parseHex(bytes, begin + 2, end, out, outBegin);
    }
    int at = outBegin;
    for (int i = begin; i < end; ) {
      int c = bytes[i];
      if (c != '\\') {
        out[at++] = (byte) c;
        i++;
      } else if (i + 1 < end && bytes[i + 1] == '\\') {
        out[at++] = '\\';
        i += 2;
      } else if (i + 3 < end
          && bytes[i + 1] >= '0'
          && bytes[i + 1] <= '3'
          && isOctal(bytes[i + 2])
          && isOctal(bytes[i + 3])) {
        out[at++] =
            (byte) ((bytes[i + 1] - '0') * 64 + (bytes[i + 2] - '0') * 8 + bytes[i + 3] - '0');
        i += 4;
      } else {
        complaint.set(RejectReason.INVALID_BINARY, "invalid input syntax for type bytea");
        return -1;
      }
    }
    return at - outBegin;
  }

  private static boolean isOctal(int c) {
    return c >= '0' && c <= '7';
  }

  private int parseHex(byte[] bytes, int begin, int end, byte[] out, int outBegin) {
    int at = outBegin;
    int i = begin;
    while (i < end) {
      int c = bytes[i];
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        i++;
        continue;
      }
      int first = Ascii.hex(c);
      if (first < 0) {
        return badDigit(bytes, i, end);
      }
      if (++i == end) {
        complaint.set(
            RejectReason.INVALID_PARAMETER, "invalid hexadecimal data: odd number of digits");
        return -1;
      }
      int second = Ascii.hex(bytes[i]);
      if (second < 0) {
        return badDigit(bytes, i, end);
      }
      i++;
      out[at++] = (byte) (first << 4 | second);
    }
    return at - outBegin;
  }

  private int badDigit(byte[] bytes, int at, int end) {
    int next = at + 1;
    while (next < end && (bytes[next] & 0xc0) == 0x80) {
      next++;
    }
    complaint.set(
        RejectReason.INVALID_PARAMETER,
        "invalid hexadecimal digit: \"" + Complaint.text(bytes, at, next) + "\"");
    return -1;
  }
}
