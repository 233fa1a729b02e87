package io.copyload.engine.statement;

/**
 * A part of the statement's text, in {@code char} offsets.
 *
 * @param begin first char
 * @param end behind the last char
 */
public record TextRange(int begin, int end) {
  public TextRange {
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("range " + begin + " to " + end);
    }
  }

  /** The part of {@code sql}. */
  public String of(String sql) {
    return sql.substring(begin, end);
  }

  /** From the begin of this range to the end of another one that does not end before it. */
  public TextRange to(TextRange last) {
    return new TextRange(begin, last.end);
  }

  /** Position as PostgreSQL reports it: counted from 1. */
  public int position() {
    return begin + 1;
  }
}
