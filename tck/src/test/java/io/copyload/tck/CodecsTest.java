package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.crypto.ColumnEncryptionProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Every codec of Avro, ORC and Parquet; encrypted Parquet is refused. */
class CodecsTest {
  private static final int ROWS = 5000;

  @TempDir private Path folder;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:copyload:;threads=2");
    statement = connection.createStatement();
    statement.execute("CREATE TABLE t (id BIGINT, v VARCHAR(60))");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private void loads(Path file, String format) throws SQLException {
    assertEquals(ROWS, statement.executeUpdate("COPY t FROM '" + file + "' " + format), format);
    try (ResultSet sums =
        statement.executeQuery("SELECT SUM(id), COUNT(DISTINCT v), MIN(v) FROM t")) {
      sums.next();
      assertEquals(12_497_500, sums.getLong(1), file.toString());
      assertEquals(ROWS, sums.getInt(2), file.toString());
      assertEquals("value 0 of the rows", sums.getString(3), file.toString());
    }
    statement.execute("TRUNCATE TABLE t");
  }

  // ------------------------------------------------------------------------------------- Avro

  private static void number(long value, OutputStream out) throws IOException {
    long zigzag = value << 1 ^ value >> 63;
    while ((zigzag & ~0x7fL) != 0) {
      out.write((int) (zigzag & 0x7f | 0x80));
      zigzag >>>= 7;
    }
    out.write((int) zigzag);
  }

  private static void bytes(byte[] bytes, OutputStream out) throws IOException {
    number(bytes.length, out);
    out.write(bytes);
  }

