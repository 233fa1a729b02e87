package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * CHAR, VARCHAR, VARCHAR_IGNORECASE, CLOB: values are the batch's own bytes, not copied.
 *
 * <p>The limit counts characters as H2 does, in UTF-16 code units. Excess spaces are cut silently,
 * anything else that is too long is refused (PostgreSQL, SQL standard). CHAR loses its trailing
 * spaces, as H2 stores it. That the bytes are UTF-8 has been checked before.
 */
final class CharacterConverter implements FieldConverter {
  private final String typeName;
  private final long limit;
  private final boolean strip;
  private final Complaint complaint = new Complaint();

  /**
   * @param typeName PostgreSQL's name without the length
   * @param limit in characters; -1 is none
   * @param strip whether trailing spaces do not count
   */
  CharacterConverter(String typeName, long limit, boolean strip) {
    this.typeName = typeName;
    this.limit = limit;
    this.strip = strip;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    int[] outBegin = out.begin;
    int[] outLength = out.length;
    int fits = limit < 0 || limit > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) limit;
    boolean trim = strip;
    out.pointTo(bytes);
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      int b = begin[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      if (trim) {
        while (e > b && bytes[e - 1] == ' ') {
          e--;
        }
      }
      // No value has more UTF-16 units than UTF-8 bytes.
      if (e - b > fits) {
        e = cut(bytes, b, e, fits);
        if (e < 0) {
          nulls[r] = true;
          complaint.set(
              RejectReason.TOO_LONG, "value too long for type " + typeName + "(" + limit + ")");
          complaint.report(r, rejects);
          continue;
        }
      }
      nulls[r] = false;
      outBegin[r] = b;
      outLength[r] = e - b;
    }
  }

  /** End of the value cut to {@code limit} UTF-16 units, or -1 when more than spaces would go. */
  static int cut(byte[] bytes, int begin, int end, int limit) {
    int units = 0;
    for (int i = begin; i < end; i++) {
      int c = bytes[i];
      if (c >= (byte) 0xc0) {
        units += c >= (byte) 0xf0 && c < 0 ? 2 : 1;
        if (units > limit) {
          for (int k = i; k < end; k++) {
            if (bytes[k] != ' ') {
              return -1;
            }
          }
          return i;
        }
      }
    }
    return end;
  }
}
