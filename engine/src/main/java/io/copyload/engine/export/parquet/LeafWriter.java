package io.copyload.engine.export.parquet;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.export.ExportColumn;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.ValueText;
import io.copyload.engine.export.parquet.ParquetColumn.Form;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.BitSet;

/**
 * Levels and values of one column for a page, as they lie in it without a dictionary. Threads: one.
 */
final class LeafWriter {
  private static final long NANOS_PER_DAY = 86_400_000_000_000L;

  private final ParquetColumn column;

  /** Type of the values as they come; its digits may differ from the column's. */
  private final TargetType given;

  private final ValueText printed;
  private final Runs repetitions = new Runs();
  private final Runs definitions = new Runs();
  private final OutputBuffer values = new OutputBuffer(1 << 12);
  private final OutputBuffer scratch = new OutputBuffer(64);

  private final int[] steps;

  /** One value of a nested column, in the layout of a column. */
  private final ColumnVector one;

  private final ExportColumn oneColumn;
  private int bits;
  private int bitCount;
  private int nullCount;

  LeafWriter(ParquetColumn column, TargetType type, ZoneId zone, boolean padsChar) {
    this.column = column;
    steps = column.steps().stream().mapToInt(Integer::intValue).toArray();
    TargetType leaf = type;
    for (int step : steps) {
      leaf = step == ParquetColumn.LIST ? leaf.element() : leaf.fields().get(step).type();
    }
    given = leaf;
    one = new ColumnVector(leaf, 1);
    oneColumn = ExportColumn.of(one);
    printed =
        column.form() == Form.PRINTED || !isAlike(leaf.kind(), column.type().kind())
            ? ValueText.of(leaf, zone, padsChar)
            : null;
  }

  private static boolean isAlike(Kind given, Kind written) {
    return given == written || given.isCharacter() && written.isCharacter();
  }

  /** Values and NULLs of the page. */
  int valueCount() {
    return definitions.count();
  }

  int nullCount() {
    return nullCount;
  }

  /** The values that are not NULL, PLAIN. */
  OutputBuffer values() {
    return values;
  }

  /** Appends the levels. */
  void writeLevels(OutputBuffer out) {
    if (column.maxRepetition() > 0) {
      repetitions.writeLevels(column.maxRepetition(), out);
    }
    definitions.writeLevels(column.maxDefinition(), out);
  }

  /** Takes some rows in place of those before. */
  void read(ExportColumn rows, int begin, int end, BitSet skipped) {
    repetitions.clear();
    definitions.clear();
    values.clear();
    bits = 0;
    bitCount = 0;
    nullCount = 0;
    for (int row = begin; row < end; row++) {
      if (skipped != null && skipped.get(row)) {
        continue;
      }
      if (rows.isNull(row)) {
        level(0, 0);
      } else if (steps.length == 0) {
        level(0, 1);
        value(rows, row);
      } else {
        part(rows.bytes(), rows.begin(row), rows.length(row), 0, 1, 0, 0);
      }
    }
    if (bitCount > 0) {
      values.put((byte) bits);
    }
  }

  private void level(int repetition, int definition) {
    repetitions.add(repetition);
    definitions.add(definition);
    if (definition < column.maxDefinition()) {
      nullCount++;
    }
  }

