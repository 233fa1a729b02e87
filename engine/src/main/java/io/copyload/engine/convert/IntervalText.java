package io.copyload.engine.convert;

import io.copyload.engine.store.TargetType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;

/**
 * The parser of intervals: PostgreSQL's units ({@code 1 year 2 mons -3 days 04:05:06 ago}), SQL
 * ({@code 1-2}, {@code 3 4:05:06}) and ISO 8601 ({@code P1Y2M}, {@code P0001-02-03T04:05:06}). A
 * bare number counts the last field of the column's qualifier; fractions of a unit fall to the
 * smaller ones with 30 days a month.
 *
 * <p>Holds the result of the last text as months, days and nanoseconds. Numbers of the text are
 * limited to 64 bits, sums are not. Threads: one owner.
 */
final class IntervalText {
  private enum Unit {
    NANOSECOND(1),
    MICROSECOND(1_000L),
    MILLISECOND(1_000_000L),
    SECOND(Calendar.NANOS_PER_SECOND),
    MINUTE(60 * Calendar.NANOS_PER_SECOND),
    HOUR(3600 * Calendar.NANOS_PER_SECOND),
    DAY(1),
    WEEK(7),
    MONTH(1),
    YEAR(1),
    DECADE(10),
    CENTURY(100),
    MILLENNIUM(1000);

    /** Nanoseconds of a time unit, days of a day or week, years of the greater ones. */
    final long size;

    Unit(long size) {
      this.size = size;
    }

    int bit() {
      return 1 << ordinal();
    }
  }

  private enum Outcome {
    OK,
    BAD_FORMAT,
    OVERFLOW
  }

  private static final int SECONDS =
      Unit.SECOND.bit() | Unit.MILLISECOND.bit() | Unit.MICROSECOND.bit();
  private static final int TIME = SECONDS | Unit.MINUTE.bit() | Unit.HOUR.bit();
  private static final int DAYS_PER_MONTH = 30;
  private static final int NANOS_PER_MICRO = 1000;
  private static final BigInteger MONTHS_PER_YEAR = BigInteger.valueOf(12);
  private static final Map<String, Unit> UNITS = units();

  BigInteger months;
  BigInteger days;
  BigInteger nanos;
  boolean infinite;

  private final DateTimeTokens tokens = new DateTimeTokens();
  private final Unit bareUnit;
  private final int postgresMajor;

  /** Whether the last number read has a point and no digit behind it. */
  private boolean lonePoint;

  private final boolean minuteToSecond;
  private final boolean micros;

  // The number last read: its parts have the same sign.
  private BigInteger whole;
  private BigDecimal fraction;

  /** The fraction as C's strtod reads it. */
  private double inexact;

  private int cursor;

  /**
   * @param postgresMajor before 17 there is no infinity, {@code ago} may stand anywhere, and a unit
   *     without a number does nothing
   * @param micros whether fractions are taken as PostgreSQL does, which holds microseconds and
   *     computes with floating point; else to the nanosecond
   */
  IntervalText(TargetType.Kind kind, int postgresMajor, boolean micros) {
    this.postgresMajor = postgresMajor;
    this.micros = micros;
    bareUnit =
        switch (kind) {
          case INTERVAL_YEAR -> Unit.YEAR;
          case INTERVAL_MONTH, INTERVAL_YEAR_TO_MONTH -> Unit.MONTH;
          case INTERVAL_DAY -> Unit.DAY;
          case INTERVAL_HOUR, INTERVAL_DAY_TO_HOUR -> Unit.HOUR;
          case INTERVAL_MINUTE, INTERVAL_DAY_TO_MINUTE, INTERVAL_HOUR_TO_MINUTE -> Unit.MINUTE;
          default -> Unit.SECOND;
        };
    minuteToSecond = kind == TargetType.Kind.INTERVAL_MINUTE_TO_SECOND;
  }

