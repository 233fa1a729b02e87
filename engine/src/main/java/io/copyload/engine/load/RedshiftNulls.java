package io.copyload.engine.load;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.RedshiftRules;
import io.copyload.engine.store.TargetType;

/**
 * Redshift's rules about fields without content: an empty or blank one of a type other than CHAR
 * and VARCHAR is NULL, one of those types with EMPTYASNULL and BLANKSASNULL. Threads: any.
 */
final class RedshiftNulls {
  private final boolean[] emptyIsNull;
  private final boolean[] blankIsNull;
  private final boolean[] fillsWithEmpty;
  private final boolean any;
  private final boolean fill;

  private RedshiftNulls(LoadPlan plan, DelimitedSpec format) {
    int count = plan.columns().size();
    RedshiftRules rules = format.redshift();
    emptyIsNull = new boolean[count];
    blankIsNull = new boolean[count];
    fillsWithEmpty = new boolean[count];
    fill = rules.fillRecord();
    boolean some = false;
    for (int f = 0; f < count; f++) {
      TargetType.Kind kind = plan.columns().get(f).type().kind();
      boolean text = kind.isCharacter();
      boolean value = !text && format.emptyIsNullForNonText();
      emptyIsNull[f] = value || (text && rules.emptyAsNull());
      blankIsNull[f] = value || (text && rules.blanksAsNull());
      fillsWithEmpty[f] = text && kind != TargetType.Kind.CHAR && !rules.emptyAsNull();
      some |= emptyIsNull[f] || blankIsNull[f];
    }
    any = some;
  }

  /** The rules of a load, or null where there are none. */
  static RedshiftNulls of(LoadPlan plan, DelimitedSpec format) {
    RedshiftNulls rules = new RedshiftNulls(plan, format);
    return rules.any || rules.fill ? rules : null;
  }

  /** Whether records may lack fields at their end. */
  boolean fills() {
    return fill;
  }

  /** To be called between cutting and converting. */
  void apply(RecordBatch batch) {
    if (!any) {
      return;
    }
    byte[] b = batch.bytes;
    int n = batch.recordCount;
    for (int f = 0; f < batch.fieldCount; f++) {
      boolean empty = emptyIsNull[f];
      boolean blank = blankIsNull[f];
      if (!empty && !blank) {
        continue;
      }
      int[] begin = batch.begin[f];
      int[] end = batch.end[f];
      for (int r = 0; r < n; r++) {
        int e = end[r];
        if (e < 0) {
          continue;
        }
        int p = begin[r];
        if (p == e) {
          if (empty) {
            end[r] = RecordBatch.NULL;
          }
          continue;
        }
        while (blank && p < e && (b[p] == ' ' || (b[p] >= 9 && b[p] <= 13))) {
          p++;
        }
        if (p == e) {
          end[r] = RecordBatch.NULL;
        }
      }
    }
  }

  /** Fills the fields that records lack (FILLRECORD). */
  void fillMissing(RecordBatch batch) {
    for (int f = 0; f < batch.fieldCount; f++) {
      int[] end = batch.end[f];
      for (int r = 0; r < batch.recordCount; r++) {
        if (end[r] == RecordBatch.MISSING) {
          batch.begin[f][r] = 0;
          end[r] = fillsWithEmpty[f] ? 0 : RecordBatch.NULL;
        }
      }
    }
  }
}
