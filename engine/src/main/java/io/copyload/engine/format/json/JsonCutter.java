package io.copyload.engine.format.json;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.TextReader;
import io.copyload.engine.format.delimited.NewlineStyle;
import io.copyload.engine.format.delimited.RecordCutter;
import io.copyload.engine.format.delimited.RecordFault;
import io.copyload.engine.format.delimited.Utf8Validation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads documents, each of them a record: walks each once, checks all of it (RFC 8259), and points
 * the fields at the texts of the values that the columns want. The text of a string is what it
 * means, of an object or array its JSON without white space; a column that holds JSON gets all
 * values as they are written. Of a key that comes twice the last value counts.
 *
 * <p>Works on whole documents: {@link JsonBoundaries} has found their ends. A record's line is the
 * one that it ends in, as Redshift counts.
 *
 * <p>Threads: one owner, the slice.
 */
public final class JsonCutter implements TextReader {
  private static final int SHOWN_BYTES = 24;

  private static final String UNENDED_STRING = "a string has no end in its line";

  /** Unescaped bytes after which a batch is full. */
  private static final int SIDE_BYTES = 16 << 20;

  /** Most bytes of a batch with its unescaped texts. */
  private static final int MAX_BYTES = 1 << 30;

  private final JsonSpec.Mapping mapping;
  private final RecordBatch batch;
  private final int[][] begins;
  private final int[][] ends;
  private final boolean[] holdsJson;
  private final PathNode root;
  private final JsonBoundaries boundaries = new JsonBoundaries();
  private final List<RecordFault> faults = new ArrayList<>();

  private byte[] bytes;
  private int position;
  private int limit;
  private int sideBegin;
  private int side;
  private int lines;
  private boolean lastOfObject;

  /** The record at hand. */
  private int row;

  /** Documents begun, for {@link PathNode#seenIn}. */
  private long documents;

  private int lineFeeds;
  private boolean escaped;
  private boolean nonAscii;

  /** What is wrong with it, and where. */
  private String wrong;

  private int wrongAt;
  private boolean wrongShown;

  /** Where a value that must be text is not, or -1. */
  private int invalidAt;

  /** Field whose begin is looked for, or -1. */
  private int located = -1;

  private int locatedAt;

  /** Kinds of the brackets that are open in a value that nobody wants to look into. */
  private boolean[] objects = new boolean[64];

  /**
   * @param names of the columns, in field order
   * @param holdsJson whether each of them holds JSON
   */
  public JsonCutter(JsonSpec spec, List<String> names, boolean[] holdsJson, RecordBatch batch) {
    this.batch = batch;
    begins = batch.begin;
    ends = batch.end;
    this.holdsJson = holdsJson;
    mapping = spec.mapping();
    root = PathNode.of(spec, names);
  }

  @Override
  public void beginUnit(NewlineStyle newline, boolean quirkOfFirstLine) {
    lines = 0;
  }

  @Override
  public void input(byte[] newBytes, int begin, int unitEnd, int dataEnd, boolean atEnd) {
    bytes = newBytes;
    batch.bytes = newBytes;
    position = begin;
    limit = unitEnd;
    sideBegin = dataEnd;
    lastOfObject = atEnd && unitEnd >= dataEnd;
  }

  @Override
  public Stop cut() {
    for (int[] ends : batch.end) {
      Arrays.fill(ends, RecordBatch.NULL);
    }
    batch.recordCount = 0;
    faults.clear();
    nonAscii = false;
    side = sideBegin;
    while (true) {
      int begin = JsonBoundaries.skipSpace(bytes, position, limit);
      if (begin > position) {
        lines += JsonStrings.countLineFeeds(bytes, position, begin);
        position = begin;
      }
      if (begin == limit) {
        if (lastOfObject && limit > 0 && bytes[limit - 1] != '\n') {
          // A line without an end is one, too.
          lines++;
          lastOfObject = false;
        }
        batch.nonAscii = nonAscii;
        return Stop.END;
      }
      if (batch.recordCount == batch.capacity || side - sideBegin > SIDE_BYTES) {
        batch.nonAscii = nonAscii;
        return Stop.BATCH_FULL;
      }
      record(begin);
    }
  }

