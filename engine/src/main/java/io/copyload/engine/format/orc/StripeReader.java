package io.copyload.engine.format.orc;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.DamageText;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.format.orc.OrcObject.BoundColumn;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.ColumnVector;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Reads the rows of one stripe. Threads: one. */
final class StripeReader implements VectorReader {
  private final List<BoundColumn> columns;
  private final OrcColumn[] readers;
  private final int number;
  private final StripeStreams streams;

  /** Of the rows themselves, which no writer makes NULL; null when there is none. */
  private BooleanRuns rowPresent;

  private long rowsLeft;
  private long row;

  private StripeReader(List<BoundColumn> columns, int number, long rows, StripeStreams streams) {
    this.columns = columns;
    this.readers = new OrcColumn[columns.size()];
    this.number = number;
    this.rowsLeft = rows;
    this.streams = streams;
  }

  static StripeReader open(
      SourceObject source,
      OrcTail tail,
      int number,
      List<BoundColumn> columns,
      long bytes,
      CancelToken cancel)
      throws IOException {
    OrcTail.Stripe stripe = tail.stripes().get(number);
    StripeStreams streams = new StripeStreams(source, tail, bytes, cancel);
    StripeReader reader = new StripeReader(columns, number, stripe.rows(), streams);
    int c = -1;
    try {
      streams.open(stripe, columns);
      if (tail.root().kind() == OrcType.Kind.STRUCT && stripe.rows() > 0) {
        reader.rowPresent = streams.present(tail.root());
      }
      StripeColumns builder = new StripeColumns(streams, tail, columns.size(), bytes);
      for (c = 0; c < columns.size() && stripe.rows() > 0; c++) {
        BoundColumn column = columns.get(c);
        if (column.column() != null) {
          reader.readers[c] = builder.column(column.column());
          if (reader.readers[c] instanceof NestedColumn nested) {
            nested.writeTo(column.form());
          }
        }
      }
    } catch (CopyException e) {
      reader.close();
      throw e;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw reader.damaged(c, e);
    }
    return reader;
  }

  @Override
  public int read(ColumnVector[] vectors, int most) throws IOException {
    int count = (int) Math.min(most, rowsLeft);
    int c = 0;
    try {
      for (; c < readers.length && count > 0; c++) {
        if (readers[c] != null) {
          count = readers[c].prepare(count);
        }
      }
      for (int i = 0; i < count && rowPresent != null; i++) {
        if (!rowPresent.next()) {
          throw new IOException("a row that is NULL as a whole");
        }
      }
      for (c = 0; c < readers.length && count > 0; c++) {
        if (readers[c] == null) {
          Arrays.fill(vectors[c].nulls, 0, count, true);
        } else {
          readers[c].read(vectors[c], count);
        }
      }
    } catch (CopyException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(c, e);
    }
    rowsLeft -= count;
    row += count;
    return count;
  }

  private IOException damaged(int column, Exception e) {
    return new IOException(
        (column >= 0 && column < columns.size()
                ? "column \"" + columns.get(column).name() + "\", "
                : "")
            + "stripe "
            + number
            + ", behind row "
            + row
            + ": "
            + DamageText.of(e),
        e);
  }

  @Override
  public void close() throws IOException {
    streams.close();
  }
}