  private static Map<String, Unit> units() {
    Map<String, Unit> units = new HashMap<>();
    put(units, Unit.MICROSECOND, "us usec usecs usecond useconds microsecond microseconds");
    put(units, Unit.MILLISECOND, "ms msec msecs msecond mseconds millisecond milliseconds");
    put(units, Unit.SECOND, "s sec secs second seconds");
    put(units, Unit.MINUTE, "m min mins minute minutes");
    put(units, Unit.HOUR, "h hr hrs hour hours");
    put(units, Unit.DAY, "d day days");
    put(units, Unit.WEEK, "w week weeks");
    put(units, Unit.MONTH, "mon mons month months");
    put(units, Unit.YEAR, "y yr yrs year years");
    put(units, Unit.DECADE, "dec decs decade decades");
    put(units, Unit.CENTURY, "c cent century centuries");
    put(units, Unit.MILLENNIUM, "mil mils millennium millennia");
    return Map.copyOf(units);
  }

  private static void put(Map<String, Unit> units, Unit unit, String names) {
    for (String name : names.split(" ")) {
      units.put(name, unit);
    }
  }

  boolean parse(byte[] bytes, int begin, int end, Complaint complaint) {
    Outcome outcome = tokens.parse(bytes, begin, end) ? decode() : Outcome.BAD_FORMAT;
    if (outcome == Outcome.BAD_FORMAT) {
      outcome = decodeIso(bytes, begin, end);
    }
    return switch (outcome) {
      case OK -> true;
      case BAD_FORMAT ->
          complaint.syntax(RejectReason.INVALID_INTERVAL, "interval", bytes, begin, end);
      case OVERFLOW ->
          complaint.set(
              RejectReason.INTERVAL_FIELD_OUT_OF_RANGE,
              "interval field value out of range: \"" + Complaint.text(bytes, begin, end) + "\"");
    };
  }

  private void clear() {
    months = BigInteger.ZERO;
    days = BigInteger.ZERO;
    nanos = BigInteger.ZERO;
    infinite = false;
  }

  /** DecodeInterval: from right to left, so that units come before their numbers. */
  private Outcome decode() {
    clear();
    int seen = 0;
    Unit unit = null;
    boolean anyUnit = true;
    boolean unitPending = false;
    boolean ago = false;
    for (int i = tokens.count - 1; i >= 0; i--) {
      int begin = tokens.begin[i];
      int end = tokens.end[i];
      int found = 0;
      switch (tokens.kinds[i]) {
        case WORD:
        case SIGNED_WORD:
          if (unitPending && postgresMajor >= 17) {
            return Outcome.BAD_FORMAT;
          }
          String word = tokens.text(i);
          Unit named = UNITS.get(word);
          if (named != null) {
            unit = named;
            unitPending = true;
          } else if (word.equals("ago")) {
            if (i != tokens.count - 1 && postgresMajor >= 17) {
              return Outcome.BAD_FORMAT;
            }
            ago = true;
            anyUnit = false;
          } else {
            DateTimeWord known = DateTimeWord.find(word);
            if (known != null && known.kind() == DateTimeWord.Kind.IGNORED) {
              continue;
            }
            infinite =
                postgresMajor >= 17
                    && known != null
                    && i == tokens.count - 1
                    && (known.kind() == DateTimeWord.Kind.INFINITY
                        || known.kind() == DateTimeWord.Kind.MINUS_INFINITY);
            if (!infinite) {
              return Outcome.BAD_FORMAT;
            }
            found = -1;
          }
          break;
        default:
          boolean signed = tokens.kinds[i] == DateTimeTokens.Kind.SIGNED;
          boolean clock =
              tokens.kinds[i] == DateTimeTokens.Kind.TIME
                  || (signed && indexOf(tokens.work, ':', begin, end) >= 0);
          unitPending = false;
          if (clock) {
            Outcome outcome = readClock(tokens.work, begin, end);
            if (outcome != Outcome.OK) {
              return outcome;
            }
            found = TIME;
            unit = Unit.DAY;
            break;
          }
          if (unit == null) {
            if (!anyUnit) {
              return Outcome.BAD_FORMAT;
            }
            unit = bareUnit;
          }
          boolean onlyPoint = end - begin == 1 && tokens.work[begin] == '.';
          if (!readNumber(tokens.work, begin, end) && !onlyPoint) {
            return Outcome.BAD_FORMAT;
          }
          if (badPoint()) {
            return Outcome.BAD_FORMAT;
          }
          if (whole.bitLength() > 63) {
            return Outcome.OVERFLOW;
          }
          if (cursor < end && tokens.work[cursor] == '-' && fraction.signum() == 0) {
            Outcome outcome = readYearMonth(begin, end);
            if (outcome != Outcome.OK) {
              return outcome;
            }
            unit = Unit.MONTH;
          }
          if (cursor != end) {
            return Outcome.BAD_FORMAT;
          }
          found = unit == Unit.SECOND && fraction.signum() != 0 ? SECONDS : unit.bit();
          add(unit);
          if (unit == Unit.HOUR) {
            unit = Unit.DAY;
          }
          break;
      }
      if ((found & seen) != 0) {
        return Outcome.BAD_FORMAT;
      }
      seen |= found;
    }
    if (seen == 0 || unitPending && postgresMajor >= 17) {
      return Outcome.BAD_FORMAT;
    }
    if (ago) {
      months = months.negate();
      days = days.negate();
      nanos = nanos.negate();
    }
    return Outcome.OK;
  }

