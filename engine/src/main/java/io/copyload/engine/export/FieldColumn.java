package io.copyload.engine.export;

import io.copyload.engine.store.TargetType;
import java.util.Arrays;

/**
 * Finished fields of one column for a batch of rows, each as a range of bytes of wherever they are:
 * in the column chunk, among the kept dates, or here. Threads: one.
 */
final class FieldColumn {
  /** Most bytes of an integer or short decimal, with room for whole words. */
  private static final int NUMBER_BYTES = 32;

  private enum Loop {
    INTEGERS,
    DECIMALS,
    DATES,
    TEXTS,
    ANY
  }

  private final Loop loop;
  private final ValueText value;
  private final int scale;
  private final DateTimeText times;
  private final boolean plain;
  private final boolean forceQuote;
  private final int markerLength;
  private final FieldQuoting quoting;

  /** The range of a NULL. */
  private final long nullRange;

  /** For types of one lane whose text takes long. */
  private final FieldCache cache;

  /** Per row where its field begins, times 2^32, plus its length; see {@link #source}. */
  private final long[] ranges;

  private final boolean[] nulls;

  /** The null marker, and what is made for the batch. */
  private final OutputBuffer local = new OutputBuffer(1 << 10);

  private byte[] source;
  private boolean caching;

  /** Per dictionary code the range of its field among {@link #entries}, -1 before it is made. */
  private long[] entryRanges;

  private OutputBuffer entries;

  /**
   * @param plain whether the text needs neither quotes nor escapes
   * @param ranges set by {@link #make}
   */
  FieldColumn(
      TargetType type,
      DateTimeText times,
      boolean padsChar,
      boolean plain,
      boolean forceQuote,
      byte[] nullMarker,
      FieldQuoting quoting,
      long[] ranges) {
    this.times = times;
    this.plain = plain;
    this.forceQuote = forceQuote;
    this.quoting = quoting;
    this.ranges = ranges;
    value = ValueText.of(type, times, padsChar);
    scale = type.scale();
    loop = loop(type);
    boolean oneLane = type.laneCount() == 1;
    cache = loop == Loop.ANY && oneLane ? new FieldCache() : null;
    nulls = new boolean[ranges.length];
    local.put(nullMarker);
    markerLength = nullMarker.length;
    nullRange = ~0L << 32 | markerLength;
  }

  private Loop loop(TargetType type) {
    if (value.isOwnBytes()) {
      return forceQuote ? Loop.ANY : Loop.TEXTS;
    }
    if (!plain || type.isBytes()) {
      return Loop.ANY;
    }
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT -> Loop.INTEGERS;
      case NUMERIC -> Loop.DECIMALS;
      case DATE -> Loop.DATES;
      default -> Loop.ANY;
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
    caching = entryRanges == null && cache != null && cache.begins();
  }

  /** Makes the fields of some rows. */
  void make(ExportColumn column, int first, int count) {
    column.nulls(first, count, nulls);
    local.size = markerLength;
    if (entryRanges != null) {
      entries(column, first, count);
      source = entries.bytes;
      return;
    }
    switch (loop) {
      case INTEGERS -> integers(column.lane(0), first, count);
      case DECIMALS -> decimals(column.lane(0), first, count);
      case DATES -> dates(column.lane(0), first, count);
      case TEXTS -> texts(column, first, count);
      default -> any(column, first, count);
    }
  }

  /** The rows of {@link #begin} are done. */
  void end(int rowCount) {
    if (caching) {
      cache.ends(rowCount);
    }
    source = null;
    entries = null;
  }

  /** What ranges point into. */
  byte[] source() {
    return source;
  }

  /** What the ranges point into that have the complement of a beginning, which is negative. */
  byte[] local() {
    return local.bytes;
  }

  private static long range(int begin, int end) {
    return (long) begin << 32 | end - begin;
  }

  private static long localRange(int begin, int end) {
    return (long) ~begin << 32 | end - begin;
  }

  private void integers(long[] lane, int first, int count) {
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

  private void decimals(long[] lane, int first, int count) {
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

  private void dates(long[] lane, int first, int count) {
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

  private void texts(ExportColumn column, int first, int count) {
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

  private void any(ExportColumn column, int first, int count) {
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

  private void append(ExportColumn column, int row, OutputBuffer out) {
    int begin = out.size;
    value.append(column, row, out);
    if (!plain) {
      quoting.finish(begin, forceQuote, out);
    }
  }
}
