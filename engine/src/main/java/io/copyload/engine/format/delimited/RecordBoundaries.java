package io.copyload.engine.format.delimited;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.EndMarker;
import io.copyload.engine.format.DelimitedSpec.Style;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where records begin, as a finite automaton over bytes.
 *
 * <p>A block of bytes maps the state before it to the state behind it. That map can be found
 * without knowing the state before, so slices work it out for their blocks independently and then
 * compose the maps left to right: a state is a number below 16 and a map is a long with the image
 * of state {@code s} in its nibble {@code s}.
 *
 * <p>The automaton knows just as much as is needed to tell which line ends are record ends; the
 * fields are cut by {@link RecordCutter}, which must agree with it. Threads: any; immutable.
 */
public final class RecordBoundaries {
  /** A record begins here. */
  public static final int START = 0;

  /** The data has ended at an end marker; what follows is not data. */
  public static final int ENDED = 11;

  private static final int OUTSIDE = 1;
  private static final int QUOTED = 2;
  private static final int ESCAPED = 3;
  private static final int AFTER_CR = 4;
  private static final int FIELD_START = 5;
  private static final int QUOTE_IN_QUOTED = 6;
  private static final int AFTER_CLOSE = 7;
  private static final int MARK_BACKSLASH = 8;
  private static final int MARK_DOT = 9;
  private static final int MARK_CR = 10;
  private static final int STATE_COUNT = 16;

  /**
   * Redshift's CSV: so many bytes of a delimiter of several, beginning with one, have been seen.
   */
  private static final int[] PARTIAL = {3, 4, 7, 8, 9, 10, 12, 13, 14, 15};

  private static final int NO_HOT_BYTE = 256;
  private static final int MANY = 257;

  /** So many bytes that are not hot settle what a hot byte before them has begun. */
  private static final int SETTLING_BYTES = 4;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW7 = 0x7f7f7f7f7f7f7f7fL;
  private static final long HIGH = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;

  private final DelimitedSpec spec;
  private final NewlineStyle newline;
  private final boolean parityOnly;

  /**
   * The one byte whose effect reaches far; NO_HOT_BYTE when none does, MANY when there are several.
   */
  private final int hotByte;

  /** A second such byte, or the same. */
  private final int otherHotByte;

  /** {@code next[(byte & 255) << 4 | state]}. */
  private final byte[] next = new byte[256 << 4];

  /** Bytes that all move every state in the same way, and twice like once. */
  private final boolean[] ordinary = new boolean[256];

  private final int[] states;

  /** The delimiter of Redshift's CSV when it has more than one byte, else null. */
  private final byte[] longDelimiter;

  public RecordBoundaries(DelimitedSpec spec, NewlineStyle newline) {
    this.spec = spec;
    this.newline = newline;
    byte[] delimiter = spec.delimiterBytes();
    longDelimiter = spec.style() == Style.REDSHIFT_CSV && delimiter.length > 1 ? delimiter : null;
    parityOnly =
        spec.style() == Style.POSTGRES_CSV
            && spec.escape() == spec.quote()
            && spec.endMarker() != EndMarker.WHOLE_LINE;
    switch (spec.style()) {
      case POSTGRES_CSV:
        boolean marker = spec.endMarker() == EndMarker.WHOLE_LINE;
        boolean twoEscapes = spec.escape() != spec.quote() && spec.escape() != '\\';
        hotByte = marker && twoEscapes ? MANY : spec.quote();
        otherHotByte = marker ? '\\' : spec.escape();
        break;
      case REDSHIFT_CSV:
        // Where a longer delimiter ends may depend on what is far before it: "aa" in "aaaaa".
        hotByte = longDelimiter == null ? spec.quote() : MANY;
        otherHotByte = hotByte;
        break;
      case POSTGRES_TEXT:
        hotByte = '\\';
        otherHotByte = hotByte;
        break;
      default:
        hotByte = spec.escape() >= 0 ? spec.escape() : NO_HOT_BYTE;
        otherHotByte = hotByte;
        break;
    }
    for (int b = 0; b < 256; b++) {
      for (int s = 0; s < STATE_COUNT; s++) {
        next[b << 4 | s] = (byte) step(s, b);
      }
    }
    int other = 1;
    while (isNamed(other)) {
      other++;
    }
    for (int b = 0; b < 256; b++) {
      boolean same = true;
      for (int s = 0; s < STATE_COUNT; s++) {
        same &= next[b << 4 | s] == next[other << 4 | s];
      }
      ordinary[b] = same;
    }
    states = reachable();
  }

