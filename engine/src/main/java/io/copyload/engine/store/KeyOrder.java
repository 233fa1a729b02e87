package io.copyload.engine.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * The order of rows by some of their columns: each ascending, NULLs last, text by its bytes. It is
 * an order for storing rows; collations do not matter for it.
 */
final class KeyOrder {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY_SECONDS = 86_400;

  private final int[] keys;
  private final TargetType.Kind[] kinds;
  private final boolean[] isBytes;

  /**
   * @param types of all columns
   * @param keyColumns which of them, most significant first
   */
  KeyOrder(List<TargetType> types, List<Integer> keyColumns) {
    keys = keyColumns.stream().mapToInt(Integer::intValue).toArray();
    kinds = new TargetType.Kind[keys.length];
    isBytes = new boolean[keys.length];
    for (int i = 0; i < keys.length; i++) {
      kinds[i] = types.get(keys[i]).kind();
      isBytes[i] = types.get(keys[i]).isBytes();
    }
  }

  List<Integer> keyColumns() {
    return Arrays.stream(keys).boxed().toList();
  }

  /**
   * Numbers that are in the order of rows wherever they differ.
   *
   * @param columns of the rows; only those of the key are looked at
   */
  long[] prefixes(DecodedColumn[] columns, int rowCount) {
    DecodedColumn column = columns[keys[0]];
    long[] prefixes = new long[rowCount];
    for (int row = 0; row < rowCount; row++) {
      prefixes[row] =
          column.isNull(row)
              ? Long.MAX_VALUE
              : isBytes[0] ? bytePrefix(kinds[0], column, row) : lanePrefix(kinds[0], column, row);
    }
    return prefixes;
  }

  private static long lanePrefix(TargetType.Kind kind, DecodedColumn column, int row) {
    long lane = column.lane(0, row);
    return switch (kind) {
      case DOUBLE -> lane ^ lane >> 63 & Long.MAX_VALUE;
      case REAL -> lane ^ lane >> 63 & Integer.MAX_VALUE;
      case TIMESTAMP_TZ -> utcSeconds(column, row);
      case TIME_TZ -> lane - column.lane(1, row) * SECOND;
      case UUID -> lane + Long.MIN_VALUE;
      default -> lane;
    };
  }

