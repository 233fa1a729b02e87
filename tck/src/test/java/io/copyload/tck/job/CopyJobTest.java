package io.copyload.tck.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.tck.TckFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COPY JOB over local folders: statements, identity of files, failures, WHY. */
class CopyJobTest {
  @TempDir Path work;

  private Path in;
  private Connection c;
  private Statement s;

  @BeforeEach
  void open() throws SQLException, IOException {
    in = Files.createDirectories(work.resolve("in"));
    c = connect("sa");
    s = c.createStatement();
    s.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER, v VARCHAR(20))");
  }

  private Connection connect(String user) throws SQLException {
    return DriverManager.getConnection(
        System.getProperty("copyload.tck.url", "jdbc:copyload:")
            + "file:"
            + work.resolve("db")
            + ";copy_job.strict=false",
        user,
        "");
  }

  @AfterEach
  void close() throws SQLException {
    c.close();
  }

  /** Writes a file so that nobody sees a part of it. */
  private void put(String name, String content) throws IOException {
    Path part = work.resolve(name + ".part");
    Files.writeString(part, content);
    Files.move(part, in.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private void create(String rest) throws SQLException {
    s.execute("COPY t FROM '" + in + "/' CSV JOB CREATE j AUTO OFF" + rest);
  }

  private int run() throws SQLException {
    return s.executeUpdate("COPY JOB RUN j");
  }

  private String value(String sql) throws SQLException {
    try (ResultSet row = s.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private String ids() throws SQLException {
    return value("SELECT LISTAGG(id, ' ') WITHIN GROUP (ORDER BY id) FROM t");
  }

  private String state(String name) throws SQLException {
    try (ResultSet row = s.executeQuery("COPY JOB WHY '" + in.resolve(name) + "'")) {
      return row.next() ? row.getString("state") : null;
    }
  }

  private String reason(String name) throws SQLException {
    try (ResultSet row = s.executeQuery("COPY JOB WHY '" + in.resolve(name) + "'")) {
      return row.next() ? row.getString("reason") : null;
    }
  }

  private String fails(String sql) {
    return assertThrows(SQLException.class, () -> s.execute(sql)).getSQLState();
  }

  @Test
  void jobsAreCreatedShownChangedAndDropped() throws SQLException {
    create("");
    assertEquals("42710", fails("COPY t FROM '/x' CSV JOB CREATE J"));
    assertEquals("42P01", fails("COPY nothing FROM '/x' CSV JOB CREATE k"));
    for (String other :
        List.of("hdfs://h:8020/x/", "webhdfs://h/x/", "emr://j-1/x", "dynamodb://t", "gs://b/x")) {
      assertEquals("0A000", fails("COPY t FROM '" + other + "' CSV JOB CREATE k"), other);
    }
    assertEquals("42704", fails("COPY JOB RUN k"));
    assertEquals("22023", fails("COPY JOB ALTER j WITH (colour 'red')"));
    assertEquals("22023", fails("COPY JOB ALTER j WITH (on_changed 'append')"));
    try (ResultSet row = s.executeQuery("COPY JOB LIST")) {
      assertTrue(row.next());
      assertEquals("j", row.getString("job_name"));
      assertEquals(0, row.getInt("is_auto"));
      assertEquals("COPY t FROM '" + in + "/' CSV", row.getString("job_text"));
      assertFalse(row.next());
    }
    s.execute("COPY JOB ALTER j AUTO OFF WITH (on_changed = load, batch_files 7)");
    try (ResultSet row = c.prepareStatement("COPY JOB SHOW j").executeQuery()) {
      assertTrue(row.next());
      assertTrue(row.getString("options").contains("on_changed 'load'"));
      assertTrue(row.getString("options").contains("batch_files '7'"));
      assertEquals("idle", row.getString("state"));
    }
    s.execute("COPY JOB DROP j");
    assertEquals("42704", fails("COPY JOB SHOW j"));
    assertEquals("0", value("SELECT COUNT(*) FROM sys_copy_job"));
  }

  @Test
  void jobsOutliveTheDatabaseAndOnesThatAreCreatedInATransaction() throws Exception {
    c.setAutoCommit(false);
    create("");
    c.rollback();
    put("a.csv", "1,a\n");
    c.close();
    open();
    assertEquals(1, run());
    c.close();
    open();
    assertEquals(0, run());
    assertEquals("1", ids());
  }

  @Test
  void strictJobsAreNotCreatedInATransaction() throws SQLException {
    try (Connection strict = DriverManager.getConnection("jdbc:copyload:");
        Statement statement = strict.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER)");
      strict.setAutoCommit(false);
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> statement.execute("COPY t FROM 's3://b/x/' IAM_ROLE 'r' JOB CREATE j"));
      assertEquals("25001", e.getSQLState());
    }
  }

  @Test
  void aBadFileBlocksNoOther() throws Exception {
    create(" WITH (retries 1, batch_files 4)");
    for (int i = 10; i < 30; i++) {
      put(i + ".csv", i % 7 == 0 ? i + ",a\nx,b\n" : i + ",a\n");
    }
    assertEquals(17, run());
    assertEquals("failed", state("21.csv"));
    assertTrue(reason("21.csv").contains("line 2"), reason("21.csv"));
    assertEquals("loaded", state("22.csv"));
    assertEquals(0, run());
    assertEquals("quarantined", state("21.csv"));
    // What was bad is put right: it is new.
    put("21.csv", "21,a\n");
    assertEquals(1, run());
    assertEquals("loaded", state("21.csv"));
    assertEquals("quarantined", state("28.csv"));
    assertEquals("18", value("SELECT COUNT(DISTINCT id) FROM t"));
    assertEquals("18", value("SELECT COUNT(*) FROM t"));
  }

  @Test
  void aFileWhoseRowsBreakAKeyIsFoundByHalves() throws Exception {
    s.execute("ALTER TABLE t ADD CONSTRAINT t_id UNIQUE (id)");
    create("");
    for (int i = 0; i < 9; i++) {
      put(i + ".csv", i + ",a\n");
    }
    put("5.csv", "3,a\n");
    assertEquals(8, run());
    assertEquals("0 1 2 3 4 6 7 8", ids());
    assertEquals("failed", state("5.csv"));
  }

  @Test
  void changedGrownCopiedAndStoredAgainFilesAreToldApart() throws Exception {
    create("");
    put("a.csv", "1,a\n");
    assertEquals(1, run());
    put("a.csv", "1,a\n");
    put("b.csv", "1,a\n");
    assertEquals(1, run());
    assertEquals("skipped", state("a.csv"));
    s.execute("COPY JOB ALTER j WITH (on_changed load, on_grown append, on_renamed skip)");
    put("a.csv", "1,a\n");
    put("c.csv", "1,a\n");
    assertEquals(0, run());
    assertTrue(reason("a.csv").contains("stored again"), reason("a.csv"));
    assertTrue(reason("c.csv").contains("on_renamed"), reason("c.csv"));
    put("a.csv", "1,a\n2,b\n");
    assertEquals(1, run());
    assertEquals("1 1 2", ids());
    put("a.csv", "3,c\n");
    assertEquals(1, run());
    assertEquals("1 1 2 3", ids());
    // Not grown but changed: the end of the loaded part is no end of a line.
    put("d.csv", "4,d");
    assertEquals(1, run());
    put("d.csv", "4,dd\n");
    assertEquals(1, run());
    assertEquals("1 1 2 3 4 4", ids());
    assertEquals(0, run());
  }

  @Test
  void grownFilesLoseNoRowToTheirHeader() throws Exception {
    s.execute(
        "COPY t FROM '"
            + in
            + "/' CSV IGNOREHEADER 1 JOB CREATE j AUTO OFF WITH (on_grown append)");
    put("a.csv", "id,v\n1,a\n");
    put("b.csv", "id,v\n2,a\n");
    assertEquals(2, run());
    put("a.csv", "id,v\n1,a\n3,c\n");
    put("c.csv", "id,v\n4,d\n");
    assertEquals(2, run());
    assertEquals("1 2 3 4", ids());
  }

  @Test
  void whyAnswersForEveryFile() throws Exception {
    create("");
    put("a.csv", "1,a\n");
    assertEquals("waiting", state("a.csv"));
    assertEquals("not matched", state("no.csv"));
    try (ResultSet row = s.executeQuery("COPY JOB WHY '/elsewhere/a.csv'")) {
      assertTrue(row.next());
      assertTrue(row.getString("reason").contains("does not begin"), row.getString("reason"));
    }
    run();
    assertEquals("loaded", state("a.csv"));
    assertTrue(reason("a.csv").contains("load 1"), reason("a.csv"));
  }

  @Test
  void filesThatGoBeforeTheyAreLoadedAreForgotten() throws Exception {
    create(" WITH (retries 3)");
    put("a.csv", "x,a\n");
    run();
    Files.delete(in.resolve("a.csv"));
    assertEquals(0, run());
    assertEquals("not matched", state("a.csv"));
  }

  @Test
  void theOwnersRightsCount() throws Exception {
    s.execute("CREATE USER u PASSWORD ''");
    s.execute("CREATE ROLE pg_read_server_files");
    s.execute("GRANT pg_read_server_files TO u");
    try (Connection other = connect("u");
        Statement statement = other.createStatement()) {
      String copy = "COPY t FROM '" + in + "/' CSV JOB CREATE j AUTO OFF";
      assertEquals(
          "42501", assertThrows(SQLException.class, () -> statement.execute(copy)).getSQLState());
      s.execute("GRANT INSERT ON t TO u");
      statement.execute(copy);
      put("a.csv", "1,a\n");
      // An administrator runs it, with the rights of the owner.
      assertEquals(1, run());
      s.execute("REVOKE INSERT ON t FROM u");
      put("b.csv", "2,b\n");
      assertEquals("42501", fails("COPY JOB RUN j"));
      s.execute("GRANT INSERT ON t TO u");
      s.execute("REVOKE pg_read_server_files FROM u");
      assertEquals("42501", fails("COPY JOB RUN j"));
      s.execute("GRANT pg_read_server_files TO u");
      assertEquals(1, statement.executeUpdate("COPY JOB RUN j"));
      s.execute("COPY t FROM '" + in + "/' CSV JOB CREATE k AUTO OFF");
      assertEquals(
          "42501",
          assertThrows(SQLException.class, () -> statement.execute("COPY JOB DROP k"))
              .getSQLState());
      try (ResultSet rows = statement.executeQuery("COPY JOB LIST")) {
        assertTrue(rows.next());
        assertEquals("j", rows.getString("job_name"));
        assertFalse(rows.next());
      }
    }
  }

  @Test
  void clausesOfOtherDialectsLoadToo() throws Exception {
    s.execute(
        "COPY t FROM '"
            + in
            + "/' (FORMAT csv, HEADER) JOB CREATE j AUTO OFF WITH (order_by time)");
    put("a.csv", "id,v\n1,a\n");
    assertEquals(1, run());
    assertEquals("1", ids());
  }

  @Test
  void parquetFilesLoadWhenNotStrict() throws Exception {
    s.execute("COPY t FROM '" + in + "/' FORMAT AS PARQUET JOB CREATE j AUTO OFF");
    s.execute("CREATE TABLE from_rows (id INTEGER, v VARCHAR(20))");
    s.execute("INSERT INTO from_rows VALUES (1, 'a'), (2, NULL)");
    s.execute("COPY from_rows TO '" + in.resolve("a.parquet") + "' (FORMAT parquet)");
    assertEquals(2, run());
    Files.copy(in.resolve("a.parquet"), in.resolve("b.parquet"));
    put("broken.parquet", "no Parquet");
    assertEquals(2, run());
    assertEquals("1 1 2 2", ids());
    assertEquals("failed", state("broken.parquet"));
    assertEquals(0, run());
  }

  @Test
  void orcFilesLoadWhenNotStrict() throws Exception {
    Path file =
        TckFiles.folder("corpora").resolve("orc-examples").resolve("orc_index_int_string.orc");
    s.execute("CREATE TABLE o (id INTEGER, v VARCHAR(80))");
    s.execute("COPY o FROM '" + file.toAbsolutePath() + "' FORMAT AS ORC");
    String once = value("SELECT COUNT(*) FROM o");
    s.execute("TRUNCATE TABLE o");
    s.execute("COPY o FROM '" + in + "/' FORMAT AS ORC JOB CREATE j AUTO OFF");
    Files.copy(file, in.resolve("a.orc"));
    assertEquals(once, Integer.toString(run()));
    assertEquals(0, run());
    assertEquals(once, value("SELECT COUNT(*) FROM o"));
    assertEquals("loaded", state("a.orc"));
  }

  /**
   * A writer that writes into the folder itself: what it has written when the job looks is a file,
   * and the rest is what on_grown says.
   */
  @Test
  void filesOfWritersThatDieHalfWay() throws Exception {
    create(" WITH (on_grown append, on_changed load)");
    // It died in a line: that row is bad, and no row of the file is loaded.
    Files.writeString(in.resolve("half.csv"), "1,a\n2");
    assertEquals(0, run());
    assertEquals("failed", state("half.csv"));
    // Another one completes it.
    Files.writeString(in.resolve("half.csv"), "1,a\n2,b\n");
    assertEquals(2, run());
    // It died between lines, goes on, and is written anew by yet another one.
    Files.writeString(in.resolve("lines.csv"), "3,c\n");
    assertEquals(1, run());
    Files.writeString(in.resolve("lines.csv"), "3,c\n4,d\n");
    assertEquals(1, run());
    Files.writeString(in.resolve("lines.csv"), "5,e\n");
    assertEquals(1, run());
    // It died before the first byte, and was taken away.
    Files.writeString(in.resolve("empty.csv"), "");
    assertEquals(0, run());
    assertEquals("loaded", state("empty.csv"));
    Files.writeString(in.resolve("empty.csv"), "6,f\n");
    assertEquals(1, run());
    Files.writeString(in.resolve("gone.csv"), "7");
    assertEquals(0, run());
    Files.delete(in.resolve("gone.csv"));
    assertEquals(0, run());
    assertEquals("not matched", state("gone.csv"));
    assertEquals("1 2 3 4 5 6", ids());
  }

  /**
   * By default the name counts: what comes behind the loaded part is not loaded, and WHY says so.
   */
  @Test
  void whatGrowsBehindALoadedFileIsSkippedByDefault() throws Exception {
    create("");
    Files.writeString(in.resolve("a.csv"), "1,a\n");
    assertEquals(1, run());
    Files.writeString(in.resolve("a.csv"), "1,a\n2,b\n");
    assertEquals(0, run());
    assertEquals("skipped", state("a.csv"));
    assertTrue(reason("a.csv").contains("on_changed is skip"), reason("a.csv"));
  }

  @Test
  void tablesThatAreDroppedOrAlteredFailTheRunClearly() throws Exception {
    create("");
    put("a.csv", "1,a\n");
    s.execute("ALTER TABLE t RENAME TO u");
    assertEquals("42P01", fails("COPY JOB RUN j"));
    assertTrue(value("SELECT message FROM sys_copy_job_info").contains("\"t\" does not exist"));
    assertEquals("waiting", state("a.csv"));
    assertTrue(reason("a.csv").contains("does not exist") || reason("a.csv").contains("AUTO"));
    s.execute("ALTER TABLE u RENAME TO t");
    s.execute("ALTER TABLE t ADD COLUMN w INTEGER");
    assertEquals(0, run());
    assertEquals("failed", state("a.csv"));
    assertTrue(reason("a.csv").contains("missing data for column \"w\""), reason("a.csv"));
    s.execute("ALTER TABLE t DROP COLUMN w");
    assertEquals(1, run());
    s.execute("DROP TABLE t");
    put("b.csv", "2,b\n");
    assertEquals("42P01", fails("COPY JOB RUN j"));
    s.execute("COPY JOB DROP j");
  }

  @Test
  void readOnlyDatabasesShowJobsAndRunNone() throws Exception {
    create("");
    put("a.csv", "1,a\n");
    assertEquals(1, run());
    s.execute("COPY JOB ALTER j AUTO ON");
    c.close();
    put("b.csv", "2,b\n");
    try (Connection reading =
            DriverManager.getConnection(
                System.getProperty("copyload.tck.url", "jdbc:copyload:")
                    + "file:"
                    + work.resolve("db")
                    + ";ACCESS_MODE_DATA=r;copy_job.strict=false",
                "sa",
                "");
        Statement statement = reading.createStatement()) {
      try (ResultSet row = statement.executeQuery("COPY JOB LIST")) {
        assertTrue(row.next());
        assertEquals("j", row.getString("job_name"));
      }
      try (ResultSet row = statement.executeQuery("COPY JOB WHY '" + in.resolve("a.csv") + "'")) {
        assertTrue(row.next());
        assertEquals("loaded", row.getString("state"));
      }
      for (String sql :
          new String[] {
            "COPY JOB RUN j",
            "COPY JOB ALTER j AUTO OFF",
            "COPY JOB DROP j",
            "COPY t FROM '" + in + "/' CSV JOB CREATE k"
          }) {
        SQLException e = assertThrows(SQLException.class, () -> statement.execute(sql), sql);
        assertTrue(e.getMessage().contains("read only"), e.getMessage());
      }
    }
    open();
  }
}
