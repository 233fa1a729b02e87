package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * Turns one field of every record of a batch into the values of one column. Chosen once per column
 * and load; holds scratch state, so every slice has its own.
 *
 * <p>For each record it sets the row's null flag and value in {@code out}. A field marked NULL,
 * DEFAULT or MISSING becomes a NULL row; what that means is decided by the caller. A field that
 * does not fit the type is reported to {@code rejects} and becomes a NULL row. Never throws for bad
 * input.
 */
public interface FieldConverter {
  void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects);
}
