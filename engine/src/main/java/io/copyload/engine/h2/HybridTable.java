package io.copyload.engine.h2;

import io.copyload.engine.CopyException;
import io.copyload.engine.statement.TableAttribute;
import io.copyload.engine.store.ByteStore;
import io.copyload.engine.store.ColumnEncoding;
import io.copyload.engine.store.RowGroupInfo;
import io.copyload.engine.store.SegmentFooter;
import io.copyload.engine.store.SegmentInfo;
import io.copyload.engine.store.TargetType;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.api.Trigger;
import org.h2.command.Prepared;
import org.h2.command.ddl.CreateTableData;
import org.h2.constraint.Constraint;
import org.h2.constraint.ConstraintReferential;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.index.IndexType;
import org.h2.message.DbException;
import org.h2.mode.DefaultNullOrdering;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.db.MVPrimaryIndex;
import org.h2.mvstore.db.MVTable;
import org.h2.mvstore.db.Store;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionMap.TMIterator;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.result.LocalResult;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.result.SortOrder;
import org.h2.schema.Schema;
import org.h2.table.Column;
import org.h2.table.IndexColumn;
import org.h2.util.StringUtils;
import org.h2.value.VersionedValue;

/**
 * An H2 table whose rows are immutable columnar segments and a delta: H2's own row store. What it
 * shows is the loaded rows of the visible segments, less the visible tombstones, plus the delta. A
 * loaded row that is deleted gets a tombstone; one that is updated gets a tombstone and a delta row
 * with the same row id.
 *
 * <p>Segments and tombstones are entries of two transactional maps, which H2 commits, rolls back,
 * isolates and recovers as it does the rows; see {@link HiddenIndex}.
 *
 * <p>A load asks for a {@link #newSegmentId}, writes row groups under it to {@link #byteStore} from
 * any threads, and ends with {@link #publish} or {@link #abandon}.
 *
 * <p>Threads: as {@link MVTable}.
 */
public final class HybridTable extends MVTable {
  /** Value of a tombstone. */
  static final Long BURIED = 1L;

  /** Bytes of segment ids are random: a crash may leave chunks of any id behind. */
  private static final long SEGMENT_ID_MASK = (1L << 62) - 1;

  private final ColumnarDatabase columnar;
  private final Store h2Store;

  /** H2's own list too, for the text of the table: changes of it are seen there. */
  private final ArrayList<String> engineParameters;

  private final String engineName;
  private volatile TableAttributes attributes;

  /** Clauses for the copy that a running ALTER TABLE makes. */
  private List<TableAttribute> announced = List.of();

  private final ScanIndex scan;
  private final TransactionMap<Long, byte[]> segmentMap;
  private final TransactionMap<Long, Long> tombstoneMap;
  private final HiddenIndex<byte[]> segmentIndex;
  private final HiddenIndex<Long> tombstoneIndex;
  private final Map<Long, Segment> segments = new ConcurrentHashMap<>();

  /** First row ids of segments that were published, but perhaps have to be published again. */
  private final Map<Long, Long> reservations = new ConcurrentHashMap<>();

  /** Next free row id; 0 until first asked for. */
  private final AtomicLong nextRowId = new AtomicLong();

  private final AtomicLong changesUntilAnalyze;

  /** In what state the map of segments names a segment. */
  enum Naming {
    ABSENT,
    UNCOMMITTED,
    COMMITTED
  }

  HybridTable(CreateTableData data, ColumnarDatabase columnar) {
    super(withOwnParameters(data), columnar.database().getStore());
    this.columnar = columnar;
    h2Store = columnar.database().getStore();
    engineName = data.tableEngine;
    engineParameters = data.tableEngineParams;
    attributes = TableAttributes.of(engineParameters).retaining(this::doesColumnExist);
    int analyzeAuto = database.getSettings().analyzeAuto;
    changesUntilAnalyze = analyzeAuto <= 0 ? null : new AtomicLong(analyzeAuto);

    Transaction transaction = h2Store.getTransactionStore().begin();
    segmentMap =
        transaction.openMap(
            ColumnarDatabase.SEGMENTS_MAP + getId(),
            LongDataType.INSTANCE,
            ByteArrayDataType.INSTANCE);
    tombstoneMap =
        transaction.openMap(
            ColumnarDatabase.TOMBSTONES_MAP + getId(),
            LongDataType.INSTANCE,
            LongDataType.INSTANCE);
    segmentMap.map.setVolatile(!isPersistData());
    tombstoneMap.map.setVolatile(!isPersistData());
    if (!database.isStarting()) {
      // The id may have belonged to a table that a crash dropped halfway.
      segmentMap.clear();
      tombstoneMap.clear();
    }
    transaction.commit();

    // H2's list of indexes is live: the scan index takes the place of H2's own, which it wraps.
    List<Index> indexes = super.getIndexes();
    scan = new ScanIndex(this, (MVPrimaryIndex) indexes.get(0));
    segmentIndex = new HiddenIndex<>(this, getName() + "_SEGMENTS", segmentMap);
    tombstoneIndex = new HiddenIndex<>(this, getName() + "_TOMBSTONES", tombstoneMap);
    indexes.set(0, scan);
    indexes.add(segmentIndex);
    indexes.add(tombstoneIndex);
    registerForRollback();
  }

