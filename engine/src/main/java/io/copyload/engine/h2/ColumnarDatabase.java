package io.copyload.engine.h2;

import io.copyload.engine.store.ChunkCache;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.Database;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionStore;

/**
 * What the columnar tables of one open database share: the byte store, the cache, the list of live
 * tables and the sweeper that removes the bytes of segments nobody names.
 *
 * <p>A segment's bytes are kept while its table's map of segments names it in any state (committed,
 * uncommitted or in doubt), while a load is still writing it, and while a transaction is open that
 * began before it lost its name.
 *
 * <p>Threads: any.
 */
final class ColumnarDatabase {
  static final String SEGMENTS_MAP = "hyseg.";
  static final String TOMBSTONES_MAP = "hytomb.";

  private final Database database;
  private final MvByteStore store;
  private final ChunkCache cache;
  private final Map<Integer, HybridTable> tables = new ConcurrentHashMap<>();
  private final Map<Integer, HybridIndex> indexes = new ConcurrentHashMap<>();
  private final Set<SegmentName> openLoads = ConcurrentHashMap.newKeySet();

  /** Published since the last sweep: rolled back ones must be found. Guarded by this. */
  private final List<SegmentName> unsettled = new ArrayList<>();

  /** Without a name, but perhaps with readers. Guarded by this. */
  private final List<Retired> retired = new ArrayList<>();

  private volatile boolean opened;

  /** Owner is a table or an index. */
  record SegmentName(int ownerId, long segmentId) {}

  private record Retired(SegmentName name, long lastSequence) {}

  ColumnarDatabase(Database database) {
    this.database = database;
    store = MvByteStore.of(database);
    cache = new ChunkCache(Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 4));
  }

  Database database() {
    return database;
  }

  MvByteStore store() {
    return store;
  }

  ChunkCache cache() {
    return cache;
  }

  synchronized HybridTable createTable(CreateTableData data) {
    HybridTable table = new HybridTable(data, this);
    tables.put(table.getId(), table);
    return table;
  }

  void remove(HybridTable table) {
    tables.remove(table.getId(), table);
  }

  void add(HybridIndex index) {
    indexes.put(index.getId(), index);
  }

  boolean isLive(HybridIndex index) {
    return indexes.get(index.getId()) == index;
  }

  void remove(HybridIndex index) {
    indexes.remove(index.getId(), index);
  }

  /** Protects a segment's bytes until {@link #published} or {@link #abandoned}. */
  void loading(int tableId, long segmentId) {
    openLoads.add(new SegmentName(tableId, segmentId));
  }

  /** The segment has its name now, at least in an uncommitted transaction. */
  void published(int tableId, long segmentId) {
    SegmentName name = new SegmentName(tableId, segmentId);
    synchronized (this) {
      unsettled.add(name);
    }
    openLoads.remove(name);
  }

  boolean isLoading(int tableId, long segmentId) {
    return openLoads.contains(new SegmentName(tableId, segmentId));
  }

  /** A load that will never be published: nobody has seen the segment. */
  void abandoned(int tableId, long segmentId) {
    if (openLoads.remove(new SegmentName(tableId, segmentId))) {
      store.removeSegment(tableId, segmentId);
    }
  }

  /**
   * The segment has lost its name; its bytes go when the last transaction that may read them has
   * ended.
   *
   * @param own the transaction that took the name, which reads no more
   */
  synchronized void retire(int ownerId, long segmentId, Transaction own) {
    openLoads.remove(new SegmentName(ownerId, segmentId));
    retired.add(new Retired(new SegmentName(ownerId, segmentId), lastOpenSequence(own)));
  }

  /** Looks for what crashes left behind, once, when the database is first used after opening. */
  void opened() {
    if (!opened && !database.isStarting()) {
      sweepAll();
    }
  }

  /**
   * Removes what can be removed by now of segments that were rolled back, truncated or dropped.
   *
   * @param own the caller's transaction, which reads none of them
   */
  synchronized void sweep(Transaction own) {
    for (Iterator<SegmentName> i = unsettled.iterator(); i.hasNext(); ) {
      SegmentName name = i.next();
      HybridTable table = tables.get(name.ownerId());
      switch (table == null ? HybridTable.Naming.ABSENT : table.naming(name.segmentId())) {
        case COMMITTED -> i.remove();
        case ABSENT -> {
          i.remove();
          if (!openLoads.contains(name)) {
            retireAll(name, table, own);
          }
        }
        case UNCOMMITTED -> {}
      }
    }
    if (retired.isEmpty()) {
      return;
    }
    long firstOpen = firstOpenSequence(own);
    for (Iterator<Retired> i = retired.iterator(); i.hasNext(); ) {
      Retired segment = i.next();
      if (segment.lastSequence() < firstOpen) {
        i.remove();
        if (!isNamed(segment.name())) {
          store.removeSegment(segment.name().ownerId(), segment.name().segmentId());
        }
      }
    }
  }

  private void retireAll(SegmentName name, HybridTable table, Transaction own) {
    long sequence = lastOpenSequence(own);
    retired.add(new Retired(name, sequence));
    if (table != null) {
      table.forget(name.segmentId());
      for (HybridIndex index : table.hybridIndexes()) {
        retired.add(new Retired(new SegmentName(index.getId(), name.segmentId()), sequence));
      }
    }
  }

  private synchronized void sweepAll() {
    if (opened) {
      return;
    }
    opened = true;
    if (database.isReadOnly()) {
      return;
    }
    for (MvByteStore.SegmentKey key : store.segments()) {
      SegmentName name = new SegmentName(key.tableId(), key.segmentId());
      if (!isNamed(name)) {
        store.removeSegment(key.tableId(), key.segmentId());
      }
    }
    MVStore mvStore = database.getStore().getMvStore();
    for (String name : List.copyOf(mvStore.getMapNames())) {
      if (isOrphan(name, SEGMENTS_MAP) || isOrphan(name, TOMBSTONES_MAP)) {
        mvStore.removeMap(name);
      }
    }
  }

  private boolean isOrphan(String mapName, String prefix) {
    return mapName.startsWith(prefix)
        && !tables.containsKey(Integer.parseInt(mapName.substring(prefix.length())));
  }

  private boolean isNamed(SegmentName name) {
    HybridTable table = tables.get(name.ownerId());
    if (table == null) {
      HybridIndex index = indexes.get(name.ownerId());
      if (index == null) {
        return openLoads.contains(name);
      }
      table = index.getTable();
    }
    return openLoads.contains(new SegmentName(table.getId(), name.segmentId()))
        || table.naming(name.segmentId()) != HybridTable.Naming.ABSENT;
  }

  private long lastOpenSequence(Transaction own) {
    long last = 0;
    for (Transaction transaction : transactions().getOpenTransactions()) {
      last = transaction == own ? last : Math.max(last, transaction.getSequenceNum());
    }
    return last;
  }

  private long firstOpenSequence(Transaction own) {
    long first = Long.MAX_VALUE;
    for (Transaction transaction : transactions().getOpenTransactions()) {
      // A prepared transaction reads no more, and may stay for years.
      if (transaction != own && transaction.getStatus() != Transaction.STATUS_PREPARED) {
        first = Math.min(first, transaction.getSequenceNum());
      }
    }
    return first;
  }

  private TransactionStore transactions() {
    return database.getStore().getTransactionStore();
  }
}
