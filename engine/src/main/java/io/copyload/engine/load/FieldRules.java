package io.copyload.engine.load;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Changes which fields of a batch are NULL, as the {@link TargetColumn.Rule}s of their columns ask.
 * Threads: any.
 */
final class FieldRules {
  private final boolean[] forceNotNull;
  private final boolean[] forceNull;
  private final boolean[] skipped;
  private final boolean[] hasDefault;
  private final byte[] nullMarker;

  private static final Set<TargetColumn.Rule> IDENTITY_ONLY = Set.of(TargetColumn.Rule.IDENTITY);

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
    hasDefault = hasDefault(plan);
    nullMarker = format.nullMarker().getBytes(StandardCharsets.UTF_8);
  }

  /** The rules of a load, or null when no column has one. */
  static FieldRules of(LoadPlan plan) {
    boolean any = false;
    for (TargetColumn column : plan.columns()) {
      any |= !column.rules().isEmpty() && !column.rules().equals(IDENTITY_ONLY);
    }
    return any && plan.format() instanceof DelimitedSpec format
        ? new FieldRules(plan, format)
        : null;
  }

  /** For each field, whether its column has a default that a marker may ask for. */
  static boolean[] hasDefault(LoadPlan plan) {
    boolean[] hasDefault = new boolean[plan.columns().size()];
    for (int f = 0; f < hasDefault.length; f++) {
      hasDefault[f] = plan.columns().get(f).has(TargetColumn.Rule.HAS_DEFAULT);
    }
    return hasDefault;
  }

  /** To be called between cutting and converting. */
  void apply(RecordBatch batch) {
    for (int f = 0; f < batch.fieldCount; f++) {
      if (skipped[f]) {
        skip(batch, f);
      } else if (forceNotNull[f] || forceNull[f]) {
        force(batch, f);
      }
    }
  }

  /** Says in the vectors which rows ask for the default of their column. */
  void markDefaults(RecordBatch batch, ColumnVector[] vectors) {
    for (int f = 0; f < batch.fieldCount; f++) {
      if (!hasDefault[f]) {
        continue;
      }
      boolean[] defaults = vectors[f].defaults();
      for (int r = 0; r < batch.recordCount; r++) {
        defaults[r] = batch.end[f][r] == RecordBatch.DEFAULT;
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
