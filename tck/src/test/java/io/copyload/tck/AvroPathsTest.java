package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COPY ... AVRO with a JSONPaths file. */
class AvroPathsTest {
  private static final Schema FRIEND =
      new Schema.Parser()
          .parse(
              "{\"type\":\"record\",\"name\":\"F\",\"fields\":[{\"name\":\"id\",\"type\":\"int\"},"
                  + "{\"name\":\"name\",\"type\":[\"null\",\"string\"]}]}");
  private static final Schema PERSON =
      new Schema.Parser()
          .parse(
              "{\"type\":\"record\",\"name\":\"P\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
                  + "{\"name\":\"friends\",\"type\":[\"null\",{\"type\":\"array\",\"items\":"
                  + FRIEND
                  + "}]},{\"name\":\"marks\",\"type\":{\"type\":\"map\",\"values\":\"int\"}},"
                  + "{\"name\":\"last\",\"type\":\"string\"}]}");

  @TempDir private Path folder;

  private static GenericRecord friend(int id, String name) {
    return new GenericRecordBuilder(FRIEND).set("id", id).set("name", name).build();
  }

  private static GenericRecord person(
      long id, List<GenericRecord> friends, Map<String, Integer> marks, String last) {
    GenericData.Array<GenericRecord> array =
        friends == null
            ? null
            : new GenericData.Array<>(
                PERSON.getField("friends").schema().getTypes().get(1), friends);
    return new GenericRecordBuilder(PERSON)
        .set("id", id)
        .set("friends", array)
        .set("marks", marks)
        .set("last", last)
        .build();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int c = 1; c <= result.getMetaData().getColumnCount(); c++) {
          row.add(result.getString(c));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  @Test
  void pathsLeadIntoRecordsArraysAndMaps() throws Exception {
    Path data = folder.resolve("people.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(PERSON))) {
      writer.create(PERSON, data.toFile());
      writer.append(person(1, List.of(friend(7, "Ann"), friend(8, null)), Map.of("a", 3), "first"));
      writer.append(person(2, null, Map.of("b", 4), "second"));
      writer.append(person(3, List.of(friend(9, "Bob")), Map.of(), "third"));
    }
    Path blanks = folder.resolve("blanks.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(PERSON))) {
      writer.create(PERSON, blanks.toFile());
      writer.append(person(1, null, Map.of(), " \t "));
      writer.append(person(2, null, Map.of(), ""));
      writer.append(person(3, null, Map.of(), " x"));
    }
    Properties properties = new Properties();
    properties.setProperty("dialect", "redshift");
    try (TckDatabase database = TckDatabase.inMemory("", properties);
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE p (last VARCHAR(20), fid INT, fname VARCHAR(20), a INT, none INT,"
              + " friends SUPER, friend VARCHAR(100), doc SUPER)");
      Path paths =
          file(
              "p.paths",
              "{\"jsonpaths\": [\"$.last\", \"$.friends[0].id\", \"$.friends[0].name\", \"$.marks.a\","
                  + " \"$.nothing.here\", \"$.friends\", \"$.friends[0]\", \"$\"]}");
      String from = "COPY p FROM '" + data + "' FORMAT AVRO '";
      assertEquals(3, statement.executeUpdate(from + paths + "'"));
      assertEquals(
          List.of(
              "first|7|Ann|3|null|[{\"id\":7,\"name\":\"Ann\"},{\"id\":8,\"name\":null}]|"
                  + "{\"id\":7,\"name\":\"Ann\"}|{\"id\":1,\"friends\":[{\"id\":7,\"name\":\"Ann\"},"
                  + "{\"id\":8,\"name\":null}],\"marks\":{\"a\":3},\"last\":\"first\"}",
              "second|null|null|null|null|null|null|"
                  + "{\"id\":2,\"friends\":null,\"marks\":{\"b\":4},\"last\":\"second\"}",
              "third|9|Bob|null|null|[{\"id\":9,\"name\":\"Bob\"}]|{\"id\":9,\"name\":\"Bob\"}|"
                  + "{\"id\":3,\"friends\":[{\"id\":9,\"name\":\"Bob\"}],\"marks\":{},\"last\":\"third\"}"),
          rows(statement, "SELECT * FROM p"));

      statement.execute("CREATE TABLE q (id INT, nr VARCHAR(20))");
      Path beyond = file("q.paths", "{\"jsonpaths\": [\"$['id']\", \"$['friends'][1]['id']\"]}");
      String q = "COPY q FROM '" + data + "' AVRO '" + beyond + "'";
      assertThrows(SQLException.class, () -> statement.execute(q));
      assertEquals(
          List.of("3|1216|Invalid JSONPath format: Not an array or index out of range."),
          rows(statement, "SELECT line_number, err_code, TRIM(err_reason) FROM stl_load_errors"));
      assertEquals(2, statement.executeUpdate(q + " MAXERROR 5"));
      assertEquals(List.of("1|8", "2|null"), rows(statement, "SELECT * FROM q ORDER BY id"));
      Path wrong = file("w.paths", "{\"jsonpaths\": [\"$.id[0]\", \"$.last\"]}");
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> statement.execute("COPY q FROM '" + data + "' AVRO '" + wrong + "'"));
      assertEquals(
          true, e.getMessage().contains("Not an array or index out of range."), e.getMessage());
      statement.execute("CREATE TABLE r (friends INT ARRAY, marks INT ARRAY)");
      Path nested = file("n.paths", "{\"jsonpaths\": [\"$.friends\", \"$.marks\"]}");
      e =
          assertThrows(
              SQLException.class,
              () -> statement.execute("COPY r FROM '" + data + "' AVRO '" + nested + "'"));
      assertEquals("42804", e.getSQLState(), e.getMessage());
      statement.execute("CREATE TABLE b (id INT, last VARCHAR(9))");
      statement.execute("COPY b FROM '" + blanks + "' AVRO 'auto' BLANKSASNULL");
      assertEquals(List.of("1|null", "2|", "3| x"), rows(statement, "SELECT * FROM b ORDER BY id"));
      // The guide's category_path.avropath: names in another order than the table's columns.
      Path other = file("o.paths", "{\"jsonpaths\": [\"$['marks']['b']\", \"$['last']\"]}");
      statement.execute("TRUNCATE TABLE q");
      assertEquals(
          3, statement.executeUpdate("COPY q FROM '" + data + "' FORMAT AS AVRO '" + other + "'"));
      assertEquals(
          List.of("4|second", "null|first", "null|third"),
          rows(statement, "SELECT * FROM q ORDER BY id NULLS LAST, nr"));
    }
  }
}
