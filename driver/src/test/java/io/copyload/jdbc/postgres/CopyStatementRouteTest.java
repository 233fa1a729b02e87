package io.copyload.jdbc.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

/** COPY through Statement and PreparedStatement: a test for each call. */
class CopyStatementRouteTest extends CopyApiFixture {
  private static final String NEEDS_API =
      "COPY from stdin failed: COPY commands are only supported using the CopyManager API.\n"
          + "  Where: COPY t, line 1";

  private void refusedIn(Executable call) throws Exception {
    SQLException e = fails("57014", call);
    if (e instanceof BatchUpdateException) {
      e = e.getNextException();
    }
    assertEquals(NEEDS_API, e.getMessage());
    PSQLException server = assertInstanceOf(PSQLException.class, e.getCause());
    assertEquals("ERROR: " + NEEDS_API, server.getMessage());
    assertEquals("COPY t, line 1", server.getServerErrorMessage().getWhere());
    assertUsable(0);
  }

  @Test
  void copyFromStdin() throws Exception {
    String sql = "COPY t FROM STDIN";
    try (Statement statement = connection.createStatement()) {
      refusedIn(() -> statement.execute(sql));
      refusedIn(() -> statement.executeUpdate(sql));
      refusedIn(() -> statement.executeLargeUpdate(sql));
      statement.addBatch(sql);
      refusedIn(statement::executeBatch);
    }
  }

  @Test
  void copyFromStdinPrepared() throws Exception {
    try (PreparedStatement statement = connection.prepareStatement("COPY t FROM STDIN")) {
      refusedIn(statement::execute);
      refusedIn(statement::executeUpdate);
      statement.addBatch();
      refusedIn(statement::executeBatch);
    }
  }

  @Test
  void copyToStdout() throws Exception {
    try (Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("COPY t TO STDOUT")) {
      String text =
          "COPY commands are only supported using the CopyManager API.\n"
              + "  Hint: COPY ... TO ? takes an OutputStream or Writer as its parameter.";
      fails("0A000", text, () -> statement.execute("COPY t TO STDOUT"));
      fails("0A000", text, prepared::execute);
      assertUsable(0);
    }
  }

  @Test
  void copyFromAFileByExecute(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("t.txt"), "1\tx\n2\ty\n");
    try (Statement statement = connection.createStatement()) {
      assertFalse(statement.execute("COPY t FROM '" + file + "'"));
      assertEquals(2, statement.getUpdateCount());
      assertEquals(2, statement.getLargeUpdateCount());
      assertFalse(statement.getMoreResults());
      assertEquals(-1, statement.getUpdateCount());
    }
  }

  @Test
  void copyFromAFileByExecuteUpdate(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("t.txt"), "1\tx\n2\ty\n");
    try (Statement statement = connection.createStatement()) {
      assertEquals(2, statement.executeUpdate("COPY t FROM '" + file + "'"));
      assertEquals(2, statement.executeLargeUpdate("COPY t FROM '" + file + "'"));
      assertEquals(
          4, statement.executeUpdate("COPY t TO '" + folder.resolve("out").toAbsolutePath() + "'"));
    }
  }

  /** PostgreSQL has loaded the rows when its driver finds no result; here nothing is done. */
  @Test
  void copyFromAFileByExecuteQuery(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("t.txt"), "1\tx\n2\ty\n");
    String text = "No results were returned by the query.";
    try (Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("COPY t FROM '" + file + "'")) {
      fails("02000", text, () -> statement.executeQuery("COPY t FROM '" + file + "'"));
      fails("02000", text, prepared::executeQuery);
    }
    assertUsable(0);
  }

  @Test
  void dataBehindTheStatement() throws Exception {
    try (Statement statement = connection.createStatement()) {
      assertEquals(2, statement.executeUpdate("COPY t FROM STDIN;\n1\tx\n2\ty\n\\.\n"));
      statement.addBatch("COPY t FROM STDIN;\n3\tz\n\\.\n");
      statement.addBatch("COPY t FROM STDIN (FORMAT csv);\n4,\"z;\n\"\n\\.\n");
      assertEquals(2, statement.executeBatch().length);
    }
    assertUsable(4);
  }

  @Test
  void parametersInsteadOfStdin() throws Exception {
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ?")) {
      copy.setBinaryStream(1, new ByteArrayInputStream("1\tx\n".getBytes(StandardCharsets.UTF_8)));
      assertEquals(1, copy.executeUpdate());
      copy.setCharacterStream(1, new StringReader("2\ty\n"));
      assertEquals(1, copy.executeUpdate());
      copy.setObject(1, "3\tz\n");
      assertEquals(1, copy.executeUpdate());
    }
    try (PreparedStatement copy = connection.prepareStatement("COPY t TO ?")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      copy.setObject(1, out);
      assertEquals(3, copy.executeUpdate());
      assertEquals("1\tx\n2\ty\n3\tz\n", out.toString(StandardCharsets.UTF_8));
    }
    assertUsable(3);
  }
}
