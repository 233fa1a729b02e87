package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.CrashPoint;
import io.copyload.engine.dialect.CopyResolver;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.load.ErrorBudget;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.LoadPipeline;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.load.LoadProgress;
import io.copyload.engine.load.Reject;
import io.copyload.engine.plan.ColumnMapping;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.stream.StreamObjects;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyParser;
import io.copyload.engine.statement.LeadingWords;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.SourceRef;
import java.io.IOException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueInteger;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;

/**
 * {@code COPY REPLAY load id}: loads the records that the load has refused and that are right by
 * now, with the options of its COPY, and marks them. Rows and marks are in the session's
 * transaction, so each record is loaded once or not at all. What is still wrong stays a reject,
 * with the new reason.
 *
 * <p>Every raw_line is an object of its own: all of its records are loaded or none.
 */
final class ReplayCopy implements OwnStatement {
  /** Options that say where data comes from or how many records may be bad: not of a record. */
  private static final Set<String> NOT_OF_RECORDS =
      Set.of(
          "IAM_ROLE",
          "ACCESS_KEY_ID",
          "SECRET_ACCESS_KEY",
          "SESSION_TOKEN",
          "TOKEN",
          "CREDENTIALS",
          "MASTER_SYMMETRIC_KEY",
          "ENCRYPTED",
          "MANIFEST",
          "REGION",
          "SSH",
          "READRATIO",
          "ENCODING",
          "AWS CONNECTION",
          "MAX FILE SIZE",
          "PATTERN",
          "FILES",
          "GZIP",
          "BZIP2",
          "LZOP",
          "ZSTD",
          "IGNOREHEADER",
          "MAXERROR",
          "IGNOREALLERRORS");

  private final Long loadId;

  private ReplayCopy(Long loadId) {
    this.loadId = loadId;
  }

  /** Texts that begin with COPY REPLAY and a number or parameter. */
  static final Kind KIND =
      new Kind() {
        @Override
        public boolean claims(String sql) {
          int at = LeadingWords.behind(sql, "COPY", "REPLAY");
          return at >= 0
              && at < sql.length()
              && (sql.charAt(at) == '?' || sql.charAt(at) >= '0' && sql.charAt(at) <= '9');
        }

        @Override
        public OwnStatement prepare(SessionLocal session, CopySettings settings, String sql) {
          int at = LeadingWords.behind(sql, "COPY", "REPLAY");
          String rest = sql.substring(at).strip();
          if (rest.equals("?")) {
            return new ReplayCopy(null);
          }
          try {
            return new ReplayCopy(Long.valueOf(rest));
          } catch (NumberFormatException e) {
            throw new CopyException(
                    CopyErrorCode.SYNTAX, "COPY REPLAY takes the number of one load")
                .withPosition(at + 1);
          }
        }
      };

  @Override
  public List<Column> columns() {
    return List.of();
  }

  /** A reject that may be right by now: its row is locked. */
  private record Candidate(long key, String objectName) {}

