package io.copyload.engine.h2;

import io.copyload.engine.store.ChunkInfo;
import io.copyload.engine.store.ChunkKey;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.RowGroupInfo;
import io.copyload.engine.store.RowGroupWriter;
import io.copyload.engine.store.SegmentCopy;
import io.copyload.engine.store.SegmentInfo;
import io.copyload.engine.store.TargetType;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.command.CommandContainer;
import org.h2.command.CommandInterface;
import org.h2.command.ddl.AlterTableAlterColumn;
import org.h2.command.ddl.CreateTableData;
import org.h2.command.ddl.SchemaCommand;
import org.h2.command.dml.Insert;
import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.index.Cursor;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionMap.TMIterator;
import org.h2.result.Row;
import org.h2.schema.Schema;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.ValueNull;

/**
 * An ALTER TABLE of H2's that makes a changed copy of a hybrid table and drops the original.
 *
 * <p>H2 asks the statement's schema for a table object, only to learn from it the text of a CREATE
 * TABLE, which it runs; then it runs one INSERT from the original. Three things are done
 * differently here:
 *
 * <ul>
 *   <li>The copy has the engine of the original, whatever the default is at this moment.
 *   <li>The inner CREATE TABLE asks for the rights of ALTER TABLE, which the user has, and not for
 *       admin rights because of the engine; see {@link OwnerCreateTable}.
 *   <li>Where columns are only added or dropped, segments are taken over chunk by chunk with their
 *       row ids and tombstones, and only delta rows go through H2's conversion. The original then
 *       looks empty to the INSERT.
 * </ul>
 *
 * <p>Threads: the session's, which holds the original's exclusive lock.
 */
final class Alteration {
  private static final int BATCH_ROWS = 2048;

  private static final Field CONTAINER_PREPARED =
      Internals.field(CommandContainer.class, "prepared");
  private static final Field COMMAND_SCHEMA = Internals.field(SchemaCommand.class, "schema");
  private static final Field USING =
      Internals.field(AlterTableAlterColumn.class, "usingExpression");

  private final SessionLocal session;
  private final HybridTable original;
  private final AlterTableAlterColumn statement;
  private HybridTable copy;

  private Alteration(SessionLocal session, HybridTable original, AlterTableAlterColumn statement) {
    this.session = session;
    this.original = original;
    this.statement = statement;
  }

  /** The ALTER TABLE that is just locking a table; null when that is not what goes on. */
  static Alteration of(SessionLocal session, HybridTable table) {
    return isRunning()
            && session.getCurrentCommand() instanceof CommandContainer container
            && Internals.get(CONTAINER_PREPARED, container) instanceof AlterTableAlterColumn alter
        ? new Alteration(session, table, alter)
        : null;
  }

