package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY FROM 'emr://cluster-id/path', the cluster being Hadoop's own, the service an imitation. */
@ExtendWith(HdfsServer.Started.class)
class EmrCopyTest {
  private static final int RPC_PORT = 8020;
  private static HdfsServer cluster;

  private EmrServer service;

  @BeforeAll
  static void start() throws IOException {
    cluster = HdfsServer.shared();
    cluster.write("/emr/out/_SUCCESS", "");
    cluster.write("/emr/out/part-00000", "1|a\n2|b\n");
    cluster.write("/emr/out/part-00001", "3|c\n");
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write("4,\"d,d\"\n".getBytes(StandardCharsets.UTF_8));
    }
    cluster.write("/emr/csv/a.csv.gz", gzip.toByteArray());
  }

  @BeforeEach
  void startService() throws IOException {
    service = new EmrServer();
  }

  @AfterEach
  void stopService() {
    service.close();
  }

  private Connection connect(String settings) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:copyload:;network_tries=3;network_timeout=20;s3_region=eu-west-1;emr_endpoint="
            + service.endpoint()
            + settings);
  }

  private static long copy(Statement s, String address, String options) throws SQLException {
    s.execute("DROP TABLE IF EXISTS t");
    s.execute("CREATE TABLE t (id INTEGER, name VARCHAR(40))");
    return s.executeLargeUpdate("COPY t FROM '" + address + "'" + options);
  }

  private static void refused(
      Statement s, String address, String options, String state, String text) {
    SQLException e =
        assertThrows(SQLException.class, () -> copy(s, address, options), address + options);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  /** A name node at Hadoop's usual port, which only an address of its own has free. */
  private static final class NameNode implements AutoCloseable {
    private final ServerSocket socket;

    NameNode() throws IOException {
      ServerSocket bound = null;
      for (int i = 1; i < 250 && bound == null; i++) {
        String address = "127.81." + i + "." + (1 + ProcessHandle.current().pid() % 250);
        try {
          bound = new ServerSocket(RPC_PORT, 50, InetAddress.getByName(address));
        } catch (IOException e) {
          // In use, or not an address of this machine.
        }
      }
      Assumptions.assumeTrue(bound != null, "needs loopback addresses other than 127.0.0.1");
      socket = bound;
      start(this::accept);
    }

    String host() {
      return socket.getInetAddress().getHostAddress();
    }

    private static void start(Runnable task) {
      Thread thread = new Thread(task, "name-node");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      try {
        while (true) {
          Socket from = socket.accept();
          Socket to = new Socket(InetAddress.getLoopbackAddress(), cluster.rpcPort());
          start(() -> pass(from, to));
          start(() -> pass(to, from));
        }
      } catch (IOException e) {
        // The test has ended.
      }
    }

    private static void pass(Socket from, Socket to) {
      try (from;
          to) {
        from.getInputStream().transferTo(to.getOutputStream());
      } catch (IOException e) {
        // The connection has ended.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void aClusterIsFoundByItsId() throws Exception {
    try (NameNode nameNode = new NameNode();
        Connection c = connect("");
        Statement s = c.createStatement()) {
      service.instance =
          "{\"Id\":\"ci-1\",\"PrivateDnsName\":\"ip-10-0-0-1.invalid\",\"PrivateIpAddress\":\"127.81.0.1\","
              + "\"PublicDnsName\":\""
              + nameNode.host()
              + "\",\"Status\":{\"State\":\"RUNNING\"}}";
      assertEquals(3, copy(s, "emr://j-RUNNING/emr/out/part-*", S3Server.KEYS));
      assertEquals(
          List.of(
              "DescribeCluster " + S3Server.KEY_ID + " eu-west-1 elasticmapreduce",
              "ListInstances " + S3Server.KEY_ID + " eu-west-1 elasticmapreduce"),
          service.seen);
      assertEquals(3, copy(s, "emr://j-FLEETS/emr/out", S3Server.KEYS));
      assertEquals(3, copy(s, "emr://j-LISTONLY/emr/out", S3Server.KEYS));
      assertEquals(3, copy(s, "emr://j-BUSY/emr/out", S3Server.KEYS));
      assertEquals(1, copy(s, "emr://j-RUNNING/emr/csv/*", S3Server.KEYS + " CSV GZIP"));
      try (ResultSet files =
          s.executeQuery(
              "SELECT TRIM(filename) FROM stl_load_commits WHERE query = pg_last_copy_id()")) {
        files.next();
        assertEquals("emr://j-RUNNING/emr/csv/a.csv.gz", files.getString(1));
      }
      refused(s, "emr://j-RUNNING/emr/none-*", S3Server.KEYS, "58P01", "no file matches");
      refused(s, "emr://j-RUNNING/none", S3Server.KEYS, "58P01", "emr://j-RUNNING/none");
    }
  }

  @Test
  void whatIsWrongWithAClusterIsSaid() throws Exception {
    service.instance = "{\"PrivateIpAddress\":\"127.81.0.1\",\"PublicDnsName\":\"x.invalid\"}";
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      refused(s, "emr://j-NONE/x", S3Server.KEYS, "58P01", "Cluster id 'j-NONE' is not valid.");
      refused(
          s, "emr://j-ENDED/x", S3Server.KEYS, "58P01", "TERMINATED: Terminated by user request");
      refused(s, "emr://j-STARTING/x", S3Server.KEYS, "58030", "the cluster is STARTING");
      refused(s, "emr://j-EMPTY/x", S3Server.KEYS, "58P01", "no running master node");
      refused(s, "emr://j-FORBIDDEN/x", S3Server.KEYS, "42501", "not authorized");
      refused(
          s,
          "emr://j-RUNNING/x",
          S3Server.KEYS,
          "58030",
          "no name node answers at 127.81.0.1:8020, x.invalid:8020");
      refused(s, "emr:///x", S3Server.KEYS, "42602", "names no cluster");
    }
    String unanswered = ";emr_endpoint=http://127.0.0.1:1";
    try (Connection c = DriverManager.getConnection("jdbc:copyload:;network_tries=1" + unanswered);
        Statement s = c.createStatement()) {
      refused(s, "emr://j-RUNNING/x", S3Server.KEYS, "58030", "no connection");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MANIFEST",
        "REGION 'eu-west-1'",
        "READRATIO 50",
        "SSH",
        "ENCRYPTED",
        "PARQUET",
        "ORC",
        "SHAPEFILE"
      })
  void clausesThatRedshiftRefusesAreRefused(String clause) throws SQLException {
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      String word = clause.split(" ")[0];
      refused(
          s,
          "emr://j-RUNNING/x",
          S3Server.KEYS + " " + clause,
          "42601",
          word + " cannot be used with emr://");
    }
  }

  @Test
  void otherClustersAreReadAtTheirEndpoint() throws Exception {
    for (String endpoint :
        List.of(
            "localhost:" + cluster.rpcPort(),
            "hdfs://localhost:" + cluster.rpcPort(),
            "webhdfs://localhost:" + cluster.httpPort() + "/")) {
      try (Connection c =
              connect(";cluster_endpoint=" + endpoint + ";allowed_sources=emr://any/emr/");
          Statement s = c.createStatement()) {
        assertEquals(3, copy(s, "emr://any/emr/out/part-*", " DELIMITER '|'"), endpoint);
        refused(s, "emr://any/other", "", "42501", "allowed_sources");
        refused(s, "emr://other/emr/out", "", "42501", "allowed_sources");
      }
    }
    assertEquals(List.of(), service.seen);
    try (Connection c = connect(";cluster_endpoint=ftp://x");
        Statement s = c.createStatement()) {
      refused(s, "emr://any/x", "", "22023", "cluster_endpoint");
    }
  }
}
