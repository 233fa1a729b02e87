package io.copyload.engine.convert;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;

/**
 * The general parser of dates and times. Follows PostgreSQL's DecodeDateTime and DecodeTimeOnly
 * with DateStyle ISO, MDY: tokens in almost any order, each decided by its form and by what is
 * still missing. A date needs year, month and day; {@code 1/2/03} is month, day, year; years of two
 * digits are 1970 to 2069.
 *
 * <p>Holds the result of the last text. Threads: one owner.
 */
final class DateTimeText {
  // Fields that have been seen.
  private static final int YEAR = 1;
  private static final int MONTH = 2;
  private static final int DAY = 4;
  private static final int DATE = YEAR | MONTH | DAY;
  private static final int DAY_OF_YEAR = 16;
  private static final int ZONE = 32;
  private static final int DAYLIGHT = 64;
  private static final int ZONE_SHIFT = 128;
  private static final int MERIDIEM = 256;
  private static final int ERA = 512;
  private static final int WEEKDAY = 1024;
  private static final int HOUR = 2048;
  private static final int MINUTE = 4096;
  private static final int SECOND = 8192;
  private static final int FRACTION = 16384;
  private static final int TIME = HOUR | MINUTE | SECOND | FRACTION;

  // Outcomes of a step.
  private static final int OK = 0;
  private static final int BAD_FORMAT = 1;
  private static final int FIELD_OVERFLOW = 2;
  private static final int MONTH_OR_DAY_OVERFLOW = 3;
  private static final int DISPLACEMENT_OVERFLOW = 4;
  private static final int UNKNOWN_ZONE = 5;

  private static final int MAX_ZONE_HOUR = 15;

  /**
   * The major of PostgreSQL from which a label that nothing follows is an error, and one of a unit
   * always.
   */
  private static final int LABELS_CHECKED = 16;

  /**
   * The major of PostgreSQL from which abbreviations mean first what they do in the session's zone.
   */
  private static final int SESSION_ABBREVIATIONS = 18;

  /** The major of PostgreSQL from which a point needs no digits behind it. */
  static final int LONE_POINTS = 15;

  /** H2's limit, in seconds. */
  private static final int MAX_OFFSET = 18 * 3600;

  /** 4714-11-24 BC, Julian day 0. */
  private static final long MIN_DAY = -Calendar.JULIAN_EPOCH;

  private static final long DATE_END = Calendar.day(5_874_898, 1, 1);
  private static final long TIMESTAMP_END = Calendar.day(294_277, 1, 1);

  private static final int NO_OFFSET = Integer.MIN_VALUE;
  private static final int BLOCK_SHIFT = 5;
  private static final int BLOCKS = 1024;

  private final ConversionSpec spec;
  private final String typeName;

  /** Whether fractions are read as PostgreSQL does, which holds microseconds. */
  private final boolean micros;

  private final ZoneRules sessionRules;
  private final ZoneNames zoneNames = new ZoneNames();

  /** Of the session's zone; null until one is asked for. */
  private ZoneAbbreviations sessionAbbreviations;

  private final DateTimeTokens tokens = new DateTimeTokens();

  private final int fixedOffset;
  private final long[] blockNumbers;
  private final int[] blockOffsets;

  // The result.
  private long day;
  private long nanoOfDay;
  private int offset;

  // The text at hand.
  private int seen;
  private int found;
  private long year;
  private int month;
  private int dayOfMonth;
  private int dayOfYear;
  private int hour;
  private int minute;
  private int second;
  private long nano;
  private boolean twoDigitYear;
  private boolean beforeChrist;
  private boolean julian;
  private boolean textMonth;
  private int meridiem;
  private ZoneId namedZone;

  /** Whether an abbreviation has named the zone. */
  private boolean placed;

  /** What it means there; null when the zone does not know it. */
  private ZoneAbbreviations.Meaning placeMeaning;

  private String unknownZone;
  private DateTimeWord.Kind label;

  /** Of a unit: {@code y m d h s}, and {@code n} for minutes. */
  private int labelUnit;

  private DateTimeWord.Kind special;

  // The last number read, and where it ended.
  private long number;
  private int cursor;

  /**
   * @param scale fraction digits that are kept
   */
  DateTimeText(ConversionSpec spec, String typeName, int scale) {
    this.spec = spec;
    this.micros = scale <= IsoDateTime.MICRO_DIGITS;
    this.typeName = typeName;
    this.sessionRules = spec.sessionZone().getRules();
    boolean fixed = sessionRules.isFixedOffset();
    this.fixedOffset = fixed ? sessionRules.getOffset(Instant.EPOCH).getTotalSeconds() : NO_OFFSET;
    this.blockNumbers = new long[fixed ? 0 : BLOCKS];
    this.blockOffsets = new int[fixed ? 0 : BLOCKS];
    Arrays.fill(blockNumbers, Long.MIN_VALUE);
  }

  /** Days since 1970-01-01. */
  long day() {
    return day;
  }

  /** Not yet rounded to a column's scale. */
  long nanoOfDay() {
    return nanoOfDay;
  }

  /** Seconds east of UTC. */
  int offset() {
    return offset;
  }