  /** The list that H2 keeps must be this table's alone. */
  private static CreateTableData withOwnParameters(CreateTableData data) {
    data.tableEngineParams =
        data.tableEngineParams == null
            ? new ArrayList<>()
            : new ArrayList<>(data.tableEngineParams);
    return data;
  }

  /**
   * Makes H2 call back for delta rows that are rolled back: large objects of theirs are removed
   * then, and triggers run.
   */
  private void registerForRollback() {
    try {
      Field field = Store.class.getDeclaredField("tableMap");
      field.setAccessible(true);
      @SuppressWarnings("unchecked")
      Map<String, MVTable> tables = (Map<String, MVTable>) field.get(h2Store);
      tables.put(getMapName(), this);
    } catch (ReflectiveOperationException e) {
      throw DbException.convert(e);
    }
  }

  ColumnarDatabase columnar() {
    return columnar;
  }

  /** Where the row groups of this table's segments are to be written. */
  public ByteStore byteStore() {
    return columnar.store();
  }

  // Loads

  /**
   * A segment id that no other load of this table ever has, also after a crash. Until it is
   * published or abandoned, the bytes written under it are kept. Threads: any.
   */
  public long newSegmentId() {
    columnar.opened();
    long id = ThreadLocalRandom.current().nextLong() & SEGMENT_ID_MASK;
    columnar.loading(getId(), id);
    return id;
  }

  /**
   * Gives up a segment that was not published, or whose publishing has failed; removes what was
   * written of it, at once or, when another session may have seen its keys, later. Threads: any.
   */
  public void abandon(long segmentId) {
    if (reservations.remove(segmentId) == null) {
      columnar.abandoned(getId(), segmentId);
      return;
    }
    segments.remove(segmentId);
    columnar.retire(getId(), segmentId, null);
    for (HybridIndex index : hybridIndexes()) {
      index.forget(segmentId);
      columnar.retire(index.getId(), segmentId, null);
    }
  }

  /**
   * Makes the row groups of a segment rows of the table, as part of the session's transaction:
   * gives them row ids in order, builds the runs of all indexes and then checks unique and foreign
   * keys.
   *
   * <p>Must be called within a statement: the session is locked by the calling thread and its
   * transaction has begun ({@code startStatementWithinTransaction}). Takes the table's shared write
   * lock itself. The caller ends the statement and commits.
   *
   * <p>Failures: a broken key is H2's own error (DUPLICATE_KEY_1,
   * REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1), naming constraint and value. A clash with an
   * open transaction is CONCURRENT_UPDATE_1: the caller calls again with the same arguments until
   * the lock timeout has passed. In both cases the segment is invisible again; when the caller
   * gives up it must {@link #abandon} it.
   *
   * @param types one per column of the table, in table order
   * @param columnIds {@link io.copyload.engine.store.ChunkKey#column} of each column
   * @param rowGroups in row order
   */
  public void publish(
      SessionLocal session,
      long segmentId,
      List<TargetType> types,
      List<Integer> columnIds,
      List<RowGroupInfo> rowGroups) {
    publish(session, segmentId, types, columnIds, rowGroups, () -> {});
  }

  /**
   * As publish, with the row ids of another table's segment of which this one is a copy. No row id
   * behind them may have been given out.
   */
  void publishAt(
      SessionLocal session,
      long segmentId,
      long firstRowId,
      List<TargetType> types,
      List<Integer> columnIds,
      List<RowGroupInfo> rowGroups,
      Runnable cancelCheck) {
    reservations.put(segmentId, firstRowId);
    SegmentFooter.write(
        columnar.store(),
        new SegmentInfo(
            getId(), segmentId, firstRowId, rowCount(rowGroups), columnIds, types, rowGroups));
    publish(session, segmentId, types, columnIds, rowGroups, cancelCheck);
  }

  private static long rowCount(List<RowGroupInfo> rowGroups) {
    long rowCount = 0;
    for (RowGroupInfo group : rowGroups) {
      rowCount += group.rowCount();
    }
    return rowCount;
  }

