package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.CrashPoint;
import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.dialect.CopyResolver;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.dialect.MaterializeSyntax;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.format.shapefile.ShapefileFormat;
import io.copyload.engine.load.ErrorContext;
import io.copyload.engine.load.LoadFailedException;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.LoadPipeline;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.load.LoadProgress;
import io.copyload.engine.load.RowRefusedException;
import io.copyload.engine.load.StoreSink;
import io.copyload.engine.load.TargetColumn;
import io.copyload.engine.plan.ColumnMapping;
import io.copyload.engine.plan.TargetTable;
import io.copyload.engine.statement.CopyCommand;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyParser;
import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.statement.ResolvedText;
import io.copyload.engine.store.ChunkInfo;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.RowGroupInfo;
import io.copyload.engine.store.RowGroupWriter;
import io.copyload.engine.store.SegmentInfo;
import io.copyload.engine.store.SegmentSort;
import io.copyload.engine.store.TargetType;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLWarning;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.h2.api.Trigger;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.util.DateTimeUtils;
import org.h2.util.HasSQL;
import org.h2.value.ValueTimestampTimeZone;

/**
 * Runs a COPY from its text to its update count: parse, resolve, bind, list, load, publish, and
 * keep the history.
 *
 * <p>The load holds the table's shared write lock, so that the table cannot be altered meanwhile;
 * only the publish step touches the session's transaction.
 *
 * <p>Threads: one executor belongs to one connection; {@link #progress} may be asked by any thread.
 */
public final class CopyExecutor implements CopyRunner {
  /** Rows of the vectors in which columns that a COPY leaves out are made. */
  private static final int DEFERRED_BATCH_ROWS = 2048;

  private volatile LoadProgress running;

  @Override
  public LoadProgress progress() {
    return running;
  }

  @Override
  public long run(
      SessionLocal session,
      String sql,
      List<Object> parameters,
      CancelToken cancel,
      CopySettings settings,
      Consumer<SQLWarning> warnings) {
    return run(session, sql, parameters, null, cancel, settings, warnings);
  }

  @Override
  public long run(
      SessionLocal session,
      String sql,
      List<Object> parameters,
      CopyClient client,
      CancelToken cancel,
      CopySettings settings,
      Consumer<SQLWarning> warnings) {
    CopyCommand command = parse(sql, settings);
    if (command instanceof CopyTo export) {
      return CopyToExecutor.run(
          session,
          sql,
          export,
          parameters,
          client == null ? null : client.stdout(),
          cancel,
          settings);
    }
    if (!(command instanceof CopyFrom statement)) {
      throw CopyResolver.unsupported(command);
    }
    return load(session, sql, statement, parameters, client, null, cancel, settings, warnings)
        .loadedRows();
  }

