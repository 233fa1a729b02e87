package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.load.RowRefusedException;
import io.copyload.engine.load.RowSink;
import io.copyload.engine.store.ColumnVector;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.h2.api.ErrorCode;
import org.h2.api.Trigger;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueClob;
import org.h2.value.ValueInteger;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowStageTest {
  /** Doubles the second column and refuses 13. */
  public static final class Doubling implements Trigger {
    @Override
    public void fire(Connection connection, Object[] before, Object[] row) throws SQLException {
      if (Integer.valueOf(13).equals(row[0])) {
        throw new SQLException("thirteen");
      }
      row[1] = row[1] == null ? -1 : (Integer) row[1] * 2;
    }
  }

  /** Writes the number of rows that it sees to LOG. */
  public static final class Counting implements Trigger {
    @Override
    public void fire(Connection connection, Object[] before, Object[] row) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO LOG SELECT COUNT(*) FROM T");
      }
    }
  }

  private Connection connection;
  private SessionLocal session;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:h2:mem:");
    session = (SessionLocal) ((JdbcConnection) connection).getSession();
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

  private String query(String sql) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          text.append(i == 1 ? "" : ",").append(result.getString(i));
        }
        text.append(';');
      }
    }
    return text.toString();
  }

  private Table table() {
    return session.getDatabase().getSchema("PUBLIC").findTableOrView(session, "T");
  }

  /** Columns by number in the order given. */
  private List<Column> columns(int... ids) {
    List<Column> columns = new ArrayList<>();
    for (int id : ids) {
      columns.add(table().getColumn(id));
    }
    return columns;
  }

  private static ColumnVector[] vectors(List<Column> columns, Value[][] rows) {
    ColumnVector[] vectors = new ColumnVector[columns.size()];
    for (int c = 0; c < vectors.length; c++) {
      ValueCodec codec = ValueCodec.of(columns.get(c).getType());
      vectors[c] = new ColumnVector(codec.targetType(), rows.length);
      vectors[c].useHeap();
      for (int r = 0; r < rows.length; r++) {
        codec.write(rows[r][c], vectors[c], r);
      }
    }
    return vectors;
  }

  private void load(
      RowStage.RowTarget target, List<Column> columns, int[] selection, Value[][] rows) {
    session.lock();
    session.startStatementWithinTransaction(null);
    try (RowSink.Slice slice =
        new RowStage(session, table(), columns, target, null, new CancelToken()).openSlice()) {
      slice.rows(
          vectors(columns, rows), selection, selection == null ? rows.length : selection.length);
      slice.endUnit(0);
    } finally {
      session.endStatement();
      session.commit(false);
      session.unlock();
    }
  }

  private static Value[][] ints(int... values) {
    Value[][] rows = new Value[values.length][];
    for (int i = 0; i < values.length; i++) {
      rows[i] = new Value[] {ValueInteger.get(values[i])};
    }
    return rows;
  }

  @Test
  void rowsOfAPlainTableAreInsertedWithDefaultsAndGeneratedColumns() throws SQLException {
    execute(
        "CREATE TABLE T(A INT PRIMARY KEY, B VARCHAR DEFAULT 'd', C INT GENERATED ALWAYS AS (A *"
            + " 10), D INT GENERATED ALWAYS AS IDENTITY, E CLOB)");
    String big = "x".repeat(5000);
    load(
        null,
        columns(4, 0),
        new int[] {0, 2},
        new Value[][] {
          {ValueClob.createSmall(big), ValueInteger.get(7)},
          {ValueClob.createSmall("no"), ValueInteger.get(8)},
          {ValueNull.INSTANCE, ValueInteger.get(9)}
        });
    assertEquals("7,d,70,1,5000;9,d,90,2,null;", query("SELECT A, B, C, D, LENGTH(E) FROM T"));
  }

  @Test
  void anIdentityThatIsAlwaysGeneratedTakesTheValueOfTheInput() throws SQLException {
    execute("CREATE TABLE T(A INT GENERATED ALWAYS AS IDENTITY, B INT)");
    load(null, columns(0), null, ints(40));
    assertEquals("40,null;", query("SELECT * FROM T"));
  }

  @Test
  void constraintsTriggersAndDomainsRefuseARowWithTheCodeOfH2() throws SQLException {
    execute("CREATE TABLE P(A INT PRIMARY KEY) AS VALUES 1, 2, 3, 4, 13");
    execute("CREATE DOMAIN D AS INT CHECK (VALUE <> 4)");
    execute("CREATE TABLE T(A D REFERENCES P UNIQUE, CHECK (A <> 3))");
    assertRefused(ErrorCode.CHECK_CONSTRAINT_VIOLATED_1, 1, 2, 3, 1);
    assertRefused(ErrorCode.CHECK_CONSTRAINT_VIOLATED_1, 0, 4);
    assertRefused(ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1, 0, 5);
    execute("DELETE FROM T");
    assertRefused(ErrorCode.DUPLICATE_KEY_1, 2, 1, 2, 1);
  }

  private void assertRefused(int code, int record, int... values) {
    RowRefusedException e =
        assertThrows(RowRefusedException.class, () -> load(null, columns(0), null, ints(values)));
    assertEquals(record, e.record());
    assertEquals(code, ((DbException) e.reason()).getErrorCode());
    assertEquals("COPY t, line 2", e.withContext("COPY t, line 2").context());
  }

  @Test
  void aColumnWithoutDefaultThatMustNotBeNullRefusesTheFirstRow() throws SQLException {
    execute("CREATE TABLE T(A INT, B INT NOT NULL)");
    RowRefusedException e =
        assertThrows(RowRefusedException.class, () -> load(null, columns(0), null, ints(1)));
    assertEquals(
        "null value in column \"b\" of relation \"t\" violates not-null constraint",
        ((CopyException) e.reason()).getMessage());
  }

  @Test
  void rowTriggersChangeRowsAndSeeTheRowsBefore() throws SQLException {
    execute("CREATE TABLE T(A INT, B INT)");
    execute("CREATE TABLE LOG(N INT)");
    execute(
        "CREATE TRIGGER X BEFORE INSERT ON T FOR EACH ROW CALL '" + Doubling.class.getName() + "'");
    execute(
        "CREATE TRIGGER Y AFTER INSERT ON T FOR EACH ROW CALL '" + Counting.class.getName() + "'");
    load(
        null,
        columns(0, 1),
        null,
        new Value[][] {
          {ValueInteger.get(1), ValueInteger.get(5)}, {ValueInteger.get(2), ValueNull.INSTANCE}
        });
    assertEquals("1,10;2,-1;", query("SELECT * FROM T"));
    assertEquals("1;2;", query("SELECT * FROM LOG"));
    assertTrue(RowStage.hasRowTriggers(table()));
    RowRefusedException e =
        assertThrows(RowRefusedException.class, () -> load(null, columns(0), null, ints(3, 13)));
    assertEquals(1, e.record());
    assertTrue(e.getMessage().contains("thirteen"), e::getMessage);
  }

  @Test
  void rowsForASegmentAreCompleteAndChecked() throws SQLException {
    execute(
        "CREATE TABLE T(A INT CHECK (A < 10000), B VARCHAR DEFAULT 'd', C INT GENERATED ALWAYS AS"
            + " (A + 1))");
    List<String> taken = new ArrayList<>();
    RowSink.Slice out =
        new RowSink.Slice() {
          @Override
          public void rows(ColumnVector[] columns, int[] selection, int count) {
            for (int row = 0; row < count; row++) {
              StringBuilder text = new StringBuilder();
              for (int i = 0; i < columns.length; i++) {
                ValueCodec codec = ValueCodec.of(table().getColumn(i).getType());
                text.append(codec.read(columns[i], row).getString()).append(' ');
              }
              taken.add(text.toString());
            }
          }

          @Override
          public void endUnit(long unit) {
            taken.add("unit " + unit);
          }

          @Override
          public void close() {
            taken.add("closed");
          }
        };
    int[] values = new int[5000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    load(new SegmentRowTarget(session, table(), out), columns(0), null, ints(values));
    assertEquals(5002, taken.size());
    assertEquals("0 d 1 ", taken.get(0));
    assertEquals("4999 d 5000 ", taken.get(4999));
    assertEquals(List.of("unit 0", "closed"), taken.subList(5000, 5002));
    assertEquals("", query("SELECT * FROM T"));
    RowRefusedException e =
        assertThrows(
            RowRefusedException.class,
            () -> load(new SegmentRowTarget(session, table(), out), columns(0), null, ints(10000)));
    assertEquals(ErrorCode.CHECK_CONSTRAINT_VIOLATED_1, ((DbException) e.reason()).getErrorCode());
  }

  @Test
  void neededOnlyWhereH2MustEvaluateRows() throws SQLException {
    execute("CREATE TABLE P(A INT PRIMARY KEY)");
    execute("CREATE DOMAIN D AS INT CHECK (VALUE > 0)");
    execute("CREATE DOMAIN DD AS D");
    execute("CREATE DOMAIN F AS INT DEFAULT 4");
    assertNeeded(
        false,
        "A INT PRIMARY KEY, B INT UNIQUE REFERENCES P, C VARCHAR NOT NULL DEFAULT 'x'",
        0,
        1,
        2);
    assertNeeded(false, "A INT AUTO_INCREMENT, B F, C DD", 0, 1);
    assertNeeded(true, "A INT AUTO_INCREMENT, B F, C DD", 2);
    assertNeeded(true, "A INT CHECK (A > 1), B INT", 1);
    assertNeeded(true, "A INT, B INT GENERATED ALWAYS AS (A)", 0);
    assertNeeded(false, "A INT, B INT DEFAULT 5 DEFAULT ON NULL", 0);
    assertNeeded(true, "A INT, B INT DEFAULT 5 DEFAULT ON NULL", 1);
    execute("SET MODE MySQL");
    assertNeeded(true, "A INT AUTO_INCREMENT, B INT", 0);
    assertNeeded(false, "A INT AUTO_INCREMENT, B INT", 1);
  }

  private void assertNeeded(boolean needed, String columns, int... loaded) throws SQLException {
    execute("DROP TABLE IF EXISTS T");
    try {
      execute("CREATE TABLE T(" + columns + ")");
    } catch (SQLException e) {
      throw new AssertionError(columns, e);
    }
    assertEquals(needed, RowStage.needed(session, table(), columns(loaded)), columns);
  }

  @Test
  void aStatementTriggerDoesNotNeedRows() throws SQLException {
    execute("CREATE TABLE T(A INT)");
    execute("CREATE TABLE LOG(N INT)");
    execute("CREATE TRIGGER Y AFTER INSERT ON T CALL '" + Counting.class.getName() + "'");
    assertFalse(RowStage.needed(session, table(), columns(0)));
    execute(
        "CREATE TRIGGER X BEFORE UPDATE ON T FOR EACH ROW CALL '" + Counting.class.getName() + "'");
    assertFalse(RowStage.needed(session, table(), columns(0)));
  }

  @Test
  void aCancelledLoadStops() throws SQLException {
    execute("CREATE TABLE T(A VARCHAR)");
    CancelToken cancel = new CancelToken();
    cancel.cancelByUser();
    List<Column> columns = columns(0);
    ColumnVector[] vectors = vectors(columns, new Value[][] {{ValueVarchar.get("a")}});
    try (RowSink.Slice slice =
        new RowStage(session, table(), columns, null, null, cancel).openSlice()) {
      assertThrows(CopyException.class, () -> slice.rows(vectors, null, 1));
    }
    session.rollback();
  }
}
