package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HybridTableTest {
  private static final String ENGINE =
      ";DEFAULT_TABLE_ENGINE=io.copyload.engine.h2.ColumnarTableEngine";

  @Test
  void showsLoadedAndInsertedRows() throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:h2:mem:" + ENGINE);
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE T(ID INT PRIMARY KEY, NAME VARCHAR(20), D DATE)");
      List<Object[]> rows = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        rows.add(new Object[] {i, "n" + i % 7, java.time.LocalDate.of(2024, 1, 1).plusDays(i % 50)});
      }
      SegmentLoader.load(c, "T", rows);
      s.execute("INSERT INTO T VALUES(10000, 'x', NULL)");
      s.execute("DELETE FROM T WHERE ID < 10");
      s.execute("UPDATE T SET NAME = 'upd' WHERE ID = 100");
      assertEquals(4991, one(s, "SELECT COUNT(*) FROM T"));
      assertEquals(4991, one(s, "SELECT COUNT(*) FROM T WHERE ID >= 0 OR NAME IS NULL"));
      assertEquals(100, one(s, "SELECT ID FROM T WHERE NAME = 'upd'"));
      assertEquals(777, one(s, "SELECT ID FROM T WHERE ID = 777"));
    }
  }

  private static long one(Statement s, String sql) throws SQLException {
    try (ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }
}
