package io.copyload.tck.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** OpenSSH's own server on loopback, with keys and configuration of its own. */
final class OpenSshServer implements SshHost {
  private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

  private final Process process;
  private final Path folder;
  private final int port;

  /** Whether this machine has the server. */
  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  OpenSshServer(Path folder) throws Exception {
    this.folder = folder;
    Path hostKey = folder.resolve("host_key");
    Process keygen =
        new ProcessBuilder("ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", hostKey.toString())
            .start();
    assertEquals(0, keygen.waitFor());
    // Wanted by a server that runs as root.
    if (user().equals("root")) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Files.writeString(folder.resolve("authorized_keys"), "");
    Path config =
        Files.writeString(
            folder.resolve("sshd_config"),
            String.join(
                "\n",
                "Port " + port,
                "ListenAddress 127.0.0.1",
                "HostKey " + hostKey,
                "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                "PidFile none",
                "StrictModes no",
                "UsePAM no",
                "PermitRootLogin yes",
                "LogLevel VERBOSE",
                ""));
    process =
        new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
    awaitListening();
  }

  private void awaitListening() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline || process.waitFor(50, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException(Files.readString(log()), e);
        }
      }
    }
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
    return user();
  }

  @Override
  public void authorize(List<String> publicLines) throws IOException {
    Files.write(folder.resolve("authorized_keys"), publicLines);
  }

  @Override
  public int port() {
    return port;
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
