package io.copyload.tck;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Turns result rows into one text that does not depend on a driver's way of printing.
 *
 * <p>Values are joined by TAB; null is {@code \N}; TAB, LF, CR and backslash within text are
 * written {@code \t \n \r \\}. How a value becomes text is its column's <i>kind</i>: {@code int},
 * {@code decimal}, {@code real}, {@code double}, {@code bool}, {@code date}, {@code time}, {@code
 * timetz}, {@code timestamp}, {@code timestamptz}, {@code bytes}, {@code json} or {@code text}. The
 * rules are those of {@code corpora/README.md}; {@code timetz} is ours.
 */
final class RowText {
  private RowText() {}

  /** The kinds that follow from the result's column types. */
  static List<String> kindsOf(ResultSet result) throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    List<String> kinds = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      kinds.add(kindOf(meta.getColumnType(i), meta.getColumnTypeName(i)));
    }
    return kinds;
  }

  private static String kindOf(int type, String typeName) {
    if (typeName.equalsIgnoreCase("UUID")) {
      return "text";
    }
    return switch (type) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> "int";
      case Types.DECIMAL, Types.NUMERIC -> "decimal";
      case Types.REAL -> "real";
      case Types.FLOAT, Types.DOUBLE -> "double";
      case Types.BOOLEAN, Types.BIT -> "bool";
      case Types.DATE -> "date";
      case Types.TIME -> "time";
      case Types.TIME_WITH_TIMEZONE -> "timetz";
      case Types.TIMESTAMP -> "timestamp";
      case Types.TIMESTAMP_WITH_TIMEZONE -> "timestamptz";
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> "bytes";
      default -> {
        String name = typeName.toUpperCase(Locale.ROOT);
        yield name.equals("JSON") ? "json" : name.equals("DECFLOAT") ? "decimal" : "text";
      }
    };
  }

  /** All remaining rows, in the result's order. {@code kinds} null means {@link #kindsOf}. */
  static List<String> rows(ResultSet result, List<String> kinds) throws SQLException {
    List<String> used = kinds == null ? kindsOf(result) : kinds;
    int columnCount = result.getMetaData().getColumnCount();
    if (used.size() != columnCount) {
      throw new IllegalArgumentException(used.size() + " kinds for " + columnCount + " columns");
    }
    List<String> rows = new ArrayList<>();
    while (result.next()) {
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= columnCount; i++) {
        if (i > 1) {
          row.append('\t');
        }
        String value = value(result, i, used.get(i - 1));
        if (value == null) {
          row.append("\\N");
        } else {
          appendEscaped(value, row);
        }
      }
      rows.add(row.toString());
    }
    return rows;
  }

  private static void appendEscaped(String value, StringBuilder out) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\\' -> out.append("\\\\");
        default -> out.append(c);
      }
    }
  }

  /** SHA-256, in hexadecimal, of the rows sorted as Java strings, each followed by LF. */
  static String sha256(List<String> rows) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      rows.stream()
          .sorted()
          .forEach(row -> digest.update((row + "\n").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A number without exponent and without trailing zeros. */
  static String decimal(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static String value(ResultSet result, int column, String kind) throws SQLException {
    if (result.getString(column) == null) {
      return null;
    }
    return switch (kind) {
      case "int", "decimal" -> {
        String text = result.getString(column);
        yield isSpecial(text) ? text : decimal(result.getBigDecimal(column));
      }
      case "real" -> floating(result.getFloat(column), 8);
      case "double" -> floating(result.getDouble(column), 15);
      case "bool" -> result.getBoolean(column) ? "t" : "f";
      case "date" -> date(result.getObject(column, LocalDate.class));
      case "time" -> time(result.getObject(column, LocalTime.class));
      case "timetz" -> {
        OffsetTime time = result.getObject(column, OffsetTime.class);
        yield time(time.toLocalTime()) + time.getOffset();
      }
      case "timestamp" -> timestamp(result.getObject(column, LocalDateTime.class));
      case "timestamptz" ->
          timestamp(
              result
                  .getObject(column, OffsetDateTime.class)
                  .withOffsetSameInstant(ZoneOffset.UTC)
                  .toLocalDateTime());
      case "bytes" -> HexFormat.of().formatHex(result.getBytes(column));
      case "json" -> Json.canonical(result.getString(column));
      case "text" -> result.getString(column);
      default -> throw new IllegalArgumentException("Unknown kind '" + kind + "'");
    };
  }

  private static boolean isSpecial(String text) {
    return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
  }

  static String floating(double value, int digits) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    if (value == 0) {
      return "0";
    }
    return new BigDecimal(value)
        .round(new MathContext(digits, RoundingMode.HALF_EVEN))
        .stripTrailingZeros()
        .toString();
  }

  private static String date(LocalDate date) {
    String text = date.toString();
    return text.startsWith("+") ? text.substring(1) : text;
  }

  private static String time(LocalTime time) {
    String text =
        String.format(
            Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
    if (time.getNano() == 0) {
      return text;
    }
    return text + ("." + String.format(Locale.ROOT, "%09d", time.getNano())).replaceAll("0+$", "");
  }

  private static String timestamp(LocalDateTime timestamp) {
    return date(timestamp.toLocalDate()) + " " + time(timestamp.toLocalTime());
  }
}
