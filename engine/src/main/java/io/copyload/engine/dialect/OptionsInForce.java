package io.copyload.engine.dialect;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** What every option of a COPY is, and whether the statement says so. Threads: any. */
public final class OptionsInForce {
  /**
   * One option.
   *
   * @param value as it would be written; stars for a secret
   * @param given whether the statement has it; else the value is the dialect's default
   */
  public record Option(String name, String value, boolean given) {}

  private OptionsInForce() {}

  /** The options of the statement in its order, then the others that have a meaning for it. */
  public static List<Option> of(CopyFrom copy, ResolvedCopy resolved) {
    List<Option> options = new ArrayList<>();
    Set<String> given = new HashSet<>();
    for (OptionClause clause : copy.options()) {
      given.add(clause.name());
      options.add(new Option(clause.name(), text(clause.value()), true));
    }
    for (OptionTable.Row row : OptionTable.of(resolved.dialect()).rows()) {
      if (row.built() && !given.contains(row.name())) {
        String value = absent(row, resolved);
        if (value != null) {
          options.add(new Option(row.name(), value, false));
        }
      }
    }
    return options;
  }

  private static String text(OptionValue value) {
    if (value instanceof OptionValue.None) {
      return "on";
    }
    if (value instanceof OptionValue.Text text) {
      return text.literal() ? quoted(text.text()) : text.text();
    }
    if (value instanceof OptionValue.Number number) {
      return number.text();
    }
    if (value instanceof OptionValue.Word word) {
      return word.text();
    }
    if (value instanceof OptionValue.Star) {
      return "*";
    }
    if (value instanceof OptionValue.ValueList list) {
      StringJoiner items = new StringJoiner(", ", "(", ")");
      list.items().forEach(item -> items.add(text(item)));
      return items.toString();
    }
    return OptionValue.STARS;
  }

  /** What an option that is left out means; null when it means nothing for this COPY. */
  private static String absent(OptionTable.Row row, ResolvedCopy resolved) {
    DelimitedSpec text = resolved.format() instanceof DelimitedSpec spec ? spec : null;
    switch (row.name()) {
      case "FORMAT":
        return text == null ? resolved.format().historyName() : text.isCsv() ? "csv" : "text";
      case "CSV":
        return text != null && text.isCsv() ? "on" : "off";
      case "DELIMITER":
        return text == null ? null : quoted((char) (text.delimiter() & 0xff));
      case "NULL":
        return text == null ? null : quoted(text.nullMarker());
      case "QUOTE":
        return text == null || text.quote() < 0 ? null : quoted((char) text.quote());
      case "ESCAPE":
        if (resolved.dialect() == DialectName.REDSHIFT) {
          return "off";
        }
        return text == null || !text.isCsv() ? null : quoted((char) text.escape());
      case "HEADER":
        return text == null ? null : text.header() == DelimitedSpec.Header.NONE ? "false" : "true";
      case "ENCODING":
        return "UTF8";
      case "ON_ERROR":
        return "stop";
      case "LOG_VERBOSITY":
        return "default";
      case "MAXERROR", "IGNOREHEADER":
        return "0";
      case "COMPUPDATE":
        return "preset where the table is empty and its columns are raw";
      case "STATUPDATE":
        return "on where the table is empty";
      case "COMPROWS":
        return resolved.redshift().compUpdate() == RedshiftClauses.CompUpdate.ON ? "100000" : null;
      case "DATEFORMAT":
        return "'YYYY-MM-DD'";
      case "TIMEFORMAT":
        return "'YYYY-MM-DD HH:MI:SS'";
      default:
        return switch (row.form()) {
          case FLAG -> "off";
          case BOOLEAN -> "false";
          default -> null;
        };
    }
  }

  private static String quoted(char c) {
    return quoted(String.valueOf(c));
  }

  /** A literal in which control characters can be seen. */
  private static String quoted(String text) {
    StringBuilder literal = new StringBuilder("'");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\'' -> literal.append("''");
        case '\t' -> literal.append("\\t");
        case '\n' -> literal.append("\\n");
        case '\r' -> literal.append("\\r");
        default -> {
          if (c < ' ') {
            literal.append('\\').append(Integer.toOctalString(c));
          } else {
            literal.append(c);
          }
        }
      }
    }
    return literal.append('\'').toString();
  }
}
