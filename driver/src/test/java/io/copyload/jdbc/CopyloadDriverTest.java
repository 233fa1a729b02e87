package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyloadDriverTest {
  @TempDir Path folder;

  @Test
  void foreignUrlsAreNotOurs() throws SQLException {
    CopyloadDriver driver = new CopyloadDriver();
    assertNull(driver.connect("jdbc:h2:mem:", null));
    assertNull(driver.connect("jdbc:copyloads:mem:", null));
    assertFalse(driver.acceptsURL("jdbc:postgresql://x/y"));
    assertTrue(driver.acceptsURL("jdbc:copyload:"));
    assertThrows(SQLException.class, () -> driver.connect(null, null));
  }

  @Test
  void driverManagerFindsUs() throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:copyload:")) {
      assertTrue(c.isValid(1));
    }
  }

  @Test
  void unnamedInMemoryDatabasesArePrivateAndNamedOnesShared() throws SQLException {
    try (Connection a = DriverManager.getConnection("jdbc:copyload:");
        Connection b = DriverManager.getConnection("jdbc:copyload:");
        Connection c = DriverManager.getConnection("jdbc:copyload:mem:shared");
        Connection d = DriverManager.getConnection("jdbc:copyload:mem:shared")) {
      update(a, "CREATE TABLE t(a INT)");
      update(b, "CREATE TABLE t(a INT)");
      update(c, "CREATE TABLE t(a INT)");
      assertEquals(1, update(d, "INSERT INTO t VALUES (1)"));
    }
  }

  @Test
  void filesKeepTheirRows() throws SQLException {
    for (String url :
        new String[] {"jdbc:copyload:" + folder + "/a", "jdbc:copyload:file:" + folder + "/a"}) {
      try (Connection c = DriverManager.getConnection(url, "sa", "pw")) {
        update(c, "CREATE TABLE IF NOT EXISTS t(a INT)");
        update(c, "INSERT INTO t VALUES (1)");
      }
    }
    try (Connection c = DriverManager.getConnection("jdbc:copyload:" + folder + "/a", "sa", "pw");
        ResultSet rows = c.createStatement().executeQuery("SELECT COUNT(*) FROM t")) {
      rows.next();
      assertEquals(2, rows.getInt(1));
    }
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> DriverManager.getConnection("jdbc:copyload:" + folder + "/a", "sa", "wrong"));
    assertEquals("28000", e.getSQLState());
  }

  @Test
  void databaseThatH2MadeCanBeOpened() throws SQLException {
    String path = folder + "/plain";
    try (Connection c = DriverManager.getConnection("jdbc:h2:" + path, "sa", "")) {
      update(c, "CREATE TABLE t(a INT)");
      update(c, "INSERT INTO t VALUES (1)");
    }
    try (Connection c = DriverManager.getConnection("jdbc:copyload:" + path, "sa", "");
        ResultSet rows = c.createStatement().executeQuery("SELECT * FROM t")) {
      assertTrue(rows.next());
      c.createStatement().executeQuery("SELECT * FROM sys_load_history").close();
    }
    try (Connection c = DriverManager.getConnection("jdbc:h2:" + path, "sa", "");
        ResultSet rows = c.createStatement().executeQuery("SELECT * FROM t")) {
      assertTrue(rows.next());
    }
  }

  @Test
  void databaseThatH2HasOpenCanBeShared() throws SQLException {
    try (Connection h2 = DriverManager.getConnection("jdbc:h2:mem:both", "sa", "");
        Connection c = DriverManager.getConnection("jdbc:copyload:mem:both", "sa", "")) {
      update(c, "CREATE TABLE t(a INT)");
      assertEquals(1, update(h2, "INSERT INTO t VALUES (1)"));
      c.createStatement().executeQuery("SELECT * FROM stl_load_errors").close();
    }
  }

  @Test
  void readOnlyDatabaseOpens() throws SQLException {
    String url = "jdbc:copyload:" + folder + "/ro";
    try (Connection c = DriverManager.getConnection(url, "sa", "")) {
      update(c, "CREATE TABLE t(a INT)");
    }
    try (Connection c = DriverManager.getConnection(url + ";ACCESS_MODE_DATA=r", "sa", "")) {
      assertTrue(c.isReadOnly());
      c.createStatement().executeQuery("SELECT * FROM sys_load_history").close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"MySQL", "MariaDB", "PostgreSQL", "Oracle", "MSSQLServer", "DB2", "LEGACY"})
  void historyIsFoundInEveryMode(String mode) throws SQLException {
    String url = "jdbc:copyload:" + folder + "/" + mode + ";DATABASE_TO_LOWER=TRUE;MODE=" + mode;
    for (int i = 0; i < 2; i++) {
      try (Connection c = DriverManager.getConnection(url, "sa", "");
          Statement s = c.createStatement()) {
        s.executeQuery("SELECT * FROM sys_load_history").close();
        s.executeQuery("SELECT * FROM stl_load_errors").close();
        try (ResultSet tables = c.getMetaData().getTables(null, null, "stl_load_errors", null)) {
          assertTrue(tables.next());
          assertEquals("VIEW", tables.getString("TABLE_TYPE"));
        }
      }
    }
  }

  @Test
  void userOfTheSchemaSearchPathKeepsIt() throws SQLException {
    String url = "jdbc:copyload:mem:path;SCHEMA_SEARCH_PATH=INFORMATION_SCHEMA";
    try (Connection c = DriverManager.getConnection(url, "sa", "");
        Statement s = c.createStatement()) {
      s.executeQuery("SELECT * FROM sessions").close();
      s.executeQuery("SELECT * FROM sys_load_history").close();
    }
  }

  @Test
  void usersWithoutAdminRightsReadTheHistoryAndCreateTables() throws SQLException {
    String url = "jdbc:copyload:mem:rights";
    try (Connection admin = DriverManager.getConnection(url, "sa", "")) {
      update(admin, "CREATE USER ann PASSWORD 'x'");
      update(admin, "CREATE SCHEMA anns AUTHORIZATION ann");
      try (Connection ann = DriverManager.getConnection(url, "ann", "x");
          Statement s = ann.createStatement()) {
        ann.setSchema("ANNS");
        s.executeQuery("SELECT * FROM sys_load_history").close();
        update(ann, "CREATE TABLE t(a INT)");
        assertEquals(1, update(ann, "INSERT INTO t VALUES (1)"));
        assertThrows(SQLException.class, () -> update(ann, "CREATE TABLE public.t(a INT)"));
      }
    }
  }

  @Test
  void propertyInfoSaysEverything() throws SQLException {
    DriverPropertyInfo[] infos =
        new CopyloadDriver().getPropertyInfo("jdbc:copyload:;threads=5", null);
    assertEquals(CopyloadProperty.values().length, infos.length);
    for (DriverPropertyInfo info : infos) {
      assertNotNull(info.description);
      assertNotNull(info.value);
      if (info.name.equals("threads")) {
        assertEquals("5", info.value);
      }
    }
  }

  @Test
  void everyPropertyIsABeanPropertyOfTheDataSource() throws Exception {
    Set<String> beans = new HashSet<>();
    for (PropertyDescriptor bean :
        Introspector.getBeanInfo(CopyloadDataSource.class).getPropertyDescriptors()) {
      if (bean.getWriteMethod() != null) {
        beans.add(bean.getName().toLowerCase(java.util.Locale.ROOT));
      }
    }
    for (CopyloadProperty property : CopyloadProperty.values()) {
      assertTrue(beans.contains(property.key().replaceAll("[._]", "")), property.key());
    }
  }

  @Test
  void dataSourceConnects() throws SQLException {
    CopyloadDataSource source = new CopyloadDataSource();
    source.setUrl("jdbc:copyload:mem:");
    source.setUser("sa");
    source.setPassword("secret");
    source.setThreads("2");
    source.setProductName("PostgreSQL");
    try (Connection c = source.getConnection()) {
      assertEquals("PostgreSQL", c.getMetaData().getDatabaseProductName());
      assertEquals(2, c.getMetaData().getDatabaseMajorVersion());
      assertEquals("SA", c.getMetaData().getUserName());
    }
    assertFalse(source.toString().contains("secret"));
    source.setThreads("many");
    assertThrows(SQLException.class, source::getConnection);
    source.setUrl("jdbc:h2:mem:");
    source.setThreads(null);
    assertThrows(SQLException.class, source::getConnection);
  }

  @Test
  void productNameIsH2() throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:copyload:mem:p")) {
      assertEquals("H2", c.getMetaData().getDatabaseProductName());
      assertEquals("jdbc:h2:mem:p", c.getMetaData().getURL());
    }
  }

  private static int update(Connection c, String sql) throws SQLException {
    try (Statement statement = c.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }
}
