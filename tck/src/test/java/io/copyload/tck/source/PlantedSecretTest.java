package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets are planted in every place that takes one, with H2's trace and the loggers at their most
 * talkative; then they are searched for in every file, view, message, log and thread name.
 */
class PlantedSecretTest {
  private static final String TOKEN = "planted-token-Qy71";
  private static final String MASTER_KEY = "cGxhbnRlZC1tYXN0ZXIta2V5LXBsYW50ZWQtMTIzNDU=";
  private static final String PASSPHRASE = "planted-passphrase-Wv03";
  private static final String HEADER = "planted-header-Rt55";
  private static final String ROLE = " IAM_ROLE 'arn:aws:iam::123456789012:role/reader'";
  private static final List<String> PLANTED =
      List.of(
          S3Server.SECRET,
          TOKEN,
          MASTER_KEY,
          PASSPHRASE,
          HEADER,
          "PRIVATE KEY",
          "planted-session-token",
          "planted-signature",
          "planted-user");

  private static final Pattern SIGNED_TOKEN = Pattern.compile("(?m)^x-amz-security-token:\\S+$");

  @TempDir Path root;
  @TempDir Path folder;

  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> shown = new HashSet<>();
  private final Set<String> logged = new LinkedHashSet<>();
  private final Set<String> loggers = new TreeSet<>();

  private void note(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    seen.add(text.toString());
    if (e instanceof SQLException sql && sql.getNextException() != null) {
      note(sql.getNextException());
    }
  }

