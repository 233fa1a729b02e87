package io.copyload.tck.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The README's table of differences, as far as random cases meet it. */
final class Differences {
  /** A field or element that is -0, in what {@link CopyCase#visible} shows. */
  private static final Pattern NEGATIVE_ZERO =
      Pattern.compile("(^\"|\\\\[tn]|[{,])-0(?=\\\\[tn]|[,}])");

  private Differences() {}

  /** Whether the table explains why the two answers differ. */
  static boolean explain(CopyCase copy, CopyOutcome theirs, CopyOutcome ours, int major) {
    return namesSkippedValue(copy, theirs, ours)
        || onlyHintIsOurs(theirs, ours)
        || showsOtherForm(copy, theirs, ours)
        || cannotHold(copy, ours)
        || holdsMore(copy, theirs, ours, major)
        || onlyCut(theirs, ours)
        || invalidBehindLine(copy, theirs, ours)
        || readsJsonb(copy, theirs)
        || losesSignOfZero(copy, theirs, ours)
        || theirs.output().contains("]={");
  }

  /**
   * Behind a row that ON_ERROR has skipped, PostgreSQL's context names that row's column, and a
   * value that is gone.
   */
  private static boolean namesSkippedValue(CopyCase copy, CopyOutcome theirs, CopyOutcome ours) {
    return copy.options().contains("ON_ERROR ignore")
        && theirs.error().contains(", column ")
        && !theirs.error().equals(ours.error())
        && without("where", theirs).equals(without("where", ours));
  }

  /** In binary a JSON column takes json and jsonb, which begins with the byte 1. */
  private static boolean readsJsonb(CopyCase copy, CopyOutcome theirs) {
    return copy.options().contains("FORMAT binary")
        && copy.columns().stream().anyMatch(c -> c.type().base().equals("json"))
        && theirs.error().contains("detail: \"Token \\\"\\x01\\\" is invalid.");
  }

  /** H2 computes with the rows of a condition and of a query, and its numbers have no -0. */
  private static boolean losesSignOfZero(CopyCase copy, CopyOutcome theirs, CopyOutcome ours) {
    return (!copy.where().isEmpty() || copy.head().startsWith("COPY ("))
        && copy.columns().stream()
            .anyMatch(c -> List.of("double precision", "real").contains(c.type().base()))
        && theirs.error().equals(ours.error())
        && theirs.count() == ours.count()
        && theirs.notices().equals(ours.notices())
        && NEGATIVE_ZERO.matcher(theirs.output()).replaceAll("$1" + 0).equals(ours.output());
  }

  private static boolean onlyHintIsOurs(CopyOutcome theirs, CopyOutcome ours) {
    return !theirs.error().isEmpty() && theirs.error().equals(without("hint", ours));
  }

  /** H2 keeps no blanks in JSON, and days and hours of an interval together. */
  private static boolean showsOtherForm(CopyCase copy, CopyOutcome theirs, CopyOutcome ours) {
    return copy.columns().stream()
            .anyMatch(c -> c.type().base().equals("interval") || c.type().base().equals("json"))
        && theirs.error().contains("Failing row contains (")
        && without("detail", theirs).equals(without("detail", ours));
  }

  private static String without(String part, CopyOutcome outcome) {
    return outcome.error().replaceAll("\n" + part + ": [^\n]*", "");
  }

  /** H2's type has no such value. */
  static boolean cannotHold(CopyCase copy, CopyOutcome ours) {
    String error = ours.error();
    byte[] bytes = copy.reads() ? copy.input() : copy.rows();
    boolean astral =
        new String(bytes, StandardCharsets.UTF_8).codePoints().anyMatch(c -> c > 0xffff);
    return error.contains("detail: \"The column holds years and months only")
        || error.contains("detail: \"The column holds days and times only")
        || error.contains("detail: \"The column's arrays have 1 dimension.")
        || error.contains("detail: \"A time must be before 24:00:00.")
        || error.contains("cannot hold")
        || error.matches("(?si)22008: (date|timestamp) out of range: \"\\s*[+-]?infinity.*")
        // A text in SQL_ASCII need not be UTF-8 in PostgreSQL.
        || copy.options().contains("ENCODING 'SQL_ASCII'") && error.startsWith("22021: ")
        // POSIX zones with daylight saving: name, offset, and any name, if only a dot.
        || error.matches(
            "(?s)22023: time zone \"[^\"\\d+,-]+[+-]?\\d+(:\\d+){0,2}[^\"\\d+,:-][^\"]*\" not recognized.*")
        // H2 counts UTF-16 units.
        || astral && error.contains("22001: value too long for type character");
  }

  /**
   * PostgreSQL looks for a newline behind a carriage return, or for what is behind an end marker,
   * before it has read the line, and then finds that the next byte is not in the encoding: right
   * there, and not in another place. We see it when the line is over.
   */
  private static boolean invalidBehindLine(CopyCase copy, CopyOutcome theirs, CopyOutcome ours) {
    if (!copy.reads() || !theirs.error().startsWith("22021: ")) {
      return false;
    }
    int line = line(theirs);
    boolean later = without("where", theirs).equals(without("where", ours));
    Matcher named = SEQUENCE.matcher(theirs.error());
    if (!named.find() || line(ours) != line && !(later && line(ours) == line + 1)) {
      return false;
    }
    byte[] sequence = HexFormat.of().parseHex(named.group(1).replaceAll("0x| ", ""));
    boolean csv = copy.options().stream().anyMatch(o -> o.matches("(?i)csv|format '?csv'?"));
    return csv
        ? isBehindCarriageReturn(copy.input(), sequence)
        : isBehindLookahead(copy.input(), sequence);
  }

