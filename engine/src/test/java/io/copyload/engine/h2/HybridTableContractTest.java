package io.copyload.engine.h2;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a table with loaded rows owes to SQL: the same as an ordinary H2 table with the same rows,
 * statement by statement. When H2 changes, the names of the scripts that fail say what broke.
 *
 * <p>Each script finds the table {@link HybridTwins#TABLE} with rows 1 to 599 loaded in two
 * segments and 600 to 619 inserted, all committed, and indexes as its set-up says.
 */
final class HybridTableContractTest {
  private static final String ALL = "SELECT * FROM T";
  private static final String COUNT = "SELECT COUNT(*) FROM T";

  @TempDir Path folder;

  private final List<DynamicTest> tests = new ArrayList<>();

  private void memory(String name, String... lines) {
    add(name, null, "", lines);
  }

  private void file(String name, String... lines) {
    add(name, folder, "", lines);
  }

  private void add(String name, Path where, String settings, String... lines) {
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              try (HybridTwins twins = new HybridTwins(where, settings)) {
                List<String> all = new ArrayList<>();
                all.add(HybridTwins.TABLE);
                all.add("CREATE INDEX IK ON T(K)");
                all.add("CREATE INDEX IS1 ON T(S, K DESC)");
                all.add("LOAD T 1 300");
                all.add("LOAD T 300 600");
                for (int i = 600; i < 620; i++) {
                  all.add(
                      "INSERT INTO T VALUES("
                          + i
                          + ", "
                          + i % 5
                          + ", 'i"
                          + i % 3
                          + "', DATE '2024-01-02', 1.5, 2.25, NULL, TRUE)");
                }
                all.addAll(Arrays.asList(lines));
                for (String line : all) {
                  twins.run(line);
                }
              }
            }));
  }

  @TestFactory
  List<DynamicTest> reading() {
    memory("reads all rows", ALL, COUNT);
    memory(
        "counts with and without a condition",
        COUNT,
        COUNT + " WHERE K > 5",
        COUNT + " WHERE S IS NULL");
    memory(
        "finds by primary key",
        ALL + " WHERE ID = 1",
        ALL + " WHERE ID = 599",
        ALL + " WHERE ID = 610",
        ALL + " WHERE ID = 0",
        ALL + " WHERE ID = 5000",
        ALL + " WHERE ID IN (5, 500, 605, 700)",
        ALL + " WHERE ID = 5.5",
        ALL + " WHERE ID = CAST(7 AS BIGINT)");
    memory(
        "finds ranges by primary key",
        ALL + " WHERE ID BETWEEN 295 AND 305",
        ALL + " WHERE ID > 595",
        ALL + " WHERE ID < 4",
        ALL + " WHERE ID >= 599.5",
        ALL + " WHERE ID <= 3 OR ID > 615");
    memory(
        "finds by secondary index",
        ALL + " WHERE K = 4",
        ALL + " WHERE K IS NULL",
        ALL + " WHERE K IN (1, 2, NULL, 100)",
        ALL + " WHERE K > 98",
        ALL + " WHERE K < 2 AND K >= 0",
        ALL + " WHERE S = 's2v'",
        ALL + " WHERE S LIKE 's2%'",
        ALL + " WHERE S >= 'sq' AND S < 'sr'",
        ALL + " WHERE S = 'i1' AND K = 2",
        ALL + " WHERE S IS NULL AND K > 50",
        ALL + " WHERE S > 's\u00e9'");
    memory(
        "finds by columns without index",
        ALL + " WHERE D = DATE '2020-02-01'",
        ALL + " WHERE D IS NULL",
        ALL + " WHERE D >= DATE '2021-01-30'",
        ALL + " WHERE D < TIMESTAMP '2020-01-05 12:00:00'",
        ALL + " WHERE P = 37",
        ALL + " WHERE P BETWEEN 0.37 AND 1.49",
        ALL + " WHERE P > 999999999999",
        ALL + " WHERE P < -5",
        ALL + " WHERE X = 2.25",
        ALL + " WHERE X < 1",
        ALL + " WHERE X > 74.6 AND X < 1e300",
        ALL + " WHERE X = CAST(0.125 AS REAL)",
        ALL + " WHERE TS = TIMESTAMP '2021-03-04 05:22:47'",
        ALL + " WHERE TS >= DATE '2021-03-10'",
        ALL + " WHERE TS IS NULL",
        ALL + " WHERE B",
        ALL + " WHERE B = FALSE",
        ALL + " WHERE B IS NULL",
        ALL + " WHERE B IS NOT DISTINCT FROM NULL",
        ALL + " WHERE K = 5 AND D > DATE '2020-06-01' AND P < 500");
    memory("orders by key", "SELECT ID FROM T ORDER BY ID", "SELECT ID FROM T ORDER BY ID DESC");
    memory(
        "orders by index",
        "SELECT K, ID FROM T ORDER BY K, ID",
        "SELECT K, ID FROM T ORDER BY K DESC, ID",
        "SELECT S, K FROM T ORDER BY S, K DESC",
        "SELECT S, K FROM T ORDER BY S DESC, K",
        "SELECT S, K, ID FROM T ORDER BY S NULLS LAST, K, ID LIMIT 30");
    memory(
        "finds first and last",
        "SELECT MIN(ID), MAX(ID) FROM T",
        "SELECT MIN(K) FROM T",
        "SELECT MAX(K) FROM T",
        "SELECT MIN(S), MAX(S) FROM T",
        "SELECT MIN(D), MAX(TS) FROM T",
        "SELECT MAX(ID) FROM T WHERE ID < 600");
    memory("pages", "SELECT ID FROM T ORDER BY ID OFFSET 290 ROWS FETCH NEXT 20 ROWS ONLY");
    memory(
        "aggregates",
        "SELECT K, COUNT(*), SUM(P), AVG(X), MIN(S), MAX(D) FROM T GROUP BY K ORDER BY K",
        "SELECT COUNT(DISTINCT S), SUM(ID), MAX(P) FROM T",
        "SELECT S, COUNT(*) FROM T GROUP BY S HAVING COUNT(*) > 1");
    memory("reads distinct values", "SELECT DISTINCT K FROM T", "SELECT DISTINCT B FROM T");
    memory(
        "joins",
        "SELECT A.ID, B.ID FROM T A JOIN T B ON A.K = B.ID WHERE A.ID < 50",
        "SELECT A.ID, B.S FROM T A LEFT JOIN T B ON A.ID = B.ID + 500",
        "SELECT COUNT(*) FROM T A JOIN T B ON A.S = B.S",
        "SELECT COUNT(*) FROM T A JOIN T B ON A.D = B.D AND A.P < B.P WHERE A.ID < 30");
    memory(
        "subqueries",
        "SELECT ID FROM T WHERE K = (SELECT MAX(K) FROM T)",
        "SELECT ID FROM T A WHERE EXISTS(SELECT 1 FROM T B WHERE B.ID = A.ID + 10 AND B.K < A.K)",
        "SELECT ID FROM T WHERE ID IN (SELECT K FROM T WHERE ID < 100)",
        "SELECT ID FROM T WHERE (ID, K) IN ((1, 41), (610, 0))");
    memory(
        "windows", "SELECT ID, ROW_NUMBER() OVER (PARTITION BY K ORDER BY ID) FROM T ORDER BY ID");
    memory(
        "common table expressions",
        "WITH C AS (SELECT K, COUNT(*) N FROM T GROUP BY K) SELECT * FROM C WHERE N > 5");
    memory("unions", "SELECT ID FROM T WHERE ID < 5 UNION SELECT K FROM T WHERE ID > 590");
    memory(
        "numbers rows",
        "SELECT _ROWID_, ID FROM T WHERE _ROWID_ BETWEEN 298 AND 303",
        "SELECT ID FROM T WHERE _ROWID_ = 605",
        "SELECT ID FROM T ORDER BY _ROWID_",
        "SELECT ID FROM T ORDER BY _ROWID_ DESC LIMIT 400",
        "SELECT ID FROM T WHERE _ROWID_ > 597 ORDER BY _ROWID_ DESC",
        "SELECT MAX(_ROWID_), MIN(_ROWID_) FROM T");
    memory(
        "views",
        "CREATE VIEW V AS SELECT K, SUM(P) SP FROM T WHERE ID > 10 GROUP BY K",
        "SELECT * FROM V",
        "SELECT * FROM V WHERE K = 7",
        "DELETE FROM T WHERE K = 7",
        "SELECT * FROM V");
    memory("prepared text compares", ALL + " WHERE ID = '17'", ALL + " WHERE D = '2020-03-04'");
    memory(
        "explains without failing",
        "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'T'",
        "SELECT INDEX_NAME FROM INFORMATION_SCHEMA.INDEXES WHERE TABLE_NAME = 'T' AND INDEX_NAME"
            + " LIKE 'I%'",
        "SELECT COLUMN_NAME, ORDINAL_POSITION FROM INFORMATION_SCHEMA.INDEX_COLUMNS WHERE"
            + " TABLE_NAME = 'T' AND INDEX_NAME LIKE 'I%'");
    memory("analyzes", "ANALYZE TABLE T", COUNT + " WHERE K = 3");
    return tests;
  }

  @TestFactory
  List<DynamicTest> writing() {
    memory(
        "deletes loaded rows",
        "DELETE FROM T WHERE ID < 100",
        ALL,
        COUNT,
        "SELECT ID FROM T ORDER BY ID");
    memory("deletes by index", "DELETE FROM T WHERE K = 5", ALL, ALL + " WHERE K = 5", COUNT);
    memory("deletes all", "DELETE FROM T", ALL, COUNT, "LOAD T 1 50", ALL);
    memory("deletes with limit", "DELETE FROM T WHERE ID <= 3 FETCH FIRST 3 ROWS ONLY", COUNT);
    memory(
        "updates loaded rows",
        "UPDATE T SET S = 'new', P = P + 1 WHERE ID < 100",
        ALL,
        ALL + " WHERE S = 'new'");
    memory(
        "updates an indexed column",
        "UPDATE T SET K = K + 1000 WHERE K > 50",
        ALL + " WHERE K > 1000",
        ALL + " WHERE K BETWEEN 40 AND 60",
        "SELECT K, ID FROM T ORDER BY K, ID");
    memory(
        "updates the key of all rows",
        "UPDATE T SET ID = ID + 1",
        ALL,
        ALL + " WHERE ID = 620",
        "UPDATE T SET ID = ID - 1",
        ALL);
    memory(
        "updates the same row again",
        "UPDATE T SET K = 1 WHERE ID = 5",
        "UPDATE T SET K = 2 WHERE ID = 5",
        "UPDATE T SET K = 3 WHERE ID = 5",
        ALL + " WHERE ID = 5",
        ALL + " WHERE K = 3",
        "DELETE FROM T WHERE ID = 5",
        ALL + " WHERE ID = 5",
        "INSERT INTO T(ID, K) VALUES(5, 9)",
        ALL + " WHERE ID = 5");
    memory(
        "keeps row ids of updated rows",
        "UPDATE T SET S = 'u' WHERE ID IN (10, 299, 300)",
        "SELECT _ROWID_, ID FROM T ORDER BY _ROWID_",
        "SELECT ID FROM T ORDER BY _ROWID_ DESC");
    memory(
        "merges",
        "MERGE INTO T(ID, S) KEY(ID) VALUES(7, 'm'), (8000, 'm')",
        ALL + " WHERE S = 'm'");
    memory(
        "merges with using",
        "MERGE INTO T USING (SELECT X + 590 ID FROM SYSTEM_RANGE(1, 50)) R ON T.ID = R.ID WHEN"
            + " MATCHED AND T.ID > 610 THEN DELETE WHEN MATCHED THEN UPDATE SET S = 'mm' WHEN NOT"
            + " MATCHED THEN INSERT (ID, S) VALUES (R.ID, 'mi')",
        ALL);
    memory(
        "reads final and old tables",
        "SELECT ID, S FROM FINAL TABLE (UPDATE T SET S = 'f' WHERE ID < 4)",
        "SELECT ID, S FROM OLD TABLE (DELETE FROM T WHERE ID < 4)",
        COUNT);
    memory(
        "inserts from itself",
        "INSERT INTO T SELECT ID + 10000, K, S, D, P, X, TS, B FROM T",
        ALL,
        COUNT);
    memory(
        "creates a table from it",
        "CREATE TABLE U AS SELECT * FROM T WHERE K < 50",
        "SELECT * FROM U");
    memory(
        "loads again",
        "LOAD T 700 800",
        ALL,
        "DELETE FROM T WHERE ID > 690",
        "LOAD T 700 800",
        ALL);
    memory(
        "loads a table without key",
        "CREATE TABLE U(A INT, B INT)",
        "LOAD U 1 250",
        "LOAD U 1 250",
        "SELECT * FROM U",
        "DELETE FROM U WHERE A = 3",
        "SELECT COUNT(*) FROM U");
    memory("truncates", "TRUNCATE TABLE T", ALL, COUNT, "LOAD T 1 50", ALL, ALL + " WHERE K = 41");
    memory("drops and creates again", "DROP TABLE T", HybridTwins.TABLE, ALL, "LOAD T 1 150", ALL);
    return tests;
  }

  @TestFactory
  List<DynamicTest> keys() {
    memory(
        "refuses to insert a loaded key",
        "INSERT INTO T(ID) VALUES(5)",
        "INSERT INTO T(ID) VALUES(299), (5000)",
        COUNT);
    memory(
        "refuses to load an inserted key",
        "LOAD T 605 606",
        "LOAD T 590 700",
        "LOAD T 610 700",
        COUNT,
        "LOAD T 620 700",
        COUNT);
    memory(
        "refuses to load a loaded key",
        "LOAD T 299 301",
        COUNT,
        "LOAD T 5 6",
        "LOAD T 1000 1010",
        "LOAD T 900 1005",
        COUNT);
    memory(
        "refuses to update to a loaded key",
        "UPDATE T SET ID = 7 WHERE ID = 8",
        "UPDATE T SET ID = 7 WHERE ID = 610",
        "UPDATE T SET ID = 610 WHERE ID = 7",
        ALL);
    memory(
        "a deleted key is free",
        "DELETE FROM T WHERE ID = 5",
        "INSERT INTO T(ID, S) VALUES(5, 'again')",
        ALL + " WHERE ID = 5",
        "INSERT INTO T(ID) VALUES(5)",
        "DELETE FROM T WHERE ID BETWEEN 10 AND 20",
        "LOAD T 10 21",
        ALL);
    memory(
        "a deleted key is free in its transaction",
        "BEGIN",
        "DELETE FROM T WHERE ID = 5",
        "INSERT INTO T(ID) VALUES(5)",
        "ROLLBACK",
        ALL + " WHERE ID = 5",
        "DELETE FROM T WHERE ID = 5",
        "LOAD T 5 6",
        "COMMIT",
        ALL);
    memory(
        "unique over several columns",
        "CREATE UNIQUE INDEX U1 ON T(ID, K)",
        "INSERT INTO T(ID, K) VALUES(1000, 1)",
        "CREATE TABLE U(A INT, B INT, UNIQUE(A, B))",
        "LOAD U 1 100",
        "INSERT INTO U VALUES(1, 41)",
        "INSERT INTO U VALUES(1, 42)",
        "INSERT INTO U VALUES(3, NULL)",
        "LOAD U 3 4",
        "LOAD U 4 5",
        "SELECT * FROM U");
    memory(
        "unique, nulls not distinct",
        "CREATE TABLE U(A INT, B INT UNIQUE NULLS NOT DISTINCT)",
        "INSERT INTO U VALUES(1, NULL)",
        "LOAD U 3 4",
        "LOAD U 4 5",
        "INSERT INTO U VALUES(5, NULL)",
        "SELECT * FROM U");
    memory(
        "unique, nulls distinct",
        "CREATE TABLE U(A INT, B INT UNIQUE NULLS DISTINCT)",
        "INSERT INTO U VALUES(1, NULL)",
        "LOAD U 3 4",
        "LOAD U 13 14",
        "INSERT INTO U VALUES(5, NULL)",
        "SELECT * FROM U");
    memory(
        "unique, nulls all distinct",
        "CREATE TABLE U(A INT, B INT, UNIQUE NULLS ALL DISTINCT(B, A))",
        "INSERT INTO U VALUES(3, NULL)",
        "LOAD U 3 4",
        "SELECT * FROM U");
    memory(
        "duplicates within a load",
        "CREATE TABLE U(A INT, B INT UNIQUE)",
        "LOAD U 1 150",
        "SELECT * FROM U",
        "LOAD U 1 90",
        "SELECT COUNT(*) FROM U");
    memory(
        "creates a unique index on loaded rows",
        "CREATE UNIQUE INDEX U1 ON T(K)",
        "CREATE UNIQUE INDEX U2 ON T(ID DESC)",
        ALL + " WHERE ID = 300",
        "INSERT INTO T(ID) VALUES(300)",
        "DELETE FROM T WHERE ID > 100",
        "CREATE UNIQUE INDEX U3 ON T(K)",
        "DELETE FROM T WHERE K IS NULL",
        "CREATE UNIQUE INDEX U4 ON T(K)");
    memory(
        "adds and drops constraints",
        "ALTER TABLE T ADD CONSTRAINT C1 UNIQUE(TS)",
        "ALTER TABLE T ADD CONSTRAINT C2 UNIQUE(P, X)",
        "INSERT INTO T(ID, TS) VALUES(999, TIMESTAMP '2021-03-04 05:22:47')",
        "ALTER TABLE T DROP CONSTRAINT C1",
        "INSERT INTO T(ID, TS) VALUES(999, TIMESTAMP '2021-03-04 05:22:47')");
    memory(
        "checks",
        "ALTER TABLE T ADD CHECK (P >= 0)",
        "ALTER TABLE T ADD CHECK (K < 50)",
        "INSERT INTO T(ID, P) VALUES(999, -1)",
        "UPDATE T SET P = -1 WHERE ID = 1");
    memory(
        "not null",
        "ALTER TABLE T ALTER COLUMN P SET NOT NULL",
        "ALTER TABLE T ALTER COLUMN K SET NOT NULL",
        "UPDATE T SET P = NULL WHERE ID = 1");
    memory(
        "on duplicate key",
        "SET MODE MySQL",
        "INSERT INTO T(ID, S) VALUES(5, 'x') ON DUPLICATE KEY UPDATE S = 'dup'",
        ALL + " WHERE ID = 5",
        "INSERT IGNORE INTO T(ID, S) VALUES(6, 'x')",
        ALL + " WHERE ID = 6");
    memory(
        "on conflict do nothing",
        "SET MODE PostgreSQL",
        "INSERT INTO T(ID, S) VALUES(6, 'x'), (9999, 'y') ON CONFLICT DO NOTHING",
        COUNT);
    memory(
        "foreign keys to loaded parents",
        "CREATE TABLE C(ID INT PRIMARY KEY, PID INT REFERENCES T(ID))",
        "INSERT INTO C VALUES(1, 5)",
        "INSERT INTO C VALUES(2, 5000)",
        "INSERT INTO C VALUES(3, NULL)",
        "DELETE FROM T WHERE ID = 5",
        "UPDATE T SET ID = 9005 WHERE ID = 5",
        "DELETE FROM T WHERE ID = 6",
        "INSERT INTO C VALUES(4, 6)",
        "INSERT INTO C VALUES(5, 610)",
        "DELETE FROM T WHERE ID = 610",
        "SELECT * FROM C");
    memory(
        "foreign keys of loaded children",
        "CREATE TABLE C(ID INT PRIMARY KEY, PID INT REFERENCES T(ID))",
        "LOAD C 1 2",
        "LOAD C 2 400",
        "SELECT * FROM C",
        "DELETE FROM T WHERE ID = 41",
        "DELETE FROM T WHERE ID = 300",
        "SELECT COUNT(*) FROM T",
        "INSERT INTO T(ID) VALUES(0)",
        "LOAD C 2 400",
        "SELECT * FROM C",
        "DELETE FROM T WHERE ID = 17");
    memory(
        "foreign keys of loaded rows in their transaction",
        "CREATE TABLE C(ID INT PRIMARY KEY, PID INT REFERENCES T(ID))",
        "BEGIN",
        "DELETE FROM T WHERE ID = 41",
        "LOAD C 1 2",
        "INSERT INTO T(ID) VALUES(41)",
        "LOAD C 1 2",
        "COMMIT",
        "SELECT * FROM C");
    memory(
        "foreign keys cascade",
        "CREATE TABLE C(ID INT PRIMARY KEY, PID INT REFERENCES T(ID) ON DELETE CASCADE ON UPDATE"
            + " CASCADE)",
        "LOAD T 0 1",
        "LOAD C 1 200",
        "DELETE FROM T WHERE ID < 50",
        "SELECT * FROM C",
        "UPDATE T SET ID = ID + 100000 WHERE ID = 77",
        "SELECT * FROM C");
    memory(
        "foreign keys set null",
        "CREATE TABLE C(ID INT PRIMARY KEY, PID INT REFERENCES T(ID) ON DELETE SET NULL)",
        "LOAD T 0 1",
        "LOAD C 1 200",
        "DELETE FROM T WHERE ID < 50",
        "SELECT * FROM C");
    memory(
        "foreign keys to the table itself",
        "CREATE TABLE C(ID INT PRIMARY KEY, PID INT REFERENCES C(ID))",
        "LOAD C 1 50",
        "LOAD C 41 42",
        "INSERT INTO C VALUES(41, NULL)",
        "LOAD C 1 2",
        "SELECT * FROM C",
        "DELETE FROM C WHERE ID = 41",
        "INSERT INTO C VALUES(200, 41)",
        "LOAD C 201 250");
    memory(
        "foreign keys added later",
        "CREATE TABLE C(ID INT PRIMARY KEY, PID INT)",
        "LOAD C 1 50",
        "ALTER TABLE C ADD FOREIGN KEY(PID) REFERENCES T(ID)",
        "INSERT INTO T(ID) VALUES(0)",
        "ALTER TABLE C ADD FOREIGN KEY(PID) REFERENCES T(ID)",
        "DELETE FROM T WHERE ID = 41");
    memory(
        "foreign keys of two columns in another order",
        "CREATE TABLE P(A INT, B INT, PRIMARY KEY(B, A))",
        "LOAD P 14 20",
        "CREATE TABLE C(A INT, B INT, FOREIGN KEY(A, B) REFERENCES P(A, B))",
        "LOAD C 14 20",
        "LOAD C 20 21",
        "DELETE FROM C WHERE A = 16",
        "DELETE FROM P WHERE A IN (15, 16)",
        "DELETE FROM P WHERE A = 16",
        "LOAD C 16 17",
        "INSERT INTO P VALUES(16, 50)",
        "LOAD C 16 17",
        "SELECT * FROM C");
    memory(
        "foreign keys between types",
        "CREATE TABLE P(A BIGINT PRIMARY KEY, B INT)",
        "LOAD P 0 101",
        "CREATE TABLE C(ID INT, A INT, FOREIGN KEY(A) REFERENCES P(A))",
        "LOAD C 1 300",
        "DELETE FROM P WHERE A = 41",
        "DELETE FROM C WHERE A = 41",
        "DELETE FROM P WHERE A = 41",
        "LOAD C 1 2",
        "LOAD C 2 3",
        "SELECT COUNT(*) FROM C");
    memory(
        "foreign keys switched off",
        "CREATE TABLE C(ID INT PRIMARY KEY, PID INT REFERENCES T(ID))",
        "SET REFERENTIAL_INTEGRITY FALSE",
        "LOAD C 1 600",
        "SET REFERENTIAL_INTEGRITY TRUE",
        "SELECT COUNT(*) FROM C");
    return tests;
  }

  @TestFactory
  List<DynamicTest> transactions() {
    memory(
        "rolls back a load",
        "BEGIN",
        "LOAD T 700 900",
        COUNT,
        "ROLLBACK",
        COUNT,
        ALL,
        "LOAD T 700 900",
        "COMMIT",
        ALL);
    memory(
        "an open load is seen by its own session only",
        "BEGIN",
        "LOAD T 700 900",
        "b:" + COUNT,
        "b:" + ALL + " WHERE ID = 710",
        COUNT,
        "COMMIT",
        "b:" + COUNT,
        "b:" + ALL + " WHERE ID = 710");
    memory(
        "rolls back deletes and updates",
        "BEGIN",
        "DELETE FROM T WHERE ID < 100",
        "UPDATE T SET K = 5, ID = ID + 5000 WHERE ID < 200",
        COUNT,
        "ROLLBACK",
        ALL,
        COUNT,
        "SELECT K, ID FROM T ORDER BY K, ID");
    memory(
        "savepoints",
        "BEGIN",
        "LOAD T 700 710",
        "SAVEPOINT S1",
        "LOAD T 710 720",
        "DELETE FROM T WHERE ID < 10",
        COUNT,
        "ROLLBACK TO SAVEPOINT S1",
        COUNT,
        "LOAD T 710 715",
        "COMMIT",
        ALL);
    memory(
        "changes what it loaded",
        "BEGIN",
        "LOAD T 700 800",
        "UPDATE T SET S = 'own' WHERE ID = 750",
        "DELETE FROM T WHERE ID > 790",
        "SELECT * FROM T WHERE ID >= 700",
        "INSERT INTO T(ID) VALUES(795)",
        "INSERT INTO T(ID) VALUES(751)",
        "COMMIT",
        "b:" + ALL);
    memory(
        "read committed sees commits of others",
        "BEGIN",
        COUNT,
        "b:DELETE FROM T WHERE ID < 50",
        "b:LOAD T 700 750",
        COUNT,
        ALL,
        "COMMIT",
        COUNT);
    for (String level : List.of("REPEATABLE READ", "SNAPSHOT", "SERIALIZABLE")) {
      memory(
          level + " does not see commits of others",
          "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL " + level,
          "BEGIN",
          COUNT,
          "b:DELETE FROM T WHERE ID < 50",
          "b:UPDATE T SET S = 'b' WHERE ID = 60",
          "b:LOAD T 700 750",
          "b:INSERT INTO T(ID) VALUES(1)",
          COUNT,
          ALL,
          "SELECT ID FROM T WHERE ID < 5",
          "SELECT ID FROM T WHERE S = 'b'",
          "SELECT K, ID FROM T ORDER BY K, ID",
          "COMMIT",
          ALL);
      memory(
          level + " fails to change what others changed",
          "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL " + level,
          "BEGIN",
          COUNT,
          "b:UPDATE T SET S = 'b' WHERE ID = 60",
          "UPDATE T SET S = 'a' WHERE ID = 60",
          "ROLLBACK",
          COUNT,
          "b:DELETE FROM T WHERE ID = 61",
          "DELETE FROM T WHERE ID = 61",
          "ROLLBACK",
          ALL);
      memory(
          level + " sees its own changes",
          "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL " + level,
          "BEGIN",
          COUNT,
          "LOAD T 700 750",
          "DELETE FROM T WHERE ID < 5",
          "UPDATE T SET S = 'a' WHERE ID IN (10, 610, 710)",
          COUNT,
          ALL,
          ALL + " WHERE S = 'a'",
          "INSERT INTO T(ID) VALUES(3)",
          "INSERT INTO T(ID) VALUES(700)",
          "COMMIT",
          ALL);
      memory(
          level + " keeps a key that its snapshot has",
          "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL " + level,
          "BEGIN",
          COUNT,
          "b:DELETE FROM T WHERE ID = 60",
          "INSERT INTO T(ID) VALUES(60)",
          "COMMIT");
    }
    memory(
        "a locked row makes others wait",
        "BEGIN",
        "UPDATE T SET S = 'a' WHERE ID = 5",
        "b:UPDATE T SET S = 'b' WHERE ID = 5",
        "b:DELETE FROM T WHERE ID = 5",
        "b:UPDATE T SET S = 'b' WHERE ID = 6",
        "COMMIT",
        "b:UPDATE T SET S = 'b' WHERE ID = 5",
        ALL + " WHERE ID < 10");
    memory(
        "a deleted row makes others wait",
        "BEGIN",
        "DELETE FROM T WHERE ID = 5",
        "b:UPDATE T SET S = 'b' WHERE ID = 5",
        "b:INSERT INTO T(ID) VALUES(5)",
        "b:LOAD T 5 6",
        "ROLLBACK",
        "b:UPDATE T SET S = 'b' WHERE ID = 5",
        ALL + " WHERE ID < 10");
    memory(
        "for update",
        "BEGIN",
        "SELECT * FROM T WHERE ID IN (5, 605) FOR UPDATE",
        "b:UPDATE T SET S = 'b' WHERE ID = 5",
        "b:DELETE FROM T WHERE ID = 605",
        "b:SELECT ID FROM T WHERE ID = 5",
        "COMMIT",
        "b:UPDATE T SET S = 'b' WHERE ID = 5",
        ALL);
    memory(
        "for update nowait",
        "BEGIN",
        "SELECT * FROM T WHERE ID = 5 FOR UPDATE",
        "b:SELECT * FROM T WHERE ID = 5 FOR UPDATE NOWAIT",
        "b:SELECT * FROM T WHERE ID = 6 FOR UPDATE NOWAIT",
        "COMMIT",
        "b:SELECT * FROM T WHERE ID = 5 FOR UPDATE NOWAIT");
    memory(
        "for update skip locked",
        "BEGIN",
        "SELECT * FROM T WHERE ID BETWEEN 5 AND 8 FOR UPDATE",
        "b:BEGIN",
        "b:SELECT ID FROM T WHERE ID BETWEEN 1 AND 12 FOR UPDATE SKIP LOCKED",
        "c:SELECT ID FROM T WHERE ID BETWEEN 1 AND 20 FOR UPDATE SKIP LOCKED",
        "COMMIT",
        "b:COMMIT",
        "c:SELECT ID FROM T WHERE ID BETWEEN 1 AND 20 FOR UPDATE SKIP LOCKED");
    memory(
        "for update wait",
        "BEGIN",
        "SELECT * FROM T WHERE ID = 5 FOR UPDATE",
        "b:SELECT * FROM T WHERE ID = 5 FOR UPDATE WAIT 0.05",
        "COMMIT");
    memory(
        "for update leaves nothing behind",
        "BEGIN",
        "SELECT * FROM T FOR UPDATE",
        COUNT,
        "COMMIT",
        COUNT,
        ALL,
        "b:" + COUNT);
    memory(
        "an open load holds its keys",
        "BEGIN",
        "LOAD T 700 710",
        "b:INSERT INTO T(ID) VALUES(705)",
        "b:LOAD T 705 720",
        "b:LOAD T 720 730",
        "ROLLBACK",
        "b:INSERT INTO T(ID) VALUES(705)",
        "b:" + COUNT);
    memory(
        "an open insert holds its key",
        "BEGIN",
        "INSERT INTO T(ID) VALUES(705)",
        "b:LOAD T 700 710",
        "b:LOAD T 710 720",
        "ROLLBACK",
        "b:LOAD T 700 710",
        COUNT);
    memory(
        "an open load does not block writers",
        "BEGIN",
        "LOAD T 700 710",
        "b:INSERT INTO T(ID) VALUES(800)",
        "b:DELETE FROM T WHERE ID = 3",
        "b:UPDATE T SET S = 'b' WHERE ID = 4",
        "COMMIT",
        ALL);
    memory(
        "data definition waits for an open load",
        "BEGIN",
        "LOAD T 700 710",
        "b:CREATE INDEX IX ON T(D)",
        "b:TRUNCATE TABLE T",
        "b:ALTER TABLE T ADD COLUMN N INT",
        "b:DROP TABLE T",
        "COMMIT",
        COUNT);
    memory(
        "deadlock of two sessions is reported",
        "BEGIN",
        "b:BEGIN",
        "UPDATE T SET S = 'a' WHERE ID = 5",
        "b:UPDATE T SET S = 'b' WHERE ID = 6",
        "b:UPDATE T SET S = 'b' WHERE ID = 5",
        "ROLLBACK",
        "b:ROLLBACK",
        ALL);
    memory(
        "a cached result is not stale",
        COUNT,
        COUNT,
        "LOAD T 700 710",
        COUNT,
        "b:" + COUNT,
        "b:LOAD T 710 720",
        COUNT,
        "BEGIN",
        COUNT,
        "LOAD T 720 730",
        COUNT,
        "ROLLBACK",
        COUNT);
    return tests;
  }

  @TestFactory
  List<DynamicTest> definition() {
    memory(
        "creates an index on loaded rows",
        "CREATE INDEX ID1 ON T(D, P DESC)",
        ALL + " WHERE D = DATE '2020-02-01'",
        "SELECT D, P FROM T ORDER BY D, P DESC",
        "DELETE FROM T WHERE D = DATE '2020-02-01'",
        "INSERT INTO T(ID, D) VALUES(999, DATE '2020-02-01')",
        ALL + " WHERE D = DATE '2020-02-01'",
        "DROP INDEX ID1",
        ALL + " WHERE D = DATE '2020-02-01'");
    memory(
        "creates indexes of every kind of column",
        "CREATE INDEX J1 ON T(X)",
        "CREATE INDEX J2 ON T(TS DESC)",
        "CREATE INDEX J3 ON T(B, ID)",
        "CREATE INDEX J4 ON T(P NULLS LAST, S)",
        "SELECT X FROM T ORDER BY X",
        "SELECT TS FROM T ORDER BY TS DESC",
        "SELECT B, ID FROM T ORDER BY B, ID",
        "SELECT P, S FROM T ORDER BY P NULLS LAST, S",
        ALL + " WHERE X = 2.25",
        ALL + " WHERE B = TRUE AND ID < 50",
        ALL + " WHERE TS > TIMESTAMP '2021-03-10 00:00:00'");
    memory(
        "drops an index",
        "DROP INDEX IK",
        ALL + " WHERE K = 4",
        "CREATE INDEX IK ON T(K DESC)",
        ALL + " WHERE K = 4",
        "SELECT K FROM T ORDER BY K DESC");
    memory(
        "creates a hash index",
        "CREATE HASH INDEX IH ON T(S)",
        ALL + " WHERE S = 's2v'",
        "CREATE UNIQUE HASH INDEX IH2 ON T(ID)",
        "INSERT INTO T(ID) VALUES(5)");
    memory(
        "adds a column",
        "ALTER TABLE T ADD COLUMN N INT DEFAULT 7",
        ALL,
        ALL + " WHERE K = 4",
        "INSERT INTO T(ID) VALUES(999)",
        "INSERT INTO T(ID) VALUES(5)",
        "LOAD T 1000 1010",
        ALL + " WHERE ID > 900");
    memory(
        "adds a column in the middle",
        "ALTER TABLE T ADD COLUMN N VARCHAR DEFAULT 'x' BEFORE S",
        ALL,
        "UPDATE T SET N = 'y' WHERE ID = 4",
        ALL);
    memory(
        "drops a column",
        "ALTER TABLE T DROP COLUMN D",
        ALL,
        ALL + " WHERE K = 4",
        "DELETE FROM T WHERE ID = 9",
        COUNT);
    memory(
        "drops an indexed column",
        "ALTER TABLE T DROP COLUMN S",
        "DROP INDEX IS1",
        "ALTER TABLE T DROP COLUMN S",
        ALL);
    String[] changed = {"DELETE FROM T WHERE ID < 20", "UPDATE T SET K = -1 WHERE ID < 40"};
    String[] after = {
      ALL,
      "INSERT INTO T(ID) VALUES(25)",
      "DELETE FROM T WHERE ID IN (30, 300, 610)",
      "UPDATE T SET S = 'after' WHERE ID BETWEEN 290 AND 310",
      "LOAD T 1000 1100",
      "LOAD T 30 31",
      "LOAD T 31 32",
      ALL + " WHERE K = -1",
      COUNT
    };
    memory(
        "adds and drops columns after changes",
        with(
            with(
                after,
                "ALTER TABLE T ADD COLUMN N VARCHAR(10) DEFAULT 'x' || 'y' NOT NULL FIRST",
                "SELECT * FROM T ORDER BY _ROWID_",
                "ALTER TABLE T DROP COLUMN TS",
                "ALTER TABLE T ADD (N1 INT, N2 DATE DEFAULT DATE '2020-02-02') BEFORE S",
                "ALTER TABLE T DROP COLUMN N, X",
                "ALTER TABLE T ALTER COLUMN N1 RENAME TO N3",
                "SELECT * FROM T ORDER BY _ROWID_",
                "ALTER TABLE T DROP COLUMN N3, N2",
                "ALTER TABLE T ADD X DOUBLE PRECISION BEFORE B",
                "ALTER TABLE T ADD TS TIMESTAMP DEFAULT TIMESTAMP '2020-01-01 00:00:00' BEFORE B"),
            changed));
    memory(
        "adds columns whose values differ from row to row",
        "ALTER TABLE T ADD COLUMN N BIGINT GENERATED BY DEFAULT AS IDENTITY(START WITH 5)",
        "ALTER TABLE T ADD COLUMN G INT GENERATED ALWAYS AS (K + 1)",
        "ALTER TABLE T ADD COLUMN U INT USING K * 2",
        ALL,
        "INSERT INTO T(ID) VALUES(900)",
        "SELECT * FROM T ORDER BY _ROWID_");
    memory(
        "adds an identity after changes",
        with(
            after,
            with(
                new String[] {
                  "ALTER TABLE T ADD COLUMN N INT GENERATED BY DEFAULT AS IDENTITY",
                  "SELECT * FROM T ORDER BY _ROWID_"
                },
                changed)));
    memory(
        "adds an identity to loaded rows only",
        "DELETE FROM T WHERE ID >= 600",
        "CREATE TABLE C(ID INT, K INT)",
        "LOAD C 1 300",
        "ALTER TABLE C ADD COLUMN N INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY FIRST",
        "SELECT * FROM C ORDER BY N",
        "INSERT INTO C(ID) VALUES(7)",
        "SELECT * FROM C WHERE N > 290");
    memory(
        "does not add columns that cannot be filled",
        "ALTER TABLE T ADD COLUMN N INT NOT NULL",
        "ALTER TABLE T ADD COLUMN N INT DEFAULT NULL NOT NULL",
        "ALTER TABLE T ADD COLUMN N INT DEFAULT 'no'",
        "ALTER TABLE T ADD COLUMN N VARCHAR(2) DEFAULT 'long'",
        "ALTER TABLE T ADD COLUMN N INT UNIQUE DEFAULT 1",
        "ALTER TABLE T ADD COLUMN N INT CHECK (N < 0) DEFAULT 1",
        "CREATE DOMAIN POSITIVE AS INT CHECK (VALUE > 0)",
        "ALTER TABLE T ADD COLUMN N POSITIVE DEFAULT -1",
        "ALTER TABLE T ADD COLUMN K INT",
        "ALTER TABLE T ADD COLUMN N POSITIVE DEFAULT 1",
        ALL,
        "INSERT INTO T(ID) VALUES(5)",
        "LOAD T 700 720",
        COUNT);
    memory(
        "does not drop columns in use",
        "CREATE VIEW V AS SELECT ID, K FROM T",
        "CREATE TABLE C(TID INT REFERENCES T, K INT)",
        "INSERT INTO C VALUES(5, 5)",
        "ALTER TABLE T DROP COLUMN K",
        "ALTER TABLE T ADD CHECK (ID > 0 AND P IS NOT NULL)",
        "ALTER TABLE T DROP COLUMN P",
        "ALTER TABLE T DROP COLUMN D",
        "ALTER TABLE T ADD COLUMN N INT DEFAULT 1",
        "SELECT * FROM V",
        "DELETE FROM T WHERE ID = 5",
        "INSERT INTO C VALUES(7000, 5)",
        "INSERT INTO T(ID, P) VALUES(-1, 1)",
        ALL);
    memory(
        "alters for snapshot readers",
        "DELETE FROM T WHERE ID < 20",
        "b:BEGIN",
        "b:SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SNAPSHOT",
        "b:VALUES 1",
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SNAPSHOT",
        "ALTER TABLE T ADD COLUMN N INT DEFAULT 1",
        ALL,
        "b:COMMIT",
        "b:" + ALL);
    memory(
        "changes a type",
        "ALTER TABLE T ALTER COLUMN K SET DATA TYPE BIGINT",
        ALL,
        ALL + " WHERE K = 4",
        "ALTER TABLE T ALTER COLUMN P SET DATA TYPE VARCHAR(20)",
        ALL,
        "ALTER TABLE T ALTER COLUMN S SET DATA TYPE INT",
        ALL);
    memory(
        "widens a type",
        "ALTER TABLE T ALTER COLUMN S SET DATA TYPE VARCHAR(80)",
        "ALTER TABLE T ALTER COLUMN P SET DATA TYPE NUMERIC(30, 2)",
        ALL,
        "CREATE INDEX IP ON T(P)",
        ALL + " WHERE P BETWEEN 1 AND 5",
        "INSERT INTO T(ID, P) VALUES(999, 12345678901234567890.5)",
        "SELECT P FROM T ORDER BY P DESC",
        "LOAD T 1000 1100",
        "SELECT P FROM T ORDER BY P DESC",
        ALL + " WHERE P = 37.00",
        "ALTER TABLE T ADD CONSTRAINT UP UNIQUE(ID, P)",
        "LOAD T 1100 1200",
        "LOAD T 1050 1051");
    memory("renames a column", "ALTER TABLE T ALTER COLUMN K RENAME TO KK", ALL + " WHERE KK = 4");
    memory(
        "renames the table",
        "ALTER TABLE T RENAME TO TT",
        "SELECT * FROM TT",
        "LOAD TT 700 720",
        "SELECT COUNT(*) FROM TT");
    memory("renames an index", "ALTER INDEX IK RENAME TO IKK", ALL + " WHERE K = 4");
    memory(
        "alters before a rollback",
        "BEGIN",
        "LOAD T 700 710",
        "ALTER TABLE T ADD COLUMN N INT",
        "ROLLBACK",
        COUNT);
    memory(
        "comments and privileges",
        "COMMENT ON TABLE T IS 'hi'",
        "CREATE USER U PASSWORD 'x'",
        "GRANT SELECT ON T TO U",
        "SELECT REMARKS FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'T'");
    memory(
        "identity and generated columns",
        "CREATE TABLE G(ID INT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, A INT, B INT GENERATED"
            + " ALWAYS AS (A * 2))",
        "INSERT INTO G(A) VALUES(5), (6)",
        "SELECT * FROM G",
        "UPDATE G SET A = 9 WHERE ID = 1",
        "SELECT * FROM G");
    memory(
        "local temporary tables",
        "CREATE LOCAL TEMPORARY TABLE L(A INT PRIMARY KEY, B INT)",
        "LOAD L 1 200",
        "SELECT * FROM L",
        "DELETE FROM L WHERE A < 50",
        "CREATE INDEX LB ON L(B)",
        "SELECT * FROM L WHERE B = 41",
        "SELECT COUNT(*) FROM L",
        "b:SELECT * FROM L",
        "DROP TABLE L");
    memory(
        "temporary tables that empty at commit",
        "CREATE LOCAL TEMPORARY TABLE L(A INT PRIMARY KEY, B INT) ON COMMIT DELETE ROWS",
        "BEGIN",
        "LOAD L 1 200",
        "SELECT COUNT(*) FROM L",
        "COMMIT",
        "SELECT COUNT(*) FROM L",
        "LOAD L 1 100",
        "SELECT COUNT(*) FROM L");
    memory(
        "global temporary tables",
        "CREATE GLOBAL TEMPORARY TABLE G(A INT, B INT)",
        "LOAD G 1 200",
        "SELECT * FROM G",
        "DROP TABLE G");
    memory(
        "memory tables",
        "CREATE MEMORY TABLE M(A INT PRIMARY KEY, B INT)",
        "LOAD M 1 200",
        "SELECT * FROM M WHERE A = 17");
    memory(
        "triggers",
        "CREATE TABLE LOGGED(A INT, B INT)",
        "LOAD LOGGED 1 50",
        "UPDATE LOGGED SET B = 1",
        "SELECT * FROM LOGGED");
    memory(
        "spatial indexes",
        "CREATE TABLE G(ID INT PRIMARY KEY, GEO GEOMETRY)",
        "CREATE SPATIAL INDEX GI ON G(GEO)",
        "INSERT INTO G VALUES(1, 'POINT(1 1)'), (2, 'POINT(5 5)')",
        "SELECT ID FROM G WHERE GEO && 'POLYGON((0 0, 0 2, 2 2, 2 0, 0 0))'::GEOMETRY",
        "DELETE FROM G WHERE ID = 1",
        "SELECT * FROM G");
    return tests;
  }

  @TestFactory
  List<DynamicTest> opening() {
    String[] look = {
      ALL,
      COUNT,
      "SELECT ID FROM T WHERE K = 4",
      "SELECT K, ID FROM T ORDER BY K, ID",
      "INSERT INTO T(ID) VALUES(5)"
    };
    file(
        "reopens",
        with(look, "DELETE FROM T WHERE ID < 20", "UPDATE T SET S = 'u' WHERE ID < 40", "REOPEN"));
    file(
        "reopens and goes on",
        with(
            look,
            "REOPEN",
            "LOAD T 700 900",
            "DELETE FROM T WHERE ID BETWEEN 590 AND 710",
            "REOPEN",
            "LOAD T 1000 1100",
            "UPDATE T SET S = 'u' WHERE ID > 1050"));
    file(
        "survives a kill",
        with(look, "DELETE FROM T WHERE ID < 20", "LOAD T 700 900", "CHECKPOINT SYNC", "KILL"));
    file(
        "rolls an open load back after a kill",
        with(
            look,
            "CHECKPOINT SYNC",
            "b:BEGIN",
            "b:LOAD T 700 900",
            "b:DELETE FROM T WHERE ID < 50",
            "CHECKPOINT SYNC",
            "KILL",
            "LOAD T 700 800"));
    file(
        "commits an in-doubt load",
        with(
            look,
            "BEGIN",
            "LOAD T 700 900",
            "DELETE FROM T WHERE ID < 50",
            "PREPARE COMMIT TX1",
            "b:CHECKPOINT SYNC",
            "KILL",
            COUNT,
            "COMMIT TRANSACTION TX1",
            "REOPEN"));
    file(
        "rolls an in-doubt load back",
        with(
            look,
            "BEGIN",
            "LOAD T 700 900",
            "DELETE FROM T WHERE ID < 50",
            "PREPARE COMMIT TX1",
            "b:CHECKPOINT SYNC",
            "KILL",
            COUNT,
            "ROLLBACK TRANSACTION TX1",
            "REOPEN",
            "LOAD T 700 800"));
    file("reopens after truncate", with(look, "TRUNCATE TABLE T", "KILL", "LOAD T 1 50"));
    file(
        "reopens after data definition",
        with(
            look,
            "CREATE INDEX ID1 ON T(D)",
            "ALTER TABLE T ADD COLUMN N INT DEFAULT 3",
            "REOPEN",
            ALL + " WHERE D = DATE '2020-02-01'",
            "DROP INDEX ID1",
            "REOPEN"));
    file(
        "reopens after columns were added and dropped",
        with(
            look,
            "DELETE FROM T WHERE ID < 20",
            "UPDATE T SET K = -1 WHERE ID < 40",
            "ALTER TABLE T ADD COLUMN N INT DEFAULT 3 FIRST",
            "ALTER TABLE T DROP COLUMN TS",
            "CHECKPOINT SYNC",
            "KILL",
            "SELECT * FROM T ORDER BY _ROWID_",
            "ALTER TABLE T ADD COLUMN TS TIMESTAMP BEFORE B",
            "ALTER TABLE T DROP COLUMN N",
            "REOPEN",
            "SELECT * FROM T ORDER BY _ROWID_",
            "LOAD T 1000 1100"));
    file(
        "drops after reopening",
        "REOPEN",
        "DROP TABLE T",
        "REOPEN",
        HybridTwins.TABLE,
        "LOAD T 1 200",
        "REOPEN",
        ALL);
    file("compacts", with(look, "DELETE FROM T WHERE ID < 100", "SHUTDOWN DEFRAG", "REOPEN"));
    file(
        "shrinks",
        with(look, "LOAD T 700 900", "DELETE FROM T WHERE ID < 100", "SHUTDOWN COMPACT", "REOPEN"));
    file(
        "keeps temporary tables out of the file",
        "CREATE LOCAL TEMPORARY TABLE L(A INT PRIMARY KEY, B INT)",
        "LOAD L 1 200",
        "CREATE GLOBAL TEMPORARY TABLE G(A INT, B INT)",
        "LOAD G 1 200",
        "CHECKPOINT SYNC",
        "KILL",
        "SELECT * FROM L",
        "SELECT * FROM G",
        COUNT);
    add(
        "works encrypted",
        folder,
        ";CIPHER=AES",
        with(look, "LOAD T 700 900", "REOPEN", "LOAD T 900 1000", "CHECKPOINT SYNC", "KILL"));
    return tests;
  }

  private static String[] with(String[] last, String... first) {
    String[] all = Arrays.copyOf(first, first.length + last.length);
    System.arraycopy(last, 0, all, first.length, last.length);
    return all;
  }
}