  /**
   * As {@link #publish(SessionLocal, long, List, List, List)}.
   *
   * @param cancelCheck called several times a second; what it throws ends the publishing
   */
  public void publish(
      SessionLocal session,
      long segmentId,
      List<TargetType> types,
      List<Integer> columnIds,
      List<RowGroupInfo> rowGroups,
      Runnable cancelCheck) {
    if (types.size() != columns.length || columnIds.size() != columns.length) {
      throw new IllegalArgumentException("segment does not have the table's columns");
    }
    lock(session, WRITE_LOCK);
    columnar.sweep(session.getTransaction());
    long rowCount = rowCount(rowGroups);
    if (rowCount == 0) {
      abandon(segmentId);
      return;
    }
    Long first = reservations.get(segmentId);
    if (first == null) {
      first = reserve(rowCount);
      reservations.put(segmentId, first);
      SegmentFooter.write(
          columnar.store(),
          new SegmentInfo(getId(), segmentId, first, rowCount, columnIds, types, rowGroups));
    }
    SegmentDescriptor descriptor = new SegmentDescriptor(segmentId, first, rowCount);
    Transaction transaction = session.getTransaction();
    long savepoint = transaction.setSavepoint();
    try {
      segmentMap.getInstance(transaction).put(first, descriptor.encode());
      Segment segment = segments.computeIfAbsent(segmentId, id -> new Segment(this, descriptor));
      session.registerTableAsUpdated(this);
      List<HybridIndex> indexes = hybridIndexes();
      for (HybridIndex index : indexes) {
        index.buildRun(segment, cancelCheck);
      }
      for (HybridIndex index : indexes) {
        index.checkUnique(session, segment, cancelCheck);
      }
      checkForeignKeys(session, segment, cancelCheck);
    } catch (MVStoreException e) {
      transaction.rollbackToSavepoint(savepoint);
      throw convert(e, false);
    } catch (Throwable e) {
      try {
        transaction.rollbackToSavepoint(savepoint);
      } catch (Throwable e2) {
        e.addSuppressed(e2);
      }
      throw e;
    }
    reservations.remove(segmentId);
    columnar.published(getId(), segmentId);
    countChanges(session, rowCount);
  }

  private void checkForeignKeys(SessionLocal session, Segment segment, Runnable cancelCheck) {
    for (Constraint constraint : getConstraints()) {
      if (constraint instanceof ConstraintReferential foreignKey && foreignKey.getTable() == this) {
        ForeignKeyCheck.check(session, this, foreignKey, segment, cancelCheck);
      }
    }
  }

  private void countChanges(SessionLocal session, long count) {
    if (changesUntilAnalyze != null && changesUntilAnalyze.addAndGet(-count) <= 0) {
      // As H2 does: twice the rows until the next time.
      changesUntilAnalyze.set(2 * getRowCountApproximation(session));
      session.markTableForAnalyze(this);
    }
  }

  // Row ids

  long newRowId() {
    return reserve(1);
  }

  private long reserve(long count) {
    if (nextRowId.get() == 0) {
      nextRowId.compareAndSet(0, firstFreeRowId());
    }
    return nextRowId.getAndAdd(count);
  }

  /** Behind all that any transaction has put, whether it will commit or not. */
  private long firstFreeRowId() {
    long last = 0;
    Long lastDelta = scan.getMVMap().lastKey();
    if (lastDelta != null) {
      last = Math.max(last, lastDelta);
    }
    Long lastSegment = segmentMap.map.lastKey();
    if (lastSegment != null) {
      VersionedValue<byte[]> value = segmentMap.map.get(lastSegment);
      byte[] bytes = value.getCurrentValue();
      if (bytes == null) {
        bytes = value.getCommittedValue();
      }
      last = Math.max(last, bytes == null ? lastSegment : descriptor(bytes).endRowId());
    }
    return last + 1;
  }

  // Segments and tombstones as a session sees them

  TransactionMap<Long, Long> tombstones(SessionLocal session) {
    return tombstoneMap.getInstance(session.getTransaction());
  }

  TransactionMap<Long, byte[]> segmentMap(SessionLocal session) {
    return segmentMap.getInstance(session.getTransaction());
  }

  /** Visible segments with rows in a range of row ids, ascending. */
  List<Segment> visibleSegments(SessionLocal session, long lowId, long highId) {
    TransactionMap<Long, byte[]> map = segmentMap(session);
    // Backwards only in transactions where H2 keeps the order.
    Long from =
        lowId == Long.MIN_VALUE || !session.getTransaction().allowNonRepeatableRead()
            ? null
            : map.floorKey(lowId);
    TMIterator<Long, byte[], Entry<Long, byte[]>> it =
        map.entryIterator(from, highId == Long.MAX_VALUE ? null : highId);
    Entry<Long, byte[]> entry = it.fetchNext();
    if (entry == null) {
      return List.of();
    }
    List<Segment> visible = new ArrayList<>();
    for (; entry != null; entry = it.fetchNext()) {
      Segment segment = segment(entry.getValue());
      if (segment.descriptor().endRowId() > lowId) {
        visible.add(segment);
      }
    }
    return visible;
  }

