package io.copyload.engine.h2;

import io.copyload.engine.export.ExportColumn;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.ValueText;
import io.copyload.engine.load.RowText;
import io.copyload.engine.store.ColumnVector;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.StringJoiner;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueNull;

/**
 * PostgreSQL's text of a row that a constraint refuses: the values of all columns as COPY TO shows
 * them, each cut to 64 bytes. A column that the COPY leaves out shows its default, if that is the
 * same for all rows.
 */
final class FailingRowText implements RowText {
  private static final int MAX_BYTES = 64;
  private static final String NULL = "null";

  private final ZoneId zone;
  private final ValueCodec[] codecs;

  /** Number of the load's field that fills a column, -1 for none. */
  private final int[] fields;

  private final String[] defaults;

  FailingRowText(SessionLocal session, Table table, List<Column> loaded) {
    Column[] columns = table.getColumns();
    zone = CopyExecutor.zone(session);
    codecs = new ValueCodec[columns.length];
    fields = new int[columns.length];
    defaults = new String[columns.length];
    for (int i = 0; i < columns.length; i++) {
      codecs[i] = ValueCodec.of(columns[i].getType(), session);
      fields[i] = loaded.indexOf(columns[i]);
      defaults[i] = fields[i] < 0 ? ofDefault(session, columns[i], codecs[i]) : null;
    }
  }

  private String ofDefault(SessionLocal session, Column column, ValueCodec codec) {
    if (column.isGenerated()
        || column.getSequence() != null
        || !DeferredColumns.isConstant(column.getEffectiveDefaultExpression())) {
      return NULL;
    }
    try {
      return text(
          codec,
          DeferredColumns.evaluated(session, column)
              .convertForAssignTo(column.getType(), session, column.getName()));
    } catch (DbException e) {
      return NULL;
    }
  }

  @Override
  public String failingRow(ColumnVector[] vectors, int row) {
    StringJoiner values = joiner();
    for (int i = 0; i < codecs.length; i++) {
      values.add(fields[i] < 0 ? defaults[i] : text(vectors[fields[i]], row));
    }
    return values.toString();
  }

  /** The text of a row whose values have the columns' types, or are missing. */
  String of(Row row) {
    StringJoiner values = joiner();
    for (int i = 0; i < codecs.length; i++) {
      values.add(text(codecs[i], row.getValue(i)));
    }
    return values.toString();
  }

  private static StringJoiner joiner() {
    return new StringJoiner(", ", "Failing row contains (", ").");
  }

  private String text(ValueCodec codec, Value value) {
    if (value == null || value == ValueNull.INSTANCE) {
      return NULL;
    }
    ColumnVector vector = new ColumnVector(codec.targetType(), 1);
    vector.useHeap();
    codec.write(value, vector, 0);
    return text(vector, 0);
  }

  private String text(ColumnVector vector, int row) {
    if (vector.nulls[row]) {
      return NULL;
    }
    OutputBuffer out = new OutputBuffer(128);
    ValueText.of(vector.type(), zone, true).append(ExportColumn.of(vector), row, out);
    int end = out.size;
    if (end > MAX_BYTES) {
      end = MAX_BYTES;
      while ((out.bytes[end] & 0xc0) == 0x80) {
        end--;
      }
    }
    String text = new String(out.bytes, 0, end, StandardCharsets.UTF_8);
    return end < out.size ? text + "..." : text;
  }
}
