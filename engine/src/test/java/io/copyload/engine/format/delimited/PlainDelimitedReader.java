package io.copyload.engine.format.delimited;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.EndMarker;
import io.copyload.engine.format.DelimitedSpec.Header;
import io.copyload.engine.format.DelimitedSpec.Style;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The oracle of the fast reader: all styles of delimited text, one byte after the other, first the
 * line and then its fields, as PostgreSQL's documentation and the Redshift guide tell it. Slow and
 * plain on purpose; shares no code with the fast reader.
 */
public class PlainDelimitedReader {
  /** A field: its value, or one of the markers. */
  public record Field(byte[] value, boolean isNull, boolean isDefault, int position) {}

  /** What is wrong with a record. {@code field} is -1 for the line as a whole. */
  public record Fault(
      RecordFault.Kind kind, int field, int position, String argument, long lineNumber) {}

  /**
   * @param lineNumber the line that a message names, from 1
   * @param trailing the last field is empty, plain and may be dropped
   */
  public record Line(
      long lineNumber, byte[] raw, List<Field> fields, boolean trailing, Fault fault) {}

  private final byte[] data;
  private final DelimitedSpec spec;
  private final int quote;
  private final int escape;

  /** Redshift: no newline anywhere, so carriage returns end lines. */
  private boolean crOnly;

  private int p;
  private long lineNumber;
  private NewlineStyle newline;
  private boolean ended;

  private Fault lineFault;
  private Fault fieldFault;
  private List<Long> lineNumbers;
  private int rawBegin;

  public PlainDelimitedReader(byte[] data, DelimitedSpec spec) {
    this.data = data;
    this.spec = spec;
    if (spec.isRedshift()) {
      String text = new String(data, StandardCharsets.ISO_8859_1);
      crOnly = text.indexOf('\n') < 0 && text.indexOf('\r') >= 0;
    }
    quote = spec.isCsv() ? spec.quote() : -1;
    escape = spec.escape();
    if (spec.mixedLines() && at(0) == 0xef && at(1) == 0xbb && at(2) == 0xbf) {
      p = 3;
    }
    for (int i = 0; i < spec.skipLines() && p < data.length; i++) {
      skipLine();
    }
  }

  /** Offset of the record read last. */
  public int recordBegin() {
    return rawBegin;
  }

  /** Fields of the faulty record read last that end before its first fault; Redshift's only. */
  public int fieldsBeforeFault() {
    return fieldsBeforeFault < 0 ? cut.size() : fieldsBeforeFault;
  }

  /** Offsets of the lines skipped so far. */
  public final List<Integer> blankLines = new ArrayList<>();

  private List<Field> cut;
  private int fieldsBeforeFault;

  private boolean isRedshift() {
    return spec.style() == Style.REDSHIFT_CSV || spec.style() == Style.REDSHIFT_TEXT;
  }

  private void skipLine() {
    lineNumber++;
    while (p < data.length) {
      byte c = data[p++];
      if (c == '\n') {
        return;
      }
      if (c == '\r' && crOnly) {
        return;
      }
      if (c == '\r' && !isRedshift()) {
        if (p < data.length && data[p] == '\n') {
          p++;
        }
        return;
      }
    }
  }

  /**
   * The header line's fields, or null when there is none to read; to be called before {@link
   * #next}.
   */
  public Line header() {
    if (spec.header() == Header.NONE) {
      return null;
    }
    return next();
  }

  /** The next record, or null at the end. */
  public Line next() {
    if (ended || p == data.length) {
      return null;
    }
    lineFault = null;
    fieldFault = null;
    lineNumbers = new ArrayList<>();
    rawBegin = p;
    if (spec.redshift().ignoreBlankLines()) {
      while (p < data.length && at(p) != 0 && redshiftLineEnd(p)) {
        lineNumber++;
        blankLines.add(rawBegin);
        rawBegin = p;
      }
      if (p == data.length) {
        return null;
      }
      lineFault = null;
    }
    while (spec.mixedLines() && lineEnd(p) > 0) {
      lineNumber++;
      p += lineEnd(p);
      rawBegin = p;
    }
    if (p == data.length) {
      return null;
    }
    return isRedshift() ? nextRedshift() : nextPostgres();
  }