  private static long bytePrefix(TargetType.Kind kind, DecodedColumn column, int row) {
    if (kind == TargetType.Kind.NUMERIC || kind == TargetType.Kind.DECFLOAT) {
      return 0;
    }
    byte[] bytes = column.bytes();
    int begin = column.begin(row);
    int length = Math.min(Long.BYTES, column.length(row));
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (bytes[begin + i] & 0xffL) << Long.SIZE - Byte.SIZE * (i + 1);
    }
    return prefix + Long.MIN_VALUE;
  }

  private static long utcSeconds(DecodedColumn column, int row) {
    return column.lane(0, row) * DAY_SECONDS + column.lane(1, row) / SECOND - column.lane(2, row);
  }

  /** Compares two rows whose prefixes are equal. */
  int compare(DecodedColumn[] a, int rowA, DecodedColumn[] b, int rowB) {
    for (int i = 0; i < keys.length; i++) {
      DecodedColumn columnA = a[keys[i]];
      DecodedColumn columnB = b[keys[i]];
      boolean nullA = columnA.isNull(rowA);
      boolean nullB = columnB.isNull(rowB);
      int order =
          nullA || nullB
              ? Boolean.compare(nullA, nullB)
              : isBytes[i]
                  ? compareBytes(kinds[i], columnA, rowA, columnB, rowB)
                  : compareLanes(kinds[i], columnA, rowA, columnB, rowB);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compareLanes(
      TargetType.Kind kind, DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
    int order = Long.compare(lanePrefix(kind, a, rowA), lanePrefix(kind, b, rowB));
    if (order != 0) {
      return order;
    }
    if (kind.isInterval()) {
      int remaining = Long.compare(a.lane(1, rowA), b.lane(1, rowB));
      // A negative interval's leading field is kept as its complement.
      return a.lane(0, rowA) < 0 ? -remaining : remaining;
    }
    return switch (kind) {
      case TIMESTAMP -> Long.compare(a.lane(1, rowA), b.lane(1, rowB));
      case TIMESTAMP_TZ -> Long.compare(a.lane(1, rowA) % SECOND, b.lane(1, rowB) % SECOND);
      case UUID -> Long.compareUnsigned(a.lane(1, rowA), b.lane(1, rowB));
      default -> 0;
    };
  }

  private static int compareBytes(
      TargetType.Kind kind, DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
    int beginA = a.begin(rowA);
    int beginB = b.begin(rowB);
    int lengthA = a.length(rowA);
    int lengthB = b.length(rowB);
    if (kind == TargetType.Kind.NUMERIC) {
      return new BigInteger(a.bytes(), beginA, lengthA)
          .compareTo(new BigInteger(b.bytes(), beginB, lengthB));
    }
    if (kind == TargetType.Kind.DECFLOAT) {
      return compareDecfloats(a.bytes(), beginA, lengthA, b.bytes(), beginB, lengthB);
    }
    return Arrays.compareUnsigned(
        a.bytes(), beginA, beginA + lengthA, b.bytes(), beginB, beginB + lengthB);
  }

  private static int compareDecfloats(
      byte[] a, int beginA, int lengthA, byte[] b, int beginB, int lengthB) {
    int rankA = rank(a, beginA);
    int rankB = rank(b, beginB);
    return rankA != 0 || rankB != 0
        ? Integer.compare(rankA, rankB)
        : decfloat(a, beginA, lengthA).compareTo(decfloat(b, beginB, lengthB));
  }

  /** -1, 0, 1, 2 for -Infinity, a number, Infinity, NaN; see {@link TargetType}. */
  private static int rank(byte[] bytes, int begin) {
    if (scale(bytes, begin) != Integer.MIN_VALUE) {
      return 0;
    }
    int special = bytes[begin + Integer.BYTES];
    return special == 0 ? 2 : special;
  }

  private static int scale(byte[] bytes, int begin) {
    return bytes[begin] << 24
        | (bytes[begin + 1] & 0xff) << 16
        | (bytes[begin + 2] & 0xff) << 8
        | bytes[begin + 3] & 0xff;
  }

  private static BigDecimal decfloat(byte[] bytes, int begin, int length) {
    return new BigDecimal(
        new BigInteger(bytes, begin + Integer.BYTES, length - Integer.BYTES), scale(bytes, begin));
  }

  /** The numbers of rows in their order; equal rows stay in theirs. */
  int[] sorted(DecodedColumn[] columns, int rowCount, long[] prefixes) {
    int[] order = new int[rowCount];
    for (int i = 0; i < rowCount; i++) {
      order[i] = i;
    }
    int[] other = new int[rowCount];
    for (int width = 1; width < rowCount; width *= 2) {
      for (int begin = 0; begin < rowCount; begin += 2 * width) {
        int middle = Math.min(begin + width, rowCount);
        int end = Math.min(begin + 2 * width, rowCount);
        merge(columns, prefixes, order, begin, middle, end, other);
      }
      int[] swap = order;
      order = other;
      other = swap;
    }
    return order;
  }

  private void merge(
      DecodedColumn[] columns,
      long[] prefixes,
      int[] from,
      int begin,
      int middle,
      int end,
      int[] to) {
    if (middle >= end || isInOrder(columns, prefixes, from[middle - 1], from[middle])) {
      System.arraycopy(from, begin, to, begin, end - begin);
      return;
    }
    int left = begin;
    int right = middle;
    for (int i = begin; i < end; i++) {
      boolean takesLeft =
          right >= end || left < middle && isInOrder(columns, prefixes, from[left], from[right]);
      to[i] = takesLeft ? from[left++] : from[right++];
    }
  }

  private boolean isInOrder(DecodedColumn[] columns, long[] prefixes, int a, int b) {
    return prefixes[a] < prefixes[b]
        || prefixes[a] == prefixes[b] && compare(columns, a, columns, b) <= 0;
  }
}