  /** Runs a statement in every way that JDBC has; whether it fails is of no interest. */
  private void run(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      attempt(() -> s.execute(sql));
      attempt(() -> s.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS));
      attempt(
          () -> {
            s.addBatch(sql);
            return s.executeBatch();
          });
      for (SQLWarning w = s.getWarnings(); w != null; w = w.getNextWarning()) {
        seen.add(w.toString());
      }
      seen.add(s.toString());
    }
    attempt(
        () -> {
          try (PreparedStatement p = c.prepareStatement(sql)) {
            seen.add(p.toString());
            return p.execute();
          }
        });
    attempt(() -> c.nativeSQL(sql));
  }

  private void once(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      attempt(() -> s.execute(sql));
    }
  }

  private interface Attempt {
    Object run() throws SQLException;
  }

  private void attempt(Attempt attempt) {
    try {
      attempt.run();
    } catch (SQLException e) {
      note(e);
    }
  }

  /** Everything that is logged, with its parameters and exceptions. */
  private final class Listener extends Handler {
    private final Formatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord record) {
      String name = String.valueOf(record.getLoggerName());
      if (name.startsWith("sun.") || name.startsWith("jdk.") || name.startsWith("org.gaul.")) {
        // What the JDK says of the wire when it is asked to is not ours, nor is what the server
        // says.
        return;
      }
      // The SDK's signer shows the token of temporary keys when it is asked to. The drop-in jar has
      // no log for it.
      String text = name + ": " + SIGNED_TOKEN.matcher(formatter.format(record)).replaceAll("");
      if (!name.startsWith("software.amazon.")) {
        seen.add(text);
      }
      synchronized (logged) {
        loggers.add(name);
        for (String secret : PLANTED) {
          if (text.contains(secret)) {
            logged.add(around(text, text.indexOf(secret)));
          }
        }
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** What others see while statements run: names of threads, and the sessions of the database. */
  private final class Watcher implements AutoCloseable {
    private final Connection connection;
    private final Thread thread = new Thread(this::watch, "watcher");
    private volatile boolean over;

    Watcher(Connection connection) {
      this.connection = connection;
    }

    void start() {
      thread.start();
    }

    private void watch() {
      try (connection;
          Statement s = connection.createStatement()) {
        while (!over) {
          Set<String> found = new HashSet<>();
          Thread[] threads = new Thread[Thread.activeCount() + 100];
          for (int i = Thread.enumerate(threads) - 1; i >= 0; i--) {
            found.add(threads[i].getName());
          }
          try (ResultSet r =
              s.executeQuery("SELECT executing_statement FROM information_schema.sessions")) {
            while (r.next()) {
              found.add(String.valueOf(r.getString(1)));
            }
          }
          synchronized (shown) {
            shown.addAll(found);
          }
          Thread.sleep(10);
        }
      } catch (SQLException | InterruptedException e) {
        note(e);
      }
    }

    @Override
    public void close() {
      over = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static String around(String text, int at) {
    return text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 40));
  }

  @Test
  void noSecretIsFoundAnywhere() throws Exception {
    Listener listener = new Listener();
    Logger logger = Logger.getLogger("");
    Level before = logger.getLevel();
    listener.setLevel(Level.ALL);
    logger.addHandler(listener);
    String url =
        "jdbc:copyload:"
            + folder.resolve("db")
            + ";TRACE_LEVEL_FILE=3;network_tries=1;s3_region=us-east-1;copy_job.strict=false";
    Properties info = new Properties();
    info.setProperty("user", "sa");
    System.setProperty("aws.accessKeyId", S3Server.KEY_ID);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET);
    Set<Path> temporary = temporaryFiles();
    List<String> planted = new ArrayList<>(PLANTED);
    try (S3Server server = new S3Server(root);
        SshServer host = new SshServer();
        StsServer sts = new StsServer()) {
      server.put("lake", "a.csv", "1,x\n");
      info.setProperty("s3_endpoint", server.endpoint());
      info.setProperty("sts_endpoint", sts.endpoint());
      String secrets = ";secrets_key=" + PASSPHRASE + ";http_headers=X-Key: " + HEADER;
      connectInVain(url + secrets);
      Files.writeString(
          root.resolve("config"),
          host.configuration("box") + "Host down\n  HostName 127.0.0.1\n  Port 1\n");
      info.setProperty("ssh_config", root.resolve("config").toString());
      info.setProperty("ssh_known_hosts", root.resolve("known_hosts").toString());
      info.setProperty("ssh_host_keys", "accept-new");
      try (Connection c = DriverManager.getConnection(url + secrets, info)) {
        logger.setLevel(Level.ALL);
        useSsh(c, host);
      }
      logger.setLevel(before);
      keepSshKeys(planted);
      logger.setLevel(Level.ALL);
      try (Connection c = DriverManager.getConnection(url + secrets, info);
          Watcher watcher = new Watcher(DriverManager.getConnection(url, info))) {
        watcher.start();
        try (Statement s = c.createStatement()) {
          s.execute("SET QUERY_STATISTICS TRUE");
        }
        use(c, server.endpoint());
        garble(c);
        readEverything(c);
        DatabaseMetaData meta = c.getMetaData();
        seen.add(meta.getURL() + meta + c + c.getClientInfo() + c.getWarnings());
        for (DriverPropertyInfo property :
            DriverManager.getDriver(url).getPropertyInfo(url + secrets, info)) {
          seen.add(property.name + "=" + property.value);
        }
      }
      info.setProperty("secrets_key", PASSPHRASE);
      info.setProperty("http_headers", "X-Key: " + HEADER);
      try (Connection c = DriverManager.getConnection(url, info)) {
        run(c, "COPY JOB RUN keyed");
        readEverything(c);
        seen.add(c.getMetaData().getURL() + c + c.getClientInfo());
      }
    } finally {
      logger.setLevel(before);
      logger.removeHandler(listener);
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
    int early = planted.size();
    keepSshKeys(planted);
    assertTrue(planted.size() > early + 50, "the keys were renewed");
    int files = 0;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files++;
        seen.add(file + "\n" + Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    for (Path file : temporaryFiles()) {
      if (!temporary.contains(file)) {
        seen.add(file + "\n" + Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertTrue(files >= 2, "database and trace");
    assertTrue(
        seen.stream().anyMatch(text -> text.contains("executeQuery(\"SCRIPT\")")),
        "the trace is detailed");
    assertTrue(
        loggers.stream().anyMatch(name -> name.startsWith("software.amazon.awssdk")),
        () -> "the SDK logs: " + loggers);
    assertTrue(
        shown.stream().anyMatch(text -> text.startsWith("COPY t FROM")),
        "the sessions' statements are seen");
    seen.addAll(shown);
    List<String> hits = new ArrayList<>(logged);
    for (String text : seen) {
      for (String secret : planted) {
        int at = text.indexOf(secret);
        if (at >= 0) {
          hits.add(around(text, at));
        }
      }
    }
    assertEquals(List.of(), hits);
  }

  /** Files of this user in the temporary folder, which others use, too. */
  private static Set<Path> temporaryFiles() throws IOException {
    Set<Path> files = new HashSet<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), "{copyload,h2}*")) {
      for (Path file : found) {
        if (Files.isRegularFile(file)) {
          files.add(file);
        }
      }
    }
    return files;
  }

  /** Addresses of databases that are wrong and have secrets in them. */
  private void connectInVain(String url) {
    for (String wrong :
        List.of(";threads=none", ";NO_SUCH_SETTING=1", ";s3_path_style=perhaps", ";CIPHER=none")) {
      attempt(() -> DriverManager.getConnection(url + wrong, "sa", ""));
    }
    attempt(() -> DriverManager.getConnection(url + ";IFEXISTS=TRUE", "sa", ""));
  }

  /** Statements that are broken at or before a secret. */
  private void garble(Connection c) throws SQLException {
    String secret = S3Server.SECRET;
    String copy = "COPY t FROM 's3://lake/a.csv' ";
    for (String sql :
        List.of(
            copy + "CSV ACCESS_KEY_ID 'x' SECRET_ACCESS_KEY 'y' '" + secret + "'",
            copy + "CSV ACCESS_KEY_ID 'x' SECRET_ACCESS_KEY = '" + secret + "'",
            copy + "CSV ACCESS_KEY_ID 'x', SECRET_ACCESS_KEY ('" + secret + "')",
            copy + "CSV ACCESS_KEY_ID 'x' SECRET_ACCESS_KEY '" + secret,
            copy + "CSV ACCESS_KEY_ID 'x' SECRET_ACCESS_KEY \"" + secret + "\"",
            copy + "CSV ACCESS_KEY_ID 'x' SECRET_ACCESS_KEY $$" + secret + "$$",
            copy + "CSV ACCESS_KEY_ID 'x' SECRET_ACCESS_KEYS '" + secret + "'",
            copy + "CSV SECRET_ACCESS_KEY '" + secret + "'",
            copy + "CSV CREDENTIALS AS '" + secret + "'",
            copy + "CSV CREDENTIALS 'aws_secret_access_key=" + secret + "'",
            copy + "CSV CREDENTIALS 'aws_access_key_id=x;aws_secret_access_key= " + secret + "'",
            copy + "CSV IAM_ROLE '" + secret + "'",
            copy + "CSV ENCRYPTED IAM_ROLE default MASTER_SYMMETRIC_KEY '" + TOKEN + "'",
            copy + "(FORMAT csv, ACCESS_KEY_ID 'x', SECRET_ACCESS_KEY '" + secret + "')",
            copy + "CSV '" + secret + "'",
            "COPY t FROM 's3://lake/a.csv' 'CSV' SECRET_ACCESS_KEY '" + secret + "'",
            "COPY FROM 's3://lake/a.csv' SECRET_ACCESS_KEY '" + secret + "'",
            "COPY t FRM 's3://lake/a.csv' SECRET_ACCESS_KEY '" + secret + "'",
            "COPPY t FROM 's3://lake/a.csv' SECRET_ACCESS_KEY '" + secret + "'",
            "EXPLAIN COPPY t FROM 's3://lake/a.csv' SECRET_ACCESS_KEY '" + secret + "'",
            "UNLOAD 'select 1' TO 's3://lake/x' SECRET_ACCESS_KEY '" + secret + "'",
            "UNLOAD ('select nothing') TO 's3://lake/x' SECRET_ACCESS_KEY '" + secret + "'",
            "SELECT 1; COPPY t FROM 'x' SECRET_ACCESS_KEY '" + secret + "'",
            "CREATE SECRET IF EXISTS k AS '" + secret + "'",
            "CREATE SECRET k AS '" + secret,
            "CREATE SECRET k AS '" + secret + "' x",
            "CREATE SECRET '" + secret + "' AS 'x'",
            "CREATE OR REPLACE SECRET k AS '" + secret + "'",
            "CREATE SECRETS k AS '" + secret + "'",
            "ALTER SECRET k SET '" + secret + "'",
            "ALTER SECRETS k AS '" + secret + "'",
            "CREATE SECRET k9 AS decode('" + secret + "', 'hex')",
            "CREATE SECRET k9 AS decode('" + secret + "', 'rot13')",
            "CREATE SECRET k9 AS lower('" + secret + "')",
            "CREATE CONNECTION c9 TO AWS (SECRET ACCESS KEY '" + secret + "'",
            "CREATE CONNECTION c9 TO AWS (SESSION TOKEN '"
                + TOKEN
                + "', PASSWORD '"
                + secret
                + "')",
            "CREATE CONNECTION c9 AWS (SESSION TOKEN '" + TOKEN + "')",
            "CREATE CONNECTIONS c9 TO AWS (SESSION TOKEN '" + TOKEN + "')",
            "ALTER CONNECTION c2 SET (SESSION TOKEN = '" + TOKEN + "', REGION)",
            "ALTER CONNECTION c2 SETT (SESSION TOKEN = '" + TOKEN + "')",
            "VALIDATE CONNECTION '" + secret + "'")) {
      try (Statement statement = c.createStatement()) {
        attempt(() -> statement.execute(sql));
      }
      attempt(
          () -> {
            try (PreparedStatement p = c.prepareStatement(sql)) {
              seen.add(p.toString());
              return p.execute();
            }
          });
    }
  }

  /** Adds what betrays the private keys of the closed database. */
  private void keepSshKeys(List<String> secrets) throws Exception {
    List<String> keys = SealedSshKeys.open(folder.resolve("db"), PASSPHRASE);
    assertEquals(2, keys.size());
    for (String key : keys) {
      Set<String> pieces = SealedSshKeys.pieces(key);
      String file = key.replace("\n", "");
      assertTrue(pieces.stream().filter(file::contains).count() >= 3, "pieces that can be found");
      secrets.addAll(pieces);
    }
  }

  /** Logs in, in vain and well, at a host that has the keys. */
  private void useSsh(Connection c, SshServer host) throws Exception {
    run(c, "SELECT * FROM copyload_ssh_keys");
    run(c, "CREATE TABLE IF NOT EXISTS s (id INTEGER, v VARCHAR(80))");
    List<String> lines = new ArrayList<>();
    for (String entry :
        List.of(
            "\"box\",\"command\":\"echo '1|x'\"",
            "\"box\",\"command\":\"echo no >&2; exit 3\"",
            "\"down\",\"command\":\"true\"",
            "\"box\",\"username\":\"stranger\",\"command\":\"true\"")) {
      Path manifest = Files.createTempFile(root, "manifest", ".json");
      Files.writeString(manifest, "{\"entries\":[{\"endpoint\":" + entry + "}]}");
      lines.add("COPY s FROM '" + manifest + "' DELIMITER '|' SSH");
    }
    for (String line : lines) {
      once(c, line);
    }
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("SELECT public_key FROM copyload_ssh_keys")) {
      while (rows.next()) {
        host.authorize(host.login(), rows.getString(1));
      }
    }
    for (String line : lines) {
      once(c, line);
    }
    assertEquals(2, host.commands.size());
    once(c, "SELECT * FROM sys_load_history");
  }

  private void use(Connection c, String endpoint) throws SQLException {
    run(c, "SELECT * FROM copyload_ssh_keys");
    run(c, "COPYLOAD ROTATE SSH KEY");
    run(c, "CREATE TABLE t (id INTEGER, v VARCHAR(80))");
    String keys = S3Server.KEYS;
    run(c, "COPY t FROM 's3://lake/a.csv'" + keys + " CSV");
    run(c, "COPY t FROM 's3://lake/a.csv'" + keys + " SESSION_TOKEN '" + TOKEN + "' CSV");
    run(c, "COPY t FROM 's3://lake/a.csv'" + keys + " CSV DELIMITER 'too long'");
    run(
        c,
        "COPY t FROM 's3://lake/a.csv'"
            + keys
            + " CSV ENCRYPTED MASTER_SYMMETRIC_KEY '"
            + MASTER_KEY
            + "'");
    run(
        c,
        "COPY t FROM 's3://lake/a.csv' CREDENTIALS 'aws_access_key_id="
            + S3Server.KEY_ID
            + ";aws_secret_access_key="
            + S3Server.SECRET
            + "' CSV");
    run(c, "COPY t FROM 's3://lake/a.csv' CREDENTIALS 'bad=" + S3Server.SECRET + "' CSV");
    run(c, "COPY t FROM 's3://lake/a.csv' ACCESS_KEY_ID 'x' SECRET_ACCESS_KEY " + S3Server.SECRET);
    run(c, "EXPLAIN COPY t FROM 's3://lake/a.csv'" + keys + " CSV");
    run(c, "COPY nowhere FROM 's3://lake/a.csv'" + keys + " CSV");
    run(c, "SELECT 1; COPY t FROM 's3://lake/a.csv'" + keys + " CSV");
    run(c, "UNLOAD ('select * from t') TO 's3://lake/out_'" + keys + " CSV ALLOWOVERWRITE");
    run(c, "UNLOAD ('select * from t') TO 's3://lake/out_'" + keys + " NONSENSE");
    run(
        c,
        "COPY t FROM '" + endpoint + "/lake/a.csv?X-Amz-Signature=planted-signature' (FORMAT csv)");
    run(
        c,
        "COPY t FROM '"
            + endpoint.replace("//", "//planted-user:planted-user@")
            + "/lake/a.csv' (FORMAT csv)");
    run(c, "COPY t FROM 's3://lake/a.csv'" + ROLE + " CSV");
    run(c, "COPY t FROM 's3://lake/a.csv' CSV");
    String job = "COPY t FROM 's3://lake/j'" + keys + " CSV JOB CREATE keyed AUTO ";
    run(c, job + "OFF");
    run(c, job + "SOMETIMES");
    run(c, "COPY JOB RUN keyed");
    run(c, "COPY JOB SHOW keyed");
    run(c, "COPY JOB LIST");
    run(c, "COPY JOB WHY 's3://lake/j.csv'");
    run(c, "CREATE SECRET k AS '" + S3Server.SECRET + "'");
    run(c, "CREATE SECRET k2 '" + S3Server.SECRET + "'");
    run(c, "ALTER SECRET k AS '" + S3Server.SECRET + "'");
    run(c, "CREATE SECRET IF NOT EXISTS d AS decode('" + MASTER_KEY + "', 'base64')");
    String connection =
        "TO AWS (ENDPOINT '"
            + endpoint
            + "', ACCESS KEY ID '"
            + S3Server.KEY_ID
            + "', SECRET ACCESS KEY = ";
    run(c, "CREATE CONNECTION c " + connection + "SECRET k)");
    run(c, "CREATE CONNECTION c2 " + connection + "SECRET k, SESSION TOKEN '" + TOKEN + "')");
    run(c, "CREATE CONNECTION c3 " + connection + "'" + S3Server.SECRET + "')");
    run(c, "VALIDATE CONNECTION c2");
    run(c, "COPY INTO t FROM 's3://lake/a.csv' (FORMAT csv, AWS CONNECTION = c)");
    run(c, "COPY INTO t FROM 's3://lake/a.csv' (FORMAT csv, AWS CONNECTION = c2)");
    run(c, "COPY t TO 's3://lake/more' (FORMAT csv, AWS CONNECTION = c)");
    attempt(
        () -> {
          try (PreparedStatement p = c.prepareStatement("ALTER SECRET k AS ?")) {
            p.setString(1, S3Server.SECRET);
            seen.add(p.toString());
            return p.executeUpdate();
          }
        });
    attempt(
        () -> {
          try (PreparedStatement p = c.prepareStatement("COPY t FROM ? (FORMAT csv)")) {
            p.setString(1, endpoint + "/lake/a.csv?X-Amz-Signature=planted-signature");
            seen.add(p.toString());
            return p.executeUpdate();
          }
        });
  }

  /** Every view and table there is, and what SCRIPT writes. */
  private void readEverything(Connection c) throws SQLException {
    List<String> queries =
        new ArrayList<>(
            List.of(
                "SCRIPT",
                "SHOW SECRETS",
                "SHOW CONNECTIONS",
                "SHOW CREATE CONNECTION c2",
                "COPY JOB LIST",
                "COPY JOB SHOW keyed"));
    try (ResultSet r = c.getMetaData().getTables(null, null, null, null)) {
      while (r.next()) {
        queries.add("SELECT * FROM \"" + r.getString(2) + "\".\"" + r.getString(3) + "\"");
      }
    }
    assertTrue(queries.size() > 20, queries.toString());
    for (String query : queries) {
      try (Statement s = c.createStatement();
          ResultSet r = s.executeQuery(query)) {
        int columns = r.getMetaData().getColumnCount();
        while (r.next()) {
          for (int i = 1; i <= columns; i++) {
            seen.add(String.valueOf(r.getString(i)));
          }
        }
      } catch (SQLException e) {
        note(e);
      }
    }
  }
}
