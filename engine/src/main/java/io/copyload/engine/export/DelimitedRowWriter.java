package io.copyload.engine.export;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Text and CSV as PostgreSQL writes them. A value is put into the output as it is; if it then turns
 * out to hold a special byte, it is quoted or escaped in place.
 */
public final class DelimitedRowWriter implements RowWriter {
  private static final VarHandle INT64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private final ValueText[] values;
  private final boolean csv;
  private final byte delimiter;
  private final byte quote;
  private final byte escape;
  private final byte[] nullMarker;
  private final boolean header;
  private final boolean[] forceQuote;

  /** Columns whose text never needs a second look. */
  private final boolean[] plain;

  /** For columns whose text is that of their one lane, but for dates, which are kept elsewhere. */
  private final FieldCache[] caches;

  /** What stands behind a column's field: the delimiter or the line end. */
  private final byte[] followers;

  /** Per byte: 0 for ordinary ones. In text the byte behind the backslash. */
  private final byte[] special = new byte[256];

  /** The delimiter, and the quote or in text the backslash, in every byte. */
  private final long delimiters;

  private final long quotes;

  /**
   * @param forceQuote per column whether a value other than NULL is always quoted
   */
  public DelimitedRowWriter(
      DelimitedSpec spec,
      List<TargetType> types,
      boolean[] forceQuote,
      ZoneId zone,
      boolean padsChar) {
    csv = spec.isCsv();
    delimiter = spec.delimiter();
    quote = (byte) spec.quote();
    escape = (byte) spec.escape();
    nullMarker = spec.nullMarker().getBytes(StandardCharsets.UTF_8);
    header = spec.header() != DelimitedSpec.Header.NONE;
    this.forceQuote = forceQuote.clone();
    DateTimeText times = new DateTimeText(zone);
    values = new ValueText[types.size()];
    plain = new boolean[types.size()];
    caches = new FieldCache[types.size()];
    followers = new byte[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ValueText.of(types.get(i), times, padsChar);
      TargetType type = types.get(i);
      caches[i] = type.laneCount() == 1 && type.kind() != Kind.DATE ? new FieldCache() : null;
      followers[i] = i == values.length - 1 ? (byte) '\n' : delimiter;
      plain[i] = ValueText.isPlain(types.get(i)) && hasNoPlainBytes(spec) && !forceQuote[i];
    }
    delimiters = ONES * (delimiter & 0xff);
    quotes = ONES * (csv ? quote & 0xff : '\\');
    if (csv) {
      special[delimiter & 0xff] = 1;
      special[quote & 0xff] = 1;
      special['\n'] = 1;
      special['\r'] = 1;
    } else {
      String control = "\b\f\n\r\t\u000b\\";
      String letters = "bfnrtv\\";
      special[delimiter & 0xff] = delimiter;
      for (int i = 0; i < control.length(); i++) {
        special[control.charAt(i)] = (byte) letters.charAt(i);
      }
    }
  }

  /** Leaves backspace, form feed and vertical tab as they are, as Materialize does. */
  public DelimitedRowWriter escapingLess() {
    for (char c : new char[] {'\b', '\f', '\u000b'}) {
      if (!csv && c != delimiter) {
        special[c] = 0;
      }
    }
    return this;
  }

  /**
   * Whether neither delimiter, quote nor null marker can occur in the text of numbers and times.
   */
  private static boolean hasNoPlainBytes(DelimitedSpec spec) {
    if (isPlain((char) spec.delimiter()) || spec.quote() >= 0 && isPlain((char) spec.quote())) {
      return false;
    }
    String marker = spec.nullMarker();
    return marker.isEmpty() || !spec.isCsv() || marker.chars().anyMatch(c -> !isPlain((char) c));
  }

  private static boolean isPlain(char c) {
    return c >= '0' && c <= '9' || "abcdefBCEINTZty+-.: ".indexOf(c) >= 0 || c == 'n' || c == 'i';
  }

  @Override
  public void begin(List<String> columnNames, OutputBuffer out) {
    if (!header) {
      return;
    }
    for (int i = 0; i < columnNames.size(); i++) {
      if (i > 0) {
        out.put(delimiter);
      }
      int start = out.size;
      out.put(columnNames.get(i).getBytes(StandardCharsets.UTF_8));
      finishField(start, false, out);
    }
    out.put((byte) '\n');
  }

  @Override
  public void rows(ExportColumn[] columns, int begin, int end, BitSet skipped, OutputBuffer out) {
    Dictionary[] dictionaries = new Dictionary[columns.length];
    FieldCache[] used = new FieldCache[columns.length];
    for (int i = 0; i < columns.length; i++) {
      int size = columns[i].dictionarySize();
      if (size > 0 && size <= (end - begin) / 4) {
        dictionaries[i] = new Dictionary(size);
      } else if (caches[i] != null && caches[i].begins()) {
        used[i] = caches[i];
      }
    }
    for (int row = begin; row < end; row++) {
      if (skipped == null || !skipped.get(row)) {
        row(columns, dictionaries, used, row, out);
      }
    }
    for (FieldCache cache : used) {
      if (cache != null) {
        cache.ends(end - begin);
      }
    }
  }

