package io.copyload.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.convert.RejectReason;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.Reject;
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
                null,
                null)),
        List.of(
            new LoadOutcome.ObjectOutcome("/in/a.csv", 100, 200, 3, 0),
            new LoadOutcome.ObjectOutcome("/in/b.csv", 50, 60, 4, 1)));
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
            "/in/b.csv,4,qty,int4,null,2,1,abc,abc,1207,invalid input syntax for type integer: \"abc\""),
        rows(
            c,
            "SELECT filename, line_number, colname, type, col_length, position, raw_line, raw_field_value,"
                + " err_code, err_reason FROM stl_load_errors WHERE query = "
                + id));
    assertEquals(
        List.of("/in/b.csv,4,qty,int4,2,1207"),
        rows(
            c,
            "SELECT file_name, line_number, column_name, column_type, position, error_code"
                + " FROM sys_load_error_detail"));
    assertEquals(
        List.of("/in/a.csv,100,3,0,1,Text", "/in/b.csv,50,4,1,1,Text"),
        rows(
            c,
            "SELECT filename, byte_offset, lines_scanned, errors, status, file_format"
                + " FROM stl_load_commits ORDER BY filename"));
    assertEquals(
        List.of("/in/a.csv,100,3", "/in/b.csv,50,4"),
        rows(c, "SELECT file_name, bytes_scanned, lines_scanned FROM sys_load_detail ORDER BY 1"));
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
    assertEquals(List.of("null"), rows(c, "SELECT type FROM stl_load_errors"));
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
    history().finish(history().begin(start(c, "ANN")), LoadEnd.completed(outcome(), Map.of()));
    history().finish(history().begin(start(c, "SA")), LoadEnd.completed(outcome(), Map.of()));
    assertEquals(List.of("2"), rows(c, "SELECT COUNT(*) FROM stl_load_errors"));
    try (Connection ann = DriverManager.getConnection(url, "ann", "x");
        Statement s = ann.createStatement()) {
      s.execute("SET SCHEMA_SEARCH_PATH COPYLOAD");
      for (CatalogViews view : CatalogViews.values()) {
        assertEquals(
            view.isOfTables(),
            rows(ann, "SELECT * FROM " + view.sqlName()).isEmpty(),
            view.sqlName());
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

  @ParameterizedTest
  @CsvSource({
    "stl_load_errors, 'userid,slice,tbl,starttime,session,query,filename,line_number,colname,type,col_length,position,raw_line,raw_field_value,err_code,err_reason,is_partial,start_offset,copy_job_id'",
    "stl_load_commits, 'userid,query,slice,name,filename,byte_offset,lines_scanned,errors,curtime,status,file_format,is_partial,start_offset,copy_job_id'",
    "sys_load_history, 'user_id,query_id,transaction_id,session_id,database_name,status,table_name,start_time,end_time,duration,data_source,file_format,loaded_rows,loaded_bytes,source_file_count,source_file_bytes,file_count_scanned,file_bytes_scanned,error_count,copy_job_id'",
    "sys_load_detail, 'user_id,query_id,file_name,bytes_scanned,lines_scanned,record_time,splits_scanned,start_time,end_time,file_etag,file_last_modified'",
    "sys_load_error_detail, 'user_id,query_id,transaction_id,session_id,database_name,table_id,start_time,file_name,line_number,column_name,column_type,column_length,position,error_code,error_message'",
  })
  void columnsAreRedshifts(String view, String columns) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT * FROM " + view)) {
      ResultSetMetaData meta = r.getMetaData();
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        names.add(meta.getColumnName(i).toLowerCase(Locale.ROOT));
      }
      assertEquals(columns, String.join(",", names));
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
  void oldLoadsLeave() throws SQLException {
    history().finish(history().begin(start(c, "SA")), LoadEnd.completed(outcome(), Map.of()));
    now = START.plus(Duration.ofDays(8));
    for (int i = 0; i < 40; i++) {
      history().finish(history().begin(start(c, "SA")), LoadEnd.completed(outcome(), Map.of()));
    }
    assertEquals(
        List.of("2024-03-08"),
        rows(c, "SELECT CAST(MIN(start_time) AS DATE) FROM sys_load_history"));
    assertEquals(List.of("40"), rows(c, "SELECT COUNT(*) FROM stl_load_errors"));
    assertEquals(List.of("80"), rows(c, "SELECT COUNT(*) FROM sys_load_detail"));
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
