package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;

/** JSON and GEOMETRY, whose texts the host database parses. */
final class ForeignConverter implements FieldConverter {
  private final TargetType type;
  private final ForeignTypes parser;
  private final JsonSyntax syntax = new JsonSyntax();

  ForeignConverter(TargetType type, ForeignTypes parser) {
    this.type = type;
    this.parser = parser;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean json = type.kind() == TargetType.Kind.JSON;
    out.useHeap();
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      out.nulls[r] = true;
      if (end[r] < 0) {
        continue;
      }
      String wrong = json ? syntax.check(batch.bytes, begin[r], end[r]) : null;
      if (wrong != null) {
        rejects.reject(
            r,
            RejectReason.INVALID_JSON,
            "invalid input syntax for type json",
            wrong,
            null,
            syntax.context());
        continue;
      }
      try {
        byte[] value = parser.parse(type, batch.bytes, begin[r], end[r]);
        out.append(r, value, 0, value.length);
        out.nulls[r] = false;
      } catch (IllegalArgumentException e) {
        rejects.reject(
            r,
            json ? RejectReason.INVALID_JSON : RejectReason.INVALID_GEOMETRY,
            "invalid input syntax for type " + (json ? "json" : "geometry"),
            e.getMessage(),
            null,
            null);
      }
    }
  }
}
