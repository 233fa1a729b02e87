package io.copyload.engine.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every literal gives what PostgreSQL 18 gave, but for the table of differences below. */
class PostgresLiteralsTest {
  private static final String NO_24 = "H2's TIME ends before 24:00:00";
  private static final String NO_INFINITY = "H2's type has no infinity";
  private static final String NO_NAN = "H2's NUMERIC has no NaN";
  private static final String MIXED = "no H2 qualifier holds months beside days or times";
  private static final String NO_LIMIT = "H2's leading field is wider than PostgreSQL's months";
  private static final String KEEPS_OFFSET = "H2 keeps the offset that was written";
  private static final String BOUNDS = "H2's arrays have no bounds";

  /** type + tab + literal: reason, our outcome. */
  private static final Map<String, String[]> DIFFERENCES = new TreeMap<>();

  static {
    differ("time", "24:00:00", NO_24, "22008 time out of range: \"24:00:00\"");
    differ("time", "23:59:60", NO_24, "22008 time out of range: \"23:59:60\"");
    differ("time", "23:59:59.9999999", NO_24, "23:59:59.999999");
    differ("timetz", "24:00:00+00", NO_24, "22008 time out of range: \"24:00:00+00\"");
    for (String text : new String[] {"infinity", "-infinity", "Infinity"}) {
      differ("date", text, NO_INFINITY, "22008 date out of range: \"" + text + "\"");
    }
    for (String text : new String[] {"infinity", "-infinity"}) {
      differ("timestamp", text, NO_INFINITY, "22008 timestamp out of range: \"" + text + "\"");
      differ("interval", text, NO_INFINITY, "22008 interval out of range");
    }
    differ("timestamptz", "infinity", NO_INFINITY, "22008 timestamp out of range: \"infinity\"");
    differ("numeric(5,2)", "NaN", NO_NAN, "22003 numeric field overflow");
    String refused = "22007 invalid input syntax for type interval: \"";
    for (String text :
        new String[] {
          "1 year 2 mons 3 days 04:05:06.789",
          "1-2 3 4:05:06",
          "P1Y2M3DT4H5M6S",
          "P0001-02-03T04:05:06",
          "1.5 months",
          "1 mon 40 days"
        }) {
      differ("interval", text, MIXED, refused + text + "\"");
    }
    differ("interval", "178956971 years", NO_LIMIT, "178956971/0");
    differ("int[]", "[0:2]={1,2,3}", BOUNDS, "{1,2,3}");
    differ("timestamptz", "2024-02-29 10:11:12+02", KEEPS_OFFSET, "2024-02-29 10:11:12+02");
    differ("timestamptz", "2024-02-29 10:11:12+02:30", KEEPS_OFFSET, "2024-02-29 10:11:12+02:30");
    differ("timestamptz", "2024-02-29 10:11:12-0530", KEEPS_OFFSET, "2024-02-29 10:11:12-05:30");
    differ("timestamptz", "2024-02-29 10:11:12 PST", KEEPS_OFFSET, "2024-02-29 10:11:12-08");
    differ(
        "timestamptz",
        "2024-02-29 10:11:12 America/New_York",
        KEEPS_OFFSET,
        "2024-02-29 10:11:12-05");
    differ(
        "timestamptz",
        "2024-07-01 10:11:12 America/New_York",
        KEEPS_OFFSET,
        "2024-07-01 10:11:12-04");
    differ("timestamptz", "2024-02-29 10:11:12+15:59", KEEPS_OFFSET, "2024-02-29 10:11:12+15:59");
    differ("timestamptz", "2024-02-29 10:11:12 EST5EDT", KEEPS_OFFSET, "2024-02-29 10:11:12-05");
    differ("timestamptz", "2024-02-29 10:11:12GMT+3", KEEPS_OFFSET, "2024-02-29 10:11:12-03");
  }

  private static void differ(String type, String literal, String reason, String outcome) {
    DIFFERENCES.put(type + "\t" + literal, new String[] {reason, outcome});
  }

