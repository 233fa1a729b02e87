package io.copyload.tck.damage;

import io.copyload.tck.Json;
import io.copyload.tck.TckFiles;
import io.copyload.tck.damage.Mutants.Damager;
import io.copyload.tck.damage.Mutants.Part;
import io.copyload.tck.damage.Mutants.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Good files with their tables: those of the corpora, and some that DuckDB writes. */
final class Seeds {
  private static final int MAX_BYTES = 50_000;

  private Seeds() {}

  static List<Seed> parquet(Path folder) throws SQLException, IOException {
    List<Seed> seeds = corpus(ParquetDamage::of, false, "parquet-testing", "duckdb-parquet");
    seeds.addAll(duckdbParquet(folder));
    return seeds;
  }

  static List<Seed> orc() throws IOException {
    return corpus(OrcDamage::of, false, "orc-examples");
  }

  static List<Seed> avro() throws IOException {
    List<Seed> seeds = corpus(AvroDamage::of, true, "avro-arrow-testing", "avro-share");
    List<Seed> paths = new ArrayList<>();
    byte[] file =
        "{\"jsonpaths\":[\"$.name\",\"$.address\",\"$['age']\",\"$.address.zipcode\"]}"
            .getBytes(StandardCharsets.UTF_8);
    for (Seed seed : seeds) {
      if (seed.name().contains("person")) {
        paths.add(
            new Seed(
                seed.name() + " by paths",
                List.of("CREATE TABLE t (a VARCHAR, b JSON, c INTEGER, d VARCHAR)"),
                "COPY t FROM ${URI} FORMAT AS AVRO '${FOLDER}/mutant.paths'",
                true,
                List.of(seed.parts().get(0), new Part("paths", file, JsonDamage::of))));
      }
    }
    seeds.addAll(paths);
    return seeds;
  }

