package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.convert.Converters;
import io.copyload.engine.convert.FieldConverter;
import io.copyload.engine.convert.FieldRejects;
import io.copyload.engine.convert.RejectReason;
import io.copyload.engine.format.DelimitedSpec.Style;
import io.copyload.engine.format.FixedSpec;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.RecordReader;
import io.copyload.engine.format.TextReader;
import io.copyload.engine.format.delimited.NewlineStyle;
import io.copyload.engine.format.delimited.RecordBoundaries;
import io.copyload.engine.format.delimited.RecordCutter;
import io.copyload.engine.format.delimited.RecordFault;
import io.copyload.engine.format.fixed.FixedCutter;
import io.copyload.engine.format.json.JsonCutter;
import io.copyload.engine.format.pgbinary.TupleCutter;
import io.copyload.engine.format.pgbinary.TupleFault;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One lane of parallel work: takes load units one after the other, cuts, converts and hands over.
 * Owns its buffers, vectors, converters and its end of the sink.
 */
final class Slice implements FieldRejects {
  private final LoadPlan plan;
  private final UnitFeed feed;
  private final InputOrder order;
  private final CancelToken cancel;
  private final LoadProgress progress;
  private final boolean single;
  private final RowSink.Slice sink;

  private final UnitBuffer buffer;
  private final LoadUnit unit = new LoadUnit();
  private final RecordBatch batch;
  private final RecordReader reader;

  /** The reader of text, or null. */
  private final TextReader cutter;

  /** The reader of binary tuples, or null. */
  private final TupleCutter tuples;

  private final FieldConverter[] converters;
  private final ColumnVector[] vectors;
  private final int[] selection;

  /** Fields that must not be NULL, in the order of the table's columns. */
  private final int[] notNull;

  /** Null when no column has rules. */
  private final FieldRules fieldRules;

  /** Null when no rule changes a field. */
  private final RedshiftNulls redshiftNulls;

  /** Where the next chunk of the object begins that the views show. */
  private long nextChunk;

  /** What is wrong with each record of the batch; null when nothing is. */
  private final Problem[] problems;

  private boolean anyProblem;
  private int field;
  private UnitResult result;

  /** Values of the batch that have become NULL. */
  private final List<Nulled> nulled = new ArrayList<>();

  private record Nulled(int record, Reject reject) {}

  /** Records of the batch in which characters have been replaced. */
  private final List<Replaced> replaced = new ArrayList<>();

  /**
   * @param reject null when nobody will want it
   */
  private record Replaced(int record, Reject reject) {}

  private static final String REPLACED_MESSAGE = "invalid characters were replaced";

  private record Problem(
      int field,
      RejectReason reason,
      String message,
      String detail,
      String hint,
      String valueContext,
      int position) {
    Problem(
        int field, RejectReason reason, String message, String detail, String hint, int position) {
      this(field, reason, message, detail, hint, null, position);
    }
  }

  Slice(
      LoadPlan plan,
      UnitFeed feed,
      InputOrder order,
      CancelToken cancel,
      LoadProgress progress,
      boolean single,
      RowSink.Slice sink) {
    this.plan = plan;
    this.feed = feed;
    this.order = order;
    this.cancel = cancel;
    this.progress = progress;
    this.single = single;
    this.sink = sink;
    int fieldCount = plan.columns().size();
    int capacity = Limits.batchRecords(fieldCount);
    buffer = new UnitBuffer(cancel);
    batch = new RecordBatch(fieldCount, capacity);
    converters = new FieldConverter[fieldCount];
    vectors = new ColumnVector[fieldCount];
    boolean binary = plan.format() instanceof PgBinarySpec;
    for (int f = 0; f < fieldCount; f++) {
      TargetColumn column = plan.columns().get(f);
      converters[f] =
          binary
              ? Converters.ofPgBinary(column.type(), plan.conversion(), column.domain())
              : plan.format() instanceof JsonSpec
                  ? Converters.ofJson(column.type(), plan.conversion(), column.domain())
                  : Converters.of(column.type(), plan.conversion(), column.domain());
      vectors[f] = new ColumnVector(column.type(), capacity);
    }
    tuples = binary ? new TupleCutter(batch) : null;
    cutter = binary ? null : textReader(plan, batch);
    reader = binary ? tuples : cutter;
    if (cutter != null) {
      cutter.allowDefaults(FieldRules.hasDefault(plan));
    }
    fieldRules = FieldRules.of(plan);
    redshiftNulls =
        cutter != null && plan.delimited().isRedshift()
            ? RedshiftNulls.of(plan, plan.delimited())
            : null;
    selection = new int[capacity];
    notNull =
        IntStream.range(0, fieldCount)
            .filter(f -> plan.columns().get(f).notNull())
            .boxed()
            .sorted(Comparator.comparingInt(f -> plan.columns().get(f).place()))
            .mapToInt(f -> f)
            .toArray();
    problems = new Problem[capacity];
  }

