package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** COPY FROM 'dynamodb://table', from a table of ours and from one of dynalite's. */
@ParameterizedClass
@EnumSource
@Timeout(900)
class DynamoCopyTest {
  /** Who answers. */
  enum Answering {
    GUIDE,
    DYNALITE
  }

  private static final String FROM = "COPY t FROM 'dynamodb://Movies' " + S3Server.KEYS;

  private DynamoServer server;
  private Connection connection;
  private Statement statement;

  private static DynaliteServer dynalite;

  @Parameter Answering answering;

  @BeforeParameterizedClassInvocation
  static void startDynalite(Answering answering) throws IOException {
    if (answering == Answering.DYNALITE) {
      assumeTrue(DynaliteServer.isInstalled(), "npm has not installed dynalite");
      dynalite = new DynaliteServer();
    }
  }

  @AfterParameterizedClassInvocation
  static void stopDynalite() {
    if (dynalite != null) {
      dynalite.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = answering == Answering.GUIDE ? new DynamoServer() : new DynamoServer(dynalite);
    connection =
        DriverManager.getConnection(
            "jdbc:copyload:;network_tries=3;network_timeout=20;dynamodb_endpoint="
                + server.endpoint());
    statement = connection.createStatement();
  }

  @AfterEach
  void stop() throws SQLException {
    connection.close();
    server.close();
  }

  private List<String> list(String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      List<String> list = new ArrayList<>();
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(rows.getString(i));
        }
        list.add(row.toString());
      }
      return list;
    }
  }

  private void fails(String clauses, String state, String... texts) {
    SQLException e =
        assertThrows(SQLException.class, () -> statement.executeUpdate(FROM + clauses));
    assertEquals(state, e.getSQLState(), e.getMessage());
    for (String text : texts) {
      assertTrue(e.getMessage().contains(text), () -> text + " is not in: " + e.getMessage());
    }
  }

  @Test
  void attributesFillTheColumnsOfTheirNames() throws SQLException {
    statement.execute(
        "CREATE TABLE t (title VARCHAR(20), \"YEAR\" INTEGER, price DECIMAL(8,2), seen DATE)");
    server.items.add(
        "{\"Title\":{\"S\":\"Alien\"},\"Year\":{\"N\":\"1979\"},\"PRICE\":{\"N\":\"9.99\"},"
            + "\"seen\":{\"S\":\"2024-05-06\"},\"cast\":{\"SS\":[\"a\",\"b\"]}}");
    server.items.add("{\"Year\":{\"N\":\"1E+3\"},\"Title\":{\"S\":\"M\u00fcll \u6f22\"}}");
    server.items.add("{\"Other\":{\"B\":\"AAAA\"},\"seen\":{\"S\":\" \"}}");
    assertEquals(3, statement.executeUpdate(FROM + " READRATIO '50'"));
    assertEquals(
        List.of("|null|null|null", "Alien|1979|9.99|2024-05-06", "M\u00fcll \u6f22|1000|null|null"),
        list("SELECT * FROM t ORDER BY title"));
    statement.execute("TRUNCATE TABLE t");
    assertEquals(3, statement.executeUpdate(FROM + " READRATIO 200 EMPTYASNULL"));
    assertEquals(List.of("1"), list("SELECT COUNT(*) FROM t WHERE title IS NULL"));
    statement.execute("TRUNCATE TABLE t");
    assertEquals(
        3,
        statement.executeUpdate(
            FROM.replace("COPY t", "COPY t (\"YEAR\")") + " READRATIO 100 REGION 'eu-west-1'"));
    assertEquals(
        List.of("items|dynamodb://Movies"),
        list("SELECT file_format, data_source FROM sys_load_history LIMIT 1"));
  }

  @Test
  void conversionOptionsHold() throws SQLException {
    statement.execute("CREATE TABLE t (a VARCHAR(3), b VARCHAR(9), c DECIMAL(5,1), d DATE)");
    server.items.add(
        "{\"a\":{\"S\":\"abcdef\"},\"b\":{\"S\":\"x  \"},\"c\":{\"N\":\"1.25\"},"
            + "\"d\":{\"S\":\"06.05.2024\"}}");
    server.items.add("{\"a\":{\"S\":\"  \"},\"b\":{\"S\":\"\"},\"d\":{\"S\":\"never\"}}");
    assertEquals(
        2,
        statement.executeUpdate(
            FROM
                + " READRATIO 100 TRUNCATECOLUMNS TRIMBLANKS ROUNDEC DATEFORMAT 'DD.MM.YYYY'"
                + " ACCEPTANYDATE BLANKSASNULL EMPTYASNULL"));
    assertEquals(
        List.of("null|null|null|null", "abc|x|1.3|2024-05-06"),
        list("SELECT * FROM t ORDER BY a NULLS FIRST"));
  }

  @Test
  void aBadValueIsARejectAndABadItemFails() throws SQLException {
    statement.execute("CREATE TABLE t (id INTEGER, v VARCHAR(9))");
    for (int i = 0; i < 100; i++) {
      server.items.add("{\"id\":{\"" + (i % 50 == 7 ? "S\":\"x" : "N\":\"" + i) + "\"}}");
    }
    fails(" READRATIO 100", "XX000", "stl_load_errors");
    assertEquals(98, statement.executeUpdate(FROM + " READRATIO 100 MAXERROR 5"));
    assertEquals(
        List.of("x|1207"),
        list("SELECT DISTINCT TRIM(raw_field_value), err_code FROM stl_load_errors"));
    assertEquals(98, statement.executeUpdate(FROM + " READRATIO 100 IGNOREALLERRORS"));
    server.items.clear();
    server.items.add("{\"Price\":{\"N\":\"1\"},\"PRICE\":{\"N\":\"1\"}}");
    fails(" READRATIO 100", "22P04", "dynamodb://Movies", "differ only in case");
  }

  @Test
  void attributesOfOtherTypesMatterOnlyToTheirColumns() throws SQLException {
    statement.execute("CREATE TABLE t (id INTEGER, v VARCHAR(9))");
    for (String value :
        List.of(
            "{\"B\":\"AAAA\"}",
            "{\"BOOL\":true}",
            "{\"NULL\":true}",
            "{\"SS\":[\"a\"]}",
            "{\"NS\":[\"1\"]}",
            "{\"BS\":[\"AAAA\"]}",
            "{\"L\":[{\"N\":\"1\"}]}",
            "{\"M\":{\"a\":{\"N\":\"1\"}}}")) {
      server.items.clear();
      server.items.add("{\"id\":{\"N\":\"1\"},\"other\":" + value + "}");
      assertEquals(1, statement.executeUpdate(FROM + " READRATIO 100"), value);
      server.items.set(0, "{\"id\":{\"N\":\"1\"},\"V\":" + value + "}");
      String type = value.substring(2, value.indexOf('"', 2));
      // MAXERROR is for values, not for what no value can be made of.
      fails(
          " READRATIO 100 MAXERROR 5",
          "42804",
          "attribute \"V\"",
          "\"v\"",
          "type " + type.charAt(0));
      assertEquals(
          1, statement.executeUpdate(FROM.replace("COPY t", "COPY t (id)") + " READRATIO 100"));
    }
  }

  @Test
  void columnsOfEveryKindAreFilled() throws SQLException {
    statement.execute(
        "CREATE TABLE t (b BOOLEAN, d DATE, ts TIMESTAMP, f DOUBLE PRECISION, n DECIMAL(38,4),"
            + " i BIGINT, c CHAR(4), v VARCHAR(9), x INTEGER DEFAULT 7)");
    server.items.add(
        "{\"B\":{\"S\":\"true\"},\"D\":{\"S\":\"2024-02-29\"},\"TS\":{\"S\":\"2024-02-29 12:30:00\"},"
            + "\"F\":{\"N\":\"-1.5E-3\"},\"N\":{\"N\":\"12345678901234567890.1234\"},"
            + "\"I\":{\"N\":\"9007199254740993\"},\"C\":{\"S\":\"ab\"},\"V\":{\"N\":\"42\"},"
            + "\"unknown\":{\"S\":\"dropped\"}}");
    assertEquals(1, statement.executeUpdate(FROM + " READRATIO 100 TIMEFORMAT 'auto'"));
    assertEquals(
        List.of(
            "TRUE|2024-02-29|2024-02-29 12:30:00|-0.0015|12345678901234567890.1234"
                + "|9007199254740993|ab  |42|null"),
        list("SELECT b, d, ts, f, n, i, c, v, x FROM t"));
    server.items.set(0, "{\"c\":{\"S\":\"\u00e4\"}}");
    fails(" READRATIO 100", "XX000", "stl_load_errors");
    assertEquals(0, statement.executeUpdate(FROM + " READRATIO 100 NOLOAD MAXERROR 2"));
    server.items.set(0, "{\"v\":{\"S\":\"\u00e4\"},\"ts\":{\"S\":\"29.02.24 01:02\"}}");
    assertEquals(
        1,
        statement.executeUpdate(
            FROM + " READRATIO 100 TIMEFORMAT 'DD.MM.YY HH:MI' COMPUPDATE OFF STATUPDATE ON"));
    assertEquals(
        List.of("\u00e4|2024-02-29 01:02:00"), list("SELECT v, ts FROM t WHERE v <> '42'"));
    server.items.set(0, "{\"I\":{\"N\":\"1\"}}");
    int scans = server.scans.get();
    statement.execute("TRUNCATE TABLE t");
    assertEquals(1, statement.executeUpdate(FROM + " READRATIO 100 COMPUPDATE ON COMPROWS 1000"));
    assertEquals(4, server.scans.get() - scans, "the four parts of the table are read once");
  }

  @Test
  void clausesThatDoNotFitAreRefused() throws SQLException {
    statement.execute("CREATE TABLE t (id INTEGER)");
    fails("", "42601", "requires READRATIO");
    fails(" READRATIO 0", "22023", "between 1 and 200");
    fails(" READRATIO 201", "22023", "between 1 and 200");
    for (String clause :
        List.of(
            "CSV",
            "GZIP",
            "JSON 'auto'",
            "ESCAPE",
            "FILLRECORD",
            "IGNOREHEADER 1",
            "MANIFEST",
            "NULL AS 'x'",
            "REMOVEQUOTES",
            "ACCEPTINVCHARS",
            "IGNOREBLANKLINES",
            "DELIMITER ','",
            "ENCODING UTF8",
            "SSH",
            "FIXEDWIDTH '1,2'",
            "BZIP2",
            "LZOP",
            "ZSTD",
            "ENCRYPTED",
            "EXPLICIT_IDS",
            "ORC",
            "SHAPEFILE",
            "AVRO 'auto'",
            "PARQUET")) {
      fails(" READRATIO 100 " + clause, "42601", clause.split(" ")[0]);
    }
    SQLException e =
        assertThrows(
            SQLException.class, () -> statement.execute("COPY t FROM 's3://b/x' READRATIO 10"));
    assertEquals("42601", e.getSQLState());
    assertEquals(0, server.scans.get());
  }

  @Test
  void whatTheServiceRefusesIsSaidClearly() throws SQLException {
    statement.execute("CREATE TABLE t (id INTEGER)");
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> statement.execute(FROM.replace("Movies", "Nothing") + " READRATIO 9"));
    assertEquals("58P01", e.getSQLState(), e.getMessage());
    e =
        assertThrows(
            SQLException.class,
            () -> statement.execute(FROM.replace(S3Server.KEY_ID, "no") + " READRATIO 9"));
    assertEquals("28000", e.getSQLState(), e.getMessage());
    server.items.add("{\"id\":{\"N\":\"1\"}}");
    server.throttles.set(2);
    assertEquals(1, statement.executeUpdate(FROM + " READRATIO 100"));
    server.throttles.set(1000);
    fails(" READRATIO 100", "58030", "throughput");
  }

  @Test
  void manyItemsAreScannedInParts() throws SQLException {
    statement.execute("CREATE TABLE t (id INTEGER, v VARCHAR(200))");
    String filler = "y".repeat(9000);
    for (int i = 0; i < 1500; i++) {
      server.items.add(
          "{\"id\":{\"N\":\""
              + i
              + "\"},\"v\":{\"S\":\"v"
              + i
              + "\"},\"w\":{\"S\":\""
              + filler
              + "\"}}");
    }
    assertEquals(1500, statement.executeUpdate(FROM + " READRATIO 100"));
    assertEquals(
        List.of("1500|1124250"),
        list("SELECT COUNT(DISTINCT v), SUM(id) FROM t WHERE v = 'v' || id"));
    assertTrue(server.scans.get() >= 12, "pages: " + server.scans);
  }

  @Test
  void readRatioBoundsWhatIsConsumed() throws SQLException {
    statement.execute("CREATE TABLE t (id INTEGER)");
    server.readCapacity = 100;
    // 1 KB an item: about 150 units in all, at 25 units a second.
    String filler = "z".repeat(980);
    for (int i = 0; i < 1200; i++) {
      server.items.add("{\"id\":{\"N\":\"" + i + "\"},\"v\":{\"S\":\"" + filler + "\"}}");
    }
    double best = 0;
    // A machine that is busy may make it slower, never faster.
    for (int i = 0; i < 4 && best < 25 * 0.8; i++) {
      server.answers.clear();
      long begin = System.nanoTime();
      assertEquals(1200, statement.executeUpdate(FROM + " READRATIO 25"));
      double seconds = (System.nanoTime() - begin) / 1e9;
      double units = server.answers.stream().mapToDouble(DynamoServer.Answer::units).sum();
      assertTrue(units > 130, units + " units");
      assertTrue(units / seconds <= 25 * 1.2, units + " units in " + seconds + " seconds");
      best = Math.max(best, bestRate(server.answers));
    }
    assertTrue(best >= 25 * 0.8, best + " units a second");
  }

  /** The most units a second that were consumed in any two seconds or more. */
  private static double bestRate(List<DynamoServer.Answer> answers) {
    double best = 0;
    for (int first = 0; first < answers.size(); first++) {
      double units = 0;
      for (int last = first; last < answers.size(); last++) {
        double seconds = (answers.get(last).nanos() - answers.get(first).nanos()) / 1e9;
        if (seconds >= 2) {
          best = Math.max(best, units / seconds);
        }
        units += answers.get(last).units();
      }
    }
    return best;
  }

  @Test
  void aScanThatHangsIsCancelledWithinASecond() throws Exception {
    statement.execute("CREATE TABLE t (id INTEGER)");
    server.items.add("{\"id\":{\"N\":\"1\"}}");
    server.hangsFrom = 0;
    cancelsInTime(FROM + " READRATIO 100");
    server.hangsFrom = Integer.MAX_VALUE;
    assertEquals(1, statement.executeUpdate(FROM + " READRATIO 100"));
  }

  @Test
  void aScanThatWaitsForItsCapacityIsCancelledWithinASecond() throws Exception {
    statement.execute("CREATE TABLE t (id INTEGER)");
    // A hundredth of a unit a second: the second page is hours away.
    server.readCapacity = 1;
    String filler = "z".repeat(9000);
    for (int i = 0; i < 100; i++) {
      server.items.add("{\"id\":{\"N\":\"" + i + "\"},\"v\":{\"S\":\"" + filler + "\"}}");
    }
    cancelsInTime(FROM + " READRATIO 1");
  }

  /** Cancels when a scan is under way; in time at least once in a few tries. */
  private void cancelsInTime(String copy) throws Exception {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5 && best > 1000; i++) {
      server.scans.set(0);
      CompletableFuture<SQLException> running =
          CompletableFuture.supplyAsync(
              () -> assertThrows(SQLException.class, () -> statement.executeUpdate(copy)));
      while (server.scans.get() == 0) {
        assertFalse(running.isDone(), () -> "ended with " + running.join());
        TimeUnit.MILLISECONDS.sleep(2);
      }
      long told = System.nanoTime();
      statement.cancel();
      assertEquals("57014", running.get().getSQLState());
      best = Math.min(best, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - told));
      assertEquals(List.of("0"), list("SELECT COUNT(*) FROM t"));
    }
    assertTrue(best <= 1000, "took " + best + " ms");
  }
}
