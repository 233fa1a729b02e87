package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A cast through the text of each value, by the converter of the target type: every pair of types
 * that has no way of its own. Text is taken as it is.
 */
final class TextCast implements VectorCast {
  /** Longer dictionaries are not cast as a whole: most of their entries may not be used. */
  private static final int MAX_ENTRIES = 1 << 16;

  /** Whether the bytes of a value are what the converter reads. */
  private final boolean raw;

  private final FieldConverter converter;
  private final RecordBatch batch;
  private final ColumnVector out;
  private final TargetType to;
  private byte[] texts = new byte[1024];

  /** The dictionary that was met last, and its entries cast; null when one cannot be. */
  private ColumnVector dictionary;

  private ColumnVector entriesCast;

  TextCast(TargetType from, TargetType to, int capacity, ConversionSpec spec) {
    boolean binary =
        switch (from.kind()) {
          case BINARY, VARBINARY, BLOB -> true;
          default -> false;
        };
    raw = binary || from.kind().isCharacter() || from.kind() == TargetType.Kind.JSON;
    converter =
        binary
            ? Converters.ofPgBinary(to, spec)
            : from.kind() == TargetType.Kind.JSON
                ? Converters.ofJson(to, spec, null)
                : Converters.of(to, spec);
    batch = new RecordBatch(1, capacity);
    out = new ColumnVector(to, capacity);
    this.to = to;
  }

  @Override
  public ColumnVector cast(ColumnVector vector, int count, FieldRejects rejects) {
    ColumnVector entries = vector.dictionary();
    if (entries != null && raw && entries.capacity() <= MAX_ENTRIES) {
      if (entries != dictionary) {
        dictionary = entries;
        entriesCast = castEntries(entries);
      }
      if (entriesCast != null) {
        gather(vector, count);
        return out;
      }
    }
    cast(batch, vector, count, out, rejects);
    return out;
  }

  /** Casts the entries of a dictionary; null when not all of them can be. */
  private ColumnVector castEntries(ColumnVector entries) {
    int count = entries.capacity();
    ColumnVector made = new ColumnVector(to, count);
    boolean[] bad = new boolean[1];
    cast(
        new RecordBatch(1, count),
        entries,
        count,
        made,
        new FieldRejects() {
          @Override
          public void reject(
              int record,
              RejectReason reason,
              String message,
              String detail,
              String hint,
              String context) {
            bad[0] = true;
          }

          @Override
          public void replaced(int record) {
            bad[0] = true;
          }
        });
    for (int i = 0; i < count; i++) {
      bad[0] |= made.nulls[i];
    }
    if (entries.isAscii()) {
      made.setAscii();
    }
    return bad[0] ? null : made;
  }

  private void gather(ColumnVector vector, int count) {
    ColumnVector cast = entriesCast;
    int[] entries = vector.entries();
    System.arraycopy(vector.nulls, 0, out.nulls, 0, count);
    for (int lane = 0; lane < out.lanes.length; lane++) {
      for (int r = 0; r < count; r++) {
        out.lanes[lane][r] = out.nulls[r] ? 0 : cast.lanes[lane][entries[r]];
      }
    }
    if (out.begin == null) {
      return;
    }
    for (int r = 0; r < count; r++) {
      if (!out.nulls[r]) {
        out.begin[r] = cast.begin[entries[r]];
        out.length[r] = cast.length[entries[r]];
      }
    }
    out.pointTo(cast, entries);
  }

  private void cast(
      RecordBatch batch, ColumnVector vector, int count, ColumnVector out, FieldRejects rejects) {
    batch.recordCount = count;
    batch.nonAscii = !(raw && vector.isAscii());
    int[] begin = batch.begin[0];
    int[] end = batch.end[0];
    int size = 0;
    for (int r = 0; r < count; r++) {
      if (vector.nulls[r]) {
        end[r] = RecordBatch.NULL;
      } else if (raw) {
        begin[r] = vector.begin[r];
        end[r] = begin[r] + vector.length[r];
      } else {
        byte[] text = ValueWords.of(vector, r).getBytes(StandardCharsets.UTF_8);
        if (texts.length - size < text.length) {
          texts = Arrays.copyOf(texts, Math.max(size + text.length, texts.length * 2));
        }
        System.arraycopy(text, 0, texts, size, text.length);
        begin[r] = size;
        size += text.length;
        end[r] = size;
      }
      batch.recordBegin[r] = Math.max(0, begin[r]);
      batch.recordEnd[r] = Math.max(0, end[r]);
    }
    batch.bytes = raw ? vector.bytes : texts;
    converter.convert(batch, 0, out, rejects);
  }
}
