package io.copyload.engine.h2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.api.ErrorCode;
import org.h2.command.query.AllColumnsForPlan;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.IndexCondition;
import org.h2.index.IndexType;
import org.h2.index.SingleRowCursor;
import org.h2.message.DbException;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.db.MVIndex;
import org.h2.mvstore.db.MVSecondaryIndex;
import org.h2.mvstore.db.Store;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionMap.TMIterator;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.result.SortOrder;
import org.h2.table.IndexColumn;
import org.h2.table.TableFilter;
import org.h2.value.Value;
import org.h2.value.ValueNull;
import org.h2.value.VersionedValue;

/**
 * An index over a hybrid table: one immutable {@linkplain SortedRun sorted run} per segment, and
 * H2's own secondary index for delta rows. Primary keys, unique constraints and HASH indexes are of
 * this kind too; a SPATIAL index is kept like any other but never chosen by a plan.
 *
 * <p>Keys are unique across both parts and all segments. Whoever brings new keys (an insert or a
 * publish) first makes them visible to raw reading and then looks for equal ones, also uncommitted
 * ones: of two that bring the same key at the same time at least one sees the other.
 */
final class HybridIndex extends MVIndex<SearchRow, Value> {
  private final HybridTable table;
  private final MVSecondaryIndex delta;
  private final Map<Long, SortedRun> runs = new ConcurrentHashMap<>();

  HybridIndex(
      HybridTable table,
      int id,
      String name,
      IndexColumn[] columns,
      int uniqueColumnCount,
      IndexType indexType) {
    super(table, id, name, columns, uniqueColumnCount, indexType);
    this.table = table;
    delta =
        new MVSecondaryIndex(
            table.database(), table, id, name, columns, uniqueColumnCount, indexType);
    table.columnar().add(this);
  }

  @Override
  public HybridTable getTable() {
    return table;
  }

  @Override
  public MVMap<SearchRow, VersionedValue<Value>> getMVMap() {
    return delta.getMVMap();
  }

  private TransactionMap<SearchRow, Value> deltaMap(SessionLocal session) {
    return session.getTransaction().openMapX(delta.getMVMap());
  }

  // Runs

  /** Builds and stores the run of a segment that was just published. */
  void buildRun(Segment segment, Runnable cancelCheck) {
    if (!runs.containsKey(segment.id())) {
      runs.computeIfAbsent(segment.id(), id -> openRun(segment, cancelCheck));
    }
  }

  private SortedRun run(Segment segment) {
    SortedRun run = runs.get(segment.id());
    return run != null ? run : runs.computeIfAbsent(segment.id(), id -> openRun(segment, () -> {}));
  }

  private SortedRun openRun(Segment segment, Runnable cancelCheck) {
    boolean writing =
        !database.isReadOnly()
            && table.columnar().isLive(this)
            && table.naming(segment.id()) != HybridTable.Naming.ABSENT;
    RunFile file =
        new RunFile(
            table.columnar().store(), getId(), segment, indexColumns, uniqueColumnColumn, writing);
    RowOrder order = new RowOrder(database, indexColumns, segment);
    SortedRun run = file.read(order);
    if (run == null) {
      int unique = indexType.isUnique() ? uniqueColumnColumn : 0;
      run = new RunBuilder(segment, order, unique, cancelCheck).build(file);
      file.finish(run);
    }
    return run;
  }

  void forget(long segmentId) {
    runs.remove(segmentId);
  }

  private RunCursor cursor(Segment segment, SortedRun.Block block) {
    try {
      return new RunCursor(table, segment, block);
    } catch (RunFile.RunLostException e) {
      // The index has been dropped, or its bytes are damaged: this statement goes on with a run in
      // memory.
      runs.remove(segment.id());
      RunFile file =
          new RunFile(
              table.columnar().store(), getId(), segment, indexColumns, uniqueColumnColumn, false);
      SortedRun run =
          new RunBuilder(
                  segment,
                  new RowOrder(database, indexColumns, segment),
                  indexType.isUnique() ? uniqueColumnColumn : 0,
                  () -> {})
              .build(file);
      runs.put(segment.id(), run);
      for (SortedRun.Block b : run.blocks()) {
        if (b.firstRow() == block.firstRow() && b.rowCount() == block.rowCount()) {
          return new RunCursor(table, segment, b);
        }
      }
      throw DbException.getInternalError(getName());
    }
  }