  boolean parseDate(byte[] bytes, int begin, int end, Complaint complaint) {
    int outcome = decode(bytes, begin, end);
    if (outcome != OK) {
      return fail(outcome, bytes, begin, end, complaint);
    }
    if (!settleSpecial() || day < MIN_DAY || day >= DATE_END) {
      return outOfRange("date", RejectReason.DATE_OUT_OF_RANGE, bytes, begin, end, complaint);
    }
    return true;
  }

  boolean parseTimestamp(byte[] bytes, int begin, int end, boolean zoned, Complaint complaint) {
    int outcome = decode(bytes, begin, end);
    if (outcome != OK) {
      return fail(outcome, bytes, begin, end, complaint);
    }
    boolean inRange = settleSpecial();
    if (inRange) {
      if (zoned && special == null) {
        outcome = settleOffset();
        if (outcome != OK) {
          return fail(outcome, bytes, begin, end, complaint);
        }
      }
      // With a zone the limits hold for the instant.
      long instantDay =
          day
              + Math.floorDiv(
                  nanoOfDay - (zoned ? offset * Calendar.NANOS_PER_SECOND : 0),
                  Calendar.NANOS_PER_DAY);
      inRange = instantDay >= MIN_DAY && instantDay < TIMESTAMP_END;
    }
    if (!inRange) {
      return outOfRange(
          "timestamp", RejectReason.TIMESTAMP_OUT_OF_RANGE, bytes, begin, end, complaint);
    }
    if (zoned && Math.abs(offset) > MAX_OFFSET) {
      // H2 has no such offset; the instant is what counts.
      nanoOfDay -= offset * Calendar.NANOS_PER_SECOND;
      offset = 0;
    }
    long over = Math.floorDiv(nanoOfDay, Calendar.NANOS_PER_DAY);
    day += over;
    nanoOfDay -= over * Calendar.NANOS_PER_DAY;
    return true;
  }

  /** The result may be 24:00:00. */
  boolean parseTime(byte[] bytes, int begin, int end, Complaint complaint) {
    int outcome =
        tokens.parse(bytes, begin, end) && tokens.count > 0 ? decodeTimeOnly() : BAD_FORMAT;
    return outcome == OK || fail(outcome, bytes, begin, end, complaint);
  }

  /** Turns infinities and epoch into a result; false when there is none. */
  private boolean settleSpecial() {
    if (special == DateTimeWord.Kind.EPOCH) {
      day = 0;
      nanoOfDay = 0;
      offset = 0;
      return true;
    }
    if (special != null) {
      return false;
    }
    // Far beyond every limit, and safe to multiply.
    if (Math.abs(year) > 10_000_000) {
      return false;
    }
    day = Calendar.day(year, month, dayOfMonth);
    nanoOfDay = nanoOfTime();
    return true;
  }

  private int settleOffset() {
    if (namedZone != null) {
      if ((seen & ZONE_SHIFT) != 0) {
        return BAD_FORMAT;
      }
      offset = namedOffset(day, nanoOfDay / Calendar.NANOS_PER_SECOND);
    } else if ((seen & ZONE) == 0) {
      if ((seen & ZONE_SHIFT) != 0) {
        return BAD_FORMAT;
      }
      offset = sessionOffset(day, nanoOfDay / Calendar.NANOS_PER_SECOND);
    }
    return OK;
  }

  private long nanoOfTime() {
    return (hour * 3600L + minute * 60L + second) * Calendar.NANOS_PER_SECOND + nano;
  }

  private boolean fail(int outcome, byte[] bytes, int begin, int end, Complaint complaint) {
    boolean isDate = typeName.equals("date");
    boolean isTime = typeName.startsWith("time") && !typeName.startsWith("timestamp");
    String value = "\"" + Complaint.text(bytes, begin, end) + "\"";
    return switch (outcome) {
      case FIELD_OVERFLOW, MONTH_OR_DAY_OVERFLOW ->
          complaint.set(
              isDate
                  ? RejectReason.DATE_OUT_OF_RANGE
                  : isTime ? RejectReason.TIME_OUT_OF_RANGE : RejectReason.TIMESTAMP_OUT_OF_RANGE,
              "date/time field value out of range: " + value,
              null,
              outcome == MONTH_OR_DAY_OVERFLOW
                  ? "Perhaps you need a different \""
                      + (spec.postgresMajor() < 18 ? "datestyle" : "DateStyle")
                      + "\" setting."
                  : null);
      case DISPLACEMENT_OVERFLOW ->
          complaint.set(
              RejectReason.TIME_ZONE_DISPLACEMENT, "time zone displacement out of range: " + value);
      case UNKNOWN_ZONE ->
          complaint.set(
              RejectReason.UNKNOWN_TIME_ZONE, "time zone \"" + unknownZone + "\" not recognized");
      default ->
          complaint.syntax(
              isDate
                  ? RejectReason.INVALID_DATE
                  : isTime ? RejectReason.INVALID_TIME : RejectReason.INVALID_TIMESTAMP,
              typeName,
              bytes,
              begin,
              end);
    };
  }