  /** Lines read so far. */
  public long lines() {
    return lineNumber;
  }

  /** Whether an end marker has ended the data. */
  public boolean ended() {
    return ended;
  }

  private void lineFault(RecordFault.Kind kind, int at, String argument) {
    fieldsBeforeFault = cut != null && fieldsBeforeFault < 0 ? cut.size() : fieldsBeforeFault;
    if (lineFault == null || at - rawBegin < lineFault.position()) {
      long number =
          at - rawBegin < lineNumbers.size() ? lineNumbers.get(at - rawBegin) : lineNumber;
      lineFault = new Fault(kind, -1, at - rawBegin, argument, number);
    }
  }

  private void fieldFault(RecordFault.Kind kind, int field, int at, String argument) {
    fieldsBeforeFault = cut != null && fieldsBeforeFault < 0 ? cut.size() : fieldsBeforeFault;
    if (fieldFault == null) {
      fieldFault = new Fault(kind, field, at - rawBegin, argument, lineNumber);
    }
  }

  private int at(int i) {
    return i < data.length ? data[i] & 255 : -1;
  }

  // PostgreSQL ------------------------------------------------------------------------------------

  private Line nextPostgres() {
    long before = lineNumber;
    lineNumber++;
    int end = readPostgresLine();
    if (end < 0) {
      ended = true;
      lineNumber = before;
      return null;
    }
    checkEncoding(rawBegin, end, true);
    List<Field> fields = spec.style() == Style.POSTGRES_CSV ? csvFields(end) : textFields(end);
    return line(end, fields, false);
  }

  private Line line(int end, List<Field> fields, boolean trailing) {
    Fault fault = lineFault != null ? lineFault : fieldFault;
    return new Line(
        fault != null ? fault.lineNumber() : lineNumber,
        Arrays.copyOfRange(data, rawBegin, end),
        fields,
        trailing,
        fault);
  }

  /** Moves behind the line; returns the end of its text, or -1 when it is the end marker. */
  private int readPostgresLine() {
    boolean csv = spec.style() == Style.POSTGRES_CSV;
    int specialEscape = escape == quote ? -1 : escape;
    boolean inQuote = false;
    boolean lastWasEscape = false;
    if (csv && spec.endMarker() == EndMarker.WHOLE_LINE && at(p) == '\\' && at(p + 1) == '.') {
      if (lineEnd(p + 2) > 0 || spec.mixedLines() && p + 2 == data.length) {
        return -1;
      }
      if (isOtherStyle(p + 2) && !(newline == NewlineStyle.CRLF && at(p + 2) == '\n')) {
        lineFault(RecordFault.Kind.END_MARKER_STYLE, p, null);
      }
    }
    while (true) {
      if (p == data.length) {
        return p;
      }
      int c = at(p);
      if (csv) {
        if (inQuote && c == specialEscape) {
          lastWasEscape = !lastWasEscape;
        }
        if (c == quote && !lastWasEscape) {
          inQuote = !inQuote;
        }
        if (c != specialEscape) {
          lastWasEscape = false;
        }
        boolean ends =
            spec.mixedLines()
                ? c == '\n' || c == '\r' && at(p + 1) != '\n'
                : c == (newline == NewlineStyle.LF ? '\n' : '\r');
        if (inQuote && ends) {
          lineNumber++;
        }
      }
      lineNumbers.add(lineNumber);
      if (!inQuote && (c == '\r' || c == '\n')) {
        int length = lineEnd(p);
        if (spec.mixedLines()) {
          int end = p;
          p += length;
          return end;
        }
        if (length > 0) {
          newline = c == '\n' ? NewlineStyle.LF : length == 2 ? NewlineStyle.CRLF : NewlineStyle.CR;
          int end = p;
          p += length;
          return end;
        }
        lineFault(
            c == '\r' ? RecordFault.Kind.BARE_CARRIAGE_RETURN : RecordFault.Kind.BARE_NEWLINE,
            p,
            null);
      }
      if (c == '\\' && !csv) {
        if (at(p + 1) == '.' && spec.endMarker() != EndMarker.NONE) {
          int length = lineEnd(p + 2);
          boolean anywhere = spec.endMarker() == EndMarker.ANYWHERE;
          if (length > 0 && p == rawBegin) {
            return -1;
          }
          if (length > 0 && anywhere) {
            int end = p;
            p = data.length;
            return end;
          }
          lineFault(
              length == 0 && isOtherStyle(p + 2)
                  ? RecordFault.Kind.END_MARKER_STYLE
                  : anywhere
                      ? RecordFault.Kind.END_MARKER_CORRUPT
                      : RecordFault.Kind.END_MARKER_NOT_ALONE,
              p,
              null);
        }
        if (p + 1 < data.length) {
          p++;
          lineNumbers.add(lineNumber);
        }
      }
      p++;
    }
  }