  /**
   * Writes what there is of the leaf in a part of a value.
   *
   * @param definition level at which the part is there
   * @param repetition level of its first value
   * @param lists how many lists lie around it
   */
  private void part(
      byte[] bytes, int begin, int length, int step, int definition, int repetition, int lists) {
    if (step == steps.length) {
      level(repetition, definition);
      single(bytes, begin, length);
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int count = in.getInt(begin);
    int at = begin + 4;
    if (steps[step] != ParquetColumn.LIST) {
      for (int i = 0; i < steps[step]; i++) {
        at += 4 + Math.max(0, in.getInt(at));
      }
      int fieldLength = in.getInt(at);
      if (fieldLength < 0) {
        level(repetition, definition);
      } else {
        part(bytes, at + 4, fieldLength, step + 1, definition + 1, repetition, lists);
      }
      return;
    }
    if (count == 0) {
      level(repetition, definition);
    }
    for (int i = 0; i < count; i++) {
      int elementLength = in.getInt(at);
      at += 4;
      int own = i == 0 ? repetition : lists + 1;
      if (elementLength < 0) {
        level(own, definition + 1);
      } else {
        part(bytes, at, elementLength, step + 1, definition + 2, own, lists + 1);
        at += elementLength;
      }
    }
  }

  private void single(byte[] bytes, int begin, int length) {
    if (one.type().isBytes()) {
      one.bytes = bytes;
      one.begin[0] = begin;
      one.length[0] = length;
    } else {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      for (int lane = 0; lane < one.lanes.length; lane++) {
        one.lanes[lane][0] = in.getLong(begin + 8 * lane);
      }
    }
    value(oneColumn, 0);
  }

  private void value(ExportColumn from, int row) {
    switch (column.form()) {
      case BOOLEAN -> {
        bits |= (int) from.lane(0, row) << bitCount++;
        if (bitCount == 8) {
          values.put((byte) bits);
          bits = 0;
          bitCount = 0;
        }
      }
      case INT32, FLOAT -> int32(from.lane(0, row));
      case INT64, DOUBLE -> int64(from.lane(0, row));
      case DATE -> {
        long day = from.lane(0, row);
        if (day != (int) day) {
          throw outOfRange("date", null);
        }
        int32(day);
      }
      case TIME -> int64(units(from.lane(0, row)));
      case TIME_TZ ->
          int64(
              units(
                  Math.floorMod(
                      from.lane(0, row) - from.lane(1, row) * 1_000_000_000L, NANOS_PER_DAY)));
      case TIMESTAMP -> int64(instant(from.lane(0, row), from.lane(1, row)));
      case TIMESTAMP_TZ ->
          int64(instant(from.lane(0, row), from.lane(1, row) - from.lane(2, row) * 1_000_000_000L));
      case DECIMAL32, DECIMAL64, DECIMAL128 -> decimal(from, row);
      case UUID -> {
        bigEndian(from.lane(0, row));
        bigEndian(from.lane(1, row));
      }
      case BYTES, TEXT, JSON -> {
        if (printed != null) {
          text(from, row);
        } else {
          int32(from.length(row));
          values.put(from.bytes(), from.begin(row), from.length(row));
        }
      }
      case PRINTED -> text(from, row);
    }
  }

  private void text(ExportColumn from, int row) {
    values.ensure(4);
    int at = values.size;
    values.size += 4;
    printed.append(from, row, values);
    int length = values.size - at - 4;
    for (int i = 0; i < 4; i++) {
      values.bytes[at + i] = (byte) (length >> 8 * i);
    }
  }

  private void decimal(ExportColumn from, int row) {
    if (given.kind() == Kind.NUMERIC
        && given.scale() == column.type().scale()
        && !given.isBytes()
        && column.form() != Form.DECIMAL128) {
      long unscaled = from.lane(0, row);
      if (column.form() == Form.DECIMAL32) {
        int32(unscaled);
      } else {
        int64(unscaled);
      }
      return;
    }
    BigDecimal value;
    if (given.kind() == Kind.NUMERIC) {
      value =
          given.isBytes()
              ? new BigDecimal(
                  new BigInteger(from.bytes(), from.begin(row), from.length(row)), given.scale())
              : BigDecimal.valueOf(from.lane(0, row), given.scale());
    } else {
      scratch.clear();
      printed.append(from, row, scratch);
      String text = new String(scratch.bytes, 0, scratch.size, StandardCharsets.US_ASCII);
      try {
        value = new BigDecimal(text);
      } catch (NumberFormatException e) {
        throw outOfRange("numeric", text);
      }
    }
    value = value.setScale(column.type().scale(), RoundingMode.HALF_UP);
    if (value.precision() > column.type().precision() && value.signum() != 0) {
      throw outOfRange("numeric", value.toPlainString());
    }
    BigInteger unscaled = value.unscaledValue();
    switch (column.form()) {
      case DECIMAL32 -> int32(unscaled.intValueExact());
      case DECIMAL64 -> int64(unscaled.longValueExact());
      default -> {
        bigEndian(unscaled.shiftRight(64).longValue());
        bigEndian(unscaled.longValue());
      }
    }
  }

  private long units(long nanos) {
    return column.nanos() ? nanos : nanos / 1000;
  }

  private long instant(long day, long nanos) {
    long unitsPerDay = column.nanos() ? NANOS_PER_DAY : NANOS_PER_DAY / 1000;
    long units = column.nanos() ? nanos : Math.floorDiv(nanos, 1000);
    try {
      return Math.addExact(Math.multiplyExact(day, unitsPerDay), units);
    } catch (ArithmeticException e) {
      // The product alone may overflow near the least value.
      BigInteger exact =
          BigInteger.valueOf(day)
              .multiply(BigInteger.valueOf(unitsPerDay))
              .add(BigInteger.valueOf(units));
      if (exact.bitLength() < 64) {
        return exact.longValue();
      }
      throw outOfRange("timestamp", null);
    }
  }

  private CopyException outOfRange(String what, String value) {
    boolean number = what.equals("numeric");
    return new CopyException(
            number
                ? CopyErrorCode.NUMERIC_VALUE_OUT_OF_RANGE
                : CopyErrorCode.DATETIME_FIELD_OVERFLOW,
            what
                + (value == null ? "" : " " + value)
                + " in column \""
                + column.name()
                + "\" is out of range for Parquet"
                + (number
                    ? " as numeric(" + column.type().precision() + "," + column.type().scale() + ")"
                    : column.nanos() ? ", in nanoseconds" : ""))
        .withHint("Cast the column in a COPY (SELECT ...) TO, for example to VARCHAR.");
  }

  private void int32(long value) {
    byte[] b = values.ensure(4);
    int at = values.size;
    for (int i = 0; i < 4; i++) {
      b[at + i] = (byte) (value >> 8 * i);
    }
    values.size = at + 4;
  }

  private void int64(long value) {
    byte[] b = values.ensure(8);
    int at = values.size;
    for (int i = 0; i < 8; i++) {
      b[at + i] = (byte) (value >> 8 * i);
    }
    values.size = at + 8;
  }

  private void bigEndian(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      values.put((byte) (value >> shift));
    }
  }
}