  private static boolean outOfRange(
      String what, RejectReason reason, byte[] bytes, int begin, int end, Complaint complaint) {
    return complaint.set(
        reason, what + " out of range: \"" + Complaint.text(bytes, begin, end) + "\"");
  }

  private void clear() {
    seen = 0;
    year = 0;
    month = 0;
    dayOfMonth = 0;
    dayOfYear = 0;
    hour = 0;
    minute = 0;
    second = 0;
    nano = 0;
    twoDigitYear = false;
    beforeChrist = false;
    julian = false;
    textMonth = false;
    meridiem = -1;
    namedZone = null;
    placed = false;
    placeMeaning = null;
    unknownZone = null;
    label = null;
    special = null;
    offset = 0;
  }

  /** DecodeDateTime. */
  private int decode(byte[] bytes, int begin, int end) {
    clear();
    if (!tokens.parse(bytes, begin, end)) {
      return BAD_FORMAT;
    }
    for (int i = 0; i < tokens.count; i++) {
      found = 0;
      int outcome =
          switch (tokens.kinds[i]) {
            case DATE -> decodeDateToken(i);
            case TIME -> decodeTimeToken(i);
            case SIGNED -> decodeZoneToken(i);
            case NUMBER -> decodeNumberToken(i);
            case WORD, SIGNED_WORD -> decodeWord(i, false);
          };
      if (outcome != OK) {
        return outcome;
      }
      if ((found & seen) != 0) {
        return BAD_FORMAT;
      }
      seen |= found;
    }
    if (label != null && spec.postgresMajor() >= LABELS_CHECKED) {
      return BAD_FORMAT;
    }
    if (special != null) {
      return OK;
    }
    int outcome = validateDate();
    if (outcome == OK) {
      outcome = applyMeridiem();
    }
    if (outcome == OK && (seen & DATE) != DATE) {
      outcome = BAD_FORMAT;
    }
    return outcome;
  }

  private int decodeDateToken(int i) {
    int begin = tokens.begin[i];
    int end = tokens.end[i];
    if (label == DateTimeWord.Kind.JULIAN) {
      if (readInt(begin, end)) {
        return FIELD_OVERFLOW;
      }
      setJulian(number);
      found = DATE | TIME | ZONE;
      label = null;
      return decodeZone(cursor, end);
    }
    if (label == null && (seen & (MONTH | DAY)) != (MONTH | DAY)) {
      return decodeDate(begin, end);
    }
    // A zone name with punctuation, or a run-together time with a zone: hhmmss-zz.
    if (Ascii.isDigit(tokens.work[begin]) || label != null) {
      if (label != null && label != DateTimeWord.Kind.TIME_MARK) {
        return BAD_FORMAT;
      }
      label = null;
      if ((seen & TIME) == TIME) {
        return BAD_FORMAT;
      }
      return decodeTimeWithZone(begin, end, seen);
    }
    return decodeNamedZone(i);
  }

  private int decodeTimeWithZone(int begin, int end, int seenBefore) {
    int sign = begin;
    while (sign < end && tokens.work[sign] != '-') {
      sign++;
    }
    if (sign == end) {
      return BAD_FORMAT;
    }
    int outcome = decodeZone(sign, end);
    if (outcome == OK) {
      outcome = decodeRunTogether(begin, sign, seenBefore);
    }
    found |= ZONE;
    return outcome;
  }

  private int decodeNamedZone(int i) {
    String name = tokens.text(i);
    namedZone = zoneNames.zone(name);
    if (namedZone == null) {
      Integer fixed = ZoneNames.posix(name);
      if (fixed == null) {
        unknownZone = name;
        return UNKNOWN_ZONE;
      }
      offset = fixed;
    }
    found = ZONE;
    return OK;
  }

  private int decodeTimeToken(int i) {
    if (label != null) {
      if (label != DateTimeWord.Kind.TIME_MARK) {
        return BAD_FORMAT;
      }
      label = null;
    }
    int outcome = decodeTime(tokens.begin[i], tokens.end[i]);
    return outcome == OK && timeOverflows() ? FIELD_OVERFLOW : outcome;
  }

  private int decodeZoneToken(int i) {
    found = ZONE;
    return decodeZone(tokens.begin[i], tokens.end[i]);
  }

  private int decodeNumberToken(int i) {
    int begin = tokens.begin[i];
    int end = tokens.end[i];
    if (label != null) {
      return decodeLabelled(begin, end, seen | DATE);
    }
    int point = indexOf('.', begin, end);
    if (point >= 0 && (seen & DATE) == 0) {
      return decodeDate(begin, end);
    }
    if (point >= 0 && point - begin > 2) {
      return decodeRunTogether(begin, end, seen);
    }
    if (end - begin >= 6 && ((seen & DATE) == 0 || (seen & TIME) == 0)) {
      return decodeRunTogether(begin, end, seen);
    }
    return decodeNumber(begin, end, textMonth, seen);
  }

