package io.copyload.engine.format.delimited;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.EndMarker;
import io.copyload.engine.format.RecordBatch;

/** PostgreSQL's CSV: a quote toggles anywhere in a field. Threads: one owner, the slice. */
final class PostgresCsvCutter extends RecordCutter {
  PostgresCsvCutter(DelimitedSpec spec, RecordBatch batch, boolean slowOnly) {
    super(spec, batch, slowOnly);
  }

  @Override
  int cutOne(int from, int to, boolean eof) {
    final boolean escapeIsQuote = escape == quote;
    final byte countByte = (byte) (newline == NewlineStyle.LF && !quirkOfFirstLine ? '\n' : '\r');
    final boolean any = newline == NewlineStyle.ANY;
    final boolean endMarker = spec.endMarker() == EndMarker.WHOLE_LINE;
    int p = from;
    int fieldBegin = from;
    int firstQuote = -1;
    int lastQuote = -1;
    boolean single = true;
    boolean inside = false;
    int embedded = 0;
    if (endMarker && to - from >= 2 && bytes[from] == '\\' && bytes[from + 1] == '.') {
      // In mixed lines a carriage return is enough, and a load unit may end behind it.
      boolean returns = any && from + 2 < to && bytes[from + 2] == '\r';
      int end = returns ? from + 3 : lineEndAt(from + 2, to, eof);
      if (end == NEED_MORE) {
        return NEED_MORE;
      }
      if (end > 0 || any && from + 2 == to) {
        return DATA_ENDED;
      }
      // With a lone newline behind it, it is data of a line that ends wrongly.
      if (isOtherLineEnd(from + 2, to)
          && !(newline == NewlineStyle.CRLF && bytes[from + 2] == '\n')) {
        fault(RecordFault.Kind.END_MARKER_STYLE, -1, from, null);
      }
    }
    while (true) {
      if (p == to) {
        if (!eof) {
          return NEED_MORE;
        }
        if (inside) {
          fault(RecordFault.Kind.UNTERMINATED_QUOTE, fields, fieldBegin, null);
        }
        csvField(fieldBegin, p, firstQuote, lastQuote, single && !inside);
        record(p, embedded, false);
        return p;
      }
      byte c = bytes[p];
      if (inside) {
        if (c == escape && !(escapeIsQuote && p + 1 == to && eof)) {
          if (p + 1 == to && !eof) {
            return NEED_MORE;
          }
          byte d = p + 1 < to ? bytes[p + 1] : 0;
          if (p + 1 < to && (d == quote || d == escape)) {
            single = false;
            p += 2;
            continue;
          }
        }
        if (c == quote) {
          inside = false;
          lastQuote = p;
        } else if (any ? endsLine(p) : c == countByte) {
          embedded++;
        } else if (c == 0) {
          fault(RecordFault.Kind.INVALID_ENCODING, -1, p, "0x00");
        }
        p++;
        continue;
      }
      if (c == delimiter) {
        csvField(fieldBegin, p, firstQuote, lastQuote, single);
        fieldBegin = p + 1;
        firstQuote = -1;
        single = true;
        p++;
      } else if (c == quote) {
        inside = true;
        if (firstQuote < 0) {
          firstQuote = p;
        } else {
          single = false;
        }
        p++;
      } else if (c == '\n' || c == '\r') {
        int end = lineEndAt(p, to, eof);
        if (end == NEED_MORE) {
          return NEED_MORE;
        }
        if (end > 0) {
          csvField(fieldBegin, p, firstQuote, lastQuote, single);
          record(p, embedded, false);
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

  private void csvField(int begin, int end, int firstQuote, int lastQuote, boolean single) {
    if (dry) {
      field(begin, begin, end);
      return;
    }
    if (firstQuote < 0) {
      if (rawEquals(nullMarker, begin, end)) {
        field(begin, begin, RecordBatch.NULL);
        return;
      }
    } else if (spec.nullInQuotes() && fields < fieldCount) {
      int from = spareEnd;
      int to = unquote(begin, end);
      boolean isNull = rawEquals(nullMarker, from, to);
      field(begin, from, isNull ? RecordBatch.NULL : to);
      return;
    }
    if (defaultMarker != null && fields < fieldCount && rawEquals(defaultMarker, begin, end)) {
      defaultMarker(begin);
    } else if (firstQuote < 0) {
      field(begin, begin, end);
    } else if (single && firstQuote == begin && lastQuote == end - 1) {
      field(begin, begin + 1, end - 1);
    } else if (fields < fieldCount) {
      int from = spareEnd;
      int to = unquote(begin, end);
      field(begin, from, to);
    } else {
      field(begin, begin, end);
    }
  }

  /**
   * Copies a PostgreSQL CSV field without its quotes and escapes to the spare room; returns its end
   * there.
   */
  private int unquote(int begin, int end) {
    int out = reserveSpare(end - begin);
    byte[] b = bytes;
    boolean inside = false;
    for (int p = begin; p < end; p++) {
      byte c = b[p];
      if (!inside) {
        if (c == quote) {
          inside = true;
        } else {
          b[out++] = c;
        }
      } else if (c == escape && p + 1 < end && (b[p + 1] == quote || b[p + 1] == escape)) {
        b[out++] = b[++p];
      } else if (c == quote) {
        inside = false;
      } else {
        b[out++] = c;
      }
    }
    spareEnd = out;
    return out;
  }
}
