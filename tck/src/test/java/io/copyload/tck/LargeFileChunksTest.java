package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redshift's views show a file of 128 MB in chunks of 64 MB, whatever its parts were here. */
class LargeFileChunksTest {
  private static final int CHUNK = 64 << 20;

  @Test
  void viewsShowALargeFileInChunks(@TempDir Path folder) throws IOException, SQLException {
    Path file = folder.resolve("large.txt");
    // 1,000 bytes a line: the chunks begin within lines.
    byte[] line = ("1|" + "x".repeat(997) + "\n").getBytes(StandardCharsets.US_ASCII);
    int lines = 2 * CHUNK / line.length + 1;
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] many = new byte[1000 * line.length];
      for (int i = 0; i < 1000; i++) {
        System.arraycopy(line, 0, many, i * line.length, line.length);
      }
      for (int i = 0; i < lines / 1000; i++) {
        out.write(many);
      }
      out.write(many, 0, lines % 1000 * line.length);
      out.write("z|last\n".getBytes(StandardCharsets.US_ASCII));
    }
    long size = Files.size(file);
    int before = (CHUNK + line.length - 1) / line.length;
    String url = System.getProperty("copyload.tck.url", "jdbc:copyload:") + ";DIALECT=redshift";
    try (Connection c = DriverManager.getConnection(url, "sa", "");
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (a INT, b VARCHAR(1000))");
      s.execute("COPY t FROM '" + file.toUri() + "' DELIMITER '|' NOLOAD MAXERROR 2");
      String columns =
          "lines_scanned, byte_offset, errors, is_partial, start_offset FROM stl_load_commits";
      assertEquals(
          List.of(
              before + "," + CHUNK + ",0,1,0",
              lines / 2 + "," + CHUNK + ",0,1," + CHUNK,
              (lines + 1 - before - lines / 2) + "," + (size - 2L * CHUNK) + ",1,1," + 2L * CHUNK),
          rows(s, "SELECT " + columns + " ORDER BY start_offset"));
      assertEquals(
          List.of((lines + 1) + ",1207,1," + 2L * CHUNK),
          rows(s, "SELECT line_number, err_code, is_partial, start_offset FROM stl_load_errors"));
      assertEquals(
          List.of(size + "," + (lines + 1) + ",3"),
          rows(s, "SELECT bytes_scanned, lines_scanned, splits_scanned FROM sys_load_detail"));
      assertEquals(List.of("3"), rows(s, "SELECT COUNT(*) FROM stl_file_scan"));
    }
  }

  private static List<String> rows(Statement s, String sql) throws SQLException {
    try (ResultSet r = s.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (r.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
          row.add(r.getString(i));
        }
        rows.add(String.join(",", row));
      }
      return rows;
    }
  }
}