  static List<Seed> json() throws IOException {
    List<Seed> seeds = corpus(JsonDamage::of, true, "duckdb-json", "json-testsuite");
    String[][] files = {
      {"category_object_auto.json", "'auto'"},
      {"category_object_auto-ignorecase.json", "'auto ignorecase'"},
      {"friends.json", "'noshred'"},
      {"category_object_paths.json", "'${FOLDER}/mutant.paths'", "category_jsonpath.json"},
      {"category_array_data.json", "'${FOLDER}/mutant.paths'", "category_array_jsonpath.json"},
    };
    for (int times = 0; times < 10; times++) {
      for (String[] file : files) {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("data", data(file[0]), JsonDamage::of));
        if (file.length > 2) {
          parts.add(new Part("paths", data(file[2]), JsonDamage::of));
        }
        seeds.add(
            new Seed(
                file[0],
                List.of(
                    file[1].equals("'noshred'")
                        ? "CREATE TABLE t (a SUPER)"
                        : "CREATE TABLE t (catid SMALLINT, catgroup VARCHAR(10), catname"
                            + " VARCHAR(10), catdesc VARCHAR(50))"),
                "COPY t FROM ${URI} JSON " + file[1],
                true,
                parts));
      }
    }
    return seeds;
  }

  private static byte[] data(String name) throws IOException {
    return Files.readAllBytes(TckFiles.folder("cases").resolve("redshift/data").resolve(name));
  }

  static List<Seed> shapefile() throws IOException {
    List<Seed> seeds = new ArrayList<>();
    for (Seed seed : corpus(ShapefileDamage::shp, true, "shapefile")) {
      Path shp = TckFiles.folder("corpora").resolve(seed.name());
      String stem = shp.toString().substring(0, shp.toString().length() - 3);
      List<Part> parts = new ArrayList<>(seed.parts());
      for (String ending : List.of("shx", "dbf", "prj")) {
        Path file = Path.of(stem + ending);
        if (Files.exists(file)) {
          Damager damager =
              switch (ending) {
                case "shx" -> ShapefileDamage::shx;
                case "dbf" -> ShapefileDamage::dbf;
                default -> ShapefileDamage::text;
              };
          parts.add(new Part(ending, Files.readAllBytes(file), damager));
        }
      }
      for (String more : List.of("", " SIMPLIFY 1", " SIMPLIFY AUTO")) {
        seeds.add(new Seed(seed.name() + more, seed.setup(), seed.copy() + more, true, parts));
      }
    }
    return seeds;
  }

  /** The small files of corpora with their tables. */
  private static List<Seed> corpus(Damager damager, boolean takesMaxError, String... folders)
      throws IOException {
    List<Seed> seeds = new ArrayList<>();
    for (String corpus : folders) {
      Path expected = TckFiles.folder("corpora").resolve(corpus).resolve("expected.json");
      for (Object element : Json.asList(Json.parse(Files.readString(expected)))) {
        Map<String, Object> entry = Json.asObject(element);
        String name = (String) entry.get("file");
        Path file = TckFiles.folder("corpora").resolve(name);
        if (!Files.exists(file) || Files.size(file) > MAX_BYTES || Files.size(file) == 0) {
          continue;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<String> wrap =
            entry.get("wrap") == null ? List.of("", "") : Json.asTexts(entry.get("wrap"));
        bytes.writeBytes(wrap.get(0).getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(Files.readAllBytes(file));
        bytes.writeBytes(wrap.get(1).getBytes(StandardCharsets.UTF_8));
        seeds.add(
            new Seed(
                name,
                Json.asTexts(entry.get("setup")).stream()
                    .map(sql -> sql.replace("[]", " ARRAY"))
                    .toList(),
                (String) entry.get("copy"),
                takesMaxError,
                List.of(
                    new Part(
                        name.substring(name.lastIndexOf('.') + 1), bytes.toByteArray(), damager))));
      }
    }
    return seeds;
  }

  /** Small files without compression, whose levels, runs and deltas can be got at. */
  private static List<Seed> duckdbParquet(Path folder) throws SQLException, IOException {
    List<Seed> seeds = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      for (String version : List.of("V1", "V2")) {
        for (String codec :
            List.of("UNCOMPRESSED", "SNAPPY", "ZSTD", "GZIP", "LZ4_RAW", "BROTLI")) {
          for (int rows : new int[] {20, 3000}) {
            Path file = folder.resolve("seed.parquet");
            statement.execute(
                "COPY (SELECT i::BIGINT AS c1, CASE WHEN i % 3 = 0 THEN NULL ELSE i % 7 END::INTEGER AS"
                    + " c2, 'name ' || i % 11 AS c3, 'prefix of ' || i * i AS c4, i / 8.0::DOUBLE AS"
                    + " c5, DATE '2020-01-01' + i::INTEGER AS c6, TIMESTAMP '2020-01-01' + INTERVAL"
                    + " (i) SECOND AS c7, i % 2 = 0 AS c8, (i * 1.25)::DECIMAL(9, 2) AS c9, (i *"
                    + " 1.25)::DECIMAL(30, 2) AS c10, range(i % 4) AS c11, {'a': i, 'b': ['x', NULL,"
                    + " 'y' || i]} AS c12, MAP {'k' || i % 3: i} AS c13, (i % 100)::FLOAT AS c14"
                    + " FROM range("
                    + rows
                    + ") r(i)) TO '"
                    + file
                    + "' (FORMAT parquet, CODEC '"
                    + codec
                    + "', PARQUET_VERSION '"
                    + version
                    + "', ROW_GROUP_SIZE 2048)");
            Part part = new Part("parquet", Files.readAllBytes(file), ParquetDamage::of);
            for (int times = codec.equals("UNCOMPRESSED") ? 10 : 1; times > 0; times--) {
              seeds.add(
                  new Seed(
                      "DuckDB " + version + " " + codec + " " + rows,
                      List.of(
                          "CREATE TABLE t (c1 BIGINT, c2 INTEGER, c3 VARCHAR, c4 VARCHAR, c5 DOUBLE"
                              + " PRECISION, c6 DATE, c7 TIMESTAMP(6), c8 BOOLEAN, c9 DECIMAL(9,2),"
                              + " c10 DECIMAL(30,2), c11 JSON, c12 JSON, c13 JSON, c14 REAL)"),
                      "COPY t FROM ${URI} FORMAT AS PARQUET",
                      false,
                      List.of(part)));
            }
          }
        }
      }
    }
    return seeds;
  }
}
