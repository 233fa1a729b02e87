package io.copyload.engine.format.delimited;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.RecordBatch;

/**
 * Redshift's CSV: quotes only around whole fields, blanks around them ignored. Threads: one owner,
 * the slice.
 */
final class RedshiftCsvCutter extends RecordCutter {
  RedshiftCsvCutter(DelimitedSpec spec, RecordBatch batch, boolean slowOnly) {
    super(spec, batch, slowOnly);
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
          break;
        }
        if (c == lineEnd || c == '\r' || c == 0) {
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
        p++;
        continue;
      }
      record(p, embedded, !quoted && p == fieldBegin);
      return p == to ? p : after;
    }
  }

  private boolean isBlank(byte c) {
    return (c == ' ' || c == '\t') && c != delimiter;
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
