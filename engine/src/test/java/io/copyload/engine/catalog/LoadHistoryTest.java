package io.copyload.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.convert.RejectReason;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.RawRecord;
import io.copyload.engine.load.Reject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The history through plain connections of H2. */
class LoadHistoryTest {
  private static final Instant START = Instant.parse("2024-02-29T12:00:00.123456Z");

  @TempDir Path folder;
  private String url;
  private Connection c;
  private Instant now = START;

  @BeforeEach
  void open() throws SQLException {
    url = "jdbc:h2:" + folder.resolve("db");
    c = DriverManager.getConnection(url, "sa", "");
    ensure();
  }

  @AfterEach
  void close() throws SQLException {
    c.close();
  }

  private void ensure() throws SQLException {
    Catalog.ensure(c, now);
    execute("SET SCHEMA_SEARCH_PATH PUBLIC, COPYLOAD");
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection(url, "sa", "");
  }

  private LoadHistory history() {
    return new LoadHistory(this::connection, 7, () -> now);
  }

  private void execute(String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  /** All rows, each as its values joined by commas. */
  private static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      int columns = r.getMetaData().getColumnCount();
      while (r.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(r.getString(i));
        }
        rows.add(String.join(",", row.stream().map(String::valueOf).toList()));
      }
      return rows;
    }
  }

  private LoadStart start(Connection of, String user) throws SQLException {
    try (Statement s = of.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT SESSION_ID, SESSION_START FROM INFORMATION_SCHEMA.SESSIONS"
                    + " WHERE SESSION_ID = SESSION_ID()")) {
      r.next();
      return new LoadStart(
          3,
          user,
          r.getInt(1),
          r.getObject(2, OffsetDateTime.class),
          0,
          "db",
          17,
          "PUBLIC",
          "t",
          "/in/a.csv",
          "csv",
          2,
          300);
    }
  }

  private static LoadOutcome outcome() {
    return new LoadOutcome(
        5,
        1,
        List.of(
            new Reject(
                1,
                "/in/b.csv",
                4,
                2,
                "qty",
                "abc",
                "1,abc",
                2,
                RejectReason.INVALID_INTEGER,
                "invalid input syntax for type integer: \"abc\"",
                "the detail",
                "the hint",
                new RawRecord(10, 15, "1,abc".getBytes(StandardCharsets.UTF_8)),
                List.of("1"))),
        List.of(
            new LoadOutcome.ObjectOutcome("/in/a.csv", 100, 200, 3, 0),
            new LoadOutcome.ObjectOutcome(
                "/in/b.csv",
                50,
                60,
                4,
                1,
                3,
                false,
                null,
                null,
                20,
                List.of(
                    new LoadOutcome.Chunk(0, 30, 3, 0, 15),
                    new LoadOutcome.Chunk(30, 20, 1, 1, 5)))),
        0,
        1,
        List.of(
            new Reject(
                0,
                "/in/a.csv",
                2,
                3,
                "note",
                null,
                "1,2,né\ud83d\ude00x",
                4,
                RejectReason.INVALID_ENCODING,
                "replaced",
                null,
                null)),
        LoadOutcome.Logged.NOTHING);
  }

  private static LoadEnd completed() {
    return LoadEnd.completed(
            outcome(),
            Map.of(
                "id",
                new LoadEnd.ColumnType("int4", null),
                "qty",
                new LoadEnd.ColumnType("numeric", "10,2")))
        .withFieldColumns(List.of("id", "qty", "note"));
  }

  @Test
  void rejectsReplacementsAndFieldsAreKept() throws SQLException {
    long id = history().begin(start(c, "SA"));
    history().finish(id, completed());
    assertEquals(
        List.of("/in/b.csv,4,0,id,1,0,int4,", "/in/b.csv,4,1,qty,,1,numeric,10,2"),
        rows(
            c,
            "SELECT TRIM(filename), line_number, field, TRIM(colname), TRIM(\"VALUE\"), is_null,"
                + " TRIM(type), TRIM(col_length) FROM stl_loaderror_detail ORDER BY field"));
    assertEquals(
        List.of("/in/a.csv,2,note,1,2,n..x"),
        rows(
            c,
            "SELECT TRIM(filename), line_number, TRIM(colname), TRIM(raw_line) FROM stl_replacements"));
    assertEquals(
        List.of("3,17,1,2,n..x"),
        rows(c, "SELECT user_id, table_id, TRIM(raw_line) FROM sys_copy_replacements"));
    assertEquals(
        List.of("/in/a.csv,3,100", "/in/b.csv,3,30", "/in/b.csv,1,20"),
        rows(c, "SELECT TRIM(name), lines, bytes FROM stl_file_scan ORDER BY name"));
    assertEquals(
        List.of(
            id
                + ",0,rejected,PUBLIC,t,/in/b.csv,4,10,15,1,abc,invalid input syntax for type"
                + " integer: \"abc\",22P02,1207,2,qty,numeric,abc,the detail,the hint,SA,null"),
        rows(c, "SELECT * FROM copyload_rejects"));
    assertEquals(
        List.of("1"), rows(c, "SELECT replaced_rows FROM copyload_history WHERE load_id = " + id));
  }

  /** A load whose COMPUPDATE has chosen the encoding of a column. */
  private void loadAnalyzed(String user) throws SQLException {
    long id = history().begin(start(c, user));
    history()
        .addAnalysis(id, List.of(new AnalyzedColumn("t", "raw", "az64", "ON", "delta", 100L, 90L)));
    history()
        .addSimplifications(
            id, List.of(new SimplifiedGeometry("a.shp", 7L, -1, 2_000_000, true, 1_000_000, 0.5)));
    history().finish(id, completed());
  }

  /** The catalog as version 1 made it. */
  private void makeVersion1(Connection old) throws SQLException {
    try (Statement s = old.createStatement()) {
      s.execute("DROP ALL OBJECTS");
      s.execute("CREATE USER IF NOT EXISTS copyload_owner PASSWORD 'x'");
      s.execute("CREATE SCHEMA copyload_catalog AUTHORIZATION copyload_owner");
      s.execute("CREATE SCHEMA copyload AUTHORIZATION copyload_owner");
      String engine = " ENGINE \"io.copyload.engine.h2.CatalogTableEngine\"";
      s.execute(
          "CREATE TABLE copyload_catalog.catalog_version(version INTEGER NOT NULL PRIMARY KEY)"
              + engine);
      s.execute("INSERT INTO copyload_catalog.catalog_version VALUES (1)");
      s.execute(
          "CREATE TABLE copyload_catalog.loads(load_id BIGINT GENERATED BY DEFAULT AS IDENTITY"
              + " PRIMARY KEY, state VARCHAR(16) NOT NULL, user_id INTEGER, user_name VARCHAR,"
              + " session_id INTEGER, session_start TIMESTAMP(6) WITH TIME ZONE, transaction_id BIGINT,"
              + " database_name VARCHAR, table_id INTEGER, schema_name VARCHAR, table_name VARCHAR,"
              + " data_source VARCHAR, file_format VARCHAR, start_time TIMESTAMP(6), end_time"
              + " TIMESTAMP(6), duration_micros BIGINT, loaded_rows BIGINT, rejected_rows BIGINT,"
              + " stored_bytes BIGINT, decoded_bytes BIGINT, file_count INTEGER, scanned_file_count"
              + " INTEGER, source_bytes BIGINT, sqlstate VARCHAR(5), message VARCHAR)"
              + engine);
      s.execute(
          "CREATE TABLE copyload_catalog.load_objects(load_id BIGINT NOT NULL, ordinal INTEGER NOT"
              + " NULL, name VARCHAR, stored_bytes BIGINT, decoded_bytes BIGINT, line_count BIGINT,"
              + " reject_count BIGINT, PRIMARY KEY (load_id, ordinal))"
              + engine);
      s.execute(
          "CREATE TABLE copyload_catalog.load_rejects(load_id BIGINT NOT NULL, ordinal INTEGER NOT"
              + " NULL, object_name VARCHAR, line_number BIGINT, column_name VARCHAR, column_type"
              + " VARCHAR, column_length VARCHAR, field_position INTEGER, raw_line VARCHAR, raw_value"
              + " VARCHAR, error_code INTEGER, sqlstate VARCHAR(5), message VARCHAR, PRIMARY KEY"
              + " (load_id, ordinal))"
              + engine);
      s.execute("CREATE INDEX copyload_catalog.loads_state ON copyload_catalog.loads(state)");
      s.execute(
          "CREATE TABLE copyload.sys_load_history(user_id INTEGER, query_id BIGINT)"
              + engine
              + " WITH \"sys_load_history\"");
      s.execute("GRANT SELECT ON SCHEMA copyload TO PUBLIC");
      s.execute(
          "INSERT INTO copyload_catalog.loads(state, user_name, start_time, loaded_rows, table_name)"
              + " VALUES ('completed', 'SA', TIMESTAMP '2024-02-27 00:00:00', 7, 'old'),"
              + " ('completed', 'SA', TIMESTAMP '2024-02-28 00:00:00', 8, 'old')");
      s.execute("INSERT INTO copyload_catalog.load_objects VALUES (1, 0, 'f', 10, 20, 8, 1)");
      s.execute(
          "INSERT INTO copyload_catalog.load_rejects VALUES (1, 0, 'f', 3, 'a', 'int4', NULL, 0,"
              + " 'x,1', 'x', 1207, '22P02', 'bad')");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CREATE TABLE copyload_catalog.loads_next(a INT)",
        "CREATE TABLE copyload_catalog.load_rejects_next(a INT)"
      })
  void catalogOfVersion1IsUpgradedWithItsRows(String leftover) throws SQLException {
    makeVersion1(c);
    execute(leftover);
    close();
    open();
    assertEquals(
        List.of("1,old,7,0", "2,old,8,0"),
        rows(
            c,
            "SELECT query_id, table_name, loaded_rows, copy_job_id FROM sys_load_history ORDER BY 1"));
    assertEquals(
        List.of("1,x,1,bad"),
        rows(c, "SELECT query, TRIM(raw_line), TRIM(err_reason) FROM stl_load_errors"));
    assertEquals(List.of("rejected,null"), rows(c, "SELECT state, raw_line FROM copyload_rejects"));
    assertEquals(List.of("8,10"), rows(c, "SELECT lines, bytes FROM stl_file_scan"));
    assertEquals(3, history().begin(start(c, "SA")));
    history().finish(3, completed());
    assertEquals(List.of("3"), rows(c, "SELECT COUNT(*) FROM sys_load_history"));
    assertEquals(
        List.of("9"), rows(c, "SELECT MAX(version) FROM copyload_catalog.catalog_version"));
    assertFalse(rows(c, "SCRIPT").toString().contains("LOADS"));
    close();
    open();
    assertEquals(List.of("2"), rows(c, "SELECT COUNT(*) FROM copyload_rejects"));
  }

  @Test
  void upgradeThatStoppedAfterTheOldTableWentIsFinished() throws SQLException {
    makeVersion1(c);
    close();
    open();
    execute("DELETE FROM copyload_catalog.catalog_version");
    execute("ALTER TABLE copyload_catalog.loads RENAME TO loads_next");
    close();
    open();
    assertEquals(List.of("2"), rows(c, "SELECT COUNT(*) FROM sys_load_history"));
  }

  @Test
  void loadIsRunningThenCompleted() throws SQLException {
    long id = history().begin(start(c, "SA"));
    assertEquals(
        List.of("3," + id + ",running,t,/in/a.csv,csv,0,2,300,null"),
        rows(
            c,
            "SELECT user_id, query_id, status, table_name, data_source, file_format, loaded_rows,"
                + " source_file_count, source_file_bytes, duration FROM sys_load_history"));
    now = START.plusMillis(1500);
    history()
        .finish(
            id, LoadEnd.completed(outcome(), Map.of("qty", new LoadEnd.ColumnType("int4", null))));
    assertEquals(
        List.of(
            "completed,2024-02-29 12:00:00.123456,2024-02-29 12:00:01.623456,1500000,5,260,2,150,1"),
        rows(
            c,
            "SELECT status, start_time, end_time, duration, loaded_rows, loaded_bytes,"
                + " file_count_scanned, file_bytes_scanned, error_count FROM sys_load_history"));
    assertEquals(
        List.of(
            "/in/b.csv,4,qty,int4,,2,1,abc,abc,1207,invalid input syntax for type integer: \"abc\""),
        rows(
            c,
            "SELECT TRIM(filename), line_number, TRIM(colname), TRIM(type), col_length, position,"
                + " TRIM(raw_line), TRIM(raw_field_value), err_code, TRIM(err_reason) FROM stl_load_errors WHERE query = "
                + id));
    assertEquals(
        List.of("/in/b.csv,4,qty,int4,2,1207"),
        rows(
            c,
            "SELECT TRIM(file_name), line_number, TRIM(column_name), TRIM(column_type), position, error_code"
                + " FROM sys_load_error_detail"));
    assertEquals(
        List.of(
            "/in/a.csv,100,3,0,1,Text,0,0",
            "/in/b.csv,30,3,0,1,Text,1,0",
            "/in/b.csv,20,1,1,1,Text,1,30"),
        rows(
            c,
            "SELECT TRIM(filename), byte_offset, lines_scanned, errors, status, TRIM(file_format),"
                + " is_partial, start_offset FROM stl_load_commits ORDER BY filename, start_offset"));
    assertEquals(
        List.of("/in/a.csv,3,100,0,0,0", "/in/b.csv,3,30,15,1,0", "/in/b.csv,1,20,5,1,30"),
        rows(
            c,
            "SELECT TRIM(name), lines, bytes, loadtime, is_partial, start_offset FROM stl_file_scan"
                + " ORDER BY name, start_offset"));
    assertEquals(
        List.of("/in/a.csv,100,3,1", "/in/b.csv,50,4,2"),
        rows(
            c,
            "SELECT TRIM(file_name), bytes_scanned, lines_scanned, splits_scanned"
                + " FROM sys_load_detail ORDER BY 1"));
  }

  @Test
  void abortedLoadLoadedNothingAndSaysWhy() throws SQLException {
    long id = history().begin(start(c, "SA"));
    history().finish(id, LoadEnd.aborted(outcome(), Map.of(), "22P02", "first bad field"));
    assertEquals(
        List.of("aborted,0,1"),
        rows(c, "SELECT status, loaded_rows, error_count FROM sys_load_history"));
    assertEquals(
        List.of("22P02,first bad field,SA"),
        rows(c, "SELECT sqlstate, message, user_name FROM copyload_history"));
    assertEquals(List.of(""), rows(c, "SELECT TRIM(type) FROM stl_load_errors"));
    assertEquals(List.of(), rows(c, "SELECT * FROM stl_load_commits"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"READ COMMITTED", "REPEATABLE READ", "SNAPSHOT", "SERIALIZABLE"})
  void historyIsSeenAtOnceAndOutlivesRollbacks(String isolation) throws SQLException {
    execute("CREATE TABLE u(a INT)");
    c.setAutoCommit(false);
    execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL " + isolation);
    assertEquals(List.of("0"), rows(c, "SELECT COUNT(*) FROM sys_load_history"));
    execute("INSERT INTO u VALUES (1)");
    execute("SAVEPOINT s");
    long id = history().begin(start(c, "SA"));
    assertEquals(List.of("running"), rows(c, "SELECT status FROM sys_load_history"));
    history().finish(id, LoadEnd.completed(outcome(), Map.of()));
    assertEquals(List.of("completed"), rows(c, "SELECT status FROM sys_load_history"));
    execute("ROLLBACK TO SAVEPOINT s");
    c.rollback();
    assertEquals(List.of("completed"), rows(c, "SELECT status FROM sys_load_history"));
    assertEquals(List.of(), rows(c, "SELECT * FROM u"));
  }

  @Test
  void everybodySeesTheOwnLoadsAndAdminsAll() throws SQLException {
    execute("CREATE USER ann PASSWORD 'x'");
    loadAnalyzed("ANN");
    loadAnalyzed("SA");
    assertEquals(List.of("2"), rows(c, "SELECT COUNT(*) FROM stl_load_errors"));
    try (Connection ann = DriverManager.getConnection(url, "ann", "x");
        Statement s = ann.createStatement()) {
      s.execute("SET SCHEMA_SEARCH_PATH COPYLOAD");
      for (CatalogViews view : CatalogViews.values()) {
        if (view == CatalogViews.COPYLOAD_SSH_KEYS) {
          // Keys are made when they are asked for, and kept sealed: here is no key to seal with.
          assertThrows(SQLException.class, () -> rows(ann, "SELECT * FROM " + view.sqlName()));
          continue;
        }
        // There is no job.
        boolean empty = view.query() == null || view.name().contains("_JOB");
        assertEquals(empty, rows(ann, "SELECT * FROM " + view.sqlName()).isEmpty(), view.sqlName());
      }
      assertEquals(List.of("1"), rows(ann, "SELECT COUNT(*) FROM sys_load_history"));
      assertThrows(SQLException.class, () -> rows(ann, "SELECT * FROM copyload_catalog.loads"));
      for (String sql :
          List.of(
              "DELETE FROM copyload_catalog.loads",
              "DELETE FROM sys_load_history",
              "INSERT INTO sys_load_history(user_id) VALUES (1)",
              "UPDATE stl_load_errors SET query = 1",
              "DROP TABLE copyload.stl_load_errors",
              "CREATE TABLE copyload.x(a INT)")) {
        assertThrows(SQLException.class, () -> s.execute(sql), sql);
      }
    }
    assertEquals(List.of("2"), rows(c, "SELECT COUNT(*) FROM sys_load_history"));
  }

  @Test
  void nobodyCanLogInAsTheOwner() {
    for (String password : new String[] {"", "COPYLOAD_OWNER"}) {
      assertThrows(
          SQLException.class, () -> DriverManager.getConnection(url, "COPYLOAD_OWNER", password));
    }
  }

  @Test
  void viewsCanBeJoinedAggregatedAndUsedInViews() throws SQLException {
    history().finish(history().begin(start(c, "SA")), LoadEnd.completed(outcome(), Map.of()));
    execute(
        "CREATE VIEW bad AS SELECT h.table_name, COUNT(*) n FROM sys_load_history h"
            + " JOIN stl_load_errors e ON e.query = h.query_id GROUP BY h.table_name");
    assertEquals(List.of("t,1"), rows(c, "SELECT * FROM bad"));
    close();
    open();
    assertEquals(List.of("t,1"), rows(c, "SELECT * FROM bad"));
  }

  /** Redshift's columns with their types; bigint stands for integer where we count per file. */
  @ParameterizedTest
  @CsvSource({
    "stl_load_errors, 'userid integer, slice integer, tbl integer, starttime timestamp, session integer, query integer, filename character(256), line_number bigint, colname character(127), type character(10), col_length character(10), position integer, raw_line character(1024), raw_field_value character(1024), err_code integer, err_reason character(100), is_partial integer, start_offset bigint, copy_job_id bigint'",
    "stl_loaderror_detail, 'userid integer, slice integer, session integer, query integer, filename character(256), line_number bigint, field integer, colname character(1024), value character(1024), is_null integer, type character(10), col_length character(10)'",
    "stl_replacements, 'userid integer, query integer, slice integer, tbl integer, starttime timestamp, session integer, filename character(256), line_number bigint, colname character(127), raw_line character(1024)'",
    "sys_copy_replacements, 'user_id integer, query_id bigint, table_id integer, file_name character(256), column_name character(127), line_number bigint, raw_line character(1024)'",
    "stl_load_commits, 'userid integer, query integer, slice integer, name character(256), filename character(256), byte_offset bigint, lines_scanned bigint, errors integer, curtime timestamp, status integer, file_format character(16), is_partial integer, start_offset bigint, copy_job_id bigint'",
    "stl_file_scan, 'userid integer, query integer, slice integer, name character(90), lines bigint, bytes bigint, loadtime bigint, curtime timestamp, is_partial integer, start_offset bigint'",
    "stv_load_state, 'userid integer, session integer, query integer, slice integer, pid integer, recordtime timestamp, bytes_to_load bigint, bytes_loaded bigint, bytes_to_load_compressed bigint, bytes_loaded_compressed bigint, lines bigint, num_files integer, num_files_complete integer, current_file character(256), pct_complete integer'",
    "sys_load_history, 'user_id integer, query_id bigint, transaction_id bigint, session_id integer, database_name character varying, status character varying, table_name character varying, start_time timestamp, end_time timestamp, duration bigint, data_source character varying, file_format character varying, loaded_rows bigint, loaded_bytes bigint, source_file_count integer, source_file_bytes bigint, file_count_scanned integer, file_bytes_scanned bigint, error_count bigint, copy_job_id bigint'",
    "sys_load_detail, 'user_id integer, query_id integer, file_name character(256), bytes_scanned bigint, lines_scanned bigint, record_time timestamp, splits_scanned integer, start_time timestamp, end_time timestamp, file_etag character(256), file_last_modified timestamp'",
    "sys_load_error_detail, 'user_id integer, query_id bigint, transaction_id bigint, session_id integer, database_name character(64), table_id integer, start_time timestamp, file_name character(256), line_number bigint, column_name character(127), column_type character(10), column_length character(10), position integer, error_code integer, error_message character(512)'",
  })
  void columnsAreRedshifts(String view, String columns) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT * FROM " + view)) {
      ResultSetMetaData meta = r.getMetaData();
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        String type = meta.getColumnTypeName(i).toLowerCase(Locale.ROOT);
        names.add(
            meta.getColumnName(i).toLowerCase(Locale.ROOT)
                + " "
                + (type.equals("character") ? type + "(" + meta.getPrecision(i) + ")" : type));
      }
      assertEquals(columns, String.join(", ", names));
    }
  }

  @Test
  void loadsOfDeadSessionsAreAbortedAndThoseOfLiveOnesAreNot() throws SQLException {
    long alive = history().begin(start(c, "SA"));
    long dead;
    try (Connection other = connection()) {
      dead = history().begin(start(other, "SA"));
    }
    ensure();
    assertEquals(
        List.of(alive + ",running", dead + ",aborted"),
        rows(c, "SELECT query_id, status FROM sys_load_history ORDER BY 1"));
    close();
    open();
    assertEquals(
        List.of(alive + ",aborted", dead + ",aborted"),
        rows(c, "SELECT query_id, status FROM sys_load_history ORDER BY 1"));
  }

  @Test
  void theNextLoadRemovesOnesThatAreMuchTooOld() throws SQLException {
    loadAnalyzed("SA");
    now = START.plus(Duration.ofDays(7));
    loadAnalyzed("SA");
    assertEquals(List.of("2"), rows(c, "SELECT COUNT(*) FROM sys_load_history"));
    now = START.plus(Duration.ofDays(8));
    loadAnalyzed("SA");
    assertEquals(List.of("2,2"), rows(c, "SELECT COUNT(*), MIN(query_id) FROM sys_load_history"));
    assertEquals(List.of("2"), rows(c, "SELECT MIN(query) FROM stl_load_errors"));
  }

  @Test
  void oldLoadsLeave() throws SQLException {
    loadAnalyzed("SA");
    now = START.plus(Duration.ofDays(8));
    for (int i = 0; i < 40; i++) {
      loadAnalyzed("SA");
    }
    assertEquals(
        List.of("2024-03-08"),
        rows(c, "SELECT CAST(MIN(start_time) AS DATE) FROM sys_load_history"));
    assertEquals(List.of("40"), rows(c, "SELECT COUNT(*) FROM stl_load_errors"));
    assertEquals(List.of("80"), rows(c, "SELECT COUNT(*) FROM sys_load_detail"));
    assertEquals(List.of("80"), rows(c, "SELECT COUNT(*) FROM stl_loaderror_detail"));
    for (String view : List.of("stl_replacements", "copyload_rejects")) {
      assertEquals(List.of("40"), rows(c, "SELECT COUNT(*) FROM " + view));
    }
    for (CatalogTables table : CatalogTables.values()) {
      if (table.isOfLoads() && table != CatalogTables.LOAD_COMMITS) {
        assertEquals(
            List.of("2"),
            rows(c, "SELECT MIN(load_id) FROM copyload_catalog." + table.sqlName()),
            table.sqlName());
      }
    }
  }

  @Test
  void scriptLeavesTheHistoryOutAndRunsAgain() throws SQLException {
    execute("CREATE TABLE u(a INT PRIMARY KEY)");
    execute("INSERT INTO u VALUES (1)");
    history().finish(history().begin(start(c, "SA")), LoadEnd.completed(outcome(), Map.of()));
    String script = rows(c, "SCRIPT").stream().collect(Collectors.joining("\n"));
    assertFalse(script.contains("LOAD_REJECTS"), script);
    assertFalse(script.contains("STL_LOAD_ERRORS"), script);
    for (boolean catalogThere : new boolean[] {false, true}) {
      try (Connection fresh = DriverManager.getConnection("jdbc:h2:mem:", "sa", "");
          Statement s = fresh.createStatement()) {
        if (catalogThere) {
          Catalog.ensure(fresh, now);
        }
        s.execute(script);
        Catalog.ensure(fresh, now);
        assertEquals(List.of("1"), rows(fresh, "SELECT * FROM u"));
        assertEquals(List.of(), rows(fresh, "SELECT * FROM copyload.sys_load_history"));
      }
    }
  }

  @Test
  void dropAllObjectsTakesTheHistoryAwayUntilTheNextLoad() throws SQLException {
    execute("DROP ALL OBJECTS");
    long id = history().begin(start(c, "SA"));
    history().finish(id, LoadEnd.completed(outcome(), Map.of()));
    assertEquals(List.of("completed"), rows(c, "SELECT status FROM copyload.sys_load_history"));
    close();
    open();
    assertEquals(List.of("completed"), rows(c, "SELECT status FROM sys_load_history"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
        "MODE=Oracle",
        "MODE=MSSQLServer",
        "MODE=DB2",
        "DATABASE_TO_UPPER=FALSE",
        "CASE_INSENSITIVE_IDENTIFIERS=TRUE"
      })
  void everyModeHasTheCatalog(String settings) throws SQLException {
    try (Connection m = DriverManager.getConnection("jdbc:h2:mem:modes;" + settings, "sa", "")) {
      Catalog.ensure(m, now);
      Catalog.ensure(m, now);
      LoadHistory history =
          new LoadHistory(
              () -> DriverManager.getConnection("jdbc:h2:mem:modes", "sa", ""), 7, () -> now);
      LoadStart start =
          new LoadStart(
              1,
              "SA",
              1,
              OffsetDateTime.parse("2024-01-01T00:00:00Z"),
              0,
              "d",
              1,
              "s",
              "t",
              "f",
              "csv",
              1,
              1);
      history.finish(history.begin(start), LoadEnd.completed(outcome(), Map.of()));
      assertEquals(1, rows(m, "SELECT * FROM copyload.stl_load_errors").size());
    }
  }

  @Test
  void textIsCutNotRefused() throws SQLException {
    long id = history().begin(start(c, "SA"));
    history().finish(id, LoadEnd.aborted(null, Map.of(), "XX000", "x".repeat(10_000)));
    assertEquals(List.of("4096"), rows(c, "SELECT CHAR_LENGTH(message) FROM copyload_history"));
    assertTrue(id > 0);
  }
}
