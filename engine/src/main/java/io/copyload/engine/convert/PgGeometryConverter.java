package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.util.Arrays;

/** Binary geometries, PostGIS's and others': EWKB. */
final class PgGeometryConverter implements FieldConverter {
  private final TargetType type;
  private final ForeignTypes parser;

  PgGeometryConverter(TargetType type, ForeignTypes parser) {
    this.type = type;
    this.parser = parser;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    out.useHeap();
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      out.nulls[r] = true;
      if (end[r] < 0) {
        continue;
      }
      try {
        byte[] value = parser.geometry(type, Arrays.copyOfRange(batch.bytes, begin[r], end[r]));
        out.append(r, value, 0, value.length);
        out.nulls[r] = false;
      } catch (IllegalArgumentException e) {
        rejects.reject(
            r,
            RejectReason.INVALID_GEOMETRY,
            "invalid input syntax for type geometry",
            e.getMessage(),
            null,
            null);
      }
    }
  }
}