  /**
   * All rows of a segment, dead or alive, in such an order that equal keys of a block follow each
   * other.
   */
  List<RunCursor> allOf(Segment segment) {
    List<RunCursor> cursors = new ArrayList<>();
    for (SortedRun.Block block : run(segment).blocks()) {
      cursors.add(cursor(segment, block));
    }
    return cursors;
  }

  /** Fills a new index, or at opening one whose map H2 does not keep. */
  void buildAll(SessionLocal session) {
    if (delta.needRebuild() && table.hasDeltaRows()) {
      buildDelta(session);
    }
    if (database.isStarting()) {
      return;
    }
    List<Segment> segments = table.visibleSegments(session);
    for (Segment segment : segments) {
      buildRun(segment, session::checkCanceled);
    }
    for (Segment segment : segments) {
      checkUnique(session, segment, session::checkCanceled);
    }
  }

  private void buildDelta(SessionLocal session) {
    Store store = table.database().getStore();
    int limit = Math.max(1, database.getMaxMemoryRows() / 2);
    List<Row> rows = new ArrayList<>();
    List<String> buffers = new ArrayList<>();
    Cursor cursor = table.deltaRows(session);
    while (cursor.next()) {
      rows.add(cursor.get());
      if (rows.size() >= limit) {
        buffer(store, rows, buffers);
      }
    }
    buffer(store, rows, buffers);
    // None when all delta rows are those of a transaction that a crash cut off.
    if (!buffers.isEmpty()) {
      delta.addBufferedRows(buffers);
    }
  }

  private void buffer(Store store, List<Row> rows, List<String> buffers) {
    if (rows.isEmpty()) {
      return;
    }
    rows.sort(
        (a, b) -> {
          int c = compareRows(a, b);
          return c != 0 ? c : Long.compare(a.getKey(), b.getKey());
        });
    String name = store.nextTemporaryMapName();
    delta.addRowsToBuffer(rows, name);
    buffers.add(name);
    rows.clear();
  }

  // Searching

  @Override
  public Cursor find(SessionLocal session, SearchRow first, SearchRow last, boolean reverse) {
    return find(session, first, false, last, reverse);
  }

  @Override
  public boolean canFindNext() {
    return true;
  }

  @Override
  public Cursor findNext(SessionLocal session, SearchRow higherThan, SearchRow last) {
    return find(session, higherThan, true, last, false);
  }

  private Cursor find(
      SessionLocal session, SearchRow first, boolean higher, SearchRow last, boolean reverse) {
    if (table.isMovedBy(session)) {
      return SingleRowCursor.EMPTY;
    }
    Cursor deltaRows =
        higher ? delta.findNext(session, first, last) : delta.find(session, first, last, reverse);
    List<Segment> segments = table.visibleSegments(session);
    if (segments.isEmpty()) {
      return deltaRows;
    }
    SearchRow low = reverse ? last : first;
    SearchRow high = reverse ? first : last;
    List<Cursor> cursors = new ArrayList<>();
    for (Segment segment : segments) {
      SortedRun run = run(segment);
      SearchBound from = low == null ? null : bound(run, segment, low);
      SearchBound to = high == null ? null : high == low ? from : bound(run, segment, high);
      for (SortedRun.Block block : run.blocks()) {
        RunCursor cursor = cursor(segment, block);
        long begin = from == null ? 0 : position(cursor, block, 0, from, higher);
        long end = to == null ? block.rowCount() : end(cursor, block, begin, to);
        if (begin < end) {
          cursor.range(begin, end, reverse);
          cursor.skipBuried(session);
          cursors.add(cursor);
        }
      }
    }
    if (cursors.isEmpty()) {
      return deltaRows;
    }
    if (cursors.size() == 1 && getMVMap().isEmpty()) {
      return cursors.get(0);
    }
    cursors.add(deltaRows);
    return new MergeCursor(this, cursors, reverse);
  }

  SearchBound bound(Segment segment, SearchRow row) {
    return bound(run(segment), segment, row);
  }

  private SearchBound bound(SortedRun run, Segment segment, SearchRow row) {
    return new SearchBound(database, indexColumns, run.rowOrder(), segment, row);
  }