  private int decodeLabelled(int begin, int end, int seenBefore) {
    boolean overflow = readInt(begin, end);
    int at = cursor;
    if (overflow) {
      return FIELD_OVERFLOW;
    }
    if (at < end && tokens.work[at] != '.') {
      return BAD_FORMAT;
    }
    if (label == DateTimeWord.Kind.JULIAN) {
      setJulian(number);
      found = DATE;
      if (at < end) {
        int outcome = readFraction(at, end, Calendar.NANOS_PER_DAY);
        if (outcome != OK) {
          return outcome;
        }
        long total = number;
        hour = (int) (total / (3600 * Calendar.NANOS_PER_SECOND));
        minute = (int) (total / (60 * Calendar.NANOS_PER_SECOND) % 60);
        second = (int) (total / Calendar.NANOS_PER_SECOND % 60);
        nano = total % Calendar.NANOS_PER_SECOND;
        found |= TIME;
      }
    } else if (label == DateTimeWord.Kind.TIME_MARK) {
      int outcome = decodeRunTogether(begin, end, seenBefore);
      if (outcome != OK) {
        return outcome;
      }
      if (found != TIME) {
        return BAD_FORMAT;
      }
    } else if (spec.postgresMajor() >= LABELS_CHECKED || at < end && labelUnit != 's') {
      return BAD_FORMAT;
    } else {
      int outcome = decodeUnit(at, end);
      if (outcome != OK) {
        return outcome;
      }
    }
    label = null;
    return OK;
  }

  /** The number behind a unit, as in {@code y2001m02d04}: PostgreSQL 14 and 15 take it. */
  private int decodeUnit(int at, int end) {
    int value = (int) number;
    switch (labelUnit) {
      case 'y':
        year = value;
        found = YEAR;
        return OK;
      case 'm':
        if ((seen & MONTH) != 0 && (seen & HOUR) != 0) {
          minute = value;
          found = MINUTE;
        } else {
          setMonth(value);
        }
        return OK;
      case 'd':
        setDay(value);
        return OK;
      case 'h':
        hour = value;
        found = HOUR;
        return OK;
      case 'n':
        minute = value;
        found = MINUTE;
        return OK;
      case 's':
        second = value;
        found = SECOND;
        if (at < end) {
          found |= FRACTION;
          int outcome = readFraction(at, end, Calendar.NANOS_PER_SECOND);
          nano = number;
          return outcome;
        }
        return OK;
      default:
        return BAD_FORMAT;
    }
  }

  private int decodeWord(int i, boolean timeOnly) {
    String word = tokens.text(i);
    ZoneAbbreviations.Meaning own = sessionMeaning(word);
    if (own != null) {
      if (own.isFixed()) {
        offset = own.first();
        found = own.daylight() ? ZONE | DAYLIGHT : ZONE;
      } else {
        namedZone = spec.sessionZone();
        placed = true;
        placeMeaning = own;
        found = ZONE;
      }
      return OK;
    }
    Integer zone = ZoneNames.abbreviation(word);
    if (zone != null) {
      offset = zone;
      found = ZoneNames.isDaylight(word) ? ZONE | DAYLIGHT : ZONE;
      return OK;
    }
    ZoneId place = ZoneNames.place(word);
    if (place != null) {
      namedZone = place;
      placed = true;
      placeMeaning = ZoneAbbreviations.of(place.getId()).find(word);
      found = ZONE;
      return OK;
    }
    DateTimeWord known = DateTimeWord.find(word);
    if (known == null) {
      namedZone = zoneNames.zone(word);
      found = ZONE;
      return namedZone == null ? BAD_FORMAT : OK;
    }
    switch (known.kind()) {
      case IGNORED:
        return OK;
      case NOW:
        found = timeOnly ? TIME : DATE | TIME | ZONE;
        setNow();
        return OK;
      case TODAY:
      case TOMORROW:
      case YESTERDAY:
        if (timeOnly) {
          return BAD_FORMAT;
        }
        found = DATE;
        setToday(
            known.kind() == DateTimeWord.Kind.TODAY
                ? 0
                : known.kind() == DateTimeWord.Kind.TOMORROW ? 1 : -1);
        return OK;
      case ALLBALLS:
        found = TIME | ZONE;
        hour = 0;
        minute = 0;
        second = 0;
        nano = 0;
        offset = 0;
        return OK;
      case EPOCH:
      case INFINITY:
      case MINUS_INFINITY:
        if (timeOnly) {
          return BAD_FORMAT;
        }
        found = DATE | TIME | ZONE;
        special = known.kind();
        return OK;
      case MONTH:
        if (timeOnly) {
          return BAD_FORMAT;
        }
        found = MONTH;
        if ((seen & MONTH) != 0 && !textMonth && (seen & DAY) == 0 && month >= 1 && month <= 31) {
          // What was taken for the month is the day.
          dayOfMonth = month;
          found = DAY;
        }
        textMonth = true;
        month = known.number();
        return OK;
      case ZONE_SHIFT:
        found = ZONE_SHIFT | DAYLIGHT;
        offset += known.number();
        return OK;
      case MERIDIEM:
        found = MERIDIEM;
        meridiem = known.number();
        return OK;
      case ERA:
        found = ERA;
        beforeChrist = known.number() == 1;
        return OK;
      case WEEKDAY:
        found = WEEKDAY;
        return timeOnly ? BAD_FORMAT : OK;
      case UNIT:
      case JULIAN:
        if (label != null && spec.postgresMajor() >= LABELS_CHECKED) {
          return BAD_FORMAT;
        }
        label = known.kind();
        labelUnit = known.number();
        return OK;
      case TIME_MARK:
        boolean old = spec.postgresMajor() < LABELS_CHECKED;
        boolean followed =
            i + 1 < tokens.count
                && (tokens.kinds[i + 1] == DateTimeTokens.Kind.NUMBER
                    || tokens.kinds[i + 1] == DateTimeTokens.Kind.TIME
                    || tokens.kinds[i + 1] == DateTimeTokens.Kind.DATE);
        boolean fits = (timeOnly || (seen & DATE) == DATE) && (followed || !old);
        if (!fits || label != null && !old) {
          return BAD_FORMAT;
        }
        label = known.kind();
        return OK;
      default:
        return BAD_FORMAT;
    }
  }