  /**
   * Length of a line end of the known style at {@code i}; any when none is known yet; 0 when there
   * is none.
   */
  private int lineEnd(int i) {
    if (at(i) == '\n') {
      return newline == null || newline == NewlineStyle.LF ? 1 : 0;
    }
    if (at(i) != '\r') {
      return 0;
    }
    boolean followed = at(i + 1) == '\n';
    if (newline == null) {
      return followed ? 2 : 1;
    }
    return switch (newline) {
      case CR -> 1;
      case CRLF -> followed ? 2 : 0;
      default -> 0;
    };
  }

  private boolean isOtherStyle(int i) {
    if (newline == null) {
      return false;
    }
    return switch (newline) {
      case LF -> at(i) == '\r';
      case CR -> at(i) == '\n';
      default -> at(i) == '\n' || (at(i) == '\r' && at(i + 1) == '\r');
    };
  }

  private void checkEncoding(int begin, int end, boolean zeroIsInvalid) {
    for (int i = begin; i < end; ) {
      int length = characterLength(i, end);
      if (length == 0 || (zeroIsInvalid && data[i] == 0)) {
        lineFault(RecordFault.Kind.INVALID_ENCODING, i, listBytes(data, i));
        return;
      }
      i += length;
    }
  }

  /** Lets the JDK decide; 0 when no character begins here. */
  private int characterLength(int i, int end) {
    for (int length = 1; length <= 4 && i + length <= end; length++) {
      CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
      try {
        if (decoder.decode(ByteBuffer.wrap(data, i, length)).length() > 0) {
          return length;
        }
      } catch (CharacterCodingException e) {
        // Perhaps with one byte more.
      }
    }
    return 0;
  }

  private static String listBytes(byte[] bytes, int i) {
    int c = bytes[i] & 255;
    int length = c >= 0xf8 || c < 0xc0 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    List<String> list = new ArrayList<>();
    for (int k = i; k < i + length && k < bytes.length; k++) {
      list.add(String.format("0x%02x", bytes[k] & 255));
    }
    return String.join(" ", list);
  }

