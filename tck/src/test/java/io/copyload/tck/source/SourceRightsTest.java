package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what; local manifests. */
class SourceRightsTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void assertRefused(Statement s, String from, String state, String text) {
    SQLException e = assertThrows(SQLException.class, () -> s.execute("COPY t FROM " + from), from);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  @Test
  void theNetworkIsForAdministratorsAndARole() throws SQLException {
    String url = "jdbc:copyload:mem:source_rights;network_tries=1;network_timeout=1";
    try (Connection admin = DriverManager.getConnection(url, "sa", "");
        Statement a = admin.createStatement()) {
      a.execute("CREATE TABLE t (id INTEGER)");
      a.execute("CREATE USER u PASSWORD 'u'");
      a.execute("GRANT ALL ON t TO u");
      try (Connection user = DriverManager.getConnection(url, "u", "u");
          Statement s = user.createStatement()) {
        assertRefused(s, "'http://127.0.0.1:1/x' CSV", "42501", "COPY from the network");
        assertRefused(s, "'s3://bucket/x' CSV", "42501", "copyload_read_network");
        assertRefused(s, "'" + folder_() + "' CSV", "42501", "COPY from a file");
        a.execute("CREATE ROLE copyload_read_network");
        a.execute("GRANT copyload_read_network TO u");
        assertRefused(s, "'http://127.0.0.1:1/x' CSV", "58030", "no connection");
        assertRefused(s, "'" + folder_() + "' CSV", "42501", "COPY from a file");
      }
    }
  }

  private String folder_() {
    return folder.resolve("x").toString();
  }

  @Test
  void onlyAllowedSourcesAreRead() throws Exception {
    Path in = write("in/a.csv", "1\n2\n");
    Path out = write("out/b.csv", "3\n");
    Files.createSymbolicLink(folder.resolve("in/link.csv"), out);
    String escape = write("in/m1.json", "{\"entries\":[{\"url\":\"../out/b.csv\"}]}").toString();
    String good = write("in/m2.json", "{\"entries\":[{\"url\":\"a.csv\"}]}").toString();
    String url =
        "jdbc:copyload:;network_tries=1;allowed_sources="
            + folder.resolve("in")
            + ",https://example.com/data,s3://lake/in/";
    try (Connection c = DriverManager.getConnection(url);
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER)");
      assertEquals(2, s.executeUpdate("COPY t FROM '" + in + "' CSV"));
      assertEquals(2, s.executeUpdate("COPY t FROM '" + good + "' CSV MANIFEST"));
      String no = "permission denied to COPY from";
      assertRefused(s, "'" + out + "' CSV", "42501", no);
      assertRefused(s, "'" + folder + "/in/../out/b.csv' CSV", "42501", no);
      assertRefused(s, "'" + folder + "/in/link.csv' CSV", "42501", no);
      assertRefused(s, "'" + folder + "/in/*.csv' CSV", "42501", no);
      assertRefused(s, "'" + folder + "/*/*.csv' CSV", "42501", no);
      assertRefused(s, "'" + escape + "' CSV MANIFEST", "42501", no);
      assertRefused(s, "'/no/such/file' CSV", "42501", no);
      assertRefused(s, "'s3://lake/in' CSV", "42501", no);
      assertRefused(s, "'s3://lake/in/../out' CSV", "42501", no);
      assertRefused(s, "'s3://other/in/x' CSV", "42501", no);
      assertRefused(s, "'http://example.com/data/x' CSV", "42501", no);
      assertRefused(s, "'https://example.com/database/x' CSV", "42501", no);
      assertRefused(s, "'https://example.com/data/../x' CSV", "42501", no);
      assertRefused(s, "'https://example.com/data/%2e%2e/x' CSV", "42501", no);
      assertRefused(s, "'https://example.com.evil.invalid/data/x' CSV", "42501", no);
      assertRefused(s, "'https://example.com@evil.invalid/data/x' CSV", "42501", no);
    }
  }

  @Test
  void aLocalManifestWorksAsInS3() throws Exception {
    write("d/a.csv", "1\n2\n");
    String two = "{\"url\":\"a.csv\"},{\"url\":\"" + folder.resolve("d/a.csv").toUri() + "\"}";
    String good = write("d/m.json", "{\"entries\":[" + two + ",{\"url\":\"no.csv\"}]}").toString();
    String bad =
        write("d/n.json", "{\"entries\":[" + two + ",{\"url\":\"no\",\"mandatory\":true}]}")
            .toString();
    String none = write("d/o.json", "{\"entries\":[{\"url\":\"no\"}]}").toString();
    String s3 = write("d/p.json", "{\"entries\":[{\"url\":\"s3://lake/x\"}]}").toString();
    try (Connection c = DriverManager.getConnection("jdbc:copyload:");
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER)");
      assertEquals(
          4,
          s.executeUpdate("COPY t FROM '" + good + "' IAM_ROLE default REGION 'x' MANIFEST CSV"));
      assertRefused(s, "'" + bad + "' MANIFEST CSV", "58P01", "mandatory");
      assertRefused(s, "'" + none + "' MANIFEST CSV", "58P01", "none of the 1 files");
      assertRefused(s, "'" + s3 + "' MANIFEST CSV", "22P04", "s3://lake/x");
    }
  }

  @Test
  void inRedshiftALocalPathIsAPrefixAsInS3() throws Exception {
    write("p/venue.txt.1", "1\n");
    write("p/venue.txt.2", "2\n");
    write("p/venue.txt.d/x/y.txt", "3\n");
    write("p/other.txt", "4\n");
    String p = folder.resolve("p").toString();
    try (Connection c = DriverManager.getConnection("jdbc:copyload:;dialect=redshift");
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER)");
      assertEquals(3, s.executeUpdate("COPY t FROM '" + p + "/venue.txt' CSV"));
      assertEquals(4, s.executeUpdate("COPY t FROM '" + p + "' CSV"));
      assertEquals(4, s.executeUpdate("COPY t FROM '" + p + "/' CSV"));
      assertEquals(1, s.executeUpdate("COPY t FROM 'file://" + p + "/venue.txt.1' CSV"));
      assertRefused(s, "'" + p + "/no' CSV", "58P01", "No such file");
      assertRefused(s, "'" + folder + "/no/x' CSV", "58P01", "No such file");
      String m = write("p/m.json", "{\"entries\":[{\"url\":\"other.txt\"}]}").toString();
      assertRefused(s, "'" + m + "' MANIFEST PARQUET", "22P04", "content_length");
    }
  }
}