  /** What an abbreviation means in the session's zone, where that comes first; or null. */
  private ZoneAbbreviations.Meaning sessionMeaning(String word) {
    if (spec.dialect() != ConversionSpec.Dialect.POSTGRESQL
        || spec.postgresMajor() < SESSION_ABBREVIATIONS) {
      return null;
    }
    if (sessionAbbreviations == null) {
      sessionAbbreviations = ZoneAbbreviations.of(spec.sessionZone().getId());
    }
    return sessionAbbreviations.find(word);
  }

  /**
   * DecodeTimeOnly: a time, perhaps with a zone, perhaps with a date that decides a zone's offset.
   */
  private int decodeTimeOnly() {
    clear();
    int count = tokens.count;
    for (int i = 0; i < count; i++) {
      found = 0;
      int begin = tokens.begin[i];
      int end = tokens.end[i];
      int outcome;
      switch (tokens.kinds[i]) {
        case DATE:
          if (i == 0
              && count >= 2
              && (tokens.kinds[count - 1] == DateTimeTokens.Kind.DATE
                  || tokens.kinds[1] == DateTimeTokens.Kind.TIME)) {
            outcome = decodeDate(begin, end);
          } else if (Ascii.isDigit(tokens.work[begin])) {
            if (label == DateTimeWord.Kind.TIME_MARK && spec.postgresMajor() < LABELS_CHECKED) {
              label = null;
            }
            outcome =
                (seen & TIME) == TIME ? BAD_FORMAT : decodeTimeWithZone(begin, end, seen | DATE);
          } else {
            outcome = decodeNamedZone(i);
          }
          break;
        case TIME:
          if (label != null
              && label != DateTimeWord.Kind.TIME_MARK
              && spec.postgresMajor() >= LABELS_CHECKED) {
            return BAD_FORMAT;
          }
          label = label == DateTimeWord.Kind.TIME_MARK ? null : label;
          outcome = decodeTime(begin, end);
          break;
        case SIGNED:
          outcome = decodeZoneToken(i);
          break;
        case NUMBER:
          int point = indexOf('.', begin, end);
          if (label != null) {
            outcome = decodeLabelled(begin, end, seen | DATE);
          } else if (point >= 0) {
            if (i == 0 && count >= 2 && tokens.kinds[count - 1] == DateTimeTokens.Kind.DATE) {
              outcome = decodeDate(begin, end);
            } else if (point - begin > 2) {
              outcome = decodeRunTogether(begin, end, seen | DATE);
            } else {
              outcome = BAD_FORMAT;
            }
          } else if (end - begin > 4) {
            outcome = decodeRunTogether(begin, end, seen | DATE);
          } else {
            outcome = decodeNumber(begin, end, false, seen | DATE);
          }
          break;
        default:
          outcome = decodeWord(i, true);
          break;
      }
      if (outcome != OK) {
        return outcome;
      }
      if ((found & seen) != 0) {
        return BAD_FORMAT;
      }
      seen |= found;
    }
    if (label != null && spec.postgresMajor() >= LABELS_CHECKED) {
      return BAD_FORMAT;
    }
    int outcome = validateDate();
    if (outcome == OK) {
      outcome = applyMeridiem();
    }
    if (outcome != OK) {
      return outcome;
    }
    if (timeOverflows()) {
      return FIELD_OVERFLOW;
    }
    if ((seen & TIME) != TIME) {
      return BAD_FORMAT;
    }
    nanoOfDay = nanoOfTime();
    return settleTimeOffset();
  }

  private int settleTimeOffset() {
    boolean hasDate = (seen & DATE) == DATE;
    long secondOfDay = nanoOfDay / Calendar.NANOS_PER_SECOND;
    if (namedZone != null) {
      if ((seen & ZONE_SHIFT) != 0) {
        return BAD_FORMAT;
      }
      boolean dated = placed ? (seen & DATE) != 0 : !namedZone.getRules().isFixedOffset();
      if (dated && !hasDate) {
        return BAD_FORMAT;
      }
      offset =
          namedOffset(hasDate ? Calendar.day(year, month, dayOfMonth) : sessionDay(), secondOfDay);
    } else if ((seen & ZONE) == 0) {
      if ((seen & ZONE_SHIFT) != 0 || ((seen & DATE) != 0 && !hasDate)) {
        return BAD_FORMAT;
      }
      offset =
          sessionOffset(
              hasDate ? Calendar.day(year, month, dayOfMonth) : sessionDay(), secondOfDay);
    }
    return OK;
  }

