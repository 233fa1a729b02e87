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
  /** Whether the bytes of a value are what the converter reads. */
  private final boolean raw;

  private final FieldConverter converter;
  private final RecordBatch batch;
  private final ColumnVector out;
  private byte[] texts = new byte[1024];

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
  }

  @Override
  public ColumnVector cast(ColumnVector vector, int count, FieldRejects rejects) {
    batch.recordCount = count;
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
    return out;
  }
}