  private List<Field> csvFields(int end) {
    List<Field> fields = new ArrayList<>();
    int i = rawBegin;
    while (true) {
      int begin = i;
      boolean sawQuote = false;
      boolean inQuote = false;
      boolean foundDelimiter = false;
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      while (true) {
        if (i == end) {
          if (inQuote) {
            fieldFault(RecordFault.Kind.UNTERMINATED_QUOTE, fields.size(), begin, null);
          }
          break;
        }
        int c = at(i++);
        if (!inQuote) {
          if (c == (spec.delimiter() & 255)) {
            foundDelimiter = true;
            break;
          }
          if (c == quote) {
            sawQuote = true;
            inQuote = true;
          } else {
            value.write(c);
          }
        } else {
          if (c == escape && i < end && (at(i) == escape || at(i) == quote)) {
            value.write(at(i++));
            continue;
          }
          if (c == quote) {
            inQuote = false;
          } else {
            value.write(c);
          }
        }
      }
      int rawEnd = foundDelimiter ? i - 1 : i;
      fields.add(field(fields.size(), begin, rawEnd, value.toByteArray(), sawQuote));
      if (!foundDelimiter) {
        return fields;
      }
    }
  }

  private Field field(int number, int begin, int end, byte[] value, boolean sawQuote) {
    byte[] raw = Arrays.copyOfRange(data, begin, end);
    byte[] marker = spec.nullMarker().getBytes(StandardCharsets.UTF_8);
    int position = begin - rawBegin;
    if (sawQuote
        ? spec.nullInQuotes() && Arrays.equals(value, marker)
        : Arrays.equals(raw, marker)) {
      return new Field(null, true, false, position);
    }
    if (spec.defaultMarker() != null
        && number < columnCount
        && !(sawQuote && spec.nullInQuotes())
        && Arrays.equals(raw, spec.defaultMarker().getBytes(StandardCharsets.UTF_8))) {
      fieldFault(RecordFault.Kind.DEFAULT_MARKER, number, begin, null);
      return new Field(null, false, true, position);
    }
    return new Field(value, false, false, position);
  }

  /** Columns of the table; a default marker beyond them is just text. */
  public int columnCount = Integer.MAX_VALUE;

  private List<Field> textFields(int end) {
    List<Field> fields = new ArrayList<>();
    int i = rawBegin;
    while (true) {
      int begin = i;
      boolean foundDelimiter = false;
      boolean check = false;
      int lone = 0;
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      while (i < end) {
        int c = at(i++);
        if (c == (spec.delimiter() & 255)) {
          foundDelimiter = true;
          break;
        }
        if (c != '\\') {
          value.write(c);
          continue;
        }
        if (i == end) {
          lone = 1;
          break;
        }
        c = at(i++);
        if (c >= '0' && c <= '7') {
          int v = c - '0';
          if (i < end && at(i) >= '0' && at(i) <= '7') {
            v = v * 8 + at(i++) - '0';
            if (i < end && at(i) >= '0' && at(i) <= '7') {
              v = v * 8 + at(i++) - '0';
            }
          }
          c = v & 255;
          check |= c == 0 || c > 127;
        } else if (c == 'x') {
          if (i < end && isHex(at(i))) {
            int v = Integer.parseInt("" + (char) at(i++), 16);
            if (i < end && isHex(at(i))) {
              v = v * 16 + Integer.parseInt("" + (char) at(i++), 16);
            }
            c = v;
            check |= c == 0 || c > 127;
          }
        } else {
          int named = "bfnrtv".indexOf(c);
          if (named >= 0) {
            c = "\b\f\n\r\t\u000b".charAt(named);
          }
        }
        value.write(c);
      }
      // A backslash at the end of the data is no part of the field.
      int rawEnd = foundDelimiter ? i - 1 : i - lone;
      int number = fields.size();
      byte[] bytes = value.toByteArray();
      Field field = field(number, begin, rawEnd, bytes, false);
      if (check && !field.isNull() && !field.isDefault()) {
        int bad = firstBad(bytes);
        if (bad >= 0) {
          fieldFault(
              RecordFault.Kind.INVALID_ESCAPED_ENCODING, number, begin, listBytes(bytes, bad));
        }
      }
      fields.add(field);
      if (!foundDelimiter) {
        return fields;
      }
    }
  }

  private static boolean isHex(int c) {
    return "0123456789abcdefABCDEF".indexOf(c) >= 0;
  }

