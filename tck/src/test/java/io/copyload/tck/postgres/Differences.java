package io.copyload.tck.postgres;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The README's table of differences, as far as random cases meet it. */
final class Differences {
  private Differences() {}

  /** Whether the table explains why the two answers differ. */
  static boolean explain(CopyCase copy, CopyOutcome theirs, CopyOutcome ours) {
    return namesSkippedValue(copy, theirs, ours)
        || onlyHintIsOurs(theirs, ours)
        || showsOtherForm(copy, theirs, ours)
        || cannotHold(copy, ours)
        || holdsMore(copy, theirs, ours)
        || onlyCut(theirs, ours)
        || invalidBehindCarriageReturn(copy, theirs)
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
        // POSIX zones with daylight saving.
        || error.matches("(?s)22023: time zone \"[^\"]*\\d[^\"]*[a-z][^\"]*\" not recognized.*")
        // H2 counts UTF-16 units.
        || astral && error.contains("22001: value too long for type character");
  }

  /**
   * PostgreSQL looks for a newline behind the first carriage return, or for what is behind an end
   * marker, before it has counted the line, and then finds that the next byte is not in the
   * encoding: right there, and not in another place.
   */
  private static boolean invalidBehindCarriageReturn(CopyCase copy, CopyOutcome theirs) {
    if (!copy.reads() || !theirs.error().startsWith("22021: ")) {
      return false;
    }
    Matcher named = SEQUENCE.matcher(theirs.error());
    if (!named.find()) {
      return false;
    }
    String sequence = named.group(1).replaceAll("0x| ", "");
    StringBuilder hex = new StringBuilder();
    for (byte b : copy.input()) {
      hex.append(String.format("%02x", b & 255));
    }
    Matcher place = Pattern.compile("^(?:..)*?(?:0d|5c2e)" + sequence).matcher(hex);
    return place.find();
  }

  private static final Pattern SEQUENCE = Pattern.compile("encoding \"[^\"]*\": ((?: ?0x..)+)");

  /** Intervals of H2 are longer than PostgreSQL's. */
  private static boolean holdsMore(CopyCase copy, CopyOutcome theirs, CopyOutcome ours) {
    boolean overflows =
        theirs.error().startsWith("22015: interval field value out of range")
            || theirs.error().startsWith("22008: interval out of range");
    Matcher column = COLUMN.matcher(theirs.error());
    return overflows
        && !ours.error().matches("(?s)(22015|22008): interval .*")
        && column.find()
        && copy.columns().stream()
            .anyMatch(
                c ->
                    c.type().base().startsWith("interval")
                        && c.name().replace("\"", "").equals(column.group(1)));
  }

  private static final Pattern COLUMN = Pattern.compile("COPY t, line \\d+, column ([^:]+): ");

  /** Messages end after 4,096 characters. */
  private static boolean onlyCut(CopyOutcome theirs, CopyOutcome ours) {
    String first = ours.error().lines().findFirst().orElse("");
    return first.length() > 4096
        && first.endsWith("...")
        && theirs.error().startsWith(first.substring(0, first.length() - 3))
        && without("where", theirs).startsWith(first.substring(0, first.length() - 3));
  }
}
