package io.copyload.engine.store;

import io.copyload.engine.store.encoding.BlockCodec;
import io.copyload.engine.store.encoding.ByteStringEncoder;
import io.copyload.engine.store.encoding.ChunkOutput;
import io.copyload.engine.store.encoding.LaneEncoder;
import io.copyload.engine.store.encoding.NamedLaneEncoder;
import java.util.Arrays;

/**
 * A column of lanes. NULL rows repeat the value before them, so that they neither widen the range
 * nor break a run.
 *
 * <p>Smallest and largest are tracked in the order of the values: raw bits of floating-point
 * numbers are compared after inverting the magnitude of negative ones, which gives the order of
 * {@code Double.compare} but for NaNs, which come out beyond the infinities.
 */
final class LaneColumnBuilder extends ColumnBuilder {
  private final TargetType.Kind kind;
  private final long[][] lanes;
  private final long[] min;
  private final long[] max;

  /** Bits of lane 0 to invert where it is negative. */
  private final long orderMask;

  /** Null where the values decide. */
  private final ColumnEncoding encoding;

  LaneColumnBuilder(TargetType type, ColumnEncoding encoding) {
    this.encoding = encoding;
    kind = type.kind();
    lanes = new long[type.laneCount()][FIRST_ROWS];
    min = new long[lanes.length];
    max = new long[lanes.length];
    orderMask =
        switch (kind) {
          case DOUBLE -> Long.MAX_VALUE;
          case REAL -> Integer.MAX_VALUE;
          default -> 0;
        };
    resetBounds();
  }

  private void resetBounds() {
    Arrays.fill(min, Long.MAX_VALUE);
    Arrays.fill(max, Long.MIN_VALUE);
  }

  @Override
  int laneCount() {
    return lanes.length;
  }

  @Override
  void append(ColumnVector vector, int[] selection, int from, int to) {
    int end = rowCount + to - from;
    if (lanes[0].length < end) {
      int length = grown(lanes[0].length, end);
      for (int lane = 0; lane < lanes.length; lane++) {
        lanes[lane] = Arrays.copyOf(lanes[lane], length);
      }
    }
    if (selection == null) {
      if (hasNoNulls(vector.nulls, from, to)) {
        for (int lane = 0; lane < lanes.length; lane++) {
          System.arraycopy(vector.lanes[lane], from, lanes[lane], rowCount, to - from);
          widen(lane, rowCount, end);
        }
      } else {
        appendNullable(vector, from, to);
      }
    } else if (hasNoNulls(vector.nulls, selection[from], selection[to - 1] + 1)) {
      for (int lane = 0; lane < lanes.length; lane++) {
        long[] source = vector.lanes[lane];
        long[] target = lanes[lane];
        for (int i = from, row = rowCount; i < to; i++, row++) {
          target[row] = source[selection[i]];
        }
        widen(lane, rowCount, end);
      }
    } else {
      appendNullable(vector, selection, from, to);
    }
    rowCount = end;
  }

  private void appendNullable(ColumnVector vector, int from, int to) {
    boolean[] nulls = vector.nulls;
    nullBits(rowCount + to - from);
    for (int i = from, row = rowCount; i < to; i++, row++) {
      if (nulls[i]) {
        setNull(row);
      }
    }
    for (int lane = 0; lane < lanes.length; lane++) {
      long[] source = vector.lanes[lane];
      long[] target = lanes[lane];
      long last = rowCount == 0 ? 0 : target[rowCount - 1];
      for (int i = from, row = rowCount; i < to; i++, row++) {
        last = nulls[i] ? last : source[i];
        target[row] = last;
      }
      widenPresent(lane, rowCount, rowCount + to - from);
    }
  }

  private void appendNullable(ColumnVector vector, int[] selection, int from, int to) {
    boolean[] nulls = vector.nulls;
    nullBits(rowCount + to - from);
    for (int i = from, row = rowCount; i < to; i++, row++) {
      if (nulls[selection[i]]) {
        setNull(row);
      }
    }
    for (int lane = 0; lane < lanes.length; lane++) {
      long[] source = vector.lanes[lane];
      long[] target = lanes[lane];
      long last = rowCount == 0 ? 0 : target[rowCount - 1];
      for (int i = from, row = rowCount; i < to; i++, row++) {
        int selected = selection[i];
        last = nulls[selected] ? last : source[selected];
        target[row] = last;
      }
      widenPresent(lane, rowCount, rowCount + to - from);
    }
  }

