package org.h2.mvstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionStore;
import org.h2.mvstore.type.LongDataType;
import org.h2.value.VersionedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads what a crash would leave: each version, as it is written, while threads put the same keys
 * into three maps by transactions that commit or roll back. Without {@link AtomicVersions} one
 * version in a hundred holds half a transaction.
 */
class AtomicVersionsTest {
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final int LOG_ID_BITS = 40;
  private static final long COMMIT_MARK = (1L << LOG_ID_BITS) - 1;
  private static final int VERSIONS = 400;

  @TempDir Path folder;

  private volatile boolean stopped;

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void eachVersionHoldsTransactionsWholeOrNot(int writerCount) throws Exception {
    try (MVStore store =
        new MVStore.Builder().fileName(folder.resolve("versions").toString()).open()) {
      // Not 0: each end of a transaction would write a version then.
      store.setAutoCommitDelay(3_600_000);
      AtomicVersions.install(store);
      store.setVersionsToKeep(1_000);
      TransactionStore transactions = new TransactionStore(store);
      transactions.init();
      List<MVMap<Long, VersionedValue<Long>>> maps = new ArrayList<>();
      Transaction first = transactions.begin();
      for (String name : NAMES) {
        maps.add(open(first, name).map);
      }
      first.commit();
      makeUndoLogs(transactions, writerCount);
      store.commit();

      ExecutorService threads = Executors.newFixedThreadPool(writerCount);
      List<Future<?>> writers = new ArrayList<>();
      try {
        for (int writer = 0; writer < writerCount; writer++) {
          long firstId = writer * 1_000_000_000L;
          writers.add(threads.submit(() -> write(transactions, firstId)));
        }
        for (int i = 0; i < VERSIONS; ) {
          long version = store.commit();
          if (version >= 0) {
            check(store, maps, version);
            i++;
          }
        }
      } finally {
        stopped = true;
        threads.shutdown();
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
  }

  @Test
  void aSecondInstallDoesNothing() {
    try (MVStore store = MVStore.open(null)) {
      AtomicVersions.install(store);
      MVMap<String, String> map = store.openMap("m");
      map.put("k", "v");
      AtomicVersions.install(store);
      assertEquals("v", store.openMap("m").get("k"));
    }
  }

  private static TransactionMap<Long, Long> open(Transaction transaction, String name) {
    return transaction.openMap(name, LongDataType.INSTANCE, LongDataType.INSTANCE);
  }

  /**
   * A map that is made while a version is being closed is in the version with its first roots,
   * which bear the next version's number: {@link #written} could not tell what went into which.
   */
  private static void makeUndoLogs(TransactionStore transactions, int count) {
    List<Transaction> open = new ArrayList<>();
    for (long id = 0; id < count; id++) {
      Transaction transaction = transactions.begin();
      open(transaction, NAMES.get(0)).put(-id, 1L);
      open.add(transaction);
    }
    open.forEach(Transaction::rollback);
  }

  private void write(TransactionStore transactions, long firstId) {
    for (long id = firstId; !stopped; id++) {
      Transaction transaction = transactions.begin();
      for (String name : NAMES) {
        open(transaction, name).put(id, 1L);
        open(transaction, name).remove(id - 20);
      }
      if (id % 5 == 0) {
        transaction.rollback();
      } else {
        transaction.commit();
      }
    }
  }

  /** What recovery would make of the version is the same in all maps. */
  private static void check(
      MVStore store, List<MVMap<Long, VersionedValue<Long>>> maps, long version) {
    Map<Integer, Set<Long>> undoLogs = new HashMap<>();
    List<Set<Long>> recovered = new ArrayList<>();
    for (MVMap<Long, VersionedValue<Long>> map : maps) {
      Set<Long> ids = new HashSet<>();
      Cursor<Long, VersionedValue<Long>> cursor = written(map, version);
      while (cursor != null && cursor.hasNext()) {
        Long id = cursor.next();
        VersionedValue<Long> value = cursor.getValue();
        long operation = value.getOperationId();
        Long kept = value.getCurrentValue();
        if (operation != 0) {
          int transactionId = (int) (operation >>> LOG_ID_BITS);
          Set<Long> undoLog =
              undoLogs.computeIfAbsent(transactionId, i -> undoLog(store, i, version));
          assertTrue(undoLog.contains(operation), "version " + version + ": no undo of " + id);
          boolean committed = undoLog.contains((long) transactionId << LOG_ID_BITS | COMMIT_MARK);
          kept = committed ? value.getCurrentValue() : value.getCommittedValue();
        }
        if (kept != null) {
          ids.add(id);
        }
      }
      recovered.add(ids);
    }
    for (Set<Long> ids : recovered) {
      Set<Long> others = new HashSet<>(recovered.get(0));
      others.removeAll(ids);
      assertTrue(
          others.isEmpty() && ids.size() == recovered.get(0).size(),
          () -> "version " + version + ": missing " + others);
    }
  }

  private static Set<Long> undoLog(MVStore store, int transactionId, long version) {
    MVMap<Long, Object> map =
        store.openMap("undoLog." + transactionId, new MVMap.Builder<Long, Object>());
    Set<Long> operations = new HashSet<>();
    Cursor<Long, Object> cursor = written(map, version);
    while (cursor != null && cursor.hasNext()) {
      operations.add(cursor.next());
    }
    return operations;
  }

  /** The rows of a map that went into a version; null when it has none as old. */
  private static <K, V> Cursor<K, V> written(MVMap<K, V> map, long version) {
    RootReference<K, V> root = map.flushAndGetRoot();
    while (root != null && root.version >= version) {
      root = root.previous;
    }
    return root == null ? null : new Cursor<>(root, null, null, false);
  }
}
