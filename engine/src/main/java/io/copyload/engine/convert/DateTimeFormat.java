package io.copyload.engine.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The shape of dates or timestamps in a file: Redshift's DATEFORMAT and TIMEFORMAT (Redshift guide,
 * "DATEFORMAT and TIMEFORMAT strings").
 *
 * <p>Elements in any case: {@code YYYY YY MM MON DD HH HH24 HH12 MI SS AM PM}; separators {@code -
 * / : . ,} and blanks; the letters T and Z as themselves. {@code SS} takes fraction digits, too,
 * named or not ({@code SS.SSS}, {@code SS.MS}, {@code SS.US}). The words {@code auto}, {@code
 * epochsecs} and {@code epochmillisecs} count in lower case only. Threads: any; immutable.
 */
public final class DateTimeFormat {
  /** How values are read. */
  public enum Kind {
    /** Every form that a literal may have, in any order. */
    AUTO,
    /** Seconds since 1970-01-01 00:00:00 UTC. */
    EPOCH_SECONDS,
    /** Milliseconds since then. */
    EPOCH_MILLISECONDS,
    /** As the elements say. */
    PATTERN
  }

  /** A part of a pattern. */
  enum Element {
    YEAR("YYYY"),
    SHORT_YEAR("YY"),
    MONTH_NAME("MON"),
    MONTH("MM"),
    DAY("DD"),
    HOUR_24("HH24"),
    HOUR_12("HH12"),
    HOUR("HH"),
    MINUTE("MI"),
    SECOND("SS"),
    MERIDIEM("AM"),
    LITERAL(null),
    /** One blank or more. */
    BLANKS(null);

    private final String written;

    Element(String written) {
      this.written = written;
    }

    boolean ofDate() {
      return this == YEAR
          || this == SHORT_YEAR
          || this == MONTH_NAME
          || this == MONTH
          || this == DAY;
    }

    boolean ofTime() {
      return !ofDate() && this != LITERAL && this != BLANKS;
    }
  }

  /** YYYY-MM-DD. */
  public static final DateTimeFormat DEFAULT_DATE = date("YYYY-MM-DD");

  /** YYYY-MM-DD HH:MI:SS, with an offset where the type has one. */
  public static final DateTimeFormat DEFAULT_TIME = time("YYYY-MM-DD HH:MI:SS");

  private final Kind kind;
  private final String text;
  private final Element[] elements;

  /** The byte of each literal. */
  private final byte[] literals;

  private DateTimeFormat(Kind kind, String text, List<Element> elements, String literals) {
    this.kind = kind;
    this.text = text;
    this.elements = elements.toArray(new Element[0]);
    this.literals = literals.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  /**
   * A format of DATE values.
   *
   * <p>Failures: IllegalArgumentException that says what is wrong with the text.
   */
  public static DateTimeFormat date(String text) {
    return text.equals("auto")
        ? new DateTimeFormat(Kind.AUTO, text, List.of(), "")
        : pattern(text, "date");
  }

  /**
   * A format of TIMESTAMP and TIMESTAMPTZ values.
   *
   * <p>Failures: as for {@link #date}.
   */
  public static DateTimeFormat time(String text) {
    return switch (text) {
      case "auto" -> new DateTimeFormat(Kind.AUTO, text, List.of(), "");
      case "epochsecs" -> new DateTimeFormat(Kind.EPOCH_SECONDS, text, List.of(), "");
      case "epochmillisecs" -> new DateTimeFormat(Kind.EPOCH_MILLISECONDS, text, List.of(), "");
      default -> pattern(text, "timestamp");
    };
  }

  private static DateTimeFormat pattern(String text, String what) {
    List<Element> elements = new ArrayList<>();
    StringBuilder literals = new StringBuilder();
    String upper = text.toUpperCase(Locale.ROOT);
    int i = 0;
    while (i < upper.length()) {
      Element element = elementAt(upper, i);
      char c = upper.charAt(i);
      char literal = 0;
      if (element != null) {
        i += element.written.length();
      } else if (upper.startsWith("TZ", i) || upper.startsWith("OF", i)) {
        throw new IllegalArgumentException(
            "a time zone (" + text.substring(i, i + 2) + ") is not allowed in a format");
      } else if (c == ' ') {
        element = Element.BLANKS;
        while (i < upper.length() && upper.charAt(i) == ' ') {
          i++;
        }
      } else if ("-/:.,TZ".indexOf(c) >= 0) {
        element = Element.LITERAL;
        literal = c;
        i++;
      } else {
        throw new IllegalArgumentException(
            "\""
                + text.substring(i)
                + "\" in the "
                + what
                + " format \""
                + text
                + "\" is no element of a format");
      }
      if (element == Element.SECOND) {
        i = skipFraction(upper, i);
      }
      if (element != Element.LITERAL && element != Element.BLANKS && elements.contains(element)) {
        throw new IllegalArgumentException(
            "the " + what + " format \"" + text + "\" has " + element.written + " twice");
      }
      elements.add(element);
      literals.append(literal);
    }
    boolean year = elements.contains(Element.YEAR) || elements.contains(Element.SHORT_YEAR);
    boolean month = elements.contains(Element.MONTH) || elements.contains(Element.MONTH_NAME);
    if (!year || !month || !elements.contains(Element.DAY)) {
      throw new IllegalArgumentException(
          "the " + what + " format \"" + text + "\" must have a year, a month and a day");
    }
    return new DateTimeFormat(Kind.PATTERN, text, elements, literals.toString());
  }

  private static Element elementAt(String upper, int i) {
    if (upper.startsWith("PM", i)) {
      return Element.MERIDIEM;
    }
    for (Element element : Element.values()) {
      if (element.written != null && upper.startsWith(element.written, i)) {
        return element;
      }
    }
    return null;
  }

  /** A fraction behind the seconds, which need not be named. */
  private static int skipFraction(String upper, int i) {
    if (upper.startsWith(".MS", i) || upper.startsWith(".US", i)) {
      return i + 3;
    }
    int end = i + 1;
    while (end < upper.length() && upper.charAt(end) == 'S') {
      end++;
    }
    return upper.startsWith(".S", i) ? end : i;
  }

  public Kind kind() {
    return kind;
  }

  /** As the statement has it. */
  public String text() {
    return text;
  }

  int size() {
    return elements.length;
  }

  Element element(int i) {
    return elements[i];
  }

  byte literal(int i) {
    return literals[i];
  }

  /** Whether values have the shape YYYY-MM-DD, perhaps with HH:MI:SS behind. */
  boolean isIso() {
    String upper = text.toUpperCase(Locale.ROOT);
    return upper.equals("YYYY-MM-DD")
        || upper.equals("YYYY-MM-DD HH:MI:SS")
        || upper.equals("YYYY-MM-DD HH24:MI:SS");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DateTimeFormat format
        && format.text.equals(text)
        && format.kind == kind;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
