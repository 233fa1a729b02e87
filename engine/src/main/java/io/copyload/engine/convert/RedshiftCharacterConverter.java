package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import java.util.Arrays;

/**
 * CHAR and VARCHAR as Redshift's COPY reads them: the limit counts bytes, CHAR holds single-byte
 * characters only, and the UTF-8 of VARCHAR is checked or repaired here. Values are the batch's own
 * bytes, not copied unless one of the batch must be repaired.
 *
 * <p>Excess spaces are cut silently, other excess only with TRUNCATECOLUMNS, at a character's
 * begin. CHAR loses its trailing spaces, as H2 stores it.
 */
final class RedshiftCharacterConverter implements FieldConverter {
  private final boolean fixed;
  private final int most;
  private final boolean trim;
  private final boolean truncate;
  private final int replacement;
  private final Complaint complaint = new Complaint();

  /**
   * @param fixed whether the column is CHAR
   * @param limit in bytes; -1 is none
   */
  RedshiftCharacterConverter(boolean fixed, long limit, RedshiftConversion options) {
    this.fixed = fixed;
    most = limit < 0 || limit > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) limit;
    trim = options.trimBlanks() && !fixed;
    truncate = options.truncateColumns();
    replacement = options.replacement();
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    int[] outBegin = out.begin;
    int[] outLength = out.length;
    boolean ascii = !batch.nonAscii;
    if (!ascii && replacement >= 0 && !fixed && anyBad(batch, field)) {
      convertRepaired(batch, field, out, rejects);
      return;
    }
    out.pointTo(bytes);
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      int b = begin[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      e = ascii || isGood(bytes, b, e) ? settle(bytes, b, e) : -1;
      nulls[r] = e < 0;
      if (e < 0) {
        complaint.report(r, rejects);
        continue;
      }
      outBegin[r] = b;
      outLength[r] = e - b;
    }
  }

  private boolean anyBad(RecordBatch batch, int field) {
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      if (end[r] >= 0 && Utf8Characters.firstBad(batch.bytes, begin[r], end[r], true) != end[r]) {
        return true;
      }
    }
    return false;
  }

  private void convertRepaired(
      RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    out.useHeap();
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = batch.end[field][r];
      int b = batch.begin[field][r];
      out.nulls[r] = e < 0;
      if (e < 0) {
        continue;
      }
      byte[] value = Arrays.copyOfRange(batch.bytes, b, e);
      int at = Utf8Characters.firstBad(value, 0, value.length, true);
      if (at < value.length) {
        rejects.replaced(r);
      }
      while (at < value.length) {
        int next = at + Utf8Characters.extent(value, at, value.length);
        Arrays.fill(value, at, next, (byte) replacement);
        at = Utf8Characters.firstBad(value, next, value.length, true);
      }
      int length = settle(value, 0, value.length);
      out.nulls[r] = length < 0;
      if (length < 0) {
        complaint.report(r, rejects);
      } else {
        out.append(r, value, 0, length);
      }
    }
  }

  /** End of the value as the column keeps it, or -1 with a complaint. */
  private int settle(byte[] bytes, int begin, int end) {
    int e = end;
    if (fixed) {
      while (e > begin && bytes[e - 1] == ' ') {
        e--;
      }
    } else if (trim) {
      e = Ascii.trimEnd(bytes, begin, e);
    }
    if (e - begin <= most) {
      return e;
    }
    e = cut(bytes, begin, e);
    if (e < 0) {
      complaint.set(
          RejectReason.TOO_LONG,
          fixed ? "Char length exceeds DDL length" : "String length exceeds DDL length");
    }
    return e;
  }

  /** End of the value cut to the limit, or -1 when that is not allowed. */
  private int cut(byte[] bytes, int begin, int end) {
    int stop = begin + most;
    while (stop > begin && (bytes[stop] & 0xc0) == 0x80) {
      stop--;
    }
    if (!truncate) {
      for (int i = stop; i < end; i++) {
        if (bytes[i] != ' ') {
          return -1;
        }
      }
    }
    if (fixed) {
      while (stop > begin && bytes[stop - 1] == ' ') {
        stop--;
      }
    }
    return stop;
  }

  /** Whether all characters may be in the column; fills the complaint when not. */
  private boolean isGood(byte[] bytes, int begin, int end) {
    if (!fixed) {
      int at = replacement >= 0 ? end : Utf8Characters.firstBad(bytes, begin, end, false);
      return at == end
          || complaint.set(
              RejectReason.UNSUPPORTED_CHARACTER, Utf8Characters.message(bytes, at, end));
    }
    int at = Utf8Characters.firstNonAscii(bytes, begin, end);
    return at == end
        || complaint.set(
            RejectReason.UNSUPPORTED_CHARACTER,
            "Multibyte character not supported for CHAR (Hint: Try using  VARCHAR). Invalid char: "
                + Utf8Characters.hex(bytes, at, at + Utf8Characters.extent(bytes, at, end)));
  }
}
