package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY FROM 'hdfs://...' and 'webhdfs://...' against a cluster of Hadoop. */
@ExtendWith(HdfsServer.Started.class)
class HdfsCopyTest {
  private static HdfsServer server;

  @BeforeAll
  static void start() throws IOException {
    server = HdfsServer.shared();
    server.write("/plain/a.txt", "1|one\n2|two\n");
    server.write("/out/_SUCCESS", "");
    server.write("/out/part-00000", "1|a\n");
    server.write("/out/part-00001", "2|b\n");
    server.write("/out/part-00010", "3|c\n");
    server.write("/out/deep/part-1", "9|z\n");
  }

  private static String address(String scheme, String path) {
    return scheme.equals("hdfs") ? server.rpc(path) : server.web(path);
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:copyload:;network_tries=3;network_timeout=5");
  }

  private static long copy(Statement s, String address, String options) throws SQLException {
    s.execute("DROP TABLE IF EXISTS t");
    s.execute("CREATE TABLE t (id INTEGER, name VARCHAR(40))");
    return s.executeLargeUpdate("COPY t FROM '" + address + "' " + options);
  }

  private static String ids(Statement s) throws SQLException {
    try (ResultSet rows = s.executeQuery("SELECT LISTAGG(id) FROM t")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static SQLException refused(Statement s, String address, String state, String text) {
    SQLException e = assertThrows(SQLException.class, () -> copy(s, address, ""), address);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
    return e;
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhdfs", "hdfs"})
  void filesFoldersAndPatterns(String scheme) throws SQLException {
    try (Connection c = connect();
        Statement s = c.createStatement()) {
      assertEquals(2, copy(s, address(scheme, "/plain/a.txt"), ""));
      assertEquals(3, copy(s, address(scheme, "/out"), ""));
      assertEquals("1,2,3", ids(s));
      assertEquals(3, copy(s, address(scheme, "/out/part-*"), ""));
      assertEquals(2, copy(s, address(scheme, "/out/part-0000?"), ""));
      assertEquals(2, copy(s, address(scheme, "/out/part-000[0-1]{0,x}"), ""));
      assertEquals("1,3", ids(s));
      assertEquals(4, copy(s, address(scheme, "/{out,out/deep}/part-*"), ""));
      assertEquals(4, copy(s, address(scheme, "/out/*"), ""));
      refused(s, address(scheme, "/none"), "58P01", "no such file or directory");
      refused(s, address(scheme, "/out/x*"), "58P01", "no file matches the pattern");
    }
  }
}
