package io.copyload.engine.format.fixed;

import io.copyload.engine.format.FixedSpec;
import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.TextReader;
import io.copyload.engine.format.delimited.NewlineStyle;
import io.copyload.engine.format.delimited.RecordCutter;
import io.copyload.engine.format.delimited.RecordFault;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts lines into fields of fixed widths.
 *
 * <p>Widths count characters: in a line of ASCII they are bytes, in another every byte but
 * continuation bytes begins a character, whether the bytes are UTF-8 or not. Trailing blanks of a
 * field are not part of it, unless it has nothing else. The last field of a line may be short; what
 * a line has beyond the last width must be blank.
 *
 * <p>Threads: one owner, the slice.
 */
public final class FixedCutter implements TextReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private final RecordBatch batch;
  private final int columnCount;
  private final int[] widths;
  private final byte[] nullMarker;
  private final boolean ignoreBlankLines;
  private final List<RecordFault> faults = new ArrayList<>();

  private byte lineEnd = '\n';
  private byte[] bytes;
  private int position;
  private int unitEnd;
  private int dataEnd;
  private boolean atEnd;
  private int lines;
  private boolean hasShortRecords;

  /** Whether the line found last has bytes beyond ASCII. */
  private boolean wide;

  public FixedCutter(FixedSpec spec, RecordBatch batch) {
    this.batch = batch;
    columnCount = batch.fieldCount;
    widths = spec.fields().stream().mapToInt(FixedSpec.Field::width).toArray();
    nullMarker = spec.text().nullMarker().getBytes(StandardCharsets.UTF_8);
    ignoreBlankLines = spec.text().redshift().ignoreBlankLines();
  }

  @Override
  public void beginUnit(NewlineStyle newline, boolean quirkOfFirstLine) {
    lineEnd = (byte) (newline == NewlineStyle.CR ? '\r' : '\n');
    lines = 0;
  }

  @Override
  public void input(byte[] newBytes, int begin, int newUnitEnd, int newDataEnd, boolean eof) {
    if (newBytes.length < newDataEnd + RecordCutter.PADDING) {
      throw new IllegalArgumentException("no room for padding");
    }
    bytes = newBytes;
    batch.bytes = newBytes;
    position = begin;
    unitEnd = newUnitEnd;
    dataEnd = newDataEnd;
    atEnd = eof;
  }

  @Override
  public Stop cut() {
    batch.recordCount = 0;
    batch.nonAscii = false;
    faults.clear();
    hasShortRecords = false;
    while (position < unitEnd && position < dataEnd) {
      if (batch.recordCount == batch.capacity) {
        return Stop.BATCH_FULL;
      }
      int end = findLineEnd(position);
      if (end == dataEnd && !atEnd) {
        return Stop.NEEDS_INPUT;
      }
      int after = Math.min(end + 1, dataEnd);
      int stop = lineEnd == '\n' && end > position && bytes[end - 1] == '\r' ? end - 1 : end;
      if (stop > position || !ignoreBlankLines) {
        cutLine(position, stop);
      }
      lines++;
      position = after;
    }
    return Stop.END;
  }

  /** Position of the next line end, or the end of the data. */
  private int findLineEnd(int from) {
    final byte[] b = bytes;
    final long pattern = ONES * lineEnd;
    long all = 0;
    int i = from;
    for (int last = dataEnd - 8; i <= last; i += 8) {
      long x = (long) LONGS.get(b, i);
      long y = x ^ pattern;
      long hits = (y - ONES) & ~y & HIGH;
      if (hits != 0) {
        int bits = Long.numberOfTrailingZeros(hits) + 1;
        all |= bits == 64 ? x : x & ((1L << bits) - 1);
        wide = (all & HIGH) != 0;
        return i + (bits >>> 3) - 1;
      }
      all |= x;
    }
    for (; i < dataEnd && b[i] != lineEnd; i++) {
      all |= b[i];
    }
    wide = (all & HIGH) != 0;
    return i;
  }

  private void cutLine(int begin, int end) {
    int row = batch.recordCount++;
    batch.recordBegin[row] = begin;
    batch.recordEnd[row] = end;
    batch.lineInUnit[row] = lines;
    batch.nonAscii |= wide;
    int at = begin;
    int fields = Math.min(columnCount, widths.length);
    for (int f = 0; f < fields; f++) {
      if (at == end && f > 0 && !startsHere(f, begin, end)) {
        hasShortRecords = true;
        batch.end[f][row] = RecordBatch.MISSING;
        continue;
      }
      int stop = advance(at, end, widths[f]);
      settle(f, batch, row, at, stop);
      at = stop;
    }
    for (int f = fields; f < columnCount; f++) {
      hasShortRecords = true;
      batch.end[f][row] = RecordBatch.MISSING;
    }
    for (int i = at; i < end; i++) {
      if (bytes[i] != ' ') {
        faults.add(new RecordFault(row, RecordFault.Kind.EXTRA_FIELD, -1, 0, null));
        for (int f = 0; f < columnCount; f++) {
          batch.begin[f][row] = 0;
          batch.end[f][row] = RecordBatch.NULL;
        }
        return;
      }
    }
  }

  /** Whether the line ends right where field {@code f} begins, which is then empty. */
  private boolean startsHere(int f, int begin, int end) {
    int at = begin;
    for (int i = 0; i < f; i++) {
      int stop = advance(at, end, widths[i]);
      if (characters(at, stop) < widths[i]) {
        return false;
      }
      at = stop;
    }
    return true;
  }

  private int characters(int begin, int end) {
    int count = 0;
    for (int i = begin; i < end; i++) {
      if (i == begin || (bytes[i] & 0xc0) != 0x80) {
        count++;
      }
    }
    return count;
  }

  /** Behind the next {@code count} characters, at most {@code end}. */
  private int advance(int from, int end, int count) {
    if (!wide) {
      return (int) Math.min((long) from + count, end);
    }
    int at = from;
    for (int i = 0; i < count && at < end; i++) {
      at++;
      while (at < end && (bytes[at] & 0xc0) == 0x80) {
        at++;
      }
    }
    return at;
  }

  private void settle(int f, RecordBatch target, int row, int begin, int end) {
    int to = end;
    while (to > begin && bytes[to - 1] == ' ') {
      to--;
    }
    target.begin[f][row] = begin;
    if (to - begin == nullMarker.length
        && Arrays.equals(bytes, begin, to, nullMarker, 0, nullMarker.length)) {
      target.end[f][row] = RecordBatch.NULL;
    } else {
      target.end[f][row] = to == begin ? end : to;
    }
  }

  @Override
  public int fieldPosition(int row, int field) {
    int begin = batch.recordBegin[row];
    int end = batch.recordEnd[row];
    if (field >= widths.length) {
      return -1;
    }
    wide = true;
    int at = begin;
    for (int f = 0; f < field; f++) {
      at = advance(at, end, widths[f]);
    }
    return at == end && field > 0 && !startsHere(field, begin, end) ? -1 : at - begin;
  }

  @Override
  public int cutFaulty(int row, RecordBatch target) {
    target.bytes = bytes;
    wide = true;
    int at = batch.recordBegin[row];
    int fields = Math.min(columnCount, widths.length);
    for (int f = 0; f < fields; f++) {
      int stop = advance(at, batch.recordEnd[row], widths[f]);
      settle(f, target, 0, at, stop);
      at = stop;
    }
    return fields;
  }

  @Override
  public int embeddedLines(int row, int upTo) {
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
  public boolean hasShortRecords() {
    return hasShortRecords;
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
