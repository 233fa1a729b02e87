package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** PostGIS's binary geometries, which are EWKB; read as their hexadecimal text. */
final class PgGeometryConverter implements FieldConverter {
  private final FieldConverter text;
  private final RecordBatch hex = new RecordBatch(1, 1);
  private final ColumnVector value;

  PgGeometryConverter(TargetType type, FieldConverter text) {
    this.text = text;
    value = new ColumnVector(type, 1);
    hex.recordCount = 1;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    out.useHeap();
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      out.nulls[r] = end[r] < 0;
      if (end[r] < 0) {
        continue;
      }
      String digits = HexFormat.of().formatHex(batch.bytes, begin[r], end[r]);
      hex.bytes = digits.getBytes(StandardCharsets.US_ASCII);
      hex.begin[0][0] = 0;
      hex.end[0][0] = hex.bytes.length;
      int record = r;
      text.convert(
          hex,
          0,
          value,
          (ignored, reason, message, detail, hint, context) ->
              rejects.reject(record, reason, message, detail, hint, context));
      out.nulls[r] = value.nulls[0];
      if (!value.nulls[0]) {
        out.append(r, value.bytes, value.begin[0], value.length[0]);
      }
    }
  }
}
