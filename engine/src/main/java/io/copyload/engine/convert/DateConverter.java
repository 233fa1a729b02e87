package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/** DATE: {@code YYYY-MM-DD} by position, PostgreSQL's other syntaxes by {@link DateTimeText}. */
final class DateConverter implements FieldConverter {
  private final DateTimeText text;
  private final Complaint complaint = new Complaint();

  DateConverter(DateTimeText text) {
    this.text = text;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    long[] lane = out.lanes[0];
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int b = begin[r];
      if (e - b == IsoDateTime.DATE_LENGTH) {
        long day = IsoDateTime.day(bytes, b);
        if (day != IsoDateTime.UNDECIDED) {
          nulls[r] = false;
          lane[r] = day;
          continue;
        }
      }
      if (text.parseDate(bytes, b, e, complaint)) {
        nulls[r] = false;
        lane[r] = text.day();
      } else {
        nulls[r] = true;
        complaint.report(r, rejects);
      }
    }
  }
}