  private void widen(int lane, int begin, int end) {
    long[] values = lanes[lane];
    long mask = lane == 0 ? orderMask : 0;
    long lo = min[lane];
    long hi = max[lane];
    for (int i = begin; i < end; i++) {
      long value = values[i];
      value ^= value >> 63 & mask;
      lo = Math.min(lo, value);
      hi = Math.max(hi, value);
    }
    min[lane] = lo;
    max[lane] = hi;
  }

  /** Leaves out NULL rows at the start, whose filler is no value of the column. */
  private void widenPresent(int lane, int begin, int end) {
    int first = begin;
    if (min[lane] > max[lane]) {
      while (first < end && isNull(first)) {
        first++;
      }
    }
    widen(lane, first, end);
  }

  @Override
  long heapBytes() {
    return (long) rowCount * Long.BYTES * lanes.length;
  }

  @Override
  void encode(LaneEncoder encoder, ByteStringEncoder byteStrings, ChunkOutput out) {
    int leading = 0;
    while (isNull(leading)) {
      leading++;
    }
    for (int lane = 0; lane < lanes.length; lane++) {
      long[] values = lanes[lane];
      Arrays.fill(values, 0, leading, values[leading]);
      if (encoding != null) {
        encodeAsAsked(new NamedLaneEncoder(encoder), values, lane, out);
        continue;
      }
      switch (kind) {
        case DOUBLE -> encoder.encodeDoubles(values, rowCount, out);
        case REAL -> encoder.encodeFloats(values, rowCount, out);
        default -> encoder.encode(values, rowCount, min[lane], max[lane], out);
      }
    }
  }

  private void encodeAsAsked(NamedLaneEncoder named, long[] values, int lane, ChunkOutput out) {
    switch (encoding) {
      case RAW, TEXT255, TEXT32K -> named.raw(values, rowCount, rawBits(lane), out);
      case AZ64 -> named.bitPacked(values, rowCount, out);
      case BYTEDICT -> named.byteDictionary(values, rowCount, out);
      case DELTA -> named.differences(values, rowCount, Byte.SIZE, out);
      case DELTA32K -> named.differences(values, rowCount, Short.SIZE, out);
      case LZO -> named.compressed(BlockCodec.LZO, values, rowCount, rawBits(lane), out);
      case MOSTLY8 -> named.mostly(values, rowCount, Byte.SIZE, out);
      case MOSTLY16 -> named.mostly(values, rowCount, Short.SIZE, out);
      case MOSTLY32 -> named.mostly(values, rowCount, Integer.SIZE, out);
      case RUNLENGTH -> named.runs(values, rowCount, out);
      case ZSTD -> named.compressed(BlockCodec.ZSTD, values, rowCount, rawBits(lane), out);
    }
  }

  /** Width of the values by their type. */
  private int rawBits(int lane) {
    return switch (kind) {
      case BOOLEAN, TINYINT -> Byte.SIZE;
      case SMALLINT -> Short.SIZE;
      case INTEGER, REAL, DATE -> Integer.SIZE;
      case TIMESTAMP, TIMESTAMP_TZ -> lane == 1 ? Long.SIZE : Integer.SIZE;
      default -> Long.SIZE;
    };
  }

  @Override
  int version() {
    return encoding == null ? 1 : ColumnChunk.VERSION;
  }

  @Override
  ChunkInfo info(ChunkOutput out) {
    boolean zone =
        switch (kind) {
          case DOUBLE ->
              min[0] >= order(Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY))
                  && max[0] <= order(Double.doubleToRawLongBits(Double.POSITIVE_INFINITY));
          case REAL ->
              min[0] >= order(Float.floatToRawIntBits(Float.NEGATIVE_INFINITY))
                  && max[0] <= order(Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
          case TIMESTAMP, UUID -> true;
          default -> lanes.length == 1;
        };
    return new ChunkInfo(
        out.partCount(),
        out.byteCount(),
        out.checksum(),
        nullCount,
        zone,
        zone ? order(min[0]) : 0,
        zone ? order(max[0]) : 0,
        null,
        null);
  }

  /** From bits to order and back. */
  private long order(long bits) {
    return bits ^ bits >> 63 & orderMask;
  }

  @Override
  void clear(long keepBytes) {
    super.clear(keepBytes);
    resetBounds();
  }
}