  /**
   * Loads rows.
   *
   * @param job where the objects come from when a COPY job runs the statement; else null
   */
  LoadOutcome load(
      SessionLocal session,
      String sql,
      CopyFrom statement,
      List<Object> parameters,
      CopyClient client,
      JobInput job,
      CancelToken cancel,
      CopySettings settings,
      Consumer<SQLWarning> warnings) {
    LoadProgress progress = new LoadProgress();
    ResolvedCopy resolved = CopyResolver.resolve(statement, settings.dialect());
    session.getDatabase().checkWritingAllowed();
    TableBinding binding = TableBinding.of(session, statement, resolved.dialect());
    if (settings.readOnly() && !binding.table().isTemporary()) {
      throw new CopyException(
          CopyErrorCode.READ_ONLY_TRANSACTION,
          "cannot execute COPY FROM in a read-only transaction");
    }
    ColumnMapping mapping =
        ColumnMapping.of(
            binding.target(resolved.dialect()),
            TableBinding.listedColumns(session, statement.columns()),
            resolved.dialect() == DialectName.REDSHIFT && !resolved.redshift().explicitIds());
    RedshiftChecks.check(resolved, binding.table(), mapping, !statement.columns().isEmpty());
    RowCondition condition = RowCondition.of(session, binding.table(), sql, statement.where());
    CopySource source =
        ShapefileSet.shapes(
            job != null
                ? job.source()
                : CopySource.of(
                    session,
                    statement.source(),
                    resolved.source(),
                    parameters,
                    client,
                    binding.target().name(),
                    settings,
                    cancel),
            resolved);
    PostgresMessages.checkFreeze(resolved.postgres());
    binding.table().lock(session, Table.WRITE_LOCK);
    LoadPlan plan = plan(session, settings, resolved, binding, mapping, source, condition, cancel);

    String text =
        ResolvedText.of(
            sql, statement, binding.table().getSQL(HasSQL.DEFAULT_SQL_FLAGS), source.text());
    LoadRecord record =
        LoadRecord.begin(
            session,
            settings,
            resolved,
            text,
            binding,
            source,
            plan,
            job == null ? 0 : job.jobId());
    LoadOutcome outcome;
    CompressionUpdate compression = CompressionUpdate.begin(session, resolved, binding.table());
    boolean loaded = false;
    progress.logObjectsTo(record);
    running = progress;
    record.show(progress);
    try {
      if (client != null) {
        client.copyInBegins(mapping.loaded().size(), resolved.format() instanceof PgBinarySpec);
      }
      outcome =
          resolved.redshift().noLoad()
              ? NoLoad.check(session, binding.table(), mapping, plan, condition, cancel, progress)
              : load(session, binding.table(), mapping, plan, condition, cancel, progress);
      if (client != null) {
        client.awaitEnd(cancel);
      }
      source.awaitEnd(cancel);
      compression.loaded(session, record, cancel, warnings);
      if (plan.format() instanceof ShapefileFormat shapefile) {
        record.simplified(shapefile.log().reports());
      }
      loaded = true;
      record.completed(outcome);
      CrashPoint.reach("before-commit");
      if (job != null) {
        job.loaded(record.id());
      }
    } catch (LoadFailedException e) {
      if (job != null) {
        job.failedIn(e.object() == null ? null : e.object().name());
      }
      CopyException failure = binding.named(failure(resolved, plan, e));
      record.aborted(e.outcome(), failure);
      throw failure;
    } catch (DbException e) {
      RuntimeException failure = ConstraintErrors.translated(binding.table(), e);
      record.aborted(null, failure);
      throw failure instanceof CopyException copy ? binding.named(copy) : failure;
    } catch (CopyException e) {
      record.aborted(null, e);
      throw binding.named(e);
    } catch (Throwable e) {
      record.aborted(null, e);
      throw e;
    } finally {
      source.close();
      if (!loaded) {
        compression.failed();
      }
      progress.end();
    }
    for (String note : source.objects().notes()) {
      warnings.accept(new SQLWarning(note, "01000"));
    }
    if (resolved.dialect() == DialectName.REDSHIFT) {
      RedshiftMessages.loaded(plan.tableName(), outcome, warnings);
    } else {
      PostgresMessages.loaded(resolved.postgres(), plan, outcome, warnings);
    }
    return outcome;
  }

  private static CopyCommand parse(String sql, CopySettings settings) {
    try {
      return CopyParser.parse(sql);
    } catch (CopyException e) {
      throw settings.dialect() == DialectName.MATERIALIZE ? MaterializeSyntax.reworded(sql, e) : e;
    }
  }

  private static CopyException failure(
      ResolvedCopy resolved, LoadPlan plan, LoadFailedException e) {
    CopyException first = ErrorContext.toException(e.decisive(), plan);
    return resolved.dialect() == DialectName.REDSHIFT
        ? RedshiftMessages.failed(plan, first)
        : PostgresMessages.failed(resolved.postgres(), e, first);
  }

