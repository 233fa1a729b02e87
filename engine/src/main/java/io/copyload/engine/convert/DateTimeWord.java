package io.copyload.engine.convert;

import java.util.HashMap;
import java.util.Map;

/**
 * A word that PostgreSQL knows in dates and times (its datetktbl), with its number: the month, the
 * zone's offset, ...
 *
 * @param number MONTH: 1 to 12; MERIDIEM: 0 for AM, 1 for PM; ERA: 1 for BC; ZONE_SHIFT: seconds;
 *     UNIT: its first letter, n for minutes
 */
record DateTimeWord(Kind kind, int number) {
  /** What a word does. */
  enum Kind {
    MONTH,
    WEEKDAY,
    MERIDIEM,
    ERA,
    /** {@code dst} behind a zone. */
    ZONE_SHIFT,
    /** {@code j}, {@code julian}, {@code jd}. */
    JULIAN,
    /** {@code t} before a time. */
    TIME_MARK,
    /** Units, before dates and times of PostgreSQL 14 and 15; later for intervals only. */
    UNIT,
    IGNORED,
    NOW,
    TODAY,
    TOMORROW,
    YESTERDAY,
    ALLBALLS,
    EPOCH,
    INFINITY,
    MINUS_INFINITY
  }

  private static final Map<String, DateTimeWord> WORDS = words();

  /** The word, or null. */
  static DateTimeWord find(String lowerCase) {
    return WORDS.get(lowerCase);
  }

  private static Map<String, DateTimeWord> words() {
    Map<String, DateTimeWord> words = new HashMap<>();
    String[] months = {
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
    for (int i = 0; i < months.length; i++) {
      DateTimeWord month = new DateTimeWord(Kind.MONTH, i + 1);
      words.put(months[i], month);
      words.put(months[i].substring(0, 3), month);
    }
    words.put("sept", new DateTimeWord(Kind.MONTH, 9));
    String[] weekdays = {
      "sunday",
      "sun",
      "monday",
      "mon",
      "tuesday",
      "tue",
      "tues",
      "wednesday",
      "wed",
      "weds",
      "thursday",
      "thu",
      "thur",
      "thurs",
      "friday",
      "fri",
      "saturday",
      "sat"
    };
    for (String weekday : weekdays) {
      words.put(weekday, new DateTimeWord(Kind.WEEKDAY, 0));
    }
    for (String unit :
        new String[] {"d", "dow", "doy", "h", "isodow", "isoyear", "m", "mm", "s", "y"}) {
      words.put(unit, new DateTimeWord(Kind.UNIT, unit.equals("mm") ? 'n' : unit.charAt(0)));
    }
    for (String julian : new String[] {"j", "jd", "julian"}) {
      words.put(julian, new DateTimeWord(Kind.JULIAN, 0));
    }
    words.put("am", new DateTimeWord(Kind.MERIDIEM, 0));
    words.put("pm", new DateTimeWord(Kind.MERIDIEM, 1));
    words.put("ad", new DateTimeWord(Kind.ERA, 0));
    words.put("bc", new DateTimeWord(Kind.ERA, 1));
    words.put("dst", new DateTimeWord(Kind.ZONE_SHIFT, 3600));
    words.put("t", new DateTimeWord(Kind.TIME_MARK, 0));
    words.put("at", new DateTimeWord(Kind.IGNORED, 0));
    words.put("on", new DateTimeWord(Kind.IGNORED, 0));
    words.put("now", new DateTimeWord(Kind.NOW, 0));
    words.put("today", new DateTimeWord(Kind.TODAY, 0));
    words.put("tomorrow", new DateTimeWord(Kind.TOMORROW, 0));
    words.put("yesterday", new DateTimeWord(Kind.YESTERDAY, 0));
    words.put("allballs", new DateTimeWord(Kind.ALLBALLS, 0));
    words.put("epoch", new DateTimeWord(Kind.EPOCH, 0));
    words.put("infinity", new DateTimeWord(Kind.INFINITY, 0));
    words.put("+infinity", new DateTimeWord(Kind.INFINITY, 0));
    words.put("-infinity", new DateTimeWord(Kind.MINUS_INFINITY, 0));
    return Map.copyOf(words);
  }
}
