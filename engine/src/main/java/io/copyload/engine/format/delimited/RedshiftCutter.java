package io.copyload.engine.format.delimited;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.RecordBatch;

/**
 * What Redshift's delimited text and CSV share: delimiters of one byte or more, line ends, NUL
 * bytes. Threads: one owner, the slice.
 */
abstract class RedshiftCutter extends RecordCutter {
  /** The bytes of the delimiter; the first is {@link #delimiter}. */
  final byte[] delimiters;

  private final boolean nulEnds;

  RedshiftCutter(DelimitedSpec spec, RecordBatch batch, boolean slowOnly) {
    super(spec, batch, slowOnly);
    delimiters = spec.delimiterBytes();
    nulEnds = !spec.nullMarker().equals("\0");
  }

  /** Whether a whole delimiter stands at {@code p}, where its first byte does. */
  final boolean isDelimiter(byte[] b, int p) {
    for (int i = 1; i < delimiters.length; i++) {
      if (b[p + i] != delimiters[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where the delimiter at {@code p} ends, 0 when its first byte stands alone, or NEED_MORE. */
  final int delimiterAt(int p, int to, boolean eof) {
    for (int i = 1; i < delimiters.length; i++) {
      if (p + i == to) {
        return eof ? 0 : NEED_MORE;
      }
      if (bytes[p + i] != delimiters[i]) {
        return 0;
      }
    }
    return p + delimiters.length;
  }

  /** Whether a NUL byte ends its record; it does not where it is the null string. */
  final boolean nulEndsRecord() {
    return nulEnds;
  }

  /**
   * Where the line end at {@code p} ends, which may have a NUL byte before it; 0 when there is
   * none, which is a fault where something else follows a carriage return or a NUL byte; or
   * NEED_MORE.
   */
  final int redshiftLineEndAt(int p, int to, boolean eof) {
    byte c = bytes[p];
    if (c == lineEnd) {
      return p + 1;
    }
    if (c != 0 ? c != '\r' || lineEnd == '\r' : !nulEnds) {
      return 0;
    }
    if (p + 1 == to) {
      return eof ? to : NEED_MORE;
    }
    if (bytes[p + 1] == lineEnd) {
      return p + 2;
    }
    if (c == 0 && bytes[p + 1] == '\r') {
      if (p + 2 == to) {
        return eof ? to : NEED_MORE;
      }
      if (bytes[p + 2] == lineEnd) {
        return p + 3;
      }
    }
    missingNewline(p + 1);
    return 0;
  }

  /** Says that a NUL byte is in a longer field where NUL is the null string. */
  final void checkNul(int begin, int end, int raw) {
    if (nulEnds || dry || fields >= fieldCount) {
      return;
    }
    for (int p = begin; p < end; p++) {
      if (bytes[p] == 0) {
        fault(RecordFault.Kind.NULL_BYTE, fields, raw, null);
        return;
      }
    }
  }

  final void missingNewline(int at) {
    fault(RecordFault.Kind.MISSING_NEWLINE, -1, at, String.format("%02x", bytes[at] & 255));
  }
}