  private static TargetType type(String name, String literal) {
    return switch (name) {
      case "boolean" -> TargetType.of(Kind.BOOLEAN);
      case "smallint" -> TargetType.of(Kind.SMALLINT);
      case "integer" -> TargetType.of(Kind.INTEGER);
      case "bigint" -> TargetType.of(Kind.BIGINT);
      case "numeric" -> TargetType.of(Kind.DECFLOAT, 100_000, 0);
      case "numeric(5,2)" -> TargetType.of(Kind.NUMERIC, 5, 2);
      case "numeric(3,5)" -> TargetType.of(Kind.NUMERIC, 3, 5);
      case "real" -> TargetType.of(Kind.REAL);
      case "double precision" -> TargetType.of(Kind.DOUBLE);
      case "text" -> TargetType.of(Kind.VARCHAR);
      case "varchar(3)" -> TargetType.of(Kind.VARCHAR, 3, 0);
      case "char(3)" -> TargetType.of(Kind.CHAR, 3, 0);
      case "bytea" -> TargetType.of(Kind.VARBINARY);
      case "date" -> TargetType.of(Kind.DATE);
      case "time" -> TargetType.of(Kind.TIME, -1, 6);
      case "timetz" -> TargetType.of(Kind.TIME_TZ, -1, 6);
      case "timestamp" -> TargetType.of(Kind.TIMESTAMP, -1, 6);
      case "timestamp(0)" -> TargetType.of(Kind.TIMESTAMP, -1, 0);
      case "timestamptz" -> TargetType.of(Kind.TIMESTAMP_TZ, -1, 6);
      case "uuid" -> TargetType.of(Kind.UUID);
      case "interval" ->
          TargetType.of(
              literal.matches("(?i).*(year|mon|decade|century|millennium).*|\\d+-\\d+")
                  ? Kind.INTERVAL_YEAR_TO_MONTH
                  : Kind.INTERVAL_DAY_TO_SECOND,
              18,
              6);
      case "int[]" -> array(TargetType.of(Kind.INTEGER), literal);
      case "text[]" -> array(TargetType.of(Kind.VARCHAR), literal);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** As many levels as the literal has. */
  private static TargetType array(TargetType element, String literal) {
    TargetType one = new TargetType(Kind.ARRAY, -1, 0, List.of(), element);
    return literal.contains("{{") ? new TargetType(Kind.ARRAY, -1, 0, List.of(), one) : one;
  }

  @Test
  void answersAsPostgresDoes() throws IOException {
    List<String> wrong = new ArrayList<>();
    Map<String, String[]> unused = new TreeMap<>(DIFFERENCES);
    int count = 0;
    for (String[] row : rows()) {
      count++;
      String literal = row[1];
      TargetType type = type(row[0], literal);
      Column column = Column.of(type, Column.POSTGRESQL, literal);
      String actual = column.outcome(0);
      String[] difference = unused.remove(row[0] + "\t" + literal);
      String expected;
      if (difference != null) {
        expected = difference[1];
      } else if (row.length == 3) {
        expected = type.kind().isInterval() ? interval(type, row[2]) : row[2];
      } else {
        expected = row[2] + " " + row[3];
        Column.Complained reject = column.rejects.isEmpty() ? null : column.rejects.get(0);
        if (reject != null) {
          actual += "|" + reject.detail() + "|" + reject.hint();
          expected +=
              "|" + (row[4].isEmpty() ? null : row[4]) + "|" + (row[5].isEmpty() ? null : row[5]);
        }
      }
      if (!expected.equals(actual)) {
        wrong.add(row[0] + " '" + literal + "': expected " + expected + ", was " + actual);
      }
    }
    assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    assertEquals(Map.of().keySet(), unused.keySet(), "differences that no literal uses");
    assertEquals(408, count);
  }

  /** Our two lanes for PostgreSQL's output of an interval. */
  private static String interval(TargetType type, String postgres) {
    long months = 0;
    BigDecimal nanos = BigDecimal.ZERO;
    String[] words = postgres.split(" ");
    for (int i = 0; i < words.length; i++) {
      if (words[i].contains(":")) {
        String[] parts = words[i].replace("-", "").split(":");
        BigDecimal time =
            new BigDecimal(parts[0])
                .multiply(BigDecimal.valueOf(3600))
                .add(new BigDecimal(parts[1]).multiply(BigDecimal.valueOf(60)))
                .add(new BigDecimal(parts[2]))
                .movePointRight(9);
        nanos = words[i].startsWith("-") ? nanos.subtract(time) : nanos.add(time);
        continue;
      }
      long number = Long.parseLong(words[i++]);
      switch (words[i].replaceAll("s$", "")) {
        case "year" -> months += 12 * number;
        case "mon" -> months += number;
        case "day" -> nanos = nanos.add(BigDecimal.valueOf(number * 86_400).movePointRight(9));
        default -> throw new IllegalArgumentException(postgres);
      }
    }
    boolean year = type.kind() == Kind.INTERVAL_YEAR_TO_MONTH;
    long total = year ? months : nanos.longValueExact();
    long unit = year ? 12 : 86_400_000_000_000L;
    return (total < 0 ? "-" : "") + Math.abs(total) / unit + "/" + Math.abs(total) % unit;
  }

  private static List<String[]> rows() throws IOException {
    List<String[]> rows = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                PostgresLiteralsTest.class.getResourceAsStream("postgresql-literals.tsv"),
                StandardCharsets.UTF_8))) {
      for (String line; (line = in.readLine()) != null; ) {
        if (!line.startsWith("#")) {
          String[] row = line.split("\t", -1);
          for (int i = 0; i < row.length; i++) {
            row[i] = row[i].translateEscapes();
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }
}
