package io.copyload.engine.h2.bench;

import io.copyload.engine.h2.MvByteStore;
import io.copyload.engine.store.ChunkKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;

/**
 * Writes random values from several threads into a new database file, syncs, and reads them back.
 * Arguments: directory, megabytes, threads, kilobytes per value, rest of the URL (optional). Run it
 * with a small heap to see that the writers wait for the file.
 */
final class ByteStoreBench {
  private ByteStoreBench() {}

  /** As loader threads write: whole row groups of 16 columns. */
  private static ChunkKey key(int i, int thread, int threads) {
    return new ChunkKey(1, 1, i / 16 * threads + thread, i % 16, 0);
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "bench");
    long total = Long.parseLong(args[1]) << 20;
    int threads = Integer.parseInt(args[2]);
    int size = Integer.parseInt(args[3]) << 10;
    String url = "jdbc:h2:" + directory.resolve("db") + (args.length > 4 ? args[4] : "");
    int perThread = (int) (total / size / threads);
    try (Connection connection = DriverManager.getConnection(url, "sa", "file sa")) {
      SessionLocal session = (SessionLocal) ((JdbcConnection) connection).getSession();
      MvByteStore store = MvByteStore.of(session.getDatabase());
      long begin = System.nanoTime();
      List<Thread> writers = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int column = t;
        Thread writer =
            new Thread(
                () -> {
                  Random random = new Random(column);
                  byte[] pattern = new byte[size];
                  random.nextBytes(pattern);
                  for (int i = 0; i < perThread; i++) {
                    byte[] value = pattern.clone();
                    value[i % size]++;
                    store.put(key(i, column, threads), value);
                  }
                });
        writer.start();
        writers.add(writer);
      }
      for (Thread writer : writers) {
        writer.join();
      }
      double put = (System.nanoTime() - begin) / 1e9;
      session.getDatabase().getStore().sync();
      double synced = (System.nanoTime() - begin) / 1e9;
      begin = System.nanoTime();
      long bytes = 0;
      for (int i = 0; i < perThread; i++) {
        for (int t = 0; t < threads; t++) {
          bytes += store.get(key(i, t, threads)).length;
        }
      }
      double read = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          "%d MB: put %.0f MB/s, with sync %.0f MB/s, read %.0f MB/s, file %d MB%n",
          bytes >> 20,
          (bytes >> 20) / put,
          (bytes >> 20) / synced,
          (bytes >> 20) / read,
          Files.size(directory.resolve("db.mv.db")) >> 20);
    } finally {
      try (var files = Files.walk(directory)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
