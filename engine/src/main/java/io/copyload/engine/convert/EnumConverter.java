package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** ENUM: a label, exactly as declared; its value is its place from 1. */
final class EnumConverter implements FieldConverter {
  private final byte[][] labels;

  /** Numbers of labels by hash of their bytes; 0 is none. Open addressing, at most half full. */
  private final int[] table;

  /** What a message begins with; it has the name of the domain that stands for a type. */
  private final String complaintStart;

  private final Complaint complaint = new Complaint();

  EnumConverter(List<String> names, String domain) {
    complaintStart = "invalid input value for enum" + (domain == null ? "" : " " + domain) + ": \"";
    labels = new byte[names.size()][];
    table = new int[Integer.highestOneBit(Math.max(1, names.size())) * 4];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = names.get(i).getBytes(StandardCharsets.UTF_8);
      int slot = hash(labels[i], 0, labels[i].length);
      while (table[slot] != 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = i + 1;
    }
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
      int found = find(bytes, begin[r], e);
      nulls[r] = found == 0;
      lane[r] = found;
      if (found == 0) {
        complaint.set(
            RejectReason.INVALID_ENUM, complaintStart + Complaint.text(bytes, begin[r], e) + "\"");
        complaint.report(r, rejects);
      }
    }
  }

  private int find(byte[] bytes, int begin, int end) {
    for (int slot = hash(bytes, begin, end);
        table[slot] != 0;
        slot = (slot + 1) & (table.length - 1)) {
      byte[] label = labels[table[slot] - 1];
      if (Arrays.equals(label, 0, label.length, bytes, begin, end)) {
        return table[slot];
      }
    }
    return 0;
  }

  private int hash(byte[] bytes, int begin, int end) {
    int hash = 0;
    for (int i = begin; i < end; i++) {
      hash = hash * 31 + bytes[i];
    }
    hash ^= hash >>> 15;
    return hash & (table.length - 1);
  }
}
