package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.store.ChunkInfo;
import io.copyload.engine.store.ChunkKey;
import io.copyload.engine.store.RowGroupInfo;
import io.copyload.engine.store.SegmentInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.engine.SessionLocal;
import org.h2.tools.Restore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What has no counterpart in an ordinary table, or needs more than SQL: see also the contract test.
 */
final class HybridTableTest {
  private static final String ENGINE =
      ";DEFAULT_TABLE_ENGINE=io.copyload.engine.h2.ColumnarTableEngine";

  @TempDir Path folder;

  private Connection open(String name) throws SQLException {
    return DriverManager.getConnection("jdbc:h2:" + folder.resolve(name) + ENGINE);
  }

  private static Connection memory(String name) throws SQLException {
    return DriverManager.getConnection("jdbc:h2:mem:" + name + ENGINE);
  }

  private static List<Object[]> rows(int from, int to, int columns) {
    List<Object[]> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(HybridTwins.row(i, columns));
    }
    return rows;
  }

  private static long one(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }

  private static void run(Connection c, String... statements) throws SQLException {
    try (Statement s = c.createStatement()) {
      for (String sql : statements) {
        s.execute(sql);
      }
    }
  }

  private static List<MvByteStore.SegmentKey> stored(Connection c) throws SQLException {
    return MvByteStore.of(SegmentLoader.session(c).getDatabase()).segments();
  }

  @Test
  void wideningKeepsLoadedRows() throws SQLException {
    try (Connection c = memory("")) {
      run(c, "CREATE TABLE T(A NUMERIC(10, 2), B VARCHAR(5))");
      SegmentLoader.load(c, "T", List.of(new Object[] {1.25, "x"}, new Object[] {-3, null}));
      run(c, "ALTER TABLE T ALTER COLUMN A SET DATA TYPE NUMERIC(40, 2)");
      assertEquals(0, one(c, "SELECT COUNT(*) FROM T WHERE A > 2"));
      assertEquals(1, one(c, "SELECT COUNT(*) FROM T WHERE A < 0"));
    }
  }

  @Test
  void alterTableMakesASegmentOfManyRows() throws SQLException {
    try (Connection c = open("alter")) {
      run(c, HybridTwins.TABLE, "CREATE INDEX I ON T(K)");
      SegmentLoader.load(c, "T", rows(0, 12_000, 8));
      run(c, "DELETE FROM T WHERE ID < 10", "UPDATE T SET S = 'u' WHERE ID < 20");
      List<String> before = list(c, "SELECT ID, K, S, D, P, X, TS, B FROM T ORDER BY ID");
      run(c, "ALTER TABLE T ADD COLUMN N INT DEFAULT 5 BEFORE S");
      assertEquals(before, list(c, "SELECT ID, K, S, D, P, X, TS, B FROM T ORDER BY ID"));
      assertEquals(11_990, one(c, "SELECT COUNT(*) FROM T WHERE N = 5"));
      HybridTable table = SegmentLoader.table(c, "T");
      assertEquals(1, table.visibleSegments(SegmentLoader.session(c)).size());
      assertEquals(10, table.getRowCount(SegmentLoader.session(c)) - 11_980);
      assertThrows(SQLException.class, () -> run(c, "INSERT INTO T(ID) VALUES(15)"));
      SQLException e =
          assertThrows(
              SQLException.class, () -> run(c, "ALTER TABLE T ALTER COLUMN S SET DATA TYPE INT"));
      assertEquals(22018, e.getErrorCode());
      assertEquals(before, list(c, "SELECT ID, K, S, D, P, X, TS, B FROM T ORDER BY ID"));
      run(c, "ALTER TABLE T ALTER COLUMN K SET DATA TYPE BIGINT", "ALTER TABLE T DROP COLUMN N");
      run(c, "CREATE TABLE U(A INT)");
      SegmentLoader.load(c, "U", rows(0, 0, 1));
      assertEquals(3, stored(c).size(), "segment and two runs");
    }
    try (Connection c = open("alter")) {
      assertEquals(11_990, one(c, "SELECT COUNT(*) FROM T WHERE ID > 0"));
      assertEquals(
          one(c, "SELECT COUNT(*) FROM T WHERE K + 0 = 41"),
          one(c, "SELECT COUNT(*) FROM T WHERE K = 41"));
    }
  }

  @Test
  void addedAndDroppedColumnsLeaveTheOtherChunksAsTheyWere() throws SQLException {
    try (Connection c = open("chunks")) {
      run(c, HybridTwins.TABLE);
      SegmentLoader.load(c, "T", rows(0, 1000, 8));
      List<ChunkInfo> before = chunks(c);
      run(c, "ALTER TABLE T ADD COLUMN N INT DEFAULT 5 FIRST", "ALTER TABLE T DROP COLUMN TS");
      List<ChunkInfo> after = chunks(c);
      assertEquals(before.subList(0, 6), after.subList(1, 7));
      assertEquals(before.get(7), after.get(7));
      assertEquals(8, after.size());
    }
  }

  private static List<ChunkInfo> chunks(Connection c) throws SQLException {
    return SegmentLoader.table(c, "T")
        .visibleSegments(SegmentLoader.session(c))
        .get(0)
        .group(0)
        .chunks();
  }

  @Test
  void aFailedAlterTableLeavesNothing() throws SQLException {
    try (Connection c = open("failed")) {
      run(c, HybridTwins.TABLE, "CREATE INDEX I ON T(K)");
      SegmentLoader.load(c, "T", rows(0, 1000, 8));
      int stored = stored(c).size();
      ChunkKey key = null;
      SegmentInfo info =
          SegmentLoader.table(c, "T").visibleSegments(SegmentLoader.session(c)).get(0).info();
      for (RowGroupInfo group : info.rowGroups()) {
        key = new ChunkKey(info.tableId(), info.segmentId(), group.number(), 3, 0);
      }
      MvByteStore store = MvByteStore.of(SegmentLoader.session(c).getDatabase());
      byte[] chunk = store.get(key);
      SegmentLoader.session(c)
          .getDatabase()
          .getStore()
          .getMvStore()
          .openMap(MvByteStore.MAP_NAME)
          .remove(key);
      SQLException e =
          assertThrows(SQLException.class, () -> run(c, "ALTER TABLE T ADD COLUMN N INT"));
      assertEquals("XX001", e.getSQLState());
      store.put(key, chunk);
      assertEquals(1000, one(c, "SELECT COUNT(*) FROM T WHERE ID >= 0"));
      run(c, "CREATE TABLE U(A INT)");
      SegmentLoader.load(c, "U", rows(0, 0, 1));
      assertEquals(stored, stored(c).size());
      run(c, "ALTER TABLE T ADD COLUMN N INT");
      assertEquals(1000, one(c, "SELECT COUNT(*) FROM T WHERE N IS NULL"));
    }
  }

  @Test
  void aTableKeepsItsEngineWithoutADefault() throws SQLException {
    String url = "jdbc:h2:" + folder.resolve("engine");
    try (Connection c = DriverManager.getConnection(url)) {
      run(c, HybridTwins.TABLE + " ENGINE \"io.copyload.engine.h2.ColumnarTableEngine\"");
      SegmentLoader.load(c, "T", rows(0, 1000, 8));
      run(
          c,
          "ALTER TABLE T ADD COLUMN N INT DEFAULT 5",
          "ALTER TABLE T DROP COLUMN TS",
          "ALTER TABLE T ALTER COLUMN K SET DATA TYPE BIGINT",
          "CREATE TABLE PLAIN(A INT)",
          "ALTER TABLE PLAIN ADD COLUMN B INT");
      assertEquals(
          1,
          one(
              c,
              "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'T'"
                  + " AND TABLE_CLASS = '"
                  + HybridTable.class.getName()
                  + "'"));
    }
    try (Connection c = DriverManager.getConnection(url)) {
      assertEquals(1000, one(c, "SELECT COUNT(*) FROM T WHERE N = 5"));
      SegmentLoader.table(c, "T");
    }
  }

  @Test
  void theOwnerOfASchemaAltersTables() throws SQLException {
    String url = "jdbc:h2:mem:owneralters";
    for (String engine : new String[] {"", ENGINE}) {
      try (Connection admin = DriverManager.getConnection(url + engine, "sa", "")) {
        run(
            admin,
            "CREATE USER JOE PASSWORD 'x'",
            "CREATE SCHEMA S AUTHORIZATION JOE",
            "CREATE TABLE S.T(A INT, B VARCHAR, C INT GENERATED ALWAYS AS IDENTITY) ENGINE"
                + " \"io.copyload.engine.h2.ColumnarTableEngine\"",
            "CREATE TABLE PUBLIC.O(A INT)");
        try (Connection joe = DriverManager.getConnection(url, "joe", "x")) {
          run(
              joe,
              "INSERT INTO S.T(A, B) VALUES(1, '2'), (3, '4')",
              "ALTER TABLE S.T ADD COLUMN D INT DEFAULT 7",
              "ALTER TABLE S.T ALTER COLUMN B SET DATA TYPE INT",
              "SELECT 1; ALTER TABLE S.T DROP COLUMN A");
          assertEquals(2, one(joe, "SELECT COUNT(*) FROM S.T WHERE B IN (2, 4) AND D = 7"));
          SQLException e =
              assertThrows(
                  SQLException.class,
                  () -> run(joe, "ALTER TABLE S.T ADD COLUMN E CLOB USING FILE_READ('/dev/null')"));
          assertEquals(90040, e.getErrorCode());
          e = assertThrows(SQLException.class, () -> run(joe, "ALTER TABLE O ADD COLUMN B INT"));
          assertEquals(90096, e.getErrorCode());
          e = assertThrows(SQLException.class, () -> run(joe, "CREATE USER X PASSWORD 'x'"));
          assertEquals(90040, e.getErrorCode());
        }
        assertEquals(2, one(admin, "SELECT COUNT(*) FROM S.T WHERE C > 0"));
        run(admin, "DROP ALL OBJECTS");
      }
    }
  }

  @Test
  void readsFromAReadOnlyDatabase() throws SQLException {
    try (Connection c = open("readonly")) {
      run(c, HybridTwins.TABLE, "CREATE INDEX I ON T(K)");
      SegmentLoader.load(c, "T", rows(0, 1000, 8));
      run(c, "DELETE FROM T WHERE ID < 10", "INSERT INTO T(ID) VALUES(5)");
    }
    try (Connection c =
        DriverManager.getConnection(
            "jdbc:h2:" + folder.resolve("readonly") + ENGINE + ";ACCESS_MODE_DATA=r")) {
      assertEquals(991, one(c, "SELECT COUNT(*) FROM T WHERE ID >= 0"));
      assertEquals(
          one(c, "SELECT COUNT(*) FROM T WHERE K + 0 = 41"),
          one(c, "SELECT COUNT(*) FROM T WHERE K = 41"));
      assertThrows(SQLException.class, () -> run(c, "DELETE FROM T"));
    }
  }

  @Test
  void aCancelledPublishLeavesNothing() throws SQLException {
    try (Connection c = memory("")) {
      run(c, "CREATE TABLE T(A INT, B INT)", "CREATE INDEX I ON T(B)");
      HybridTable table = SegmentLoader.table(c, "T");
      SessionLocal session = SegmentLoader.session(c);
      SegmentLoader.Pending p = SegmentLoader.write(session, table, rows(0, 300, 2), 100);
      CopyException why = new CopyException(CopyErrorCode.CANCELLED, "enough");
      session.lock();
      try {
        session.startStatementWithinTransaction(null);
        CopyException e =
            assertThrows(
                CopyException.class,
                () ->
                    table.publish(
                        session,
                        p.segmentId(),
                        p.types(),
                        p.ids(),
                        p.groups(),
                        () -> {
                          throw why;
                        }));
        assertSame(why, e);
        session.endStatement();
        session.rollback();
      } finally {
        session.unlock();
      }
      table.abandon(p.segmentId());
      SegmentLoader.load(c, "T", rows(0, 0, 2));
      assertEquals(List.of(), stored(c));
      assertEquals(0, one(c, "SELECT COUNT(*) FROM T"));
    }
  }

  @Test
  void leavesNoChunksAfterRollback() throws SQLException {
    try (Connection c = memory("")) {
      run(c, "CREATE TABLE T(A INT PRIMARY KEY, B INT)", "CREATE INDEX I ON T(B)");
      c.setAutoCommit(false);
      SegmentLoader.load(c, "T", rows(0, 300, 2));
      assertFalse(stored(c).isEmpty());
      c.rollback();
      SegmentLoader.load(c, "T", rows(0, 0, 2));
      c.commit();
      assertEquals(List.of(), stored(c));
      assertEquals(0, one(c, "SELECT COUNT(*) FROM T"));
    }
  }

  @Test
  void leavesNoChunksAfterAFailedLoad() throws SQLException {
    try (Connection c = memory("")) {
      run(c, "CREATE TABLE T(A INT PRIMARY KEY, B INT)", "CREATE INDEX I ON T(B)");
      SegmentLoader.load(c, "T", rows(0, 10, 2));
      int before = stored(c).size();
      for (int i = 0; i < 3; i++) {
        SQLException e =
            assertThrows(SQLException.class, () -> SegmentLoader.load(c, "T", rows(5, 15, 2)));
        assertEquals("23505", e.getSQLState());
      }
      SegmentLoader.load(c, "T", rows(0, 0, 2));
      assertEquals(before, stored(c).size());
    }
  }

  @Test
  void leavesNoChunksAfterTruncateDropAndAlter() throws SQLException {
    try (Connection c = memory("")) {
      run(c, "CREATE TABLE T(A INT PRIMARY KEY, B INT)", "CREATE INDEX I ON T(B)");
      run(c, "CREATE TABLE U(A INT, B INT)");
      SegmentLoader.load(c, "T", rows(0, 300, 2));
      run(c, "TRUNCATE TABLE T");
      SegmentLoader.load(c, "U", rows(0, 0, 2));
      assertEquals(List.of(), stored(c));
      SegmentLoader.load(c, "T", rows(0, 300, 2));
      run(c, "DROP INDEX I");
      SegmentLoader.load(c, "U", rows(0, 0, 2));
      int withKey = stored(c).size();
      assertTrue(withKey <= 2, "segment and run of the key");
      run(c, "DROP TABLE T");
      SegmentLoader.load(c, "U", rows(0, 0, 2));
      assertEquals(List.of(), stored(c));
    }
  }

  @Test
  void leavesNoChunksOfAnOpenLoadAfterACrash() throws SQLException {
    try (Connection c = open("crash")) {
      run(c, "CREATE TABLE T(A INT PRIMARY KEY, B INT)", "CREATE TABLE U(A INT, B INT)");
      SegmentLoader.load(c, "T", rows(0, 300, 2));
      SegmentLoader.load(c, "U", rows(0, 300, 2));
      HybridTable table = SegmentLoader.table(c, "T");
      SegmentLoader.write(SegmentLoader.session(c), table, rows(300, 600, 2), 100);
      try (Connection d = open("crash")) {
        d.setAutoCommit(false);
        SegmentLoader.load(d, "T", rows(600, 900, 2));
        run(c, "CHECKPOINT SYNC");
        // The key's run needs no bytes of its own, but a head.
        assertTrue(stored(c).size() >= 4);
        run(c, "SHUTDOWN IMMEDIATELY");
      }
    } catch (SQLException e) {
      assertEquals("90098", String.valueOf(e.getErrorCode()));
    }
    try (Connection c = open("crash")) {
      assertEquals(300, one(c, "SELECT COUNT(*) FROM T"));
      assertEquals(1, one(c, "SELECT COUNT(*) FROM T WHERE A = 7"));
      int tableId = SegmentLoader.table(c, "T").getId();
      long segments = stored(c).stream().filter(k -> k.tableId() == tableId).count();
      assertEquals(1, segments);
      run(c, "DROP TABLE T", "DROP TABLE U");
    }
    try (Connection c = open("crash")) {
      run(c, "CREATE TABLE V(A INT)");
      assertEquals(0, one(c, "SELECT COUNT(*) FROM V"));
      assertEquals(List.of(), stored(c));
    }
  }

  /** An UPDATE writes all its rows before the first entry of an index. */
  @Test
  void opensAfterACrashBetweenRowsAndIndexEntries() throws Exception {
    try (Connection c = open("midway")) {
      run(c, "CREATE TABLE T(ID INT PRIMARY KEY, V INT)");
      SegmentLoader.load(c, "T", List.of(new Object[] {1, 10}, new Object[] {2, 20}));
      c.setAutoCommit(false);
      run(c, "UPDATE T SET V = V + 1");
      for (HybridIndex index : SegmentLoader.table(c, "T").hybridIndexes()) {
        index.getMVMap().clear();
      }
      DurableCommit.sync(SegmentLoader.session(c).getDatabase());
      // What a crash would leave at this moment.
      Files.copy(folder.resolve("midway.mv.db"), folder.resolve("found.mv.db"));
      c.rollback();
    }
    try (Connection c = open("found")) {
      assertEquals(30, one(c, "SELECT SUM(V) FROM T"));
      assertEquals(20, one(c, "SELECT V FROM T WHERE ID = 2"));
    }
  }

  @Test
  void keepsChunksThatASnapshotReads() throws SQLException {
    try (Connection c = memory("snap");
        Connection d = memory("snap")) {
      run(c, "CREATE TABLE T(A INT PRIMARY KEY, B INT)", "CREATE TABLE U(A INT, B INT)");
      SegmentLoader.load(c, "T", rows(0, 300, 2));
      run(d, "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SNAPSHOT");
      d.setAutoCommit(false);
      assertEquals(0, one(d, "SELECT COUNT(*) FROM U"));
      run(c, "TRUNCATE TABLE T");
      SegmentLoader.load(c, "U", rows(0, 10, 2));
      assertEquals(44850, one(d, "SELECT SUM(A) FROM T"));
      d.commit();
      assertEquals(0, one(d, "SELECT COUNT(*) FROM T"));
      SegmentLoader.load(c, "U", rows(0, 0, 2));
      assertEquals(1, stored(c).size());
    }
  }

  @Test
  void damagedSegmentFailsItsTableOnly() throws SQLException {
    long segmentId;
    try (Connection c = open("damage")) {
      run(c, "CREATE TABLE T(A INT, B INT)", "CREATE TABLE U(A INT, B INT)");
      segmentId = SegmentLoader.load(c, "T", rows(0, 300, 2));
      SegmentLoader.load(c, "U", rows(0, 300, 2));
      HybridTable table = SegmentLoader.table(c, "T");
      MvByteStore.of(SegmentLoader.session(c).getDatabase())
          .removeSegment(table.getId(), segmentId);
    }
    try (Connection c = open("damage")) {
      assertEquals(300, one(c, "SELECT COUNT(*) FROM U WHERE A >= 0"));
      SQLException e = assertThrows(SQLException.class, () -> one(c, "SELECT SUM(A) FROM T"));
      assertEquals("XX001", e.getSQLState());
      assertTrue(e.getMessage().contains(Long.toString(segmentId)), e.getMessage());
      run(c, "DROP TABLE T");
    }
  }

  @Test
  void missingRunsAreBuiltAgain() throws SQLException {
    int indexId;
    long segmentId;
    try (Connection c = open("runs")) {
      run(c, "CREATE TABLE T(A INT PRIMARY KEY, B INT)", "CREATE INDEX I ON T(B)");
      segmentId = SegmentLoader.load(c, "T", rows(0, 3000, 2));
      HybridTable table = SegmentLoader.table(c, "T");
      indexId = table.getIndex("I").getId();
      MvByteStore.of(SegmentLoader.session(c).getDatabase()).removeSegment(indexId, segmentId);
    }
    try (Connection c = open("runs")) {
      assertEquals(27, one(c, "SELECT COUNT(*) FROM T WHERE B = 41"));
      assertTrue(stored(c).contains(new MvByteStore.SegmentKey(indexId, segmentId)));
    }
    try (Connection c = open("runs")) {
      assertEquals(27, one(c, "SELECT COUNT(*) FROM T WHERE B = 41"));
    }
  }

  @Test
  void namesConstraintAndValueOfADuplicate() throws SQLException {
    try (Connection c = memory("")) {
      run(c, "CREATE TABLE T(A INT CONSTRAINT KEY_A PRIMARY KEY, B INT)");
      SegmentLoader.load(c, "T", rows(0, 10, 2));
      run(c, "INSERT INTO T VALUES(77, 1)");
      for (SQLException e :
          List.of(
              assertThrows(SQLException.class, () -> run(c, "INSERT INTO T VALUES(7, 1)")),
              assertThrows(SQLException.class, () -> SegmentLoader.load(c, "T", rows(7, 8, 2))),
              assertThrows(SQLException.class, () -> run(c, "INSERT INTO T VALUES(77, 1)")),
              assertThrows(
                  SQLException.class, () -> SegmentLoader.load(c, "T", rows(77, 78, 2))))) {
        assertTrue(e.getMessage().contains("PUBLIC.KEY_A"), e.getMessage());
        assertTrue(e.getMessage().contains("7 "), e.getMessage());
        assertEquals(23505, e.getErrorCode());
      }
      run(c, "CREATE TABLE U(A INT, B INT, CONSTRAINT FK FOREIGN KEY(A) REFERENCES T(A))");
      SQLException e =
          assertThrows(SQLException.class, () -> SegmentLoader.load(c, "U", rows(8, 12, 2)));
      assertEquals(23506, e.getErrorCode());
      assertTrue(e.getMessage().contains("FK") && e.getMessage().contains("10"), e.getMessage());
    }
  }

  @Test
  void catalogAlwaysNamesTheEngine() throws SQLException {
    try (Connection c = open("engine")) {
      run(c, "CREATE TABLE T(A INT)", "CREATE LOCAL TEMPORARY TABLE L(A INT)");
      assertTrue(SegmentLoader.table(c, "T").getCreateSQL().contains("ENGINE"));
      assertTrue(SegmentLoader.table(c, "L").getCreateSQL().contains("ENGINE"));
    }
    // Opened without the setting.
    try (Connection c = DriverManager.getConnection("jdbc:h2:" + folder.resolve("engine"))) {
      SegmentLoader.load(c, "T", rows(0, 10, 1));
      assertEquals(10, one(c, "SELECT COUNT(*) FROM T"));
    }
  }

  @Test
  void scriptAndBackupHoldLoadedRows() throws SQLException {
    Path zip = folder.resolve("b.zip");
    Path script = folder.resolve("s.sql");
    long matches;
    try (Connection c = open("backup")) {
      run(c, HybridTwins.TABLE, "CREATE INDEX I ON T(K)");
      SegmentLoader.load(c, "T", rows(0, 1000, 8));
      run(c, "DELETE FROM T WHERE ID < 10");
      matches = one(c, "SELECT COUNT(*) FROM T WHERE K = 41");
      run(c, "BACKUP TO '" + zip + "'", "SCRIPT TO '" + script + "'");
    }
    Restore.execute(zip.toString(), folder.resolve("restored").toString(), null);
    try (Connection c =
        DriverManager.getConnection("jdbc:h2:" + folder.resolve("restored/backup"))) {
      assertEquals(990, one(c, "SELECT COUNT(*) FROM T WHERE ID >= 0 OR K = 1"));
      assertEquals(matches, one(c, "SELECT COUNT(*) FROM T WHERE K = 41"));
    }
    try (Connection c = open("scripted")) {
      run(c, "RUNSCRIPT FROM '" + script + "'");
      assertEquals(990, one(c, "SELECT COUNT(*) FROM T"));
    }
  }

  @Test
  void largeObjectsGoWithTheirRows() throws SQLException {
    try (Connection c = open("lob")) {
      run(c, "CREATE TABLE T(ID INT PRIMARY KEY, C CLOB, B BLOB)");
      String text = "x".repeat(50_000);
      byte[] bytes = new byte[30_000];
      List<Object[]> rows = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        rows.add(new Object[] {i, text + i, bytes});
      }
      SegmentLoader.load(c, "T", rows);
      assertEquals(50_001, one(c, "SELECT LENGTH(C) FROM T WHERE ID = 7"));
      run(c, "UPDATE T SET ID = ID + 100 WHERE ID < 5");
      assertEquals(50_001, one(c, "SELECT LENGTH(C) FROM T WHERE ID = 103"));
      assertEquals(20, one(c, "SELECT COUNT(*) FROM T WHERE C LIKE 'xxx%' AND LENGTH(B) = 30000"));
      c.setAutoCommit(false);
      run(c, "UPDATE T SET ID = ID + 1000", "DELETE FROM T WHERE ID < 1008");
      c.rollback();
      assertEquals(20, one(c, "SELECT COUNT(*) FROM T WHERE C LIKE 'xxx%'"));
      try (PreparedStatement s = c.prepareStatement("INSERT INTO T VALUES(?, ?, NULL)")) {
        for (int i = 0; i < 20; i++) {
          s.setInt(1, 5000 + i);
          s.setCharacterStream(2, new java.io.StringReader(text));
          s.executeUpdate();
        }
      }
      c.rollback();
      run(c, "DELETE FROM T");
      c.commit();
      assertEquals(0, one(c, "SELECT COUNT(*) FROM T"));
    }
    // H2 removes large objects a while after their rows, at the latest when it closes.
    try (Connection c = open("lob")) {
      assertEquals(0, one(c, "SELECT COUNT(*) FROM T"));
      assertEquals(
          0,
          SegmentLoader.session(c)
              .getDatabase()
              .getStore()
              .getMvStore()
              .openMap("lobMap")
              .sizeAsLong());
    }
  }

  @Test
  void updatableResultSets() throws SQLException {
    try (Connection c = memory("")) {
      run(c, "CREATE TABLE T(A INT PRIMARY KEY, B INT)");
      SegmentLoader.load(c, "T", rows(0, 100, 2));
      try (Statement s =
              c.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
          ResultSet r = s.executeQuery("SELECT * FROM T WHERE A < 10 ORDER BY A")) {
        r.next();
        r.updateInt(2, 999);
        r.updateRow();
        r.next();
        r.deleteRow();
        r.moveToInsertRow();
        r.updateInt(1, 1000);
        r.updateInt(2, 1);
        r.insertRow();
      }
      assertEquals(100, one(c, "SELECT COUNT(*) FROM T"));
      assertEquals(999, one(c, "SELECT B FROM T WHERE A = 0"));
      assertEquals(0, one(c, "SELECT COUNT(*) FROM T WHERE A = 1"));
    }
  }

  @Test
  void lazyResultsSurviveTruncate() throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:h2:mem:lazy" + ENGINE);
        Connection d =
            DriverManager.getConnection("jdbc:h2:mem:lazy" + ENGINE + ";LAZY_QUERY_EXECUTION=1")) {
      run(c, "CREATE TABLE T(A INT, B INT)", "CREATE TABLE U(A INT)");
      SegmentLoader.load(c, "T", rows(0, 3000, 2));
      try (Statement s = d.createStatement();
          ResultSet r = s.executeQuery("SELECT A FROM T")) {
        assertTrue(r.next());
        run(c, "TRUNCATE TABLE T");
        SegmentLoader.load(c, "U", rows(0, 5, 1));
        SegmentLoader.load(c, "U", rows(0, 5, 1));
        int n = 1;
        while (r.next()) {
          n++;
        }
        assertEquals(3000, n);
      }
    }
  }

  /**
   * Rows of every type that an index can hold, in random order with NULLs: order and search as H2's
   * own.
   */
  @Test
  void indexesSortEveryTypeAsH2Does() throws SQLException {
    long seed = Long.getLong("copyload.seed", System.nanoTime());
    Random random = new Random(seed);
    String[] types = {
      "BOOLEAN",
      "TINYINT",
      "SMALLINT",
      "INTEGER",
      "BIGINT",
      "NUMERIC(10, 2)",
      "NUMERIC(40, 5)",
      "DECFLOAT(20)",
      "REAL",
      "DOUBLE PRECISION",
      "CHAR(6)",
      "VARCHAR(40)",
      "VARCHAR_IGNORECASE(20)",
      "BINARY(4)",
      "VARBINARY(20)",
      "DATE",
      "TIME(9)",
      "TIME(6) WITH TIME ZONE",
      "TIMESTAMP(9)",
      "TIMESTAMP(9) WITH TIME ZONE",
      "INTERVAL YEAR",
      "INTERVAL DAY(6) TO SECOND(9)",
      "INTERVAL YEAR(6) TO MONTH",
      "UUID",
      "ENUM('b', 'a', 'c')",
      "JSON",
      "INTEGER ARRAY"
    };
    for (String type : types) {
      try (Connection c = memory("")) {
        run(
            c,
            "CREATE TABLE T(ID INT, V " + type + ", W INT)",
            "CREATE TABLE P(ID INT, V "
                + type
                + ", W INT) ENGINE \""
                + PlainEngine.class.getName()
                + "\"",
            "CREATE INDEX TA ON T(V, W)",
            "CREATE INDEX TD ON T(V DESC NULLS LAST)",
            "CREATE INDEX TN ON T(W DESC, V)",
            "CREATE INDEX PA ON P(V, W)");
        try (PreparedStatement s =
            c.prepareStatement("INSERT INTO P VALUES(?, CAST(? AS " + type + "), ?)")) {
          for (int i = 0; i < 700; i++) {
            s.setInt(1, i);
            s.setString(2, random.nextInt(10) == 0 ? null : text(type, random));
            s.setInt(3, random.nextInt(4));
            s.executeUpdate();
          }
        }
        SegmentLoader.loadQuery(c, "T", "SELECT * FROM P WHERE ID < 300 ORDER BY ID");
        SegmentLoader.loadQuery(c, "T", "SELECT * FROM P WHERE ID BETWEEN 300 AND 599 ORDER BY ID");
        run(c, "INSERT INTO T SELECT * FROM P WHERE ID >= 600");
        String message = type + " seed " + seed;
        for (String query :
            List.of(
                "SELECT V, W FROM # ORDER BY V, W",
                "SELECT V FROM # ORDER BY V DESC NULLS LAST",
                "SELECT W, V FROM # ORDER BY W DESC, V",
                "SELECT MIN(V), MAX(V) FROM #",
                "SELECT ID FROM # WHERE V = (SELECT V FROM P WHERE ID = 17) ORDER BY ID",
                "SELECT ID FROM # WHERE V = (SELECT V FROM P WHERE ID = 650) ORDER BY ID",
                "SELECT ID FROM # WHERE V > (SELECT V FROM P WHERE ID = 5) ORDER BY ID",
                "SELECT ID FROM # WHERE V <= (SELECT V FROM P WHERE ID = 350) ORDER BY ID",
                "SELECT ID FROM # WHERE V BETWEEN (SELECT V FROM P WHERE ID = 1) AND (SELECT V FROM"
                    + " P WHERE ID = 2) ORDER BY ID",
                "SELECT ID FROM # WHERE V IS NULL ORDER BY ID",
                "SELECT ID FROM # WHERE V = (SELECT V FROM P WHERE ID = 17) AND W >= 2 ORDER BY ID",
                "SELECT A.ID, B.ID FROM # A JOIN # B ON A.V = B.V WHERE A.ID < 50 ORDER BY 1, 2")) {
          assertSameRows(c, query, message);
        }
        run(c, "DROP INDEX TA", "DROP INDEX TD", "DROP INDEX TN");
        for (String op : List.of("=", "<", "<=", ">", ">=")) {
          for (int id : new int[] {3, 77, 410, 690}) {
            String query =
                "SELECT ID FROM # WHERE V "
                    + op
                    + " (SELECT V FROM P WHERE ID = "
                    + id
                    + ") ORDER BY ID";
            assertSameRows(c, query, message);
          }
        }
      }
    }
  }

  private static void assertSameRows(Connection c, String query, String message)
      throws SQLException {
    List<String> expected = list(c, query.replace("#", "P"));
    List<String> actual = list(c, query.replace("#", "T"));
    if (message.startsWith("VARCHAR_IGNORECASE")) {
      // Which of several equal values comes first is nobody's promise.
      expected.replaceAll(row -> row.toUpperCase(Locale.ROOT));
      actual.replaceAll(row -> row.toUpperCase(Locale.ROOT));
    }
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      assertEquals(expected.get(i), actual.get(i), message + " " + query + " row " + i);
    }
    assertEquals(expected.size(), actual.size(), message + " " + query);
  }

  private static String text(String type, Random random) {
    int n = random.nextInt(40) - 20;
    String sign = random.nextBoolean() ? "-" : "";
    return switch (type.replaceAll("\\(.*?\\)", "")) {
      case "BOOLEAN" -> n < 0 ? "true" : "false";
      case "TINYINT", "SMALLINT", "INTEGER" -> Integer.toString(n);
      case "BIGINT" ->
          n == 0
              ? "-9223372036854775808"
              : n == 1 ? "9223372036854775807" : Long.toString(n * 1234567890123L);
      case "NUMERIC", "DECFLOAT" ->
          n + "." + random.nextInt(100) + (type.contains("40") && n > 10 ? "" : "");
      case "REAL", "DOUBLE PRECISION" ->
          n == 3
              ? "NaN"
              : n == 4 ? "-Infinity" : n == 5 ? "-0.0" : n == 6 ? "0" : Double.toString(n * 0.75);
      case "CHAR" -> "" + (char) ('a' + random.nextInt(3)) + (random.nextBoolean() ? "b" : "");
      case "VARCHAR", "VARCHAR_IGNORECASE" -> {
        StringBuilder b = new StringBuilder(random.nextInt(3) == 0 ? "" : "commonprefix");
        for (int i = random.nextInt(8); i > 0; i--) {
          b.append(
              switch (random.nextInt(8)) {
                case 0 -> "\ud83d\ude00";
                case 1 -> "\uffee";
                case 2 -> "\ue000";
                case 3 -> "\u00e9";
                case 4 -> "A";
                default -> "a";
              });
        }
        yield b.toString();
      }
      case "BINARY", "VARBINARY" -> Integer.toHexString(random.nextInt(0x7fffffff) | 0x10000000);
      case "DATE" -> "20" + (10 + random.nextInt(5)) + "-02-1" + random.nextInt(10);
      case "TIME" -> "12:00:0" + random.nextInt(10) + ".00000000" + random.nextInt(10);
      case "TIME WITH TIME ZONE" ->
          "12:0" + random.nextInt(10) + ":00+0" + random.nextInt(5) + ":00";
      case "TIMESTAMP" ->
          "2020-01-0" + (1 + random.nextInt(3)) + " 12:00:00.00000000" + random.nextInt(10);
      case "TIMESTAMP WITH TIME ZONE" ->
          "2020-01-0"
              + (1 + random.nextInt(3))
              + " 0"
              + random.nextInt(10)
              + ":00:00"
              + (random.nextBoolean() ? "+" : "-")
              + "05:00";
      case "INTERVAL YEAR" -> sign + random.nextInt(30);
      case "INTERVAL DAY TO SECOND" ->
          sign + random.nextInt(3) + " 1" + random.nextInt(10) + ":00:00.5";
      case "INTERVAL YEAR TO MONTH" -> sign + random.nextInt(3) + "-" + random.nextInt(12);
      case "UUID" ->
          String.format(
              "%08x-0000-0000-%04x-000000000000", random.nextInt(4) << 30, random.nextInt(4) << 14);
      case "ENUM" -> String.valueOf("abc".charAt(random.nextInt(3)));
      case "JSON" -> "{\"a\": " + n + "}";
      default -> Integer.toString(n);
    };
  }

  /** Makes an ordinary H2 table on a connection whose default is another. */
  public static final class PlainEngine implements org.h2.api.TableEngine {
    @Override
    public org.h2.table.Table createTable(org.h2.command.ddl.CreateTableData data) {
      return data.session.getDatabase().getStore().createTable(data);
    }
  }

  private static List<String> list(Connection c, String sql) throws SQLException {
    List<String> list = new ArrayList<>();
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      int n = r.getMetaData().getColumnCount();
      while (r.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= n; i++) {
          row.append(r.getString(i)).append('|');
        }
        list.add(row.toString());
      }
    }
    return list;
  }

  @Test
  void collationOrdersIndexes() throws SQLException {
    try (Connection c = memory("")) {
      run(
          c,
          "SET COLLATION GERMAN",
          "CREATE TABLE T(ID INT, V VARCHAR(10))",
          "CREATE INDEX I ON T(V)");
      List<Object[]> rows = new ArrayList<>();
      for (String s : "z,\u00e4,a,B,b,A,\u00f6,o,Z".split(",")) {
        rows.add(new Object[] {rows.size(), s});
      }
      SegmentLoader.load(c, "T", rows);
      List<String> indexed = list(c, "SELECT V FROM T ORDER BY V");
      run(c, "DROP INDEX I");
      assertEquals(list(c, "SELECT V FROM T ORDER BY V"), indexed);
      assertEquals(1, list(c, "SELECT V FROM T WHERE V = '\u00e4'").size());
    }
  }

  /** Many sessions bring the same keys, by loads and inserts: of each key exactly one gets in. */
  @Test
  void raceForKeysHasOneWinnerEach() throws Exception {
    int threads = 4;
    int rounds = 25;
    try (Connection keep = memory("race")) {
      run(keep, "CREATE TABLE T(A INT PRIMARY KEY, B INT)", "SET DEFAULT_LOCK_TIMEOUT 10000");
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      CyclicBarrier barrier = new CyclicBarrier(threads);
      AtomicInteger won = new AtomicInteger();
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        futures.add(
            pool.submit(
                () -> {
                  try (Connection c = memory("race")) {
                    run(c, "SET LOCK_TIMEOUT 10000");
                    for (int round = 0; round < rounds; round++) {
                      barrier.await();
                      try {
                        if (thread % 2 == 0) {
                          SegmentLoader.load(c, "T", rows(round, round + 1, 2));
                        } else {
                          run(c, "INSERT INTO T VALUES(" + round + ", " + thread + ")");
                        }
                        won.incrementAndGet();
                      } catch (SQLException e) {
                        assertEquals(23505, e.getErrorCode(), e.getMessage());
                      }
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
      pool.shutdown();
      assertEquals(rounds, won.get());
      assertEquals(rounds, one(keep, "SELECT COUNT(*) FROM T"));
      assertEquals(rounds, one(keep, "SELECT COUNT(DISTINCT A) FROM T"));
    }
  }

  /** Loads of two rows that sum to zero never show as one. */
  @Test
  void readersSeeWholeLoadsOnly() throws Exception {
    try (Connection keep = memory("whole")) {
      run(keep, "CREATE TABLE T(A INT, B INT)");
      ExecutorService pool = Executors.newFixedThreadPool(2);
      Future<?> writer =
          pool.submit(
              () -> {
                try (Connection c = memory("whole")) {
                  for (int i = 1; i < 60; i++) {
                    SegmentLoader.load(
                        c, "T", List.of(new Object[] {i, 0}, new Object[] {-i, 0}), 1);
                    if (i % 7 == 0) {
                      run(c, "DELETE FROM T WHERE A IN (" + i + ", " + -i + ")");
                    }
                    if (i % 11 == 0) {
                      run(c, "UPDATE T SET A = -A");
                    }
                  }
                }
                return null;
              });
      while (!writer.isDone()) {
        try (Connection c = memory("whole")) {
          assertEquals(0, one(c, "SELECT SUM(A) FROM T"));
          assertEquals(0, one(c, "SELECT MOD(COUNT(*), 2) FROM T"));
        }
      }
      writer.get();
      pool.shutdown();
    }
  }

  @Test
  void loadsMarkTheTableForAnalyze() throws SQLException {
    try (Connection c = memory("")) {
      run(c, "CREATE TABLE T(A INT, B INT)");
      SegmentLoader.load(c, "T", rows(0, 3000, 2));
      SessionLocal session = SegmentLoader.session(c);
      HybridTable table = SegmentLoader.table(c, "T");
      assertTrue(table.getColumn(0).getSelectivity() > 90);
      assertTrue(table.getColumn(1).getSelectivity() < 20);
      assertEquals(3000, table.getRowCountApproximation(session));
      assertTrue(table.getDiskSpaceUsed(true, false) > 1000);
      run(c, "DELETE FROM T WHERE A < 1000");
      assertEquals(2000, table.getRowCountApproximation(session));
      assertEquals(Collections.emptyList(), list(c, "SELECT A FROM T WHERE A < 1000"));
    }
  }
}
