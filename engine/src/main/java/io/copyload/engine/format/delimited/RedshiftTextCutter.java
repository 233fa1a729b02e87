package io.copyload.engine.format.delimited;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.RecordBatch;

/**
 * Redshift's delimited text: a delimiter of one byte or more; with ESCAPE a backslash takes the
 * meaning from the byte behind it; with REMOVEQUOTES a quote at the begin of a field reaches to the
 * next such quote before a delimiter or the record's end. Threads: one owner, the slice.
 */
final class RedshiftTextCutter extends RedshiftCutter {
  private final boolean removeQuotes;

  /** {@code \\N} in a file with escapes, where {@code \N} is the null string. */
  private final byte[] escapedNullMarker;

  RedshiftTextCutter(DelimitedSpec spec, RecordBatch batch, boolean slowOnly) {
    super(spec, batch, slowOnly);
    removeQuotes = spec.redshift().removeQuotes();
    escapedNullMarker =
        escape != NO_BYTE && spec.nullMarker().equals("\\N") ? new byte[] {'\\', '\\', 'N'} : null;
  }

  private static boolean isQuote(byte c) {
    return c == '"' || c == '\'';
  }

  // ---------------------------------------------------------------------------------------------
  // Fast path
  // ---------------------------------------------------------------------------------------------

  /** Takes records until one needs a closer look, the batch is full or the unit ends. */
  @Override
  void cutFast() {
    if (escape == NO_BYTE && !removeQuotes && delimiters.length == 1) {
      super.cutFast();
      return;
    }
    byte[] b = bytes;
    final int[][] begins = batch.begin;
    final int[][] ends = batch.end;
    final byte delim = delimiter;
    final int delimLength = delimiters.length;
    final int escapeByte = escape;
    final int last = fieldCount - 1;
    final int capacity = batch.capacity;
    final int stop = Math.min(unitEnd, limit);
    final byte end = lineEnd;
    final boolean quotes = removeQuotes;
    final boolean trailing = spec.trailingDelimiter();
    final int wanted = 2 * last + INDEX_SLACK;
    final int markerLength = nullMarker.length;
    final byte markerFirst = markerLength == 0 ? 0 : nullMarker[0];
    int[] ix = index;
    int start = position;
    int r = batch.recordCount;
    int line = lines;
    outer:
    while (r < capacity && start < stop) {
      if (indexCount - indexNext < wanted) {
        refill(wanted);
        ix = index;
      }
      final int available = indexCount;
      final int spareBefore = spareEnd;
      int n = indexNext;
      int s = start;
      int f = 0;
      int embedded = 0;
      int p;
      byte c;
      while (true) {
        boolean escaped = false;
        int lastEscaped = -1;
        int open = quotes && isQuote(b[s]) ? b[s] : NO_BYTE;
        while (true) {
          if (n >= available) {
            spareEnd = spareBefore;
            break outer;
          }
          p = ix[n++];
          c = b[p];
          if (c == delim && delimLength == 1 && open == NO_BYTE) {
            break;
          }
          if (c == escapeByte) {
            if (n >= available) {
              spareEnd = spareBefore;
              break outer;
            }
            lastEscaped = p + 1;
            byte d = b[lastEscaped];
            if (ix[n] == lastEscaped) {
              n++;
            }
            if (d == 0) {
              spareEnd = spareBefore;
              break outer;
            }
            if (d == end) {
              embedded++;
            }
            escaped = true;
          } else if (c == delim) {
            if (delimLength > 1) {
              if (p + delimLength > limit) {
                spareEnd = spareBefore;
                break outer;
              }
              if (!isDelimiter(b, p)) {
                continue;
              }
            }
            if (open == NO_BYTE || (b[p - 1] == open && p - 1 > s && p - 1 != lastEscaped)) {
              break;
            }
          } else if (c == end || c == '\r' || c == 0) {
            break;
          }
        }
        int from = s;
        int to = p;
        if (open != NO_BYTE) {
          if (b[p - 1] != open || p - 1 <= s || p - 1 == lastEscaped) {
            spareEnd = spareBefore;
            break outer;
          }
          from++;
          to--;
        }
        boolean mayBeNull =
            escaped || (to - from == markerLength && (markerLength == 0 || b[from] == markerFirst));
        if (mayBeNull && isNull(from, to)) {
          ends[f][r] = RecordBatch.NULL;
        } else if (escaped) {
          begins[f][r] = spareEnd;
          ends[f][r] = unescape(from, to);
          b = bytes;
        } else {
          begins[f][r] = from;
          ends[f][r] = to;
        }
        if (c != delim) {
          break;
        }
        s = p + delimLength;
        while (n < available && ix[n] < s) {
          n++;
        }
        if (f == last) {
          if (!trailing || n >= available || ix[n] != s) {
            spareEnd = spareBefore;
            break outer;
          }
          p = ix[n++];
          c = b[p];
          if (c == delim) {
            spareEnd = spareBefore;
            break outer;
          }
          break;
        }
        f++;
      }
      int after = p + 1;
      if (c == '\r' && end == '\n') {
        if (n >= available || ix[n] != after || b[after] != '\n') {
          spareEnd = spareBefore;
          break;
        }
        n++;
        after++;
      } else if (c != end) {
        spareEnd = spareBefore;
        break;
      }
      if (f != last || (p == start && ignoreBlankLines)) {
        spareEnd = spareBefore;
        break;
      }
      batch.recordBegin[r] = start;
      batch.recordEnd[r] = p;
      batch.lineInUnit[r] = line;
      line += 1 + embedded;
      r++;
      start = after;
      indexNext = n;
    }
    if (r > batch.recordCount && position < highBitsTo) {
      nonAscii = true;
    }
    batch.recordCount = r;
    lines = line;
    position = start;
  }

