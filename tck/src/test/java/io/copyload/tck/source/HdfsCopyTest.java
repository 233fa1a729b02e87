package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.tck.TckFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY FROM 'hdfs://...' and 'webhdfs://...' against a cluster of Hadoop. */
@ExtendWith(HdfsServer.Started.class)
class HdfsCopyTest {
  private static final String COLUMNS = "(id INTEGER, name VARCHAR(80))";

  @TempDir static Path folder;
  private static HdfsServer server;

  /** Rows in several blocks of the cluster. */
  private static Path big;

  @BeforeAll
  static void start() throws IOException {
    server = HdfsServer.shared();
    server.write("/plain/a.txt", "1|one\n2|two\n");
    server.write("/out/_SUCCESS", "");
    server.write("/out/part-00000", "1|a\n");
    server.write("/out/part-00001", "2|b\n");
    server.write("/out/part-00010", "3|c\n");
    server.write("/out/deep/part-1", "4|d\n");
    server.write("/out/_temporary/part-9", "9|z\n");
    server.write("/folders/only/x/y", "9|z\n");
    Random random = new Random(7);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; rows.length() < 5 * HdfsServer.BLOCK_BYTES; i++) {
      rows.append(i).append('|').append("x".repeat(random.nextInt(60))).append('\n');
    }
    big = Files.writeString(folder.resolve("big.txt"), rows);
    server.write("/big/big.txt", Files.readAllBytes(big));
  }

  private static String address(String scheme, String path) {
    return scheme.equals("hdfs") ? server.rpc(path) : server.web(path);
  }

  private static Connection connect(String settings) throws SQLException {
    String network = settings.contains("network_") ? "" : ";network_tries=3;network_timeout=20";
    return DriverManager.getConnection("jdbc:copyload:" + network + settings);
  }

  private static long copy(Statement s, String address, String options) throws SQLException {
    return copy(s, COLUMNS, address, options);
  }

  private static long copy(Statement s, String columns, String address, String options)
      throws SQLException {
    s.execute("DROP TABLE IF EXISTS t");
    s.execute("CREATE TABLE t " + columns);
    return s.executeLargeUpdate("COPY t FROM '" + address + "' " + options);
  }

  private static List<String> rows(Statement s) throws SQLException {
    return query(s, "SELECT * FROM t");
  }

  private static List<String> query(Statement s, String sql) throws SQLException {
    try (ResultSet result = s.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(result.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  private static String ids(Statement s) throws SQLException {
    return query(s, "SELECT LISTAGG(id) FROM t").get(0);
  }

  private static void refused(
      Statement s, String address, String options, String state, String text) {
    SQLException e =
        assertThrows(SQLException.class, () -> copy(s, address, options), address + options);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhdfs", "hdfs"})
  void filesFoldersAndPatterns(String scheme) throws Exception {
    server.write("/names/a [1] {x}.txt", "5|e\n");
    server.write("/names/\u00e4 %41#.txt", "6|f\n");
    for (int i = 10; i < 16; i++) {
      server.write("/pages/f" + i, i + "|p\n");
    }
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      assertEquals(2, copy(s, address(scheme, "/plain/a.txt"), ""));
      assertEquals(3, copy(s, address(scheme, "/out"), ""));
      assertEquals("1,2,3", ids(s));
      assertEquals(3, copy(s, address(scheme, "/out/part-*"), ""));
      assertEquals(2, copy(s, address(scheme, "/out/part-0000?"), ""));
      assertEquals(2, copy(s, address(scheme, "/out/part-000[0-1]{0,x}"), ""));
      assertEquals("1,3", ids(s));
      assertEquals(2, copy(s, address(scheme, "/out/part-0*[^1]"), ""));
      assertEquals(4, copy(s, address(scheme, "/{out/deep,out}/part-*"), ""));
      assertEquals("4,1,2,3", ids(s));
      assertEquals(4, copy(s, address(scheme, "//out//*/"), ""));
      assertEquals("4,1,2,3", ids(s));
      assertEquals(5, copy(s, address(scheme, "/{plain/*,out}"), ""));
      assertEquals(5, copy(s, address(scheme, "/{plain,out,plain/a*}"), ""));
      assertEquals(1, copy(s, address(scheme, "/out/*/part-1"), ""));
      assertEquals(1, copy(s, address(scheme, "/out/_temporary"), ""));
      assertEquals(1, copy(s, address(scheme, "/names/a [1] {x}.txt"), ""));
      assertEquals(2, copy(s, address(scheme, "/names"), ""));
      // Name nodes compare bytes with their signs.
      assertEquals(List.of("6|f", "5|e"), rows(s));
      assertEquals(6, copy(s, address(scheme, "/pages"), ""));
      assertEquals(6, copy(s, address(scheme, "/page?/f*"), ""));
      assertEquals(
          List.of("6|" + address(scheme, "/pages/f10").replaceFirst(":[0-9]+", "")),
          query(
              s,
              "SELECT COUNT(*), MIN(REGEXP_REPLACE(TRIM(filename), ':[0-9]+', ''))"
                  + " FROM stl_load_commits WHERE query = pg_last_copy_id()"));
      refused(s, address(scheme, "/none"), "", "58P01", "no such file or directory");
      refused(s, address(scheme, "/plain/a.txt/x"), "", "58P01", "no such file or directory");
      refused(s, address(scheme, "/out/x*"), "", "58P01", "no file matches the pattern");
      refused(s, address(scheme, "/none/x*"), "", "58P01", "no file matches the pattern");
      refused(s, address(scheme, "/plain/a.txt/x*"), "", "58P01", "no file matches");
      refused(s, address(scheme, "/folders/only"), "", "58P01", "the folder holds no files");
      refused(s, address(scheme, "/out/[a"), "", "42602", "a [ without ]");
      refused(s, address(scheme, "/out/../x"), "", "42602", "invalid address");
      refused(s, address(scheme, "/plain/a.txt"), "MANIFEST", "0A000", "MANIFEST");
      refused(s, address(scheme, "/plain/a.txt"), "READRATIO 5", "42601", "READRATIO");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhdfs", "hdfs"})
  void aBigFileIsReadByBlocksWithTheRowsOfTheLocalOne(String scheme) throws Exception {
    List<String> expected;
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      copy(s, big.toString(), "DELIMITER '|' MAXERROR 0");
      expected = rows(s);
    }
    // With little memory, blocks of 256 KB are asked for.
    for (String settings : List.of(";threads=1;memory=1MB", ";threads=3;memory=8MB", "")) {
      try (Connection c = connect(settings);
          Statement s = c.createStatement()) {
        copy(s, address(scheme, "/big/*"), "");
        assertEquals(expected, rows(s), settings);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhdfs", "hdfs"})
  void everyFormatAndCompression(String scheme) throws Exception {
    Path corpora = TckFiles.folder("corpora");
    Path packed = TckFiles.folder("cases").resolve("compression/data");
    String fruits = "(id INTEGER, fruits VARCHAR(20), balance DECIMAL(8,2))";
    same(scheme, fruits, packed.resolve("rows.csv.gz"), "CSV GZIP");
    same(scheme, fruits, packed.resolve("rows.csv.streams.bz2"), "CSV BZIP2");
    same(scheme, fruits, packed.resolve("rows.csv.lzo"), "CSV LZOP");
    same(scheme, fruits, packed.resolve("rows.csv.zst"), "CSV ZSTD");
    same(scheme, fruits, packed.resolve("rows.csv.lz4"), "CSV");
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      Files.copy(big, out);
    }
    same(scheme, COLUMNS, write("big.gz", gzip.toByteArray()), "GZIP");
    same(scheme, COLUMNS, write("fixed.txt", "12 ab\n13 cd\n"), "FIXEDWIDTH 'id:3,name:2'");
    same(scheme, COLUMNS, write("a.json", "{\"id\":1,\"name\":\"x\"}\n{\"id\":2}"), "JSON 'auto'");
    same(
        scheme,
        "(id INTEGER, name VARCHAR(80))",
        corpora.resolve("orc-examples/orc_index_int_string.orc"),
        "FORMAT AS ORC");
    same(scheme, "(station VARCHAR, time BIGINT, temp INTEGER)", weather(), "AVRO 'auto'");
    Path parquet = folder.resolve("rows.parquet");
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      copy(s, big.toString(), "DELIMITER '|' MAXERROR 0");
      s.execute("COPY t TO '" + parquet + "' (FORMAT parquet)");
      server.write("/paths.json", "{\"jsonpaths\": [\"$.n\", \"$.a\"]}");
      server.write("/data.json", "{\"n\": 7, \"a\": \"seven\"}");
      copy(s, address(scheme, "/data.json"), "JSON '" + address(scheme, "/paths.json") + "'");
      assertEquals(List.of("7|seven"), rows(s));
    }
    same(scheme, COLUMNS, parquet, "FORMAT AS PARQUET");
    for (String part : List.of(".shp", ".shx", ".dbf", ".prj")) {
      server.write(
          "/shapes/points" + part,
          Files.readAllBytes(corpora.resolve("shapefile/multipoints" + part)));
    }
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      String shapes = "(g GEOMETRY, id VARCHAR(20))";
      Path local = corpora.resolve("shapefile/multipoints.shp").toAbsolutePath();
      copy(s, shapes, local.toString(), "FORMAT SHAPEFILE");
      List<String> expected = rows(s);
      copy(s, shapes, address(scheme, "/shapes/points.shp"), "FORMAT SHAPEFILE");
      assertEquals(expected, rows(s));
    }
  }

  private static Path weather() throws IOException {
    Path shared = TckFiles.folder("corpora").resolve("avro-share");
    try (var all = Files.walk(shared)) {
      return all.filter(p -> p.getFileName().toString().equals("weather.avro"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Path write(String name, String text) throws IOException {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** The file's rows are those of the same file in the cluster. */
  private static void same(String scheme, String columns, Path file, String options)
      throws Exception {
    String name = "/formats/" + file.getFileName();
    server.write(name, Files.readAllBytes(file));
    try (Connection c = connect(";dialect=redshift");
        Statement s = c.createStatement()) {
      long count = copy(s, columns, file.toAbsolutePath().toString(), options);
      List<String> expected = rows(s);
      assertEquals(count, copy(s, columns, address(scheme, name), options), options);
      assertEquals(expected, rows(s), options);
      assertTrue(count > 0, options);
    }
  }

  @Test
  void aDataNodeThatDiesIsDoneWithout() throws Exception {
    DataNodeProperties stopped = server.cluster().stopDataNode(0);
    try (Connection c = connect(";network_tries=30");
        Statement s = c.createStatement()) {
      copy(s, server.rpc("/big/big.txt"), "");
      long count = Long.parseLong(query(s, "SELECT COUNT(*) FROM t").get(0));
      try (var lines = Files.lines(big)) {
        assertEquals(lines.count(), count);
      }
      copy(s, server.web("/big/big.txt"), "");
      assertEquals(count, Long.parseLong(query(s, "SELECT COUNT(*) FROM t").get(0)));
    } finally {
      server.cluster().restartDataNode(stopped);
      server.cluster().waitActive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhdfs", "hdfs"})
  void whoMayNotReadIsToldSo(String scheme) throws Exception {
    server.write("/private/a.txt", "1|x\n");
    var path = new org.apache.hadoop.fs.Path("/private");
    server.files().setPermission(path, new FsPermission("700"));
    server.files().setOwner(path, "etl", "etl");
    try (Connection c = connect(";hdfs_user=stranger");
        Statement s = c.createStatement()) {
      refused(s, address(scheme, "/private/a.txt"), "", "42501", "user=stranger");
      refused(s, address(scheme, "/private/*"), "", "42501", "user=stranger");
      String asOwner = address(scheme, "/private/a.txt").replace("://", "://etl@");
      assertEquals(1, copy(s, asOwner, ""));
      refused(s, asOwner.replace("etl@", "etl:secret@"), "", "42602", "://localhost");
    }
    try (Connection c = connect(";hdfs_user=etl");
        Statement s = c.createStatement()) {
      assertEquals(1, copy(s, address(scheme, "/private"), ""));
    }
    String allowed = address(scheme, "/plain/");
    try (Connection c = connect(";allowed_sources=" + allowed);
        Statement s = c.createStatement()) {
      assertEquals(2, copy(s, allowed + "*", ""));
      assertEquals(2, copy(s, allowed.replace("://", "://etl@"), ""));
      refused(s, address(scheme, "/out/part-*"), "", "42501", "allowed_sources");
      refused(s, address(scheme, "/plain/{a.txt,../out/*}"), "", "42602", "a part . or ..");
      refused(s, address(scheme, "/plain/{a.txt,b}/../x"), "", "42602", "invalid address");
    }
  }

  @Test
  void whatDoesNotAnswerIsNamed() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Connection c = connect(";network_tries=2;network_timeout=1");
        Statement s = c.createStatement()) {
      int port = silent.getLocalPort();
      refused(s, "hdfs://localhost:1/x", "", "58030", "no name node answers at localhost:1");
      refused(s, "webhdfs://localhost:1/x", "", "58030", "no connection");
      refused(s, "hdfs://no.such.host.invalid/x", "", "58030", "unknown host");
      refused(s, "webhdfs://no.such.host.invalid/x", "", "58030", "no.such.host.invalid");
      refused(s, "hdfs://localhost:" + port + "/x", "", "58030", "");
      refused(s, "webhdfs://localhost:" + port + "/x", "", "58030", "");
      refused(s, "hdfs://localhost:" + server.httpPort() + "/x", "", "58030", "");
      refused(s, "webhdfs://localhost:" + server.rpcPort() + "/x", "", "58030", "WebHDFS");
      refused(s, "webhdfs:///x", "", "42602", "names no name node");
      refused(s, "hdfs:///x", "", "42602", "names no name node");
      refused(s, "hdfs://h:x/x", "", "42602", "invalid address");
      refused(s, "viewfs://h/x", "", "0A000", "viewfs://");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhdfs", "hdfs"})
  void aLoadThatWaitsIsCancelledAtOnce(String scheme) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Connection c = connect(";network_timeout=60");
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t " + COLUMNS);
      Thread cancelling =
          new Thread(
              () -> {
                try {
                  // The request has been made when the connection is there.
                  silent.accept();
                  s.cancel();
                } catch (IOException | SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      cancelling.start();
      long begin = System.nanoTime();
      SQLException e =
          assertThrows(
              SQLException.class,
              () ->
                  s.execute(
                      "COPY t FROM '" + scheme + "://localhost:" + silent.getLocalPort() + "/x'"));
      assertEquals("57014", e.getSQLState(), e.getMessage());
      // Far less than the time-out; a busy machine takes more than the second that it should.
      assertTrue(System.nanoTime() - begin < 20_000_000_000L);
      cancelling.join();
    }
  }

  @Test
  void hadoopsConfigurationNamesAClusterOfSeveralNameNodes() throws Exception {
    Path config = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        config.resolve("hdfs-site.xml"),
        "<configuration>"
            + property("dfs.nameservices", "lake")
            + property("dfs.ha.namenodes.lake", "a,b")
            + property("dfs.namenode.rpc-address.lake.a", "localhost:1")
            + property("dfs.namenode.rpc-address.lake.b", "localhost:" + server.rpcPort())
            + property(
                "dfs.client.failover.proxy.provider.lake",
                "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider")
            + "</configuration>");
    Files.writeString(
        config.resolve("core-site.xml"),
        "<configuration>" + property("fs.defaultFS", "hdfs://lake") + "</configuration>");
    try (Connection c = connect(";hdfs_config=" + config);
        Statement s = c.createStatement()) {
      assertEquals(2, copy(s, "hdfs://lake/plain/a.txt", ""));
      assertEquals(2, copy(s, "hdfs:///plain/a.txt", ""));
    }
    try (Connection c = connect(";hdfs_config=" + config + "x");
        Statement s = c.createStatement()) {
      refused(s, "hdfs://lake/plain/a.txt", "", "22023", "hdfs_config");
    }
  }

  private static String property(String name, String value) {
    return "<property><name>" + name + "</name><value>" + value + "</value></property>";
  }
}