  private boolean isNamed(int b) {
    return b == '\n'
        || b == '\r'
        || b == ' '
        || b == '\t'
        || b == '.'
        || b == '\\'
        || (longDelimiter == null ? b == spec.delimiter() : isInLongDelimiter(b))
        || b == spec.quote()
        || b == spec.escape();
  }

  private int[] reachable() {
    boolean[] seen = new boolean[STATE_COUNT];
    seen[START] = true;
    int count = 1;
    for (boolean changed = true; changed; ) {
      changed = false;
      for (int s = 0; s < STATE_COUNT; s++) {
        for (int b = 0; seen[s] && b < 256; b++) {
          int t = next[b << 4 | s];
          if (!seen[t]) {
            seen[t] = true;
            changed = true;
            count++;
          }
        }
      }
    }
    int[] list = new int[count];
    int n = 0;
    for (int s = 0; s < STATE_COUNT; s++) {
      if (seen[s]) {
        list[n++] = s;
      }
    }
    return list;
  }

  private int step(int state, int b) {
    if (state == ENDED) {
      return ENDED;
    }
    return switch (spec.style()) {
      case POSTGRES_CSV -> stepPostgresCsv(state, b);
      case POSTGRES_TEXT -> stepPostgresText(state, b);
      case REDSHIFT_CSV -> stepRedshiftCsv(state, b);
      case REDSHIFT_TEXT -> stepRedshiftText(state, b);
    };
  }

  /** A line end outside quotes, or -1 when {@code b} is none of the newline style's bytes. */
  private int stepLineEnd(int state, int b) {
    switch (newline) {
      case LF:
      case LF_OR_CRLF:
        return b == '\n' ? START : -1;
      case CR:
        return b == '\r' ? START : -1;
      case CRLF:
        if (b == '\r') {
          return AFTER_CR;
        }
        return b == '\n' && state == AFTER_CR ? START : -1;
      case ANY:
        return b == '\n' ? START : b == '\r' ? AFTER_CR : -1;
      default:
        throw new IllegalStateException();
    }
  }

  private int stepEndMarker(int state, int b) {
    if (state == MARK_BACKSLASH && b == '.') {
      return MARK_DOT;
    }
    if (state == MARK_DOT || state == MARK_CR) {
      int line = stepLineEnd(state == MARK_CR ? AFTER_CR : OUTSIDE, b);
      if (line == START || line == AFTER_CR && newline == NewlineStyle.ANY) {
        return ENDED;
      }
      if (line == AFTER_CR && state == MARK_DOT) {
        return MARK_CR;
      }
    }
    return -1;
  }

  private int stepPostgresCsv(int before, int b) {
    int mark = stepEndMarker(before, b);
    if (mark >= 0) {
      return mark;
    }
    // What looked like an end marker was data; its backslash may be the quote.
    boolean opened = spec.quote() == '\\' && isMark(before);
    int state = opened ? QUOTED : before;
    if (state == QUOTED) {
      if (b == spec.quote()) {
        return OUTSIDE;
      }
      return b == spec.escape() ? ESCAPED : QUOTED;
    }
    if (state == ESCAPED) {
      return QUOTED;
    }
    boolean first = state == START || state == AFTER_CR && newline == NewlineStyle.ANY;
    if (first && b == '\\' && spec.endMarker() == EndMarker.WHOLE_LINE) {
      return MARK_BACKSLASH;
    }
    if (b == spec.quote()) {
      return QUOTED;
    }
    int line = stepLineEnd(state == MARK_CR ? AFTER_CR : state, b);
    return line >= 0 ? line : OUTSIDE;
  }

  private static boolean isMark(int state) {
    return state == MARK_BACKSLASH || state == MARK_DOT || state == MARK_CR;
  }

