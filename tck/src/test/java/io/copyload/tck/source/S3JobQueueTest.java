package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that a queue tells of new objects, against real servers of S3 and SQS. Listings of the
 * schedule are an hour apart: what is loaded sooner, the queue has told of.
 */
class S3JobQueueTest {
  /** A machine may stand still for minutes. */
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(600);

  @TempDir static Path root;

  private static S3Server server;
  private static SqsServer queues;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server(root);
    queues = new SqsServer();
    server.put("lake", "other", "x");
  }

  @AfterAll
  static void stop() {
    queues.close();
    server.close();
  }

  private static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:copyload:"
            + database
            + ";s3_endpoint="
            + server.endpoint()
            + ";s3_region=us-east-1;secrets_key=k;copy_job.strict=false;copy_job.poll_seconds=3600");
  }

  private static String event(String kind, String key) {
    return "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"eventName\":\""
        + kind
        + "\",\"s3\":{\"s3SchemaVersion\":\"1.0\",\"bucket\":{\"name\":\"lake\"},\"object\":"
        + "{\"key\":\""
        + key
        + "\",\"size\":4}}}]}";
  }

  private static String wrapped(String event) {
    return "{\"Type\":\"Notification\",\"MessageId\":\"m\",\"TopicArn\":\"arn:aws:sns:x\","
        + "\"Message\":\""
        + event.replace("\"", "\\\"")
        + "\"}";
  }

  private static void awaits(String wanted, Callable<String> value) throws Exception {
    long begun = System.nanoTime();
    String got = value.call();
    while (!wanted.equals(got)) {
      assertTrue(System.nanoTime() - begun < WAIT_NANOS, "expected " + wanted + ", got " + got);
      Thread.sleep(20);
      got = value.call();
    }
  }

  private static String value(Statement s, String sql) throws SQLException {
    try (ResultSet row = s.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private static String ids(Statement s) throws SQLException {
    return value(s, "SELECT LISTAGG(id, ' ') WITHIN GROUP (ORDER BY id) FROM t");
  }

  /** Creates the job and waits for the first listing, which the schedule makes. */
  private static void create(Statement s, String name, String queue) throws Exception {
    s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
    server.put("lake", name + "/0.csv", "0,x\n");
    s.execute(
        "COPY t FROM 's3://lake/"
            + name
            + "/'"
            + S3Server.KEYS
            + " CSV JOB CREATE j WITH (queue '"
            + queue
            + "')");
    awaits("0", () -> ids(s));
  }

  @Test
  void messagesWakeTheJobAndBadOnesBlockNothing() throws Exception {
    String queue = queues.queue("wakes");
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      create(s, "in", queue);
      queues.send(queue, "{\"Records\":[{]");
      queues.send(queue, "no JSON");
      queues.send(queue, "7");
      queues.send(queue, "{\"Records\":[7]}");
      queues.send(queue, event("ObjectCreated:Put", "in/%ZZ"));
      queues.send(queue, "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}");
      queues.send(queue, event("ObjectRemoved:Delete", "in/0.csv"));
      queues.send(queue, event("ObjectCreated:Put", "elsewhere/1.csv"));
      server.put("lake", "in/1 a+b.csv", "1,x\n");
      queues.send(queue, event("ObjectCreated:Put", "in/1+a%2Bb.csv"));
      awaits("0 1", () -> ids(s));
      server.put("lake", "in/2.csv", "2,x\n");
      queues.send(queue, wrapped(event("ObjectCreated:CompleteMultipartUpload", "in/2.csv")));
      awaits("0 1 2", () -> ids(s));
      awaits("0", () -> Integer.toString(queues.size(queue)));
      assertTrue(
          Integer.parseInt(
                  value(s, "SELECT COUNT(*) FROM sys_copy_job_info WHERE message LIKE '%ignored%'"))
              > 0);
      s.execute("COPY JOB DROP j");
    }
  }

  @Test
  void messagesStayUntilTheirObjectsAreCommitted() throws Exception {
    String queue = queues.queue("stays");
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      create(s, "stays", queue);
      s.execute("ALTER TABLE t RENAME TO away");
      server.put("lake", "stays/1.csv", "1,x\n");
      queues.send(queue, event("ObjectCreated:Put", "stays/1.csv"));
      awaits(
          "1",
          () ->
              value(s, "SELECT COUNT(*) FROM sys_copy_job_info WHERE message LIKE 'run failed%'"));
      assertEquals(1, queues.size(queue));
      s.execute("ALTER TABLE away RENAME TO t");
      // The message comes again.
      awaits("0 1", () -> ids(s));
      awaits("0", () -> Integer.toString(queues.size(queue)));
      s.execute("COPY JOB DROP j");
    }
  }

  @Test
  void aQueueThatIsNotThereStopsNoJobAndNoClose() throws Exception {
    try (Connection c = connect("file:" + root.resolve("nowhere-db"));
        Statement s = c.createStatement()) {
      String queue = queues.queue("real");
      create(s, "nowhere", queue.replace("real", "nowhere"));
      awaits(
          "1",
          () ->
              value(
                  s,
                  "SELECT COUNT(*) FROM sys_copy_job_info WHERE message LIKE '%cannot be used%'"));
      server.put("lake", "nowhere/1.csv", "1,x\n");
      assertEquals(1, s.executeUpdate("COPY JOB RUN j"));
      // Another queue is listened to at once.
      s.execute("COPY JOB ALTER j WITH (queue '" + queue + "')");
      server.put("lake", "nowhere/2.csv", "2,x\n");
      queues.send(queue, event("ObjectCreated:Put", "nowhere/2.csv"));
      awaits("0 1 2", () -> ids(s));
    }
    // Nothing listens any more, and what has come meanwhile is loaded.
    server.put("lake", "nowhere/3.csv", "3,x\n");
    try (Connection c = connect("file:" + root.resolve("nowhere-db"));
        Statement s = c.createStatement()) {
      awaits("0 1 2 3", () -> ids(s));
    }
  }

  @Test
  void queuesAreCheckedWhenTheyAreNamed() throws Exception {
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER)");
      String with = " CSV JOB CREATE j AUTO OFF WITH (queue '";
      assertEquals("0A000", state(s, "COPY t FROM '/x/'" + with + "https://sqs.x/1/q')"));
      for (String url : new String[] {"q", "https://u:p@sqs.x/1/q", "ftp://sqs.x/1/q"}) {
        assertEquals(
            "22023", state(s, "COPY t FROM 's3://lake/q/'" + S3Server.KEYS + with + url + "')"));
      }
    }
  }

  private static String state(Statement s, String sql) {
    return assertThrows(SQLException.class, () -> s.execute(sql)).getSQLState();
  }
}
