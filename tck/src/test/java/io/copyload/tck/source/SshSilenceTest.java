package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** COPY ... SSH from hosts and commands that say nothing: it ends by its time-out or by cancel. */
@Timeout(900)
class SshSilenceTest {
  /** A time limit is tried so often: the machine may be busy with something else. */
  private static final int TRIES = 5;

  private static final long LIMIT_MILLIS = 1000;

  @TempDir Path folder;

  private final List<AutoCloseable> open = Collections.synchronizedList(new ArrayList<>());

  /** How far a host goes before it falls silent. */
  enum Silence {
    /** It takes no connection. */
    BEFORE_CONNECTION,
    /** It does not say which protocol it speaks. */
    BEFORE_VERSION,
    /** It sends no keys. */
    BEFORE_KEYS
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  /** A silent host on loopback; tells {@code reached} when somebody comes. */
  private int silentHost(Silence silence, CountDownLatch reached) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    open.add(server);
    if (silence == Silence.BEFORE_CONNECTION) {
      fillQueue(server);
      reached.countDown();
      return server.getLocalPort();
    }
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  Socket socket = server.accept();
                  open.add(socket);
                  if (silence == Silence.BEFORE_KEYS) {
                    socket.getOutputStream().write("SSH-2.0-silent\r\n".getBytes("US-ASCII"));
                  }
                  // The client's version.
                  socket.getInputStream().read();
                  reached.countDown();
                }
              } catch (IOException e) {
                reached.countDown();
              }
            });
    thread.setDaemon(true);
    thread.start();
    return server.getLocalPort();
  }

  /** Until the system takes no further connection for a server that accepts none. */
  private void fillQueue(ServerSocket server) throws IOException {
    for (int i = 0; i < 100; i++) {
      Socket socket = new Socket();
      open.add(socket);
      try {
        socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 300);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
    assumeTrue(false, "this system's queue of connections has no end");
  }

  private Connection connect(String config, int timeoutSeconds, int tries) throws Exception {
    Files.writeString(folder.resolve("config"), config);
    Connection connection =
        DriverManager.getConnection(
            "jdbc:copyload:mem:silence;dialect=redshift;secrets_key=key-of-the-tests"
                + ";ssh_host_keys=accept-new;ssh_known_hosts="
                + folder.resolve("known_hosts")
                + ";ssh_config="
                + folder.resolve("config")
                + ";network_timeout="
                + timeoutSeconds
                + ";network_tries="
                + tries);
    open.add(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER, v VARCHAR(20))");
    }
    return connection;
  }

  private static List<String> publicLines(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT public_key FROM copyload_ssh_keys")) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    return lines;
  }

  private static String host(int port) {
    return "Host mute\n  HostName 127.0.0.1\n  Port " + port + "\n";
  }

  private String copy(String command) throws IOException {
    Path file = Files.createTempFile(folder, "manifest", ".json");
    Files.writeString(
        file,
        "{\"entries\":[{\"endpoint\":\"mute\",\"mandatory\":true,\"command\":\""
            + command
            + "\"}]}");
    return "COPY t FROM '" + file + "' SSH";
  }

  /**
   * Cancels the statement when {@code reached} says so; at least once in a few tries it ends in
   * time, and always its connection can be used.
   */
  private static void endsInTime(
      Connection connection, String sql, CountDownLatch reached, Waiter more) throws Exception {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < TRIES && best > LIMIT_MILLIS; i++) {
      try (Statement statement = connection.createStatement()) {
        CompletableFuture<SQLException> running =
            CompletableFuture.supplyAsync(
                () -> assertThrows(SQLException.class, () -> statement.execute(sql)));
        reached.await();
        more.await();
        assertFalse(running.isDone(), () -> "ended with " + running.join());
        long told = System.nanoTime();
        statement.cancel();
        SQLException e = running.get();
        best = Math.min(best, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - told));
        assertEquals("57014", e.getSQLState(), e.getMessage());
        assertTrue(statement.execute("SELECT COUNT(*) FROM t"));
      }
    }
    assertTrue(best <= LIMIT_MILLIS, "took " + best + " ms");
  }

  private interface Waiter {
    void await() throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  void aSilentHostIsNamedWhenItsTimeIsOver(Silence silence) throws Exception {
    int port = silentHost(silence, new CountDownLatch(1));
    Connection connection = connect(host(port), 1, 1);
    try (Statement statement = connection.createStatement()) {
      SQLException e =
          assertThrows(SQLException.class, () -> statement.execute(copy("cat /etc/hosts")));
      assertEquals("58030", e.getSQLState(), e.getMessage());
      assertTrue(
          e.getMessage().contains("could not run \"cat /etc/hosts\" on host \"mute\": "),
          e.getMessage());
      assertTrue(e.getMessage().contains("in time"), e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancelDoesNotWaitForASilentHost(Silence silence) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    Connection connection = connect(host(silentHost(silence, reached)), 300, 1);
    publicLines(connection);
    endsInTime(connection, copy("true"), reached, () -> TimeUnit.MILLISECONDS.sleep(200));
  }

  @Test
  void aHostThatFallsSilentInTheMiddleIsNamed() throws Exception {
    SshServer server = new SshServer();
    open.add(server);
    Gate gate = new Gate(server.port());
    open.add(gate);
    Connection connection = connect(host(gate.port()), 3, 1);
    server.authorize(publicLines(connection));
    Path ready = folder.resolve("ready");
    String command = "echo '1|a'; touch " + ready + "; while sleep 0.1; do echo '2|b'; done";
    CompletableFuture<Void> closer =
        CompletableFuture.runAsync(
            () -> {
              try {
                while (!Files.exists(ready)) {
                  TimeUnit.MILLISECONDS.sleep(5);
                }
                gate.closed = true;
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    try (Statement statement = connection.createStatement()) {
      SQLException e = assertThrows(SQLException.class, () -> statement.execute(copy(command)));
      closer.get();
      assertEquals("58030", e.getSQLState(), e.getMessage());
      assertTrue(
          e.getMessage().contains("\"" + command + "\" on host \"mute\" did not end"),
          e.getMessage());
    }
  }

  /** A command that never writes is ended by a signal. */
  @ParameterizedTest
  @EnumSource
  void cancelEndsASilentCommand(SshHost.Kind kind) throws Exception {
    SshHost host;
    if (kind == SshHost.Kind.OPENSSH && OpenSshServer.isInstalled()) {
      Path own = Files.createDirectory(folder.resolve("sshd"));
      // The server reads the keys as the user.
      assertTrue(folder.toFile().setExecutable(true, false));
      assertTrue(own.toFile().setExecutable(true, false));
      host = new OpenSshServer(own, commonUser());
    } else {
      host = kind.start(folder);
    }
    open.add(host);
    Connection connection = connect(host.configuration("mute"), 60, 2);
    host.authorize(publicLines(connection));
    try (Statement statement = connection.createStatement()) {
      statement.execute(copy("true"));
    } catch (SQLException e) {
      assumeTrue(kind != SshHost.Kind.OPENSSH, "only root can log in here: " + e.getMessage());
      throw e;
    }
    // No other process sleeps just so long.
    String seconds = Long.toString(1_000_000_000L + System.nanoTime() % 1_000_000_000L);
    endsInTime(
        connection,
        copy("exec sleep " + seconds),
        new CountDownLatch(0),
        () -> {
          while (!sleeps(seconds)) {
            TimeUnit.MILLISECONDS.sleep(10);
          }
        });
    while (sleeps(seconds)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static boolean sleeps(String seconds) {
    return ProcessHandle.allProcesses()
        .anyMatch(
            process ->
                process
                    .info()
                    .arguments()
                    .filter(all -> all.length == 1 && all[0].equals(seconds))
                    .isPresent());
  }

  /** Somebody who is not root: OpenSSH passes no signals on to root's commands. */
  private static String commonUser() throws IOException {
    if (!OpenSshServer.user().equals("root")) {
      return OpenSshServer.user();
    }
    for (String line : Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.UTF_8)) {
      String[] parts = line.split(":", -1);
      if (!parts[2].equals("0") && parts[6].matches("/bin/(ba|da)?sh")) {
        return parts[0];
      }
    }
    assumeTrue(false, "nobody but root has a shell here");
    return null;
  }

  /** Passes bytes between a client and a server until it is closed; the connections stay. */
  private final class Gate implements AutoCloseable {
    private final ServerSocket server;
    private final int upstream;
    volatile boolean closed;

    Gate(int upstream) throws IOException {
      this.upstream = upstream;
      server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      thread(
          () -> {
            Socket near = server.accept();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), upstream);
            open.add(near);
            open.add(far);
            thread(() -> pass(near, far));
            pass(far, near);
          });
    }

    int port() {
      return server.getLocalPort();
    }

    private void pass(Socket from, Socket to) throws IOException {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!closed) {
          out.write(buffer, 0, count);
        }
      }
    }

    private static void thread(Work work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (IOException e) {
                  // A side has ended.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private interface Work {
    void run() throws IOException;
  }
}