  /**
   * First position from {@code begin} on whose row is not below {@code bound}, or, with {@code
   * after}, is above it.
   */
  private static long position(
      RunCursor cursor, SortedRun.Block block, long begin, SearchBound bound, boolean after) {
    return position(cursor, begin, block.rowCount(), bound, after);
  }

  private static long position(
      RunCursor cursor, long begin, long end, SearchBound bound, boolean after) {
    long low = begin;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      cursor.at(middle);
      int c = bound.compare(cursor.view(), cursor.rowInView());
      if (c < 0 || c == 0 && after) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * First position from {@code begin} on whose row is above {@code bound}; near ones are found
   * soonest.
   */
  private static long end(RunCursor cursor, SortedRun.Block block, long begin, SearchBound bound) {
    return gallop(cursor, begin, block.rowCount(), bound, true);
  }

  /**
   * First position from {@code begin} on whose row is not below {@code bound}; near ones are found
   * soonest.
   */
  static long gallop(RunCursor cursor, long begin, long end, SearchBound bound) {
    return gallop(cursor, begin, end, bound, false);
  }

  private static long gallop(
      RunCursor cursor, long begin, long end, SearchBound bound, boolean after) {
    long low = begin;
    long step = 1;
    while (low + step <= end) {
      cursor.at(low + step - 1);
      int c = bound.compare(cursor.view(), cursor.rowInView());
      if (c > 0 || c == 0 && !after) {
        break;
      }
      low += step;
      step *= 4;
    }
    return position(cursor, low, Math.min(end, low + step), bound, after);
  }

  @Override
  public boolean canGetFirstOrLast() {
    return true;
  }

  @Override
  public Cursor findFirstOrLast(SessionLocal session, boolean first) {
    Cursor cursor = find(session, null, null, !first);
    while (cursor.next()) {
      if (cursor.getSearchRow().getValue(columnIds[0]) != ValueNull.INSTANCE) {
        return new SingleRowCursor(cursor.get());
      }
    }
    return SingleRowCursor.EMPTY;
  }

  @Override
  public double getCost(
      SessionLocal session,
      int[] masks,
      TableFilter[] filters,
      int filter,
      SortOrder sortOrder,
      AllColumnsForPlan allColumnsSet,
      boolean isSelectCommand) {
    if (indexType.isSpatial()) {
      return Double.POSITIVE_INFINITY;
    }
    long rowCount = table.getRowCountApproximation(session);
    long cost =
        getCostRangeIndex(
            masks, rowCount, filters, filter, sortOrder, false, allColumnsSet, isSelectCommand);
    int mask = masks == null ? 0 : masks[columnIds[0]];
    boolean range = mask != 0 && (mask & ~IndexCondition.RANGE) == 0;
    if (mask != 0 && !range) {
      return 10L * cost;
    }
    // H2 adds nothing for an order that the index has.
    long unsorted =
        getCostRangeIndex(
            masks, rowCount, filters, filter, null, false, allColumnsSet, isSelectCommand);
    boolean ordered = sortOrder != null && cost - unsorted < 100;
    if (!range) {
      // All rows cost more one by one in the order of the index than in the order of the segments.
      return ordered ? 10L * cost : Double.POSITIVE_INFINITY;
    }
    long rangeCost = filters == null || ordered ? -1 : rangeCost(session, filters[filter]);
    return 10L * (rangeCost < 0 ? cost : rangeCost + cost - unsorted);
  }

  /** Blocks of more runs than these are not searched for the sake of a cost. */
  private static final int MAX_BLOCKS_FOR_COST = 64;

  /** What a row of a run costs, read in an order that is not the stored one, in rows of a scan. */
  private static final int RANDOM_ROW_COST = 8;

  /** Cost of reading a range with constant ends, in rows of a scan; -1 when it is not known. */
  private long rangeCost(SessionLocal session, TableFilter filter) {
    boolean descending = (indexColumns[0].sortType & SortOrder.DESCENDING) != 0;
    IndexRange range = IndexRange.of(session, filter, columns[0], descending);
    if (range == null || database.isStarting()) {
      return -1;
    }
    long rows = delta.getRowCountApproximation(session) / 4;
    int blocks = 0;
    try {
      for (Segment segment : table.anySegments(session)) {
        SortedRun run = run(segment);
        blocks += run.blocks().size();
        if (blocks > MAX_BLOCKS_FOR_COST) {
          return -1;
        }
        SearchBound from = range.low() == null ? null : bound(run, segment, range.low());
        SearchBound to = range.high() == null ? null : bound(run, segment, range.high());
        for (SortedRun.Block block : run.blocks()) {
          RunCursor cursor = cursor(segment, block);
          long begin = from == null ? 0 : position(cursor, block, 0, from, false);
          long end = to == null ? block.rowCount() : position(cursor, block, begin, to, true);
          rows += (end - begin) * (block.isStoredInOrder() ? 2 : RANDOM_ROW_COST);
        }
      }
    } catch (DbException e) {
      // A damaged segment: the query will say so if it needs it.
      return -1;
    }
    return rows + 20 + blocks;
  }

  // Delta rows

  @Override
  public void add(SessionLocal session, Row row) {
    TransactionMap<SearchRow, Value> map = deltaMap(session);
    SearchRow key = getRowFactory().createRow();
    key.copyFrom(row);
    boolean unique = needsUniqueCheck(row);
    if (unique) {
      checkDelta(
          session, map, row, Long.MIN_VALUE, !session.getTransaction().allowNonRepeatableRead());
    }
    try {
      map.put(key, ValueNull.INSTANCE);
    } catch (MVStoreException e) {
      throw table.convert(e, false);
    }
    if (unique) {
      checkDelta(session, map, row, row.getKey(), false);
      checkSegments(session, row);
    }
  }

  @Override
  public void remove(SessionLocal session, Row row) {
    delta.remove(session, row);
  }

  /** Whether both rows have one entry in this index. */
  boolean areRowsEquivalent(Row a, Row b) {
    if (a.getKey() != b.getKey()) {
      return false;
    }
    for (int column : columnIds) {
      if (!Objects.equals(a.getValue(column), b.getValue(column))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void update(SessionLocal session, Row oldRow, Row newRow) {
    if (!areRowsEquivalent(oldRow, newRow)) {
      super.update(session, oldRow, newRow);
    }
  }

  // Uniqueness

  private SearchRow uniqueKey(SearchRow row) {
    SearchRow key = getUniqueRowFactory().createRow();
    key.copyFrom(row);
    return key;
  }

  /** Looks for another delta row with the unique key of {@code row}, as H2 does. */
  private void checkDelta(
      SessionLocal session,
      TransactionMap<SearchRow, Value> map,
      SearchRow row,
      long ownRowId,
      boolean inSnapshot) {
    SearchRow from = uniqueKey(row);
    from.setKey(Long.MIN_VALUE);
    SearchRow to = uniqueKey(row);
    to.setKey(Long.MAX_VALUE);
    if (inSnapshot) {
      TMIterator<SearchRow, Value, SearchRow> it = map.keyIterator(from, to);
      for (SearchRow k = it.fetchNext(); k != null; k = it.fetchNext()) {
        if (k.getKey() != ownRowId && !map.isDeletedByCurrentTransaction(k)) {
          throw duplicateKey(k);
        }
      }
    }
    TMIterator<SearchRow, Value, SearchRow> it = map.keyIteratorUncommitted(from, to);
    for (SearchRow k = it.fetchNext(); k != null; k = it.fetchNext()) {
      if (k.getKey() != ownRowId) {
        throw clash(map.getImmediate(k) != null, k);
      }
    }
  }

  private DbException clash(boolean certain, SearchRow row) {
    if (!certain) {
      return DbException.get(ErrorCode.CONCURRENT_UPDATE_1, table.getName());
    }
    SearchRow key = getRowFactory().createRow();
    key.copyFrom(row);
    return duplicateKey(key);
  }

  private DbException duplicateKey(SearchRow key) {
    DbException duplicate = getDuplicateKeyException(key.toString());
    Value[] values = new Value[getUniqueColumnCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = key.getValue(columnIds[i]);
    }
    duplicate.addSuppressed(new KeyClash(values));
    return duplicate;
  }

  /**
   * Looks for a loaded row with the unique key of a delta row, in every segment that anybody has
   * put.
   */
  private void checkSegments(SessionLocal session, SearchRow row) {
    List<Segment> segments = table.anySegments(session);
    if (segments.isEmpty()) {
      return;
    }
    SearchRow key = uniqueKey(row);
    for (Segment segment : segments) {
      for (SortedRun.Block block : run(segment).blocks()) {
        checkBlock(session, cursor(segment, block), block, key, row.getKey(), true);
      }
    }
  }

  /**
   * Looks for a row of a block with a unique key.
   *
   * @param certain whether the row that brings the key is committed or the session's own
   */
  private void checkBlock(
      SessionLocal session,
      RunCursor rows,
      SortedRun.Block block,
      SearchRow key,
      long ownRowId,
      boolean certain) {
    SearchBound bound = bound(run(rows.segment()), rows.segment(), key);
    for (long i = position(rows, block, 0, bound, false); i < block.rowCount(); i++) {
      SegmentRow row = rows.at(i);
      if (bound.compare(rows.view(), rows.rowInView()) != 0) {
        return;
      }
      if (row.getKey() != ownRowId) {
        switch (table.rowState(session, rows.segment(), row.getKey())) {
          case ALIVE -> throw clash(certain, row);
          case UNDECIDED -> throw clash(false, row);
          case DEAD -> {}
        }
      }
    }
  }

  /**
   * Checks the unique keys of a segment that the session can see: against each other, against all
   * other segments and against the delta.
   */
  void checkUnique(SessionLocal session, Segment segment, Runnable cancelCheck) {
    if (!indexType.isUnique()) {
      return;
    }
    List<SortedRun.Block> blocks = run(segment).blocks();
    for (int i = 0; i < blocks.size(); i++) {
      SortedRun.Block block = blocks.get(i);
      if (!block.isDistinct()) {
        checkWithin(session, segment, block, cancelCheck);
      }
      for (int j = i + 1; j < blocks.size(); j++) {
        checkAgainst(session, segment, block, segment, blocks.get(j), cancelCheck);
      }
    }
    for (Segment other : table.anySegments(session)) {
      if (other != segment) {
        for (SortedRun.Block block : blocks) {
          for (SortedRun.Block otherBlock : run(other).blocks()) {
            checkAgainst(session, segment, block, other, otherBlock, cancelCheck);
          }
        }
      }
    }
    checkDeltaAgainst(session, segment, blocks);
  }

  /**
   * Two live rows of one block with the same key follow each other, but for dead ones in between.
   */
  private void checkWithin(
      SessionLocal session, Segment segment, SortedRun.Block block, Runnable cancelCheck) {
    RunCursor rows = cursor(segment, block);
    SearchRow live = null;
    SearchRow previous = null;
    for (long i = 0; i < block.rowCount(); i++) {
      if ((i & 0xffff) == 0) {
        cancelCheck.run();
      }
      SearchRow row = rows.at(i);
      if (previous == null || compareRows(row, previous) != 0) {
        previous = uniqueKey(row);
        live = null;
      }
      if (needsUniqueCheck(row)
          && table.rowState(session, segment, row.getKey()) == HybridTable.RowState.ALIVE) {
        if (live != null) {
          throw clash(true, row);
        }
        live = previous;
      }
    }
  }

  /** A merge of two sorted blocks that skips what lies between two keys by galloping. */
  private void checkAgainst(
      SessionLocal session,
      Segment segment,
      SortedRun.Block block,
      Segment otherSegment,
      SortedRun.Block otherBlock,
      Runnable cancelCheck) {
    if (block.rowCount() == 0 || otherBlock.rowCount() == 0) {
      return;
    }
    RunCursor rows = cursor(segment, block);
    RunCursor others = cursor(otherSegment, otherBlock);
    KeyComparison comparison = new KeyComparison(segment, otherSegment);
    long n = block.rowCount();
    long m = otherBlock.rowCount();
    rows.at(n - 1);
    others.at(0);
    if (comparison.compare(rows, others) < 0) {
      return;
    }
    rows.at(0);
    others.at(m - 1);
    if (comparison.compare(rows, others) > 0) {
      return;
    }
    long i = 0;
    long j = 0;
    rows.at(i);
    others.at(j);
    long steps = 0;
    while (i < n && j < m) {
      if ((++steps & 0xffff) == 0) {
        cancelCheck.run();
      }
      int c = comparison.compare(rows, others);
      if (c < 0) {
        i = comparison.skip(rows, i, n, others, true);
        if (i < n) {
          rows.at(i);
        }
      } else if (c > 0) {
        j = comparison.skip(others, j, m, rows, false);
        if (j < m) {
          others.at(j);
        }
      } else {
        SearchRow row = rows.at(i);
        if (needsUniqueCheck(row)
            && table.rowState(session, segment, row.getKey()) == HybridTable.RowState.ALIVE) {
          checkBlock(session, others, otherBlock, uniqueKey(row), row.getKey(), true);
          others.at(j);
        }
        if (++i < n) {
          rows.at(i);
        }
      }
    }
  }

  /** Compares the unique keys of the rows where two run cursors stand. */
  private final class KeyComparison {
    private final RowOrder order;

    KeyComparison(Segment a, Segment b) {
      boolean same = true;
      for (int id : columnIds) {
        same &= a.type(id).equals(b.type(id));
      }
      order = same ? new RowOrder(database, indexColumns, a) : null;
    }

    int compare(RunCursor a, RunCursor b) {
      return order != null
          ? order.compare(a.view(), a.rowInView(), b.view(), b.rowInView(), uniqueColumnColumn)
          : compareRows(a.getSearchRow(), uniqueKey(b.getSearchRow()));
    }

    /** First position behind {@code from} whose row is not below the row of {@code target}. */
    long skip(RunCursor moving, long from, long end, RunCursor target, boolean movingIsFirst) {
      long low = from + 1;
      long step = 1;
      while (low + step < end && below(moving, low + step - 1, target, movingIsFirst)) {
        low += step;
        step *= 2;
      }
      long high = Math.min(end, low + step);
      while (low < high) {
        long middle = (low + high) >>> 1;
        if (below(moving, middle, target, movingIsFirst)) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    private boolean below(RunCursor moving, long at, RunCursor target, boolean movingIsFirst) {
      moving.at(at);
      return (movingIsFirst ? compare(moving, target) : -compare(target, moving)) < 0;
    }
  }

  private void checkDeltaAgainst(
      SessionLocal session, Segment segment, List<SortedRun.Block> blocks) {
    TransactionMap<SearchRow, Value> map = deltaMap(session);
    for (SortedRun.Block block : blocks) {
      if (block.rowCount() == 0) {
        continue;
      }
      RunCursor rows = cursor(segment, block);
      if (map.sizeAsLongMax() > 16L * block.rowCount()) {
        for (long i = 0; i < block.rowCount(); i++) {
          SearchRow row = rows.at(i);
          if (needsUniqueCheck(row)
              && table.rowState(session, segment, row.getKey()) == HybridTable.RowState.ALIVE) {
            checkDelta(
                session,
                map,
                row,
                row.getKey(),
                !session.getTransaction().allowNonRepeatableRead());
          }
        }
        continue;
      }
      SearchRow from = uniqueKey(rows.at(0));
      from.setKey(Long.MIN_VALUE);
      SearchRow to = uniqueKey(rows.at(block.rowCount() - 1L));
      to.setKey(Long.MAX_VALUE);
      TMIterator<SearchRow, Value, SearchRow> it = map.keyIteratorUncommitted(from, to);
      for (SearchRow k = it.fetchNext(); k != null; k = it.fetchNext()) {
        if (needsUniqueCheck(k)) {
          checkBlock(session, rows, block, uniqueKey(k), k.getKey(), map.getImmediate(k) != null);
        }
      }
    }
  }

  // The rest of an index

  @Override
  public void remove(SessionLocal session) {
    delta.remove(session);
    table.columnar().remove(this);
    runs.clear();
    if (!database.isReadOnly()) {
      for (Segment segment : table.anySegments(session)) {
        table.columnar().store().removeSegment(getId(), segment.id());
      }
    }
  }

  @Override
  public void truncate(SessionLocal session) {
    delta.truncate(session);
    runs.clear();
  }

  @Override
  public void addRowsToBuffer(List<Row> rows, String bufferName) {
    delta.addRowsToBuffer(rows, bufferName);
  }

  @Override
  public void addBufferedRows(List<String> bufferNames) {
    delta.addBufferedRows(bufferNames);
  }

  @Override
  public boolean needRebuild() {
    return false;
  }

  @Override
  public long getRowCount(SessionLocal session) {
    return table.getRowCount(session);
  }

  @Override
  public long getRowCountApproximation(SessionLocal session) {
    return table.getRowCountApproximation(session);
  }

  @Override
  public void close(SessionLocal session) {}
}