  private int stepPostgresText(int state, int b) {
    if (state == ESCAPED) {
      return OUTSIDE;
    }
    int marked = stepEndMarker(state, b);
    if (marked >= 0) {
      return marked;
    }
    if (state == MARK_BACKSLASH) {
      return OUTSIDE;
    }
    if (b == '\\') {
      boolean mark =
          spec.endMarker() == EndMarker.ANYWHERE
              || (state == START && spec.endMarker() != EndMarker.NONE);
      return mark ? MARK_BACKSLASH : ESCAPED;
    }
    int line = stepLineEnd(state == MARK_CR ? AFTER_CR : state, b);
    return line >= 0 ? line : OUTSIDE;
  }

  private int stepRedshiftText(int state, int b) {
    if (state == ESCAPED) {
      return OUTSIDE;
    }
    if (b == spec.escape()) {
      return ESCAPED;
    }
    return b == redshiftLineEnd() ? START : OUTSIDE;
  }

  private int redshiftLineEnd() {
    return newline == NewlineStyle.CR ? '\r' : '\n';
  }

  private int stepRedshiftCsv(int state, int b) {
    if (state == QUOTED) {
      return b == spec.quote() ? QUOTE_IN_QUOTED : QUOTED;
    }
    if (state == QUOTE_IN_QUOTED && b == spec.quote()) {
      return QUOTED;
    }
    if (b == redshiftLineEnd()) {
      return START;
    }
    if (longDelimiter != null) {
      int matched = matchDelimiter(state, b);
      if (matched > 0) {
        return matched == longDelimiter.length ? FIELD_START : PARTIAL[matched - 1];
      }
    } else if (b == (spec.delimiter() & 255)) {
      return FIELD_START;
    }
    boolean blank = (b == ' ' || b == '\t') && !isInLongDelimiter(b);
    switch (state) {
      case START:
      case FIELD_START:
        if (b == spec.quote()) {
          return QUOTED;
        }
        return blank ? FIELD_START : OUTSIDE;
      case QUOTE_IN_QUOTED:
      case AFTER_CLOSE:
        return blank ? AFTER_CLOSE : OUTSIDE;
      default:
        return OUTSIDE;
    }
  }

  private boolean isInLongDelimiter(int b) {
    for (int i = 0; longDelimiter != null && i < longDelimiter.length; i++) {
      if ((longDelimiter[i] & 255) == b) {
        return true;
      }
    }
    return false;
  }

  /** Bytes of the delimiter that have been seen in a row, outside quotes, with {@code b}. */
  private int matchDelimiter(int state, int b) {
    int seen = 0;
    for (int i = 0; i < longDelimiter.length - 1; i++) {
      if (PARTIAL[i] == state) {
        seen = i + 1;
      }
    }
    byte[] text = Arrays.copyOf(longDelimiter, seen + 1);
    text[seen] = (byte) b;
    int begin = 0;
    while (!Arrays.equals(text, begin, seen + 1, longDelimiter, 0, seen + 1 - begin)) {
      begin++;
    }
    return seen + 1 - begin;
  }

  /** The state that a map gives to {@code state}. */
  public static int apply(long map, int state) {
    return (int) (map >>> (state << 2)) & 15;
  }

  /** State behind {@code bytes[begin .. end)} when it is {@code state} before. */
  public int run(byte[] bytes, int begin, int end, int state) {
    byte[] table = next;
    int s = state;
    for (int i = begin; i < end; i++) {
      s = table[(bytes[i] & 255) << 4 | s];
    }
    return s;
  }

  /**
   * First position at or behind {@code begin} where a record begins, up to and including {@code
   * end}; -1 when there is none.
   *
   * @param state state before {@code begin}
   */
  public int firstStart(byte[] bytes, int begin, int end, int state) {
    byte[] table = next;
    int s = state;
    for (int i = begin; ; i++) {
      if (s == START) {
        return i;
      }
      if (s == ENDED) {
        return -1;
      }
      if (i == end) {
        return s == AFTER_CR && newline == NewlineStyle.ANY ? i : -1;
      }
      if (isStart(s, bytes, i, end)) {
        return i;
      }
      s = table[(bytes[i] & 255) << 4 | s];
    }
  }

