package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.store.ColumnEncoding;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.EncodedSize;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.result.SearchRow;
import org.h2.table.Column;
import org.h2.table.Table;

/**
 * Measures which encoding suits the columns of a table best: the rows that the session sees first
 * are encoded in every encoding that their type allows.
 *
 * <p>As Redshift does, AZ64 is chosen for its types where it saves anything, and for the others
 * what is smallest. Memory: one block of rows.
 */
final class CompressionAnalysis {
  /** Rows that are looked at when fewer are asked for. */
  static final long MIN_SAMPLE_ROWS = 100_000;

  private static final int BLOCK_ROWS = 1 << 16;
  private static final int BLOCK_BYTES = 16 << 20;

  /**
   * What was found for a column.
   *
   * @param rawBytes bytes of the sample as they are
   * @param bytes bytes of the sample in the encoding
   * @param smallest the encoding that takes the least room
   * @param smallestBytes bytes of the sample in that one
   */
  record Choice(
      ColumnEncoding encoding,
      long rawBytes,
      long bytes,
      ColumnEncoding smallest,
      long smallestBytes) {}

  private final List<Column> columns;
  private final ValueCodec[] codecs;
  private final ColumnVector[] vectors;
  private final long[][] bytes;
  private final EncodedSize size = new EncodedSize();
  private final CancelToken cancel;
  private int count;

  private CompressionAnalysis(SessionLocal session, List<Column> columns, CancelToken cancel) {
    this.columns = columns;
    this.cancel = cancel;
    codecs = new ValueCodec[columns.size()];
    vectors = new ColumnVector[columns.size()];
    bytes = new long[columns.size()][ColumnEncoding.values().length];
    for (int i = 0; i < codecs.length; i++) {
      codecs[i] = ValueCodec.of(columns.get(i).getType(), session);
      vectors[i] = new ColumnVector(codecs[i].targetType(), BLOCK_ROWS);
      vectors[i].useHeap();
    }
  }

  /**
   * Looks at the table's first rows; a table without rows gives RAW for every column.
   *
   * @param sampleRows most rows to look at
   */
  static Map<Column, Choice> of(
      SessionLocal session,
      Table table,
      List<Column> columns,
      long sampleRows,
      CancelToken cancel) {
    CompressionAnalysis analysis = new CompressionAnalysis(session, columns, cancel);
    Cursor rows = table.getScanIndex(session).find(session, null, null, false);
    for (long i = 0; i < sampleRows && rows.next(); i++) {
      analysis.add(rows.getSearchRow());
    }
    analysis.measure();
    return analysis.choices();
  }

  private void add(SearchRow row) {
    long heap = 0;
    for (int i = 0; i < codecs.length; i++) {
      codecs[i].write(row.getValue(columns.get(i).getColumnId()), vectors[i], count);
      heap += vectors[i].heapSize();
    }
    count++;
    if (count == BLOCK_ROWS || heap > BLOCK_BYTES) {
      measure();
    } else if ((count & 1023) == 0) {
      cancel.check();
    }
  }

  private void measure() {
    for (int i = 0; count > 0 && i < codecs.length; i++) {
      for (ColumnEncoding encoding : ColumnEncoding.values()) {
        if (encoding.suits(codecs[i].targetType())) {
          cancel.check();
          bytes[i][encoding.ordinal()] +=
              size.of(codecs[i].targetType(), vectors[i], count, encoding);
        }
      }
      vectors[i].useHeap();
    }
    count = 0;
  }

  private Map<Column, Choice> choices() {
    Map<Column, Choice> choices = new LinkedHashMap<>();
    for (int i = 0; i < codecs.length; i++) {
      long raw = bytes[i][ColumnEncoding.RAW.ordinal()];
      ColumnEncoding best = ColumnEncoding.RAW;
      for (ColumnEncoding encoding : ColumnEncoding.values()) {
        if (encoding.suits(codecs[i].targetType())
            && bytes[i][encoding.ordinal()] < bytes[i][best.ordinal()]) {
          best = encoding;
        }
      }
      ColumnEncoding smallest = best;
      if (ColumnEncoding.AZ64.suits(codecs[i].targetType())
          && bytes[i][ColumnEncoding.AZ64.ordinal()] < raw) {
        best = ColumnEncoding.AZ64;
      }
      choices.put(
          columns.get(i),
          new Choice(best, raw, bytes[i][best.ordinal()], smallest, bytes[i][smallest.ordinal()]));
    }
    return choices;
  }
}