  /** DecodeDate: numbers and at most a month's name, between any punctuation. */
  private int decodeDate(int begin, int end) {
    byte[] work = tokens.work;
    int all = seen;
    int mine = 0;
    boolean named = false;
    // First the name of a month, because it decides what the numbers are; then the numbers.
    for (int pass = 0; pass < 2; pass++) {
      int i = begin;
      while (i < end) {
        while (i < end && !Ascii.isDigit(work[i]) && !Ascii.isLetter(work[i])) {
          i++;
        }
        if (i == end) {
          return BAD_FORMAT;
        }
        int partBegin = i;
        boolean letters = Ascii.isLetter(work[i]);
        while (i < end && (letters ? Ascii.isLetter(work[i]) : Ascii.isDigit(work[i]))) {
          i++;
        }
        int partEnd = i;
        // One byte after a part is a separator, whatever it is.
        i = i < end ? i + 1 : i;
        if (letters && pass == 0) {
          DateTimeWord word = DateTimeWord.find(Complaint.text(work, partBegin, partEnd));
          if (word != null && word.kind() == DateTimeWord.Kind.IGNORED) {
            continue;
          }
          if (word == null || word.kind() != DateTimeWord.Kind.MONTH || (all & MONTH) != 0) {
            return BAD_FORMAT;
          }
          month = word.number();
          named = true;
          all |= MONTH;
          mine |= MONTH;
        } else if (!letters && pass == 1) {
          found = 0;
          int outcome = decodeNumber(partBegin, partEnd, named, all);
          if (outcome != OK) {
            return outcome;
          }
          if ((all & found) != 0) {
            return BAD_FORMAT;
          }
          all |= found;
          mine |= found;
        }
      }
    }
    found = mine;
    // A time, an era or the like before a date is an error; a zone is not.
    return (all & ~(DAY_OF_YEAR | ZONE)) == DATE ? OK : BAD_FORMAT;
  }

  /** DecodeNumber: what a single number is, by what is missing. */
  private int decodeNumber(int begin, int end, boolean named, int seenBefore) {
    int length = end - begin;
    boolean overflow = readInt(begin, end);
    int at = cursor;
    if (overflow) {
      return FIELD_OVERFLOW;
    }
    if (at == begin) {
      return BAD_FORMAT;
    }
    int value = (int) number;
    if (at < end) {
      if (tokens.work[at] != '.') {
        return BAD_FORMAT;
      }
      if (at - begin > 2) {
        return decodeRunTogether(begin, end, seenBefore | DATE);
      }
      int outcome = readFraction(at, end, Calendar.NANOS_PER_SECOND);
      if (outcome != OK) {
        return outcome;
      }
      nano = number;
    }
    int dateSeen = seenBefore & DATE;
    if (length == 3 && dateSeen == YEAR && value >= 1 && value <= 366) {
      found = DAY_OF_YEAR | MONTH | DAY;
      dayOfYear = value;
      return OK;
    }
    switch (dateSeen) {
      case 0:
        if (length >= 3) {
          setYear(value, length);
        } else {
          setMonth(value);
        }
        return OK;
      case YEAR:
        setMonth(value);
        return OK;
      case MONTH:
        if (named && length >= 3) {
          setYear(value, length);
        } else {
          setDay(value);
        }
        return OK;
      case YEAR | MONTH:
        if (named && length >= 3 && twoDigitYear) {
          // The first number was the day after all.
          dayOfMonth = (int) year;
          year = value;
          twoDigitYear = false;
          found = DAY;
        } else {
          setDay(value);
        }
        return OK;
      case DAY:
        setMonth(value);
        return OK;
      case MONTH | DAY:
        setYear(value, length);
        return OK;
      case DATE:
        return decodeRunTogether(begin, end, seenBefore);
      default:
        return BAD_FORMAT;
    }
  }

  private void setYear(int value, int length) {
    found = YEAR;
    year = value;
    twoDigitYear = length <= 2;
  }

  private void setMonth(int value) {
    found = MONTH;
    month = value;
  }

  private void setDay(int value) {
    found = DAY;
    dayOfMonth = value;
  }

  /** DecodeNumberField: yyyymmdd, yymmdd, hhmmss or hhmm, the last two perhaps with a fraction. */
  private int decodeRunTogether(int begin, int end, int seenBefore) {
    int digitsEnd = end;
    int point = indexOf('.', begin, end);
    if (point >= 0) {
      int outcome = readFraction(point, end, Calendar.NANOS_PER_SECOND);
      if (outcome != OK) {
        return outcome;
      }
      nano = number;
      digitsEnd = point;
    }
    for (int i = begin; i < digitsEnd; i++) {
      if (!Ascii.isDigit(tokens.work[i])) {
        return BAD_FORMAT;
      }
    }
    int length = digitsEnd - begin;
    if (point < 0 && (seenBefore & DATE) != DATE && length >= 6) {
      found = DATE;
      dayOfMonth = twoDigits(digitsEnd - 2);
      month = twoDigits(digitsEnd - 4);
      year = wrappedInt(begin, digitsEnd - 4);
      if (length == 6) {
        twoDigitYear = true;
      }
      return OK;
    }
    if ((seenBefore & TIME) != TIME && (length == 6 || length == 4)) {
      found = TIME;
      hour = twoDigits(begin);
      minute = twoDigits(begin + 2);
      second = length == 6 ? twoDigits(begin + 4) : 0;
      return OK;
    }
    return BAD_FORMAT;
  }

