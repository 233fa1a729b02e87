package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import java.util.Arrays;

/**
 * CHAR and VARCHAR as Redshift's COPY reads them: the limit counts bytes, CHAR holds single-byte
 * characters only, and the UTF-8 of VARCHAR is checked or repaired here. Values are the batch's own
 * bytes, not copied.
 *
 * <p>Excess spaces are cut silently, other excess only with TRUNCATECOLUMNS, at a character's begin.
 * CHAR loses its trailing spaces, as H2 stores it.
 */
final class RedshiftCharacterConverter implements FieldConverter {
  private final boolean fixed;
  private final long limit;
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
    this.limit = limit;
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
    int fits = limit < 0 || limit > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) limit;
    boolean ascii = !batch.nonAscii;
    out.pointTo(bytes);
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      int b = begin[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      if (!ascii && !checkCharacters(bytes, b, e, r, rejects)) {
        nulls[r] = true;
        continue;
      }
      if (fixed) {
        while (e > b && bytes[e - 1] == ' ') {
          e--;
        }
      } else if (trim) {
        e = Ascii.trimEnd(bytes, b, e);
      }
      if (e - b > fits) {
        e = cut(bytes, b, e, fits);
        if (e < 0) {
          nulls[r] = true;
          complaint.set(
              RejectReason.TOO_LONG,
              fixed ? "Char length exceeds DDL length" : "String length exceeds DDL length");
          complaint.report(r, rejects);
          continue;
        }
      }
      nulls[r] = false;
      outBegin[r] = b;
      outLength[r] = e - b;
    }
  }

  /** End of the value cut to {@code most} bytes, or -1 when that is not allowed. */
  private int cut(byte[] bytes, int begin, int end, int most) {
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

  private boolean checkCharacters(byte[] bytes, int begin, int end, int r, FieldRejects rejects) {
    if (fixed) {
      int at = Utf8Characters.firstNonAscii(bytes, begin, end);
      if (at == end) {
        return true;
      }
      complaint.set(
          RejectReason.UNSUPPORTED_CHARACTER,
          "Multibyte character not supported for CHAR (Hint: Try using  VARCHAR). Invalid char: "
              + Utf8Characters.hex(bytes, at, at + Utf8Characters.extent(bytes, at, end)));
      complaint.report(r, rejects);
      return false;
    }
    boolean repair = replacement >= 0;
    int at = Utf8Characters.firstBad(bytes, begin, end, repair);
    if (at == end) {
      return true;
    }
    if (!repair) {
      complaint.set(RejectReason.UNSUPPORTED_CHARACTER, Utf8Characters.message(bytes, at, end));
      complaint.report(r, rejects);
      return false;
    }
    rejects.replaced(r);
    while (at < end) {
      int next = at + Utf8Characters.extent(bytes, at, end);
      Arrays.fill(bytes, at, next, (byte) replacement);
      at = Utf8Characters.firstBad(bytes, next, end, true);
    }
    return true;
  }
}
