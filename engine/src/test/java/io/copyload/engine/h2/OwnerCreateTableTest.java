package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.api.ErrorCode;
import org.h2.api.TableEngine;
import org.h2.command.Command;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.table.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnerCreateTableTest {
  /** A default engine that makes H2's own tables. */
  public static final class PlainEngine implements TableEngine {
    @Override
    public Table createTable(CreateTableData data) {
      return data.session.getDatabase().getStore().createTable(data);
    }
  }

  private Connection admin;
  private Connection owner;
  private SessionLocal session;

  @BeforeEach
  void open() throws SQLException {
    String url =
        "jdbc:h2:mem:owner"
            + System.nanoTime()
            + ";DEFAULT_TABLE_ENGINE="
            + PlainEngine.class.getName();
    admin = DriverManager.getConnection(url, "sa", "");
    try (Statement statement = admin.createStatement()) {
      statement.execute("CREATE USER JOE PASSWORD 'x'");
      statement.execute("CREATE SCHEMA S AUTHORIZATION JOE");
      statement.execute("CREATE TABLE PUBLIC.SECRET(A INT)");
      statement.execute("CREATE TABLE PUBLIC.SHARED(A INT) AS VALUES 1, 2");
      statement.execute("GRANT SELECT ON PUBLIC.SHARED TO JOE");
    }
    owner = DriverManager.getConnection(url, "joe", "x");
    session = (SessionLocal) ((JdbcConnection) owner).getSession();
  }

  @AfterEach
  void close() throws SQLException {
    owner.close();
    admin.close();
  }

  private void execute(String sql) {
    User user = session.getUser();
    Command command = session.prepareLocal(sql);
    OwnerCreateTable.install(session, command);
    try {
      command.executeUpdate(null);
    } finally {
      assertSame(user, session.getUser());
      assertFalse(session.getUser().isAdmin());
    }
  }

  private int count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        var result = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      result.next();
      return result.getInt(1);
    }
  }

  private void assertRefused(int code, String sql) {
    DbException e = assertThrows(DbException.class, () -> execute(sql));
    assertEquals(code, e.getErrorCode(), e::toString);
    assertFalse(session.getUser().isAdmin());
  }

  @Test
  void withoutItH2AsksForAdminRights() {
    DbException e =
        assertThrows(
            DbException.class,
            () -> session.prepareLocal("CREATE TABLE S.A(X INT)").executeUpdate(null));
    assertEquals(ErrorCode.ADMIN_RIGHTS_REQUIRED, e.getErrorCode());
  }

  @Test
  void theOwnerOfASchemaCreatesTables() throws SQLException {
    execute(
        "CREATE TABLE S.A(ID INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, V VARCHAR DEFAULT 'x'"
            + " UNIQUE, CHECK (ID > 0))");
    execute("CREATE TABLE S.B(A INT REFERENCES S.A)");
    execute("CREATE TABLE S.C AS SELECT * FROM PUBLIC.SHARED");
    execute("CREATE TABLE IF NOT EXISTS S.C(OTHER INT)");
    try (Statement statement = owner.createStatement()) {
      statement.execute("INSERT INTO S.A(V) VALUES 'a', 'b'");
      statement.execute("INSERT INTO S.B VALUES 2");
    }
    assertEquals(2, count(admin, "S.A"));
    assertEquals(1, count(admin, "S.B"));
    assertEquals(2, count(admin, "S.C"));
    assertRefused(ErrorCode.TABLE_OR_VIEW_ALREADY_EXISTS_1, "CREATE TABLE S.C(X INT)");
  }

  @Test
  void theOwnerOfASchemaCreatesMaterializedViews() throws SQLException {
    execute("CREATE MATERIALIZED VIEW S.V AS SELECT A FROM PUBLIC.SHARED");
    assertEquals(2, count(owner, "S.V"));
    execute("SET @A = 1; CREATE MATERIALIZED VIEW S.W AS SELECT A FROM PUBLIC.SHARED");
    assertEquals(2, count(owner, "S.W"));
    execute("CREATE OR REPLACE MATERIALIZED VIEW S.U AS SELECT A FROM PUBLIC.SHARED WHERE A = 1");
    execute("REFRESH MATERIALIZED VIEW S.U");
    assertEquals(1, count(owner, "S.U"));
    assertRefused(
        ErrorCode.ADMIN_RIGHTS_REQUIRED,
        "CREATE MATERIALIZED VIEW S.X AS SELECT FILE_READ('/etc/passwd') F");
    assertRefused(
        ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1,
        "CREATE MATERIALIZED VIEW S.X AS SELECT * FROM PUBLIC.SECRET");
    assertRefused(
        ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1,
        "CREATE MATERIALIZED VIEW PUBLIC.X AS SELECT * FROM PUBLIC.SHARED");
  }

  @Test
  void everybodyCreatesTablesOfTheSession() throws SQLException {
    execute("CREATE LOCAL TEMPORARY TABLE T(A INT) AS VALUES 1, 2, 3");
    assertEquals(3, count(owner, "T"));
  }

  @Test
  void allStatementsOfAListRun() throws SQLException {
    execute(
        "CREATE TABLE S.A(X INT); INSERT INTO S.A VALUES 1; CREATE TABLE S.B(Y INT) AS VALUES 2, 3;"
            + " SELECT 1; INSERT INTO S.A SELECT Y FROM S.B; CREATE TABLE S.C AS SELECT * FROM S.A;"
            + " SELECT * FROM S.C");
    assertEquals(3, count(owner, "S.A"));
    assertEquals(3, count(owner, "S.C"));
    execute("INSERT INTO S.A VALUES 4; CREATE TABLE S.D(X INT); SELECT 1");
    assertEquals(0, count(owner, "S.D"));
    assertRefused(
        ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, "CREATE TABLE S.E(X INT); CREATE TABLE PUBLIC.E(X INT)");
    assertEquals(0, count(owner, "S.E"));
  }

  @Test
  void aStatementRunsAgainAfterTheCatalogHasChanged() throws SQLException {
    Command command =
        session.prepareLocal(
            "CREATE TABLE IF NOT EXISTS S.A AS SELECT A FROM PUBLIC.SHARED WHERE A = ?");
    OwnerCreateTable.install(session, command);
    try (Statement statement = admin.createStatement()) {
      statement.execute("ALTER TABLE PUBLIC.SHARED ADD B INT");
    }
    command.getParameters().get(0).setValue(org.h2.value.ValueInteger.get(2), true);
    command.executeUpdate(null);
    assertEquals(1, count(owner, "S.A"));
    command.executeUpdate(null);
    assertEquals(1, count(owner, "S.A"));
  }

  @Test
  void aUserWithoutRightsOnTheSchemaGetsTheErrorOfH2() {
    assertRefused(ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, "CREATE TABLE PUBLIC.A(X INT)");
    assertRefused(
        ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, "CREATE GLOBAL TEMPORARY TABLE PUBLIC.A(X INT)");
  }

  @Test
  void nothingElseRunsAsAdmin() {
    assertRefused(
        ErrorCode.ADMIN_RIGHTS_REQUIRED,
        "CREATE TABLE S.A AS SELECT * FROM CSVREAD('/etc/passwd')");
    assertRefused(
        ErrorCode.ADMIN_RIGHTS_REQUIRED, "CREATE TABLE S.A AS SELECT FILE_READ('/etc/passwd') X");
    // H2 evaluates such a default for the user who inserts.
    execute("CREATE TABLE S.D(X CLOB DEFAULT FILE_READ('/etc/passwd', NULL))");
    assertRefused(ErrorCode.ADMIN_RIGHTS_REQUIRED, "INSERT INTO S.D DEFAULT VALUES");
    assertRefused(
        ErrorCode.ADMIN_RIGHTS_REQUIRED,
        "CREATE TABLE S.E(Y INT, X CLOB DEFAULT FILE_READ('/etc/passwd', NULL)) AS"
            + " SELECT 1, FILE_READ('/etc/passwd', NULL)");
    assertRefused(
        ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, "CREATE TABLE S.A AS SELECT * FROM PUBLIC.SECRET");
    assertRefused(
        ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1,
        "CREATE LOCAL TEMPORARY TABLE A AS SELECT * FROM PUBLIC.SECRET");
  }

  @Test
  void aStatementThatNamesAnEngineIsLeftToH2() {
    String engine = "\"" + PlainEngine.class.getName() + "\"";
    assertRefused(ErrorCode.ADMIN_RIGHTS_REQUIRED, "CREATE TABLE S.A(X INT) ENGINE " + engine);
    assertRefused(
        ErrorCode.ADMIN_RIGHTS_REQUIRED, "CREATE LOCAL TEMPORARY TABLE A(X INT) ENGINE " + engine);
    assertRefused(
        ErrorCode.ADMIN_RIGHTS_REQUIRED, "CREATE TABLE S.A(X INT) ENGINE " + engine + " WITH P");
  }

  @Test
  void aRightThatEndedBetweenPreparingAndRunningIsGone() throws SQLException {
    Command command = session.prepareLocal("CREATE TABLE S.A(X INT)");
    OwnerCreateTable.install(session, command);
    try (Statement statement = admin.createStatement()) {
      statement.execute("CREATE USER OTHER PASSWORD 'y'");
      statement.execute("DROP SCHEMA S");
      statement.execute("CREATE SCHEMA S AUTHORIZATION OTHER");
    }
    DbException e = assertThrows(DbException.class, () -> command.executeUpdate(null));
    assertEquals(ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, e.getErrorCode());
  }
}