  private static TextReader textReader(LoadPlan plan, RecordBatch batch) {
    if (plan.format() instanceof JsonSpec json) {
      List<TargetColumn> columns = plan.columns();
      boolean[] holdsJson = new boolean[columns.size()];
      for (int f = 0; f < holdsJson.length; f++) {
        TargetType type = columns.get(f).type();
        holdsJson[f] =
            type.kind() == TargetType.Kind.JSON
                || type.kind() == TargetType.Kind.ARRAY
                || type.isRow();
      }
      return new JsonCutter(
          json, columns.stream().map(TargetColumn::name).toList(), holdsJson, batch);
    }
    return plan.format() instanceof FixedSpec fixed
        ? new FixedCutter(fixed, batch)
        : RecordCutter.of(plan.delimited(), batch);
  }

  /** Works until there are no units left or the load is over. */
  void run() {
    while (feed.next(unit, buffer, this::unitFailed)) {
      work();
    }
  }

  /** A unit that could not even be taken. */
  private void unitFailed(RuntimeException why) {
    UnitResult failed = new UnitResult(unit.object, unit.number);
    failed.last = true;
    if (why instanceof LoadObject.RecordTooLong) {
      failed.tooLongLine = 0;
    } else {
      failed.failure = why;
    }
    order.finish(failed);
  }

  private void work() {
    result = new UnitResult(unit.object, unit.number);
    result.last = unit.last;
    ByteReader reader = null;
    try {
      try {
        if (order.isPast(result.ordinal())) {
          return;
        }
        if (!unit.loaded) {
          reader = unit.object.load(unit, buffer);
        }
        parse();
        if (reader != null) {
          ByteReader done = reader;
          reader = null;
          done.close();
        }
        if (unit.number == 0 && !unit.object.sequential()) {
          // The reader that the object was opened with; other units have their own.
          unit.object.close();
        }
      } finally {
        if (reader != null) {
          closeQuietly(reader);
        }
      }
    } catch (SliceStopped e) {
      return;
    } catch (LoadObject.RecordTooLong e) {
      result.tooLongLine = result.lines;
    } catch (IOException e) {
      result.failure = Failures.unreadable(unit.object.source.name(), buffer.base + buffer.end, e);
    } catch (SinkFailure e) {
      throw e.unwrapped();
    } catch (CopyException e) {
      if (cancel.isCancelled() || e.code() == CopyErrorCode.INTERNAL) {
        throw e;
      }
      result.failure = e;
    }
    order.finish(result);
  }

