package io.copyload.engine.export;

import io.copyload.engine.store.TargetType;
import java.util.Arrays;

/**
 * Finished fields of one column for a batch of rows, each as a range of bytes of wherever they are:
 * in the column chunk, among the kept dates, or here. Threads: one.
 */
abstract class FieldColumn {
  /** Most bytes of an integer or short decimal, with room for whole words. */
  private static final int NUMBER_BYTES = 32;

  private final ValueText value;
  private final boolean plain;
  private final boolean forceQuote;
  private final int markerLength;
  private final FieldQuoting quoting;

  /** The range of a NULL. */
  final long nullRange;

  /** Per row where its field begins, times 2^32, plus its length; see {@link #source}. */
  final long[] ranges;

  final boolean[] nulls;

  /** The null marker, and what is made for the batch. */
  final OutputBuffer local = new OutputBuffer(1 << 10);

  byte[] source;

  /** Per dictionary code the range of its field among {@link #entries}, -1 before it is made. */
  private long[] entryRanges;

  private OutputBuffer entries;

  private FieldColumn(
      Fields fields, ValueText value, boolean plain, boolean forceQuote, long[] ranges) {
    this.value = value;
    this.plain = plain;
    this.forceQuote = forceQuote;
    this.quoting = fields.quoting();
    this.ranges = ranges;
    nulls = new boolean[ranges.length];
    local.put(fields.nullMarker());
    markerLength = fields.nullMarker().length;
    nullRange = ~0L << 32 | markerLength;
  }

  /** What the columns of a table share. */
  record Fields(DateTimeText times, boolean padsChar, byte[] nullMarker, FieldQuoting quoting) {}

