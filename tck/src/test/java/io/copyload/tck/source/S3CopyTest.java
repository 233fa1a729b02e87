package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * COPY FROM 's3://...' against a real server that checks credentials, through a proxy of faults.
 */
class S3CopyTest {
  private static final String KEYS = S3Server.KEYS;

  @TempDir static Path root;

  private static S3Server server;
  private static FaultProxy proxy;
  private static StsServer sts;

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.KEY_ID);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET);
    server = new S3Server(root);
    proxy = new FaultProxy(server.port());
    sts = new StsServer();
    server.put("lake", "in/a.csv", "1,one\n2,two\n");
    server.put("lake", "in/b.csv.gz", gzip("3,three\n4,four\n"));
    server.put("lake", "in_more/c.csv", "5,five");
    server.put("lake", "in/empty.csv", "");
    server.put("other", "d.csv", "6,six\n");
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    sts.close();
    proxy.close();
    server.close();
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  /** A database of its own with table t. */
  private static Connection connect(String settings) throws SQLException {
    Connection c =
        DriverManager.getConnection(
            "jdbc:copyload:;s3_endpoint="
                + proxy.endpoint()
                + ";sts_endpoint="
                + sts.endpoint()
                + ";s3_region=us-east-1"
                + settings);
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
    }
    return c;
  }

  private static long copy(Connection c, String rest) throws SQLException {
    try (Statement s = c.createStatement()) {
      return s.executeLargeUpdate("COPY t FROM " + rest);
    }
  }

  private static SQLException fails(Connection c, String rest) {
    return assertThrows(SQLException.class, () -> copy(c, rest));
  }

  private static void assertFails(Connection c, String rest, String state, String text) {
    SQLException e = fails(c, rest);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
    for (Throwable t = e; t != null; t = t.getCause()) {
      assertFalse(String.valueOf(t.getMessage()).contains(S3Server.SECRET), t.getMessage());
    }
  }

  private static String query(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      StringBuilder text = new StringBuilder();
      while (r.next()) {
        for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
          text.append(i > 1 ? "|" : "").append(r.getString(i));
        }
        text.append('\n');
      }
      return text.toString();
    }
  }

  @Test
  void aPrefixIsEveryKeyThatBeginsWithIt() throws SQLException {
    try (Connection c = connect("")) {
      assertEquals(5, copy(c, "'s3://lake/in'" + KEYS + " CSV"));
      assertEquals("5|15\n", query(c, "SELECT COUNT(*), SUM(id) FROM t"));
      assertEquals(4, copy(c, "'s3://lake/in/'" + KEYS + " CSV"));
      assertEquals(1, copy(c, "'s3://other'" + KEYS + " CSV REGION 'eu-west-1'"));
      assertEquals(2, copy(c, "'s3://lake/in/a'" + KEYS + " CSV"));
      assertEquals(
          "s3://lake/in|completed|4|4|5\n",
          query(
              c,
              "SELECT data_source, status, source_file_count, file_count_scanned, loaded_rows"
                  + " FROM sys_load_history ORDER BY query_id LIMIT 1"));
      assertEquals(
          "s3://lake/in/a.csv|2\ns3://lake/in/b.csv.gz|2\ns3://lake/in/empty.csv|0\ns3://lake/in_more/c.csv|1\n",
          query(
              c,
              "SELECT file_name, lines_scanned FROM sys_load_detail WHERE query_id ="
                  + " (SELECT MIN(query_id) FROM sys_load_history) ORDER BY file_name"));
      assertFails(c, "'s3://lake/nothing'" + KEYS + " CSV", "58P01", "prefix 'nothing'");
      assertFails(c, "'s3://nobucket/x'" + KEYS + " CSV", "58P01", "NoSuchBucket");
      assertFails(c, "'s3:///x'" + KEYS + " CSV", "42602", "invalid S3 address");
    }
  }

  @Test
  void aManifestListsFilesOfAnyBucket() throws Exception {
    String two =
        "{\"url\":\"s3://lake/in/a.csv\",\"mandatory\":true,\"meta\":{\"content_length\":12}},"
            + "{\"url\":\"s3://other/d.csv\"}";
    server.put("lake", "m/good", "{\"entries\": [" + two + "], \"more\": [1, {\"x\": null}]}");
    server.put(
        "lake",
        "m/optional",
        "{\"entries\":[{\"url\":\"s3://lake/no\",\"mandatory\":false}," + two + "," + two + "]}");
    server.put(
        "lake",
        "m/mandatory",
        "{\"entries\":[" + two + ",{\"url\":\"s3://lake/no\",\"mandatory\":true}]}");
    server.put("lake", "m/none", "{\"entries\":[{\"url\":\"s3://lake/no\"}]}");
    server.put("lake", "m/broken", "{\"entries\":[\n{'url':\"s3://lake/no\"}]}");
    server.put(
        "lake",
        "m/length",
        "{\"entries\":[{\"url\":\"s3://lake/in/a.csv\",\"meta\":{\"content_length\":13}}]}");
    server.put("lake", "m/folder", "{\"entries\":[{\"url\":\"s3://lake/in/\"}]}");
    server.put("lake", "m/file", "{\"entries\":[{\"url\":\"file:///etc/passwd\"}]}");
    server.put("lake", "m/empty", "{\"entries\":[{\"url\":\"s3://lake/in/empty.csv\"}]}");
    try (Connection c = connect("")) {
      assertEquals(3, copy(c, "'s3://lake/m/good'" + KEYS + " CSV MANIFEST"));
      assertEquals("3|9\n", query(c, "SELECT COUNT(*), SUM(id) FROM t"));
      assertEquals(6, copy(c, "'s3://lake/m/optional'" + KEYS + " CSV MANIFEST"));
      assertEquals(0, copy(c, "'s3://lake/m/empty'" + KEYS + " CSV MANIFEST"));
      assertFails(c, "'s3://lake/m/mandatory'" + KEYS + " CSV MANIFEST", "58P01", "mandatory");
      assertFails(c, "'s3://lake/m/none'" + KEYS + " CSV MANIFEST", "58P01", "none of the 1 files");
      assertFails(
          c,
          "'s3://lake/m/broken'" + KEYS + " CSV MANIFEST",
          "22P04",
          "double quotes (line 2, character 2)");
      assertFails(c, "'s3://lake/m/length'" + KEYS + " CSV MANIFEST", "22P04", "content_length 13");
      assertFails(c, "'s3://lake/m/folder'" + KEYS + " CSV MANIFEST", "22P04", "full path");
      assertFails(c, "'s3://lake/m/file'" + KEYS + " CSV MANIFEST", "22P04", "file:///etc/passwd");
      assertFails(c, "'s3://lake/m/absent'" + KEYS + " CSV MANIFEST", "58P01", "NoSuchKey");
      assertFails(c, "'s3://lake/m/'" + KEYS + " CSV MANIFEST", "58P01", "names no object");
      assertEquals("9\n", query(c, "SELECT COUNT(*) FROM t"));
    }
  }

  @Test
  void everyFormOfAuthorizationIsUsed() throws SQLException {
    String from = "'s3://lake/in/a.csv' CSV ";
    try (Connection c = connect("")) {
      assertEquals(2, copy(c, from));
      assertEquals(2, copy(c, from + "IAM_ROLE default"));
      assertEquals(2, copy(c, from + KEYS + " SESSION_TOKEN 'tok'"));
      assertEquals(
          2,
          copy(
              c,
              from
                  + "WITH CREDENTIALS AS 'aws_access_key_id="
                  + S3Server.KEY_ID
                  + ";aws_secret_access_key="
                  + S3Server.SECRET
                  + "'"));
      sts.assumed.clear();
      assertEquals(2, copy(c, from + "IAM_ROLE 'arn:aws:iam::123456789012:role/reader'"));
      assertTrue(proxy.lastHead.contains("planted-session-token"), "the role's token is sent");
      assertEquals(
          2,
          copy(
              c,
              from
                  + "IAM_ROLE 'arn:aws:iam::123456789012:role/hop1,arn:aws:iam::210987654321:role/b'"));
      assertEquals(
          2, copy(c, from + "CREDENTIALS 'aws_iam_role=arn:aws:iam::123456789012:role/c'"));
      assertEquals(
          "[tck-key-id arn:aws:iam::123456789012:role/reader,"
              + " tck-key-id arn:aws:iam::123456789012:role/hop1,"
              + " hop1 arn:aws:iam::210987654321:role/b,"
              + " tck-key-id arn:aws:iam::123456789012:role/c]",
          sts.assumed.toString());
      assertFails(
          c,
          from + "IAM_ROLE 'arn:aws:iam::123456789012:role/forbidden'",
          "28000",
          "not authorized to perform: sts:AssumeRole");
      assertFails(
          c,
          from + "ACCESS_KEY_ID 'tck-key-id' SECRET_ACCESS_KEY 'wrong'",
          "28000",
          "SignatureDoesNotMatch");
      assertFails(
          c, from + "ACCESS_KEY_ID 'nobody' SECRET_ACCESS_KEY 'x'", "28000", "InvalidAccessKeyId");
      assertFails(c, from + "ACCESS_KEY_ID 'a'", "22023", "must be given together");
      assertFails(c, from + "IAM_ROLE 'role'", "22023", "is not a role");
      assertFails(c, from + KEYS + " IAM_ROLE default", "22023", "together");
      assertFails(c, from + "CREDENTIALS 'aws_access_key_id=a'", "22023", "Invalid credentials.");
    }
  }

  @Test
  void whatTheStoreRefusesIsSaidClearly() throws SQLException {
    try (Connection c = connect("")) {
      String from = "'s3://lake/in/a.csv'" + KEYS + " CSV";
      for (String[] refusal :
          new String[][] {
            {"403", "AccessDenied", "42501", "s3:GetObject"},
            {"400", "ExpiredToken", "28000", "no longer valid"},
            {"403", "RequestTimeTooSkewed", "28000", "clock"},
            {"403", "InvalidAccessKeyId", "28000", "Check the access key"},
          }) {
        proxy.reset(
            (number, line) ->
                exchange ->
                    exchange.say(
                        Integer.parseInt(refusal[0]),
                        "Content-Type: application/xml\r\n",
                        "<Error><Code>"
                            + refusal[1]
                            + "</Code><Message>Because.</Message></Error>"));
        assertFails(c, from, refusal[2], refusal[3]);
        assertEquals(1, proxy.requests.get(), refusal[1]);
      }
      // The store names the bucket's region: the request goes there.
      proxy.reset(
          (number, line) ->
              number > 1
                  ? null
                  : exchange ->
                      exchange.say(
                          301,
                          "x-amz-bucket-region: eu-west-1\r\nContent-Type: application/xml\r\n",
                          "<Error><Code>PermanentRedirect</Code><Message>x</Message></Error>"));
      assertEquals(2, copy(c, from));
      assertTrue(proxy.lastHead.contains("/eu-west-1/s3/"), proxy.lastHead);
    } finally {
      proxy.reset((number, line) -> null);
    }
  }

  /** About 3 MB in 50,000 rows. */
  private static String rows(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i).append(",a value that makes the row long enough ").append(i).append('\n');
    }
    return text.toString();
  }

  private static boolean isGet(String line) {
    return line.startsWith("GET") && line.contains("/big");
  }

  @Test
  void everyFaultIsMendedWhereItBroke() throws Exception {
    String data = rows(50_000);
    server.put("lake", "big/plain.csv", data);
    server.put("lake", "big/packed.csv.gz", gzip(data));
    FaultProxy.Fault[] faults = {
      FaultProxy.Exchange::reset,
      exchange -> exchange.say(503, "", "<Error><Code>SlowDown</Code></Error>"),
      exchange -> exchange.say(500, "", ""),
      exchange -> exchange.truncate(20_000),
      exchange -> exchange.resetAfter(50_000),
      exchange -> exchange.slowly(1),
    };
    try (Connection c = connect(";memory=16MB;threads=3")) {
      for (int every : new int[] {2, 3, 5, 8}) {
        proxy.reset(
            (number, line) -> number % every == 0 ? faults[number / every % faults.length] : null);
        assertEquals(100_000, copy(c, "'s3://lake/big/'" + KEYS + " CSV"));
        // The more seldom they are, the fewer of them one load meets.
        int least = every <= 3 ? 4 : 2;
        assertTrue(proxy.faults.get() >= least, "faults " + proxy.faults.get());
        assertEquals(
            "100000|50000|2499950000\n",
            query(c, "SELECT COUNT(*), COUNT(DISTINCT v), SUM(CAST(id AS BIGINT)) FROM t"));
        query(c, "SELECT 1");
        try (Statement s = c.createStatement()) {
          s.execute("DELETE FROM t");
        }
      }
    } finally {
      proxy.reset((number, line) -> null);
    }
  }

  @Test
  void aFaultThatStaysEndsTheLoad() throws Exception {
    server.put("lake", "bigger/x.csv", rows(50_000));
    try (Connection c = connect(";network_tries=3")) {
      proxy.reset(
          (number, line) ->
              line.contains("/bigger/x.csv") ? exchange -> exchange.say(500, "", "") : null);
      assertFails(c, "'s3://lake/bigger/'" + KEYS + " CSV", "58030", "Status 500");
      assertEquals("0\n", query(c, "SELECT COUNT(*) FROM t"));
      assertEquals("aborted\n", query(c, "SELECT status FROM sys_load_history"));
    } finally {
      proxy.reset((number, line) -> null);
    }
  }

  @Test
  void anObjectThatChangesFailsTheLoad() throws Exception {
    String data = rows(50_000);
    for (int when : new int[] {2, 3}) {
      server.put("lake", "big2/x.csv", data);
      try (Connection c = connect(";memory=16MB;threads=2;network_connections=1")) {
        proxy.reset(
            (number, line) ->
                number != when
                    ? null
                    : exchange -> {
                      server.put("lake", "big2/x.csv", data.replace('v', 'w'));
                      return exchange.passOn();
                    });
        assertFails(
            c, "'s3://lake/big2/'" + KEYS + " CSV", "58030", "changed while it was being loaded");
        assertEquals("0\n", query(c, "SELECT COUNT(*) FROM t"));
      } finally {
        proxy.reset((number, line) -> null);
      }
    }
  }

  @Test
  void connectionsAreBounded() throws Exception {
    for (int i = 0; i < 60; i++) {
      server.put("lake", "many/" + i + ".csv", i + ",x\n");
    }
    proxy.mostOpen.set(0);
    proxy.reset((number, line) -> exchange -> exchange.slowly(1));
    try (Connection c = connect(";network_connections=4")) {
      assertEquals(60, copy(c, "'s3://lake/many/'" + KEYS + " CSV"));
      assertTrue(proxy.mostOpen.get() <= 4, "open at a time: " + proxy.mostOpen.get());
      assertTrue(proxy.mostOpen.get() >= 2, "open at a time: " + proxy.mostOpen.get());
    } finally {
      proxy.reset((number, line) -> null);
    }
  }

  @Test
  void aStatementThatWaitsForTheStoreIsCancelled() throws Exception {
    for (boolean listing : new boolean[] {true, false}) {
      CountDownLatch latch = new CountDownLatch(1);
      CountDownLatch waiting = new CountDownLatch(1);
      proxy.reset(
          (number, line) -> {
            if (line.contains("list-type") == listing) {
              waiting.countDown();
              return FaultProxy.hold(latch);
            }
            return null;
          });
      try (Connection c = connect("");
          Statement s = c.createStatement()) {
        Thread canceller =
            new Thread(
                () -> {
                  try {
                    waiting.await();
                    s.cancel();
                  } catch (InterruptedException | SQLException e) {
                    throw new IllegalStateException(e);
                  }
                });
        canceller.start();
        long begin = System.nanoTime();
        SQLException e =
            assertThrows(
                SQLException.class,
                () -> s.executeLargeUpdate("COPY t FROM 's3://lake/in/'" + KEYS + " CSV"));
        assertEquals("57014", e.getSQLState());
        assertTrue(System.nanoTime() - begin < 5_000_000_000L);
        canceller.join();
        latch.countDown();
        assertEquals("0\n", query(c, "SELECT COUNT(*) FROM t"));
      } finally {
        latch.countDown();
        proxy.reset((number, line) -> null);
      }
    }
  }

  /** As AmazonS3EncryptionClient stores an object under a symmetric root key. */
  private static void putEncrypted(String key, byte[] rootKey, byte[] plain)
      throws GeneralSecurityException {
    byte[] dataKey = new byte[32];
    byte[] iv = new byte[16];
    Random random = new Random(key.hashCode());
    random.nextBytes(dataKey);
    random.nextBytes(iv);
    Cipher wrap = Cipher.getInstance("AES/ECB/PKCS5Padding");
    wrap.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(rootKey, "AES"));
    Cipher body = Cipher.getInstance("AES/CBC/PKCS5Padding");
    body.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(dataKey, "AES"), new IvParameterSpec(iv));
    Base64.Encoder base64 = Base64.getEncoder();
    server.put(
        "lake",
        key,
        body.doFinal(plain),
        Map.of(
            "x-amz-key", base64.encodeToString(wrap.doFinal(dataKey)),
            "x-amz-iv", base64.encodeToString(iv),
            "x-amz-matdesc", "{}"));
  }

  @Test
  void encryptedObjectsAreDecryptedInParallel() throws Exception {
    byte[] rootKey = new byte[32];
    new Random(1).nextBytes(rootKey);
    String key = Base64.getEncoder().encodeToString(rootKey);
    putEncrypted("enc/a.csv", rootKey, rows(50_000).getBytes(StandardCharsets.UTF_8));
    putEncrypted("enc/b.csv.gz", rootKey, gzip("1,x\n"));
    putEncrypted("enc/c.csv", rootKey, new byte[0]);
    for (int size = 14; size <= 34; size += 2) {
      putEncrypted(
          "enc/d" + size, rootKey, ("7," + "y".repeat(size - 2)).getBytes(StandardCharsets.UTF_8));
    }
    server.put(
        "lake",
        "m/encrypted",
        "{\"entries\":[{\"url\":\"s3://lake/enc/b.csv.gz\"},{\"url\":\"s3://lake/no\"}]}");
    String with = KEYS + " CSV ENCRYPTED MASTER_SYMMETRIC_KEY '" + key + "'";
    try (Connection c = connect(";memory=16MB;threads=3")) {
      assertEquals(50_012, copy(c, "'s3://lake/enc/'" + with));
      assertEquals(
          "50000\n",
          query(c, "SELECT COUNT(DISTINCT v) FROM t WHERE v LIKE 'a value that makes the row%'"));
      assertEquals(
          1,
          copy(
              c,
              "'s3://lake/m/encrypted' MANIFEST ENCRYPTED CSV CREDENTIALS 'aws_access_key_id="
                  + S3Server.KEY_ID
                  + ";aws_secret_access_key="
                  + S3Server.SECRET
                  + ";master_symmetric_key="
                  + key
                  + "'"));
      rootKey[0]++;
      String wrong = Base64.getEncoder().encodeToString(rootKey);
      assertFails(
          c,
          "'s3://lake/enc/a'" + KEYS + " CSV ENCRYPTED MASTER_SYMMETRIC_KEY '" + wrong + "'",
          "58030",
          "cannot be decrypted");
      assertFails(c, "'s3://lake/in/a'" + with, "58030", "no encryption envelope");
      assertFails(c, "'s3://lake/enc/a'" + KEYS + " CSV ENCRYPTED", "22023", "ENCRYPTED requires");
      assertFails(
          c,
          "'s3://lake/enc/a'" + KEYS + " CSV ENCRYPTED MASTER_SYMMETRIC_KEY 'abc'",
          "22023",
          "256-bit");
    }
  }

  @Test
  void aPrefixOfManyPagesIsListedWhileItLoads() throws Exception {
    Path bucket = root.resolve("lake").resolve("pages");
    Files.createDirectories(bucket);
    for (int i = 0; i < 2100; i++) {
      Files.writeString(bucket.resolve(String.format("%05d", i)), i + ",x\n");
    }
    try (Connection c = connect("")) {
      assertEquals(2100, copy(c, "'s3://lake/pages/'" + KEYS + " CSV"));
      assertEquals(
          "2100|2100\n",
          query(c, "SELECT source_file_count, file_count_scanned FROM sys_load_history"));
      assertEquals("2100\n", query(c, "SELECT COUNT(*) FROM sys_load_detail"));
    }
  }

  @Test
  void aPresignedAddressNeedsNoCredentials() throws Exception {
    try (S3Presigner presigner =
            S3Presigner.builder()
                .endpointOverride(URI.create(proxy.endpoint()))
                .serviceConfiguration(
                    S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3Server.KEY_ID, S3Server.SECRET)))
                .build();
        Connection c = connect("")) {
      String address =
          presigner
              .presignGetObject(
                  b ->
                      b.signatureDuration(Duration.ofMinutes(5))
                          .getObjectRequest(g -> g.bucket("lake").key("in/b.csv.gz")))
              .url()
              .toString();
      assertEquals(2, copy(c, "'" + address + "' (FORMAT csv)"));
      assertEquals(
          proxy.endpoint() + "/lake/in/b.csv.gz\n",
          query(c, "SELECT data_source FROM sys_load_history"));
      assertFails(c, "'" + address + "0' (FORMAT csv)", "42501", "status 403");
    }
  }

  @Test
  void credentialsOfARoleAreFetchedAnewDuringALoad() throws Exception {
    sts.assumed.clear();
    sts.lifetime = Duration.ofSeconds(20);
    try (Connection c = connect("")) {
      assertEquals(5, copy(c, "'s3://lake/in' CSV IAM_ROLE 'arn:aws:iam::123456789012:role/r'"));
      assertTrue(sts.assumed.size() > 1, sts.assumed.toString());
    } finally {
      sts.lifetime = Duration.ofHours(1);
    }
  }

  /**
   * Every file that a database writes, and every view, after loads that work and loads that fail.
   */
  @Test
  void noSecretIsLeftAnywhere() throws Exception {
    Path folder = Files.createDirectories(root.resolve("database"));
    String settings =
        ";s3_endpoint="
            + proxy.endpoint()
            + ";sts_endpoint="
            + sts.endpoint()
            + ";s3_region=us-east-1;network_tries=2;http_headers=X-A: planted-header"
            + ";TRACE_LEVEL_FILE=2";
    byte[] rootKey = new byte[32];
    new Random(2).nextBytes(rootKey);
    String masterKey = Base64.getEncoder().encodeToString(rootKey);
    putEncrypted("enc2/a.csv", rootKey, "1,x\n".getBytes(StandardCharsets.UTF_8));
    StringBuilder seen = new StringBuilder();
    try (Connection c =
        DriverManager.getConnection("jdbc:copyload:file:" + folder.resolve("db") + settings)) {
      try (Statement s = c.createStatement()) {
        s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
      }
      copy(c, "'s3://lake/in/a'" + KEYS + " SESSION_TOKEN 'planted-token' CSV");
      copy(c, "'s3://lake/in/a' CSV IAM_ROLE 'arn:aws:iam::123456789012:role/r'");
      copy(
          c,
          "'s3://lake/enc2/'" + KEYS + " CSV ENCRYPTED MASTER_SYMMETRIC_KEY '" + masterKey + "'");
      String[] failing = {
        "'s3://lake/in/a' ACCESS_KEY_ID 'tck-key-id' SECRET_ACCESS_KEY 'planted-wrong' CSV",
        "'s3://lake/in/a'" + KEYS + " CSV DATEFORMAT 'planted'' CREDENTIALS 'x'",
        "'s3://lake/in/a' CREDENTIALS 'aws_access_key_id=a;planted=1' CSV",
        "'s3://lake/in/a' SECRET_ACCESS_KEY 'planted' 'more planted' CSV",
        "'s3://lake/in/a'" + KEYS + " CSV ENCRYPTED MASTER_SYMMETRIC_KEY '" + masterKey + "'",
        "'http://u:planted@127.0.0.1:1/x?planted=1' (FORMAT csv)",
        "'http://u:planted@no host/x?planted=1#planted' (FORMAT csv)",
      };
      for (String from : failing) {
        for (Throwable t = fails(c, from); t != null; t = t.getCause()) {
          StringWriter text = new StringWriter();
          t.printStackTrace(new PrintWriter(text));
          seen.append(text);
        }
      }
      for (String view :
          new String[] {
            "sys_load_history",
            "sys_load_detail",
            "stl_load_errors",
            "copyload_history",
            "INFORMATION_SCHEMA.SESSIONS",
            "INFORMATION_SCHEMA.SETTINGS",
            "INFORMATION_SCHEMA.QUERY_STATISTICS"
          }) {
        seen.append(query(c, "SELECT * FROM " + view));
      }
      seen.append(query(c, "SCRIPT"));
      seen.append(c.getMetaData().getURL());
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        seen.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    String all = seen.toString();
    assertTrue(all.contains("s3://lake/in/a"), "the views were read");
    for (String secret : new String[] {"planted", masterKey}) {
      int at = all.indexOf(secret);
      assertEquals(
          -1, at, () -> all.substring(Math.max(0, at - 200), Math.min(all.length(), at + 60)));
    }
  }

  @Test
  void materializeChoosesByFilesAndPattern() throws Exception {
    server.put("mzb", "csv/1.csv", "1,a\n");
    server.put("mzb", "csv/sub/2.csv", "2,b\n");
    server.put("mzb", "csv2/3.csv", "3,c\n");
    server.put("mzb", "csv.txt", "4,d\n");
    try (Connection c = connect("")) {
      for (String[] way :
          new String[][] {
            {"s3://mzb", "", "4"},
            {"s3://mzb/csv", "", "2"},
            {"s3://mzb/csv/", "", "2"},
            {"s3://mzb/csv.txt", "", "1"},
            {"s3://mzb/csv/1.csv", "", "1"},
            {"s3://mzb", ", FILES = ['csv/1.csv', 'csv.txt']", "2"},
            {"s3://mzb/csv", ", FILES = ['csv/1.csv']", "1"},
            {"s3://mzb/csv", ", FILES = ['1.csv', 'sub/2.csv']", "2"},
            {"s3://mzb", ", PATTERN = 'csv/**'", "2"},
            {"s3://mzb", ", PATTERN = '**/?.csv'", "3"},
            {"s3://mzb/csv", ", PATTERN '*[2-9].csv'", "1"},
            {proxyAddress("csv.txt"), ", FILES = ['csv.txt']", "1"},
          }) {
        String from = "'" + way[0] + "' (FORMAT csv" + way[1] + ")";
        assertEquals(way[2], String.valueOf(copyInto(c, from)), from);
      }
      String none = "no matching files found at the given url";
      assertFails(c, "'s3://mzb/cs' (FORMAT csv)", "58P01", none);
      assertFails(c, "'s3://mzb' (FORMAT csv, PATTERN = '*.CSV')", "58P01", none);
      assertFails(c, "'s3://mzb' (FORMAT csv, FILES = ['csv.txt', 'no'])", "58P01", "s3://mzb/no");
      assertFails(c, "'s3://mzb/csv2' (FORMAT csv, FILES = ['csv/1.csv'])", "58P01", "csv2/csv/1");
      for (String out : new String[] {"../csv.txt", "sub/../../csv.txt", "csv/../csv.txt", ".."}) {
        assertFails(
            c, "'s3://mzb/csv' (FORMAT csv, FILES = ['" + out + "'])", "22023", "leads out");
      }
      assertFails(
          c,
          "'s3://mzb' (FORMAT csv, PATTERN = 'a**')",
          "22023",
          "Pattern syntax error near position 0: recursive wildcards");
      assertFails(c, "'x.csv' (FORMAT csv, PATTERN = 'a')", "0A000", "FILES and PATTERN");
    }
  }

  private static String proxyAddress(String key) {
    try (S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(URI.create(proxy.endpoint()))
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(S3Server.KEY_ID, S3Server.SECRET)))
            .build()) {
      return presigner
          .presignGetObject(
              b ->
                  b.signatureDuration(Duration.ofMinutes(5))
                      .getObjectRequest(g -> g.bucket("mzb").key(key)))
          .url()
          .toString();
    }
  }

  private static long copyInto(Connection c, String from) throws SQLException {
    try (Statement s = c.createStatement()) {
      return s.executeLargeUpdate("COPY INTO t FROM " + from);
    }
  }
}