  /** The map of a block. */
  public long scan(byte[] bytes, int begin, int end) {
    return parityOnly && end - begin >= 4
        ? scanParity(bytes, begin, end)
        : hotByte == MANY ? scanStates(bytes, begin, end) : scanHot(bytes, begin, end);
  }

  /** With doubled quotes only the number of quotes matters, and the last two bytes. */
  private long scanParity(byte[] bytes, int begin, int end) {
    boolean odd = oddCount(bytes, begin, end, (byte) spec.quote());
    int outside = outsideState(bytes[end - 2], bytes[end - 1]);
    int fromOutside = odd ? QUOTED : outside;
    int fromQuoted = odd ? outside : QUOTED;
    return (long) fromOutside << (START << 2)
        | (long) fromOutside << (OUTSIDE << 2)
        | (long) fromOutside << (AFTER_CR << 2)
        | (long) fromQuoted << (QUOTED << 2)
        | (long) ENDED << (ENDED << 2);
  }

  private int outsideState(byte beforeLast, byte last) {
    return switch (newline) {
      case LF, LF_OR_CRLF -> last == '\n' ? START : OUTSIDE;
      case CR -> last == '\r' ? START : OUTSIDE;
      case CRLF -> last == '\r' ? AFTER_CR : last == '\n' && beforeLast == '\r' ? START : OUTSIDE;
      case ANY -> last == '\n' ? START : last == '\r' ? AFTER_CR : OUTSIDE;
    };
  }

  /**
   * Whether a record begins at {@code p} with this state before it. With {@link NewlineStyle#ANY}
   * the byte behind a carriage return tells, which must lie before {@code end}.
   */
  private boolean isStart(int state, byte[] bytes, int p, int end) {
    return state == START
        || state == AFTER_CR && newline == NewlineStyle.ANY && p < end && bytes[p] != '\n';
  }

  /** Whether {@code value}, an ASCII byte, occurs an odd number of times. */
  static boolean oddCount(byte[] bytes, int begin, int end, byte value) {
    long pattern = ONES * value;
    long odd = 0;
    int i = begin;
    for (int stop = end - 8; i <= stop; i += 8) {
      long x = (long) LONGS.get(bytes, i);
      // The high bit of a byte is clear only where the byte equals the pattern.
      odd ^= (((x & LOW7) ^ pattern) + LOW7) | x;
    }
    int words = (i - begin) >>> 3;
    // Each word of no matches contributes ones in all eight high bits.
    int count = Long.bitCount((odd & HIGH) ^ ((words & 1) == 0 ? 0 : HIGH));
    for (; i < end; i++) {
      if (bytes[i] == value) {
        count++;
      }
    }
    return (count & 1) != 0;
  }

  /** First position of {@link #hotByte} in the range, or its end. */
  private int findHot(byte[] bytes, int begin, int end) {
    if (hotByte == NO_HOT_BYTE) {
      return end;
    }
    long pattern = ONES * hotByte;
    long otherPattern = ONES * otherHotByte;
    int i = begin;
    for (int stop = end - 8; i <= stop; i += 8) {
      long x = (long) LONGS.get(bytes, i);
      long low = x & LOW7;
      long plain = ((low ^ pattern) + LOW7) & ((low ^ otherPattern) + LOW7);
      long hits = ~(plain | x) & HIGH;
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
    }
    for (; i < end; i++) {
      if (bytes[i] == hotByte || bytes[i] == otherHotByte) {
        return i;
      }
    }
    return end;
  }

  /**
   * State behind a range without hot bytes that some states lead into and that is longer than what
   * settles: the same for all states but those that only a hot byte can leave. -1 when the range is
   * all blanks.
   */
  private int settledState(byte[] bytes, int begin, int end) {
    int i = end - 1;
    while (i > begin && (bytes[i] == ' ' || bytes[i] == '\t')) {
      i--;
    }
    return i == begin ? -1 : run(bytes, i - 1, end, OUTSIDE);
  }

  private static boolean isSticky(int state) {
    return state == QUOTED || state == ENDED;
  }

