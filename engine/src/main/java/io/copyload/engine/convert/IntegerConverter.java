package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * TINYINT, SMALLINT, INTEGER, BIGINT. PostgreSQL's syntax: sign, digits, surrounding white space,
 * and since 16 the prefixes {@code 0x 0o 0b} and single underscores between digits; Redshift knows
 * decimal digits only.
 */
final class IntegerConverter implements FieldConverter {
  private final String typeName;
  private final long max;
  private final boolean plainOnly;

  /** Before PostgreSQL 16, an overflow comes before whatever follows its last digit. */
  private final boolean immediate;

  /** Redshift's name of the type, in its messages; null for PostgreSQL's. */
  private final String redshiftName;

  private final Complaint complaint = new Complaint();
  private long parsed;

  /**
   * @param redshift whether Redshift's syntax and texts hold
   * @param plainOnly whether a number has decimal digits only
   */
  IntegerConverter(String typeName, long max, boolean redshift, boolean plainOnly) {
    this.typeName = typeName;
    this.max = max;
    this.plainOnly = plainOnly;
    immediate = plainOnly && !redshift;
    redshiftName =
        !redshift
            ? null
            : max == Integer.MAX_VALUE ? "Integer" : max == Long.MAX_VALUE ? "Long" : "Short";
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    long[] lane = out.lanes[0];
    long limit = max;
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int b = begin[r];
      if (e - b > 0 && e >= 16) {
        long minus = bytes[b] == '-' ? -1 : 0;
        int count = e - b + (int) minus;
        long value = -1;
        if (count >= 1 && count <= 8) {
          value = Digits.upTo8(bytes, e, count);
        } else if (count >= 9 && count <= 16) {
          value = Digits.upTo16(bytes, e, count);
        }
        if (value >= 0 && value <= limit) {
          nulls[r] = false;
          lane[r] = (value ^ minus) - minus;
          continue;
        }
      }
      if (parse(bytes, b, e)) {
        nulls[r] = false;
        lane[r] = parsed;
      } else {
        nulls[r] = true;
        complaint.report(r, rejects);
      }
    }
  }

  /** The general path; the result is {@link #parsed}. */
  boolean parse(byte[] bytes, int begin, int end) {
    int i = Ascii.skipSpaces(bytes, begin, end);
    boolean negative = false;
    if (i < end && (bytes[i] == '-' || bytes[i] == '+')) {
      negative = bytes[i++] == '-';
    }
    int radix = 10;
    if (!plainOnly && i + 1 < end && bytes[i] == '0') {
      int prefix = bytes[i + 1] | 0x20;
      radix = prefix == 'x' ? 16 : prefix == 'o' ? 8 : prefix == 'b' ? 2 : 10;
      if (radix != 10) {
        i += 2;
      }
    }
    int first = i;
    // Largest magnitude before one more digit, as PostgreSQL checks it: trailing junk does not hide
    // an overflow.
    long room = (max + 1 < 0 ? Long.MIN_VALUE : max + 1) / -radix;
    room = room < 0 ? -room : room;
    long value = 0;
    while (i < end) {
      int c = bytes[i];
      int digit = Ascii.hex(c);
      if (digit >= 0 && digit < radix) {
        if (value > room || value < 0) {
          return outOfRange(bytes, begin, end);
        }
        value = value * radix + digit;
        i++;
        if (immediate && Long.compareUnsigned(value, max + 1) > 0) {
          return outOfRange(bytes, begin, end);
        }
      } else if (c == '_' && !plainOnly && (i > first || radix != 10)) {
        i++;
        int next = i < end ? Ascii.hex(bytes[i]) : -1;
        if (next < 0 || next >= radix) {
          return syntax(bytes, begin, i, end);
        }
      } else {
        break;
      }
    }
    if (i == first || Ascii.skipSpaces(bytes, i, end) != end) {
      return syntax(bytes, begin, i, end);
    }
    // value is an unsigned 64-bit number here.
    if (negative ? Long.compareUnsigned(value, max + 1) > 0 : value < 0 || value > max) {
      return outOfRange(bytes, begin, end);
    }
    parsed = negative ? -value : value;
    return true;
  }

  long parsed() {
    return parsed;
  }

  private boolean syntax(byte[] bytes, int begin, int at, int end) {
    if (redshiftName != null) {
      // A sign without digits is itself the offence.
      return complaint.digit(
          RejectReason.INVALID_INTEGER,
          redshiftName,
          bytes,
          begin,
          at == end && at > begin ? at - 1 : at,
          end);
    }
    return complaint.syntax(RejectReason.INVALID_INTEGER, typeName, bytes, begin, end);
  }

  private boolean outOfRange(byte[] bytes, int begin, int end) {
    if (redshiftName != null) {
      return complaint.set(RejectReason.INTEGER_OVERFLOW, "Overflow, Column type: " + redshiftName);
    }
    return complaint.set(
        RejectReason.INTEGER_OVERFLOW,
        "value \"" + Complaint.text(bytes, begin, end) + "\" is out of range for type " + typeName);
  }
}
