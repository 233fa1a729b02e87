package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nested values of files in ARRAY, ROW and JSON columns, and what such columns cannot hold. */
class NestedColumnsTest {
  private static final String TABLE =
      "CREATE TABLE t (id INTEGER, r ROW(a INTEGER, b VARCHAR, n ROW(d DATE, x NUMERIC(10, 2))),"
          + " tri INTEGER ARRAY ARRAY, m ROW(k VARCHAR, v BIGINT) ARRAY,"
          + " ls ROW(q DOUBLE PRECISION, tags VARCHAR ARRAY) ARRAY, j JSON, bin VARBINARY ARRAY)";

  private static final List<String> ROWS =
      List.of(
          "1|ROW (1, x \"y\", ROW (2024-02-29, 1.50))|[[1, 2, 3], [4], [], null, [null]]|"
              + "[ROW (one, 1), ROW (two, null)]|[ROW (1.5, [a, null]), ROW (null, []), null]|"
              + "{\"z\":[1,{\"y\":null}]}|[00ff, null]",
          "2|ROW (null, null, null)|[]|[]|[]|null|[]",
          "3|null|null|null|null|null|null");

  @TempDir private Path folder;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:copyload:" + folder + "/db;threads=2");
    statement = connection.createStatement();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static String shown(Object value) throws SQLException {
    if (value instanceof java.sql.Array array) {
      return shown(array.getArray());
    }
    if (value instanceof Object[] elements) {
      List<String> texts = new ArrayList<>();
      for (Object element : elements) {
        texts.add(shown(element));
      }
      return texts.toString();
    }
    if (value instanceof ResultSet row) {
      List<String> texts = new ArrayList<>();
      row.next();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        texts.add(shown(row.getObject(i)));
      }
      return "ROW (" + String.join(", ", texts) + ")";
    }
    return value instanceof byte[] bytes
        ? bytes.length > 0 && bytes[0] == '{'
            ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
            : java.util.HexFormat.of().formatHex(bytes)
        : String.valueOf(value);
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(shown(result.getObject(i)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  private void assertRows() throws SQLException {
    assertEquals(ROWS, rows("SELECT * FROM t ORDER BY id"));
    assertEquals(
        List.of("1.50|4|1"), rows("SELECT (r).n.x, tri[2][1], (m[1]).v FROM t WHERE id = 1"));
    statement.execute("TRUNCATE TABLE t");
  }

  private Path parquet(String name, String query) throws SQLException {
    Path file = folder.resolve(name);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement s = duckdb.createStatement()) {
      s.execute("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)");
    }
    return file;
  }

  @Test
  void parquetFillsRowsAndArrays() throws Exception {
    Path file =
        parquet(
            "a.parquet",
            "SELECT * FROM (VALUES (1, {'a': 1, 'b': 'x \"y\"', 'n': {'d': DATE '2024-02-29',"
                + " 'x': 1.5::DECIMAL(10,2)}}, [[1, 2, 3], [4], [], NULL, [NULL]],"
                + " MAP {'one': 1::BIGINT, 'two': NULL}, [{'q': 1.5::DOUBLE, 'tags': ['a', NULL]},"
                + " {'q': NULL, 'tags': []}, NULL], {'z': [1]}, ['\\x00\\xFF'::BLOB, NULL]),"
                + " (2, {'a': NULL, 'b': NULL, 'n': NULL}, [], MAP {}, [], NULL, []),"
                + " (3, NULL, NULL, NULL, NULL, NULL, NULL)) v(id, r, tri, m, ls, j, bin)");
    statement.execute(TABLE);
    assertEquals(3, statement.executeUpdate("COPY t FROM '" + file + "' (FORMAT parquet)"));
    statement.execute("UPDATE t SET j = JSON '{\"z\":[1,{\"y\":null}]}' WHERE id = 1");
    assertRows();
    assertEquals(3, statement.executeUpdate("COPY t FROM '" + file + "' FORMAT AS PARQUET"));
    statement.execute("UPDATE t SET j = JSON '{\"z\":[1,{\"y\":null}]}' WHERE id = 1");
    assertRows();
  }

  @Test
  void columnsOfRowsSurviveAReopenedDatabase() throws Exception {
    jsonFillsRowsAndArrays();
    Path json = folder.resolve("a.json");
    statement.execute("COPY t FROM '" + json + "' JSON 'auto'");
    connection.close();
    open();
    assertRows();
  }

  @Test
  void jsonFillsRowsAndArrays() throws Exception {
    Path json = folder.resolve("a.json");
    Files.writeString(
        json,
        """
        {"id": 1, "r": {"b": "x \\"y\\"", "unknown": [1], "n": {"x": 1.5, "d": "2024-02-29"}, "a": 7, "a": 1},
         "tri": [[1, 2, 3], [4], [ ], null, [null]], "m": {"one": 1, "two": null},
         "ls": [{"q": 1.5, "tags": ["a", null]}, {"tags": []}, null], "j": {"z": [1, {"y": null}]},
         "bin": ["00ff", null]}
        {"id": 2, "r": {}, "tri": "{}", "m": [], "ls": [], "bin": []} {"id": 3, "r": null}
        """);
    statement.execute(TABLE);
    assertEquals(3, statement.executeUpdate("COPY t FROM '" + json + "' JSON 'auto'"));
    assertRows();
  }

  @Test
  void whatIsExportedDuckdbReadsBackEqual() throws Exception {
    jsonFillsRowsAndArrays();
    statement.execute("COPY t FROM '" + folder.resolve("a.json") + "' JSON 'auto'");
    Path parquet = folder.resolve("out.parquet");
    Path json = folder.resolve("out.json");
    assertEquals(3, statement.executeUpdate("COPY t TO '" + parquet + "' (FORMAT parquet)"));
    assertEquals(
        3, statement.executeUpdate("COPY (SELECT * FROM t) TO '" + json + "' (FORMAT json)"));
    String nested =
        "SELECT id, CAST(r AS VARCHAR), CAST(tri AS VARCHAR), CAST(m AS VARCHAR), CAST(ls AS VARCHAR),"
            + " CAST(bin AS VARCHAR), typeof(r) FROM ";
    List<String> expected =
        List.of(
            "1|{'a': 1, 'b': 'x \"y\"', 'n': {'d': 2024-02-29, 'x': 1.50}}|"
                + "[[1, 2, 3], [4], [], NULL, [NULL]]|[{'k': one, 'v': 1}, {'k': two, 'v': NULL}]|"
                + "[{'q': 1.5, 'tags': [a, NULL]}, {'q': NULL, 'tags': []}, NULL]|['\\\\x00\\\\xFF', NULL]|"
                + "STRUCT(a INTEGER, b VARCHAR, n STRUCT(d DATE, x DECIMAL(10,2)))",
            "2|{'a': NULL, 'b': NULL, 'n': NULL}|[]|[]|[]|[]|"
                + "STRUCT(a INTEGER, b VARCHAR, n STRUCT(d DATE, x DECIMAL(10,2)))",
            "3|null|null|null|null|null|STRUCT(a INTEGER, b VARCHAR, n STRUCT(d DATE, x DECIMAL(10,2)))");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement s = duckdb.createStatement()) {
      List<String> found = new ArrayList<>();
      try (ResultSet r = s.executeQuery(nested + "'" + parquet + "' ORDER BY id")) {
        while (r.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= 7; i++) {
            row.add(String.valueOf(r.getString(i)));
          }
          found.add(String.join("|", row));
        }
      }
      assertEquals(expected, found);
    }
    assertEquals(
        "{\"id\":1,\"r\":{\"a\":1,\"b\":\"x \\\"y\\\"\",\"n\":{\"d\":\"2024-02-29\",\"x\":1.50}},"
            + "\"tri\":[[1,2,3],[4],[],null,[null]],\"m\":[{\"k\":\"one\",\"v\":1},{\"k\":\"two\",\"v\":null}],"
            + "\"ls\":[{\"q\":1.5,\"tags\":[\"a\",null]},{\"q\":null,\"tags\":[]},null],"
            + "\"j\":{\"z\":[1,{\"y\":null}]},\"bin\":[\"\\\\x00ff\",null]}",
        Files.readAllLines(json).get(0));
    statement.execute("TRUNCATE TABLE t");
    assertEquals(3, statement.executeUpdate("COPY t FROM '" + parquet + "' (FORMAT parquet)"));
    assertRows();
    assertEquals(3, statement.executeUpdate("COPY t FROM '" + json + "' JSON 'auto'"));
    assertRows();
  }

  @Test
  void aBadPartOfJsonIsRefusedWithItsPlace() throws Exception {
    statement.execute("CREATE TABLE b (id INTEGER, r ROW(a INTEGER, l INTEGER ARRAY))");
    String[][] bad = {
      {"{\"a\": \"x\"}", "$.A", "'x'"},
      {"{\"l\": [1, 2.5]}", "$.L[1]", "'.'"},
      {"{\"l\": {\"k\": 1}}", "$.L", "integer array cannot hold a JSON object"},
      {"[1]", "", "row(A integer, L integer array) cannot hold a JSON array"},
      {"\"text\"", "", "cannot hold a JSON string"},
      {"{\"a\": {}}", "$.A", "integer cannot hold a JSON object"}
    };
    Path json = folder.resolve("b.json");
    StringBuilder all = new StringBuilder();
    for (String[] one : bad) {
      String line = "{\"id\": 1, \"r\": " + one[0] + "}\n";
      all.append(line);
      Files.writeString(json, line);
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> statement.execute("COPY b FROM '" + json + "' JSON 'auto'"),
              one[0]);
      assertTrue(e.getMessage().contains(one[2]), e.getMessage());
      assertTrue(e.getMessage().contains(one[1]), e.getMessage());
    }
    Files.writeString(json, all + "{\"id\": 2, \"r\": {\"a\": 1}}");
    assertEquals(
        1, statement.executeUpdate("COPY b FROM '" + json + "' JSON 'auto' IGNOREALLERRORS"));
  }

  @Test
  void avroFillsRowsAndArrays() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                "{'type':'record','name':'t','fields':[{'name':'id','type':'int'},{'name':'r','type':['null',"
                        .replace('\'', '"')
                    + ("{'type':'record','name':'r','fields':[{'name':'a','type':['null','int']},"
                            + "{'name':'b','type':['null','string']},{'name':'n','type':['null',"
                            + "{'type':'record','name':'n','fields':[{'name':'d','type':{'type':'int',"
                            + "'logicalType':'date'}},{'name':'x','type':{'type':'bytes','logicalType':'decimal',"
                            + "'precision':10,'scale':2}}]}]}]}]},{'name':'tri','type':['null',{'type':'array',"
                            + "'items':['null',{'type':'array','items':['null','int']}]}]},"
                            + "{'name':'m','type':['null',{'type':'map','values':['null','long']}]},"
                            + "{'name':'ls','type':['null',{'type':'array','items':['null',{'type':'record',"
                            + "'name':'l','fields':[{'name':'q','type':['null','double']},{'name':'tags','type':"
                            + "{'type':'array','items':['null','string']}}]}]}]},"
                            + "{'name':'j','type':['null','string']},"
                            + "{'name':'bin','type':['null',{'type':'array','items':['null','bytes']}]}]}")
                        .replace('\'', '"'));
    Schema r = schema.getField("r").schema().getTypes().get(1);
    Schema n = r.getField("n").schema().getTypes().get(1);
    Schema l = schema.getField("ls").schema().getTypes().get(1).getElementType().getTypes().get(1);
    GenericRecord first =
        new GenericRecordBuilder(schema)
            .set("id", 1)
            .set(
                "r",
                new GenericRecordBuilder(r)
                    .set("a", 1)
                    .set("b", "x \"y\"")
                    .set(
                        "n",
                        new GenericRecordBuilder(n)
                            .set("d", 19782)
                            .set("x", ByteBuffer.wrap(new byte[] {0, (byte) 150}))
                            .build())
                    .build())
            .set(
                "tri",
                Arrays.asList(
                    List.of(1, 2, 3), List.of(4), List.of(), null, Arrays.asList((Object) null)))
            .set(
                "m",
                new java.util.TreeMap<>(Map.of("one", 1L)) {
                  private static final long serialVersionUID = 1L;

                  {
                    put("two", null);
                  }
                })
            .set(
                "ls",
                Arrays.asList(
                    new GenericRecordBuilder(l)
                        .set("q", 1.5)
                        .set("tags", Arrays.asList("a", null))
                        .build(),
                    new GenericRecordBuilder(l).set("q", null).set("tags", List.of()).build(),
                    null))
            .set("j", "{\"z\":[1,{\"y\":null}]}")
            .set("bin", Arrays.asList(ByteBuffer.wrap(new byte[] {0, -1}), null))
            .build();
    GenericRecord second =
        new GenericRecordBuilder(schema)
            .set("id", 2)
            .set(
                "r",
                new GenericRecordBuilder(r).set("a", null).set("b", null).set("n", null).build())
            .set("tri", List.of())
            .set("m", Map.of())
            .set("ls", List.of())
            .set("j", null)
            .set("bin", List.of())
            .build();
    GenericRecordBuilder third = new GenericRecordBuilder(schema).set("id", 3);
    for (String name : List.of("r", "tri", "m", "ls", "j", "bin")) {
      third.set(name, null);
    }
    Path file = folder.resolve("a.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, file.toFile());
      writer.append(first);
      writer.append(second);
      writer.append(third.build());
    }
    statement.execute(TABLE.replace("j JSON", "j VARCHAR"));
    assertEquals(3, statement.executeUpdate("COPY t FROM '" + file + "' FORMAT AS AVRO 'auto'"));
    assertRows();
    refused(
        "AVRO 'auto'",
        file,
        "(id INTEGER, r INTEGER, tri JSON, m JSON, ls JSON, j JSON, bin JSON)",
        "INTEGER",
        "record");
    refused(
        "AVRO 'auto'",
        file,
        "(id INTEGER, r ROW(a INTEGER, b VARCHAR), tri JSON, m JSON, ls JSON, j JSON, bin JSON)",
        "row(A integer, B varchar)",
        "no field \"n\"");
  }

  private void refused(String format, Path file, String columns, String... texts)
      throws SQLException {
    statement.execute("DROP TABLE IF EXISTS x");
    statement.execute("CREATE TABLE x " + columns);
    for (String noload : List.of("", " NOLOAD")) {
      if (!noload.isEmpty() && !format.startsWith("AVRO")) {
        continue;
      }
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> statement.execute("COPY x FROM '" + file + "' FORMAT AS " + format + noload));
      assertEquals("42804", e.getSQLState(), e.getMessage());
      for (String text : texts) {
        assertTrue(e.getMessage().contains(text), text + " in " + e.getMessage());
      }
    }
  }

  @Test
  void targetsThatCannotHoldParquetAreRefusedNamingBothTypes() throws Exception {
    Path file =
        parquet(
            "b.parquet",
            "SELECT 1 AS id, {'a': 1, 'b': 'x'} AS r, [[1], [2]] AS l, MAP {'k': 1} AS m");
    String json = ", l JSON, m JSON)";
    refused("PARQUET", file, "(id INTEGER, r DATE" + json, "date", "group r", "optional int32 a");
    refused(
        "PARQUET",
        file,
        "(id INTEGER, r ROW(a INTEGER)" + json,
        "row(A integer)",
        "has no field \"b\"");
    refused(
        "PARQUET",
        file,
        "(id INTEGER, r ROW(a INTEGER, b VARCHAR, c DATE)" + json,
        "row(A integer, B varchar, C date)",
        "The file has no field \"C\"");
    refused(
        "PARQUET",
        file,
        "(id INTEGER, r ROW(a DATE, b VARCHAR)" + json,
        "row(A date, B varchar)",
        "at .a is date in the table and integer in the file");
    refused(
        "PARQUET", file, "(id INTEGER, r JSON, l INTEGER ARRAY, m JSON)", "integer array", "[]");
    refused("PARQUET", file, "(id INTEGER, r JSON, l INTEGER, m JSON)", "integer", "group l");
    refused(
        "PARQUET",
        file,
        "(id INTEGER, r JSON, l JSON, m INTEGER ARRAY)",
        "integer array",
        "group m");
    // Nobody has read a row.
    assertEquals(List.of("0"), rows("SELECT COUNT(*) FROM x"));
  }

  @Test
  void targetsThatCannotHoldOrcAreRefusedNamingBothTypes() throws Exception {
    Path file = Path.of("../../shared/corpora/orc-examples/TestOrcFile.test1.orc");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(file));
    String head =
        "(a BOOLEAN, b SMALLINT, c SMALLINT, d INTEGER, e BIGINT, f REAL, g DOUBLE PRECISION, h VARBINARY,"
            + " i VARCHAR,";
    String row = " ROW(int1 INTEGER, string1 VARCHAR)";
    statement.execute(
        "CREATE TABLE o "
            + head
            + " middle ROW(list"
            + row
            + " ARRAY), list"
            + row
            + " ARRAY, map ROW(k VARCHAR, v"
            + row
            + ") ARRAY)");
    assertEquals(
        2, statement.executeUpdate("COPY o FROM '" + file.toAbsolutePath() + "' FORMAT AS ORC"));
    assertEquals(
        List.of(
            "ROW ([ROW (1, bye), ROW (2, sigh)])|[ROW (3, good), ROW (4, bad)]|[]",
            "ROW ([ROW (1, bye), ROW (2, sigh)])|[ROW (100000000, cat), ROW (-100000, in),"
                + " ROW (1234, hat)]|[ROW (chani, ROW (5, chani)), ROW (mauddib, ROW (1, mauddib))]"),
        rows("SELECT middle, list, map FROM o"));
    refused(
        "ORC",
        file.toAbsolutePath(),
        head + " middle ROW(list INTEGER ARRAY), list JSON, map JSON)",
        "row(LIST integer array)",
        "struct<list:array<struct<int1:int,string1:string>>>",
        "at .list[] is integer in the table and a struct in the file");
    refused(
        "ORC",
        file.toAbsolutePath(),
        head + " middle JSON, list INTEGER, map JSON)",
        "integer",
        "array<struct");
  }
}
