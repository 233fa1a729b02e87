package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COPY ... SHAPEFILE: every type of shape, SIMPLIFY, the files of a set, damaged ones. */
class ShapefilesTest {
  private static final String WGS84 =
      "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137,298.257223563]],"
          + "PRIMEM[\"Greenwich\",0],UNIT[\"Degree\",0.017453292519943295]]";

  @TempDir private Path folder;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:copyload:;dialect=redshift;threads=3");
    statement = connection.createStatement();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  /** A shapefile in the making; each body has its own byte order. */
  private static final class Writer {
    final List<byte[]> shapes = new ArrayList<>();
    final List<String> names = new ArrayList<>();

    Writer add(String name, ByteBuffer body) {
      shapes.add(java.util.Arrays.copyOf(body.array(), body.position()));
      names.add(name);
      return this;
    }

    void write(Path folder, String name) throws IOException {
      ByteArrayOutputStream shp = new ByteArrayOutputStream();
      ByteArrayOutputStream shx = new ByteArrayOutputStream();
      int size = 100;
      for (byte[] shape : shapes) {
        size += 8 + shape.length;
      }
      shp.write(header(size));
      shx.write(header(100 + 8 * shapes.size()));
      int number = 1;
      for (byte[] shape : shapes) {
        shx.write(ByteBuffer.allocate(8).putInt(shp.size() / 2).putInt(shape.length / 2).array());
        shp.write(ByteBuffer.allocate(8).putInt(number++).putInt(shape.length / 2).array());
        shp.write(shape);
      }
      Files.write(folder.resolve(name + ".shp"), shp.toByteArray());
      Files.write(folder.resolve(name + ".shx"), shx.toByteArray());
      Files.write(folder.resolve(name + ".dbf"), dbf());
    }

    private byte[] dbf() throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteBuffer head = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
      head.put(0, (byte) 3)
          .putInt(4, names.size())
          .putShort(8, (short) 65)
          .putShort(10, (short) 21);
      out.write(head.array());
      ByteBuffer field = ByteBuffer.allocate(32);
      field.put("name".getBytes(StandardCharsets.US_ASCII)).put(11, (byte) 'C').put(16, (byte) 20);
      out.write(field.array());
      out.write(0x0d);
      for (String name : names) {
        out.write(name.startsWith("-") ? '*' : ' ');
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        out.write(java.util.Arrays.copyOf(text, Math.min(20, text.length)));
        for (int i = text.length; i < 20; i++) {
          out.write(' ');
        }
      }
      return out.toByteArray();
    }