  static LoadPlan plan(
      SessionLocal session,
      CopySettings settings,
      ResolvedCopy resolved,
      TableBinding binding,
      ColumnMapping mapping,
      CopySource source,
      RowCondition condition,
      CancelToken cancel) {
    TargetTable target = binding.target();
    List<TargetColumn> columns =
        FieldTargets.of(
            session,
            binding,
            mapping,
            resolved.postgres(),
            resolved.format() instanceof DelimitedSpec text && text.defaultMarker() != null,
            resolved.dialect() == DialectName.REDSHIFT);
    ValueTimestampTimeZone now = session.currentTimestamp();
    ConversionSpec conversion =
        new ConversionSpec(
            resolved.conversion(),
            resolved.dialect().postgresMajor(),
            zone(session),
            DateTimeUtils.getEpochSeconds(
                now.getDateValue(), now.getTimeNanos(), now.getTimeZoneOffsetSeconds()),
            (int) (now.getTimeNanos() % 1_000_000_000L),
            new HostTypes(),
            resolved.values());
    List<Column> omitted = columns(binding.table(), mapping.omitted());
    omitted.removeIf(Column::isGenerated);
    boolean failsForSure =
        DeferredColumns.plan(session, binding.table(), omitted).certainFailure() != null;
    if (condition != null || failsForSure) {
      // The row stage checks all columns, in the order of the table.
      columns.replaceAll(TargetColumn::nullable);
    }
    boolean rowStage =
        condition != null || usesRowStage(session, binding.table(), mapping, columns);
    return new LoadPlan(
        target.name(),
        resolved.dialect() == DialectName.REDSHIFT
            ? source.decoded(resolved.redshift().encoding())
            : source.decoded(resolved.postgres().encoding()),
        resolved.compression(),
        JsonColumns.resolved(session, settings, resolved, columns.size(), cancel),
        columns,
        conversion,
        resolved.budget(),
        rowStage ? 1 : slices(settings),
        settings.memoryBytes(),
        0,
        settings.maxRejectsKept(),
        settings.maxExpansion(),
        columns.stream().anyMatch(TargetColumn::notNull)
            ? new FailingRowText(
                session, binding.table(), columns(binding.table(), mapping.loaded()))
            : null);
  }

  static ZoneId zone(SessionLocal session) {
    String id = session.currentTimeZone().getId();
    try {
      return ZoneId.of(id);
    } catch (java.time.DateTimeException e) {
      ValueTimestampTimeZone now = session.currentTimestamp();
      return ZoneOffset.ofTotalSeconds(now.getTimeZoneOffsetSeconds());
    }
  }

  /**
   * Heap that a slice is given at least: so much it takes for the scratch space of its encoders and
   * its share of H2's buffers alone, which count for no budget.
   */
  private static final long SLICE_BYTES = 8 << 20;

  /** Fewer slices than threads were asked for where the memory does not suffice for more. */
  private static int slices(CopySettings settings) {
    return (int) Math.max(1, Math.min(settings.threads(), settings.memoryBytes() / SLICE_BYTES));
  }

  static boolean usesRowStage(
      SessionLocal session, Table table, ColumnMapping mapping, List<TargetColumn> fields) {
    return !(table instanceof HybridTable)
        || fields.stream().anyMatch(field -> field.has(TargetColumn.Rule.HAS_DEFAULT))
        || RowStage.needed(session, table, columns(table, mapping.loaded()))
        // The first row fails; the row stage knows which one that is and how to say it.
        || DeferredColumns.plan(session, table, columns(table, mapping.omitted())).certainFailure()
            != null;
  }

  static List<Column> columns(Table table, List<Integer> indexes) {
    List<Column> columns = new ArrayList<>();
    for (int index : indexes) {
      columns.add(table.getColumn(index));
    }
    return columns;
  }

  static LoadOutcome load(
      SessionLocal session,
      Table table,
      ColumnMapping mapping,
      LoadPlan plan,
      RowCondition condition,
      CancelToken cancel,
      LoadProgress progress) {
    table.fire(session, Trigger.INSERT, true);
    LoadOutcome outcome = loadRows(session, table, mapping, plan, condition, cancel, progress);
    table.fire(session, Trigger.INSERT, false);
    return outcome;
  }

  /** Loads without statement triggers. */
  static LoadOutcome loadRows(
      SessionLocal session,
      Table table,
      ColumnMapping mapping,
      LoadPlan plan,
      RowCondition condition,
      CancelToken cancel,
      LoadProgress progress) {
    return condition != null || usesRowStage(session, table, mapping, plan.columns())
        ? loadRowByRow(session, table, mapping, plan, condition, cancel, progress)
        : loadColumns(session, (HybridTable) table, mapping, plan, cancel, progress);
  }