  /** The months of {@code years-months}, whose years have just been read. */
  private Outcome readYearMonth(int begin, int end) {
    boolean negative = tokens.work[begin] == '-';
    BigInteger years = whole;
    int i = cursor + 1;
    long count = 0;
    while (i < end && Ascii.isDigit(tokens.work[i])) {
      count = Math.min(count * 10 + tokens.work[i++] - '0', Integer.MAX_VALUE);
    }
    if (count >= MONTHS_PER_YEAR.intValue()) {
      return Outcome.OVERFLOW;
    }
    cursor = i;
    if (cursor != end) {
      return Outcome.BAD_FORMAT;
    }
    whole = BigInteger.valueOf(count);
    whole = years.multiply(MONTHS_PER_YEAR).add(negative ? whole.negate() : whole);
    return Outcome.OK;
  }

  /** Adds the number last read. */
  private void add(Unit unit) {
    BigInteger size = BigInteger.valueOf(unit.size);
    switch (unit) {
      case YEAR, DECADE, CENTURY, MILLENNIUM -> {
        months = months.add(whole.multiply(size).multiply(MONTHS_PER_YEAR));
        months = months.add(BigInteger.valueOf((long) Math.rint(inexact * unit.size * 12)));
      }
      case MONTH -> {
        months = months.add(whole);
        addDays(DAYS_PER_MONTH);
      }
      case WEEK, DAY -> {
        days = days.add(whole.multiply(size));
        addDays(unit.size);
      }
      default -> {
        nanos = nanos.add(whole.multiply(size));
        addTime(fraction, inexact, unit.size);
      }
    }
  }

  /** Adds the fraction of so many days: whole days, and the rest as time. */
  private void addDays(long unitDays) {
    BigDecimal count = fraction.multiply(BigDecimal.valueOf(unitDays));
    double inexactCount = inexact * unitDays;
    BigInteger full = micros ? BigInteger.valueOf((long) inexactCount) : count.toBigInteger();
    days = days.add(full);
    addTime(
        count.subtract(new BigDecimal(full)),
        inexactCount - full.doubleValue(),
        Calendar.NANOS_PER_DAY);
  }

  /** Adds a fraction of a unit of time. */
  private void addTime(BigDecimal part, double inexactPart, long unitNanos) {
    if (!micros || unitNanos < NANOS_PER_MICRO) {
      nanos = nanos.add(round(part.multiply(BigDecimal.valueOf(unitNanos))));
      return;
    }
    double scaled = inexactPart * (unitNanos / NANOS_PER_MICRO);
    long count = (long) scaled;
    // Halves go toward zero.
    if (scaled - count > 0.5) {
      count++;
    } else if (scaled - count < -0.5) {
      count--;
    }
    nanos = nanos.add(BigInteger.valueOf(count * NANOS_PER_MICRO));
  }

  private static BigInteger round(BigDecimal value) {
    return value.setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
  }

