package io.copyload.engine.statement;

import java.util.List;
import java.util.Locale;

/** The argument of a clause, as written. */
public sealed interface OptionValue {
  /** What is printed instead of a secret. */
  String STARS = "***";

  /**
   * The argument's part of the statement; of no length behind the name when there is no argument.
   */
  TextRange range();

  /** No argument. */
  record None(TextRange range) implements OptionValue {}

  /**
   * A string literal or a quoted identifier.
   *
   * @param text decoded
   * @param literal false for a quoted identifier
   */
  record Text(String text, boolean literal, TextRange range) implements OptionValue {}

  /** A number with its sign, as written. */
  record Number(String text, TextRange range) implements OptionValue {}

  /** An unquoted word, as written. */
  record Word(String text, TextRange range) implements OptionValue {
    public String lower() {
      return text.toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A list.
   *
   * @param items never empty, except within brackets
   * @param brackets Materialize's {@code [...]}
   */
  record ValueList(List<OptionValue> items, boolean brackets, TextRange range)
      implements OptionValue {
    public ValueList {
      items = List.copyOf(items);
    }
  }

  /** The {@code *} for all columns. */
  record Star(TextRange range) implements OptionValue {}

  /** A string literal that must not be shown; prints as stars. */
  record Secret(String text, TextRange range) implements OptionValue {
    @Override
    public String toString() {
      return STARS;
    }
  }
}
