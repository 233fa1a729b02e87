package io.copyload.jdbc.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.PGCopyOutputStream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * The same failure through the COPY API and through a Statement: PostgreSQL's exception, and the
 * standard one over it (decision 005).
 */
class PostgresErrorTest {
  private Connection connection;
  private CopyManager manager;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:copyload:");
    execute("CREATE DOMAIN even AS INT CHECK (MOD(VALUE, 2) = 0)");
    execute("CREATE TABLE p(id INT PRIMARY KEY)");
    execute(
        "CREATE TABLE t(a INT PRIMARY KEY, b VARCHAR(3), c INT NOT NULL, d INT REFERENCES p,"
            + " e INT CONSTRAINT positive CHECK (e > 0), f even)");
    manager = connection.unwrap(PGConnection.class).getCopyAPI();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Fails both ways, compares them, and returns what the server would have said. */
  private ServerErrorMessage failure(Class<? extends SQLException> standard, String rows) {
    PSQLException api =
        assertThrows(
            PSQLException.class,
            () -> manager.copyIn("COPY t FROM STDIN CSV", new StringReader(rows)));
    assertNull(api.getCause());
    SQLException plain =
        assertThrows(
            SQLException.class, () -> execute("COPY t FROM STDIN CSV;\n" + rows + "\n\\.\n"));
    assertEquals(standard, plain.getClass());
    PSQLException cause = assertInstanceOf(PSQLException.class, plain.getCause());
    assertNull(cause.getCause());
    assertEquals(api.getMessage(), cause.getMessage());
    assertEquals(api.getMessage(), "ERROR: " + plain.getMessage());
    assertEquals(api.getSQLState(), cause.getSQLState());
    assertEquals(api.getSQLState(), plain.getSQLState());
    ServerErrorMessage server = api.getServerErrorMessage();
    for (ServerErrorMessage each :
        new ServerErrorMessage[] {server, cause.getServerErrorMessage()}) {
      assertEquals(
          fields(server), fields(each), "both have a server message, and they are the same");
    }
    assertEquals("ERROR", server.getSeverity());
    return server;
  }

  private static String fields(ServerErrorMessage m) {
    return String.join(
        "|",
        m.getSQLState(),
        m.getMessage(),
        m.getDetail(),
        m.getHint(),
        m.getWhere(),
        m.getSchema(),
        m.getTable(),
        m.getColumn(),
        m.getDatatype(),
        m.getConstraint(),
        Integer.toString(m.getPosition()));
  }

  @Test
  void badValue() {
    assertEquals(
        "22P02|invalid input syntax for type integer: \"x\"|null|null|COPY t, line 2, column a: \"x\"|"
            + "null|null|null|null|null|0",
        fields(failure(SQLDataException.class, "1,a,1,,,\nx,a,1,,,")));
  }

  @Test
  void tooLong() {
    assertEquals(
        "22001|value too long for type character varying(3)|null|null|COPY t, line 1, column b: \"abcd\"|"
            + "null|null|null|null|null|0",
        fields(failure(SQLDataException.class, "1,abcd,1,,,")));
  }

  @Test
  void missingField() {
    assertEquals(
        "22P04|missing data for column \"b\"|null|null|COPY t, line 1: \"1\"|null|null|null|null|null|0",
        fields(failure(SQLDataException.class, "1")));
  }

  @Test
  void notNull() {
    assertEquals(
        "23502|null value in column \"c\" of relation \"t\" violates not-null constraint|"
            + "Failing row contains (1, a, null, null, null, null).|null|COPY t, line 1: \"1,a,,,,\"|"
            + "public|t|c|null|null|0",
        fields(failure(SQLIntegrityConstraintViolationException.class, "1,a,,,,")));
  }

  @Test
  void unique() {
    assertEquals(
        "23505|duplicate key value violates unique constraint \"t_pkey\"|Key (a)=(1) already exists.|"
            + "null|null|public|t|null|null|t_pkey|0",
        withoutWhere(
            failure(SQLIntegrityConstraintViolationException.class, "1,a,1,,,\n1,a,1,,,")));
  }

  @Test
  void foreignKey() {
    assertEquals(
        "23503|insert or update on table \"t\" violates foreign key constraint \"t_d_fkey\"|"
            + "Key (d)=(7) is not present in table \"p\".|null|null|public|t|null|null|t_d_fkey|0",
        withoutWhere(failure(SQLIntegrityConstraintViolationException.class, "1,a,1,7,,")));
  }

  @Test
  void check() {
    assertEquals(
        "23514|new row for relation \"t\" violates check constraint \"positive\"|"
            + "Failing row contains (1, a, 1, null, -1, null).|null|null|public|t|null|null|positive|0",
        withoutWhere(failure(SQLIntegrityConstraintViolationException.class, "1,a,1,,-1,")));
  }