  /** Whether the calling thread runs an ALTER TABLE of this kind. */
  static boolean isRunning() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(frames -> frames.anyMatch(f -> f.getDeclaringClass() == AlterTableAlterColumn.class));
  }

  boolean isOf(SessionLocal asking) {
    return asking == session && isRunning();
  }

  /** For the last question that H2 asks the original before it asks the schema for a table. */
  boolean beforeClone() {
    if (!original.isLockedExclusivelyBy(session) || !isRunning()) {
      return false;
    }
    Schema schema = (Schema) Internals.get(COMMAND_SCHEMA, statement);
    if (!(schema instanceof CloningSchema)) {
      Internals.set(COMMAND_SCHEMA, statement, new CloningSchema(schema));
    }
    return true;
  }

  /** Stands for the statement's schema for one question. */
  private final class CloningSchema extends Schema {
    private final Schema schema;

    CloningSchema(Schema schema) {
      super(schema.getDatabase(), schema.getId(), schema.getName(), schema.getOwner(), false);
      this.schema = schema;
    }

    @Override
    public Table createTable(CreateTableData data) {
      Internals.set(COMMAND_SCHEMA, statement, schema);
      data.tableEngine = original.engineName();
      data.tableEngineParams = original.engineParameters(null);
      Table template = schema.createTable(data);
      if (template instanceof HybridTable hybrid) {
        hybrid.becomeTemplateOf(Alteration.this);
      }
      return template;
    }
  }

  /** Creates the copy, in place of the CREATE TABLE that H2 would run now. */
  void createCopy(Schema schema, String name, String sql) {
    OwnerCreateTable.run(session, sql, original.engineName(), original::engineParameters);
    if (schema.getTableOrView(session, name) instanceof HybridTable hybrid) {
      copy = hybrid;
      hybrid.becomeCopyOf(this);
    }
  }

  /**
   * Prepares the INSERT that fills the copy.
   *
   * @return whether all rows are there already
   */
  boolean beforeInsert() {
    if (session.getCurrentCommand() instanceof CommandContainer container
        && Internals.get(CONTAINER_PREPARED, container) instanceof Insert insert) {
      // Row by row from the query to the table, without a result in between.
      insert.setInsertFromSelect(true);
    }
    Column[] sources = sources();
    if (sources == null) {
      return false;
    }
    List<Segment> segments = original.visibleSegments(session);
    if (segments.isEmpty()) {
      return false;
    }
    List<Column> added = new ArrayList<>();
    for (int i = 0; i < sources.length; i++) {
      if (sources[i] == null) {
        added.add(copy.getColumn(i));
      }
    }
    DeferredColumns values = DeferredColumns.plan(session, copy, added);
    if (!values.isConstant() && (original.hasDeltaRows() || original.hasTombstones(session))) {
      // These must be made in the order of all living rows.
      return false;
    }
    takeTombstones();
    for (Segment segment : segments) {
      takeSegment(segment, sources, added, values);
    }
    takeDeltaRows(sources);
    original.moved(this);
    return true;
  }

  void afterInsert() {
    original.moved(null);
  }

  /**
   * The original's column for each column of the copy, null for an added one. Null when rows must
   * go one by one, because a value changes or must be evaluated for its row.
   */
  private Column[] sources() {
    int type = statement.getType();
    if (type != CommandInterface.ALTER_TABLE_ADD_COLUMN
            && type != CommandInterface.ALTER_TABLE_DROP_COLUMN
        || Internals.get(USING, statement) != null
        || original.getContainsLargeObject()
        || copy.getContainsLargeObject()) {
      return null;
    }
    Column[] columns = copy.getColumns();
    Column[] sources = new Column[columns.length];
    for (int i = 0; i < columns.length; i++) {
      Column column = columns[i];
      Column source = original.findColumn(column.getName());
      if (column.isGenerated()) {
        return null;
      }
      if (source == null) {
        Expression value = column.getEffectiveDefaultExpression();
        if (column.getDomain() != null
            || column.getSequence() == null
                && !column.isNullable()
                && (value == null
                    || !value.isConstant()
                    || value.getValue(session) == ValueNull.INSTANCE)) {
          // May fail for a row: H2 says which and how.
          return null;
        }
      } else if (!TargetTypes.of(source.getType()).equals(TargetTypes.of(column.getType()))
          || source.isNullable() != column.isNullable()) {
        return null;
      }
      sources[i] = source;
    }
    return sources;
  }

  private void takeTombstones() {
    TransactionMap<Long, Long> to = copy.tombstones(session);
    TMIterator<Long, Long, Long> from = original.tombstones(session).keyIterator(null, null);
    int count = 0;
    for (Long rowId = from.fetchNext(); rowId != null; rowId = from.fetchNext()) {
      if ((++count & 127) == 0) {
        statement.checkCanceled();
      }
      to.put(rowId, HybridTable.BURIED);
    }
  }

  private void takeSegment(
      Segment segment, Column[] sources, List<Column> added, DeferredColumns values) {
    long segmentId = copy.newSegmentId();
    boolean published = false;
    try {
      SegmentInfo info = segment.info();
      List<Integer> columnIds = new ArrayList<>();
      List<TargetType> types = new ArrayList<>();
      for (int i = 0; i < sources.length; i++) {
        columnIds.add(i);
        types.add(
            sources[i] == null
                ? TargetTypes.of(copy.getColumn(i).getType())
                : info.types().get(sources[i].getColumnId()));
      }
      List<RowGroupInfo> groups = new ArrayList<>();
      for (RowGroupInfo group : info.rowGroups()) {
        groups.add(takeGroup(info, group, segmentId, sources, added, values));
      }
      copy.publishAt(
          session,
          segmentId,
          info.firstRowId(),
          types,
          columnIds,
          groups,
          statement::checkCanceled);
      published = true;
    } finally {
      if (!published) {
        copy.abandon(segmentId);
      }
    }
  }

  private RowGroupInfo takeGroup(
      SegmentInfo info,
      RowGroupInfo group,
      long segmentId,
      Column[] sources,
      List<Column> added,
      DeferredColumns values) {
    List<ChunkInfo> made = makeChunks(group, segmentId, added, values);
    int next = 0;
    List<ChunkInfo> chunks = new ArrayList<>();
    for (int i = 0; i < sources.length; i++) {
      if (sources[i] == null) {
        chunks.add(made.get(next++));
        continue;
      }
      int column = sources[i].getColumnId();
      ChunkInfo chunk = group.chunks().get(column);
      SegmentCopy.copyChunk(
          copy.byteStore(),
          new ChunkKey(
              info.tableId(), info.segmentId(), group.number(), info.columnIds().get(column), 0),
          new ChunkKey(copy.getId(), segmentId, group.number(), i, 0),
          chunk,
          statement::checkCanceled);
      chunks.add(chunk);
    }
    return new RowGroupInfo(group.number(), group.rowCount(), chunks);
  }

  private List<ChunkInfo> makeChunks(
      RowGroupInfo group, long segmentId, List<Column> added, DeferredColumns values) {
    if (added.isEmpty()) {
      return List.of();
    }
    List<Integer> columnIds = new ArrayList<>();
    List<TargetType> types = new ArrayList<>();
    ColumnVector[] vectors = new ColumnVector[added.size()];
    for (int i = 0; i < vectors.length; i++) {
      columnIds.add(added.get(i).getColumnId());
      types.add(TargetTypes.of(added.get(i).getType()));
      vectors[i] = new ColumnVector(types.get(i), BATCH_ROWS);
    }
    RowGroupWriter writer =
        new RowGroupWriter(
            copy.byteStore(),
            copy.getId(),
            segmentId,
            new AtomicInteger(group.number()),
            columnIds,
            types,
            copy.encodings(columnIds),
            Long.MAX_VALUE);
    for (int row = 0; row < group.rowCount(); row += BATCH_ROWS) {
      statement.checkCanceled();
      int count = Math.min(BATCH_ROWS, group.rowCount() - row);
      values.fill(session, vectors, count);
      writer.append(vectors, null, count);
    }
    return writer.finish().get(0).chunks();
  }

  private void takeDeltaRows(Column[] sources) {
    Cursor rows = original.deltaRows(session);
    int count = 0;
    while (rows.next()) {
      if ((++count & 127) == 0) {
        statement.checkCanceled();
      }
      Row before = rows.get();
      Row after = copy.getTemplateRow();
      for (int i = 0; i < sources.length; i++) {
        if (sources[i] != null) {
          after.setValue(i, before.getValue(sources[i].getColumnId()));
        }
      }
      copy.convertInsertRow(session, after, Boolean.TRUE);
      after.setKey(before.getKey());
      copy.addRow(session, after);
    }
  }
}
