package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.h2.MvByteStore.SegmentKey;
import io.copyload.engine.store.ByteStore;
import io.copyload.engine.store.ChunkKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MvByteStoreTest {
  @TempDir Path directory;

  private static MvByteStore open(Connection connection) {
    return MvByteStore.of(
        ((SessionLocal) ((JdbcConnection) connection).getSession()).getDatabase());
  }

  private String url(String rest) {
    return "jdbc:h2:" + directory.resolve("db") + rest;
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void put(ByteStore store, int tableId, long segmentId, int groups, int length) {
    for (int group = ChunkKey.FOOTER; group < groups; group++) {
      store.put(new ChunkKey(tableId, segmentId, group, 0, 0), bytes(group, length));
    }
  }

  @Test
  void valuesAreThereAfterReopening() throws Exception {
    for (String rest : List.of("", ";CIPHER=AES", ";COMPRESS=TRUE")) {
      String url = url(Integer.toString(rest.length()) + rest);
      try (Connection connection = DriverManager.getConnection(url, "sa", "file sa")) {
        MvByteStore store = open(connection);
        put(store, 3, 1L << 40, 3, 100_000);
        store.put(new ChunkKey(3, 7, 0, 70_000, 300), new byte[0]);
        store.put(new ChunkKey(3, 7, 0, 0, 1), bytes(9, ByteStore.MAX_PART_BYTES));
      }
      try (Connection connection = DriverManager.getConnection(url, "sa", "file sa")) {
        MvByteStore store = open(connection);
        assertArrayEquals(bytes(-1, 100_000), store.get(new ChunkKey(3, 1L << 40, -1, 0, 0)));
        assertArrayEquals(bytes(2, 100_000), store.get(new ChunkKey(3, 1L << 40, 2, 0, 0)));
        assertArrayEquals(new byte[0], store.get(new ChunkKey(3, 7, 0, 70_000, 300)));
        assertEquals(ByteStore.MAX_PART_BYTES, store.get(new ChunkKey(3, 7, 0, 0, 1)).length);
        assertNull(store.get(new ChunkKey(3, 7, 0, 0, 0)));
        assertNull(store.get(new ChunkKey(4, 7, 0, 0, 1)));
      }
    }
  }

  @Test
  void segmentsAreListedByTableAndRemovedOneByOne() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
      MvByteStore store = open(connection);
      assertEquals(List.of(), store.segments());
      put(store, 5, 2, 4, 10);
      put(store, 5, 1, 60, 10);
      put(store, 5, Long.MAX_VALUE, 1, 10);
      put(store, 9, 0, 0, 10);
      put(store, -5, 3, 2, 10);
      assertEquals(
          List.of(
              new SegmentKey(-5, 3),
              new SegmentKey(5, 1),
              new SegmentKey(5, 2),
              new SegmentKey(5, Long.MAX_VALUE),
              new SegmentKey(9, 0)),
          store.segments());
      assertEquals(List.of(1L, 2L, Long.MAX_VALUE), store.segmentsOf(5));
      assertEquals(List.of(), store.segmentsOf(6));
      store.removeSegment(5, 1);
      store.removeSegment(5, 1);
      store.removeSegment(6, 1);
      assertNull(store.get(new ChunkKey(5, 1, 59, 0, 0)));
      assertArrayEquals(bytes(3, 10), store.get(new ChunkKey(5, 2, 3, 0, 0)));
      assertEquals(List.of(2L, Long.MAX_VALUE), store.segmentsOf(5));
      assertEquals(List.of(0L), store.segmentsOf(9));
    }
  }

  @Test
  void objectsOfOneDatabaseSeeTheSameValues() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
      put(open(connection), 1, 1, 1, 10);
      assertEquals(List.of(1L), open(connection).segmentsOf(1));
    }
  }

  @Test
  void aReadOnlyDatabaseCanBeReadButNotWritten() throws Exception {
    DriverManager.getConnection(url("")).close();
    String readOnly = url(";ACCESS_MODE_DATA=r");
    try (Connection connection = DriverManager.getConnection(readOnly)) {
      MvByteStore store = open(connection);
      assertEquals(List.of(), store.segments());
      assertNull(store.get(new ChunkKey(1, 1, 0, 0, 0)));
      store.removeSegment(1, 1);
      assertReadOnly(store);
    }
    try (Connection connection = DriverManager.getConnection(url(""))) {
      put(open(connection), 1, 1, 1, 10);
    }
    try (Connection connection = DriverManager.getConnection(readOnly)) {
      MvByteStore store = open(connection);
      assertArrayEquals(bytes(0, 10), store.get(new ChunkKey(1, 1, 0, 0, 0)));
      assertReadOnly(store);
      assertThrows(CopyException.class, () -> store.removeSegment(1, 1));
    }
  }

  private static void assertReadOnly(MvByteStore store) {
    CopyException e =
        assertThrows(
            CopyException.class, () -> store.put(new ChunkKey(1, 2, 0, 0, 0), new byte[1]));
    assertEquals(CopyErrorCode.READ_ONLY_TRANSACTION, e.code());
  }

  @Test
  void theFileShrinksAfterSegmentsAreRemoved() throws Exception {
    Path file = directory.resolve("db.mv.db");
    for (String shutdown : List.of("SHUTDOWN COMPACT", "SHUTDOWN DEFRAG")) {
      try (Connection connection = DriverManager.getConnection(url(""))) {
        MvByteStore store = open(connection);
        put(store, 1, 1, 80, 500_000);
        put(store, 1, 2, 3, 500_000);
        shutdown(connection, "SHUTDOWN");
      }
      assertTrue(Files.size(file) > 40_000_000, () -> "file has " + file.toFile().length());
      try (Connection connection = DriverManager.getConnection(url(""))) {
        open(connection).removeSegment(1, 1);
        shutdown(connection, shutdown);
      }
      assertTrue(Files.size(file) < 5_000_000, () -> "file has " + file.toFile().length());
      try (Connection connection = DriverManager.getConnection(url(""))) {
        assertArrayEquals(bytes(2, 500_000), open(connection).get(new ChunkKey(1, 2, 2, 0, 0)));
        open(connection).removeSegment(1, 2);
      }
    }
  }

  @Test
  void spaceOfRemovedSegmentsIsUsedAgainWhileTheDatabaseIsOpen() throws Exception {
    // H2 keeps freed blocks for the retention time so that a crash finds an old version whole.
    try (Connection connection =
        DriverManager.getConnection(url(";RETENTION_TIME=0;WRITE_DELAY=0"))) {
      MvByteStore store = open(connection);
      for (int segment = 0; segment < 20; segment++) {
        put(store, 1, segment, 40, 500_000);
        store.removeSegment(1, segment);
      }
      shutdown(connection, "SHUTDOWN");
    }
    long size = Files.size(directory.resolve("db.mv.db"));
    assertTrue(size < 200_000_000, () -> "file has " + size + " bytes of 400 million written");
  }

  @Test
  void removedSegmentsLeaveTheHeapOfAnInMemoryDatabase() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
      MvByteStore store = open(connection);
      long enough = 2 * Runtime.getRuntime().maxMemory();
      for (long sum = 0, segment = 0; sum < Math.min(enough, 4L << 30); segment++) {
        for (int part = 0; part < 64; part++) {
          byte[] value = new byte[ByteStore.MAX_PART_BYTES];
          store.put(new ChunkKey(1, segment, 0, 0, part), value);
          sum += value.length;
        }
        store.removeSegment(1, segment);
      }
      assertEquals(List.of(), store.segments());
    }
  }

  @Test
  void manyThreadsMayWriteAndRemove() throws Exception {
    try (Connection connection = DriverManager.getConnection(url(""))) {
      MvByteStore store = open(connection);
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int table = t;
        Thread thread =
            new Thread(
                () -> {
                  for (int segment = 0; segment < 6; segment++) {
                    put(store, table, segment, 10, 50_000);
                    if (segment % 2 == 0) {
                      store.removeSegment(table, segment);
                    }
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      for (int t = 0; t < 4; t++) {
        assertEquals(List.of(1L, 3L, 5L), store.segmentsOf(t));
        assertArrayEquals(bytes(9, 50_000), store.get(new ChunkKey(t, 5, 9, 0, 0)));
      }
    }
  }

  @Test
  void segmentsSurviveBackup() throws Exception {
    Path zip = directory.resolve("b.zip");
    try (Connection connection = DriverManager.getConnection(url(""));
        Statement statement = connection.createStatement()) {
      put(open(connection), 1, 1, 2, 100_000);
      statement.execute("BACKUP TO '" + zip + "'");
    }
    org.h2.tools.Restore.execute(zip.toString(), directory.resolve("r").toString(), "db");
    try (Connection connection =
        DriverManager.getConnection("jdbc:h2:" + directory.resolve("r").resolve("db"))) {
      assertArrayEquals(bytes(1, 100_000), open(connection).get(new ChunkKey(1, 1, 1, 0, 0)));
    }
  }

  private static void shutdown(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