    private static byte[] header(int size) {
      return ByteBuffer.allocate(100).putInt(9994).putInt(24, size / 2).array();
    }
  }

  private static ByteBuffer body(int bytes, int type) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(type);
  }

  private static ByteBuffer numbers(ByteBuffer body, double... numbers) {
    for (double number : numbers) {
      body.putDouble(number);
    }
    return body;
  }

  /** Box, counts and parts of lines, polygons and multipatches, then the points. */
  private static ByteBuffer parts(int type, int[] parts, double... points) {
    ByteBuffer body = body(64 + 4 * parts.length + 16 * points.length + 64 + 8 * 40, type);
    numbers(body, 0, 0, 0, 0).putInt(parts.length).putInt(points.length / 2);
    for (int part : parts) {
      body.putInt(part);
    }
    return numbers(body, points);
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  private String copy(String name, String options) {
    return "COPY t FROM 'file:" + folder.resolve(name) + "' FORMAT SHAPEFILE " + options;
  }

  @Test
  void everyTypeOfShapeBecomesAGeometry() throws Exception {
    double none = -1e39;
    new Writer()
        .add("null", body(4, 0))
        .add("point", numbers(body(20, 1), 1, 2))
        .add("pointZ", numbers(body(36, 11), 1, 2, 3, none))
        .add("pointZM", numbers(body(36, 11), 1, 2, 3, 4))
        .add("pointM", numbers(body(28, 21), 1, 2, 9))
        .add("multipoint", numbers(numbers(body(200, 8), 0, 0, 0, 0).putInt(2), 1, 2, 3, 4))
        .add(
            "multipointZ",
            numbers(numbers(body(200, 18), 0, 0, 0, 0).putInt(2), 1, 2, 3, 4, 5, 6, 5, 6))
        .add("line", parts(3, new int[] {0}, 0, 0, 1, 1, 2, 0))
        .add("lines", parts(3, new int[] {0, 2}, 0, 0, 1, 1, 5, 5, 6, 6))
        .add("lineZ", numbers(parts(13, new int[] {0}, 0, 0, 1, 1), 7, 8, 7, 8))
        .add("lineM", numbers(parts(23, new int[] {0}, 0, 0, 1, 1), 7, 8, 7, 8))
        .add("polygon", parts(5, new int[] {0}, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0))
        .add(
            "hole and island",
            parts(
                5,
                new int[] {0, 5, 10},
                // A hole before the ring that is around it, and an island in the hole.
                1,
                1,
                8,
                1,
                8,
                8,
                1,
                8,
                1,
                1,
                0,
                0,
                0,
                9,
                9,
                9,
                9,
                0,
                0,
                0,
                2,
                2,
                2,
                3,
                3,
                3,
                3,
                2,
                2,
                2))
        .add("not closed", parts(5, new int[] {0}, 0, 0, 0, 9, 9, 9))
        .add(
            "polygonZ", numbers(parts(15, new int[] {0}, 0, 0, 0, 9, 9, 9, 0, 0), 1, 4, 1, 2, 3, 1))
        .add("-deleted", numbers(body(20, 1), 7, 7))
        .write(folder, "all");
    ByteBuffer patch = body(400, 31);
    numbers(patch, 0, 0, 0, 0).putInt(3).putInt(12).putInt(0).putInt(4).putInt(8);
    // A strip, a fan and an outer ring.
    patch.putInt(0).putInt(1).putInt(2);
    numbers(patch, 0, 0, 0, 1, 1, 0, 1, 1);
    numbers(patch, 5, 5, 6, 5, 6, 6, 5, 6);
    numbers(patch, 0, 0, 0, 2, 2, 2, 0, 0);
    numbers(patch, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    new Writer().add("patch", patch).write(folder, "patch");

    statement.execute("CREATE TABLE t (g GEOMETRY, name VARCHAR(30))");
    assertEquals(15, statement.executeUpdate(copy("all.shp", "")));
    assertEquals(1, statement.executeUpdate(copy("patch.shp", "")));
    assertEquals(
        List.of(
            "null|null",
            "point|POINT (1 2)",
            "pointZ|POINT Z (1 2 3)",
            "pointZM|POINT ZM (1 2 3 4)",
            "pointM|POINT M (1 2 9)",
            "multipoint|MULTIPOINT ((1 2), (3 4))",
            "multipointZ|MULTIPOINT Z ((1 2 5), (3 4 6))",
            "line|LINESTRING (0 0, 1 1, 2 0)",
            "lines|MULTILINESTRING ((0 0, 1 1), (5 5, 6 6))",
            "lineZ|LINESTRING Z (0 0 7, 1 1 8)",
            "lineM|LINESTRING M (0 0 7, 1 1 8)",
            "polygon|POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0))",
            "hole and island|MULTIPOLYGON (((0 0, 0 9, 9 9, 9 0, 0 0),"
                + " (1 1, 8 1, 8 8, 1 8, 1 1)), ((2 2, 2 3, 3 3, 3 2, 2 2)))",
            "not closed|POLYGON ((0 0, 0 9, 9 9, 0 0))",
            "polygonZ|POLYGON Z ((0 0 1, 0 9 2, 9 9 3, 0 0 1))",
            "patch|MULTIPOLYGON Z (((0 0 1, 0 1 1, 1 0 1, 0 0 1)), ((0 1 1, 1 0 1, 1 1 1, 0 1 1)),"
                + " ((5 5 2, 6 5 2, 6 6 2, 5 5 2)), ((5 5 2, 6 6 2, 5 6 2, 5 5 2)),"
                + " ((0 0 3, 0 2 3, 2 2 3, 0 0 3)))"),
        rows("SELECT name, g FROM t"));
  }

  /** A spiral of many points: about 16 bytes each. */
  private static ByteBuffer spiral(int points) {
    double[] numbers = new double[2 * points];
    for (int i = 0; i < points; i++) {
      double angle = i * 0.01;
      numbers[2 * i] = angle * Math.cos(angle);
      numbers[2 * i + 1] = angle * Math.sin(angle);
    }
    return parts(3, new int[] {0}, numbers);
  }

  @Test
  void largeGeometriesAreRefusedOrSimplified() throws Exception {
    new Writer()
        .add("small", numbers(body(20, 1), 1, 2))
        .add("large", spiral(70_000))
        .add("larger", spiral(90_000))
        .write(folder, "big");
    statement.execute("CREATE TABLE t (g GEOMETRY, name VARCHAR(30))");
    SQLException e = assertThrows(SQLException.class, () -> statement.execute(copy("big.shp", "")));
    assertEquals("XX000", e.getSQLState());
    assertEquals(
        List.of("2|g|Geometry size: 1120009 is larger than maximum supported size: 1048447"),
        rows("SELECT line_number, TRIM(colname), TRIM(err_reason) FROM stl_load_errors"));
    assertEquals(1, statement.executeUpdate(copy("big.shp", "MAXERROR 3")));
    statement.execute("TRUNCATE TABLE t");

    assertEquals(3, statement.executeUpdate(copy("big.shp", "SIMPLIFY AUTO")));
    List<String> reports =
        rows(
            "SELECT line_number, maximum_tolerance, initial_size, TRIM(simplified),"
                + " final_size <= 1048447 AND final_size > 1000000, final_tolerance > 0"
                + " FROM svl_spatial_simplify WHERE query = pg_last_copy_id() ORDER BY line_number");
    assertEquals(List.of("2|-1.0|1120009|t|TRUE|TRUE", "3|-1.0|1440009|t|TRUE|TRUE"), reports);
    double needed =
        Double.parseDouble(
            rows("SELECT final_tolerance FROM svl_spatial_simplify WHERE line_number = 2"
                    + " AND query = pg_last_copy_id()")
                .get(0));
    statement.execute("TRUNCATE TABLE t");
    assertEquals(
        2, statement.executeUpdate(copy("big.shp", "SIMPLIFY AUTO " + needed + " MAXERROR 2")));
    assertEquals(
        List.of("2|t|" + needed, "3|f|0.0"),
        rows(
            "SELECT line_number, TRIM(simplified), final_tolerance FROM svl_spatial_simplify"
                + " WHERE query = pg_last_copy_id() ORDER BY line_number"));
    statement.execute("TRUNCATE TABLE t");
    assertEquals(3, statement.executeUpdate(copy("big.shp", "SIMPLIFY '0.5'")));
    assertEquals(
        List.of("null|0.5|t|0.5"),
        rows(
            "SELECT line_number, maximum_tolerance, TRIM(simplified), final_tolerance"
                + " FROM svl_spatial_simplify WHERE query = pg_last_copy_id()"));
  }

  /** Rings keep a triangle whatever the tolerance, and the ends of lines stay. */
  @Test
  void nothingVanishesBySimplification() throws Exception {
    new Writer()
        .add("ring", parts(5, new int[] {0}, 0, 0, 0, 4, 1, 5, 4, 4, 4, 0, 2, -1, 0, 0))
        .add("line", parts(3, new int[] {0}, 0, 0, 1, 3, 2, 0))
        .write(folder, "two");
    statement.execute("CREATE TABLE t (g GEOMETRY, name VARCHAR(30))");
    statement.execute(copy("two.shp", "SIMPLIFY 100"));
    assertEquals(
        List.of("POLYGON ((0 0, 0 4, 4 4, 0 0))", "LINESTRING (0 0, 2 0)"),
        rows("SELECT g FROM t"));
  }

  @Test
  void filesBesideTheShapesAreRespected() throws Exception {
    new Writer()
        .add("Zürich", numbers(body(20, 1), 8.5, 47.4))
        .add("12345678901234567é", numbers(body(20, 1), 1, 1))
        .write(folder, "p");
    statement.execute("CREATE TABLE t (g GEOMETRY, name VARCHAR(30))");
    statement.execute(copy("p.shp", ""));
    assertEquals(
        List.of("POINT (8.5 47.4)|Zürich", "POINT (1 1)|12345678901234567é"),
        rows("SELECT g, name FROM t"));
    Files.writeString(folder.resolve("p.prj"), WGS84);
    Files.writeString(folder.resolve("p.cpg"), "ISO-8859-1");
    statement.execute("TRUNCATE TABLE t");
    statement.execute(copy("p.shp", ""));
    assertEquals("SRID=4326;POINT (8.5 47.4)|ZÃ¼rich", rows("SELECT g, name FROM t").get(0));
    statement.execute("SET read_srid_on_shapefile_ingestion TO OFF");
    statement.execute("TRUNCATE TABLE t");
    statement.execute(copy("p.shp", ""));
    assertEquals("POINT (8.5 47.4)", rows("SELECT g FROM t").get(0));
    statement.execute("SET read_srid_on_shapefile_ingestion = ON");

    for (String ending : List.of("shp", "shx", "dbf")) {
      try (OutputStream out =
          new GZIPOutputStream(
              Files.newOutputStream(folder.resolve("z.shp.gz".replace("shp", ending))))) {
        Files.copy(folder.resolve("p." + ending), out);
      }
    }
    statement.execute("TRUNCATE TABLE t");
    assertEquals(2, statement.executeUpdate(copy("z.shp.gz", "GZIP")));
    assertEquals("POINT (8.5 47.4)|Zürich", rows("SELECT g, name FROM t").get(0));
    failsWith("22P04", copy("p.shp", "GZIP"));
    failsWith("22023", "COPY t FROM 'file:" + folder.resolve("p.shp") + "' CSV SIMPLIFY AUTO");
    Files.delete(folder.resolve("p.shx"));
    failsWith("58P01", copy("p.shp", ""));
  }

  private String failsWith(String state, String sql) {
    SQLException e = assertThrows(SQLException.class, () -> statement.execute(sql));
    assertEquals(state, e.getSQLState(), e.getMessage());
    return e.getMessage();
  }

  @Test
  void columnsAreTheGeometryAndThenTheAttributes() throws Exception {
    new Writer().add("a", numbers(body(20, 1), 1, 2)).write(folder, "c");
    statement.execute("CREATE TABLE t (fid INT IDENTITY(1,1), g GEOMETRY, name VARCHAR(30))");
    assertEquals(1, statement.executeUpdate(copy("c.shp", "")));
    assertEquals(List.of("1|POINT (1 2)|a"), rows("SELECT * FROM t"));
    statement.execute("DROP TABLE t");
    statement.execute("CREATE TABLE t (name VARCHAR(30), g GEOMETRY)");
    String message = failsWith("42804", copy("c.shp", ""));
    assertTrue(message.contains("VARCHAR") && message.contains("GEOMETRY"), message);
    assertEquals(
        1, statement.executeUpdate(copy("c.shp", "").replace("COPY t", "COPY t(g, name)")));
    statement.execute("DROP TABLE t");
    statement.execute("CREATE TABLE t (g GEOMETRY)");
    failsWith("22P04", copy("c.shp", ""));
  }

  /** The counts, types and boxes that were read from the public files by other code. */
  @Test
  void publicShapefilesHaveTheGeometriesTheyShould() throws Exception {
    Map<Integer, String> names = Map.of(1, "POINT", 3, "LINESTRING", 5, "POLYGON", 8, "MULTIPOINT");
    Pattern number = Pattern.compile("-?[0-9.]+(?:E-?[0-9]+)? -?[0-9.]+(?:E-?[0-9]+)?");
    for (String origin : List.of("shapefile", "naturalearth")) {
      Path expected = TckFiles.folder("corpora").resolve(origin).resolve("expected.json");
      for (Object element : Json.asList(Json.parse(Files.readString(expected)))) {
        Map<String, Object> entry = Json.asObject(element);
        Map<String, Object> geometry = Json.asObject(entry.get("geometry"));
        Path file = TckFiles.folder("corpora").resolve((String) entry.get("file"));
        statement.execute("DROP TABLE IF EXISTS t");
        for (String sql : Json.asTexts(entry.get("setup"))) {
          statement.execute(sql.replace("VARCHAR", "VARCHAR(200)"));
        }
        statement.execute("COPY t FROM 'file:" + file.toAbsolutePath() + "' SHAPEFILE");
        List<String> all = rows("SELECT geom FROM t");
        assertEquals(((BigDecimal) geometry.get("records")).intValue(), all.size());
        double[] box = {1e300, 1e300, -1e300, -1e300};
        int points = 0;
        for (String one : all) {
          if (one.equals("null")) {
            continue;
          }
          assertTrue(one.startsWith("SRID=4326;"), one);
          boolean known = false;
          for (String type : Json.asObject(geometry.get("types")).keySet()) {
            known |= one.contains(names.getOrDefault(Integer.valueOf(type), "?"));
          }
          assertTrue(known, one);
          Matcher pair = number.matcher(one);
          while (pair.find()) {
            points++;
            String[] both = pair.group().split(" ");
            box[0] = Math.min(box[0], Double.parseDouble(both[0]));
            box[1] = Math.min(box[1], Double.parseDouble(both[1]));
            box[2] = Math.max(box[2], Double.parseDouble(both[0]));
            box[3] = Math.max(box[3], Double.parseDouble(both[1]));
          }
        }
        assertEquals(((BigDecimal) geometry.get("points")).intValue(), points, file.toString());
        if (points > 0) {
          for (int i = 0; i < 4; i++) {
            assertEquals(
                ((BigDecimal) Json.asList(geometry.get("box")).get(i)).doubleValue(), box[i]);
          }
        }
      }
    }
  }

  /** More records than a unit has, in any number of threads, with the index deciding. */
  @Test
  void rangesOfRecordsGiveTheSameRows() throws Exception {
    Writer writer = new Writer();
    for (int i = 0; i < 40_000; i++) {
      writer.add("n" + i, numbers(body(20, 1), i, -i));
    }
    writer.write(folder, "many");
    statement.execute("CREATE TABLE t (g GEOMETRY, name VARCHAR(30))");
    assertEquals(40_000, statement.executeUpdate(copy("many.shp", "")));
    assertEquals(
        List.of("40000|40000"),
        rows(
            "SELECT COUNT(*), COUNT(CASE WHEN CAST(g AS VARCHAR) = 'POINT (' || SUBSTRING(name, 2)"
                + " || ' ' || CASE WHEN name = 'n0' THEN '0' ELSE '-' || SUBSTRING(name, 2) END || ')'"
                + " THEN 1 END) FROM t"));
  }

  /** Headers that agree on 8 GiB of records in files of some hundred bytes. */
  @Test
  void recordsThatAreNotThereAreNotBelieved() throws Exception {
    new Writer().add("a", numbers(body(20, 1), 1, 2)).write(folder, "huge");
    int count = 400_000_000;
    byte[] dbf = Files.readAllBytes(folder.resolve("huge.dbf"));
    ByteBuffer.wrap(dbf).order(ByteOrder.LITTLE_ENDIAN).putInt(4, count);
    Files.write(folder.resolve("huge.dbf"), dbf);
    byte[] shx = Files.readAllBytes(folder.resolve("huge.shx"));
    ByteBuffer.wrap(shx).putInt(24, 50 + 4 * count);
    Files.write(folder.resolve("huge.shx"), shx);
    statement.execute("CREATE TABLE t (g GEOMETRY, name VARCHAR(30))");
    String message = failsWith("58030", copy("huge.shp", ""));
    assertTrue(message.contains("claims 3200000100 bytes and has 108"), message);
  }
}
