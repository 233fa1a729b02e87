package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * Columns that no text can fill; loads into them are refused when they are planned, so this is the
 * second line.
 */
final class RefusingConverter implements FieldConverter {
  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      out.nulls[r] = true;
      if (batch.end[field][r] >= 0) {
        rejects.reject(
            r,
            RejectReason.INVALID_TEXT,
            "a column of this type cannot be loaded from text",
            null,
            null,
            null);
      }
    }
  }
}
