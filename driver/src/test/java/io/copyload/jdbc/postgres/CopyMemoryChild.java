package io.copyload.jdbc.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * Pushes more bytes through the COPY API than its heap holds, takes them back, and says how many
 * rows and bytes there were each way. Arguments: URL, megabytes.
 */
final class CopyMemoryChild {
  private CopyMemoryChild() {}

  public static void main(String[] arguments) throws SQLException {
    long limit = Long.parseLong(arguments[1]) << 20;
    try (Connection connection = DriverManager.getConnection(arguments[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(id INT, b VARCHAR)");
      CopyManager manager = connection.unwrap(PGConnection.class).getCopyAPI();
      CopyIn in = manager.copyIn("COPY t FROM STDIN (FORMAT csv)");
      long inBytes = 0;
      long rows = 0;
      StringBuilder text = new StringBuilder();
      while (inBytes < limit) {
        text.setLength(0);
        while (text.length() < 100_000) {
          text.append(rows++).append(',').append(rows * 2_654_435_761L).append(" some text\n");
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        in.writeToCopy(bytes, 0, bytes.length);
        inBytes += bytes.length;
      }
      boolean sameRows = in.endCopy() == rows;
      CopyOut out = manager.copyOut("COPY t TO STDOUT (FORMAT csv)");
      long outBytes = 0;
      for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
        outBytes += row.length;
      }
      System.out.println(sameRows && out.getHandledRowCount() == rows && outBytes == inBytes);
    } catch (Throwable e) {
      // Threads of a database without memory may not end.
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }
}
