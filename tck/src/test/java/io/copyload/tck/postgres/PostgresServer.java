package io.copyload.tck.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL server on loopback, from the binaries that the build has put into the folder of
 * the system property {@code copyload.postgresql.servers}; its cluster is a temporary folder.
 *
 * <p><b>Ownership:</b> a shell holds the server's life line: when the pipe to it closes, by {@link
 * #close} or because this JVM ends, however it ends, the server stops and its folder goes. The
 * server refuses to run as root; there it runs as {@code nobody}.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String USER = "copyload";
  private static final int ATTEMPTS = 3;
  private static final Map<Integer, PostgresServer> SHARED = new HashMap<>();

  /** Runs the server until standard input ends; $0 is the folder. */
  private static final String LIFE_LINE =
      "trap '' INT TERM HUP; \"$@\" & server=$!; cat > /dev/null;"
          + " kill -QUIT $server; wait $server; rm -rf \"$0\"";

  private final Process process;
  private final int port;

  private PostgresServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The server of a major version for all tests of this JVM: without fsync. */
  public static PostgresServer shared(int major) throws IOException {
    synchronized (SHARED) {
      PostgresServer server = SHARED.get(major);
      if (server == null) {
        server = start(major, List.of("fsync=off"));
        SHARED.put(major, server);
      }
      return server;
    }
  }

  /** A server of the caller's own, with settings like {@code fsync=off}. */
  public static PostgresServer start(int major, List<String> settings) throws IOException {
    Path folder = Files.createTempDirectory("copyload-postgresql-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path programs = Files.createDirectory(folder.resolve("programs"));
    unpack(major, programs);
    Path work = Files.createDirectory(folder.resolve("work"));
    if (isRoot()) {
      Files.setOwner(
          work,
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }
    Path data = work.resolve("data");
    Path log = folder.resolve("log");
    Path bin = programs.resolve("bin");
    run(
        command(
            List.of(
                bin.resolve("initdb").toString(),
                "--pgdata=" + data,
                "--username=" + USER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync")),
        folder,
        log);
    for (int attempt = 1; ; attempt++) {
      int port;
      try (ServerSocket socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      List<String> server = new ArrayList<>();
      server.addAll(List.of(bin.resolve("postgres").toString(), "-D", data.toString()));
      server.addAll(List.of("-p", Integer.toString(port)));
      server.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
      for (String setting : settings) {
        server.addAll(List.of("-c", setting));
      }
      List<String> shell = new ArrayList<>(List.of("sh", "-c", LIFE_LINE, folder.toString()));
      shell.addAll(command(server));
      Process process =
          builder(shell, folder).redirectOutput(ProcessBuilder.Redirect.to(log.toFile())).start();
      PostgresServer started = new PostgresServer(process, port);
      if (started.accepts(log)) {
        return started;
      }
      String text = Files.readString(log);
      started.close();
      if (attempt == ATTEMPTS) {
        throw new IOException("PostgreSQL " + major + " does not start: " + text);
      }
    }
  }

  /** The server's URL with its administrator. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER;
  }

  private boolean accepts(Path log) throws IOException {
    for (int i = 0; i < 600; i++) {
      String text = Files.readString(log);
      if (text.contains("ready to accept connections")) {
        return true;
      }
      if (text.contains("FATAL")) {
        return false;
      }
      pause();
    }
    return false;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void unpack(int major, Path folder) throws IOException {
    Path jar =
        Path.of(System.getProperty("copyload.postgresql.servers", "target/postgresql"))
            .resolve(major + ".jar");
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry archive =
          zip.stream().filter(entry -> entry.getName().endsWith(".txz")).findFirst().orElseThrow();
      Process tar =
          builder(List.of("tar", "-x", "-o", "-f", "-"), folder)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (InputStream in = new XZInputStream(zip.getInputStream(archive));
          OutputStream out = tar.getOutputStream()) {
        in.transferTo(out);
      }
      if (tar.onExit().join().exitValue() != 0) {
        throw new IOException("tar cannot unpack " + jar);
      }
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** The command as the user that the server runs as. */
  private static List<String> command(List<String> command) {
    if (!isRoot()) {
      return command;
    }
    List<String> full = new ArrayList<>();
    full.addAll(List.of("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups"));
    full.addAll(command);
    return full;
  }

  private static ProcessBuilder builder(List<String> command, Path folder) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  private static void run(List<String> command, Path folder, Path log) throws IOException {
    Process process =
        builder(command, folder).redirectOutput(ProcessBuilder.Redirect.to(log.toFile())).start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + Files.readString(log));
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