  /** Sign or none, then hh:mm, hh:mm:ss, hh:mm:ss.f or mm:ss.f; adds the time. */
  private Outcome readClock(byte[] text, int begin, int end) {
    boolean negative = text[begin] == '-';
    int i = negative || text[begin] == '+' ? begin + 1 : begin;
    readNumber(text, i, end);
    if (fraction.signum() != 0 || cursor >= end || text[cursor] != ':') {
      return Outcome.BAD_FORMAT;
    }
    BigInteger first = whole;
    readNumber(text, cursor + 1, end);
    boolean badPoint = badPoint();
    BigInteger second = whole;
    BigDecimal rest = fraction;
    BigInteger third = BigInteger.ZERO;
    boolean pointed = text[cursor - 1] == '.' || rest.signum() != 0 || hasPoint(text, i, cursor);
    boolean shifted = pointed;
    if (cursor < end && text[cursor] == ':' && !pointed) {
      readNumber(text, cursor + 1, end);
      badPoint |= badPoint();
      third = whole;
      rest = fraction;
    } else if (cursor == end && minuteToSecond) {
      shifted = true;
    }
    if (cursor != end || badPoint) {
      return Outcome.BAD_FORMAT;
    }
    if (shifted) {
      third = second;
      second = first;
      first = BigInteger.ZERO;
    }
    if (first.bitLength() > 63
        || second.bitLength() > 31
        || third.bitLength() > 31
        || second.intValue() > 59
        || third.intValue() > 60) {
      return Outcome.OVERFLOW;
    }
    BigInteger total =
        first
            .multiply(BigInteger.valueOf(Unit.HOUR.size))
            .add(second.multiply(BigInteger.valueOf(Unit.MINUTE.size)))
            .add(third.multiply(BigInteger.valueOf(Unit.SECOND.size)))
            .add(
                micros
                    ? BigInteger.valueOf(NANOS_PER_MICRO * IsoDateTime.micros(rest.doubleValue()))
                    : round(rest.multiply(BigDecimal.valueOf(Unit.SECOND.size))));
    nanos = negative ? nanos.subtract(total) : nanos.add(total);
    return Outcome.OK;
  }

  private static boolean hasPoint(byte[] text, int begin, int end) {
    return indexOf(text, '.', begin, end) >= 0;
  }

  /** DecodeISO8601Interval. */
  private Outcome decodeIso(byte[] text, int begin, int end) {
    clear();
    if (end - begin < 2 || text[begin] != 'P') {
      return Outcome.BAD_FORMAT;
    }
    boolean datePart = true;
    boolean anyField = false;
    int i = begin + 1;
    while (i < end) {
      if (text[i] == 'T') {
        datePart = false;
        anyField = false;
        i++;
        continue;
      }
      int fieldBegin = i;
      Outcome outcome = readIsoNumber(text, i, end);
      if (outcome != Outcome.OK) {
        return outcome;
      }
      i = cursor;
      int designator = i < end ? text[i++] : 0;
      int width = integerWidth(text, fieldBegin, end);
      Unit unit =
          datePart
              ? switch (designator) {
                case 'Y' -> Unit.YEAR;
                case 'M' -> Unit.MONTH;
                case 'W' -> Unit.WEEK;
                case 'D' -> Unit.DAY;
                default -> null;
              }
              : switch (designator) {
                case 'H' -> Unit.HOUR;
                case 'M' -> Unit.MINUTE;
                case 'S' -> Unit.SECOND;
                default -> null;
              };
      if (unit != null) {
        add(unit);
        anyField = true;
        continue;
      }
      if (anyField) {
        return Outcome.BAD_FORMAT;
      }
      if (datePart) {
        if (designator == 0 || designator == 'T') {
          if (width == 8) {
            addParts(Unit.YEAR, Unit.MONTH, Unit.DAY);
          } else {
            add(Unit.YEAR);
          }
        } else if (designator == '-') {
          add(Unit.YEAR);
          outcome = readIsoNumber(text, i, end);
          if (outcome != Outcome.OK) {
            return outcome;
          }
          add(Unit.MONTH);
          i = cursor;
          designator = i < end ? text[i++] : 0;
          if (designator == '-') {
            outcome = readIsoNumber(text, i, end);
            if (outcome != Outcome.OK) {
              return outcome;
            }
            add(Unit.DAY);
            i = cursor;
            designator = i < end ? text[i++] : 0;
          }
        } else {
          return Outcome.BAD_FORMAT;
        }
        if (designator == 0) {
          return Outcome.OK;
        }
        if (designator != 'T') {
          return Outcome.BAD_FORMAT;
        }
        datePart = false;
        continue;
      }
      if (designator == 0 && width == 6) {
        addParts(Unit.HOUR, Unit.MINUTE, Unit.SECOND);
        return Outcome.OK;
      }
      add(Unit.HOUR);
      if (designator == 0) {
        return Outcome.OK;
      }
      if (designator != ':') {
        return Outcome.BAD_FORMAT;
      }
      outcome = readIsoNumber(text, i, end);
      if (outcome != Outcome.OK) {
        return outcome;
      }
      add(Unit.MINUTE);
      if (cursor == end) {
        return Outcome.OK;
      }
      if (text[cursor] != ':') {
        return Outcome.BAD_FORMAT;
      }
      outcome = readIsoNumber(text, cursor + 1, end);
      if (outcome != Outcome.OK) {
        return outcome;
      }
      add(Unit.SECOND);
      return cursor == end ? Outcome.OK : Outcome.BAD_FORMAT;
    }
    return Outcome.OK;
  }

