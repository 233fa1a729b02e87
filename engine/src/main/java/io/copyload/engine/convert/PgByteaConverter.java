package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * PostgreSQL's binary bytea: the bytes as they are, not copied. The limit counts bytes; BINARY(n)
 * is padded with zeros.
 */
final class PgByteaConverter implements FieldConverter {
  private final String typeName;
  private final long limit;
  private final boolean pad;
  private final Complaint complaint = new Complaint();

  /**
   * @param limit in bytes; -1 is none
   */
  PgByteaConverter(String typeName, long limit, boolean pad) {
    this.typeName = typeName;
    this.limit = limit;
    this.pad = pad && limit >= 0;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    if (pad) {
      out.useHeap();
    } else {
      out.pointTo(batch.bytes);
    }
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int count = end[r] - begin[r];
      nulls[r] = end[r] < 0 || (limit >= 0 && count > limit);
      if (end[r] < 0) {
        continue;
      }
      if (nulls[r]) {
        complaint.set(
            RejectReason.TOO_LONG, "value too long for type " + typeName + "(" + limit + ")");
        complaint.report(r, rejects);
      } else if (pad) {
        byte[] heap = out.reserve((int) limit);
        int at = out.heapSize();
        System.arraycopy(batch.bytes, begin[r], heap, at, count);
        java.util.Arrays.fill(heap, at + count, at + (int) limit, (byte) 0);
        out.commit(r, (int) limit);
      } else {
        out.begin[r] = begin[r];
        out.length[r] = count;
      }
    }
  }
}