  private void record(int begin) {
    row = batch.recordCount++;
    lineFeeds = 0;
    invalidAt = -1;
    int end = document(begin);
    if (end >= 0 && invalidAt >= 0) {
      end = fail(invalidAt, "invalid byte sequence for encoding \"UTF8\" in a value", false);
    }
    if (end < 0) {
      for (int f = 0; f < batch.fieldCount; f++) {
        batch.end[f][row] = RecordBatch.NULL;
      }
      end = boundaries.end(bytes, begin, limit);
      end = end < 0 ? limit : end;
      while (JsonBoundaries.isSpace(bytes[end - 1])) {
        end--;
      }
      faults.add(
          new RecordFault(
              row, RecordFault.Kind.MALFORMED_JSON, -1, wrongAt - begin, message(begin, end)));
      lineFeeds = JsonStrings.countLineFeeds(bytes, begin, end);
    }
    lines += lineFeeds;
    batch.recordBegin[row] = begin;
    batch.recordEnd[row] = end;
    batch.lineInUnit[row] = lines;
    position = end;
  }

  /** Reads the document at {@code begin}; its end, or -1 when it is wrong. */
  private int document(int begin) {
    documents++;
    int c = bytes[begin];
    if (c != '{' && c != '[') {
      return fail(begin, "expected a JSON object");
    }
    if (c == '['
        && (mapping == JsonSpec.Mapping.AUTO || mapping == JsonSpec.Mapping.AUTO_IGNORECASE)) {
      return fail(
          begin, "expected a JSON object: a JSON array as a row needs a JSONPaths file", false);
    }
    return value(root, begin);
  }

  // ---------------------------------------------------------------------------------------------
  // Values that columns want
  // ---------------------------------------------------------------------------------------------

  /**
   * Reads the value at {@code at}.
   *
   * @param node null when nobody wants it
   * @return its end, or -1
   */
  private int value(PathNode node, int at) {
    if (node == null) {
      return skip(at);
    }
    int c = peek(at);
    if (c == '"') {
      int end = string(at);
      if (end >= 0) {
        if (node.columns.length > 0) {
          assignString(node, at, end);
        }
        return ofScalar(node, at, end);
      }
      return end;
    }
    if (c != '{' && c != '[') {
      int end = scalar(at);
      if (end >= 0 && c != 'n') {
        for (int f : node.columns) {
          point(f, at, end);
        }
      }
      return ofScalar(node, at, end);
    }
    int end = !node.goesOn() ? skip(at) : c == '{' ? object(node, at) : array(node, at);
    if (end >= 0 && node.columns.length > 0) {
      assignDocument(node, at, end);
    }
    return end;
  }

  /** An index was asked of something that is not an array. */
  private int ofScalar(PathNode node, int at, int end) {
    return end >= 0 && node.hasElements ? outOfRange(at) : end;
  }

  private int outOfRange(int at) {
    wrong = null;
    wrongAt = at;
    return -1;
  }

  private int object(PathNode node, int at) {
    int p = space(at + 1);
    if (peek(p) == '}') {
      return ofScalar(node, at, p + 1);
    }
    for (int member = 0; ; member++) {
      if (peek(p) != '"') {
        return fail(p, "expected a key in quotes");
      }
      PathNode child = node.hasKeys ? node.expected(bytes, p + 1, limit, member) : null;
      if (child != null) {
        p = space(node.expectedEnd);
      } else {
        int keyEnd = string(p);
        if (keyEnd < 0) {
          return -1;
        }
        child = node.hasKeys ? child(node, p + 1, keyEnd - 1, member) : null;
        p = space(keyEnd);
        if (peek(p) != ':') {
          return fail(p, "expected \":\" behind a key");
        }
        p = space(p + 1);
      }
      if (child != null) {
        if (child.seenIn == documents) {
          clear(child);
        }
        child.seenIn = documents;
      }
      p = value(child, p);
      if (p < 0) {
        return -1;
      }
      p = space(p);
      int c = peek(p);
      if (c == '}') {
        return ofScalar(node, at, p + 1);
      }
      if (c != ',') {
        return fail(p, "expected \",\" or \"}\"");
      }
      p = space(p + 1);
    }
  }