  private static final Pattern SEQUENCE = Pattern.compile("encoding \"[^\"]*\": ((?: ?0x..)+)");

  private static int line(CopyOutcome outcome) {
    Matcher line = LINE.matcher(outcome.error());
    return line.find() ? Integer.parseInt(line.group(1)) : -1;
  }

  private static final Pattern LINE = Pattern.compile("where: \"COPY t, line (\\d+)");

  private static boolean isAt(byte[] input, int at, byte[] sequence) {
    int end = at + sequence.length;
    return end <= input.length && Arrays.equals(input, at, end, sequence, 0, sequence.length);
  }

  /** In CSV, PostgreSQL looks behind every carriage return. */
  private static boolean isBehindCarriageReturn(byte[] input, byte[] sequence) {
    for (int i = 0; i < input.length; i++) {
      if (input[i] == '\r' && isAt(input, i + 1, sequence)) {
        return true;
      }
    }
    return false;
  }

  /** In text, behind one that may begin a CR LF, and behind an end marker. */
  private static boolean isBehindLookahead(byte[] input, byte[] sequence) {
    boolean mayBeCrLf = true;
    for (int i = 0; i < input.length; i++) {
      boolean next = i + 1 < input.length;
      if (input[i] == '\\') {
        if (next && input[i + 1] == '.' && isAt(input, i + 2, sequence)) {
          return true;
        }
        i++;
      } else if (input[i] == '\r') {
        if (mayBeCrLf && isAt(input, i + 1, sequence)) {
          return true;
        }
        if (next && input[i + 1] == '\n') {
          i++;
        } else {
          mayBeCrLf = false;
        }
      } else if (input[i] == '\n') {
        mayBeCrLf = false;
      }
    }
    return false;
  }

  /**
   * Intervals of H2 are longer than PostgreSQL's, which have 32 bits for months and days and 64 for
   * microseconds; where H2's column ends, too, its own limit is named.
   */
  private static boolean holdsMore(CopyCase copy, CopyOutcome theirs, CopyOutcome ours, int major) {
    boolean overflows =
        theirs.error().startsWith("22015: interval field value out of range")
            || theirs.error().startsWith("22008: interval out of range");
    boolean refused = ours.error().matches("(?s)(22015|22008): interval .*");
    Matcher value = VALUE.matcher(theirs.error());
    return overflows
        && (!refused || ours.error().contains("detail: \"The column's leading field must be less"))
        && value.find()
        && copy.columns().stream()
            .anyMatch(
                c ->
                    c.type().base().startsWith("interval")
                        && c.name().replace("\"", "").equals(value.group(1))
                        && exceeds(value.group(2), c.type().base().endsWith("month"), major));
  }

  private static final Pattern VALUE =
      Pattern.compile("COPY t, line \\d+, column ([^:]+): \\\\\"(.*)");

  /**
   * Whether the numbers of a text make more than an interval of PostgreSQL may have. Before 15 each
   * of them has 32 bits.
   */
  private static boolean exceeds(String text, boolean months, int major) {
    double share = 0;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      double number = Double.parseDouble(part.group(1));
      String unit = part.group(2) == null ? "" : part.group(2).toLowerCase(Locale.ROOT);
      boolean tooLong = major < 15 && number > Integer.MAX_VALUE;
      share += tooLong ? 1 : number / (months ? mostMonths(unit) : mostTime(unit));
    }
    return share > 0.9999;
  }

  /** A number, and the unit or the punctuation behind it. */
  private static final Pattern PART =
      Pattern.compile("(\\d+)(?:\\.\\d*)?(?:\\s*([A-Za-z]+|[:-]))?");

  private static double mostMonths(String unit) {
    double months = 1L << 31;
    if (unit.startsWith("mil")) {
      return months / 12_000;
    }
    return switch (unit.isEmpty() ? ' ' : unit.charAt(0)) {
      case 'c' -> months / 1200;
      case 'd' -> months / 120;
      case 'y', '-' -> months / 12;
      default -> months;
    };
  }

  private static double mostTime(String unit) {
    double micros = 0x1p63;
    double days = 1L << 31;
    return switch (unit) {
      case "d", "day", "days" -> days;
      case "w", "week", "weeks" -> days / 7;
      case "h", "hr", "hrs", "hour", "hours", ":" -> micros / 3_600_000_000L;
      case "m", "min", "mins", "minute", "minutes" -> micros / 60_000_000;
      case "us", "usec", "usecs", "usecond", "useconds", "microsecond", "microseconds" -> micros;
      case "ms", "msec", "msecs", "msecond", "mseconds", "millisecond", "milliseconds" ->
          micros / 1000;
      default -> micros / 1_000_000;
    };
  }

  /** Messages end after 4,096 characters. */
  private static boolean onlyCut(CopyOutcome theirs, CopyOutcome ours) {
    String first = ours.error().lines().findFirst().orElse("");
    return first.length() > 4096
        && first.endsWith("...")
        && theirs.error().startsWith(first.substring(0, first.length() - 3))
        && without("where", theirs).startsWith(first.substring(0, first.length() - 3));
  }
}
