package io.copyload.tck;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What PostgreSQL 18 made of a text for a type: {@code postgresql/type-literals.jsonl}. The text is
 * loaded as a quoted CSV field into a column of H2's counterpart of the type; value, SQLSTATE and
 * message must be PostgreSQL's.
 *
 * <p>Values that H2's type cannot hold ({@link #canHold}) must be refused, not changed. Types
 * without a counterpart are left out and counted.
 */
class PgTypeLiteralsTest {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("boolean", "BOOLEAN"),
          Map.entry("smallint", "SMALLINT"),
          Map.entry("integer", "INTEGER"),
          Map.entry("bigint", "BIGINT"),
          Map.entry("numeric", "DECFLOAT(2000)"),
          Map.entry("numeric(5,2)", "NUMERIC(5,2)"),
          Map.entry("real", "REAL"),
          Map.entry("double precision", "DOUBLE PRECISION"),
          Map.entry("date", "DATE"),
          Map.entry("time", "TIME(6)"),
          Map.entry("timetz", "TIME(6) WITH TIME ZONE"),
          Map.entry("timestamp", "TIMESTAMP(6)"),
          Map.entry("timestamp(0)", "TIMESTAMP(0)"),
          Map.entry("timestamptz", "TIMESTAMP(6) WITH TIME ZONE"),
          Map.entry("interval", "INTERVAL DAY(12) TO SECOND(6)"),
          Map.entry("bytea", "VARBINARY"),
          Map.entry("text", "VARCHAR"),
          Map.entry("varchar(3)", "VARCHAR(3)"),
          Map.entry("char(3)", "CHAR(3)"),
          Map.entry("uuid", "UUID"),
          Map.entry("json", "JSON"),
          Map.entry("int[]", "INTEGER ARRAY"),
          Map.entry("text[]", "VARCHAR ARRAY"));

  private static final String YEARS = "INTERVAL YEAR(12) TO MONTH";

  /**
   * What COPY TO writes in other words than PostgreSQL, with the same value. Each must still
   * differ: who changes that deletes its line.
   */
  private static final Map<String, String> WRITTEN =
      Map.of(
          "numeric <1e10>", "DECFLOAT keeps its exponent, and reads it back",
          "numeric <1e+3>", "DECFLOAT keeps its exponent, and reads it back",
          "numeric <1e1000>", "DECFLOAT keeps its exponent, and reads it back",
          "interval <PT36H>", "H2 keeps no days and hours apart",
          "interval <1 day -04:05>", "H2 keeps no days and hours apart",
          "interval <25:00:00>", "H2 keeps no days and hours apart",
          "json <{ \"a\" : 1 }>", "H2 normalises JSON when it stores it");

  private record Literal(String type, String text, Map<String, Object> expected, int major) {
    String value() {
      return (String) expected.get("text");
    }

    String name() {
      return type + " <" + shorten(text) + ">";
    }

    /** The column's type in H2; null when H2 has none for this value. */
    String h2Type() {
      if ("interval out of range".equals(expected.get("message"))) {
        return null;
      }
      if (type.equals("interval") && value() != null) {
        boolean months = value().matches(".*\\b(year|years|mon|mons)\\b.*");
        boolean rest = value().matches(".*(\\bdays?\\b|:).*");
        return months && rest ? null : months ? YEARS : TYPES.get(type);
      }
      if (type.endsWith("[]")
          && (text.indexOf('{') != text.lastIndexOf('{') || text.matches("\\[.*"))) {
        return null;
      }
      return TYPES.get(type);
    }
  }

  @TestFactory
  Stream<DynamicNode> literals() throws IOException {
    Map<String, List<DynamicNode>> groups = new LinkedHashMap<>();
    Map<String, Integer> leftOut = new TreeMap<>();
    String only = System.getProperty("copyload.tck.case", "");
    for (Literal literal : read()) {
      if (literal.h2Type() == null) {
        leftOut.merge(literal.type(), literal.major() == 18 ? 1 : 0, Integer::sum);
        continue;
      }
      String name = literal.name();
      if (name.contains(only)) {
        groups
            .computeIfAbsent(literal.type(), k -> new ArrayList<>())
            .add(DynamicTest.dynamicTest(name + " " + literal.major(), () -> run(literal)));
      }
    }
    List<DynamicNode> nodes = new ArrayList<>();
    groups.forEach((name, tests) -> nodes.add(DynamicContainer.dynamicContainer(name, tests)));
    nodes.add(
        DynamicTest.dynamicTest(
            "left out, for want of a type in H2: " + leftOut,
            () -> {
              int count = leftOut.values().stream().mapToInt(Integer::intValue).sum();
              if (count > 100) {
                throw new AssertionError("left out: " + leftOut);
              }
            }));
    return nodes.stream();
  }

  private static List<Literal> read() throws IOException {
    List<Literal> literals = new ArrayList<>();
    for (String line :
        Files.readAllLines(TckFiles.folder("postgresql").resolve("type-literals.jsonl"))) {
      Map<String, Object> entry = Json.object(line);
      List<PgMajors.Answer> answers = PgMajors.of(entry);
      // One that all majors agree on is run as the newest.
      int first =
          answers.size() == 2 && answers.get(0).expected() == answers.get(1).expected() ? 1 : 0;
      for (PgMajors.Answer answer : answers.subList(first, answers.size())) {
        literals.add(
            new Literal(
                (String) entry.get("type"),
                (String) entry.get("literal"),
                answer.expected(),
                answer.major()));
      }
    }
    return literals;
  }

  private static String shorten(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }

  /** Whether H2's counterpart of the type has the value at all. */
  private static boolean canHold(Literal literal) {
    String value = literal.value();
    return switch (literal.type()) {
      case "numeric(5,2)" -> !value.equals("NaN");
      case "date", "timestamp", "timestamp(0)", "timestamptz", "interval" ->
          !value.endsWith("infinity");
      case "time", "timetz" -> !value.startsWith("24:") || literal.text().startsWith("23:59:59.9");
      // H2 keeps JSON as UTF-8.
      case "json" -> !value.contains("\\ud83d") || value.contains("\\ude00");
      default -> true;
    };
  }

  private static void run(Literal literal) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("dialect", "postgresql" + literal.major());
    byte[] input =
        ("\"" + literal.text().replace("\"", "\"\"") + "\"\n").getBytes(StandardCharsets.UTF_8);
    try (TckDatabase database =
            TckDatabase.inMemory(";DATABASE_TO_LOWER=TRUE;TIME ZONE=UTC", properties);
        Connection connection = database.connect();
        Statement statement = connection.createStatement();
        PreparedStatement copy = prepare(connection, statement, literal)) {
      copy.setObject(1, input);
      try {
        copy.executeUpdate();
      } catch (SQLException e) {
        checkFailure(literal, e);
        return;
      }
      if (literal.value() == null) {
        throw new AssertionError(
            "loaded " + value(statement, literal) + ", but must fail: " + literal.expected());
      }
      String actual = value(statement, literal);
      if (!canHold(literal)) {
        throw new AssertionError("changed into " + actual + ", but must be refused");
      }
      String expected = normal(literal);
      if (!expected.equals(actual)) {
        throw new AssertionError("must be <" + expected + ">, was <" + actual + ">");
      }
      checkWritten(connection, literal);
    }
  }

  /** COPY TO writes the value as PostgreSQL prints it. */
  private static void checkWritten(Connection connection, Literal literal) throws SQLException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PreparedStatement copy =
        connection.prepareStatement("COPY t TO ? (FORMAT csv, FORCE_QUOTE *)")) {
      copy.setObject(1, out);
      copy.executeUpdate();
    }
    String field = out.toString(StandardCharsets.UTF_8);
    String written = field.substring(1, field.length() - 2).replace("\"\"", "\"");
    String expected = literal.value();
    switch (literal.type()) {
      case "boolean" -> expected = expected.substring(0, 1);
      case "time" -> expected = normal(literal);
      case "char(3)" -> expected = (expected + "   ").substring(0, Math.max(3, expected.length()));
      default -> {}
    }
    if (expected.equals(written) == WRITTEN.containsKey(literal.name())) {
      throw new AssertionError("must be written as <" + expected + ">, was <" + written + ">");
    }
  }

  private static PreparedStatement prepare(
      Connection connection, Statement statement, Literal literal) throws SQLException {
    statement.execute("CREATE TABLE t (a " + literal.h2Type() + ")");
    return connection.prepareStatement("COPY t FROM ? (FORMAT csv)");
  }

  private static void checkFailure(Literal literal, SQLException e) {
    String seen = e.getSQLState() + ": " + e.getMessage();
    if (literal.value() != null) {
      if (canHold(literal) || !e.getSQLState().startsWith("22")) {
        throw new AssertionError("must load <" + literal.value() + ">, failed with " + seen, e);
      }
      return;
    }
    Map<String, Object> expected = literal.expected();
    if (!expected.get("sqlstate").equals(e.getSQLState())
        || !expected.get("message").equals(CaseRunner.firstLine(e.getMessage()))) {
      throw new AssertionError("must fail with " + expected + ", was " + seen, e);
    }
    if (expected.get("hint") != null && !e.getMessage().contains((String) expected.get("hint"))) {
      throw new AssertionError("must have hint " + expected.get("hint") + ", was " + seen, e);
    }
    if (expected.get("detail") != null
        && !e.getMessage().contains((String) expected.get("detail"))) {
      throw new AssertionError("must have detail " + expected.get("detail") + ", was " + seen, e);
    }
  }

  /** What is in the table, in the form of {@link #normal}. */
  private static String value(Statement statement, Literal literal) throws SQLException {
    String type = literal.h2Type();
    String sql =
        type.equals(YEARS)
            ? "SELECT EXTRACT(YEAR FROM a) * 12 + EXTRACT(MONTH FROM a) FROM t"
            : type.startsWith("INTERVAL")
                ? "SELECT EXTRACT(EPOCH FROM a) FROM t"
                : "SELECT a FROM t";
    try (ResultSet result = statement.executeQuery(sql)) {
      if (literal.type().endsWith("[]")) {
        result.next();
        return array((Object[]) result.getArray(1).getArray());
      }
      if (literal.type().equals("numeric(5,2)") || type.startsWith("CHAR")) {
        result.next();
        return result.getString(1).stripTrailing();
      }
      if (literal.type().equals("date")) {
        result.next();
        return result.getObject(1, LocalDate.class).toString();
      }
      return RowText.rows(result, null).get(0);
    }
  }

  private static String array(Object[] elements) {
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < elements.length; i++) {
      String text = elements[i] == null ? "NULL" : elements[i].toString();
      boolean quoted =
          elements[i] != null
              && (text.isEmpty()
                  || text.equalsIgnoreCase("NULL")
                  || text.matches("(?s).*[\\s,{}\"\\\\].*"));
      out.append(i == 0 ? "" : ",");
      out.append(quoted ? "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"" : text);
    }
    return out.append('}').toString();
  }

  /** PostgreSQL's output in the words of {@link RowText}. */
  private static String normal(Literal literal) {
    String value = literal.value();
    return switch (literal.type()) {
      case "boolean" -> value.substring(0, 1);
      case "numeric" -> value.matches(".*[A-Z].*") ? value : RowText.decimal(new BigDecimal(value));
      case "real" -> RowText.floating(Float.parseFloat(value), 8);
      case "double precision" -> RowText.floating(Double.parseDouble(value), 15);
      case "date" -> date(value);
      case "timestamp", "timestamp(0)" -> timestamp(value);
      case "timestamptz" -> timestamp(value.replace("+00", ""));
      case "timetz" -> timeWithZone(value);
      case "interval" -> interval(value, literal.h2Type().equals(YEARS));
      case "bytea" -> value.substring(2);
      case "json" -> Json.canonical(value).replace("\\", "\\\\");
      // A fraction that rounds up to midnight stays below it, as in H2's own CAST.
      case "time" -> value.equals("24:00:00") ? "23:59:59.999999" : value;
      case "char(3)" -> value.stripTrailing();
      case "text", "varchar(3)" -> value.replace("\\", "\\\\");
      default -> value;
    };
  }

  private static String date(String value) {
    boolean before = value.endsWith(" BC");
    String[] parts = value.replace(" BC", "").split("-");
    int year = Integer.parseInt(parts[0]);
    return LocalDate.of(
            before ? 1 - year : year, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]))
        .toString();
  }

  private static String timestamp(String value) {
    String suffix = value.endsWith(" BC") ? " BC" : "";
    String[] parts = value.replace(" BC", "").split(" ");
    String date = date(parts[0] + suffix);
    return (date.startsWith("+") ? date.substring(1) : date) + " " + parts[1];
  }

  private static String timeWithZone(String value) {
    Matcher matcher = Pattern.compile("([0-9:.]+)([+-].*)").matcher(value);
    matcher.matches();
    return matcher.group(1) + ZoneOffset.of(matcher.group(2));
  }

  /** Months, or seconds with a day of 24 hours: H2 keeps no more apart. */
  private static String interval(String value, boolean months) {
    BigDecimal total = BigDecimal.ZERO;
    Matcher matcher =
        Pattern.compile("(-?\\d+) (years?|mons?|days?)|(-?)(\\d+):(\\d+):([\\d.]+)").matcher(value);
    while (matcher.find()) {
      if (matcher.group(1) == null) {
        BigDecimal seconds =
            new BigDecimal(matcher.group(4))
                .multiply(BigDecimal.valueOf(3600))
                .add(new BigDecimal(matcher.group(5)).multiply(BigDecimal.valueOf(60)))
                .add(new BigDecimal(matcher.group(6)));
        total = matcher.group(3).isEmpty() ? total.add(seconds) : total.subtract(seconds);
      } else {
        long unit =
            switch (matcher.group(2).charAt(0)) {
              case 'y' -> 12;
              case 'm' -> 1;
              default -> 86_400;
            };
        total = total.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
      }
    }
    return RowText.decimal(total);
  }
}