  private PathNode child(PathNode node, int begin, int end, int member) {
    if (!escaped) {
      return node.find(bytes, begin, end, member);
    }
    byte[] key = new byte[end - begin];
    int length = JsonStrings.unescape(bytes, begin, end, key, 0);
    return node.find(key, 0, length, member);
  }

  /** An earlier member of the same key does not count. */
  private void clear(PathNode node) {
    for (int f : node.below) {
      batch.end[f][row] = RecordBatch.NULL;
    }
  }

  private int array(PathNode node, int at) {
    int p = space(at + 1);
    int count = 0;
    if (peek(p) == ']') {
      p++;
    } else {
      while (true) {
        PathNode child = count < node.elements.length ? node.elements[count] : null;
        count++;
        p = value(child, p);
        if (p < 0) {
          return -1;
        }
        p = space(p);
        int c = peek(p);
        if (c == ']') {
          p++;
          break;
        }
        if (c != ',') {
          return fail(p, "expected \",\" or \"]\"");
        }
        p = space(p + 1);
      }
    }
    return count < node.elements.length ? outOfRange(at) : p;
  }

  private void point(int field, int begin, int end) {
    if (field == located) {
      locatedAt = begin;
    }
    begins[field][row] = begin;
    ends[field][row] = end;
  }

  private void assignString(PathNode node, int at, int end) {
    int from = at + 1;
    int to = end - 1;
    boolean text = false;
    for (int f : node.columns) {
      if (holdsJson[f]) {
        pointAtJson(f, at, end);
      } else if (!escaped) {
        point(f, from, to);
      } else if (located >= 0) {
        point(f, from, from);
      } else {
        if (!text) {
          text = true;
          reserve(to - from);
          to = JsonStrings.unescape(bytes, from, to, bytes, side);
          from = side;
          side = to;
          nonAscii |= JsonStrings.hasNonAscii(bytes, from, to);
        }
        point(f, from, to);
      }
    }
  }

  private void assignDocument(PathNode node, int at, int end) {
    int from = at;
    int to = end;
    boolean text = false;
    for (int f : node.columns) {
      if (holdsJson[f] || located >= 0) {
        pointAtJson(f, at, end);
        continue;
      }
      if (!text) {
        text = true;
        reserve(end - at);
        from = side;
        to = compact(at, end);
        side = to;
      }
      point(f, from, to);
    }
  }

  /** A column that holds JSON does not look at characters. */
  private void pointAtJson(int field, int at, int end) {
    point(field, at, end);
    if (nonAscii && invalidAt < 0) {
      invalidAt = Utf8Validation.firstInvalid(bytes, at, end, false);
    }
  }

  /** Copies a well-formed document without its white space to {@link #side}. */
  private int compact(int at, int end) {
    int o = side;
    boolean quoted = false;
    for (int i = at; i < end; i++) {
      byte c = bytes[i];
      if (quoted) {
        bytes[o++] = c;
        if (c == '\\') {
          bytes[o++] = bytes[++i];
        } else {
          quoted = c != '"';
        }
      } else if (!JsonBoundaries.isSpace(c)) {
        bytes[o++] = c;
        quoted = c == '"';
      }
    }
    return o;
  }