  /** Looks closely only at what surrounds hot bytes. */
  private long scanHot(byte[] bytes, int begin, int end) {
    int n = states.length;
    int[] images = states.clone();
    int i = begin;
    while (i < end) {
      int hot = findHot(bytes, i, end);
      if (hot - i > 2 * SETTLING_BYTES) {
        int from = i + SETTLING_BYTES;
        int settled = settledState(bytes, from, hot);
        for (int k = 0; k < n; k++) {
          int s = run(bytes, i, from, images[k]);
          images[k] = isSticky(s) ? s : settled >= 0 ? settled : run(bytes, from, hot, s);
        }
        i = hot;
      }
      int to = Math.min(hot + 1, end);
      for (int k = 0; k < n; k++) {
        images[k] = run(bytes, i, to, images[k]);
      }
      i = to;
    }
    long map = 0;
    for (int k = 0; k < n; k++) {
      map |= (long) images[k] << (states[k] << 2);
    }
    return map;
  }

  private int lastStartHot(byte[] bytes, int begin, int end) {
    byte[] table = next;
    int s = START;
    int last = begin;
    int i = begin;
    while (i < end) {
      int hot = findHot(bytes, i, end);
      int from = hot - i > 2 * SETTLING_BYTES ? i + SETTLING_BYTES : Math.min(hot + 1, end);
      for (; i < from; i++) {
        s = table[(bytes[i] & 255) << 4 | s];
        if (isStart(s, bytes, i + 1, end)) {
          last = i + 1;
        } else if (s == ENDED) {
          return ~(i + 1);
        }
      }
      if (i < hot) {
        if (!isSticky(s)) {
          int settled = settledState(bytes, i, hot);
          s = settled >= 0 ? settled : run(bytes, i, hot, s);
          for (int p = hot; p > i; p--) {
            if (isStart(outsideState(bytes[p - 2], bytes[p - 1]), bytes, p, end)) {
              last = p;
              break;
            }
          }
        }
        i = hot;
      }
    }
    return last;
  }

  private long scanStates(byte[] bytes, int begin, int end) {
    byte[] table = next;
    boolean[] calm = ordinary;
    int n = states.length;
    byte[] images = new byte[n];
    for (int k = 0; k < n; k++) {
      images[k] = (byte) states[k];
    }
    boolean settled = false;
    for (int i = begin; i < end; i++) {
      int b = bytes[i] & 255;
      if (calm[b]) {
        if (settled) {
          continue;
        }
        settled = true;
      } else {
        settled = false;
      }
      for (int k = 0; k < n; k++) {
        images[k] = table[b << 4 | images[k]];
      }
    }
    long map = 0;
    for (int k = 0; k < n; k++) {
      map |= (long) images[k] << (states[k] << 2);
    }
    return map;
  }

  /**
   * Last position up to {@code end} where a record begins when one begins at {@code begin}; at
   * least {@code begin}. Behind a carriage return that may be half of a line end, {@code end} is
   * none. When an end marker comes first, the position behind it, as its complement.
   */
  public int lastStart(byte[] bytes, int begin, int end) {
    if (parityOnly && end > begin) {
      return lastStartParity(bytes, begin, end);
    }
    if (hotByte != MANY) {
      return lastStartHot(bytes, begin, end);
    }
    byte[] table = next;
    int s = START;
    int last = begin;
    for (int i = begin; i < end; i++) {
      s = table[(bytes[i] & 255) << 4 | s];
      if (isStart(s, bytes, i + 1, end)) {
        last = i + 1;
      } else if (s == ENDED) {
        return ~(i + 1);
      }
    }
    return last;
  }

  private int lastStartParity(byte[] bytes, int begin, int end) {
    boolean inside = oddCount(bytes, begin, end, (byte) spec.quote());
    int quote = spec.quote();
    for (int i = end; i > begin; i--) {
      byte b = bytes[i - 1];
      if (b == quote) {
        inside = !inside;
      } else if (!inside) {
        int state = outsideState(i - 1 > begin ? bytes[i - 2] : (byte) 0, b);
        if (isStart(state, bytes, i, end)) {
          return i;
        }
      }
    }
    return begin;
  }

  public NewlineStyle newline() {
    return newline;
  }
}
