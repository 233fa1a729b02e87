package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.h2.CopySettings;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyloadUrlTest {
  private static final String ENGINE = ";DEFAULT_TABLE_ENGINE=" + CopyloadUrl.TABLE_ENGINE;

  @ParameterizedTest
  @CsvSource({
    "jdbc:copyload:, jdbc:h2:mem:",
    "jdbc:copyload:mem:a, jdbc:h2:mem:a",
    "jdbc:copyload:./a, jdbc:h2:./a",
    "jdbc:copyload:~/a, jdbc:h2:~/a",
    "jdbc:copyload:/tmp/a b, jdbc:h2:/tmp/a b",
    "jdbc:copyload:file:/tmp/a, jdbc:h2:file:/tmp/a",
    "jdbc:copyload:nioMemFS:a, jdbc:h2:nioMemFS:a",
    "jdbc:copyload:zip:~/a.zip!/a, jdbc:h2:zip:~/a.zip!/a",
    "jdbc:copyload:mem:a;THREADS=3;MODE=MySQL, jdbc:h2:mem:a;MODE=MySQL",
    "jdbc:copyload:mem:a;;INIT=SELECT 1\\;SELECT 2;threads=3, jdbc:h2:mem:a;;INIT=SELECT 1\\;SELECT 2",
  })
  void restOfTheUrlGoesToH2Untouched(String url, String h2Url) throws SQLException {
    assertEquals(h2Url + ENGINE, CopyloadUrl.parse(url, null).h2Url());
  }

  @Test
  void ownTableEngineWins() throws SQLException {
    CopyloadUrl url = CopyloadUrl.parse("jdbc:copyload:mem:a;default_table_engine=x", null);
    assertEquals("jdbc:h2:mem:a;default_table_engine=x", url.h2Url());
    Properties info = new Properties();
    info.setProperty("Default_Table_Engine", "x");
    assertEquals("jdbc:h2:mem:a", CopyloadUrl.parse("jdbc:copyload:mem:a", info).h2Url());
  }

  @Test
  void propertiesOfOursAreTakenOutAndTheRestIsH2s() throws SQLException {
    Properties info = new Properties();
    info.setProperty("user", "sa");
    info.setProperty("Memory", "64MB");
    info.put("password", new char[] {'x'});
    CopyloadUrl url = CopyloadUrl.parse("jdbc:copyload:mem:a;threads=3", info);
    assertEquals(Map.of(CopyloadProperty.THREADS, "3", CopyloadProperty.MEMORY, "64MB"), url.own());
    assertEquals("sa", url.h2Properties().getProperty("user"));
    assertTrue(url.h2Properties().get("password") instanceof char[]);
    assertEquals(2, url.h2Properties().size());
  }

  @Test
  void settingsHaveDefaultsAndUnits() throws SQLException {
    CopySettings defaults = CopyloadProperty.settings(Map.of());
    assertEquals(Runtime.getRuntime().availableProcessors(), defaults.threads());
    assertTrue(defaults.memoryBytes() <= 1L << 30);
    assertTrue(defaults.durable());
    CopySettings settings =
        CopyloadProperty.settings(
            Map.of(
                CopyloadProperty.MEMORY, "2 gb",
                CopyloadProperty.DIALECT, "RedShift",
                CopyloadProperty.DURABLE, "FALSE"));
    assertEquals(2L << 30, settings.memoryBytes());
    assertEquals(DialectName.REDSHIFT, settings.dialect());
    assertFalse(settings.durable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "threads=0",
        "threads=",
        "threads=two",
        "threads=99999",
        "memory=1KB",
        "memory=-1GB",
        "memory=99999999999999GB",
        "dialect=oracle",
        "durable=yes",
        "rejects=-1",
        "history_retention=x",
        "threads",
        "threads=1;threads=2"
      })
  void badValuesAreNamed(String setting) {
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> new CopyloadDriver().connect("jdbc:copyload:;" + setting, null));
    assertEquals("08001", e.getSQLState());
    String name = setting.replaceAll("=.*", "");
    assertTrue(e.getMessage().contains(name), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:copyload:tcp://h/a",
        "jdbc:copyload:ssl://h/a",
        "jdbc:copyload:file:",
        "jdbc:copyload:foo"
      })
  void unusableDatabasesAreRefused(String url) {
    SQLException e =
        assertThrows(SQLException.class, () -> new CopyloadDriver().connect(url, null));
    assertEquals("08001", e.getSQLState());
    assertFalse(e.getMessage().contains("Exception"), e.getMessage());
  }
}