  /**
   * The exact way: H2 evaluates every row. Rows of a columnar table without row triggers still
   * become a segment.
   */
  private static LoadOutcome loadRowByRow(
      SessionLocal session,
      Table table,
      ColumnMapping mapping,
      LoadPlan plan,
      RowCondition condition,
      CancelToken cancel,
      LoadProgress progress) {
    List<Column> loaded = columns(table, mapping.loaded());
    try {
      if (!(table instanceof HybridTable hybrid) || RowStage.hasRowTriggers(table)) {
        RowStage rows = new RowStage(session, table, loaded, null, condition, cancel);
        rows.evaluateDefaultsOnce(isRedshift(plan));
        return stage(plan, rows, cancel, progress);
      }
      return loadSegment(
          session,
          hybrid,
          plan.memoryBytes(),
          cancel,
          segmentId -> {
            Column[] all = table.getColumns();
            List<Integer> columnIds = new ArrayList<>();
            for (int i = 0; i < all.length; i++) {
              columnIds.add(i);
            }
            StoreSink store =
                new StoreSink(
                    hybrid.byteStore(),
                    table.getId(),
                    segmentId,
                    columnIds,
                    types(columns(table, columnIds)),
                    hybrid.encodings(columnIds),
                    plan.memoryBytes() / 2);
            SegmentRowTarget target = new SegmentRowTarget(session, table, store.openSlice());
            RowStage rows = new RowStage(session, table, loaded, target, condition, cancel);
            rows.evaluateDefaultsOnce(isRedshift(plan));
            LoadOutcome outcome = stage(plan, rows, cancel, progress);
            return new Loaded(outcome, store.rowGroups());
          });
    } catch (RowRefusedException e) {
      throw withPlace(e, table);
    }
  }

  private static LoadOutcome stage(
      LoadPlan plan, RowStage stage, CancelToken cancel, LoadProgress progress) {
    return LoadPipeline.run(plan, stage, cancel, progress).withoutRows(stage.droppedRows());
  }

  /** H2's or our own error for a row, with the place of the record that the row came from. */
  static RuntimeException withPlace(RowRefusedException e, Table table) {
    RuntimeException reason =
        e.reason() instanceof DbException db ? ConstraintErrors.translated(table, db) : e.reason();
    if (e.context() == null) {
      return reason;
    }
    if (reason instanceof CopyException copy) {
      return copy.context() == null ? copy.withContext(e.context()) : copy;
    }
    if (e.reason() instanceof DbException db) {
      SQLException sql = db.getSQLException();
      String message = sql.getMessage() + "\n  Where: " + e.context();
      if (sql instanceof SQLIntegrityConstraintViolationException) {
        return DbException.convert(
            new SQLIntegrityConstraintViolationException(
                message, sql.getSQLState(), sql.getErrorCode(), sql));
      }
      if (sql instanceof SQLDataException) {
        return DbException.convert(
            new SQLDataException(message, sql.getSQLState(), sql.getErrorCode(), sql));
      }
    }
    return e.reason();
  }

  private static boolean isRedshift(LoadPlan plan) {
    return plan.conversion().dialect() == ConversionSpec.Dialect.REDSHIFT;
  }

  /** The fast way: vectors become row groups; the session is not asked per row. */
  private static LoadOutcome loadColumns(
      SessionLocal session,
      HybridTable table,
      ColumnMapping mapping,
      LoadPlan plan,
      CancelToken cancel,
      LoadProgress progress) {
    List<Column> omitted = columns(table, mapping.omitted());
    DeferredColumns deferred =
        isRedshift(plan)
            ? DeferredColumns.planOnce(session, table, omitted)
            : DeferredColumns.plan(session, table, omitted);
    return loadSegment(
        session,
        table,
        plan.memoryBytes(),
        cancel,
        segmentId -> {
          StoreSink sink =
              new StoreSink(
                  table.byteStore(),
                  table.getId(),
                  segmentId,
                  mapping.loaded(),
                  plan.columns().stream().map(TargetColumn::type).toList(),
                  table.encodings(mapping.loaded()),
                  plan.memoryBytes() / 2 / plan.slices());
          LoadOutcome outcome = LoadPipeline.run(plan, sink, cancel, progress);
          return new Loaded(
              outcome,
              withDeferred(session, table, segmentId, mapping, deferred, sink.rowGroups(), cancel));
        });
  }

  /** What a load made, not yet seen by anybody. */
  private record Loaded(LoadOutcome outcome, List<RowGroupInfo> rowGroups) {}

