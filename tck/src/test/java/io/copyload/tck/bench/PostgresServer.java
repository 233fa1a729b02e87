package io.copyload.tck.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server on loopback for the time of a benchmark, if its programs are here.
 *
 * <p><b>Ownership:</b> {@link #close} stops the server and deletes its folder. The server refuses
 * to run as root; there it is started as the user {@code postgres}.
 */
final class PostgresServer implements AutoCloseable {
  private final Path bin;
  private final Path folder;
  private final int port;

  private PostgresServer(Path bin, Path folder, int port) {
    this.bin = bin;
    this.folder = folder;
    this.port = port;
  }

  /** A running server, or null where there are no programs to run. */
  static PostgresServer start() throws IOException {
    Path bin = programs();
    if (bin == null) {
      return null;
    }
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Path folder = Files.createTempDirectory("bench-postgresql-");
    PostgresServer server = new PostgresServer(bin, folder, port);
    if (isRoot()) {
      server.run(List.of("chown", "postgres", folder.toString()), false);
    }
    Path data = folder.resolve("data");
    server.run(
        List.of(
            bin.resolve("initdb").toString(), "-D", data.toString(), "-U", "bench", "-A", "trust"),
        true);
    server.run(
        List.of(
            bin.resolve("pg_ctl").toString(),
            "-D",
            data.toString(),
            "-w",
            "-l",
            folder.resolve("log").toString(),
            "-o",
            "-p " + port + " -k " + folder + " -c listen_addresses=127.0.0.1",
            "start"),
        true);
    return server;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=bench";
  }

  private static Path programs() throws IOException {
    List<Path> candidates = new ArrayList<>();
    String property = System.getProperty("bench.postgresql.bin");
    if (property != null) {
      candidates.add(Path.of(property));
    }
    for (String entry : System.getenv("PATH").split(java.io.File.pathSeparator)) {
      candidates.add(Path.of(entry));
    }
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions.sorted(Comparator.reverseOrder()).forEach(v -> candidates.add(v.resolve("bin")));
      }
    }
    for (Path candidate : candidates) {
      if (Files.isExecutable(candidate.resolve("initdb"))
          && Files.isExecutable(candidate.resolve("pg_ctl"))) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private void run(List<String> command, boolean asServer) throws IOException {
    List<String> full = new ArrayList<>();
    if (asServer && isRoot()) {
      full.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    full.addAll(command);
    Process process =
        new ProcessBuilder(full)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("failed: " + String.join(" ", full));
    }
  }

  @Override
  public void close() throws IOException {
    run(
        List.of(
            bin.resolve("pg_ctl").toString(),
            "-D",
            folder.resolve("data").toString(),
            "-m",
            "immediate",
            "stop"),
        true);
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