  @Test
  void domain() {
    assertEquals(
        "23514|value for domain even violates check constraint \"even_check\"|"
            + "null|null|null|public|null|null|even|even_check|0",
        withoutWhere(failure(SQLIntegrityConstraintViolationException.class, "1,a,1,,1,3")));
  }

  private static String withoutWhere(ServerErrorMessage m) {
    return fields(m).replace("|" + m.getWhere() + "|", "|null|");
  }

  @Test
  void positionsCountFromTheBeginningOfTheText() {
    String sql = "  -- a comment\n COPY t FORM STDIN";
    int position = sql.indexOf("FORM") + 1;
    PSQLException api = assertThrows(PSQLException.class, () -> manager.copyIn(sql));
    assertEquals("42601", api.getSQLState());
    assertEquals(position, api.getServerErrorMessage().getPosition());
    assertEquals(
        "ERROR: syntax error at or near \"FORM\"\n  Position: " + position, api.getMessage());
    SQLException plain = assertThrows(SQLException.class, () -> execute(sql));
    assertInstanceOf(SQLSyntaxErrorException.class, plain);
    assertEquals(
        position, ((PSQLException) plain.getCause()).getServerErrorMessage().getPosition());
    String second = "SELECT 1; COPY missing FROM '/x'";
    plain = assertThrows(SQLException.class, () -> execute(second));
    assertEquals("42P01", plain.getSQLState());
    assertEquals(
        second.indexOf("missing") + 1,
        ((PSQLException) plain.getCause()).getServerErrorMessage().getPosition());
    api = assertThrows(PSQLException.class, () -> manager.copyOut("\n\nCOPY t TO STDOUT (bad 1)"));
    assertEquals(21, api.getServerErrorMessage().getPosition());
  }

  @Test
  void detailAndHintAreLines() throws SQLException {
    PSQLException e =
        assertThrows(PSQLException.class, () -> manager.copyIn("COPY t FROM STDIN (FREEZE)"));
    assertEquals(
        "ERROR: "
            + e.getServerErrorMessage().getMessage()
            + "\n  Hint: "
            + e.getServerErrorMessage().getHint(),
        e.getMessage());
    e =
        assertThrows(
            PSQLException.class,
            () -> manager.copyIn("COPY t FROM STDIN", new StringReader("1\ta\t1\t9\t1\t2\n")));
    assertEquals(
        "ERROR: "
            + e.getServerErrorMessage().getMessage()
            + "\n  Detail: Key (d)=(9) is not present in table \"p\".",
        e.getMessage().replaceFirst("\n {2}Where: .*", ""));
  }

  @Test
  void streamsHaveItAsTheirCause() throws Exception {
    PGCopyOutputStream out = new PGCopyOutputStream((PGConnection) connection, "COPY t FROM STDIN");
    out.write("x\n".getBytes(StandardCharsets.UTF_8));
    IOException e = assertThrows(IOException.class, out::close);
    assertEquals(
        "COPY t, line 1, column a: \"x\"",
        assertInstanceOf(PSQLException.class, e.getCause()).getServerErrorMessage().getWhere());
  }

  @Test
  void batchesHaveItToo() throws SQLException {
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      copy.setObject(1, "1,a,1,,,\n");
      copy.addBatch();
      copy.setObject(1, "x,a,1,,,\n");
      copy.addBatch();
      BatchUpdateException e = assertThrows(BatchUpdateException.class, copy::executeBatch);
      SQLException standard = e.getNextException();
      assertInstanceOf(SQLDataException.class, standard);
      assertInstanceOf(PSQLException.class, standard.getCause());
    }
  }

  @Test
  void noticesArePostgresqlsWarnings() throws Exception {
    manager.copyIn(
        "COPY t FROM STDIN (FORMAT csv, ON_ERROR ignore, LOG_VERBOSITY verbose)",
        new StringReader("x,a,1,,,\n2,b,1,,,\n"));
    SQLWarning first = connection.getWarnings();
    ServerErrorMessage server = assertInstanceOf(PSQLWarning.class, first).getServerErrorMessage();
    assertEquals("NOTICE", server.getSeverity());
    assertEquals("00000", first.getSQLState());
    assertEquals("COPY t", server.getWhere());
    assertEquals(
        "skipping row due to data type incompatibility at line 1 for column \"a\": \"x\"",
        first.getMessage());
    SQLWarning second = first.getNextWarning();
    assertEquals("1 row was skipped due to data type incompatibility", second.getMessage());
    assertNull(assertInstanceOf(PSQLWarning.class, second).getServerErrorMessage().getWhere());
    assertNull(second.getNextWarning());
    try (Statement statement = connection.createStatement()) {
      statement.execute("COPY t FROM STDIN (FORMAT csv, ON_ERROR ignore);\nx,a,1,,,\n\\.\n");
      assertInstanceOf(PSQLWarning.class, statement.getWarnings());
    }
  }
}
