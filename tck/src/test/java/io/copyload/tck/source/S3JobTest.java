package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** COPY JOB with Redshift's restrictions, against a real S3 server and roles. */
class S3JobTest {
  private static final String ROLE = " IAM_ROLE 'arn:aws:iam::123456789012:role/loader' ";

  /** Most heap that an idle run may take more when there are more loaded objects. */
  private static final long MOST_GROWTH_BYTES = 16 << 10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir static Path root;

  private static S3Server server;
  private static StsServer sts;

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.KEY_ID);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET);
    server = new S3Server(root);
    sts = new StsServer();
    server.put("lake", "full/a.csv", "1,one\n");
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    sts.close();
    server.close();
  }

  private static Connection connect(String settings) throws SQLException {
    return connect(server.endpoint(), settings);
  }

  private static Connection connect(String endpoint, String settings) throws SQLException {
    Connection c =
        DriverManager.getConnection(
            "jdbc:copyload:;s3_endpoint="
                + endpoint
                + ";sts_endpoint="
                + sts.endpoint()
                + ";s3_region=us-east-1;network_tries=1"
                + settings);
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
    }
    return c;
  }

  private static String value(Statement s, String sql) throws SQLException {
    try (ResultSet row = s.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  @Test
  void loadsEachNewObjectOnce() throws SQLException {
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      s.execute("COPY t FROM 's3://lake/once/'" + ROLE + "CSV JOB CREATE once AUTO OFF");
      assertEquals(0, s.executeUpdate("COPY JOB RUN once"));
      server.put("lake", "once/a.csv", "1,one\n2,two\n");
      server.put("lake", "once/b.csv", "3,three\n");
      server.put("lake", "once/folder/", "");
      assertEquals(3, s.executeUpdate("COPY JOB RUN once"));
      assertEquals(0, s.executeUpdate("COPY JOB RUN once"));
      // The name is the identity, and a copy under another name is another object.
      server.put("lake", "once/a.csv", "1,one\n2,two\n9,nine\n");
      server.put("lake", "once/copy.csv", "3,three\n");
      assertEquals(1, s.executeUpdate("COPY JOB RUN once"));
      assertEquals(
          "1 2 3 3", value(s, "SELECT LISTAGG(id, ' ') WITHIN GROUP (ORDER BY id) FROM t"));
      assertEquals(
          "a.csv I,a.csv U,b.csv I,copy.csv I",
          value(
              s,
              "SELECT LISTAGG(SUBSTRING(file_name FROM 6) || ' ' || status, ',') WITHIN GROUP"
                  + " (ORDER BY file_name, status) FROM sys_copy_job_detail WHERE job_name = 'once'"
                  + " AND file_location = 'lake'"));
      assertEquals(
          "3",
          value(
              s,
              "SELECT COUNT(*) FROM sys_copy_job j JOIN stl_load_commits c"
                  + " ON j.job_id = c.copy_job_id WHERE TRIM(j.job_name) = 'once' AND c.status = 1"));
      assertEquals(
          "2",
          value(
              s,
              "SELECT COUNT(*) FROM sys_load_history h JOIN sys_copy_job j"
                  + " ON j.job_id = h.copy_job_id WHERE status = 'completed'"));
      s.execute("COPY JOB DROP once");
    }
  }

  /** What Redshift refuses, each with words of its own. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "'s3://lake/full/' R CSV~55000~must be created on an empty location",
        "'s3://lake/x/' R MAXERROR 3~0A000~does not support MAXERROR",
        "'s3://lake/x/' R IGNOREALLERRORS~0A000~does not support IGNOREALLERRORS",
        "'s3://lake/x/' R MANIFEST~0A000~does not support MANIFEST",
        "'s3://lake/x/' R FORMAT AS ORC~0A000~columnar format ORC",
        "'s3://lake/x/' R FORMAT AS PARQUET~0A000~columnar format PARQUET",
        "'s3://lake/x/' ACCESS_KEY_ID 'a' SECRET_ACCESS_KEY 'b'~0A000~access and secret keys",
        "'s3://lake/x/' CREDENTIALS 'aws_iam_role=arn:x'~0A000~does not support CREDENTIALS",
        "'s3://lake/x/' IAM_ROLE default~0A000~default IAM role",
        "'s3://lake/x/' CSV~0A000~must have IAM_ROLE",
        "'/lake/x/' R CSV~0A000~from Amazon S3 only",
        "'s3://lake/x/' R NOLOAD~0A000~does not support NOLOAD"
      })
  void refusesWhatRedshiftRefuses(String copy, String state, String text) throws SQLException {
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> s.execute("COPY t FROM " + copy.replace(" R ", ROLE) + " JOB CREATE j"));
      assertEquals(state, e.getSQLState(), e.getMessage());
      assertTrue(e.getMessage().contains(text), e.getMessage());
      assertEquals("0", value(s, "SELECT COUNT(*) FROM sys_copy_job"));
    }
  }

  /** Roles, places and options are looked at when the job runs. */
  @Test
  void optionsAreCheckedWhenItRuns() throws SQLException {
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      s.execute("COPY t FROM 's3://no-such-bucket/'" + ROLE + "CSV JOB CREATE nowhere AUTO OFF");
      SQLException e = assertThrows(SQLException.class, () -> s.execute("COPY JOB RUN nowhere"));
      assertEquals("58P01", e.getSQLState(), e.getMessage());
      s.execute(
          "COPY t FROM 's3://lake/y/'" + ROLE + "CSV FIXEDWIDTH 'a:1' JOB CREATE odd AUTO OFF");
      assertEquals(
          "42601",
          assertThrows(SQLException.class, () -> s.execute("COPY JOB RUN odd")).getSQLState());
      assertTrue(
          value(s, "SELECT message FROM sys_copy_job_info WHERE TRIM(job_name) = 'odd'")
              .startsWith("run failed"));
    }
  }

  /** A role that cannot be assumed stops no job from being created, only from running. */
  @Test
  void rolesAreTriedWhenItRuns() throws SQLException {
    server.put("lake", "late/old.csv", "1,one\n");
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      s.execute(
          "COPY t FROM 's3://lake/late/' IAM_ROLE 'arn:aws:iam::1:role/forbidden' CSV"
              + " JOB CREATE late AUTO OFF");
      SQLException e = assertThrows(SQLException.class, () -> s.execute("COPY JOB RUN late"));
      assertEquals("28000", e.getSQLState(), e.getMessage());
      assertTrue(value(s, "SELECT message FROM sys_copy_job_info").contains("not authorized"));
    }
  }

  /** A strict job loads nothing that was there before, also when nobody could look at first. */
  @Test
  void whatWasThereBeforeIsNotLoaded() throws Exception {
    server.put("lake", "late/old.csv", "1,one\n");
    try (FaultProxy proxy = new FaultProxy(server.port());
        Connection c = connect(proxy.endpoint(), "");
        Statement s = c.createStatement()) {
      proxy.reset((n, line) -> FaultProxy.Exchange::reset);
      s.execute("COPY t FROM 's3://lake/late/'" + ROLE + "CSV JOB CREATE late AUTO OFF");
      proxy.reset((n, line) -> null);
      assertEquals(0, s.executeUpdate("COPY JOB RUN late"));
      try (ResultSet row = s.executeQuery("COPY JOB WHY 's3://lake/late/old.csv'")) {
        assertTrue(row.next());
        assertEquals("skipped", row.getString("state"));
        assertTrue(row.getString("reason").contains("before the job"), row.getString("reason"));
      }
    }
  }

  /** A writer that is killed in an upload leaves no object: S3 shows it when it is complete. */
  @Test
  void uploadsThatAreNotCompletedAreNotSeen() throws SQLException {
    server.put("lake", "other", "x");
    try (Connection c = connect(";secrets_key=k;copy_job.strict=false");
        Statement s = c.createStatement()) {
      s.execute("COPY t FROM 's3://lake/parts/'" + S3Server.KEYS + " CSV JOB CREATE j AUTO OFF");
      Runnable completion = server.beginUpload("lake", "parts/a.csv", "1,one\n");
      server.beginUpload("lake", "parts/never.csv", "2,two\n");
      server.put("lake", "parts/b.csv", "3,three\n");
      assertEquals(1, s.executeUpdate("COPY JOB RUN j"));
      for (String name : new String[] {"a", "never"}) {
        try (ResultSet row = s.executeQuery("COPY JOB WHY 's3://lake/parts/" + name + ".csv'")) {
          assertTrue(row.next());
          assertEquals("not matched", row.getString("state"));
          assertTrue(row.getString("reason").contains("no such object"), row.getString("reason"));
        }
      }
      completion.run();
      assertEquals(1, s.executeUpdate("COPY JOB RUN j"));
      assertEquals(0, s.executeUpdate("COPY JOB RUN j"));
      assertEquals("1 3", value(s, "SELECT LISTAGG(id, ' ') WITHIN GROUP (ORDER BY id) FROM t"));
    }
  }

  /** What idle runs of a job need at least, each by itself. */
  private record IdleCost(int requests, long bytes, long cpuNanos) {
    static IdleCost of(Statement s, AtomicInteger requests) throws SQLException {
      int least = Integer.MAX_VALUE;
      long bytes = Long.MAX_VALUE;
      long nanos = Long.MAX_VALUE;
      for (int i = 0; i < 10; i++) {
        requests.set(0);
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long nanosBefore = THREADS.getCurrentThreadCpuTime();
        assertEquals(0, s.executeUpdate("COPY JOB RUN many"));
        nanos = Math.min(nanos, THREADS.getCurrentThreadCpuTime() - nanosBefore);
        bytes = Math.min(bytes, THREADS.getCurrentThreadAllocatedBytes() - bytesBefore);
        least = Math.min(least, requests.get());
      }
      return new IdleCost(least, bytes, nanos);
    }
  }

  /**
   * Where keys are ordered, a listing begins behind the last one: an idle run costs the same
   * however much is loaded. The profile soak loads 100,000 objects.
   */
  @Test
  void idleRunsListOnlyWhatIsNew() throws Exception {
    int objects = Integer.getInteger("copyload.job.objects", 3000);
    int few = 100;
    try (S3Server many = S3Server.ofManyObjects(Files.createDirectories(root.resolve("of-many")));
        FaultProxy proxy = new FaultProxy(many.port());
        Connection c =
            connect(proxy.endpoint(), ";secrets_key=k;copy_job.strict=false;network_timeout=600");
        Statement s = c.createStatement()) {
      AtomicInteger requests = new AtomicInteger();
      proxy.reset(
          (n, line) -> {
            requests.incrementAndGet();
            return null;
          });
      storeMany(many, 0, few);
      s.execute(
          "COPY t FROM 's3://many/in/'"
              + S3Server.KEYS
              + " CSV JOB CREATE many AUTO OFF WITH (ordered_keys true)");
      assertEquals(few, s.executeUpdate("COPY JOB RUN many"));
      IdleCost afterFew = IdleCost.of(s, requests);
      storeMany(many, few, objects);
      assertEquals(objects - few, s.executeUpdate("COPY JOB RUN many"));
      IdleCost afterMany = IdleCost.of(s, requests);
      String costs = objects + " objects: " + afterMany + ", " + few + ": " + afterFew;
      if (objects >= 100_000) {
        System.out.println("Idle run of a COPY job with " + costs);
      }
      assertEquals(1, afterMany.requests(), costs);
      // It reads nothing of the ledger that grows with what is loaded.
      assertTrue(afterMany.bytes() < afterFew.bytes() + MOST_GROWTH_BYTES, costs);
      many.put("many", "in/9999999.csv", "1,new\n");
      assertEquals(1, s.executeUpdate("COPY JOB RUN many"));
      requests.set(0);
      s.execute("COPY JOB ALTER many WITH (ordered_keys false)");
      assertEquals(0, s.executeUpdate("COPY JOB RUN many"));
      assertEquals(objects / 1000 + 1, requests.get(), "requests of a whole listing");
      assertEquals(
          Integer.toString(objects + 1),
          value(s, "SELECT COUNT(*) FROM copyload_job_files WHERE state = 'loaded'"));
    }
  }

  /** All but the last as the server stores them. */
  private static void storeMany(S3Server server, int begin, int end) throws IOException {
    server.put("many", name(end - 1), (end - 1) + ",x\n");
    for (int i = begin; i < end - 1; i++) {
      Files.writeString(root.resolve("of-many/many").resolve(name(i)), i + ",x\n");
    }
  }

  private static String name(int i) {
    return String.format(Locale.ROOT, "in/%07d.csv", i);
  }

  /**
   * A job is done with each of ten objects at most one interval and a second after it is there. On
   * a machine with much else to do the second becomes twenty times what an idle run takes, and time
   * in which the machine stood still does not count.
   */
  @Test
  void objectsAreLoadedWithinAnInterval() throws Exception {
    server.put("auto", "other", "x");
    List<Long> millis = new ArrayList<>();
    List<Long> late = new ArrayList<>();
    try (Connection c = connect(";secrets_key=k;copy_job.strict=false;copy_job.poll_seconds=1");
        Statement s = c.createStatement();
        Standstill standstill = new Standstill()) {
      s.execute("SET LOCK_TIMEOUT 600000");
      s.execute("COPY t FROM 's3://auto/in/'" + S3Server.KEYS + " CSV JOB CREATE auto");
      for (int i = 1; i <= 10; i++) {
        long stoodBefore = standstill.nanos();
        server.put("auto", "in/" + i + ".csv", i + ",x\n");
        long begun = System.nanoTime();
        while (!Integer.toString(i).equals(value(s, "SELECT COUNT(*) FROM t"))) {
          assertTrue(
              System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(600), "object " + i + " waits");
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        long nanos = System.nanoTime() - begun - (standstill.nanos() - stoodBefore);
        millis.add(TimeUnit.NANOSECONDS.toMillis(nanos));
        long idleBegun = System.nanoTime();
        s.execute("COPY JOB RUN auto");
        long idle = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - idleBegun);
        late.add(millis.get(i - 1) - 1000 - Math.max(1000, 20 * idle));
      }
      s.execute("COPY JOB DROP auto");
    }
    // All ten, so the median as well.
    assertTrue(
        late.stream().allMatch(each -> each <= 0),
        "milliseconds until objects are loaded: " + millis + ", later than they may: " + late);
  }

  /** How long threads that should have run did not. */
  private static final class Standstill implements AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final AtomicLong nanos = new AtomicLong();
    private final Thread watch = new Thread(this::watch, "standstill");
    private volatile boolean over;

    Standstill() {
      watch.setDaemon(true);
      watch.start();
    }

    private void watch() {
      while (!over) {
        long begun = System.nanoTime();
        LockSupport.parkNanos(TICK_NANOS);
        nanos.addAndGet(Math.max(0, System.nanoTime() - begun - 2 * TICK_NANOS));
      }
    }

    long nanos() {
      return nanos.get();
    }

    @Override
    public void close() {
      over = true;
    }
  }

  @Test
  void keysOfJobsAreStoredSealed(@TempDir Path folder) throws Exception {
    String create =
        "COPY t FROM 's3://lake/full/'" + S3Server.KEYS + " CSV JOB CREATE keyed AUTO OFF";
    String file = "jdbc:copyload:" + folder.resolve("db") + ";copy_job.strict=false;s3_endpoint=";
    String url = file + server.endpoint() + ";s3_region=us-east-1;network_tries=1";
    try (Connection c = DriverManager.getConnection(url, "sa", "");
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t (id INTEGER, v VARCHAR(80))");
      assertFails(s, create, "55000", "has keys, which are stored encrypted");
      assertFails(s, create, "55000", "secrets_key");
      assertEquals("0", value(s, "SELECT COUNT(*) FROM sys_copy_job"));
      s.execute(
          "COPY t FROM 's3://lake/full/' CREDENTIALS 'aws_iam_role=arn:aws:iam::1:role/x' CSV"
              + " JOB CREATE role AUTO OFF");
    }
    try (Connection c = DriverManager.getConnection(url + ";secrets_key=one", "sa", "");
        Statement s = c.createStatement()) {
      s.execute(create);
      assertEquals(1, s.executeUpdate("COPY JOB RUN keyed"));
      assertFails(s, create, "42710", "already exists");
    }
    try (var files = Files.walk(folder)) {
      for (Path stored : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(stored, StandardCharsets.ISO_8859_1);
        assertTrue(bytes.contains("keyed"), stored.toString());
        assertFalse(bytes.contains(S3Server.SECRET), stored.toString());
      }
    }
    try (Connection c = DriverManager.getConnection(url, "sa", "");
        Statement s = c.createStatement()) {
      assertFails(s, "COPY JOB RUN keyed", "55000", "has no key for them");
      for (String query :
          new String[] {
            "COPY JOB LIST", "COPY JOB SHOW keyed", "TABLE copyload_catalog.jobs",
            "TABLE copyload_history", "TABLE sys_copy_job_info", "SCRIPT"
          }) {
        assertFalse(all(s, query).contains(S3Server.SECRET), query);
      }
      assertTrue(all(s, "COPY JOB SHOW keyed").contains("SECRET_ACCESS_KEY '***'"));
    }
    try (Connection c = DriverManager.getConnection(url + ";secrets_key=two", "sa", "");
        Statement s = c.createStatement()) {
      assertFails(s, "COPY JOB RUN keyed", "55000", "not the one they were stored with");
      assertFails(s, create.replace("keyed", "more"), "55000", "not the one");
      s.execute("COPY JOB DROP keyed");
      // Nothing is left that the first key has sealed.
      s.execute(create.replace("keyed", "more"));
      assertEquals(1, s.executeUpdate("COPY JOB RUN more"));
    }
  }

  private static void assertFails(Statement s, String sql, String state, String text) {
    SQLException e = assertThrows(SQLException.class, () -> s.execute(sql), sql);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
    assertFalse(e.getMessage().contains(S3Server.SECRET), e.getMessage());
  }

  /** Everything that a query answers, as far as the user may ask. */
  private static String all(Statement s, String query) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (ResultSet rows = s.executeQuery(query)) {
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          text.append(rows.getString(i)).append('\n');
        }
      }
    }
    return text.toString();
  }
}
