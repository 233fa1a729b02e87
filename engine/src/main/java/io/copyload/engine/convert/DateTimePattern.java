package io.copyload.engine.convert;

/**
 * Reads dates and times in the shape of a {@link DateTimeFormat}. Holds the result of the last
 * text.
 *
 * <p>A value may end behind its date: the time is then midnight. Years of two digits are 1970 to
 * 2069. Threads: one owner.
 */
final class DateTimePattern {
  private static final String[] MONTHS = {
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december"
  };

  private final DateTimeFormat format;

  /** Number of leading elements after which the date is complete. */
  private final int dateElements;

  private byte[] bytes;
  private int at;
  private int end;
  private int number;

  private int year;
  private int month;
  private int day;
  private int hour;
  private int minute;
  private int second;
  private long nanos;
  private int meridiem;
  private boolean halfDay;

  DateTimePattern(DateTimeFormat format) {
    this.format = format;
    int needed = 0;
    for (int i = 0; i < format.size(); i++) {
      if (format.element(i).ofDate()) {
        needed = i + 1;
      }
    }
    dateElements = needed;
  }

  /** Reads a value without blanks around; {@link #stop} is where the shape ended. */
  boolean parse(byte[] text, int begin, int textEnd) {
    bytes = text;
    at = begin;
    end = textEnd;
    hour = 0;
    minute = 0;
    second = 0;
    nanos = 0;
    meridiem = -1;
    halfDay = false;
    boolean timeSeen = false;
    for (int i = 0; i < format.size(); i++) {
      if (at == end && i >= dateElements && !timeSeen) {
        break;
      }
      DateTimeFormat.Element element = format.element(i);
      if (!read(element, format.literal(i))) {
        return false;
      }
      timeSeen |= element.ofTime();
    }
    if (halfDay || meridiem >= 0) {
      if (meridiem >= 0 && (hour < 1 || hour > 12)) {
        return false;
      }
      if (hour == 12 && meridiem >= 0) {
        hour = 0;
      }
      hour += meridiem == 1 ? 12 : 0;
    }
    return year >= 1
        && month >= 1
        && month <= 12
        && day >= 1
        && day <= Calendar.daysInMonth(year, month);
  }

  /** Where in the text the shape ended. */
  int stop() {
    return at;
  }

  long day() {
    return Calendar.day(year, month, day);
  }

  long nanoOfDay() {
    return (hour * 3600L + minute * 60L + second) * Calendar.NANOS_PER_SECOND + nanos;
  }

  private boolean read(DateTimeFormat.Element element, byte literal) {
    switch (element) {
      case YEAR -> {
        if (!digits(4, 4)) {
          return false;
        }
        year = number;
      }
      case SHORT_YEAR -> {
        if (!digits(2, 2)) {
          return false;
        }
        year = number + (number < 70 ? 2000 : 1900);
      }
      case MONTH -> {
        if (!digits(1, 2)) {
          return false;
        }
        month = number;
      }
      case MONTH_NAME -> {
        return monthName();
      }
      case DAY -> {
        if (!digits(1, 2)) {
          return false;
        }
        day = number;
      }
      case HOUR, HOUR_24, HOUR_12 -> {
        halfDay = element == DateTimeFormat.Element.HOUR_12;
        if (!digits(1, 2) || number > 23 || (halfDay && (number < 1 || number > 12))) {
          return false;
        }
        hour = number;
      }
      case MINUTE -> {
        if (!digits(1, 2) || number > 59) {
          return false;
        }
        minute = number;
      }
      case SECOND -> {
        return second();
      }
      case MERIDIEM -> {
        if (end - at < 2) {
          return false;
        }
        boolean am = Ascii.equalsWord(bytes, at, at + 2, "am");
        if (!am && !Ascii.equalsWord(bytes, at, at + 2, "pm")) {
          return false;
        }
        meridiem = am ? 0 : 1;
        at += 2;
      }
      case LITERAL -> {
        if (at == end || bytes[at] != literal) {
          return false;
        }
        at++;
      }
      case BLANKS -> {
        if (at == end || bytes[at] != ' ') {
          return false;
        }
        while (at < end && bytes[at] == ' ') {
          at++;
        }
      }
    }
    return true;
  }

  private boolean digits(int least, int most) {
    int first = at;
    number = 0;
    while (at < end && at - first < most && Ascii.isDigit(bytes[at])) {
      number = number * 10 + bytes[at++] - '0';
    }
    return at - first >= least;
  }

  private boolean second() {
    if (!digits(1, 2) || number > 59) {
      return false;
    }
    second = number;
    if (at < end && bytes[at] == '.') {
      int first = ++at;
      while (at < end && Ascii.isDigit(bytes[at])) {
        at++;
      }
      // What is behind nanoseconds rounds to nothing in a column of microseconds.
      int last = Math.min(at, first + 9);
      nanos = first == at ? 0 : IsoDateTime.fraction(bytes, first, last, IsoDateTime.NANO_DIGITS);
    }
    return true;
  }

  private boolean monthName() {
    int first = at;
    while (at < end && Ascii.isLetter(bytes[at])) {
      at++;
    }
    if (at - first < 3) {
      return false;
    }
    for (int i = 0; i < MONTHS.length; i++) {
      boolean whole = at - first == 3 || at - first == MONTHS[i].length();
      if (whole && Ascii.isPrefixOf(bytes, first, at, MONTHS[i])) {
        month = i + 1;
        return true;
      }
    }
    return false;
  }
}