  private boolean isNull(int begin, int end) {
    return rawEquals(nullMarker, begin, end)
        || (escapedNullMarker != null && rawEquals(escapedNullMarker, begin, end));
  }

  /** Copies a field without its escapes to the spare room; returns its end there. */
  private int unescape(int begin, int end) {
    int out = reserveSpare(end - begin);
    byte[] b = bytes;
    for (int p = begin; p < end; p++) {
      if (b[p] == escape && ++p == end) {
        break;
      }
      b[out++] = b[p];
    }
    spareEnd = out;
    return out;
  }

  // ---------------------------------------------------------------------------------------------
  // Slow path
  // ---------------------------------------------------------------------------------------------

  private int fieldBegin;
  private boolean escapes;
  private int lastEscaped;

  /** The quote that the field began with, or NO_BYTE. */
  private int open;

  @Override
  int cutOne(int from, int to, boolean eof) {
    int embedded = 0;
    beginField(from);
    int p = from;
    while (true) {
      if (p == to) {
        if (!eof) {
          return NEED_MORE;
        }
        endField(p);
        record(p, embedded, p == fieldBegin);
        return p;
      }
      byte c = bytes[p];
      if (p == fieldBegin && removeQuotes && isQuote(c)) {
        open = c;
        p++;
      } else if (c == escape) {
        escapes = true;
        if (p + 1 == to) {
          if (!eof) {
            return NEED_MORE;
          }
          p++;
        } else if (bytes[p + 1] == 0 && nulEndsRecord()) {
          // A NUL byte cannot be escaped.
          p++;
        } else {
          if (bytes[p + 1] == lineEnd) {
            embedded++;
          }
          lastEscaped = p + 1;
          p += 2;
        }
      } else if (c == delimiter) {
        int after = delimiterAt(p, to, eof);
        if (after == NEED_MORE) {
          return NEED_MORE;
        }
        if (after == 0 || (open != NO_BYTE && !isClosed(p))) {
          p++;
        } else {
          endField(p);
          beginField(after);
          p = after;
        }
      } else if (c == lineEnd || c == '\r' || c == 0) {
        int after = redshiftLineEndAt(p, to, eof);
        if (after == NEED_MORE) {
          return NEED_MORE;
        }
        if (after > 0) {
          endField(p);
          record(p, embedded, p == fieldBegin);
          return after;
        }
        p++;
      } else {
        p++;
      }
    }
  }

  private void beginField(int begin) {
    fieldBegin = begin;
    escapes = false;
    lastEscaped = -1;
    open = NO_BYTE;
  }

  /** Whether the quote of the field is closed right before {@code p}. */
  private boolean isClosed(int p) {
    return p - 1 > fieldBegin && bytes[p - 1] == open && lastEscaped != p - 1;
  }

  private void endField(int end) {
    int begin = fieldBegin;
    int to = end;
    if (dry) {
      field(begin, begin, end);
      return;
    }
    if (open != NO_BYTE) {
      if (isClosed(end)) {
        begin++;
        to--;
      } else {
        fault(RecordFault.Kind.UNTERMINATED_QUOTE, fields, fieldBegin, null);
      }
    }
    if (isNull(begin, to)) {
      field(fieldBegin, begin, RecordBatch.NULL);
      return;
    }
    if (to - begin > 1) {
      checkNul(begin, to, fieldBegin);
    }
    if (escapes) {
      int from = spareEnd;
      int stop = unescape(begin, to);
      field(fieldBegin, from, stop);
    } else {
      field(fieldBegin, begin, to);
    }
  }
}