  /**
   * @param plain whether the text needs neither quotes nor escapes
   * @param ranges set by {@link #make}
   */
  static FieldColumn of(
      TargetType type, Fields fields, boolean plain, boolean forceQuote, long[] ranges) {
    ValueText value = ValueText.of(type, fields.times(), fields.padsChar());
    if (value.isOwnBytes() && !forceQuote) {
      return new Texts(fields, value, plain, ranges);
    }
    if (value.isOwnBytes() || !plain || type.isBytes()) {
      return new Any(fields, value, plain, forceQuote, type.laneCount() == 1, ranges);
    }
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT -> new Integers(fields, value, ranges);
      case NUMERIC -> new Decimals(fields, value, type.scale(), ranges);
      case DATE -> new Dates(fields, value, ranges);
      default -> new Any(fields, value, true, false, type.laneCount() == 1, ranges);
    };
  }

  /** Begins with rows of a column. */
  void begin(ExportColumn column, int rowCount) {
    int size = column.dictionarySize();
    entryRanges = null;
    if (size > 0 && size <= rowCount / 4) {
      entryRanges = new long[size];
      Arrays.fill(entryRanges, -1);
      entries = new OutputBuffer(1 << 8);
    }
  }

  /** Makes the fields of some rows. */
  final void make(ExportColumn column, int first, int count) {
    column.nulls(first, count, nulls);
    local.size = markerLength;
    if (entryRanges != null) {
      entries(column, first, count);
      source = entries.bytes;
    } else {
      fill(column, first, count);
    }
  }

  /**
   * Makes fields that come from no dictionary. Each kind of value has its own class, so that the
   * compiler meets each loop once.
   */
  abstract void fill(ExportColumn column, int first, int count);

  /** The rows of {@link #begin} are done. */
  void end(int rowCount) {
    source = null;
    entries = null;
  }

  final boolean isFromDictionary() {
    return entryRanges != null;
  }

  /** What ranges point into. */
  final byte[] source() {
    return source;
  }

  /** What the ranges point into that have the complement of a beginning, which is negative. */
  final byte[] local() {
    return local.bytes;
  }

  private static long range(int begin, int end) {
    return (long) begin << 32 | end - begin;
  }

  private static long localRange(int begin, int end) {
    return (long) ~begin << 32 | end - begin;
  }

  private void entries(ExportColumn column, int first, int count) {
    for (int k = 0; k < count; k++) {
      if (nulls[k]) {
        ranges[k] = nullRange;
        continue;
      }
      int code = column.code(first + k);
      if (entryRanges[code] < 0) {
        int begin = entries.size;
        append(column, first + k, entries);
        entryRanges[code] = range(begin, entries.size);
      }
      ranges[k] = entryRanges[code];
    }
  }

  final void append(ExportColumn column, int row, OutputBuffer out) {
    int begin = out.size;
    value.append(column, row, out);
    if (!plain) {
      quoting.finish(begin, forceQuote, out);
    }
  }

  private static final class Integers extends FieldColumn {
    Integers(Fields fields, ValueText value, long[] ranges) {
      super(fields, value, true, false, ranges);
    }

    @Override
    void fill(ExportColumn column, int first, int count) {
      long[] lane = column.lane(0);
      byte[] b = local.ensure((count + 1) * NUMBER_BYTES);
      int at = local.size;
      for (int k = 0; k < count; k++) {
        if (nulls[k]) {
          ranges[k] = nullRange;
          continue;
        }
        int begin = at;
        long number = lane[first + k];
        if (number >= 0 && number < 100_000_000) {
          at = OutputBuffer.putSmall(b, at, (int) number);
        } else {
          local.size = at;
          local.putLong(number);
          at = local.size;
        }
        ranges[k] = range(begin, at);
      }
      source = b;
    }
  }

  private static final class Decimals extends FieldColumn {
    private final int scale;

    Decimals(Fields fields, ValueText value, int scale, long[] ranges) {
      super(fields, value, true, false, ranges);
      this.scale = scale;
    }

    @Override
    void fill(ExportColumn column, int first, int count) {
      long[] lane = column.lane(0);
      byte[] b = local.ensure((count + 1) * NUMBER_BYTES);
      int at = local.size;
      boolean money = scale == 2;
      for (int k = 0; k < count; k++) {
        if (nulls[k]) {
          ranges[k] = nullRange;
          continue;
        }
        int begin = at;
        long number = lane[first + k];
        if (money && number >= 0 && number < 10_000_000_000L) {
          int units = (int) (number / 100);
          int point = OutputBuffer.putSmall(b, at, units);
          b[point] = '.';
          OutputBuffer.putPair(b, point + 1, (int) (number - units * 100L));
          at = point + 3;
        } else {
          local.size = at;
          DecimalText.append(number, scale, local);
          at = local.size;
          // An unusual scale may take more.
          b = local.ensure((count - k) * NUMBER_BYTES);
        }
        ranges[k] = range(begin, at);
      }
      source = b;
    }
  }

  private static final class Dates extends FieldColumn {
    private final DateTimeText times;

    Dates(Fields fields, ValueText value, long[] ranges) {
      super(fields, value, true, false, ranges);
      times = fields.times();
    }

    @Override
    void fill(ExportColumn column, int first, int count) {
      long[] lane = column.lane(0);
      for (int k = 0; k < count; k++) {
        if (nulls[k]) {
          ranges[k] = nullRange;
          continue;
        }
        long day = lane[first + k];
        int kept = times.kept(day, local);
        if (kept >= 0) {
          ranges[k] = (long) kept << 32 | DateTimeText.DATE_BYTES;
        } else {
          int begin = local.size;
          times.date(day, local);
          ranges[k] = localRange(begin, local.size);
        }
      }
      source = times.keptDates();
    }
  }

  private static final class Texts extends FieldColumn {
    private final FieldQuoting quoting;

    Texts(Fields fields, ValueText value, boolean plain, long[] ranges) {
      super(fields, value, plain, false, ranges);
      quoting = fields.quoting();
    }

    @Override
    void fill(ExportColumn column, int first, int count) {
      column.ranges(first, count, ranges);
      source = column.bytes();
      for (int k = 0; k < count; k++) {
        if (nulls[k]) {
          ranges[k] = nullRange;
          continue;
        }
        int from = (int) (ranges[k] >> 32);
        int length = (int) ranges[k];
        if (quoting.asks(source, from, length)) {
          int begin = local.size;
          local.put(source, from, length);
          quoting.finish(begin, false, local);
          ranges[k] = localRange(begin, local.size);
        }
      }
    }
  }

  private static final class Any extends FieldColumn {
    /** For types of one lane whose text takes long. */
    private final FieldCache cache;

    private boolean caching;

    Any(
        Fields fields,
        ValueText value,
        boolean plain,
        boolean forceQuote,
        boolean oneLane,
        long[] ranges) {
      super(fields, value, plain, forceQuote, ranges);
      cache = oneLane ? new FieldCache() : null;
    }

    @Override
    void begin(ExportColumn column, int rowCount) {
      super.begin(column, rowCount);
      caching = !isFromDictionary() && cache != null && cache.begins();
    }

    @Override
    void end(int rowCount) {
      if (caching) {
        cache.ends(rowCount);
      }
      super.end(rowCount);
    }

    @Override
    void fill(ExportColumn column, int first, int count) {
      for (int k = 0; k < count; k++) {
        if (nulls[k]) {
          ranges[k] = nullRange;
          continue;
        }
        int row = first + k;
        int begin = local.size;
        if (!caching) {
          append(column, row, local);
        } else {
          long number = column.lane(0, row);
          if (!cache.put(number, local)) {
            append(column, row, local);
            cache.keep(number, local, begin);
          }
        }
        ranges[k] = range(begin, local.size);
      }
      source = local.bytes;
    }
  }
}