  private static int firstBad(byte[] bytes) {
    PlainDelimitedReader helper =
        new PlainDelimitedReader(
            bytes,
            new DelimitedSpec(
                Style.REDSHIFT_TEXT,
                (byte) '|',
                -1,
                -1,
                "",
                false,
                false,
                null,
                Header.NONE,
                0,
                false,
                EndMarker.NONE));
    helper.lineNumbers = new ArrayList<>();
    helper.checkEncoding(0, bytes.length, true);
    return helper.lineFault == null ? -1 : helper.lineFault.position();
  }

  // Redshift --------------------------------------------------------------------------------------

  private Line nextRedshift() {
    lineNumber++;
    long first = lineNumber;
    List<Field> fields = new ArrayList<>();
    cut = fields;
    fieldsBeforeFault = -1;
    while (true) {
      boolean more =
          spec.style() == Style.REDSHIFT_CSV ? redshiftCsvField(fields) : redshiftTextField(fields);
      if (!more) {
        break;
      }
    }
    int end = recordEnd;
    Line line = line(end, fields, lastPlainEmpty);
    return new Line(first, line.raw(), fields, line.trailing(), line.fault());
  }

  private int recordEnd;
  private boolean lastPlainEmpty;

  /**
   * Whether a record ends at {@code i}, a NUL byte before the line end included: moves behind the
   * line end if so.
   */
  private boolean redshiftLineEnd(int i) {
    boolean nul = at(i) == 0 && !spec.nullMarker().equals("\0");
    int end = nul ? i + 1 : i;
    int length = 0;
    if (crOnly) {
      length = at(end) == '\r' ? 1 : 0;
    } else if (at(end) == '\n') {
      length = 1;
    } else if (at(end) == '\r' && (at(end + 1) == '\n' || end + 1 == data.length)) {
      length = end + 1 == data.length ? 1 : 2;
    }
    if (length == 0 && end < data.length) {
      if (nul || (at(i) == '\r' && !crOnly)) {
        lineFault(RecordFault.Kind.MISSING_NEWLINE, i + 1, String.format("%02x", at(i + 1)));
      }
      return false;
    }
    recordEnd = i;
    p = end + length;
    return true;
  }

  private boolean redshiftTextField(List<Field> fields) {
    int begin = p;
    byte[] delimiter = delimiter();
    int open =
        spec.redshift().removeQuotes() && (at(p) == '"' || at(p) == '\'')
            ? at(p)
            : Integer.MIN_VALUE;
    List<Boolean> escaped = new ArrayList<>();
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    boolean more;
    while (true) {
      int c = at(p);
      boolean closed =
          open == Integer.MIN_VALUE
              || p - begin >= 2 && at(p - 1) == open && !escaped.get(escaped.size() - 1);
      if (isDelimiter(p) && closed) {
        more = true;
        break;
      }
      if (c >= 0 && c == escape) {
        if (at(p + 1) == 0 && !spec.nullMarker().equals("\0")) {
          p++;
          escaped.add(false);
          continue;
        }
        if (at(p + 1) == (crOnly ? '\r' : '\n')) {
          lineNumber++;
        }
        if (at(p + 1) >= 0) {
          value.write(at(p + 1));
          escaped.add(true);
        }
        escaped.add(true);
        p = Math.min(p + 2, data.length);
        continue;
      }
      if (redshiftLineEnd(p)) {
        more = false;
        if (!closed) {
          fieldFault(RecordFault.Kind.UNTERMINATED_QUOTE, fields.size(), begin, null);
          open = Integer.MIN_VALUE;
        }
        break;
      }
      value.write(c);
      escaped.add(false);
      p++;
    }
    int end = more ? p : recordEnd;
    if (more) {
      p += delimiter.length;
    }
    lastPlainEmpty = begin == end;
    byte[] bytes = value.toByteArray();
    byte[] raw = Arrays.copyOfRange(data, begin, end);
    if (open != Integer.MIN_VALUE) {
      raw = Arrays.copyOfRange(raw, 1, raw.length - 1);
      bytes = Arrays.copyOfRange(bytes, 1, bytes.length - 1);
    }
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    boolean isNull =
        Arrays.equals(raw, spec.nullMarker().getBytes(StandardCharsets.UTF_8))
            || (escape >= 0 && spec.nullMarker().equals("\\N") && text.equals("\\\\N"));
    checkNul(fields.size(), begin, raw, isNull);
    fields.add(new Field(isNull ? null : bytes, isNull, false, begin - rawBegin));
    return more;
  }