  List<Segment> visibleSegments(SessionLocal session) {
    return visibleSegments(session, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** All segments that any transaction has put and not yet rolled back. */
  List<Segment> anySegments(SessionLocal session) {
    List<Segment> any = new ArrayList<>();
    MVMap<Long, VersionedValue<byte[]>> map = segmentMap.map;
    for (Long key = map.firstKey(); key != null; key = map.higherKey(key)) {
      VersionedValue<byte[]> value = map.get(key);
      if (value != null && value.getCurrentValue() != null) {
        any.add(segment(value.getCurrentValue()));
      }
    }
    return any;
  }

  /** The visible segment that has, or had, a row; null when the row was never a loaded one. */
  Segment visibleSegmentOf(SessionLocal session, long rowId) {
    TransactionMap<Long, byte[]> map = segmentMap(session);
    Entry<Long, byte[]> entry;
    if (session.getTransaction().allowNonRepeatableRead()) {
      entry = map.floorEntry(rowId);
    } else {
      // H2 mixes up the order when it reads backwards a map that such a transaction has changed.
      entry = null;
      TMIterator<Long, byte[], Entry<Long, byte[]>> it = map.entryIterator(null, rowId);
      for (Entry<Long, byte[]> e = it.fetchNext(); e != null; e = it.fetchNext()) {
        entry = e;
      }
    }
    if (entry == null) {
      return null;
    }
    Segment segment = segment(entry.getValue());
    return segment.descriptor().contains(rowId) ? segment : null;
  }

  private Segment segment(byte[] bytes) {
    SegmentDescriptor descriptor = descriptor(bytes);
    Segment segment = segments.get(descriptor.segmentId());
    return segment != null
        ? segment
        : segments.computeIfAbsent(descriptor.segmentId(), id -> new Segment(this, descriptor));
  }

  private SegmentDescriptor descriptor(byte[] bytes) {
    try {
      return SegmentDescriptor.decode(bytes);
    } catch (IllegalArgumentException e) {
      throw DbException.get(
          ErrorCode.GENERAL_ERROR_1, e, "Table " + getName() + ": " + e.getMessage());
    }
  }

  /** In what state the map of segments names a segment, whatever a session may see. */
  Naming naming(long segmentId) {
    MVMap<Long, VersionedValue<byte[]>> map = segmentMap.map;
    for (Long key = map.firstKey(); key != null; key = map.higherKey(key)) {
      VersionedValue<byte[]> value = map.get(key);
      if (value == null) {
        continue;
      }
      if (names(value.getCurrentValue(), segmentId)) {
        return value.isCommitted() ? Naming.COMMITTED : Naming.UNCOMMITTED;
      }
      if (names(value.getCommittedValue(), segmentId)) {
        return Naming.UNCOMMITTED;
      }
    }
    return Naming.ABSENT;
  }

  private boolean names(byte[] bytes, long segmentId) {
    return bytes != null && descriptor(bytes).segmentId() == segmentId;
  }

  /** A segment without a name: nothing of it is kept in memory. */
  void forget(long segmentId) {
    segments.remove(segmentId);
    reservations.remove(segmentId);
    for (HybridIndex index : hybridIndexes()) {
      index.forget(segmentId);
    }
  }

  /**
   * Whether the current version of a row is a loaded one, in the session's own view of this moment.
   */
  boolean isLoaded(SessionLocal session, long rowId) {
    return visibleSegmentOf(session, rowId) != null
        && tombstones(session).getImmediate(rowId) == null;
  }

  /** What has become of a loaded row. */
  enum RowState {
    ALIVE,
    DEAD,
    /** Depends on how another transaction ends. */
    UNDECIDED
  }

  /**
   * The state of a loaded row for a check of unique keys, which looks beyond the session's view.
   */
  RowState rowState(SessionLocal session, Segment segment, long rowId) {
    TransactionMap<Long, Long> tombstones = tombstones(session);
    boolean published = segmentMap(session).getImmediate(segment.firstRowId()) != null;
    VersionedValue<Long> tombstone = tombstoneMap.map.get(rowId);
    if (tombstone == null || tombstone.getCurrentValue() == null) {
      return published ? RowState.ALIVE : RowState.UNDECIDED;
    }
    if (tombstones.getImmediate(rowId) == null) {
      return RowState.UNDECIDED;
    }
    // As in H2, a row that is still there in the snapshot of this transaction keeps its key.
    return session.getTransaction().allowNonRepeatableRead()
            || tombstones.isSameTransaction(rowId)
            || tombstones.getFromSnapshot(rowId) != null
            || segmentMap(session).getFromSnapshot(segment.firstRowId()) == null
        ? RowState.DEAD
        : RowState.ALIVE;
  }

  boolean hasDeltaRows() {
    return !scan.getMVMap().isEmpty();
  }

  boolean hasTombstones(SessionLocal session) {
    return tombstones(session).keyIterator(null, null).fetchNext() != null;
  }

  Cursor deltaRows(SessionLocal session) {
    return scan.delta().find(session, null, null, false);
  }

  static Row withKey(Entry<Long, SearchRow> entry) {
    Row row = (Row) entry.getValue();
    if (row.getKey() == 0) {
      row.setKey(entry.getKey());
    }
    return row;
  }

  // Reading

  @Override
  public boolean lock(SessionLocal session, int lockType) {
    columnar.opened();
    boolean locked = super.lock(session, lockType);
    if (lockType == EXCLUSIVE_LOCK) {
      alteration = Alteration.of(session, this);
    }
    return locked;
  }

  @Override
  public Index getScanIndex(SessionLocal session) {
    return scan;
  }

  @Override
  public Row getRow(SessionLocal session, long key) {
    Segment segment = visibleSegmentOf(session, key);
    if (segment != null && tombstones(session).getFromSnapshot(key) == null) {
      return loadedRow(segment, key);
    }
    return scan.delta().getRow(session, key);
  }

  Row loadedRow(Segment segment, long key) {
    long row = key - segment.firstRowId();
    RowGroupView view = new RowGroupView(segment, segment.groupOf(row), columns.length, false);
    SegmentRow window = new SegmentRow();
    window.position(view, (int) (key - view.firstRowId()));
    return window.copy();
  }

  @Override
  public long getRowCount(SessionLocal session) {
    long count = scan.delta().getRowCount(session);
    List<Segment> visible = visibleSegments(session);
    if (!visible.isEmpty()) {
      for (Segment segment : visible) {
        count += segment.rowCount();
      }
      count -= tombstones(session).sizeAsLong();
    }
    return count;
  }

  @Override
  public long getRowCountApproximation(SessionLocal session) {
    long count = scan.delta().getRowCountMax();
    MVMap<Long, VersionedValue<byte[]>> map = segmentMap.map;
    long loaded = 0;
    for (Long key = map.firstKey(); key != null; key = map.higherKey(key)) {
      VersionedValue<byte[]> value = map.get(key);
      if (value != null && value.getCurrentValue() != null) {
        loaded += descriptor(value.getCurrentValue()).rowCount();
      }
    }
    return loaded == 0 ? count : Math.max(0, loaded - tombstoneMap.sizeAsLongMax()) + count;
  }

  @Override
  public long getDiskSpaceUsed(boolean total, boolean approximate) {
    long sum = scan.getDiskSpaceUsed(approximate);
    MVMap<Long, VersionedValue<byte[]>> map = segmentMap.map;
    for (Long key = map.firstKey(); key != null; key = map.higherKey(key)) {
      VersionedValue<byte[]> value = map.get(key);
      if (value != null && value.getCurrentValue() != null) {
        sum += segment(value.getCurrentValue()).byteCount();
      }
    }
    if (total) {
      for (Index index : getIndexes()) {
        if (index != scan) {
          sum += index.getDiskSpaceUsed(approximate);
        }
      }
    }
    return sum;
  }

  // The copy that ALTER TABLE makes, under a name of H2's, with one INSERT

  private static final Pattern COPY_NAME = Pattern.compile(".*_COPY_\\d+_\\d+", Pattern.DOTALL);

  /** As original, the statement that has locked this table and may change it. */
  private volatile Alteration alteration;

  /** As original, the statement that has all rows by now. */
  private volatile Alteration movedBy;

  /** As the object that is there for its text only. */
  private Alteration templateOf;

  private String templateText;

  /** As copy. */
  private Alteration copyOf;

  private CopiedRows copied;

  String engineName() {
    return engineName;
  }

  /**
   * Engine parameters for a copy with these columns; null for none, as H2 has it.
   *
   * @param copyColumns null for all columns of this table
   */
  ArrayList<String> engineParameters(List<Column> copyColumns) {
    TableAttributes copied = attributes;
    if (copyColumns != null) {
      copied =
          copied.retaining(
              name -> copyColumns.stream().anyMatch(column -> column.getName().equals(name)));
      copied = AttributeClauses.apply(database, copied, announced, copyColumns);
    }
    ArrayList<String> parameters = copied.toParameters(engineParameters);
    return parameters.isEmpty() ? null : parameters;
  }

  /** What Redshift's clauses say of this table. */
  TableAttributes attributes() {
    return attributes;
  }

  /**
   * The encodings that were asked for columns, null where what is in a chunk decides.
   *
   * @param columnIds numbers of the columns
   */
  List<ColumnEncoding> encodings(List<Integer> columnIds) {
    Map<String, ColumnEncoding> asked = attributes.encodings();
    List<ColumnEncoding> encodings = new ArrayList<>(columnIds.size());
    for (int id : columnIds) {
      encodings.add(asked.get(columns[id].getName()));
    }
    return encodings;
  }

  /** Numbers of the columns by which the rows of a load are sorted, most significant first. */
  List<Integer> sortKey() {
    List<Integer> sortKey = new ArrayList<>();
    for (String name : attributes.sortKey()) {
      sortKey.add(getColumn(name).getColumnId());
    }
    return sortKey;
  }

  /** Changes the attributes in memory; the caller updates the catalog. */
  synchronized void setAttributes(TableAttributes changed) {
    if (changed.equals(attributes)) {
      return;
    }
    List<String> parameters = changed.toParameters(engineParameters);
    engineParameters.clear();
    engineParameters.addAll(parameters);
    attributes = changed;
  }

  /** What the copy of an ALTER TABLE shall have besides; none when it has ended. */
  void announce(List<TableAttribute> clauses) {
    announced = clauses;
  }

  @Override
  public void renameColumn(Column column, String newName) {
    String oldName = column.getName();
    super.renameColumn(column, newName);
    setAttributes(attributes.renamed(oldName, newName));
  }

  void becomeTemplateOf(Alteration running) {
    templateOf = running;
  }

  void becomeCopyOf(Alteration running) {
    copyOf = running;
  }

  void moved(Alteration running) {
    movedBy = running;
  }

  /** Whether the session's ALTER TABLE has all rows of this table, which shall look empty to it. */
  boolean isMovedBy(SessionLocal session) {
    Alteration running = movedBy;
    return running != null && running.isOf(session);
  }

  @Override
  public boolean isPersistIndexes() {
    Alteration running = alteration;
    if (running != null && running.beforeClone()) {
      alteration = null;
    }
    return super.isPersistIndexes();
  }

  /** H2 calls this before and after the rows of a statement. */
  @Override
  public void fire(SessionLocal session, int type, boolean beforeAction) {
    super.fire(session, type, beforeAction);
    if (type != Trigger.INSERT) {
      return;
    }
    if (!beforeAction) {
      if (copyOf != null) {
        copyOf.afterInsert();
        copyOf = null;
      }
      if (copied != null) {
        finishCopy(session);
      }
    } else if ((copyOf != null || COPY_NAME.matcher(getName()).matches())
        && Alteration.isRunning()
        && !(copyOf != null && movesRows())
        && !getContainsLargeObject()
        && !isTemporary()
        && getRowCountApproximation(session) == 0) {
      // A table of the user's may have such a name too, and INSERT IGNORE needs each row's error
      // at once: therefore only within ALTER TABLE.
      copied = new CopiedRows(this);
    }
  }

  private boolean movesRows() {
    try {
      return copyOf.beforeInsert();
    } catch (CopyException e) {
      throw Segment.failure(e);
    } catch (MVStoreException e) {
      throw convert(e, false);
    }
  }

  private void finishCopy(SessionLocal session) {
    CopiedRows rows = copied;
    copied = null;
    try {
      for (Row row : rows.finish(session)) {
        super.addRow(session, row);
      }
    } catch (CopyException e) {
      rows.abandon();
      throw Segment.failure(e);
    } catch (DbException e) {
      rows.abandon();
      throw e;
    }
  }

  @Override
  public void addRow(SessionLocal session, Row row) {
    if (copied == null) {
      super.addRow(session, row);
      return;
    }
    try {
      copied.add(row);
    } catch (CopyException e) {
      throw Segment.failure(e);
    }
  }

  // Writing. H2's own methods go through the indexes one by one; here all of them must know whether
  // the row
  // was a loaded one, because then their delta parts have no entry for it.

  @Override
  public void removeRow(SessionLocal session, Row row) {
    if (!isLoaded(session, row.getKey())) {
      super.removeRow(session, row);
      return;
    }
    atomically(session, () -> scan.remove(session, row));
  }

  @Override
  public void updateRow(SessionLocal session, Row oldRow, Row newRow) {
    newRow.setKey(oldRow.getKey());
    boolean loaded = isLoaded(session, oldRow.getKey());
    atomically(
        session,
        () -> {
          scan.update(session, oldRow, newRow);
          for (HybridIndex index : hybridIndexes()) {
            if (loaded) {
              index.add(session, newRow);
            } else if (!index.areRowsEquivalent(oldRow, newRow)) {
              index.remove(session, oldRow);
              index.add(session, newRow);
            }
          }
        });
  }

  /**
   * All old index entries go before the first new one comes: UPDATE t SET k = k + 1 breaks no key.
   */
  @Override
  public void updateRows(Prepared statement, SessionLocal session, LocalResult rows) {
    List<HybridIndex> indexes = hybridIndexes();
    SessionLocal.Savepoint savepoint = session.setSavepoint();
    try {
      BitSet loaded = new BitSet();
      int row = 0;
      for (int pair = 0; rows.next(); pair++) {
        if ((++row & 127) == 0) {
          statement.checkCanceled();
        }
        Row oldRow = rows.currentRowForTable();
        rows.next();
        Row newRow = rows.currentRowForTable();
        if (isLoaded(session, oldRow.getKey())) {
          loaded.set(pair);
        } else {
          for (HybridIndex index : indexes) {
            if (!index.areRowsEquivalent(oldRow, newRow)) {
              index.remove(session, oldRow);
            }
          }
        }
        scan.update(session, oldRow, newRow);
      }
      rows.reset();
      for (int pair = 0; rows.next(); pair++) {
        if ((++row & 127) == 0) {
          statement.checkCanceled();
        }
        Row oldRow = rows.currentRowForTable();
        rows.next();
        Row newRow = rows.currentRowForTable();
        for (HybridIndex index : indexes) {
          if (loaded.get(pair) || !index.areRowsEquivalent(oldRow, newRow)) {
            index.add(session, newRow);
          }
        }
      }
    } catch (DbException e) {
      switch (e.getErrorCode()) {
        case ErrorCode.CONCURRENT_UPDATE_1,
            ErrorCode.ROW_NOT_FOUND_WHEN_DELETING_1,
            ErrorCode.STATEMENT_WAS_CANCELED ->
            session.rollbackTo(savepoint);
        default -> {}
      }
      throw e;
    }
    if (rows.getRowCount() > 0) {
      session.registerTableAsUpdated(this);
      countChanges(session, rows.getRowCount() / 2);
    }
  }

  private void atomically(SessionLocal session, Runnable change) {
    Transaction transaction = session.getTransaction();
    long savepoint = transaction.setSavepoint();
    try {
      change.run();
    } catch (Throwable e) {
      try {
        transaction.rollbackToSavepoint(savepoint);
      } catch (Throwable e2) {
        e.addSuppressed(e2);
      }
      throw DbException.convert(e);
    }
    session.registerTableAsUpdated(this);
    countChanges(session, 1);
  }

  /**
   * How long {@link #lockRow} waits: SKIP LOCKED, NOWAIT, the session's lock timeout, or
   * milliseconds.
   */
  private static final int SKIP_LOCKED = -2;

  private static final int NO_WAIT = 0;
  private static final int SESSION_TIMEOUT = -1;

  @Override
  public Row lockRow(SessionLocal session, Row row, int timeoutMillis) {
    long rowId = row.getKey();
    if (visibleSegmentOf(session, rowId) == null) {
      return super.lockRow(session, row, timeoutMillis);
    }
    TransactionMap<Long, Long> tombstones = tombstones(session);
    Transaction transaction = session.getTransaction();
    boolean buriedInSnapshot = tombstones.getFromSnapshot(rowId) != null;
    Long buried;
    try {
      if (timeoutMillis == SKIP_LOCKED || timeoutMillis == NO_WAIT) {
        // Holds nothing where there is no entry, but does not wait.
        tombstones.lock(rowId, NO_WAIT);
      }
      if (timeoutMillis != SESSION_TIMEOUT) {
        transaction.setTimeoutMillis(Math.max(1, timeoutMillis));
      }
      // Removing what is not there writes an uncommitted absence: a lock that leaves nothing
      // behind.
      buried = tombstones.remove(rowId);
      if (buried != null) {
        tombstones.put(rowId, buried);
      }
    } catch (MVStoreException e) {
      if (timeoutMillis == SKIP_LOCKED && e.getErrorCode() == DataUtils.ERROR_TRANSACTION_LOCKED) {
        return null;
      }
      throw convert(e, true);
    } finally {
      if (timeoutMillis != SESSION_TIMEOUT) {
        transaction.setTimeoutMillis(session.getLockTimeout());
      }
    }
    if (buried == null) {
      session.registerTableAsUpdated(this);
      return row;
    }
    if (!buriedInSnapshot && !transaction.allowNonRepeatableRead()) {
      // Deleted or changed by another transaction since this one began.
      throw DbException.get(ErrorCode.DEADLOCK_1, getName());
    }
    return super.lockRow(session, row, timeoutMillis);
  }

  DbException convert(MVStoreException e, boolean locking) {
    switch (e.getErrorCode()) {
      case DataUtils.ERROR_TRANSACTION_LOCKED:
        return DbException.get(
            locking ? ErrorCode.LOCK_TIMEOUT_1 : ErrorCode.CONCURRENT_UPDATE_1, e, getName());
      case DataUtils.ERROR_TRANSACTIONS_DEADLOCK:
        return DbException.get(ErrorCode.DEADLOCK_1, e, getName());
      default:
        return DbException.get(ErrorCode.GENERAL_ERROR_1, e, e.getMessage());
    }
  }

  // Indexes

  /** The indexes that users made, without the scan index and the hidden ones. */
  List<HybridIndex> hybridIndexes() {
    List<HybridIndex> list = new ArrayList<>();
    for (Index index : getIndexes()) {
      if (index instanceof HybridIndex hybrid) {
        list.add(hybrid);
      }
    }
    return list;
  }

  @Override
  public Index addIndex(
      SessionLocal session,
      String indexName,
      int indexId,
      IndexColumn[] cols,
      int uniqueColumnCount,
      IndexType indexType,
      boolean create,
      String indexComment) {
    IndexColumn[] prepared = prepareColumns(cols, indexType);
    boolean sessionTemporary = isTemporary() && !isGlobalTemporary();
    if (!sessionTemporary) {
      database.lockMeta(session);
    }
    HybridIndex index =
        new HybridIndex(this, indexId, indexName, prepared, uniqueColumnCount, indexType);
    try {
      index.buildAll(session);
    } catch (DbException e) {
      getSchema().freeUniqueName(indexName);
      try {
        index.remove(session);
      } catch (DbException e2) {
        e.addSuppressed(e2);
      }
      throw e;
    }
    index.setTemporary(isTemporary());
    if (index.getCreateSQL() != null) {
      index.setComment(indexComment);
      if (sessionTemporary) {
        session.addLocalTempTableIndex(index);
      } else {
        database.addSchemaObject(session, index);
      }
    }
    getIndexes().add(index);
    setModified();
    return index;
  }

  private IndexColumn[] prepareColumns(IndexColumn[] cols, IndexType indexType) {
    if (indexType.isPrimaryKey()) {
      for (IndexColumn c : cols) {
        if (c.column.isNullable()) {
          throw DbException.get(ErrorCode.COLUMN_MUST_NOT_BE_NULLABLE_1, c.column.getName());
        }
      }
      for (IndexColumn c : cols) {
        c.column.setPrimaryKey(true);
      }
      return cols;
    }
    DefaultNullOrdering ordering = database.getDefaultNullOrdering();
    IndexColumn[] result = cols.clone();
    for (int i = 0; i < result.length; i++) {
      IndexColumn c = result[i];
      if ((c.sortType & (SortOrder.NULLS_FIRST | SortOrder.NULLS_LAST)) == 0) {
        result[i] = new IndexColumn(c.columnName, ordering.addExplicitNullOrdering(c.sortType));
        result[i].column = c.column;
      }
    }
    return result;
  }

  // Truncating and dropping

  @Override
  public long truncate(SessionLocal session) {
    retireSegments(session);
    long count = super.truncate(session);
    columnar.sweep(session.getTransaction());
    return count;
  }

  private void retireSegments(SessionLocal session) {
    MVMap<Long, VersionedValue<byte[]>> map = segmentMap.map;
    for (Long key = map.firstKey(); key != null; key = map.higherKey(key)) {
      VersionedValue<byte[]> value = map.get(key);
      if (value != null && value.getCurrentValue() != null) {
        long segmentId = descriptor(value.getCurrentValue()).segmentId();
        columnar.retire(getId(), segmentId, session.getTransaction());
        for (HybridIndex index : hybridIndexes()) {
          columnar.retire(index.getId(), segmentId, session.getTransaction());
        }
      }
    }
  }

  @Override
  public void removeChildrenAndResources(SessionLocal session) {
    if (templateOf != null) {
      Alteration running = templateOf;
      templateOf = null;
      Schema schema = getSchema();
      String name = getName();
      removeChildrenAndResources(session);
      running.createCopy(schema, name, templateText);
      return;
    }
    if (copyOf != null) {
      copyOf.afterInsert();
      copyOf = null;
    }
    if (copied != null) {
      copied.abandon();
      copied = null;
    }
    retireSegments(session);
    if (getContainsLargeObject()) {
      // H2 does the same later, when the hidden indexes are gone.
      truncate(session);
    }
    getIndexes().remove(segmentIndex);
    getIndexes().remove(tombstoneIndex);
    segmentIndex.remove(session);
    tombstoneIndex.remove(session);
    columnar.remove(this);
    super.removeChildrenAndResources(session);
    columnar.sweep(session.getTransaction());
  }

  // Catalog

  @Override
  public String getCreateSQL() {
    return withEngine(super.getCreateSQL());
  }

  @Override
  public String getCreateSQLForMeta() {
    if (templateOf != null) {
      templateText = super.getCreateSQLForMeta();
      // H2 will run this, which is no statement; see removeChildrenAndResources.
      return "";
    }
    return withEngine(super.getCreateSQLForMeta());
  }

  /**
   * H2 leaves the ENGINE clause out when it is the default at this moment. Opened without that
   * default, the table would be one of H2's own.
   */
  private String withEngine(String sql) {
    String defaultEngine = database == null ? null : database.getSettings().defaultTableEngine;
    if (sql == null
        || engineName == null
        || defaultEngine == null
        || !engineName.endsWith(defaultEngine)) {
      return sql;
    }
    StringBuilder tail = new StringBuilder();
    if (!engineParameters.isEmpty()) {
      tail.append("\nWITH ");
      for (int i = 0; i < engineParameters.size(); i++) {
        StringUtils.quoteIdentifier(i == 0 ? tail : tail.append(", "), engineParameters.get(i));
      }
    }
    if (!isPersistIndexes() && !isPersistData()) {
      tail.append("\nNOT PERSISTENT");
    }
    if (!sql.endsWith(tail.toString())) {
      throw DbException.getInternalError(sql);
    }
    StringBuilder result = new StringBuilder(sql);
    result.setLength(sql.length() - tail.length());
    StringUtils.quoteIdentifier(result.append("\nENGINE "), engineName);
    return result.append(tail).toString();
  }

  Database database() {
    return database;
  }
}