  /** Makes a segment and publishes it, or leaves nothing of it. */
  private static LoadOutcome loadSegment(
      SessionLocal session,
      HybridTable table,
      long memoryBytes,
      CancelToken cancel,
      LongFunction<Loaded> load) {
    long segmentId = table.newSegmentId();
    boolean published = false;
    try {
      Loaded loaded = load.apply(segmentId);
      List<Integer> columnIds = new ArrayList<>();
      for (Column column : table.getColumns()) {
        columnIds.add(column.getColumnId());
      }
      List<TargetType> types = types(List.of(table.getColumns()));
      SegmentSort.Result sorted =
          sorted(table, segmentId, types, columnIds, loaded.rowGroups(), memoryBytes, cancel);
      if (sorted.segmentId() != segmentId) {
        table.abandon(segmentId);
        segmentId = sorted.segmentId();
      }
      CrashPoint.reach("before-publish");
      long made = segmentId;
      ConcurrentUpdateRetry.run(
          session,
          cancel,
          () -> table.publish(session, made, types, columnIds, sorted.rowGroups(), cancel::check));
      published = true;
      CrashPoint.reach("after-publish");
      return loaded.outcome();
    } finally {
      if (!published) {
        table.abandon(segmentId);
      }
    }
  }

  /** The rows in the order of the table's sort key, when it has one. */
  private static SegmentSort.Result sorted(
      HybridTable table,
      long segmentId,
      List<TargetType> types,
      List<Integer> columnIds,
      List<RowGroupInfo> rowGroups,
      long memoryBytes,
      CancelToken cancel) {
    List<Integer> sortKey = table.sortKey();
    if (sortKey.isEmpty()) {
      return new SegmentSort.Result(segmentId, rowGroups);
    }
    long rowCount = rowGroups.stream().mapToLong(RowGroupInfo::rowCount).sum();
    return new SegmentSort(
            table.byteStore(),
            new SegmentInfo(table.getId(), segmentId, 0, rowCount, columnIds, types, rowGroups),
            table.encodings(columnIds),
            sortKey,
            memoryBytes,
            table::newSegmentId,
            table::abandon,
            cancel)
        .run();
  }

  private static List<TargetType> types(List<Column> columns) {
    return columns.stream().map(column -> TargetTypes.of(column.getType())).toList();
  }

  /**
   * Adds the chunks of the columns that no field fills, made in row order, and puts all into table
   * order.
   */
  private static List<RowGroupInfo> withDeferred(
      SessionLocal session,
      HybridTable table,
      long segmentId,
      ColumnMapping mapping,
      DeferredColumns deferred,
      List<RowGroupInfo> loaded,
      CancelToken cancel) {
    List<Integer> omitted = mapping.omitted();
    List<TargetType> types = types(columns(table, omitted));
    ColumnVector[] vectors = new ColumnVector[omitted.size()];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = new ColumnVector(types.get(i), DEFERRED_BATCH_ROWS);
    }
    List<RowGroupInfo> complete = new ArrayList<>();
    for (RowGroupInfo group : loaded) {
      List<ChunkInfo> made = List.of();
      if (vectors.length > 0) {
        RowGroupWriter writer =
            new RowGroupWriter(
                table.byteStore(),
                table.getId(),
                segmentId,
                new AtomicInteger(group.number()),
                omitted,
                types,
                table.encodings(omitted),
                Long.MAX_VALUE);
        for (int row = 0; row < group.rowCount(); row += DEFERRED_BATCH_ROWS) {
          cancel.check();
          int count = Math.min(DEFERRED_BATCH_ROWS, group.rowCount() - row);
          deferred.fill(session, vectors, count);
          writer.append(vectors, null, count);
        }
        made = writer.finish().get(0).chunks();
      }
      ChunkInfo[] chunks = new ChunkInfo[table.getColumns().length];
      for (int i = 0; i < group.chunks().size(); i++) {
        chunks[mapping.loaded().get(i)] = group.chunks().get(i);
      }
      for (int i = 0; i < made.size(); i++) {
        chunks[omitted.get(i)] = made.get(i);
      }
      complete.add(new RowGroupInfo(group.number(), group.rowCount(), List.of(chunks)));
    }
    return complete;
  }
}
