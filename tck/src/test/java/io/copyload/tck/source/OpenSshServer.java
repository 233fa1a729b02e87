package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** OpenSSH's own server on loopback, with keys and configuration of its own. */
final class OpenSshServer implements SshHost {
  private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

  private final Path folder;
  private final String login;
  private int port;
  private Process process;

  /** Whether this machine has the server. */
  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  OpenSshServer(Path folder) throws Exception {
    this(folder, user());
  }

  /**
   * @param login who can log in: only this process's user, unless that is root
   */
  OpenSshServer(Path folder, String login) throws Exception {
    this.folder = folder;
    this.login = login;
    Path hostKey = folder.resolve("host_key");
    keygen("rsa", hostKey);
    // As real hosts do, it has a second key, which clients would rather take.
    keygen("ed25519", folder.resolve("second_key"));
    // Wanted by a server that runs as root.
    if (user().equals("root")) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    Files.writeString(folder.resolve("authorized_keys"), "");
    while (true) {
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      process = start(hostKey);
      if (listens()) {
        return;
      }
      // Somebody else was faster to take the port.
      assertTrue(logged().contains("Address already in use"), logged());
    }
  }

  private static void keygen(String type, Path file) throws IOException, InterruptedException {
    Process keygen =
        new ProcessBuilder("ssh-keygen", "-q", "-t", type, "-N", "", "-f", file.toString()).start();
    assertEquals(0, keygen.waitFor());
  }

  private Process start(Path hostKey) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("sshd_config"),
            String.join(
                "\n",
                "Port " + port,
                "ListenAddress 127.0.0.1",
                "HostKey " + hostKey,
                "HostKey " + folder.resolve("second_key"),
                "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                "PidFile none",
                "StrictModes no",
                // Lets those in who have no password.
                "UsePAM " + (login.equals(user()) ? "no" : "yes"),
                "PermitRootLogin yes",
                "LogLevel VERBOSE",
                ""));
    return new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", config.toString())
        .redirectErrorStream(true)
        .redirectOutput(log().toFile())
        .start();
  }

  /** Waits until the server takes connections; false when it has ended instead. */
  private boolean listens() throws Exception {
    while (!logged().contains("Server listening on")) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  private Path log() {
    return folder.resolve("sshd.log");
  }

  /** What the server has written. */
  String logged() throws IOException {
    return Files.readString(log());
  }

  /** The user that this process is: the one who can log in. */
  static String user() {
    return System.getProperty("user.name");
  }

  @Override
  public String login() {
    return login;
  }

  @Override
  public void authorize(List<String> publicLines) throws IOException {
    Files.write(folder.resolve("authorized_keys"), publicLines);
  }

  @Override
  public int port() {
    return port;
  }

  /** The host's other key as a manifest has it. */
  String secondKey() throws IOException {
    return Files.readString(folder.resolve("second_key.pub")).split(" ")[1];
  }

  @Override
  public String publicKey() throws IOException {
    return Files.readString(folder.resolve("host_key.pub")).split(" ")[1];
  }

  @Override
  public void kill() {
    // The processes of its connections would live on; commands end after them, as on a host that
    // loses its power.
    List<ProcessHandle> all = process.descendants().toList();
    process.destroyForcibly();
    for (ProcessHandle one : all) {
      if (one.info().command().filter(PROGRAM.toString()::equals).isPresent()) {
        one.destroyForcibly();
      }
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