  private static void closeQuietly(ByteReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      // Something else has failed already.
    }
  }

  /** A failure of the sink, which ends the load at once. */
  private static final class SinkFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SinkFailure(RuntimeException cause) {
      super(cause);
    }

    RuntimeException unwrapped() {
      return (RuntimeException) getCause();
    }
  }

  private void parse() throws IOException {
    LoadObject object = unit.object;
    result.lines = unit.linesBefore;
    long chunk = object.chunkBytes();
    nextChunk =
        chunk == 0 ? Long.MAX_VALUE : unit.number == 0 ? chunk : (unit.begin / chunk + 1) * chunk;
    if (unit.headerReject != null) {
      boolean skipped = unit.headerReject.reason() == RejectReason.OTHER_ENCODING;
      order.reject(result, new UnitResult.Entry(unit.headerReject, 0, !skipped));
      if (skipped && result.rejectCount < plan.budget().limit() && !order.isOver()) {
        // The load goes on behind the object.
        result.ended = true;
        endUnit();
        return;
      }
      order.finish(result);
      throw new SliceStopped();
    }
    int begin = findBegin();
    result.objectEnd = object.sequential() ? unit.end : object.source.size();
    if (begin >= 0) {
      result.firstStart = buffer.base + begin;
      if (tuples != null) {
        tuples.beginUnit();
      } else {
        cutter.beginUnit(object.newline(), unit.quirk);
      }
      parseFrom(begin);
      result.nextStart = buffer.base + reader.position();
      result.ended = reader.ended();
      result.lines += reader.lines();
      if (single) {
        object.resumeAt(reader.ended() ? Long.MAX_VALUE : result.nextStart);
      }
    }
    while (nextChunk < unit.end) {
      int blank = begin < 0 ? 0 : blankLines(reader.position());
      beginChunk(result.lines - blank, result.rejectCount);
    }
    result.endsChunk = nextChunk == unit.end && !unit.last;
    endUnit();
  }

  private void beginChunk(long lines, long rejects) {
    result.chunkStarts.add(new UnitResult.ChunkStart(lines, rejects));
    nextChunk += unit.object.chunkBytes();
  }

  /** Notes what is before the chunks that begin in the batch. */
  private void beginChunks(int count) {
    int r = 0;
    int problemsBefore = 0;
    while (nextChunk < unit.end && buffer.base + batch.recordBegin[count - 1] >= nextChunk) {
      for (; buffer.base + batch.recordBegin[r] < nextChunk; r++) {
        problemsBefore += problems[r] == null ? 0 : 1;
      }
      long lines = unit.linesBefore + batch.lineInUnit[r] - blankLines(batch.recordBegin[r]);
      beginChunk(lines, result.rejectCount + problemsBefore);
    }
  }

  /** Skipped lines right before a position that begin in the next chunk. */
  private int blankLines(int position) {
    int from = blankBegin(position);
    byte end = lineEnd();
    int count = 0;
    for (int i = from; i < position; i++) {
      // A carriage return at the very end of the data is a line end, too.
      count += batch.bytes[i] == end || i == position - 1 ? 1 : 0;
    }
    return count;
  }

  private byte lineEnd() {
    return (byte) (unit.object.newline() == NewlineStyle.CR ? '\r' : '\n');
  }

  /** Where those lines begin. */
  private int blankBegin(int position) {
    if (!plan.delimited().redshift().ignoreBlankLines()) {
      return position;
    }
    byte[] b = batch.bytes;
    byte end = lineEnd();
    int floor = (int) Math.max(0, Math.max(nextChunk, result.firstStart) - buffer.base);
    int q = position;
    while (q > floor && (b[q - 1] == end || q == position && b[q - 1] == '\r')) {
      int begin = b[q - 1] == '\n' && q - 2 >= floor && b[q - 2] == '\r' ? q - 2 : q - 1;
      if (begin > 0 && b[begin - 1] != end && buffer.base + begin != result.firstStart) {
        break;
      }
      q = begin;
    }
    return q;
  }

  private void endUnit() {
    try {
      sink.endUnit(result.ordinal());
    } catch (RuntimeException e) {
      throw new SinkFailure(e);
    }
  }

  /** Where in the buffer the unit's first record begins, -1 when no record begins in it. */
  private int findBegin() {
    LoadObject object = unit.object;
    int begin = (int) (unit.begin - buffer.base);
    int end = (int) (unit.end - buffer.base);
    if (unit.aligned || unit.number == 0) {
      if (!unit.aligned && !single && !unit.last) {
        long map = object.boundaries().scan(buffer.bytes, begin, end);
        object.publishState(0, RecordBoundaries.apply(map, RecordBoundaries.START));
      }
      return begin == end ? -1 : begin;
    }
    if (single) {
      long at = object.resumeAt();
      return at < 0 || at >= unit.end ? -1 : (int) (Math.max(at, unit.begin) - buffer.base);
    }
    long map = unit.last ? 0 : object.boundaries().scan(buffer.bytes, begin, end);
    int state = object.awaitState(unit.number, order);
    if (!unit.last) {
      object.publishState(unit.number, RecordBoundaries.apply(map, state));
    }
    int start = object.boundaries().firstStart(buffer.bytes, begin, end, state);
    return start == end ? -1 : start;
  }

  private void parseFrom(int begin) throws IOException {
    LoadObject object = unit.object;
    reader.input(
        buffer.bytes, begin, (int) (unit.end - buffer.base), buffer.end, object.endsAt(buffer));
    while (true) {
      RecordReader.Stop stop = reader.cut();
      buffer.bytes = reader.bytes();
      if (batch.recordCount > 0) {
        takeBatch();
      }
      if (stop == RecordReader.Stop.END) {
        return;
      }
      cancel.check();
      if (order.isPast(result.ordinal())) {
        throw new SliceStopped();
      }
      if (stop == RecordReader.Stop.NEEDS_INPUT) {
        readOn();
      }
    }
  }

  /** Gets more bytes behind the incomplete record at the cutter's position. */
  private void readOn() throws IOException {
    LoadObject object = unit.object;
    if (object.endsAt(buffer) || object.sequential()) {
      throw new CopyException(
          CopyErrorCode.INTERNAL,
          "record at byte "
              + (buffer.base + reader.position())
              + " of \""
              + object.source.name()
              + "\" has no end");
    }
    int begin = reader.position();
    int length = buffer.end - begin;
    if (length > object.recordBytes()) {
      result.lines += reader.lines();
      throw new LoadObject.RecordTooLong();
    }
    // What is counted for the next chunk stays.
    int kept = nextChunk < unit.end ? begin - blankBegin(begin) : 0;
    buffer.dropBefore(begin - kept);
    buffer.fill(
        (int) Math.min(kept + length + (long) Math.max(length, 256), Integer.MAX_VALUE - 64));
    reader.input(
        buffer.bytes, kept, (int) (unit.end - buffer.base), buffer.end, object.endsAt(buffer));
  }

  // ---------------------------------------------------------------------------------------------
  // One batch
  // ---------------------------------------------------------------------------------------------

  private void takeBatch() {
    int count = batch.recordCount;
    checkLengths(count);
    if (cutter != null && !cutter.faults().isEmpty()) {
      for (RecordFault fault : cutter.faults()) {
        problem(
            fault.row(),
            new Problem(
                fault.kind() == RecordFault.Kind.DEFAULT_MARKER
                        || fault.kind() == RecordFault.Kind.NULL_BYTE
                        || fault.kind() == RecordFault.Kind.INVALID_ESCAPED_ENCODING
                    ? fault.field()
                    : -1,
                Failures.reason(fault),
                Failures.message(fault, plan),
                Failures.detail(fault, plan),
                Failures.hint(fault, plan),
                fault.kind() == RecordFault.Kind.MISSING_NEWLINE ? 0 : fault.position()));
      }
    }
    if (fieldRules != null) {
      fieldRules.apply(batch);
    }
    boolean anyShort = cutter != null && cutter.hasShortRecords();
    if (redshiftNulls != null) {
      redshiftNulls.apply(batch);
      if (anyShort && redshiftNulls.fills()) {
        redshiftNulls.fillMissing(batch);
        anyShort = false;
      }
    }
    int fieldCount = vectors.length;
    for (field = 0; field < fieldCount; field++) {
      if (anyShort) {
        findMissing(count);
      }
      converters[field].convert(batch, field, vectors[field], this);
    }
    if (tuples != null && tuples.fault() != null) {
      tupleFault(tuples.fault());
    }
    if (fieldRules != null) {
      fieldRules.markDefaults(batch, vectors);
    }
    checkNotNull(count);
    if (!nulled.isEmpty()) {
      takeNulled();
    }
    if (!replaced.isEmpty()) {
      settleReplaced();
    }
    if (nextChunk < unit.end) {
      beginChunks(count);
    }
    if (anyProblem) {
      takeBatchWithProblems(count);
    } else {
      takeReplaced(0, count);
      deliver(null, count);
    }
    replaced.clear();
  }

  /** The fields before the fault have been converted, and come first. */
  private void tupleFault(TupleFault fault) {
    if (problems[fault.row()] == null) {
      problem(
          fault.row(),
          new Problem(
              fault.field(),
              fault.detail() == null ? RejectReason.MALFORMED_RECORD : RejectReason.TOO_LARGE,
              fault.detail() != null && plan.conversion().postgresMajor() < 17
                  ? "out of memory"
                  : fault.message(),
              fault.detail(),
              null,
              -1));
    }
  }

  /** Reports the values that have become NULL, in the order of the input. */
  private void takeNulled() {
    nulled.sort(Comparator.comparingInt(Nulled::record));
    int last = -1;
    for (Nulled value : nulled) {
      if (value.record() != last) {
        result.nulledRows++;
        last = value.record();
      }
      order.reject(result, UnitResult.Entry.loaded(value.reject(), UnitResult.Fate.NULLED));
    }
    nulled.clear();
  }

  @Override
  public void replaced(int record) {
    for (Replaced other : replaced) {
      if (other.record() == record) {
        return;
      }
    }
    Reject reject = null;
    if (result.replacedRows + replaced.size() < LoadOutcome.MAX_REPLACEMENTS) {
      Reject described =
          describe(
              record,
              new Problem(
                  field, RejectReason.UNSUPPORTED_CHARACTER, REPLACED_MESSAGE, null, null, -1));
      RawRecord raw = described.raw();
      reject =
          described.with(described.lineNumber(), raw == null ? null : raw.withoutBytes(), false);
    }
    replaced.add(new Replaced(record, reject));
  }

  /** Forgets the records that were refused, and puts the others into the order of the input. */
  private void settleReplaced() {
    replaced.removeIf(record -> problems[record.record()] != null);
    replaced.sort(Comparator.comparingInt(Replaced::record));
  }

  /** Reports the records with replaced characters from the {@code next}th up to a record. */
  private int takeReplaced(int next, int upTo) {
    int i = next;
    while (i < replaced.size() && replaced.get(i).record() < upTo) {
      result.replacedRows++;
      Reject reject = replaced.get(i++).reject();
      if (reject != null) {
        order.reject(result, UnitResult.Entry.loaded(reject, UnitResult.Fate.REPLACED));
      }
    }
    return i;
  }

  private void checkLengths(int count) {
    long most = unit.object.recordBytes();
    if (batch.recordEnd[count - 1] - batch.recordBegin[0] <= most) {
      return;
    }
    for (int r = 0; r < count; r++) {
      if (batch.recordEnd[r] - batch.recordBegin[r] > most) {
        result.lines += batch.lineInUnit[r];
        if (plan.format() instanceof JsonSpec) {
          // Its line is the last one.
          for (int i = batch.recordBegin[r]; i < batch.recordEnd[r]; i++) {
            result.lines -= batch.bytes[i] == '\n' ? 1 : 0;
          }
        }
        throw new LoadObject.RecordTooLong();
      }
    }
  }

  private void findMissing(int count) {
    int[] end = batch.end[field];
    for (int r = 0; r < count; r++) {
      if (end[r] == RecordBatch.MISSING && problems[r] == null) {
        RejectReason reason =
            Failures.missingReason(plan, batch.recordBegin[r] == batch.recordEnd[r]);
        problem(
            r, new Problem(field, reason, Failures.missing(plan, field, reason), null, null, -1));
      }
    }
  }

  @Override
  public void reject(
      int record, RejectReason why, String message, String detail, String hint, String context) {
    RejectReason reason =
        plan.columns().get(field).has(TargetColumn.Rule.IDENTITY)
                && (why == RejectReason.INVALID_INTEGER || why == RejectReason.INTEGER_OVERFLOW)
            ? RejectReason.INVALID_IDENTITY
            : why;
    if (reason.soft() && plan.columns().get(field).has(TargetColumn.Rule.NULL_ON_ERROR)) {
      if (problems[record] == null) {
        Problem problem =
            new Problem(
                field,
                reason,
                Failures.bounded(message),
                Failures.bounded(detail),
                hint,
                context,
                -1);
        Reject described = describe(record, problem);
        RawRecord raw = described.raw();
        // The record is loaded: nobody will want its bytes.
        nulled.add(
            new Nulled(
                record,
                described.with(
                    described.lineNumber(), raw == null ? null : raw.withoutBytes(), true)));
      }
      batch.end[field][record] = RecordBatch.NULL;
      return;
    }
    if (problems[record] == null) {
      problem(
          record,
          new Problem(
              field,
              reason,
              Failures.bounded(message),
              Failures.bounded(detail),
              hint,
              context,
              -1));
    }
  }

  private void problem(int row, Problem problem) {
    problems[row] = problem;
    anyProblem = true;
  }

  private void checkNotNull(int count) {
    boolean redshift = cutter != null && plan.delimited().isRedshift();
    for (int f : notNull) {
      boolean[] nulls = vectors[f].nulls;
      for (int r = 0; r < count; r++) {
        if (nulls[r] && problems[r] == null && !vectors[f].asksForDefault(r)) {
          problem(
              r,
              new Problem(
                  f,
                  RejectReason.NOT_NULL,
                  redshift
                      ? "Missing data for not-null field"
                      : "null value in column \""
                          + plan.columns().get(f).name()
                          + "\" of relation \""
                          + plan.tableName()
                          + "\" violates not-null constraint",
                  redshift ? null : failingRow(r),
                  null,
                  -1));
        }
      }
    }
  }

  /** PostgreSQL's detail of a row that violates a constraint; each value cut to 64 bytes. */
  private String failingRow(int row) {
    if (plan.rowText() != null) {
      return Failures.bounded(plan.rowText().failingRow(vectors, row));
    }
    StringBuilder text = new StringBuilder("Failing row contains (");
    for (int f = 0; f < vectors.length; f++) {
      text.append(f == 0 ? "" : ", ");
      int end = batch.end[f][row];
      if (end < 0) {
        text.append("null");
        continue;
      }
      if (tuples != null) {
        text.append(VectorText.of(vectors[f], row));
        continue;
      }
      int begin = batch.begin[f][row];
      int stop = end;
      if (end - begin > 64) {
        stop = begin + 64;
        while ((batch.bytes[stop] & 0xc0) == 0x80) {
          stop--;
        }
      }
      text.append(Failures.text(batch.bytes, begin, stop)).append(stop < end ? "..." : "");
    }
    return Failures.bounded(text.append(").").toString());
  }

  private void takeBatchWithProblems(int count) {
    anyProblem = false;
    int good = 0;
    int nextReplaced = 0;
    try {
      for (int r = 0; r < count; r++) {
        Problem problem = problems[r];
        if (problem == null) {
          selection[good++] = r;
        } else {
          nextReplaced = takeReplaced(nextReplaced, r);
          if (good > 0 && sink.mayRefuse()) {
            deliver(selection, good);
            good = 0;
          }
          Reject reject = describe(r, problem);
          boolean fatal = plan.budget().softOnly() && !problem.reason().soft();
          reject(new UnitResult.Entry(reject, result.rows + good, fatal));
          if (fatal || result.rejectCount >= plan.budget().limit()) {
            // Nothing behind this record matters.
            result.rows += good;
            result.lines += reader.lines();
            order.finish(result);
            throw new SliceStopped();
          }
        }
      }
    } finally {
      Arrays.fill(problems, 0, count, null);
    }
    takeReplaced(nextReplaced, count);
    if (good > 0) {
      deliver(selection, good);
    }
  }

  private void reject(UnitResult.Entry entry) {
    order.reject(result, entry);
  }

  private Reject describe(int row, Problem problem) {
    if (tuples != null) {
      return describeTuple(row, problem);
    }
    int f = problem.field();
    int begin = batch.recordBegin[row];
    int end = batch.recordEnd[row];
    boolean named = f >= 0 && problem.reason() != RejectReason.INVALID_ENCODING;
    String value = null;
    int position = problem.position();
    if (f >= 0 && f < vectors.length) {
      if (batch.end[f][row] >= 0) {
        value = Failures.text(batch.bytes, batch.begin[f][row], batch.end[f][row]);
      }
      if (position < 0) {
        position = cutter.fieldPosition(row, f);
      }
    }
    long line = (long) batch.lineInUnit[row] + unit.linesBefore;
    Style style = plan.delimited().style();
    if (style == Style.POSTGRES_CSV) {
      // PostgreSQL names the line that it has read up to.
      boolean ofLine =
          problem.reason() == RejectReason.MALFORMED_RECORD
              || (problem.reason() == RejectReason.INVALID_ENCODING && f < 0);
      line += cutter.embeddedLines(row, ofLine ? problem.position() : end - begin);
    }
    List<String> before = fieldsBefore(row, problem);
    long chunk = unit.object.chunkBytes();
    return new Reject(
        unit.object.index,
        unit.object.source.name(),
        line,
        f + 1,
        named ? plan.columns().get(f).name() : null,
        value,
        Failures.text(batch.bytes, begin, end),
        position,
        problem.reason(),
        problem.message(),
        problem.detail(),
        problem.hint(),
        problem.valueContext(),
        result.rejectCount < plan.maxRejectsKept()
            ? RawRecord.of(batch.bytes, begin, end, buffer.base)
            : null,
        before == null ? List.of() : before,
        f >= 0 || before == null ? f + 1 : before.size() + 1,
        chunk == 0 ? -1 : (buffer.base + begin) / chunk * chunk);
  }

  /** Texts of the fields before the bad one, or null where they are not wanted or not known. */
  private List<String> fieldsBefore(int row, Problem problem) {
    boolean ofRecord = problem.field() < 0 && problem.position() < 0;
    if (ofRecord || result.rejectCount >= Reject.MAX_DETAILED) {
      return null;
    }
    if (problem.position() < 0) {
      return texts(batch, row, problem.field());
    }
    // Where the reader has found a fault, it has emptied the fields.
    RecordBatch faulty = new RecordBatch(vectors.length, 1);
    int count = cutter.cutFaulty(row, faulty);
    if (count < 0) {
      return null;
    }
    faulty.recordCount = 1;
    for (int f = count; f < vectors.length; f++) {
      faulty.end[f][0] = RecordBatch.NULL;
    }
    if (redshiftNulls != null) {
      redshiftNulls.apply(faulty);
    }
    return texts(faulty, 0, problem.field() >= 0 ? Math.min(count, problem.field()) : count);
  }

  private static List<String> texts(RecordBatch from, int row, int count) {
    List<String> texts = new ArrayList<>();
    for (int f = 0; f < count; f++) {
      int end = from.end[f][row];
      texts.add(end < 0 ? null : Failures.text(from.bytes, from.begin[f][row], end));
    }
    return texts;
  }

  /** Binary data has no text to show. */
  private Reject describeTuple(int row, Problem problem) {
    int f = problem.field();
    return new Reject(
        unit.object.index,
        unit.object.source.name(),
        batch.lineInUnit[row],
        f + 1,
        f >= 0 ? plan.columns().get(f).name() : null,
        null,
        null,
        -1,
        problem.reason(),
        problem.message(),
        problem.detail(),
        problem.hint(),
        problem.valueContext(),
        null,
        List.of(),
        f + 1,
        -1);
  }

  private void deliver(int[] rows, int count) {
    try {
      sink.rows(vectors, rows, count);
    } catch (RowRefusedException e) {
      result.failure = e;
      result.refused =
          describe(e.record(), new Problem(-1, RejectReason.CHECK, e.getMessage(), null, null, -1));
      order.finish(result);
      throw new SliceStopped();
    } catch (RuntimeException e) {
      throw new SinkFailure(e);
    }
    result.rows += count;
    progress.rows.add(count);
  }
}
