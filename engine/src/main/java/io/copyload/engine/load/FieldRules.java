package io.copyload.engine.load;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.RecordBatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Changes which fields of a batch are NULL, as the {@link TargetColumn.Rule}s of their columns ask.
 * To be applied between cutting and converting. Threads: any.
 */
final class FieldRules {
  private final boolean[] forceNotNull;
  private final boolean[] forceNull;
  private final boolean[] skipped;
  private final byte[] nullMarker;

  private FieldRules(LoadPlan plan, DelimitedSpec format) {
    int count = plan.columns().size();
    forceNotNull = new boolean[count];
    forceNull = new boolean[count];
    skipped = new boolean[count];
    for (int f = 0; f < count; f++) {
      TargetColumn column = plan.columns().get(f);
      forceNotNull[f] = column.has(TargetColumn.Rule.FORCE_NOT_NULL);
      forceNull[f] = column.has(TargetColumn.Rule.FORCE_NULL);
      skipped[f] = column.has(TargetColumn.Rule.SKIPPED);
    }
    nullMarker = format.nullMarker().getBytes(StandardCharsets.UTF_8);
  }

  /** The rules of a load, or null when no column has one. */
  static FieldRules of(LoadPlan plan) {
    boolean any = false;
    for (TargetColumn column : plan.columns()) {
      any |= !column.rules().isEmpty();
    }
    return any && plan.format() instanceof DelimitedSpec format
        ? new FieldRules(plan, format)
        : null;
  }

  void apply(RecordBatch batch) {
    for (int f = 0; f < batch.fieldCount; f++) {
      if (skipped[f]) {
        skip(batch, f);
      } else if (forceNotNull[f] || forceNull[f]) {
        force(batch, f);
      }
    }
  }

  private static void skip(RecordBatch batch, int f) {
    int[] end = batch.end[f];
    for (int r = 0; r < batch.recordCount; r++) {
      if (end[r] != RecordBatch.MISSING) {
        end[r] = RecordBatch.NULL;
      }
    }
  }

  /** A marker without quotes is NULL already; one that is not must have had quotes. */
  private void force(RecordBatch batch, int f) {
    int[] begin = batch.begin[f];
    int[] end = batch.end[f];
    int length = nullMarker.length;
    for (int r = 0; r < batch.recordCount; r++) {
      if (end[r] == RecordBatch.NULL) {
        if (forceNotNull[f]) {
          end[r] = begin[r] + length;
        }
      } else if (forceNull[f]
          && end[r] - begin[r] == length
          && Arrays.equals(batch.bytes, begin[r], end[r], nullMarker, 0, length)) {
        end[r] = RecordBatch.NULL;
      }
    }
  }
}
