package io.copyload.engine.export;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.store.TargetType;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;

/**
 * Text and CSV as PostgreSQL writes them. Of some dozen rows at a time each column's fields are
 * made in one loop; then the rows are put together. All that stays in the processor's caches.
 */
public final class DelimitedRowWriter implements RowWriter {
  private static final int BATCH_ROWS = 64;

  /** Fields up to this length are copied as words, and what they write too much is overwritten. */
  private static final int WORDS_BYTES = 64;

  private final byte delimiter;
  private final boolean header;
  private final FieldQuoting quoting;
  private final FieldColumn[] fields;

  /** Per column as {@link FieldColumn} has them, for the batch at hand. */
  private final byte[][] sources;

  private final byte[][] locals;
  private final long[][] ranges;

  /** What stands behind a column's field: the delimiter or the line end. */
  private final byte[] followers;

  private boolean marksRows;

  /**
   * @param forceQuote per column whether a value other than NULL is always quoted
   */
  public DelimitedRowWriter(
      DelimitedSpec spec,
      List<TargetType> types,
      boolean[] forceQuote,
      ZoneId zone,
      boolean padsChar) {
    delimiter = spec.delimiter();
    header = spec.header() != DelimitedSpec.Header.NONE;
    int count = types.size();
    quoting = new FieldQuoting(spec, count == 1);
    byte[] nullMarker = spec.nullMarker().getBytes(StandardCharsets.UTF_8);
    FieldColumn.Fields shared =
        new FieldColumn.Fields(new DateTimeText(zone), padsChar, nullMarker, quoting);
    fields = new FieldColumn[count];
    sources = new byte[count][];
    locals = new byte[count][];
    ranges = new long[count][BATCH_ROWS];
    followers = new byte[count];
    boolean noPlainBytes = hasNoPlainBytes(spec);
    for (int i = 0; i < count; i++) {
      TargetType type = types.get(i);
      boolean plain = noPlainBytes && ValueText.isPlain(type) && !forceQuote[i];
      fields[i] = FieldColumn.of(type, shared, plain, forceQuote[i], ranges[i]);
      followers[i] = i == count - 1 ? (byte) '\n' : delimiter;
    }
  }

  /** Leaves backspace, form feed and vertical tab as they are, as Materialize does. */
  public DelimitedRowWriter escapingLess() {
    quoting.escapeLess(delimiter);
    return this;
  }

  /** Says of each row where it ends, so that the output can be cut into objects. */
  public DelimitedRowWriter markingRows() {
    marksRows = true;
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
      quoting.finish(start, false, out);
    }
    out.put((byte) '\n');
  }

  @Override
  public void rows(ExportColumn[] columns, int begin, int end, BitSet skipped, OutputBuffer out) {
    for (int i = 0; i < columns.length; i++) {
      fields[i].begin(columns[i], end - begin);
    }
    for (int first = begin; first < end; first += BATCH_ROWS) {
      int count = Math.min(BATCH_ROWS, end - first);
      for (int i = 0; i < columns.length; i++) {
        fields[i].make(columns[i], first, count);
        sources[i] = fields[i].source();
        locals[i] = fields[i].local();
      }
      putTogether(first, count, skipped, out);
    }
    for (int i = 0; i < columns.length; i++) {
      fields[i].end(end - begin);
      // What belongs to a row group is not held.
      sources[i] = null;
    }
  }

  private void putTogether(int first, int count, BitSet skipped, OutputBuffer out) {
    long room = (long) count * (followers.length + 1) + WORDS_BYTES;
    for (long[] column : ranges) {
      for (int k = 0; k < count; k++) {
        room += (int) column[k];
      }
    }
    byte[] b = out.ensure(Math.toIntExact(room));
    int at = out.size;
    for (int k = 0; k < count; k++) {
      if (skipped == null || !skipped.get(first + k)) {
        at = row(k, b, at);
        if (marksRows) {
          out.endUnit(at, 1);
        }
      }
    }
    out.size = at;
  }

  private int row(int k, byte[] b, int begin) {
    int at = begin;
    byte[][] from = sources;
    byte[][] local = locals;
    long[][] where = ranges;
    byte[] behind = followers;
    for (int i = 0; i < behind.length; i++) {
      long range = where[i][k];
      int offset = (int) (range >> 32);
      int length = (int) range;
      byte[] source = from[i];
      if (offset < 0) {
        offset = ~offset;
        source = local[i];
      }
      if (length <= 16 && offset <= source.length - 16) {
        OutputBuffer.putWord(b, at, OutputBuffer.word(source, offset));
        OutputBuffer.putWord(b, at + 8, OutputBuffer.word(source, offset + 8));
      } else {
        copy(source, offset, b, at, length);
      }
      at += length;
      b[at++] = behind[i];
    }
    if (followers.length == 0) {
      b[at++] = '\n';
    }
    return at;
  }

  private static void copy(byte[] source, int offset, byte[] b, int at, int length) {
    if (length <= WORDS_BYTES && offset <= source.length - WORDS_BYTES) {
      for (int done = 0; done < length; done += 16) {
        OutputBuffer.putWord(b, at + done, OutputBuffer.word(source, offset + done));
        OutputBuffer.putWord(b, at + done + 8, OutputBuffer.word(source, offset + done + 8));
      }
    } else {
      System.arraycopy(source, offset, b, at, length);
    }
  }

  @Override
  public void end(OutputBuffer out) {
    // Neither format has a trailer.
  }
}
