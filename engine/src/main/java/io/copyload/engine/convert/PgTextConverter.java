package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.delimited.Utf8Validation;
import io.copyload.engine.store.ColumnVector;

/**
 * PostgreSQL's binary values that are texts: checks the encoding, then leaves the text to the
 * type's own converter. Delimited text has been checked when it comes to a converter; this has not.
 *
 * <p>A JSON value may have the form of json, plain text, or of jsonb, text behind a version: no
 * JSON text begins with one of the control characters that versions are.
 */
final class PgTextConverter implements FieldConverter {
  private static final int JSONB_VERSION = 1;

  private final FieldConverter text;
  private final boolean json;
  private final Complaint complaint = new Complaint();

  PgTextConverter(FieldConverter text, boolean json) {
    this.text = text;
    this.json = json;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      if (end[r] < 0) {
        continue;
      }
      if (json && !skipVersion(batch.bytes, begin, end, r)) {
        end[r] = RecordBatch.NULL;
        complaint.report(r, rejects);
        continue;
      }
      int bad = Utf8Validation.firstInvalid(batch.bytes, begin[r], end[r], true);
      if (bad >= 0) {
        complaint.set(
            RejectReason.INVALID_ENCODING,
            "invalid byte sequence for encoding \"UTF8\": "
                + Utf8Validation.describe(batch.bytes, bad, end[r]));
        end[r] = RecordBatch.NULL;
        complaint.report(r, rejects);
      }
    }
    text.convert(batch, field, out, rejects);
  }

  private boolean skipVersion(byte[] bytes, int[] begin, int[] end, int row) {
    int b = begin[row];
    if (b == end[row] || bytes[b] <= 0 || bytes[b] > 8) {
      return true;
    }
    if (bytes[b] != JSONB_VERSION) {
      return complaint.set(
          RejectReason.UNKNOWN_VERSION, "unsupported jsonb version number " + bytes[b]);
    }
    begin[row]++;
    return true;
  }
}
