package io.copyload.tck.postgres;

import java.nio.charset.StandardCharsets;

/** The README's table of differences, as far as random cases meet it. */
final class Differences {
  private Differences() {}

  /** Whether the table explains why the two answers differ. */
  static boolean explain(CopyCase copy, CopyOutcome theirs, CopyOutcome ours) {
    return namesSkippedValue(copy, theirs, ours)
        || onlyHintIsOurs(theirs, ours)
        || showsOtherForm(copy, theirs, ours)
        || cannotHold(copy, ours)
        || holdsMore(theirs, ours)
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
   * PostgreSQL looks for a newline behind a carriage return before it has counted the line, and
   * then finds that the next byte is not in the encoding.
   */
  private static boolean invalidBehindCarriageReturn(CopyCase copy, CopyOutcome theirs) {
    return copy.reads()
        && theirs.error().startsWith("22021: ")
        && new String(copy.input(), StandardCharsets.ISO_8859_1)
            .matches("(?s).*(\r|\\\\\\.)[\u0000\u0080-\u00ff].*");
  }

  /** Intervals of H2 are longer than PostgreSQL's. */
  private static boolean holdsMore(CopyOutcome theirs, CopyOutcome ours) {
    return theirs.error().startsWith("22015: interval field value out of range")
        || theirs.error().startsWith("22008: interval out of range");
  }
}
