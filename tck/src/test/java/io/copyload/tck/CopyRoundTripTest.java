package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** COPY TO followed by COPY FROM gives the same table, for every type that fields can fill. */
class CopyRoundTripTest {
  @TempDir Path work;

  private record Type(String name, String... values) {}

  private static List<Type> types() {
    return List.of(
        new Type("BOOLEAN", "TRUE", "FALSE"),
        new Type("TINYINT", "-128", "0", "127"),
        new Type("SMALLINT", "-32768", "32767"),
        new Type("INTEGER", "-2147483648", "2147483647", "10", "99", "100"),
        new Type("BIGINT", "-9223372036854775808", "9223372036854775807", "0"),
        new Type("NUMERIC(12, 2)", "0", "-0.01", "0.10", "9999999999.99", "-1234.5", "100"),
        new Type("NUMERIC(18, 0)", "999999999999999999", "-1"),
        new Type("NUMERIC(18, 18)", "0.000000000000000001", "-0.999999999999999999"),
        new Type("NUMERIC(40, 5)", "12345678901234567890123456789012345.67891", "-0.00001"),
        new Type("DECFLOAT(30)", "1.50", "1E+20", "1E-20", "-0.00", "1234567890.123", "'NaN'"),
        new Type("REAL", "0.1", "1E20", "-1E-20", "123456.7", "1234567", "3.4028235E38", "1.4E-45"),
        new Type(
            "DOUBLE PRECISION",
            "0.1",
            "0.30000000000000004",
            "1E15",
            "-1E-5",
            "123456789012345",
            "1.7976931348623157E308",
            "4.9E-324",
            "2.2250738585072014E-308",
            "5.684341886080802E-14",
            "9007199254740993",
            "'NaN'",
            "'Infinity'",
            "'-Infinity'"),
        new Type("CHAR(5)", "'ab'", "'é'", "''", "'abcde'"),
        new Type(
            "VARCHAR(100)",
            "''",
            "'NULL'",
            "'a,b'",
            "'say \"x\"'",
            "'back\\slash'",
            "'\\N'",
            "'\\.'",
            "U&'line\\000aend\\000d\\0009\\0008\\000b\\000c'",
            "' blanks '",
            "'é日𝄞'"),
        new Type("VARCHAR_IGNORECASE(10)", "'AbC'"),
        new Type("CLOB", "'text'", "REPEAT('long ', 1000)"),
        new Type("BINARY(3)", "X'0a'", "X'ffffff'"),
        new Type("VARBINARY(10)", "X''", "X'00ff5c22'"),
        new Type("BLOB", "X'00ff'", "X''"),
        new Type(
            "DATE",
            "DATE '1970-01-01'",
            "DATE '2024-02-29'",
            "DATE '0001-01-01'",
            "DATE '12345-06-07'",
            "DATE '2200-12-31'",
            "DATE '-0043-03-15'"),
        new Type("TIME(9)", "TIME '00:00:00'", "TIME '23:59:59.123456'", "TIME '01:02:03.5'"),
        new Type(
            "TIME WITH TIME ZONE",
            "TIME WITH TIME ZONE '10:11:12+02'",
            "TIME WITH TIME ZONE '10:11:12-05:30'"),
        new Type(
            "TIMESTAMP(6)",
            "TIMESTAMP '2024-01-01 00:00:00.5'",
            "TIMESTAMP '-0043-03-15 10:11:12'",
            "TIMESTAMP '1969-12-31 23:59:59.999999'"),
        new Type(
            "TIMESTAMP WITH TIME ZONE",
            "TIMESTAMP WITH TIME ZONE '2024-01-01 00:00:00+00'",
            "TIMESTAMP WITH TIME ZONE '1969-12-31 23:59:59.999999+00'"),
        new Type(
            "INTERVAL YEAR(4)", "INTERVAL '3' YEAR", "INTERVAL '-3' YEAR", "INTERVAL '0' YEAR"),
        new Type("INTERVAL MONTH(4)", "INTERVAL '14' MONTH", "INTERVAL '-1' MONTH"),
        new Type("INTERVAL DAY(4)", "INTERVAL '40' DAY", "INTERVAL '-1' DAY"),
        new Type("INTERVAL HOUR(4)", "INTERVAL '30' HOUR", "INTERVAL '-300' HOUR"),
        new Type("INTERVAL MINUTE(4)", "INTERVAL '90' MINUTE", "INTERVAL '-1' MINUTE"),
        new Type("INTERVAL SECOND(6, 6)", "INTERVAL '90.5' SECOND", "INTERVAL '-0.000001' SECOND"),
        new Type(
            "INTERVAL YEAR TO MONTH",
            "INTERVAL '1-2' YEAR TO MONTH",
            "INTERVAL '-0-1' YEAR TO MONTH"),
        new Type(
            "INTERVAL DAY TO HOUR", "INTERVAL '1 2' DAY TO HOUR", "INTERVAL '-1 2' DAY TO HOUR"),
        new Type("INTERVAL DAY TO MINUTE", "INTERVAL '1 02:03' DAY TO MINUTE"),
        new Type(
            "INTERVAL DAY TO SECOND",
            "INTERVAL '1 02:03:04.5' DAY TO SECOND",
            "INTERVAL '-1 02:03:04.5' DAY TO SECOND",
            "INTERVAL '0 00:00:00' DAY TO SECOND"),
        new Type("INTERVAL HOUR TO MINUTE", "INTERVAL '30:05' HOUR TO MINUTE"),
        new Type("INTERVAL HOUR TO SECOND", "INTERVAL '-30:05:06.7' HOUR TO SECOND"),
        new Type("INTERVAL MINUTE TO SECOND", "INTERVAL '70:06.7' MINUTE TO SECOND"),
        new Type(
            "UUID",
            "'00112233-4455-6677-8899-aabbccddeeff'",
            "'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
        new Type("ENUM('red', 'light green', 'a,b')", "'red'", "'light green'", "'a,b'"),
        new Type("JSON", "JSON '{\"a\":[1,\"x\\\\y\"]}'", "JSON 'null'", "JSON '\"t\"'"),
        new Type("GEOMETRY", "'POINT (1 2)'", "'SRID=4326;LINESTRING (0 0, 1 1)'"),
        new Type("INTEGER ARRAY", "ARRAY[1, NULL, 3]", "ARRAY[]"),
        new Type(
            "VARCHAR(20) ARRAY",
            "ARRAY['a b', 'NULL', NULL, '', 'q\"\\', '{x}', ',', 'plain', 'é']"),
        new Type("NUMERIC(20, 2) ARRAY", "ARRAY[1.5, -2]"),
        new Type("TIMESTAMP ARRAY", "ARRAY[TIMESTAMP '2024-01-01 10:11:12']"),
        new Type("INTEGER ARRAY ARRAY", "ARRAY[ARRAY[1, 2], ARRAY[3, 4]]"));
  }

  static Stream<Type> everyType() {
    return types().stream();
  }

  private static final List<String> FORMATS =
      List.of(
          "(FORMAT text)",
          "(FORMAT csv)",
          "(FORMAT binary)",
          "(FORMAT csv, HEADER, FORCE_QUOTE *, NULL 'NULL', DELIMITER ';')",
          "(FORMAT csv, QUOTE '''', ESCAPE '\\')",
          "(FORMAT text, DELIMITER '|', NULL 'nil', HEADER)");

  @ParameterizedTest
  @MethodSource("everyType")
  void givesTheSameTable(Type type) throws SQLException, IOException {
    try (TckDatabase database = TckDatabase.inMemory(";TIME ZONE=UTC", new Properties());
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(id INT, v " + type.name() + ", w VARCHAR)");
      int id = 0;
      for (String value : type.values()) {
        statement.execute("INSERT INTO t VALUES (" + id++ + ", " + value + ", 'x')");
      }
      statement.execute("INSERT INTO t VALUES (" + id++ + ", NULL, NULL)");
      List<String> expected = rows(statement, "t");
      for (String format : FORMATS) {
        // First from rows that were inserted, then from loaded ones.
        for (int round = 0; round < 2; round++) {
          Path file = work.resolve("t" + round);
          String path = CaseRunner.quote(file.toString());
          assertEquals(id, statement.executeLargeUpdate("COPY t TO " + path + " " + format));
          if (round == 1) {
            assertArrayEquals(Files.readAllBytes(work.resolve("t0")), Files.readAllBytes(file));
          }
          statement.execute("DELETE FROM t");
          String back = format.replace("FORCE_QUOTE *, ", "");
          assertEquals(id, statement.executeLargeUpdate("COPY t FROM " + path + " " + back));
          assertEquals(expected, rows(statement, "t"), () -> format);
        }
        statement.execute("CREATE TABLE u AS SELECT * FROM t");
        statement.execute("DELETE FROM t");
        statement.execute("INSERT INTO t SELECT * FROM u");
        statement.execute("DROP TABLE u");
      }
    }
  }

  @Test
  void writesLoadedRowsWithoutDeletedOnesAndWithChangedOnesInTheirPlace()
      throws SQLException, IOException {
    try (TckDatabase database = TckDatabase.inMemory("", new Properties());
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(id INT, v VARCHAR, c VARCHAR)");
      statement.execute(
          "INSERT INTO t SELECT x, 'v' || x, CASE MOD(x, 3) WHEN 0 THEN 'a,b' WHEN 1 THEN 'c' END"
              + " FROM SYSTEM_RANGE(1, 300000)");
      Path file = work.resolve("big.csv");
      String path = CaseRunner.quote(file.toString());
      assertEquals(300000, statement.executeLargeUpdate("COPY t TO " + path + " CSV"));
      statement.execute("TRUNCATE TABLE t");
      statement.executeLargeUpdate("COPY t FROM " + path + " CSV");
      statement.execute("INSERT INTO t VALUES (0, 'between', NULL)");
      statement.executeLargeUpdate("COPY t FROM " + path + " CSV");
      statement.execute("DELETE FROM t WHERE MOD(id, 7) = 0 OR id BETWEEN 20000 AND 40000");
      statement.execute("UPDATE t SET v = 'changed' WHERE MOD(id, 1001) = 5");
      List<String> expected = rows(statement, "t");
      assertEquals(expected.size(), statement.executeLargeUpdate("COPY t TO " + path + " CSV"));
      statement.execute("CREATE TABLE u(id INT, v VARCHAR, c VARCHAR)");
      statement.executeLargeUpdate("COPY u FROM " + path + " CSV");
      assertEquals(expected, rows(statement, "u"));
    }
  }

  @Test
  void refusesWhatTheBinaryFormatCannotHold() throws SQLException {
    try (TckDatabase database = TckDatabase.inMemory("", new Properties());
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      String to = ") TO " + CaseRunner.quote(work.resolve("f").toString()) + " (FORMAT binary)";
      for (String[] refused :
          new String[][] {
            {"SELECT ROW(1, 2)", "0A000"},
            {"SELECT TIMESTAMP '2024-01-01 00:00:00.000000001'", "22008"},
            {"SELECT DATE '6000000-01-01'", "22008"},
            {"SELECT ARRAY[ARRAY[1], ARRAY[2, 3]]", "22000"},
            {"SELECT ARRAY[ARRAY[1], NULL]", "22000"},
            {"SELECT INTERVAL '3000000000' DAY(10)", "22008"},
          }) {
        SQLException e =
            assertThrows(SQLException.class, () -> statement.execute("COPY (" + refused[0] + to));
        assertEquals(refused[1], e.getSQLState(), () -> refused[0] + ": " + e.getMessage());
      }
      assertThrows(
          SQLException.class,
          () ->
              statement.execute(
                  "COPY (SELECT 'x'" + to.replace("binary", "binary, ENCODING 'LATIN1'")));
    }
  }

  @Test
  void leavesTheOldFileWhenItFails() throws SQLException, IOException {
    try (TckDatabase database = TckDatabase.inMemory("", new Properties());
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      Path file = Files.writeString(work.resolve("kept.txt"), "old");
      String path = CaseRunner.quote(file.toString());
      assertThrows(
          SQLException.class,
          () ->
              statement.execute(
                  "COPY (SELECT 1 / (10000 - x) FROM SYSTEM_RANGE(1, 10000)) TO " + path));
      assertEquals("old", Files.readString(file));
      assertThrows(
          SQLException.class,
          () -> statement.execute("COPY (SELECT '日') TO " + path + " (ENCODING 'LATIN1')"));
      assertEquals("old", Files.readString(file));
      assertEquals(1, statement.executeLargeUpdate("COPY (SELECT 'new') TO " + path));
      assertEquals("new\n", Files.readString(file));
      try (Stream<Path> left = Files.list(work)) {
        assertEquals(List.of(file), left.toList());
      }
    }
  }

  @Test
  void writesValuesThatNoColumnOfOursTakes() throws SQLException, IOException {
    try (TckDatabase database = TckDatabase.inMemory("", new Properties());
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      Path file = work.resolve("row.txt");
      statement.execute(
          "COPY (SELECT ROW(1, 'a b', TRUE, NULL, 'q\"'), NULL, ARRAY[ROW(1, 2)]) TO "
              + CaseRunner.quote(file.toString()));
      String line = Files.readString(file);
      assertTrue(line.startsWith("(1,\"a b\",t,,\"q\"\"\")\t\\N\t"), line);
    }
  }

  @Test
  void isCancelledWithinItsQuery() throws Exception {
    try (TckDatabase database = TckDatabase.inMemory("", new Properties());
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      Path file = work.resolve("never.txt");
      String sql =
          "COPY (SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b"
              + " WHERE MOD(a.x + b.x, 7) = 0) TO "
              + CaseRunner.quote(file.toString());
      Thread canceller =
          new Thread(
              () -> {
                // Cancelling before it runs would cancel nothing.
                while (!Thread.currentThread().isInterrupted()) {
                  try {
                    statement.cancel();
                  } catch (SQLException e) {
                    return;
                  }
                }
              });
      canceller.start();
      try {
        SQLException e = assertThrows(SQLException.class, () -> statement.execute(sql));
        assertEquals("57014", e.getSQLState());
      } finally {
        canceller.interrupt();
        canceller.join();
      }
      statement.setQueryTimeout(1);
      SQLException e = assertThrows(SQLException.class, () -> statement.execute(sql));
      assertEquals("57014", e.getSQLState());
      statement.setQueryTimeout(0);
      assertFalse(Files.exists(file));
      assertEquals(
          1,
          statement.executeLargeUpdate("COPY (SELECT 1) TO " + CaseRunner.quote(file.toString())));
    }
  }

  @Test
  void needsTheRightToReadTheTableAndToWriteFiles() throws SQLException {
    try (TckDatabase database = TckDatabase.inMemory("", new Properties());
        Connection admin = database.connect();
        Statement statement = admin.createStatement()) {
      String path = CaseRunner.quote(work.resolve("f").toString());
      statement.execute("CREATE TABLE t(a INT)");
      statement.execute("CREATE USER u PASSWORD 'u'");
      try (Connection other = database.connect("u", "u");
          PreparedStatement stream = other.prepareStatement("COPY t TO ?");
          Statement file = other.createStatement()) {
        stream.setObject(1, OutputStream.nullOutputStream());
        SQLException e = assertThrows(SQLException.class, stream::execute);
        assertEquals("42501", e.getSQLState());
        assertEquals("permission denied for table t", CaseRunner.firstLine(e.getMessage()));
        statement.execute("GRANT SELECT ON t TO u");
        stream.setObject(1, OutputStream.nullOutputStream());
        assertFalse(stream.execute());
        e = assertThrows(SQLException.class, () -> file.execute("COPY t TO " + path));
        assertEquals("42501", e.getSQLState());
        assertTrue(e.getMessage().contains("permission denied to COPY to a file"));
        statement.execute("CREATE ROLE PG_WRITE_SERVER_FILES");
        statement.execute("GRANT PG_WRITE_SERVER_FILES TO u");
        assertFalse(file.execute("COPY t TO " + path));
      }
    }
  }

  private static List<String> rows(Statement statement, String table) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
      int count = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= count; i++) {
          row.append(result.getString(i)).append('|');
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }
}
