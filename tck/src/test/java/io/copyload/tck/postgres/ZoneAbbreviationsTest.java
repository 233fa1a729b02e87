package io.copyload.tck.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.tck.TckDatabase;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

/**
 * Every abbreviation of a time zone that a real PostgreSQL knows in a session's zone, over its
 * history. From 18 on the session's zone comes first: {@code IST} is India's in India, and Israel's
 * elsewhere.
 */
class ZoneAbbreviationsTest {
  private static final String[] TIMES = {
    "1890-01-01 12:00",
    "1919-06-01 12:00",
    "1925-06-01 12:00",
    "1955-01-01 12:00",
    "1975-07-01 12:00",
    "1985-01-01 12:00",
    "1991-07-01 12:00",
    "1999-12-31 23:59:59",
    "2009-01-15 00:00",
    "2011-03-27 01:59:59",
    "2011-03-27 02:30",
    "2012-07-01 12:00",
    "2014-10-26 00:59:59",
    "2014-10-26 01:30",
    "2014-10-26 02:00",
    "2020-02-29 12:00"
  };

  @ParameterizedTest
  @CsvSource({
    "14, UTC",
    "14, Asia/Kolkata",
    "18, UTC",
    "18, Asia/Kolkata",
    "18, Europe/Dublin",
    "18, Europe/Moscow",
    "18, Africa/Johannesburg",
    "18, America/Anchorage",
    "18, America/Goose_Bay",
    "18, US/Eastern"
  })
  void meansWhatTheServerMeans(int major, String zone) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("dialect", "postgresql" + major);
    try (TckDatabase database = TckDatabase.inMemory(";DATABASE_TO_LOWER=TRUE", properties);
        Connection ours = database.connect();
        Connection theirs = DriverManager.getConnection(PostgresServer.shared(major).url())) {
      for (Connection connection : List.of(ours, theirs)) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET TIME ZONE '" + zone + "'");
        }
      }
      StringBuilder rows = new StringBuilder();
      for (String name : names(theirs)) {
        for (String time : TIMES) {
          String text = time + " " + name;
          rows.append(text).append('\t').append(text).append('\n');
        }
      }
      assertEquals(
          String.join("\n", loaded(theirs, rows.toString())),
          String.join("\n", loaded(ours, rows.toString())));
    }
  }

  private static List<String> names(Connection server) throws Exception {
    List<String> names = new ArrayList<>();
    try (Statement statement = server.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT abbrev FROM pg_timezone_abbrevs ORDER BY 1")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static List<String> loaded(Connection connection, String rows) throws Exception {
    List<String> loaded = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE zoned (n VARCHAR, v TIMESTAMP WITH TIME ZONE)");
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY zoned FROM STDIN", new StringReader(rows));
      try (ResultSet found =
          statement.executeQuery(
              "SELECT n, CAST(extract(epoch FROM v) AS BIGINT) FROM zoned ORDER BY 1")) {
        while (found.next()) {
          loaded.add(found.getString(1) + " = " + found.getLong(2));
        }
      }
      statement.execute("DROP TABLE zoned");
    }
    return loaded;
  }
}