  /** DecodeTime: hh:mm, hh:mm:ss, hh:mm:ss.f, or mm:ss.f. */
  private int decodeTime(int begin, int end) {
    found = TIME;
    if (readInt(begin, end)) {
      return FIELD_OVERFLOW;
    }
    hour = (int) number;
    if (cursor == end || tokens.work[cursor] != ':') {
      return BAD_FORMAT;
    }
    if (readInt(cursor + 1, end)) {
      return FIELD_OVERFLOW;
    }
    minute = (int) number;
    second = 0;
    nano = 0;
    if (cursor < end) {
      int c = tokens.work[cursor];
      if (c == ':') {
        if (readInt(cursor + 1, end)) {
          return FIELD_OVERFLOW;
        }
        second = (int) number;
      } else if (c == '.') {
        second = minute;
        minute = hour;
        hour = 0;
      }
      if (cursor < end) {
        if (tokens.work[cursor] != '.') {
          return BAD_FORMAT;
        }
        int outcome = readFraction(cursor, end, Calendar.NANOS_PER_SECOND);
        if (outcome != OK) {
          return outcome;
        }
        nano = number;
      }
    }
    return minute > 59 || second > 60 ? FIELD_OVERFLOW : OK;
  }

  private boolean timeOverflows() {
    return hour > 24 || minute > 59 || second > 60 || nanoOfTime() > Calendar.NANOS_PER_DAY;
  }

  /** DecodeTimezone: sign, then hh, hhmm, hh:mm or hh:mm:ss; sets {@link #offset}. */
  private int decodeZone(int begin, int end) {
    if (begin >= end || (tokens.work[begin] != '+' && tokens.work[begin] != '-')) {
      return BAD_FORMAT;
    }
    if (readInt(begin + 1, end)) {
      return DISPLACEMENT_OVERFLOW;
    }
    long hours = number;
    long minutes = 0;
    long seconds = 0;
    if (cursor < end && tokens.work[cursor] == ':') {
      if (readInt(cursor + 1, end)) {
        return DISPLACEMENT_OVERFLOW;
      }
      minutes = number;
      if (cursor < end && tokens.work[cursor] == ':') {
        if (readInt(cursor + 1, end)) {
          return DISPLACEMENT_OVERFLOW;
        }
        seconds = number;
      }
    } else if (cursor == end && end - begin > 3) {
      minutes = hours % 100;
      hours /= 100;
    }
    if (hours > MAX_ZONE_HOUR || minutes > 59 || seconds > 59) {
      return DISPLACEMENT_OVERFLOW;
    }
    int east = (int) (hours * 3600 + minutes * 60 + seconds);
    offset = tokens.work[begin] == '-' ? -east : east;
    return cursor == end ? OK : BAD_FORMAT;
  }

  private int validateDate() {
    if ((seen & YEAR) != 0 && !julian) {
      if (beforeChrist) {
        if (year <= 0) {
          return FIELD_OVERFLOW;
        }
        year = 1 - year;
      } else if (twoDigitYear) {
        year += year < 70 ? 2000 : year < 100 ? 1900 : 0;
      } else if (year <= 0) {
        return FIELD_OVERFLOW;
      }
    }
    if ((seen & DAY_OF_YEAR) != 0) {
      setDate(Calendar.day(year, 1, 1) + dayOfYear - 1);
    }
    if ((seen & MONTH) != 0 && (month < 1 || month > 12)) {
      return MONTH_OR_DAY_OVERFLOW;
    }
    if ((seen & DAY) != 0 && (dayOfMonth < 1 || dayOfMonth > 31)) {
      return MONTH_OR_DAY_OVERFLOW;
    }
    return (seen & DATE) == DATE && dayOfMonth > Calendar.daysInMonth(year, month)
        ? FIELD_OVERFLOW
        : OK;
  }

  private int applyMeridiem() {
    if (meridiem >= 0) {
      if (hour > 12) {
        return FIELD_OVERFLOW;
      }
      if (meridiem == 0 && hour == 12) {
        hour = 0;
      } else if (meridiem == 1 && hour != 12) {
        hour += 12;
      }
    }
    return OK;
  }

  private void setJulian(long julianDay) {
    julian = true;
    setDate(julianDay - Calendar.JULIAN_EPOCH);
  }

  private void setDate(long newDay) {
    long civil = Calendar.civil(newDay);
    year = Calendar.yearOf(civil);
    month = Calendar.monthOf(civil);
    dayOfMonth = Calendar.dayOf(civil);
  }

  /** The day of the transaction in the session's zone. */
  long sessionDay() {
    int now =
        sessionRules.getOffset(Instant.ofEpochSecond(spec.nowEpochSecond())).getTotalSeconds();
    return Math.floorDiv(spec.nowEpochSecond() + now, 86_400L);
  }