  @Override
  public long run(Execution execution) {
    SessionLocal session = execution.session();
    session.getDatabase().checkWritingAllowed();
    ReplayLoad load = ReplayLoad.of(session, loadId == null ? parameter(execution) : loadId);
    CopyFrom statement = recordsOnly(parse(load));
    ResolvedCopy resolved = CopyResolver.resolve(statement, load.dialect());
    if (resolved.redshift().noLoad()) {
      throw ReplayLoad.refused(load.id(), "was read with NOLOAD: it loaded nothing", null);
    }
    TableBinding binding = TableBinding.of(session, statement, resolved.dialect());
    ColumnMapping mapping =
        ColumnMapping.of(
            binding.target(resolved.dialect()),
            TableBinding.listedColumns(session, statement.columns()),
            resolved.dialect() == DialectName.REDSHIFT);
    RowCondition condition =
        RowCondition.of(session, binding.table(), load.statement(), statement.where());
    binding.table().lock(session, Table.WRITE_LOCK);
    Table rejects = RejectView.rejects(session.getDatabase());
    List<Candidate> candidates = lockCandidates(session, load, rejects, execution.cancel());
    if (candidates.isEmpty()) {
      return 0;
    }
    if (!load.isCommitted(session)) {
      throw ReplayLoad.refused(
          load.id(), "was rolled back: it loaded nothing that a replay could complete", null);
    }
    CopySource source =
        new CopySource(listing(session, rejects, candidates), "load " + load.id(), true, null);
    LoadPlan plan =
        CopyExecutor.plan(
            session,
            execution.settings(),
            resolved,
            binding,
            mapping,
            source,
            condition,
            execution.cancel());
    Map<Integer, Reject> bad = findBad(plan, candidates.size(), execution.cancel());
    List<Candidate> good = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (!bad.containsKey(i)) {
        good.add(candidates.get(i));
      }
    }
    LoadPlan goodPlan = planOf(plan, listing(session, rejects, good), ErrorBudget.NONE, 0);
    LoadProgress progress = new LoadProgress();
    LoadRecord record =
        LoadRecord.beginReplay(
            session, execution.settings(), resolved, load.id(), binding, source, goodPlan);
    LoadOutcome outcome;
    record.show(progress);
    try {
      outcome =
          good.isEmpty()
              ? new LoadOutcome(0, 0, List.of(), List.of())
              : CopyExecutor.load(
                  session,
                  binding.table(),
                  mapping,
                  goodPlan,
                  condition,
                  execution.cancel(),
                  progress);
      for (Candidate candidate : good) {
        Row row = RejectView.lock(session, rejects, candidate.key());
        RejectView.change(
            session,
            rejects,
            row,
            "state",
            ValueVarchar.get(RejectView.REPLAYED),
            "replay_id",
            ValueBigint.get(record.id()));
      }
      for (Map.Entry<Integer, Reject> entry : bad.entrySet()) {
        restate(session, rejects, candidates.get(entry.getKey()), entry.getValue(), record);
      }
      record.replayed(outcome, bad.size());
      CrashPoint.reach("before-commit");
    } catch (DbException e) {
      RuntimeException failure = ConstraintErrors.translated(binding.table(), e);
      record.aborted(null, failure);
      throw failure instanceof CopyException copy ? binding.named(copy) : failure;
    } catch (RuntimeException e) {
      record.aborted(null, e);
      throw e;
    } finally {
      progress.end();
    }
    if (resolved.dialect() == DialectName.REDSHIFT) {
      RedshiftMessages.loaded(plan.tableName(), outcome, execution.warnings());
    }
    if (!bad.isEmpty()) {
      execution
          .warnings()
          .accept(
              new SQLWarning(
                  "Replay of load "
                      + load.id()
                      + ": "
                      + bad.size()
                      + " record(s) are still refused.  Check 'copyload_rejects' for details.",
                  "00000"));
    }
    return outcome.loadedRows();
  }

  private static long parameter(Execution execution) {
    Object value = execution.parameters().get(0);
    try {
      return Long.parseLong(String.valueOf(value).strip());
    } catch (NumberFormatException e) {
      throw new CopyException(
          CopyErrorCode.INVALID_PARAMETER_VALUE, "COPY REPLAY takes the number of a load");
    }
  }

  private static CopyFrom parse(ReplayLoad load) {
    if (CopyParser.parse(load.statement()) instanceof CopyFrom copy) {
      return copy;
    }
    throw ReplayLoad.refused(load.id(), "was no COPY FROM", null);
  }

  private static CopyFrom recordsOnly(CopyFrom copy) {
    List<OptionClause> options = new ArrayList<>(copy.options());
    options.removeIf(option -> NOT_OF_RECORDS.contains(option.name()));
    return new CopyFrom(
        copy.table(),
        copy.columns(),
        copy.into(),
        new SourceRef.Stdin(copy.source().range()),
        options,
        copy.where(),
        copy.range());
  }

  /** The load's rejects that are not loaded yet and have their bytes, in the order of the load. */
  private static List<Candidate> lockCandidates(
      SessionLocal session, ReplayLoad load, Table rejects, CancelToken cancel) {
    int state = RejectView.columnId(rejects, "state");
    int raw = RejectView.columnId(rejects, "raw_bytes");
    int name = RejectView.columnId(rejects, "object_name");
    List<Long> keys = new ArrayList<>();
    for (Row row : load.rowsOf(session, rejects)) {
      keys.add(row.getKey());
    }
    List<Candidate> candidates = new ArrayList<>();
    for (long key : keys) {
      Row[] locked = new Row[1];
      ConcurrentUpdateRetry.run(
          session, cancel, () -> locked[0] = RejectView.lock(session, rejects, key));
      if (locked[0] == null) {
        continue;
      }
      String is = locked[0].getValue(state).getString();
      if ((is.equals(RejectView.REJECTED) || is.equals(RejectView.REPAIRED))
          && locked[0].getValue(raw) != ValueNull.INSTANCE) {
        candidates.add(new Candidate(key, locked[0].getValue(name).getString()));
      }
    }
    return candidates;
  }

  /** One object per candidate. Bytes are read when their turn comes, by the session's thread. */
  private static SourceListing listing(
      SessionLocal session, Table rejects, List<Candidate> candidates) {
    int raw = RejectView.columnId(rejects, "raw_bytes");
    return new SourceListing() {
      @Override
      public long count() {
        return candidates.size();
      }

      @Override
      public long size() {
        return SourceObject.UNKNOWN_SIZE;
      }

      @Override
      public Cursor open(CancelToken cancel) {
        return new Cursor() {
          private int next;

          @Override
          public SourceObject next() {
            if (next == candidates.size()) {
              return null;
            }
            Candidate candidate = candidates.get(next++);
            byte[] bytes = rejects.getRow(session, candidate.key()).getValue(raw).getBytesNoCopy();
            byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
            line[bytes.length] = '\n';
            return new Named(candidate.objectName(), StreamObjects.of(line));
          }

          @Override
          public void close() {
            // Nothing is open.
          }
        };
      }
    };
  }

  /** A record under the name of the object that it came from. */
  private record Named(String name, SourceObject data) implements SourceObject {
    @Override
    public long size() {
      return data.size();
    }

    @Override
    public boolean seekable() {
      return data.seekable();
    }

    @Override
    public ByteReader open(long offset, CancelToken cancel) throws IOException {
      return data.open(offset, cancel);
    }
  }

  /** The plan for records instead of whole objects, in the session's own thread. */
  private static LoadPlan planOf(
      LoadPlan plan, SourceListing objects, ErrorBudget budget, int maxRejectsKept) {
    return new LoadPlan(
        plan.tableName(),
        objects,
        LoadPlan.Compression.DETECT,
        plan.format().ofRecords(),
        plan.columns(),
        plan.conversion(),
        budget,
        1,
        plan.memoryBytes(),
        0,
        maxRejectsKept);
  }

  /** What is wrong with each candidate that is still bad, by its number. */
  private static Map<Integer, Reject> findBad(LoadPlan plan, int count, CancelToken cancel) {
    LoadOutcome outcome =
        LoadPipeline.run(
            planOf(plan, plan.objects(), new ErrorBudget(Long.MAX_VALUE, false), Integer.MAX_VALUE),
            NoLoad.NO_ROWS,
            cancel,
            new LoadProgress());
    Map<Integer, Reject> bad = new HashMap<>();
    for (Reject reject : outcome.rejects()) {
      bad.putIfAbsent(reject.objectIndex(), reject);
    }
    return bad;
  }

  /** Gives a reject its new reason. */
  private static void restate(
      SessionLocal session, Table rejects, Candidate candidate, Reject why, LoadRecord record) {
    Row row = RejectView.lock(session, rejects, candidate.key());
    RejectView.change(
        session,
        rejects,
        row,
        "state",
        ValueVarchar.get(RejectView.REJECTED),
        "column_name",
        text(why.columnName()),
        "column_type",
        text(record.typeName(why.columnName())),
        "column_length",
        text(record.typeLength(why.columnName())),
        "field_position",
        ValueInteger.get(why.position()),
        "raw_value",
        text(why.value()),
        "error_code",
        ValueInteger.get(why.reason().redshiftCode()),
        "sqlstate",
        text(why.reason().code().sqlState()),
        "message",
        text(why.message()),
        "field_number",
        ValueInteger.get(why.fieldNumber()),
        "detail",
        text(why.detail()),
        "hint",
        text(why.hint()));
  }

  private static Value text(String text) {
    return text == null ? ValueNull.INSTANCE : ValueVarchar.get(text);
  }
}