  private static byte[] compressed(String codec, byte[] block) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (codec) {
      case "deflate" -> {
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(out, new Deflater(6, true))) {
          deflated.write(block);
        }
      }
      case "snappy" -> {
        SnappyCompressor snappy = new SnappyCompressor();
        byte[] bytes = new byte[snappy.maxCompressedLength(block.length)];
        int size = snappy.compress(block, 0, block.length, bytes, 0, bytes.length);
        CRC32 crc = new CRC32();
        crc.update(block);
        out.write(bytes, 0, size);
        out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
      }
      case "bzip2" -> {
        try (OutputStream bzip2 = new BZip2CompressorOutputStream(out)) {
          bzip2.write(block);
        }
      }
      case "zstandard" -> {
        ZstdCompressor zstd = new ZstdCompressor();
        byte[] bytes = new byte[zstd.maxCompressedLength(block.length)];
        out.write(bytes, 0, zstd.compress(block, 0, block.length, bytes, 0, bytes.length));
      }
      case "xz" -> {
        try (OutputStream xz = new XZOutputStream(out, new LZMA2Options(3))) {
          xz.write(block);
        }
      }
      default -> out.write(block);
    }
    return out.toByteArray();
  }

  /** A container of the specification, in blocks of 1,000 records. */
  private Path avro(String codec) throws IOException {
    Path file = folder.resolve(codec + ".avro");
    byte[] sync = new byte[16];
    Arrays.fill(sync, (byte) 0x5a);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(new byte[] {'O', 'b', 'j', 1});
      number(2, out);
      Map<String, String> meta =
          Map.of(
              "avro.codec",
              codec,
              "avro.schema",
              "{\"type\":\"record\",\"name\":\"t\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
                  + "{\"name\":\"v\",\"type\":\"string\"}]}");
      for (Map.Entry<String, String> entry : meta.entrySet()) {
        bytes(entry.getKey().getBytes(StandardCharsets.UTF_8), out);
        bytes(entry.getValue().getBytes(StandardCharsets.UTF_8), out);
      }
      number(0, out);
      out.write(sync);
      for (int begin = 0; begin < ROWS; begin += 1000) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int id = begin; id < begin + 1000; id++) {
          number(id, block);
          bytes(("value " + id + " of the rows").getBytes(StandardCharsets.UTF_8), block);
        }
        number(1000, out);
        bytes(compressed(codec, block.toByteArray()), out);
        out.write(sync);
      }
    }
    return file;
  }

  @Test
  void everyCodecOfAvroLoads() throws Exception {
    for (String codec : new String[] {"null", "deflate", "snappy", "bzip2", "zstandard", "xz"}) {
      loads(avro(codec), "FORMAT AS AVRO 'auto'");
    }
    Path other = avro("lz4");
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> statement.execute("COPY t FROM '" + other + "' FORMAT AS AVRO 'auto'"));
    assertTrue(e.getMessage().contains("lz4"), e.getMessage());
  }

  // ----------------------------------------------------------------------------------- Parquet

  @Test
  void everyCodecOfParquetLoads() throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement s = duckdb.createStatement()) {
      for (String codec :
          new String[] {"uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"}) {
        for (String version : new String[] {"V1", "V2"}) {
          Path file = folder.resolve(codec + version + ".parquet");
          s.execute(
              "COPY (SELECT x AS id, 'value ' || x || ' of the rows' AS v FROM range("
                  + ROWS
                  + ") t(x)) TO '"
                  + file
                  + "' (FORMAT parquet, CODEC '"
                  + codec
                  + "', PARQUET_VERSION "
                  + version
                  + ")");
          loads(file, "FORMAT AS PARQUET");
        }
      }
    }
  }

  /** Redshift decompresses columnar files by their endings. */
  @Test
  void filesThatAreCompressedAsAWholeLoad() throws Exception {
    Path plain = folder.resolve("rows.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement s = duckdb.createStatement()) {
      s.execute(
          "COPY (SELECT x AS id, 'value ' || x || ' of the rows' AS v FROM range("
              + ROWS
              + ") t(x)) TO '"
              + plain
              + "' (FORMAT parquet)");
    }
    Path gzip = folder.resolve("gzip/rows.parquet.gz");
    Path bzip2 = folder.resolve("bzip2/rows.parquet.bz2");
    Path misnamed = folder.resolve("misnamed/rows.gz");
    for (Path file : new Path[] {gzip, bzip2, misnamed}) {
      Files.createDirectory(file.getParent());
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      Files.copy(plain, out);
    }
    try (OutputStream out = new BZip2CompressorOutputStream(Files.newOutputStream(bzip2))) {
      Files.copy(plain, out);
    }
    Files.copy(plain, misnamed);
    loads(gzip, "FORMAT AS PARQUET");
    loads(bzip2, "FORMAT AS PARQUET");
    loads(misnamed, "FORMAT AS PARQUET");
    byte[] damaged = Files.readAllBytes(gzip);
    Files.write(gzip, Arrays.copyOf(damaged, damaged.length / 2));
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> statement.execute("COPY t FROM '" + gzip + "' FORMAT AS PARQUET"));
    assertEquals("58030", e.getSQLState());
    assertTrue(e.getMessage().contains("gzip data"), e.getMessage());
  }

  private Path encrypted(FileEncryptionProperties encryption) throws IOException {
    Path file = Files.createTempFile(folder, "encrypted", ".parquet");
    Files.delete(file);
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int64 id; required binary v (STRING); }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withEncryption(encryption)
            .build()) {
      writer.write(new SimpleGroup(schema).append("id", 1L).append("v", "secret"));
    }
    return file;
  }

  @Test
  void encryptedParquetIsRefused() throws Exception {
    byte[] footerKey = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    byte[] columnKey = "fedcba9876543210".getBytes(StandardCharsets.US_ASCII);
    Path all = encrypted(FileEncryptionProperties.builder(footerKey).build());
    ColumnPath v = ColumnPath.get("v");
    Path one =
        encrypted(
            FileEncryptionProperties.builder(footerKey)
                .withPlaintextFooter()
                .withEncryptedColumns(
                    Map.of(v, ColumnEncryptionProperties.builder(v).withKey(columnKey).build()))
                .build());
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> statement.execute("COPY t FROM '" + all + "' FORMAT AS PARQUET"));
    assertTrue(e.getMessage().contains("encrypted"), e.getMessage());
    e =
        assertThrows(
            SQLException.class,
            () -> statement.execute("COPY t FROM '" + one + "' FORMAT AS PARQUET"));
    assertTrue(e.getMessage().contains("column \"v\""), e.getMessage());
    assertTrue(e.getMessage().contains("encrypted"), e.getMessage());
    // Nobody wants the encrypted one.
    assertEquals(1, statement.executeUpdate("COPY INTO t(id) FROM '" + one + "' (FORMAT parquet)"));
  }

  // --------------------------------------------------------------------------------------- ORC

  @Test
  void everyCodecOfOrcLoads() throws Exception {
    Path examples = Path.of("../../shared/corpora/orc-examples").toAbsolutePath().normalize();
    assumeTrue(Files.isDirectory(examples));
    String[][] files = {
      {"TestVectorOrcFile.testLz4.orc", "(x BIGINT, y INTEGER, z BIGINT)", "10000"},
      {"TestVectorOrcFile.testLzo.orc", "(x BIGINT, y INTEGER, z BIGINT)", "10000"},
      {"TestVectorOrcFile.testZstd.0.12.orc", "(x BIGINT, y INTEGER, z BIGINT)", "10000"},
      {"TestOrcFile.testSnappy.orc", "(int1 INTEGER, string1 VARCHAR)", "10000"},
      // zlib
      {"TestOrcFile.testDate2038.orc", "(time TIMESTAMP, date DATE)", "212000"}
    };
    for (String[] file : files) {
      statement.execute("DROP TABLE IF EXISTS o");
      statement.execute("CREATE TABLE o " + file[1]);
      assertEquals(
          Integer.parseInt(file[2]),
          statement.executeUpdate("COPY o FROM '" + examples.resolve(file[0]) + "' FORMAT AS ORC"),
          file[0]);
    }
  }
}