  private void row(
      ExportColumn[] columns,
      Dictionary[] dictionaries,
      FieldCache[] used,
      int row,
      OutputBuffer out) {
    for (int i = 0; i < columns.length; i++) {
      ExportColumn column = columns[i];
      if (column.isNull(row)) {
        out.put(nullMarker);
        out.put(followers[i]);
      } else if (dictionaries[i] != null) {
        int code = column.code(row);
        if (!dictionaries[i].put(code, out)) {
          dictionaries[i].keep(code, out, field(i, column, row, out));
        }
      } else if (used[i] != null) {
        long value = column.lane(0, row);
        if (!used[i].put(value, out)) {
          used[i].keep(value, out, field(i, column, row, out));
        }
      } else {
        field(i, column, row, out);
      }
    }
    if (columns.length == 0) {
      out.put((byte) '\n');
    }
  }

  /** Appends a field and the byte that follows it, and returns where it begins. */
  private int field(int i, ExportColumn column, int row, OutputBuffer out) {
    int start = out.size;
    values[i].append(column, row, out);
    if (!plain[i]) {
      finishField(start, forceQuote[i], out);
    }
    out.put(followers[i]);
    return start;
  }

  @Override
  public void end(OutputBuffer out) {
    // Neither format has a trailer.
  }

  private void finishField(int start, boolean force, OutputBuffer out) {
    byte[] b = out.bytes;
    int end = out.size;
    boolean found = hasSpecial(b, start, end);
    if (!csv) {
      if (found) {
        escape(start, out);
      }
    } else if (found || force || isNullMarker(b, start, end) || isLoneEndMarker(b, start, end)) {
      quote(start, out);
    }
  }

  /** Eight bytes at a time: whether a byte is one of few, or below 16 where control bytes count. */
  private boolean hasSpecial(byte[] b, int start, int end) {
    int i = start;
    for (; i <= end - 8; i += 8) {
      long word = (long) INT64.get(b, i);
      long found = equal(word, delimiters) | equal(word, quotes) | below16(word);
      if (found != 0) {
        for (int k = i; k < i + 8; k++) {
          if (special[b[k] & 0xff] != 0) {
            return true;
          }
        }
      }
    }
    if (i < end && end - start >= 8) {
      // The last word overlaps the one before.
      i = end - 8;
      long word = (long) INT64.get(b, i);
      if ((equal(word, delimiters) | equal(word, quotes) | below16(word)) == 0) {
        return false;
      }
    }
    for (; i < end; i++) {
      if (special[b[i] & 0xff] != 0) {
        return true;
      }
    }
    return false;
  }

  private static long equal(long word, long pattern) {
    long x = word ^ pattern;
    return x - ONES & ~x & HIGHS;
  }

  private static long below16(long word) {
    return word - ONES * 0x10 & ~word & HIGHS;
  }

  private boolean isNullMarker(byte[] b, int start, int end) {
    if (end - start != nullMarker.length) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (b[i] != nullMarker[i - start]) {
        return false;
      }
    }
    return true;
  }

  /** A line with nothing but {@code \.} would end the data for older readers. */
  private boolean isLoneEndMarker(byte[] b, int start, int end) {
    return values.length == 1 && end - start == 2 && b[start] == '\\' && b[start + 1] == '.';
  }

  private void quote(int start, OutputBuffer out) {
    int end = out.size;
    int escapes = 0;
    for (int i = start; i < end; i++) {
      if (out.bytes[i] == quote || out.bytes[i] == escape) {
        escapes++;
      }
    }
    byte[] b = out.ensure(escapes + 2);
    int to = end + escapes + 2;
    out.size = to;
    b[--to] = quote;
    for (int i = end - 1; i >= start; i--) {
      byte value = b[i];
      b[--to] = value;
      if (value == quote || value == escape) {
        b[--to] = escape;
      }
    }
    b[--to] = quote;
  }

  private void escape(int start, OutputBuffer out) {
    int end = out.size;
    int escapes = 0;
    for (int i = start; i < end; i++) {
      if (special[out.bytes[i] & 0xff] != 0) {
        escapes++;
      }
    }
    byte[] b = out.ensure(escapes);
    int to = end + escapes;
    out.size = to;
    for (int i = end - 1; to > i + 1; i--) {
      byte letter = special[b[i] & 0xff];
      if (letter == 0) {
        b[--to] = b[i];
      } else {
        b[--to] = letter;
        b[--to] = '\\';
      }
    }
  }

  /** Finished fields of a column's few different values, each made when it first occurs. */
  private static final class Dictionary {
    private final int[] begin;
    private final int[] length;
    private byte[] fields = new byte[256];
    private int size;

    Dictionary(int size) {
      begin = new int[size];
      length = new int[size];
    }

    boolean put(int code, OutputBuffer out) {
      int count = length[code];
      if (count == 0) {
        return false;
      }
      int from = begin[code];
      byte[] b = out.ensure(count + 8);
      int to = out.size;
      for (int done = 0; done < count; done += 8) {
        OutputBuffer.putWord(b, to + done, OutputBuffer.word(fields, from + done));
      }
      out.size = to + count;
      return true;
    }

    void keep(int code, OutputBuffer out, int start) {
      int count = out.size - start;
      if (fields.length - size < count + 8) {
        fields = Arrays.copyOf(fields, (size + count + 8) * 2);
      }
      System.arraycopy(out.bytes, start, fields, size, count);
      begin[code] = size;
      length[code] = count;
      size += count;
    }
  }
}
