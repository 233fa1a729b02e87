package io.copyload.engine.format.delimited;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.EndMarker;
import io.copyload.engine.format.RecordBatch;

/** PostgreSQL's text: backslash escapes. Threads: one owner, the slice. */
final class PostgresTextCutter extends RecordCutter {
  /** Whether the delimiter may be a digit of an escape like {@code \x4A}, where it is one. */
  private final boolean hexDelimiter;

  PostgresTextCutter(DelimitedSpec spec, RecordBatch batch, boolean slowOnly) {
    super(spec, batch, slowOnly);
    hexDelimiter = isHex(spec.delimiter());
  }

  @Override
  int cutOne(int from, int to, boolean eof) {
    final boolean endMarker = spec.endMarker() != EndMarker.NONE;
    int p = from;
    int fieldBegin = from;
    boolean escaped = false;
    while (true) {
      if (p == to) {
        if (!eof) {
          return NEED_MORE;
        }
        textField(fieldBegin, p, escaped);
        record(p, 0, false);
        return p;
      }
      byte c = bytes[p];
      if (c == delimiter) {
        textField(fieldBegin, p, escaped);
        fieldBegin = p + 1;
        escaped = false;
        p++;
      } else if (c == '\\') {
        if (p + 1 < to && endMarker && bytes[p + 1] == '.') {
          int end = lineEndAt(p + 2, to, eof);
          if (end == NEED_MORE) {
            return NEED_MORE;
          }
          if (end > 0 && p == from) {
            return DATA_ENDED;
          }
          if (end > 0 && spec.endMarker() == EndMarker.ANYWHERE) {
            textField(fieldBegin, p, escaped);
            record(p, 0, false);
            endsData = true;
            return end;
          }
          endMarkerFault(p, to, eof, end > 0);
        }
        escaped = true;
        if (p + 1 == to) {
          if (!eof) {
            return NEED_MORE;
          }
          p++;
        } else if (endMarker && bytes[p + 1] == '.') {
          p += 2;
        } else {
          if (bytes[p + 1] == 0) {
            fault(RecordFault.Kind.INVALID_ENCODING, -1, p + 1, "0x00");
          }
          p += 2;
          if (hexDelimiter && bytes[p - 1] == 'x') {
            for (int i = 0; i < 2 && p < to && isHex(bytes[p]); i++) {
              p++;
            }
          }
        }
      } else if (c == '\n' || c == '\r') {
        int end = lineEndAt(p, to, eof);
        if (end == NEED_MORE) {
          return NEED_MORE;
        }
        if (end > 0) {
          textField(fieldBegin, p, escaped);
          record(p, 0, false);
          return end;
        }
        fault(
            c == '\r' ? RecordFault.Kind.BARE_CARRIAGE_RETURN : RecordFault.Kind.BARE_NEWLINE,
            -1,
            p,
            null);
        p++;
      } else {
        if (c == 0) {
          fault(RecordFault.Kind.INVALID_ENCODING, -1, p, "0x00");
        }
        p++;
      }
    }
  }

  /** Says what is wrong with a {@code \.} at {@code p} that does not end the data. */
  private void endMarkerFault(int p, int to, boolean eof, boolean lineEnd) {
    RecordFault.Kind kind =
        spec.endMarker() == EndMarker.ANYWHERE
            ? RecordFault.Kind.END_MARKER_CORRUPT
            : RecordFault.Kind.END_MARKER_NOT_ALONE;
    boolean style = !lineEnd && isOtherLineEnd(p + 2, to);
    fault(style ? RecordFault.Kind.END_MARKER_STYLE : kind, -1, p, null);
  }

  private void textField(int begin, int fieldEnd, boolean escaped) {
    int end = escaped ? withoutLastBackslash(begin, fieldEnd) : fieldEnd;
    if (dry) {
      field(begin, begin, end);
    } else if (rawEquals(nullMarker, begin, end)) {
      field(begin, begin, RecordBatch.NULL);
    } else if (defaultMarker != null
        && fields < fieldCount
        && rawEquals(defaultMarker, begin, end)) {
      defaultMarker(begin);
    } else if (!escaped) {
      field(begin, begin, end);
    } else {
      int from = spareEnd;
      int to = unescape(begin, end);
      field(begin, from, to);
    }
  }

  private static boolean isHex(byte c) {
    return c >= 0 && Character.digit((char) c, 16) >= 0;
  }

  /** A backslash that nothing follows, where the data ends, is no part of the field. */
  private int withoutLastBackslash(int begin, int end) {
    int first = end;
    while (first > begin && bytes[first - 1] == '\\') {
      first--;
    }
    return (end - first) % 2 == 0 ? end : end - 1;
  }

  /** Copies the field without its escapes to the spare room; returns its end there. */
  private int unescape(int begin, int end) {
    int from = reserveSpare(end - begin);
    int out = from;
    byte[] b = bytes;
    boolean byNumber = false;
    int p = begin;
    while (p < end) {
      byte c = b[p++];
      if (c != '\\') {
        b[out++] = c;
        continue;
      }
      if (p == end) {
        break;
      }
      c = b[p++];
      switch (c) {
        case 'b' -> b[out++] = 8;
        case 'f' -> b[out++] = 12;
        case 'n' -> b[out++] = 10;
        case 'r' -> b[out++] = 13;
        case 't' -> b[out++] = 9;
        case 'v' -> b[out++] = 11;
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int value = c - '0';
          for (int i = 0; i < 2 && p < end && b[p] >= '0' && b[p] <= '7'; i++) {
            value = value * 8 + (b[p++] - '0');
          }
          b[out++] = (byte) value;
          byNumber |= (byte) value <= 0;
        }
        case 'x' -> {
          if (p == end || !isHex(b[p])) {
            b[out++] = c;
          } else {
            int value = Character.digit((char) b[p++], 16);
            if (p < end && isHex(b[p])) {
              value = value * 16 + Character.digit((char) b[p++], 16);
            }
            b[out++] = (byte) value;
            byNumber |= (byte) value <= 0;
          }
        }
        default -> b[out++] = c;
      }
    }
    spareEnd = out;
    if (byNumber) {
      int bad = Utf8Validation.firstInvalid(b, from, out, true);
      if (bad >= 0) {
        fault(
            RecordFault.Kind.INVALID_ESCAPED_ENCODING,
            fields,
            begin,
            Utf8Validation.describe(b, bad, out));
      }
    }
    return out;
  }
}
