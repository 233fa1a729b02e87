package io.copyload.engine.format.delimited;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.RecordBatch;

/**
 * Redshift's CSV: quotes only around whole fields, blanks around them ignored, unless they are part
 * of the delimiter. Threads: one owner, the slice.
 */
final class RedshiftCsvCutter extends RedshiftCutter {
  RedshiftCsvCutter(DelimitedSpec spec, RecordBatch batch, boolean slowOnly) {
    super(spec, batch, slowOnly);
  }

  /** Takes plain records until one needs a closer look, the batch is full or the unit ends. */
  @Override
  void cutFast() {
    if (delimiters.length == 1) {
      super.cutFast();
      return;
    }
    final byte[] b = bytes;
    final int[][] begins = batch.begin;
    final int[][] ends = batch.end;
    final byte delim = delimiter;
    final int delimLength = delimiters.length;
    final int quoteByte = quote;
    final byte end = lineEnd;
    final int last = fieldCount - 1;
    final int capacity = batch.capacity;
    final int stop = Math.min(unitEnd, limit);
    final int wanted = delimLength * last + INDEX_SLACK;
    final boolean trailing = spec.trailingDelimiter();
    int start = position;
    int r = batch.recordCount;
    int line = lines;
    outer:
    while (r < capacity && start < stop) {
      if (indexCount - indexNext < wanted) {
        refill(wanted);
      }
      final int[] ix = index;
      final int available = indexCount;
      int n = indexNext;
      int s = start;
      int f = 0;
      int p;
      byte c;
      while (true) {
        if (n >= available) {
          break outer;
        }
        p = ix[n++];
        c = b[p];
        int from = s;
        int to;
        if (c == quoteByte && p == s && !spec.nullInQuotes()) {
          // A quoted field without quotes and line ends inside, and nothing around.
          do {
            if (n >= available) {
              break outer;
            }
            to = ix[n++];
            if (b[to] == '\n' || b[to] == '\r' || b[to] == 0) {
              break outer;
            }
          } while (b[to] != quoteByte);
          if (n >= available) {
            break outer;
          }
          p = ix[n++];
          c = b[p];
          from++;
          if (p != to + 1) {
            break outer;
          }
          if (c == delim && (p + delimLength > limit || !isDelimiter(b, p))) {
            break outer;
          }
        } else {
          while (c != delim || p + delimLength > limit || !isDelimiter(b, p)) {
            if (c == end || c == '\r' || c == 0) {
              break;
            }
            if (c == quoteByte || p + delimLength > limit || n >= available) {
              break outer;
            }
            p = ix[n++];
            c = b[p];
          }
          to = rawEquals(nullMarker, s, p) ? RecordBatch.NULL : p;
        }
        begins[f][r] = from;
        ends[f][r] = to;
        if (c != delim) {
          break;
        }
        s = p + delimLength;
        while (n < available && ix[n] < s) {
          n++;
        }
        if (f == last) {
          if (!trailing || n >= available || ix[n] != s) {
            break outer;
          }
          p = ix[n++];
          c = b[p];
          break;
        }
        f++;
      }
      int after = p + 1;
      if (c == '\r' && end == '\n') {
        if (n >= available || ix[n] != after || b[after] != '\n') {
          break;
        }
        n++;
        after++;
      } else if (c != end) {
        break;
      }
      if (f != last || (p == start && ignoreBlankLines)) {
        break;
      }
      batch.recordBegin[r] = start;
      batch.recordEnd[r] = p;
      batch.lineInUnit[r] = line++;
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

  @Override
  int cutOne(int from, int to, boolean eof) {
    int p = from;
    int embedded = 0;
    while (true) {
      int fieldBegin = p;
      while (p < to && isBlank(bytes[p])) {
        p++;
      }
      if (p == to && !eof) {
        return NEED_MORE;
      }
      boolean quoted = p < to && bytes[p] == quote;
      int valueBegin = fieldBegin;
      int valueEnd = -1;
      boolean doubled = false;
      boolean badQuote = false;
      if (quoted) {
        p++;
        valueBegin = p;
        while (true) {
          if (p == to) {
            if (!eof) {
              return NEED_MORE;
            }
            fault(RecordFault.Kind.UNTERMINATED_QUOTE, fields, fieldBegin, null);
            field(fieldBegin, valueBegin, p);
            record(p, embedded, false);
            return p;
          }
          byte c = bytes[p];
          if (c == quote) {
            if (p + 1 == to && !eof) {
              return NEED_MORE;
            }
            if (p + 1 < to && bytes[p + 1] == quote) {
              doubled = true;
              p += 2;
              continue;
            }
            valueEnd = p++;
            break;
          }
          if (c == lineEnd) {
            embedded++;
          } else if (c == 0 && nulEndsRecord()) {
            if (p + 1 == to && !eof) {
              return NEED_MORE;
            }
            if (p + 1 < to) {
              missingNewline(p + 1);
            }
          }
          p++;
        }
        while (p < to && isBlank(bytes[p])) {
          p++;
        }
      }
      // Now outside quotes: up to the delimiter or the line end.
      int plainFrom = p;
      byte c = 0;
      int after = 0;
      while (p < to) {
        c = bytes[p];
        if (c == delimiter) {
          after = delimiterAt(p, to, eof);
          if (after == NEED_MORE) {
            return NEED_MORE;
          }
          if (after > 0) {
            break;
          }
        } else if (c == lineEnd || c == '\r' || c == 0) {
          after = redshiftLineEndAt(p, to, eof);
          if (after == NEED_MORE) {
            return NEED_MORE;
          }
          if (after > 0) {
            break;
          }
        } else if (c == quote) {
          badQuote = true;
        }
        p++;
      }
      if (p == to && !eof) {
        return NEED_MORE;
      }
      if (badQuote || (quoted && p > plainFrom)) {
        fault(RecordFault.Kind.QUOTE_FORMAT, fields, fieldBegin, null);
      }
      redshiftCsvField(fieldBegin, valueBegin, quoted ? valueEnd : p, quoted, doubled);
      if (p < to && c == delimiter) {
        p = after;
        continue;
      }
      record(p, embedded, !quoted && p == fieldBegin);
      return p == to ? p : after;
    }
  }

  private boolean isBlank(byte c) {
    if (c != ' ' && c != '\t') {
      return false;
    }
    for (byte d : delimiters) {
      if (c == d) {
        return false;
      }
    }
    return true;
  }

  private void redshiftCsvField(int raw, int begin, int end, boolean quoted, boolean doubled) {
    if (dry) {
      field(raw, begin, end);
      return;
    }
    int from = begin;
    int to = end;
    if (doubled) {
      from = reserveSpare(end - begin);
      to = from;
      byte[] b = bytes;
      for (int p = begin; p < end; p++) {
        if (b[p] == quote) {
          p++;
        }
        b[to++] = b[p];
      }
      spareEnd = to;
    }
    if (to - from > 1) {
      checkNul(from, to, raw);
    }
    boolean isNull = (!quoted || spec.nullInQuotes()) && rawEquals(nullMarker, from, to);
    field(raw, from, isNull ? RecordBatch.NULL : to);
  }
}
