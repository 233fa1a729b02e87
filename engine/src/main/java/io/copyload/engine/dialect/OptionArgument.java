package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionStyle;
import io.copyload.engine.statement.OptionValue;
import java.util.Locale;

/** How PostgreSQL turns the argument of an option into a value, and its refusals. */
final class OptionArgument {
  private OptionArgument() {}

  /** Old clauses by the name that PostgreSQL's grammar gives them. */
  static String nameOf(OptionClause clause) {
    if (clause.style() != OptionStyle.LEGACY) {
      return clause.name();
    }
    return switch (clause.name()) {
      case "CSV", "BINARY" -> "FORMAT";
      case "DELIMITERS" -> "DELIMITER";
      default -> clause.name();
    };
  }

  static String text(OptionClause clause) {
    String text = textOrNull(clause.value());
    if (text == null) {
      throw error(CopyErrorCode.SYNTAX, clause.written() + " requires a parameter");
    }
    return text;
  }

  /** The value as PostgreSQL turns any argument into a string; null when there is none. */
  static String textOrNull(OptionValue value) {
    if (value instanceof OptionValue.Text text) {
      return text.text();
    }
    if (value instanceof OptionValue.Word word) {
      return word.lower();
    }
    if (value instanceof OptionValue.Number number) {
      return number.text();
    }
    if (value instanceof OptionValue.Star) {
      return "*";
    }
    if (value instanceof OptionValue.ValueList list) {
      StringBuilder joined = new StringBuilder();
      for (OptionValue item : list.items()) {
        joined.append(joined.isEmpty() ? "" : ".").append(textOrNull(item));
      }
      return joined.toString();
    }
    return null;
  }

  static Boolean boolOrNull(OptionValue value) {
    if (value instanceof OptionValue.None) {
      return true;
    }
    String text = textOrNull(value);
    if (value instanceof OptionValue.Number) {
      return text.equals("1") ? Boolean.TRUE : text.equals("0") ? Boolean.FALSE : null;
    }
    return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
      case "true", "on" -> true;
      case "false", "off" -> false;
      default -> null;
    };
  }

  static boolean bool(OptionClause clause) {
    Boolean value = boolOrNull(clause.value());
    if (value == null) {
      throw error(CopyErrorCode.SYNTAX, clause.written() + " requires a Boolean value");
    }
    return value;
  }

  static CopyException at(OptionClause clause, CopyErrorCode code, String message) {
    return error(code, message).withPosition(clause.nameRange().position());
  }

  static CopyException invalid(String message) {
    return error(CopyErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  /** PostgreSQL reports some misuse with the code of unsupported features. */
  static CopyException notAllowed(String message) {
    return error(CopyErrorCode.FEATURE_NOT_SUPPORTED, message);
  }

  static CopyException error(CopyErrorCode code, String message) {
    return new CopyException(code, message);
  }
}
