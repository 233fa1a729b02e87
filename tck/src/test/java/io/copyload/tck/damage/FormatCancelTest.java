package io.copyload.tck.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.tck.TckDatabase;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads that would go on for minutes are cancelled and leave nothing. */
class FormatCancelTest {
  @TempDir private Path folder;

  /** The same file over and over: the load has no end in sight, whatever the machine. */
  @Test
  void parquet() throws Exception {
    Path file = folder.resolve("rows.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT range AS id FROM range(3000000)) TO '" + file + "' (FORMAT parquet)");
    }
    cancel("COPY t FROM 'file:" + manifest(file) + "' FORMAT AS PARQUET MANIFEST");
  }

  /** The same file over and over. */
  @Test
  void json() throws Exception {
    Path file = folder.resolve("rows.json");
    try (Writer out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < 2_000_000; i++) {
        out.write("{\"id\":" + i + "}");
      }
    }
    cancel("COPY t FROM 'file:" + manifest(file) + "' JSON 'auto' MANIFEST");
  }

  private Path manifest(Path file) throws IOException {
    String entry =
        "{\"url\":\"file:" + file + "\",\"meta\":{\"content_length\":" + Files.size(file) + "}}";
    Path list = folder.resolve("rows.manifest");
    Files.writeString(
        list, "{\"entries\":[" + String.join(",", Collections.nCopies(2000, entry)) + "]}");
    return list;
  }

  private void cancel(String copy) throws SQLException, IOException, InterruptedException {
    Properties properties = new Properties();
    properties.setProperty("dialect", "redshift");
    properties.setProperty("threads", "2");
    properties.setProperty("max_expansion", "0");
    try (TckDatabase database = TckDatabase.inMemory("", properties);
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id BIGINT)");
      AtomicReference<SQLException> outcome = new AtomicReference<>();
      Thread load =
          new Thread(
              () -> {
                try {
                  statement.executeLargeUpdate(copy);
                } catch (SQLException e) {
                  outcome.set(e);
                }
              });
      load.start();
      Thread.sleep(500);
      assertTrue(load.isAlive(), () -> "ended by itself: " + outcome.get());
      statement.cancel();
      // A second is promised; a machine that is busy with other things gets a minute.
      load.join(60_000);
      assertTrue(!load.isAlive(), "is not cancelled");
      assertNotNull(outcome.get(), "has been loaded");
      assertEquals("57014", outcome.get().getSQLState());
      try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
        rows.next();
        assertEquals(0, rows.getLong(1));
      }
    }
  }
}
