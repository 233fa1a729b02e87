package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets and connections of Materialize, and COPY through them. */
class ConnectionsTest {
  private static final String KEY = ";secrets_key=correct-horse-battery-staple";

  @TempDir static Path root;
  @TempDir Path folder;

  private static S3Server server;
  private static StsServer sts;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server(root);
    sts = new StsServer();
    server.put("lake", "in/a.csv", "1,one\n2,two\n");
    server.put("lake", "in/b.csv", "3,three\n");
  }

  @AfterAll
  static void stop() {
    sts.close();
    server.close();
  }

  private Connection connect(String settings) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:copyload:" + folder.resolve("db") + settings, "sa", "");
  }

  private static String query(Statement s, String sql) throws SQLException {
    try (ResultSet r = s.executeQuery(sql)) {
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

  private static void assertFails(Statement s, String sql, String state, String text) {
    SQLException e = assertThrows(SQLException.class, () -> s.execute(sql), sql);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
    assertFalse(e.getMessage().contains(S3Server.SECRET), e.getMessage());
  }

  private static String aws(String more) {
    return "TO AWS (ENDPOINT = '"
        + server.endpoint()
        + "', REGION = 'us-east-1', ACCESS KEY ID = '"
        + S3Server.KEY_ID
        + "', SECRET ACCESS KEY = SECRET k"
        + more
        + ")";
  }

  @Test
  void copiesThroughAConnectionAsLongAsTheKeyIsThere() throws Exception {
    try (Connection c = connect(KEY);
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
      s.execute("CREATE SECRET k AS '" + S3Server.SECRET + "'");
      s.execute("CREATE CONNECTION c " + aws("") + " WITH (VALIDATE = true)");
      s.execute("VALIDATE CONNECTION c");
      assertEquals(
          3, s.executeUpdate("COPY INTO t FROM 's3://lake/in' (FORMAT csv, AWS CONNECTION = c)"));
      assertEquals(
          2,
          s.executeUpdate(
              "COPY INTO t FROM 's3://lake' (FORMAT csv, AWS CONNECTION = \"c\", FILES = ['in/a.csv'])"));
      assertEquals(
          1,
          s.executeUpdate(
              "COPY INTO t FROM 's3://lake' (FORMAT csv, AWS CONNECTION c, PATTERN = '**/b*')"));
      assertEquals(
          6, s.executeUpdate("COPY t TO 's3://lake/out' (FORMAT csv, AWS CONNECTION = c, HEADER)"));
      assertEquals("k\n", query(s, "SHOW SECRETS"));
      assertEquals("c|aws\n", query(s, "SHOW CONNECTIONS"));
      assertEquals("", query(s, "SHOW CONNECTIONS LIKE 'd%'"));
      assertEquals("c|aws\n", query(s, "SHOW CONNECTIONS FROM public LIKE 'c'"));
      assertEquals("c|aws\n", query(s, "SHOW CONNECTIONS WHERE type = 'aws' AND name < 'd' -- ;"));
      assertEquals("", query(s, "SHOW CONNECTIONS FROM public WHERE name IN ('k', 'C');"));
      assertEquals("k\n", query(s, "SHOW SECRETS FROM \"PUBLIC\" WHERE name LIKE 'k%'"));
      assertFails(s, "SHOW SECRETS FROM nowhere", "3F000", "unknown schema \"nowhere\"");
      assertFails(s, "SHOW SECRETS WHERE type = 'aws'", "42703", "TYPE");
      assertFails(s, "SHOW SECRETS WHERE", "42601", "syntax error");
      assertFails(s, "SHOW SECRETS WHERE name = (", "42601", "condition of WHERE");
      assertFails(s, "SHOW SECRETS LIKE 'k' WHERE true", "42601", "WHERE");
      String created = query(s, "SHOW CREATE CONNECTION c");
      assertTrue(created.contains("SECRET ACCESS KEY = SECRET \"k\""), created);
      assertFails(s, "DROP SECRET k", "2BP01", "still depended upon by catalog item 'c'");
      assertFalse(query(s, "SCRIPT").contains(S3Server.SECRET));
    }
    String copy = "COPY INTO t FROM 's3://lake/in' (FORMAT csv, AWS CONNECTION = c)";
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      assertFails(s, copy, "55000", "COPYLOAD_SECRETS_KEY");
      assertEquals("k\n", query(s, "SHOW SECRETS"));
      assertFails(s, "ALTER SECRET k AS 'x'", "55000", "has no key");
    }
    try (Connection c = connect(";secrets_key=wrong");
        Statement s = c.createStatement()) {
      assertFails(s, copy, "55000", "not the one they were stored with");
      assertFails(s, "CREATE SECRET j AS 'x'", "55000", "not the one");
    }
    Path file = Files.writeString(folder.resolve("key"), "correct-horse-battery-staple\n");
    try (Connection c = connect(";secrets_key_file=" + file);
        Statement s = c.createStatement()) {
      assertEquals(3, s.executeUpdate(copy));
      s.execute("ALTER SECRET k AS 'wrong'");
      assertFails(s, copy, "28000", "SignatureDoesNotMatch");
      s.execute("ALTER SECRET k RENAME TO l");
      try (PreparedStatement p = c.prepareStatement("ALTER SECRET l AS ?")) {
        p.setString(1, S3Server.SECRET);
        p.executeUpdate();
      }
      assertEquals(3, s.executeUpdate(copy));
      s.execute("ALTER CONNECTION c RENAME TO d");
      assertFails(s, copy, "42704", "unknown connection \"c\"");
      s.execute("DROP SECRET l CASCADE");
      assertEquals("", query(s, "SHOW CONNECTIONS"));
    }
    try (var files = Files.walk(folder)) {
      for (Path stored : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(stored, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains(S3Server.SECRET), stored.toString());
      }
    }
  }

  @Test
  void aRoleIsAssumedUnderItsSessionName() throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.KEY_ID);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET);
    try (Connection c =
            DriverManager.getConnection(
                "jdbc:copyload:;sts_endpoint="
                    + sts.endpoint()
                    + ";s3_endpoint="
                    + server.endpoint());
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
      s.execute(
          "CREATE CONNECTION r TO AWS (ASSUME ROLE ARN = 'arn:aws:iam::123456789012:role/reader',"
              + " ASSUME ROLE SESSION NAME 'night', REGION 'us-east-1')");
      assertEquals(
          3, s.executeUpdate("COPY INTO t FROM 's3://lake/in' (FORMAT csv, AWS CONNECTION = r)"));
      assertTrue(
          sts.assumed.contains(S3Server.KEY_ID + " arn:aws:iam::123456789012:role/reader"),
          sts.assumed.toString());
      s.execute(
          "ALTER CONNECTION r SET (ASSUME ROLE ARN = 'arn:aws:iam::123456789012:role/forbidden')"
              + " WITH (VALIDATE false)");
      assertFails(
          s,
          "COPY INTO t FROM 's3://lake/in' (FORMAT csv, AWS CONNECTION = r)",
          "28000",
          "not authorized to perform: sts:AssumeRole");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  @Test
  void wrongOptionsAreRefusedByName() throws SQLException {
    try (Connection c = connect(KEY);
        Statement s = c.createStatement()) {
      s.execute("CREATE SECRET k AS decode('" + "c2VjcmV0" + "', 'base64')");
      s.execute("CREATE SECRET IF NOT EXISTS k AS 'x'");
      assertFails(s, "CREATE SECRET k AS 'x'", "42710", "already exists");
      assertFails(s, "CREATE SECRET j '" + S3Server.SECRET + "'", "42601", "***");
      assertFails(s, "CREATE SECRET j AS planted", "42601", "***");
      assertFails(s, "CREATE CONNECTION c TO KAFKA (BROKER 'x')", "0A000", "KAFKA");
      String keys = "must specify both ACCESS KEY ID and SECRET ACCESS KEY";
      assertFails(s, "CREATE CONNECTION c TO AWS (ACCESS KEY ID = 'x')", "22023", keys);
      assertFails(s, "CREATE CONNECTION c TO AWS (SESSION TOKEN = 'x')", "22023", keys);
      assertFails(
          s, "CREATE CONNECTION c TO AWS (REGION = 'x')", "22023", "must specify either ASSUME");
      assertFails(
          s,
          "CREATE CONNECTION c TO AWS (ASSUME ROLE SESSION NAME = 'x')",
          "22023",
          "must specify ASSUME ROLE ARN");
      assertFails(
          s,
          "CREATE CONNECTION c TO AWS (ACCESS KEY ID = 'x', ASSUME ROLE ARN = 'y')",
          "22023",
          "cannot specify both");
      assertFails(
          s,
          "CREATE CONNECTION c TO AWS (SECRET ACCESS KEY = '" + S3Server.SECRET + "')",
          "22023",
          "must provide a secret value");
      assertFails(
          s, "CREATE CONNECTION c TO AWS (PORT = 1)", "22023", "do not support PORT values");
      assertFails(
          s,
          "CREATE CONNECTION c TO AWS (ACCESS KEY ID = 'x', SECRET ACCESS KEY = SECRET nobody)",
          "42704",
          "unknown secret \"nobody\"");
      s.execute("CREATE CONNECTION c " + aws(", SESSION TOKEN = 'planted-token'"));
      String created = query(s, "SHOW CREATE CONNECTION c");
      assertTrue(created.contains("SESSION TOKEN = '***'"), created);
      assertFails(s, "VALIDATE CONNECTION c", "28000", "SignatureDoesNotMatch");
      assertFails(
          s, "ALTER CONNECTION c SET (REGION = 'eu-west-1')", "28000", "SignatureDoesNotMatch");
      assertEquals("c|aws\n", query(s, "SHOW CONNECTIONS"));
      s.execute("ALTER CONNECTION c RESET (REGION), DROP (SESSION TOKEN) WITH (VALIDATE = false)");
      created = query(s, "SHOW CREATE CONNECTION c");
      assertFalse(created.contains("REGION") || created.contains("TOKEN"), created);
      s.execute("CREATE TABLE t (id INTEGER)");
      assertFails(
          s,
          "COPY INTO t FROM 'http://x/y' (FORMAT csv, AWS CONNECTION = c)",
          "22023",
          "only 's3://");
      s.execute("CREATE USER u PASSWORD 'u'");
      s.execute("CREATE ROLE copyload_read_network");
      s.execute("GRANT copyload_read_network TO u");
      s.execute("GRANT ALL ON t TO u");
      try (Connection user =
              DriverManager.getConnection("jdbc:copyload:" + folder.resolve("db") + KEY, "u", "u");
          Statement u = user.createStatement()) {
        assertFails(u, "CREATE SECRET mine AS 'x'", "42501", "permission denied");
        assertFails(u, "DROP CONNECTION c", "42501", "must be owner");
        assertFails(
            u,
            "COPY INTO t FROM 's3://lake/in' (FORMAT csv, AWS CONNECTION = c)",
            "42501",
            "permission denied for CONNECTION \"c\"");
      }
    }
  }
}
