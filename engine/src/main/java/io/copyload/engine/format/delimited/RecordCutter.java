package io.copyload.engine.format.delimited;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.EndMarker;
import io.copyload.engine.format.DelimitedSpec.Style;
import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.TextReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts bytes into records and fields.
 *
 * <p>Two ways lead through a record. The fast one knows where the special bytes (delimiter, quote
 * or backslash, control characters) are, eight bytes at a time, and takes records that consist of
 * plain fields and a line end. Every other record goes byte by byte through the method of its
 * style, a subclass, which knows all the rules.
 *
 * <p>Text without its quotes and escapes is written behind the input, in the same array, so the
 * array must have spare room and may be replaced by a larger one: see {@link #bytes()}. At least
 * {@link #PADDING} bytes follow the last used one, so that wide reads stay inside.
 *
 * <p>Threads: one owner, the slice.
 */
public abstract class RecordCutter implements TextReader {
  /** Readable bytes behind the last used byte of the array. */
  public static final int PADDING = 16;

  /** Equal to no byte; -1 would be equal to 0xff. */
  public static final int NO_BYTE = 256;

  /** Bytes behind a record that a message about its last character may name. */
  public static final int LOOKAHEAD = 4;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long LOW7 = 0x7f7f7f7f7f7f7f7fL;
  private static final long HIGH = 0x8080808080808080L;

  /** Input bytes indexed in one go. */
  private static final int INDEX_BYTES = 4096;

  /**
   * Positions wanted beyond those of the delimiters, so that few records meet the end of the index.
   */
  static final int INDEX_SLACK = 24;

  static final int NEED_MORE = -1;
  static final int DATA_ENDED = -2;

  final DelimitedSpec spec;
  final RecordBatch batch;
  final int fieldCount;
  final byte delimiter;
  final int quote;
  final int escape;
  final byte[] nullMarker;
  final byte[] defaultMarker;
  boolean[] hasDefault;
  private final boolean fastPath;
  private final boolean plainQuotes;
  private final boolean markerIsBackslashN;
  final boolean ignoreBlankLines;

  /** A record that begins with it may be an end marker and is not plain. */
  private final int markerByte;

  private final long delimiterPattern;
  private final long specialPattern;

  NewlineStyle newline = NewlineStyle.LF;

  /** Redshift: the byte that ends a record. */
  byte lineEnd = '\n';

  byte[] bytes;
  int position;
  int unitEnd;
  int limit;
  int dataEnd;
  private boolean atEnd;
  boolean quirkOfFirstLine;
  private boolean quirkInBatch;
  int lines;
  boolean nonAscii;
  private boolean ended;

  int[] index;
  int highBitsTo;
  int indexNext;
  int indexCount;
  private int indexedTo;

  int spareEnd;
  private boolean hasShortRecords;
  private final List<RecordFault> faults = new ArrayList<>();

  // The record that the slow path is in.
  boolean endsData;
  private int row;
  int fields;
  private int recordFrom;
  boolean dry;
  private int wantedField;

  /** Where fields go when a faulty record is cut once more, or null. */
  private RecordBatch again;

  private int fieldsBeforeFault;
  private int wantedBegin;

  /** A cutter for a header line: sees each record byte by byte and counts its fields. */
  public static RecordCutter ofHeader(DelimitedSpec spec, RecordBatch batch) {
    return of(spec, batch, true);
  }

  /** The cutter of the spec's style. */
  public static RecordCutter of(DelimitedSpec spec, RecordBatch batch) {
    return of(spec, batch, false);
  }

  private static RecordCutter of(DelimitedSpec spec, RecordBatch batch, boolean slowOnly) {
    return switch (spec.style()) {
      case POSTGRES_CSV -> new PostgresCsvCutter(spec, batch, slowOnly);
      case POSTGRES_TEXT -> new PostgresTextCutter(spec, batch, slowOnly);
      case REDSHIFT_CSV -> new RedshiftCsvCutter(spec, batch, slowOnly);
      case REDSHIFT_TEXT -> new RedshiftTextCutter(spec, batch, slowOnly);
    };
  }

  RecordCutter(DelimitedSpec spec, RecordBatch batch, boolean slowOnly) {
    this.spec = spec;
    this.batch = batch;
    fieldCount = batch.fieldCount;
    hasDefault = new boolean[fieldCount];
    delimiter = spec.delimiter();
    quote = spec.isCsv() ? spec.quote() : NO_BYTE;
    escape = spec.escape() >= 0 ? spec.escape() : NO_BYTE;
    nullMarker = spec.nullMarker().getBytes(StandardCharsets.UTF_8);
    defaultMarker =
        spec.defaultMarker() == null ? null : spec.defaultMarker().getBytes(StandardCharsets.UTF_8);
    fastPath = !slowOnly && fieldCount > 0 && defaultMarker == null && delimiter >= 0;
    plainQuotes = spec.isCsv() && escape == quote && !spec.nullInQuotes();
    markerIsBackslashN =
        spec.style() == Style.POSTGRES_TEXT && spec.nullMarker().equals("\\N") && delimiter != 'N';
    ignoreBlankLines = spec.redshift().ignoreBlankLines() || spec.mixedLines();
    markerByte = spec.isCsv() && spec.endMarker() == EndMarker.WHOLE_LINE ? '\\' : NO_BYTE;
    delimiterPattern = ONES * delimiter;
    int special =
        switch (spec.style()) {
          case POSTGRES_CSV, REDSHIFT_CSV -> quote;
          case POSTGRES_TEXT -> '\\';
          case REDSHIFT_TEXT -> escape != NO_BYTE ? escape : delimiter;
        };
    specialPattern = ONES * special;
    index = new int[INDEX_BYTES + 2 * fieldCount + 16];
  }

  /** Says for which fields a default marker is no fault. */
  @Override
  public void allowDefaults(boolean[] fields) {
    hasDefault = fields.clone();
  }

  /**
   * Gives the cutter input to work on.
   *
   * @param begin where a record begins
   * @param unitEnd records that begin here or behind belong to somebody else
   * @param dataEnd end of the input in {@code bytes}
   * @param atEnd the object ends at {@code dataEnd}; otherwise the last {@link #LOOKAHEAD} bytes
   *     are only looked at
   */
  @Override
  public void input(byte[] bytes, int begin, int unitEnd, int dataEnd, boolean atEnd) {
    if (bytes.length < dataEnd + PADDING) {
      throw new IllegalArgumentException("no room for padding");
    }
    this.bytes = bytes;
    batch.bytes = bytes;
    position = begin;
    this.unitEnd = unitEnd;
    this.dataEnd = dataEnd;
    limit = atEnd ? dataEnd : Math.max(begin, dataEnd - LOOKAHEAD);
    this.atEnd = atEnd;
    indexNext = 0;
    indexCount = 0;
    indexedTo = begin;
    highBitsTo = 0;
  }

  /**
   * Begins a load unit, before its first {@link #input}.
   *
   * @param quirkOfFirstLine the first record is the first line of its object, where PostgreSQL does
   *     not count the newlines inside quotes, because it does not know the newline style yet
   */
  @Override
  public void beginUnit(NewlineStyle newline, boolean quirkOfFirstLine) {
    this.newline = newline;
    lineEnd = (byte) (newline == NewlineStyle.CR ? '\r' : '\n');
    this.quirkOfFirstLine = quirkOfFirstLine;
    lines = 0;
    ended = false;
  }

  /** The array with the input, after it may have been replaced by a larger one. */
  @Override
  public byte[] bytes() {
    return bytes;
  }

  /** Where the next record begins. */
  @Override
  public int position() {
    return position;
  }

  /** Lines of the unit's records so far, as the style counts them. */
  @Override
  public int lines() {
    return lines;
  }

  /** Whether an end marker has ended the data. */
  @Override
  public boolean ended() {
    return ended;
  }

  /** Fields of the last record, for a cutter {@linkplain #ofHeader of a header}. */
  public int fieldsFound() {
    return fields;
  }

  /** Faulty records of the batch, in order; their fields are all NULL. */
  @Override
  public List<RecordFault> faults() {
    return faults;
  }

  /** Whether some record of the batch has {@link RecordBatch#MISSING} fields. */
  @Override
  public boolean hasShortRecords() {
    return hasShortRecords;
  }

  /** Fills the batch with the next records. */
  @Override
  public Stop cut() {
    batch.recordCount = 0;
    faults.clear();
    hasShortRecords = false;
    nonAscii = false;
    quirkInBatch = quirkOfFirstLine;
    spareEnd = dataEnd + PADDING;
    Stop stop = fill();
    batch.nonAscii = nonAscii;
    // Redshift looks at the characters of each column by themselves.
    if (nonAscii && batch.recordCount > 0 && !spec.isRedshift()) {
      validate();
    }
    return stop;
  }

  private Stop fill() {
    while (!ended && position < unitEnd && position < dataEnd) {
      if (batch.recordCount == batch.capacity) {
        return Stop.BATCH_FULL;
      }
      if (fastPath) {
        cutFast();
        if (batch.recordCount == batch.capacity || position >= unitEnd || position >= dataEnd) {
          continue;
        }
      }
      if (ignoreBlankLines && skipBlankLines()) {
        continue;
      }
      int after = cutSlow();
      if (after == NEED_MORE) {
        return Stop.NEEDS_INPUT;
      }
      if (after == DATA_ENDED) {
        ended = true;
        break;
      }
      position = after;
      if (endsData) {
        ended = true;
        break;
      }
      skipIndex();
    }
    return Stop.END;
  }

  /** Skips lines without content at the position; false when there is none. */
  private boolean skipBlankLines() {
    int from = position;
    int stop = Math.min(unitEnd, limit);
    while (position < stop) {
      if (bytes[position] == lineEnd) {
        position++;
      } else if (newline == NewlineStyle.ANY && bytes[position] == '\r') {
        // Unless the object ends there, the bytes behind the limit may be looked at.
        boolean followed = position + 1 < dataEnd && bytes[position + 1] == '\n';
        position += followed ? 2 : 1;
      } else if (bytes[position] == '\r'
          && (position + 1 == dataEnd ? atEnd : bytes[position + 1] == '\n')) {
        position = Math.min(position + 2, dataEnd);
      } else {
        break;
      }
      lines++;
    }
    skipIndex();
    return position > from;
  }

  private void skipIndex() {
    int n = indexNext;
    while (n < indexCount && index[n] < position) {
      n++;
    }
    indexNext = n;
    if (n == indexCount && indexedTo < position) {
      indexedTo = position;
    }
  }

  // ---------------------------------------------------------------------------------------------
  // Fast path
  // ---------------------------------------------------------------------------------------------

  /** Makes at least {@code wanted} positions available unless the input ends before. */
  void refill(int wanted) {
    int kept = indexCount - indexNext;
    System.arraycopy(index, indexNext, index, 0, kept);
    indexNext = 0;
    indexCount = kept;
    while (indexCount < wanted && indexedTo < limit) {
      indexSpecials(indexedTo, Math.min(limit, indexedTo + INDEX_BYTES));
    }
  }

  /**
   * Marks the delimiters, special bytes and control characters of eight bytes in the low eight
   * bits.
   *
   * <p>All patterns are ASCII, so the low seven bits decide once the high bit is known to be clear:
   * {@code (x ^ p) + 0x7f} carries into the high bit unless equal, {@code x + 0x60} unless below
   * 0x20. The multiplication gathers the eight high bits.
   */
  private static long marks(long x, long delimiter, long special) {
    long low = x & LOW7;
    long plain = ((low ^ delimiter) + LOW7) & ((low ^ special) + LOW7) & (low + ONES * 0x60);
    return ((~(plain | x) & HIGH) >>> 7) * 0x0102040810204080L >>> 56;
  }

  /** Appends the positions of the marked bytes of {@code [from .. to)} to the index. */
  private void indexSpecials(int from, int to) {
    final byte[] b = bytes;
    final long delimiters = delimiterPattern;
    final long specials = specialPattern;
    int[] out = index;
    int n = indexCount;
    if (out.length - n < to - from + 64) {
      out = Arrays.copyOf(out, n + to - from + 64);
      index = out;
    }
    long all = 0;
    int i = from;
    // One loop over up to 64 marks mispredicts once where eight loops would do so eight times.
    for (int stop = to - 64; i <= stop; i += 64) {
      long hits = 0;
      for (int k = 0; k < 64; k += 8) {
        long x = (long) LONGS.get(b, i + k);
        all |= x;
        hits |= marks(x, delimiters, specials) << k;
      }
      while (hits != 0) {
        out[n++] = i + Long.numberOfTrailingZeros(hits);
        hits &= hits - 1;
      }
    }
    for (; i < to; i += 8) {
      long x = (long) LONGS.get(b, i);
      if (to - i < 8) {
        x &= (1L << ((to - i) << 3)) - 1;
        x |= ~0L << ((to - i) << 3) & ONES * ' ';
      }
      all |= x;
      long hits = marks(x, delimiters, specials);
      if (to - i < 8) {
        hits &= (1L << (to - i)) - 1;
      }
      while (hits != 0) {
        out[n++] = i + Long.numberOfTrailingZeros(hits);
        hits &= hits - 1;
      }
    }
    indexCount = n;
    indexedTo = to;
    if ((all & HIGH) != 0) {
      highBitsTo = to;
    }
  }

  private static boolean hasHighBit(byte[] b, int from, int to) {
    long all = 0;
    int i = from;
    for (int stop = to - 8; i <= stop; i += 8) {
      all |= (long) LONGS.get(b, i);
    }
    for (; i < to; i++) {
      all |= b[i];
    }
    return (all & HIGH) != 0;
  }

  /** Takes plain records until one is not plain, the batch is full or the unit ends. */
  void cutFast() {
    if (quirkOfFirstLine) {
      // A plain record has no line end inside, so the quirk does not show; the slow path looks for
      // itself.
      if (!isPlainAhead(position)) {
        return;
      }
      quirkOfFirstLine = false;
    }
    final byte[] b = bytes;
    final int[][] begins = batch.begin;
    final int[][] ends = batch.end;
    final byte delim = delimiter;
    final int last = fieldCount - 1;
    final int capacity = batch.capacity;
    final int stop = Math.min(unitEnd, limit);
    final boolean crEnds = newline != NewlineStyle.LF;
    final boolean any = newline == NewlineStyle.ANY;
    final boolean lfEnds = any || newline == NewlineStyle.LF || newline == NewlineStyle.LF_OR_CRLF;
    final int markerByte = this.markerByte;
    final boolean lfAfterCr = newline == NewlineStyle.CRLF || newline == NewlineStyle.LF_OR_CRLF;
    final boolean trailing = spec.trailingDelimiter();
    final boolean emptyIsNull = nullMarker.length == 0;
    final int markerLength = nullMarker.length;
    final byte markerFirst = emptyIsNull ? 0 : nullMarker[0];
    final int quoteByte = plainQuotes ? quote : NO_BYTE;
    final boolean blankLines = !ignoreBlankLines;
    final int backslashN = markerIsBackslashN ? '\\' : NO_BYTE;
    int[] ix = index;
    int start = position;
    int r = batch.recordCount;
    int line = lines;
    outer:
    while (r < capacity && start < stop) {
      if (indexCount - indexNext < last + INDEX_SLACK) {
        refill(last + INDEX_SLACK);
        ix = index;
      }
      final int available = indexCount;
      if (b[start] == markerByte) {
        break;
      }
      int n = indexNext;
      int s = start;
      int f = 0;
      int p;
      byte c;
      int recordEnd;
      while (true) {
        if (n >= available) {
          break outer;
        }
        p = ix[n++];
        c = b[p];
        int from = s;
        int to = p;
        if (c == delim) {
          if (p - s == markerLength
              && (emptyIsNull || (b[s] == markerFirst && isNullMarker(b, s, p)))) {
            to = RecordBatch.NULL;
          }
        } else if (c == quoteByte && p == s) {
          // A quoted field without quotes and line ends inside, and nothing around.
          int q;
          while (true) {
            if (n >= available) {
              break outer;
            }
            q = ix[n++];
            byte d = b[q];
            if (d == quoteByte) {
              break;
            }
            if (d != delim && d != '\t') {
              break outer;
            }
          }
          if (n >= available) {
            break outer;
          }
          p = ix[n++];
          c = b[p];
          if (p != q + 1 || c == quoteByte) {
            break outer;
          }
          from = s + 1;
          to = q;
        } else if (c == backslashN
            && p == s
            && n < available
            && ix[n] == s + 2
            && b[s + 1] == 'N') {
          p = ix[n++];
          c = b[p];
          to = RecordBatch.NULL;
        } else if (p - s == markerLength && (emptyIsNull || isNullMarker(b, s, p))) {
          to = RecordBatch.NULL;
        }
        begins[f][r] = from;
        ends[f][r] = to;
        if (c != delim) {
          recordEnd = p;
          if (p == start && !blankLines) {
            break outer;
          }
          break;
        }
        if (f == last) {
          recordEnd = p;
          if (!trailing || n >= available || ix[n] != p + 1) {
            break outer;
          }
          p = ix[n++];
          c = b[p];
          recordEnd = p;
          break;
        }
        f++;
        s = p + 1;
      }
      if (f != last) {
        break;
      }
      int after;
      if (c == '\n' && lfEnds) {
        after = p + 1;
      } else if (c == '\r' && crEnds) {
        if (lfAfterCr) {
          if (n >= available || ix[n] != p + 1 || b[p + 1] != '\n') {
            break;
          }
          n++;
          after = p + 2;
        } else if (any) {
          if (n >= available) {
            break;
          }
          boolean followed = ix[n] == p + 1 && b[p + 1] == '\n';
          n += followed ? 1 : 0;
          after = followed ? p + 2 : p + 1;
        } else {
          after = p + 1;
        }
      } else {
        break;
      }
      batch.recordBegin[r] = start;
      batch.recordEnd[r] = recordEnd;
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

  private boolean isPlainAhead(int start) {
    if (indexCount - indexNext < fieldCount + 2) {
      refill(fieldCount + 2);
    }
    for (int n = indexNext; n < indexCount; n++) {
      byte c = bytes[index[n]];
      if (c == '\n' || c == '\r') {
        return index[n] >= start;
      }
      if (c == quote) {
        return false;
      }
    }
    return false;
  }

  private boolean isNullMarker(byte[] b, int begin, int end) {
    return Arrays.equals(b, begin, end, nullMarker, 0, nullMarker.length);
  }

  // ---------------------------------------------------------------------------------------------
  // Slow path: one record, byte by byte
  // ---------------------------------------------------------------------------------------------

  /**
   * Cuts the record at {@link #position}; returns where the next begins, NEED_MORE or DATA_ENDED.
   */
  private int cutSlow() {
    row = batch.recordCount;
    recordFrom = position;
    wantedField = -1;
    dry = false;
    endsData = false;
    int faultCount = faults.size();
    int spareBefore = spareEnd;
    boolean shortBefore = hasShortRecords;
    int linesBefore = lines;
    fields = 0;
    int after = cutOne(position, limit, atEnd);
    if (after < 0) {
      while (faults.size() > faultCount) {
        faults.remove(faults.size() - 1);
      }
      spareEnd = spareBefore;
      hasShortRecords = shortBefore;
      lines = linesBefore;
      return after;
    }
    quirkOfFirstLine = false;
    batch.recordBegin[row] = recordFrom;
    batch.lineInUnit[row] = linesBefore;
    batch.recordCount++;
    settleFaults(faultCount);
    if (!nonAscii) {
      nonAscii = hasHighBit(bytes, recordFrom, batch.recordEnd[row]);
    }
    return after;
  }

  /**
   * Cuts the record that begins at {@code from}, calling {@link #field} and {@link #record};
   * returns where the next begins, NEED_MORE or DATA_ENDED.
   *
   * @param eof the input ends at {@code to}
   */
  abstract int cutOne(int from, int to, boolean eof);

  /**
   * Byte position within the record at which the raw text of a field begins, with its quote.
   *
   * @param row a record of the current batch
   */
  @Override
  public int fieldPosition(int row, int field) {
    dry = true;
    wantedField = field;
    wantedBegin = -1;
    recordFrom = batch.recordBegin[row];
    int linesBefore = lines;
    boolean quirkBefore = quirkOfFirstLine;
    fields = 0;
    cutOne(recordFrom, batch.recordEnd[row], true);
    lines = linesBefore;
    quirkOfFirstLine = quirkBefore;
    dry = false;
    return wantedBegin < 0 ? -1 : wantedBegin - recordFrom;
  }

  /**
   * Line ends inside the quotes of a record, as PostgreSQL counts them, up to a byte position
   * within the record.
   *
   * @param row a record of the current batch
   */
  @Override
  public int embeddedLines(int row, int upTo) {
    if (spec.style() != Style.POSTGRES_CSV) {
      return 0;
    }
    boolean quirk = quirkInBatch && row == 0;
    boolean any = newline == NewlineStyle.ANY;
    byte counted = (byte) (newline == NewlineStyle.LF && !quirk ? '\n' : '\r');
    int count = 0;
    boolean inside = false;
    int end = batch.recordBegin[row] + upTo;
    for (int p = batch.recordBegin[row]; p < end; p++) {
      byte c = bytes[p];
      if (inside && c == escape && escape != quote && p + 1 < end) {
        c = bytes[++p];
      } else if (c == quote) {
        inside = !inside;
      }
      if (inside && (any ? endsLine(p) : c == counted)) {
        count++;
      }
    }
    return count;
  }

  @Override
  public int cutFaulty(int row, RecordBatch target) {
    if (!spec.isRedshift()) {
      return -1;
    }
    again = target;
    fieldsBeforeFault = -1;
    recordFrom = batch.recordBegin[row];
    int spareBefore = spareEnd;
    fields = 0;
    cutOne(recordFrom, batch.recordEnd[row], true);
    // The array may have been replaced.
    target.bytes = bytes;
    spareEnd = spareBefore;
    again = null;
    // Too many fields are found when all are cut; another fault may lie behind the record's text.
    boolean extra =
        faults.stream().anyMatch(f -> f.row() == row && f.kind() == RecordFault.Kind.EXTRA_FIELD);
    int count = extra ? fields : fieldsBeforeFault < 0 ? fields - 1 : fieldsBeforeFault;
    return Math.min(count, fieldCount);
  }

  void fault(RecordFault.Kind kind, int field, int at, String argument) {
    if (again != null) {
      fieldsBeforeFault = fieldsBeforeFault < 0 ? fields : fieldsBeforeFault;
    } else if (!dry) {
      faults.add(new RecordFault(row, kind, field, at - recordFrom, argument));
    }
  }

  /** Keeps the decisive one of the faults of the record just cut, and empties its fields. */
  private void settleFaults(int from) {
    if (faults.size() == from) {
      return;
    }
    RecordFault decisive = faults.get(from);
    for (int i = from + 1; i < faults.size(); i++) {
      RecordFault other = faults.get(i);
      // Faults of the line come first, then those of fields in order, and too many fields last.
      if (other.kind().ofLine() && !decisive.kind().ofLine()) {
        decisive = other;
      }
    }
    while (faults.size() > from) {
      faults.remove(faults.size() - 1);
    }
    faults.add(decisive);
    emptyFields(row);
  }

  private void emptyFields(int r) {
    for (int f = 0; f < fieldCount; f++) {
      batch.begin[f][r] = 0;
      batch.end[f][r] = RecordBatch.NULL;
    }
  }

  /** Ends a field; {@code end} may be a marker. {@code rawBegin} is where its raw text begins. */
  void field(int rawBegin, int begin, int end) {
    int f = fields++;
    if (f == wantedField) {
      wantedBegin = rawBegin;
    }
    if (dry || f >= fieldCount) {
      return;
    }
    if (again != null) {
      again.begin[f][0] = begin;
      again.end[f][0] = end;
      return;
    }
    batch.begin[f][row] = begin;
    batch.end[f][row] = end;
  }

  /** Ends a record. */
  void record(int end, int embeddedLines, boolean lastFieldEmptyAndPlain) {
    if (dry || again != null) {
      return;
    }
    batch.recordEnd[row] = end;
    lines += 1 + embeddedLines;
    int n = fields;
    if (n == fieldCount + 1 && lastFieldEmptyAndPlain && spec.trailingDelimiter()) {
      n--;
    }
    if (n > fieldCount) {
      if (fieldCount != 0 || n != 1 || end != recordFrom) {
        fault(RecordFault.Kind.EXTRA_FIELD, -1, recordFrom, null);
      }
    } else if (n < fieldCount) {
      hasShortRecords = true;
      for (int f = n; f < fieldCount; f++) {
        batch.end[f][row] = RecordBatch.MISSING;
      }
    }
  }

  boolean rawEquals(byte[] marker, int begin, int end) {
    return marker != null
        && end - begin == marker.length
        && Arrays.equals(bytes, begin, end, marker, 0, marker.length);
  }

  /** Makes room for {@code count} unescaped bytes and returns where they go. */
  int reserveSpare(int count) {
    if (bytes.length - PADDING - spareEnd < count) {
      long wanted = Math.max((long) spareEnd + count, bytes.length + (bytes.length >> 2)) + PADDING;
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
      batch.bytes = bytes;
    }
    return spareEnd;
  }

  /** Whether a line of any style ends with the byte at {@code p}. */
  final boolean endsLine(int p) {
    byte c = bytes[p];
    return c == '\n' || c == '\r' && !(p + 1 < dataEnd && bytes[p + 1] == '\n');
  }

  /** Where the line end at {@code p} ends, 0 when there is none at {@code p}, or NEED_MORE. */
  int lineEndAt(int p, int to, boolean eof) {
    if (p == to) {
      return eof ? 0 : NEED_MORE;
    }
    byte c = bytes[p];
    switch (newline) {
      case LF:
        return c == '\n' ? p + 1 : 0;
      case CR:
        return c == '\r' ? p + 1 : 0;
      case ANY:
        if (c != '\r') {
          return c == '\n' ? p + 1 : 0;
        }
        if (p + 1 == to) {
          return eof ? to : NEED_MORE;
        }
        return bytes[p + 1] == '\n' ? p + 2 : p + 1;
      default:
        if (c == '\n' && newline == NewlineStyle.LF_OR_CRLF) {
          return p + 1;
        }
        if (c != '\r') {
          return 0;
        }
        if (p + 1 == to) {
          return eof ? 0 : NEED_MORE;
        }
        return bytes[p + 1] == '\n' ? p + 2 : 0;
    }
  }

  void defaultMarker(int begin) {
    if (!hasDefault[fields]) {
      fault(RecordFault.Kind.DEFAULT_MARKER, fields, begin, null);
    }
    field(begin, begin, RecordBatch.DEFAULT);
  }

  /** Whether a line end of another style than the data's is at {@code q}, behind an end marker. */
  boolean isOtherLineEnd(int q, int to) {
    byte c = q < to ? bytes[q] : 0;
    return switch (newline) {
      case CRLF, LF_OR_CRLF -> c == '\n' || (c == '\r' && q + 1 < to && bytes[q + 1] == '\r');
      case LF -> c == '\r';
      case CR -> c == '\n';
      case ANY -> false;
    };
  }

  // ---------------------------------------------------------------------------------------------
  // The batch as a whole
  // ---------------------------------------------------------------------------------------------

  /** Finds records that are not UTF-8. */
  private void validate() {
    int n = batch.recordCount;
    if (Utf8Validation.firstInvalid(bytes, batch.recordBegin[0], batch.recordEnd[n - 1], false)
        < 0) {
      return;
    }
    List<RecordFault> before = new ArrayList<>(faults);
    faults.clear();
    int next = 0;
    for (int r = 0; r < n; r++) {
      RecordFault known =
          next < before.size() && before.get(next).row() == r ? before.get(next++) : null;
      int begin = batch.recordBegin[r];
      int bad = Utf8Validation.firstInvalid(bytes, begin, batch.recordEnd[r], false);
      if (bad >= 0 && (known == null || !known.kind().ofLine() || bad - begin < known.position())) {
        known =
            new RecordFault(
                r,
                RecordFault.Kind.INVALID_ENCODING,
                -1,
                bad - begin,
                Utf8Validation.describe(bytes, bad, dataEnd));
        emptyFields(r);
      }
      if (known != null) {
        faults.add(known);
      }
    }
  }
}
