package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** COPY FROM 'dynamodb://table'. */
class DynamoCopyTest {
  private static final String FROM = "COPY t FROM 'dynamodb://Movies' " + S3Server.KEYS;

  private DynamoServer server;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void start() throws Exception {
    server = new DynamoServer();
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
    server.items.clear();
    server.items.add("{\"id\":{\"NULL\":true}}");
    fails(" READRATIO 100 MAXERROR 5", "42804", "attribute \"id\"", "NUL");
    server.items.set(0, "{\"Price\":{\"N\":\"1\"},\"PRICE\":{\"N\":\"1\"}}");
    fails(" READRATIO 100", "22P04", "differ only in case");
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
    String filler = "y".repeat(150);
    for (int i = 0; i < 60_000; i++) {
      server.items.add("{\"id\":{\"N\":\"" + i + "\"},\"v\":{\"S\":\"" + filler + "\"}}");
    }
    assertEquals(60_000, statement.executeUpdate(FROM + " READRATIO 100"));
    assertEquals(List.of("60000"), list("SELECT COUNT(DISTINCT id) FROM t"));
    assertTrue(server.scans.get() >= 10, "pages: " + server.scans);
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
    long begin = System.nanoTime();
    assertEquals(1200, statement.executeUpdate(FROM + " READRATIO 25"));
    double seconds = (server.lastScan.get() - server.firstScan.get()) / 1e9;
    double units = server.halfUnits.get() / 2.0;
    double rate = units / Math.max(seconds, (System.nanoTime() - begin) / 1e9);
    assertTrue(units > 100, units + " units");
    // A machine that is busy may make it slower, never faster.
    assertTrue(rate <= 25 * 1.2, rate + " units a second");
  }

  @Test
  void aScanThatHangsIsCancelled() throws Exception {
    statement.execute("CREATE TABLE t (id INTEGER)");
    server.items.add("{\"id\":{\"N\":\"1\"}}");
    server.hangsFrom = 0;
    Thread canceller =
        new Thread(
            () -> {
              while (server.scans.get() == 0) {
                Thread.onSpinWait();
              }
              try {
                statement.cancel();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    canceller.start();
    fails(" READRATIO 100", "57014");
    canceller.join();
    assertEquals(List.of("0"), list("SELECT COUNT(*) FROM t"));
  }
}
