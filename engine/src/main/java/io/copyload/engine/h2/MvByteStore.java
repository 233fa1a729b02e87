package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.CrashPoint;
import io.copyload.engine.store.ByteStore;
import io.copyload.engine.store.ChunkKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.h2.engine.Database;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Segment bytes as values of one plain map of the database's own MVStore, so that backup,
 * encryption, recovery and in-memory databases hold for them as for H2's data. The map is not
 * transactional: what no committed or in-doubt transaction names is garbage, found with {@link
 * #segments}.
 *
 * <p>{@link #put} writes behind: H2's writer threads store the pages. So that loader threads which
 * are faster than the file cannot fill the heap, a put waits for the file whenever {@link
 * #MAX_UNSAVED_BYTES} have been put since the last wait.
 *
 * <p>Write the values of one row group in key order from one thread. H2 splits the page of the
 * neighbouring key at each insert; a neighbour that was stored long ago would be stored a second
 * time.
 *
 * <p>Threads: any. Objects for the same database share their state, which ends with the database's
 * MVStore; nothing is registered elsewhere. In a read-only database everything but reading fails
 * with READ_ONLY_TRANSACTION.
 */
public final class MvByteStore implements ByteStore {
  /** Must begin with neither {@code table.} nor {@code index.}: H2 reads numbers behind these. */
  static final String MAP_NAME = "copyload.chunks";

  private final MVStore store;
  private final MVMap<ChunkKey, byte[]> map;
  private final Backlog backlog;

  private MvByteStore(MVStore store, MVMap<ChunkKey, byte[]> map) {
    this.store = store;
    this.map = map;
    backlog = map == null ? null : ((ChunkBytesType) map.getValueType()).backlog;
  }

  /**
   * The store of a database. Cheap; call it early after opening, so that compaction knows the map's
   * types.
   */
  public static MvByteStore of(Database database) {
    return of(database.getStore().getMvStore());
  }

  static MvByteStore of(MVStore store) {
    if (store.isReadOnly() && !store.hasMap(MAP_NAME)) {
      return new MvByteStore(store, null);
    }
    // An open map is returned as it was opened first, with its types: the backlog is one per
    // MVStore.
    MVMap<ChunkKey, byte[]> map =
        store.openMap(
            MAP_NAME,
            new MVMap.Builder<ChunkKey, byte[]>()
                .keyType(new ChunkKeyType())
                .valueType(new ChunkBytesType()));
    return new MvByteStore(store, map);
  }

  @Override
  public void put(ChunkKey key, byte[] value) {
    if (value.length > MAX_PART_BYTES) {
      throw new IllegalArgumentException("value of " + value.length + " bytes");
    }
    checkWritable();
    try {
      map.put(key, value);
      CrashPoint.reach("mid-write");
      if (store.getFileStore() != null && backlog.isFull(value.length)) {
        if (WRITES_BEHIND) {
          // H2's writer threads take over; the call waits when they are a few writes behind.
          store.tryCommit();
        } else {
          store.commit();
        }
      }
    } catch (MVStoreException e) {
      throw new CopyException(
          CopyErrorCode.DISK_FULL, "could not write to the database file: " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] get(ChunkKey key) {
    if (map == null) {
      return null;
    }
    try {
      return map.get(key);
    } catch (MVStoreException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void forEach(ChunkKey first, ChunkKey last, BiConsumer<ChunkKey, byte[]> consumer) {
    if (map == null) {
      return;
    }
    MVStore.TxCounter usage = store.registerVersionUsage();
    try {
      Cursor<ChunkKey, byte[]> cursor = map.cursor(first, last, false);
      while (cursor.hasNext()) {
        ChunkKey key = cursor.next();
        consumer.accept(key, cursor.getValue());
      }
    } catch (MVStoreException e) {
      throw unreadable(e);
    } finally {
      store.deregisterVersionUsage(usage);
    }
  }

  private static CopyException unreadable(MVStoreException e) {
    return new CopyException(
        CopyErrorCode.DATA_CORRUPTED,
        "could not read from the database file: " + e.getMessage(),
        e);
  }

  @Override
  public void removeSegment(int tableId, long segmentId) {
    ChunkKey key = first(tableId, segmentId);
    if (key == null || key.tableId() != tableId || key.segmentId() != segmentId) {
      return;
    }
    checkWritable();
    while (key != null && key.tableId() == tableId && key.segmentId() == segmentId) {
      map.remove(key);
      key = map.higherKey(key);
    }
  }

  /** Everything stored, in order of table and segment. Reads one key per segment. */
  public List<SegmentKey> segments() {
    return segments(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** Identities of the stored segments of one table, ascending. Reads one key per segment. */
  public List<Long> segmentsOf(int tableId) {
    List<Long> ids = new ArrayList<>();
    for (SegmentKey key : segments(tableId, tableId)) {
      ids.add(key.segmentId());
    }
    return ids;
  }

  /** A stored segment. */
  public record SegmentKey(int tableId, long segmentId) {}

  private List<SegmentKey> segments(int firstTable, int lastTable) {
    List<SegmentKey> found = new ArrayList<>();
    ChunkKey key = first(firstTable, Long.MIN_VALUE);
    while (key != null && key.tableId() <= lastTable) {
      found.add(new SegmentKey(key.tableId(), key.segmentId()));
      if (key.segmentId() < Long.MAX_VALUE) {
        key = first(key.tableId(), key.segmentId() + 1);
      } else if (key.tableId() < Integer.MAX_VALUE) {
        key = first(key.tableId() + 1, Long.MIN_VALUE);
      } else {
        key = null;
      }
    }
    return found;
  }

  private ChunkKey first(int tableId, long segmentId) {
    return map == null
        ? null
        : map.ceilingKey(
            new ChunkKey(
                tableId, segmentId, Integer.MIN_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE));
  }

  private void checkWritable() {
    if (store.isReadOnly()) {
      throw new CopyException(
          CopyErrorCode.READ_ONLY_TRANSACTION, "cannot execute COPY FROM in a read-only database");
    }
  }

  /**
   * Bytes that may be put between two waits for the file, summed over all threads. H2 keeps a write
   * buffer of up to 4 MB for its next use. Buffers grow by 1 MB up to 3 MB, then by half, so that
   * what is written at once must stay below 3 MB with the last value and H2's own pages: else three
   * times the bytes written are allocated for nothing.
   */
  static final int MAX_UNSAVED_BYTES = 2 << 20;

  /**
   * Whether the heap has room for the ten writes or so, each of {@link #MAX_UNSAVED_BYTES} held up
   * to four times, that may be on their way when loader threads do not wait for each one.
   */
  private static final boolean WRITES_BEHIND = Runtime.getRuntime().maxMemory() >= 512L << 20;

  /** Bytes put since the last wait for the file. */
  private static final class Backlog {
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Counts a value. When it fills the backlog, a new one begins and the caller has to wait for
     * the file.
     */
    boolean isFull(int count) {
      if (bytes.addAndGet(count) <= MAX_UNSAVED_BYTES) {
        return false;
      }
      bytes.set(0);
      return true;
    }
  }

  /** Keys: table, segment, row group + 1, column and part as variable-length integers. */
  private static final class ChunkKeyType extends BasicDataType<ChunkKey> {
    private static final int MEMORY = 48;

    @Override
    public int compare(ChunkKey a, ChunkKey b) {
      return a.compareTo(b);
    }

    @Override
    public int getMemory(ChunkKey key) {
      return MEMORY;
    }

    @Override
    public void write(WriteBuffer out, ChunkKey key) {
      out.putVarInt(key.tableId())
          .putVarLong(key.segmentId())
          .putVarInt(key.rowGroup() + 1)
          .putVarInt(key.column())
          .putVarInt(key.part());
    }

    @Override
    public ChunkKey read(ByteBuffer in) {
      int tableId = DataUtils.readVarInt(in);
      long segmentId = DataUtils.readVarLong(in);
      int rowGroup = DataUtils.readVarInt(in) - 1;
      int column = DataUtils.readVarInt(in);
      return new ChunkKey(tableId, segmentId, rowGroup, column, DataUtils.readVarInt(in));
    }

    @Override
    public ChunkKey[] createStorage(int size) {
      return new ChunkKey[size];
    }
  }

  /** Values: length and bytes. */
  private static final class ChunkBytesType extends BasicDataType<byte[]> {
    private static final int ARRAY_HEADER = 24;

    private final Backlog backlog = new Backlog();

    @Override
    public int getMemory(byte[] value) {
      return ARRAY_HEADER + value.length;
    }

    /**
     * Values differ too much in size for H2's sampling, and its write-behind is bounded by these
     * figures.
     */
    @Override
    public boolean isMemoryEstimationAllowed() {
      return false;
    }

    @Override
    public void write(WriteBuffer out, byte[] value) {
      out.putVarInt(value.length).put(value);
    }

    @Override
    public byte[] read(ByteBuffer in) {
      byte[] value = new byte[DataUtils.readVarInt(in)];
      in.get(value);
      return value;
    }

    @Override
    public byte[][] createStorage(int size) {
      return new byte[size][];
    }
  }
}