  private void checkNul(int number, int begin, byte[] value, boolean isNull) {
    if (!isNull
        && spec.nullMarker().equals("\0")
        && number < columnCount
        && new String(value, StandardCharsets.ISO_8859_1).indexOf(0) >= 0) {
      fieldFault(RecordFault.Kind.NULL_BYTE, number, begin, null);
    }
  }

  private boolean redshiftCsvField(List<Field> fields) {
    int begin = p;
    int i = p;
    while (isBlank(at(i))) {
      i++;
    }
    boolean quoted = at(i) == quote;
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    boolean bad = false;
    if (quoted) {
      i++;
      while (true) {
        int c = at(i);
        if (c < 0) {
          fieldFault(RecordFault.Kind.UNTERMINATED_QUOTE, fields.size(), begin, null);
          recordEnd = i;
          p = i;
          lastPlainEmpty = false;
          fields.add(new Field(value.toByteArray(), false, false, begin - rawBegin));
          return false;
        }
        if (c == quote && at(i + 1) == quote) {
          value.write(c);
          i += 2;
          continue;
        }
        if (c == 0 && !spec.nullMarker().equals("\0") && i + 1 < data.length) {
          lineFault(RecordFault.Kind.MISSING_NEWLINE, i + 1, String.format("%02x", at(i + 1)));
        }
        i++;
        if (c == quote) {
          break;
        }
        if (c == (crOnly ? '\r' : '\n')) {
          lineNumber++;
        }
        value.write(c);
      }
      while (isBlank(at(i))) {
        i++;
      }
    } else {
      i = begin;
    }
    boolean more;
    while (true) {
      int c = at(i);
      if (isDelimiter(i)) {
        more = true;
        p = i + delimiter().length;
        break;
      }
      if (redshiftLineEnd(i)) {
        more = false;
        break;
      }
      bad |= quoted || c == quote;
      if (!quoted) {
        value.write(c);
      }
      i++;
    }
    if (bad) {
      fieldFault(RecordFault.Kind.QUOTE_FORMAT, fields.size(), begin, null);
    }
    byte[] bytes = value.toByteArray();
    boolean isNull =
        (!quoted || spec.nullInQuotes())
            && Arrays.equals(bytes, spec.nullMarker().getBytes(StandardCharsets.UTF_8));
    checkNul(fields.size(), begin, bytes, isNull);
    fields.add(new Field(isNull ? null : bytes, isNull, false, begin - rawBegin));
    lastPlainEmpty = !quoted && i == begin;
    return more;
  }

  private boolean isBlank(int c) {
    boolean inDelimiter = false;
    for (byte d : delimiter()) {
      inDelimiter |= c == d;
    }
    return (c == ' ' || c == '\t') && !inDelimiter;
  }

  private byte[] delimiter() {
    return spec.redshift().delimiter() != null
        ? spec.redshift().delimiter().getBytes(StandardCharsets.UTF_8)
        : new byte[] {spec.delimiter()};
  }

  private boolean isDelimiter(int at) {
    byte[] delimiter = delimiter();
    boolean same = at + delimiter.length <= data.length;
    for (int i = 0; same && i < delimiter.length; i++) {
      same = data[at + i] == delimiter[i];
    }
    return same;
  }
}