  private void setToday(int shift) {
    setDate(sessionDay() + shift);
  }

  private void setNow() {
    setToday(0);
    int now =
        sessionRules.getOffset(Instant.ofEpochSecond(spec.nowEpochSecond())).getTotalSeconds();
    int secondOfDay = (int) Math.floorMod(spec.nowEpochSecond() + now, 86_400L);
    hour = secondOfDay / 3600;
    minute = secondOfDay / 60 % 60;
    second = secondOfDay % 60;
    nano = spec.nowNano();
    offset = now;
  }

  /**
   * Offset of the session's zone, in seconds east, at a local time. Remembered for blocks of 32
   * days in and around which the zone does not change, because whole columns come without a zone.
   */
  int sessionOffset(long localDay, long secondOfDay) {
    if (fixedOffset != NO_OFFSET) {
      return fixedOffset;
    }
    long block = localDay >> BLOCK_SHIFT;
    int slot = (int) block & (BLOCKS - 1);
    if (blockNumbers[slot] != block) {
      blockNumbers[slot] = block;
      blockOffsets[slot] = blockOffset(block);
    }
    int known = blockOffsets[slot];
    return known != NO_OFFSET ? known : offsetAt(sessionRules, localDay, secondOfDay);
  }

  /** Offset of the zone that the text names. */
  private int namedOffset(long localDay, long secondOfDay) {
    int east = offsetAt(namedZone.getRules(), localDay, secondOfDay);
    return placeMeaning == null
        ? east
        : placeMeaning.offset(localDay * 86_400 + secondOfDay - east);
  }

  private int blockOffset(long block) {
    long begin = block << BLOCK_SHIFT;
    long end = (block + 1) << BLOCK_SHIFT;
    // Two days more than any difference between local time and UTC.
    ZoneOffsetTransition next =
        sessionRules.nextTransition(Instant.ofEpochSecond((begin - 2) * 86_400));
    return next == null || next.toEpochSecond() >= (end + 2) * 86_400
        ? offsetAt(sessionRules, begin, 0)
        : NO_OFFSET;
  }

  /**
   * Offset of a zone at a local time. As PostgreSQL: within a gap the offset before it, within an
   * overlap the one after.
   */
  private static int offsetAt(ZoneRules rules, long localDay, long secondOfDay) {
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(localDay * 86_400 + secondOfDay, 0, ZoneOffset.UTC);
    ZoneOffsetTransition transition = rules.getTransition(local);
    ZoneOffset offset =
        transition == null
            ? rules.getOffset(local)
            : transition.isGap() ? transition.getOffsetBefore() : transition.getOffsetAfter();
    return offset.getTotalSeconds();
  }

  /**
   * Reads digits into {@link #number} up to {@link #cursor}; true when they exceed an int. None is
   * 0.
   */
  private boolean readInt(int begin, int end) {
    long value = 0;
    int i = begin;
    while (i < end && Ascii.isDigit(tokens.work[i])) {
      value = Math.min(value * 10 + tokens.work[i] - '0', 1L << 40);
      i++;
    }
    number = value;
    cursor = i;
    return value > Integer.MAX_VALUE;
  }

  /** Digits as C's atoi reads them: what exceeds an int wraps around. */
  private int wrappedInt(int begin, int end) {
    long value = 0;
    for (int i = begin; i < end; i++) {
      int digit = tokens.work[i] - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        return (int) Long.MAX_VALUE;
      }
      value = value * 10 + digit;
    }
    return (int) value;
  }

  /** Reads {@code .ddd} as a fraction of {@code whole} into {@link #number}, rounded. */
  private int readFraction(int begin, int end, long whole) {
    if (end - begin == 1 && spec.postgresMajor() < LONE_POINTS) {
      return BAD_FORMAT;
    }
    long nanos = 0;
    int digits = 0;
    int roundUp = 0;
    for (int i = begin + 1; i < end; i++) {
      int digit = tokens.work[i] - '0';
      if (digit < 0 || digit > 9) {
        return BAD_FORMAT;
      }
      if (digits < 9) {
        nanos = nanos * 10 + digit;
      } else if (digits == 9) {
        roundUp = digit >= 5 ? 1 : 0;
      }
      digits++;
    }
    if (whole == Calendar.NANOS_PER_SECOND && (!micros || digits <= IsoDateTime.MICRO_DIGITS)) {
      number = nanos * Digits.power(9 - Math.min(digits, 9)) + roundUp;
      return OK;
    }
    double fraction =
        digits == 0 ? 0 : Double.parseDouble("0" + Complaint.text(tokens.work, begin, end));
    number =
        whole == Calendar.NANOS_PER_SECOND
            ? 1000 * IsoDateTime.micros(fraction)
            : Math.min(whole - 1, Math.round(fraction * (whole / 1000)) * 1000);
    return OK;
  }

  private int twoDigits(int at) {
    return (tokens.work[at] - '0') * 10 + tokens.work[at + 1] - '0';
  }

  private int indexOf(int c, int begin, int end) {
    for (int i = begin; i < end; i++) {
      if (tokens.work[i] == c) {
        return i;
      }
    }
    return -1;
  }
}