  /** Adds a run-together number: yyyymmdd or hhmmss, its fraction to the last unit. */
  private void addParts(Unit high, Unit middle, Unit low) {
    int all = whole.intValue();
    BigDecimal rest = fraction;
    double inexactRest = inexact;
    fraction = BigDecimal.ZERO;
    inexact = 0;
    whole = BigInteger.valueOf(all / 10_000);
    add(high);
    whole = BigInteger.valueOf(all / 100 % 100);
    add(middle);
    whole = BigInteger.valueOf(all % 100);
    fraction = rest;
    inexact = inexactRest;
    add(low);
  }

  private static int integerWidth(byte[] text, int begin, int end) {
    int i = begin < end && text[begin] == '-' ? begin + 1 : begin;
    int first = i;
    while (i < end && Ascii.isDigit(text[i])) {
      i++;
    }
    return i - first;
  }

  private Outcome readIsoNumber(byte[] text, int begin, int end) {
    if (begin >= end
        || !(Ascii.isDigit(text[begin]) || text[begin] == '-' || text[begin] == '.')
        || !readNumber(text, begin, end)) {
      return Outcome.BAD_FORMAT;
    }
    inexact = new BigDecimal(whole).add(fraction).doubleValue() - whole.doubleValue();
    return whole.bitLength() > 63 ? Outcome.OVERFLOW : Outcome.OK;
  }

  /** Whether the number just read ends with a point, which its major does not take. */
  private boolean badPoint() {
    return lonePoint && postgresMajor < DateTimeText.LONE_POINTS;
  }

  /** Reads sign, digits and fraction; false, with 0, when there is no digit. */
  private boolean readNumber(byte[] text, int begin, int end) {
    int i = begin;
    boolean negative = i < end && text[i] == '-';
    if (i < end && (negative || text[i] == '+')) {
      i++;
    }
    int first = i;
    while (i < end && Ascii.isDigit(text[i])) {
      i++;
    }
    int point = i;
    if (i < end && text[i] == '.') {
      i++;
      while (i < end && Ascii.isDigit(text[i])) {
        i++;
      }
    }
    cursor = i;
    lonePoint = point < end && text[point] == '.' && i == point + 1;
    boolean any = point > first || i > point + 1;
    // Beyond these widths a number is out of range, or its digits do not matter.
    int wholeEnd = Math.min(point, first + 200);
    int fractionEnd = Math.min(i, point + 1 + 30);
    whole = point > first ? new BigInteger(Complaint.text(text, first, wholeEnd)) : BigInteger.ZERO;
    fraction =
        fractionEnd > point + 1
            ? new BigDecimal("0" + Complaint.text(text, point, fractionEnd))
            : BigDecimal.ZERO;
    if (negative) {
      whole = whole.negate();
      fraction = fraction.negate();
    }
    inexact = fraction.doubleValue();
    return any;
  }

  private static int indexOf(byte[] text, int c, int begin, int end) {
    for (int i = begin; i < end; i++) {
      if (text[i] == c) {
        return i;
      }
    }
    return -1;
  }
}
