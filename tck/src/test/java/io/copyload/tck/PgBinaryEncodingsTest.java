package io.copyload.tck;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Fields of the binary format as PostgreSQL 18 wrote them, {@code postgresql/binary-encodings.tsv}:
 * each one is loaded and must be what its text is when that is loaded.
 */
class PgBinaryEncodingsTest {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("boolean", "BOOLEAN"),
          Map.entry("smallint", "SMALLINT"),
          Map.entry("integer", "INTEGER"),
          Map.entry("bigint", "BIGINT"),
          Map.entry("real", "REAL"),
          Map.entry("double precision", "DOUBLE PRECISION"),
          Map.entry("numeric", "DECFLOAT(2000)"),
          Map.entry("numeric(10,2)", "NUMERIC(10,2)"),
          Map.entry("text", "VARCHAR"),
          Map.entry("varchar(10)", "VARCHAR(10)"),
          Map.entry("char(4)", "CHAR(4)"),
          Map.entry("name", "VARCHAR(63)"),
          Map.entry("\"char\"", "CHAR(1)"),
          Map.entry("bytea", "VARBINARY"),
          Map.entry("date", "DATE"),
          Map.entry("time", "TIME(6)"),
          Map.entry("timetz", "TIME(6) WITH TIME ZONE"),
          Map.entry("timestamp", "TIMESTAMP(6)"),
          Map.entry("timestamptz", "TIMESTAMP(6) WITH TIME ZONE"),
          Map.entry("interval", "INTERVAL DAY(12) TO SECOND(6)"),
          Map.entry("uuid", "UUID"),
          Map.entry("json", "JSON"),
          Map.entry("jsonb", "JSON"),
          Map.entry("xml", "CLOB"),
          Map.entry("text[]", "VARCHAR ARRAY"));

  /** H2 has nothing like these. */
  private static final TreeSet<String> WITHOUT_TYPE =
      new TreeSet<>(
          List.of(
              "inet",
              "cidr",
              "macaddr",
              "macaddr8",
              "bit(3)",
              "bit varying(12)",
              "oid",
              "money",
              "point",
              "box",
              "circle",
              "path",
              "polygon",
              "lseg",
              "line",
              "int4range",
              "int4multirange",
              "tsvector",
              "pg_lsn"));

  /** Values that H2's counterpart of the type cannot hold, with the error that says so. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "date infinity", "22008: date out of range: \"infinity\"",
          "date -infinity", "22008: date out of range: \"-infinity\"",
          "time 24:00:00", "22008: time out of range: \"24:00:00\"",
          "timestamp infinity", "22008: timestamp out of range: \"infinity\"",
          "timestamp -infinity", "22008: timestamp out of range: \"-infinity\"",
          "interval infinity", "22008: interval out of range",
          "interval -infinity", "22008: interval out of range",
          "interval 1 year 2 mons 3 days 04:05:06",
              "22007: interval does not fit the column's fields");

  private record Field(String type, String text, byte[] bytes) {
    String name() {
      return type + " " + text;
    }

    String h2Type() {
      return type.equals("int[]")
          ? text.startsWith("{{") ? "INTEGER ARRAY ARRAY" : "INTEGER ARRAY"
          : TYPES.get(type);
    }
  }

  @TestFactory
  Stream<DynamicTest> fields() throws IOException {
    TreeSet<String> without = new TreeSet<>();
    List<Field> fields = read();
    for (Field field : fields) {
      if (field.h2Type() == null) {
        without.add(field.type());
      }
    }
    return Stream.concat(
        Stream.of(
            DynamicTest.dynamicTest(
                "without a type in H2: " + without,
                () -> {
                  if (!WITHOUT_TYPE.equals(without)) {
                    throw new AssertionError("must be " + WITHOUT_TYPE);
                  }
                })),
        fields.stream()
            .filter(field -> field.h2Type() != null)
            .map(field -> DynamicTest.dynamicTest(field.name(), () -> run(field))));
  }

  private static List<Field> read() throws IOException {
    return Files.readAllLines(TckFiles.folder("postgresql").resolve("binary-encodings.tsv"))
        .stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .map(parts -> new Field(parts[0], parts[1], HexFormat.of().parseHex(parts[3])))
        .toList();
  }

  private static void run(Field field) throws SQLException, IOException {
    Properties properties = new Properties();
    properties.setProperty("dialect", "postgresql");
    try (TckDatabase database = TckDatabase.inMemory(";TIME ZONE=UTC", properties);
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE b(n INT, v " + field.h2Type() + ")");
      String refusal = REFUSED.get(field.name());
      try {
        copy(connection, "COPY b FROM ? (FORMAT binary)", tuples(field));
      } catch (SQLException e) {
        String seen = e.getSQLState() + ": " + CaseRunner.firstLine(e.getMessage());
        if (!seen.equals(refusal)) {
          throw new AssertionError(field.name() + " was refused", e);
        }
        return;
      }
      if (refusal != null) {
        throw new AssertionError("must be refused");
      }
      statement.execute("CREATE TABLE t(n INT, v " + field.h2Type() + ")");
      String text = field.text().replaceFirst("^\\[0:1\\]=", "").replace("\\", "\\\\");
      copy(connection, "COPY t FROM ?", ("1\t" + text + "\n2\t\\N\n").getBytes(UTF_8));
      requireEqual(statement);
    }
  }

  private static void requireEqual(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT b.v, t.v, b.v IS NOT DISTINCT FROM t.v FROM b JOIN t ON b.n = t.n"
                + " ORDER BY b.n")) {
      int count = 0;
      while (rows.next()) {
        count++;
        if (!rows.getBoolean(3)) {
          throw new AssertionError(
              "must be " + rows.getString(2) + ", was " + rows.getString(1) + " in row " + count);
        }
      }
      if (count != 2) {
        throw new AssertionError(count + " rows");
      }
    }
  }

  private static void copy(Connection connection, String sql, byte[] input) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBinaryStream(1, new ByteArrayInputStream(input));
      statement.executeLargeUpdate();
    }
  }

  /** A row with the field, and one with NULL. */
  private static byte[] tuples(Field field) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("PGCOPY\n\377\r\n\0".getBytes(ISO_8859_1));
    out.write(new byte[8]);
    out.write(ByteBuffer.allocate(10).putShort((short) 2).putInt(4).putInt(1).array());
    out.write(ByteBuffer.allocate(4).putInt(field.bytes().length).array());
    out.write(field.bytes());
    out.write(ByteBuffer.allocate(14).putShort((short) 2).putInt(4).putInt(2).putInt(-1).array());
    out.write(new byte[] {-1, -1});
    return out.toByteArray();
  }
}
