package io.copyload.engine.store;

import io.copyload.engine.store.encoding.ByteStringEncoder;
import io.copyload.engine.store.encoding.ChunkOutput;
import io.copyload.engine.store.encoding.LaneEncoder;

/** Measures what a column takes in an encoding, by encoding it. Threads: one owner. */
public final class EncodedSize {
  private final LaneEncoder lanes = new LaneEncoder();
  private final ByteStringEncoder byteStrings = new ByteStringEncoder(lanes);
  private final ChunkOutput out = new ChunkOutput(StoredValue.PART_BYTES);

  /**
   * Bytes of a chunk of the first {@code count} rows, at least one and at most {@link
   * RowGroupWriter#MAX_ROWS}.
   *
   * @param encoding null for what the values decide
   */
  public long of(TargetType type, ColumnVector values, int count, ColumnEncoding encoding) {
    ColumnBuilder builder = ColumnBuilder.of(type, encoding);
    builder.append(values, null, 0, count);
    out.begin((part, bytes) -> {});
    ColumnChunk.write(builder, lanes, byteStrings, out);
    return out.byteCount();
  }
}