  /** Makes room behind {@link #side}. */
  private void reserve(int count) {
    long wanted = (long) side + count + RecordCutter.PADDING;
    if (wanted > MAX_BYTES) {
      throw new CopyException(
          CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "the values that the JSON paths find in one document take too much memory");
    }
    if (wanted > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.max(wanted, bytes.length * 5L / 4));
      batch.bytes = bytes;
    }
  }

  // ---------------------------------------------------------------------------------------------
  // The grammar
  // ---------------------------------------------------------------------------------------------

  private int peek(int at) {
    return at < limit ? bytes[at] : -1;
  }

  private int space(int from) {
    final byte[] b = bytes;
    int i = from;
    while (i < limit && b[i] <= ' ' && JsonBoundaries.isSpace(b[i])) {
      if (b[i] == '\n') {
        lineFeeds++;
      }
      i++;
    }
    return i;
  }

  /** Checks a value that nobody looks into; its end, or -1. */
  private int skip(int at) {
    int depth = 0;
    int p = at;
    while (true) {
      int c = peek(p);
      if (c == '{' || c == '[') {
        int first = space(p + 1);
        if (peek(first) == (c == '{' ? '}' : ']')) {
          p = first + 1;
        } else {
          if (depth == objects.length) {
            objects = Arrays.copyOf(objects, 2 * depth);
          }
          objects[depth++] = c == '{';
          p = c == '{' ? skipKey(first) : first;
          if (p < 0) {
            return -1;
          }
          continue;
        }
      } else {
        p = c == '"' ? string(p) : scalar(p);
        if (p < 0) {
          return -1;
        }
      }
      // Behind a value.
      while (true) {
        if (depth == 0) {
          return p;
        }
        p = space(p);
        int next = peek(p);
        boolean object = objects[depth - 1];
        if (next == ',') {
          p = space(p + 1);
          if (object) {
            p = skipKey(p);
            if (p < 0) {
              return -1;
            }
          }
          break;
        }
        if (next != (object ? '}' : ']')) {
          return fail(p, (object ? "expected \",\" or \"}\"" : "expected \",\" or \"]\"") + "");
        }
        depth--;
        p++;
      }
    }
  }

  /** Behind the colon of a key. */
  private int skipKey(int at) {
    if (peek(at) != '"') {
      return fail(at, "expected a key in quotes");
    }
    int p = string(at);
    if (p < 0) {
      return -1;
    }
    p = space(p);
    if (peek(p) != ':') {
      return fail(p, "expected \":\" behind a key");
    }
    return space(p + 1);
  }

  /** Checks the string at {@code at}; behind its closing quote, or -1. */
  private int string(int at) {
    final byte[] b = bytes;
    escaped = false;
    int i = at + 1;
    while (true) {
      i = JsonStrings.specialAndAscii(b, i, limit);
      if (i < 0) {
        nonAscii = true;
        i &= Integer.MAX_VALUE;
      }
      if (i >= limit) {
        return fail(limit, null);
      }
      int c = b[i];
      if (c == '"') {
        return i + 1;
      }
      if (c == '\n') {
        return fail(i, UNENDED_STRING, false);
      }
      if (c != '\\') {
        return fail(i, "a control character in a string must be escaped");
      }
      escaped = true;
      int e = peek(i + 1);
      if (e == 'u') {
        if (JsonStrings.hex4(b, i + 2, limit) < 0) {
          return fail(i, "\\u must be followed by four hexadecimal digits");
        }
        i += 6;
      } else if (e == '"' || e == '\\' || e == '/' || e == 'b' || e == 'f' || e == 'n' || e == 'r'
          || e == 't') {
        i += 2;
      } else {
        return fail(i, "an escape in a string is not one of JSON");
      }
    }
  }

  /** Checks a number, true, false or null; its end, or -1. */
  private int scalar(int at) {
    final byte[] b = bytes;
    int c = peek(at);
    if (c == 't') {
      return word(at, "true");
    }
    if (c == 'f') {
      return word(at, "false");
    }
    if (c == 'n') {
      return word(at, "null");
    }
    int i = c == '-' ? at + 1 : at;
    if (peek(i) == '0') {
      i++;
    } else {
      int first = i;
      while (i < limit && b[i] >= '0' && b[i] <= '9') {
        i++;
      }
      if (i == first) {
        return fail(at, "expected a JSON value");
      }
    }
    if (peek(i) == '.') {
      int first = ++i;
      while (i < limit && b[i] >= '0' && b[i] <= '9') {
        i++;
      }
      if (i == first) {
        return fail(at, "expected a JSON number");
      }
    }
    if ((peek(i) | 0x20) == 'e') {
      i++;
      if (peek(i) == '+' || peek(i) == '-') {
        i++;
      }
      int first = i;
      while (i < limit && b[i] >= '0' && b[i] <= '9') {
        i++;
      }
      if (i == first) {
        return fail(at, "expected a JSON number");
      }
    }
    return i;
  }

  private int word(int at, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (peek(at + i) != word.charAt(i)) {
        return fail(at, "expected a JSON value");
      }
    }
    return at + word.length();
  }

  private int fail(int at, String why) {
    return fail(at, why, true);
  }

  /**
   * @param shown whether the message shows what is there
   */
  private int fail(int at, String why, boolean shown) {
    wrong = why == null ? "" : why;
    wrongAt = Math.min(at, limit);
    wrongShown = shown;
    return -1;
  }

  /** What is wrong with the record that ends at {@code end}. */
  private String message(int begin, int end) {
    if (wrong == null) {
      return "Invalid JSONPath format: Not an array or index out of range.";
    }
    if (wrongAt >= end) {
      if (wrong.equals(UNENDED_STRING)) {
        return "Invalid JSON: the line ends inside a string";
      }
      return lastOfObject && JsonBoundaries.skipSpace(bytes, end, limit) == limit
          ? "Invalid JSON: the data ends inside a document"
          : "Invalid JSON: a document has no end before the next one begins";
    }
    String place = "Invalid JSON at byte " + (wrongAt - begin + 1) + ": " + wrong;
    return wrongShown ? place + ", but found " + found(wrongAt, end) : place;
  }

  private String found(int at, int recordEnd) {
    int end = Math.min(recordEnd, at + SHOWN_BYTES);
    while (end < recordEnd && end > at + 1 && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    String text = new String(bytes, at, end - at, StandardCharsets.UTF_8);
    StringBuilder shown = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c < ' ') {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.append((char) c);
              }
            });
    return shown.append(end < recordEnd ? "...\"" : "\"").toString();
  }

  // ---------------------------------------------------------------------------------------------
  // What the slice asks
  // ---------------------------------------------------------------------------------------------

  @Override
  public int fieldPosition(int record, int field) {
    int[] savedBegins = new int[batch.fieldCount];
    int[] savedEnds = new int[batch.fieldCount];
    for (int f = 0; f < batch.fieldCount; f++) {
      savedBegins[f] = batch.begin[f][record];
      savedEnds[f] = batch.end[f][record];
    }
    row = record;
    located = field;
    locatedAt = -1;
    document(batch.recordBegin[record]);
    located = -1;
    for (int f = 0; f < batch.fieldCount; f++) {
      batch.begin[f][record] = savedBegins[f];
      batch.end[f][record] = savedEnds[f];
    }
    return locatedAt < 0 ? -1 : locatedAt - batch.recordBegin[record];
  }

  @Override
  public int embeddedLines(int record, int upTo) {
    return 0;
  }

  @Override
  public void allowDefaults(boolean[] fields) {
    // There is no default marker.
  }

  @Override
  public List<RecordFault> faults() {
    return faults;
  }

  @Override
  public int cutFaulty(int row, RecordBatch target) {
    return -1;
  }

  @Override
  public boolean hasShortRecords() {
    return false;
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int position() {
    return position;
  }

  @Override
  public int lines() {
    return lines;
  }

  @Override
  public boolean ended() {
    return false;
  }
}
