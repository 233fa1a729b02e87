package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.compress.Codec;
import io.copyload.engine.compress.Codecs;
import io.copyload.engine.compress.Decompressor;
import io.copyload.engine.compress.ExpansionLimit;
import io.copyload.engine.convert.RejectReason;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.Header;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.delimited.NewlineStyle;
import io.copyload.engine.format.delimited.RecordBoundaries;
import io.copyload.engine.format.delimited.RecordCutter;
import io.copyload.engine.format.delimited.RecordFault;
import io.copyload.engine.format.json.JsonBoundaries;
import io.copyload.engine.format.pgbinary.BinaryHeader;
import io.copyload.engine.format.pgbinary.TupleBoundaries;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One object while it is being loaded: deals out its load units, and passes the state of the record
 * boundaries from unit to unit.
 *
 * <p>A plain object that can be read anywhere is cut into byte ranges, which slices read side by
 * side. Everything else is read (and decompressed) by one slice at a time, under {@link #lock},
 * which cuts what it read behind a record; what remains is carried over to the next unit.
 */
final class LoadObject extends InputObject {
  private static final long POLL_MILLIS = 50;

  /** How far at most to look for the kind of an object's line ends. */
  private static final int LINE_END_BYTES = 1 << 20;

  /** Held while units are taken. */
  final ReentrantLock lock = new ReentrantLock();

  final LongAdder storedBytes = new LongAdder();
  volatile long decodedBytes;

  private final LoadPlan plan;
  private final CancelToken cancel;
  private final LoadProgress progress;
  private final int unitBytes;
  private final int lookahead;
  private final long recordBytes;
  private final Runnable moved;

  // Guarded by lock; the ones that slices read later are written before the first unit is dealt
  // out.
  private boolean opened;
  private volatile boolean exhausted;
  private boolean sequential;
  private long chunkBytes;
  private volatile boolean compressed;
  private NewlineStyle newline = NewlineStyle.LF;
  private RecordBoundaries boundaries;
  private TupleBoundaries tuples;
  private JsonBoundaries documents;
  private ByteReader stream;
  private volatile Decompressor decompressor;
  private long dataBegin;
  private int nextUnit;
  private int unitCount;
  private byte[] carry = new byte[0];
  private int carryCount;

  /** What ended the reading of a sequential object. */
  private Exception readFailure;

  private long carryBase;

  private final ReentrantLock chainLock = new ReentrantLock();
  private final Condition chainMoved = chainLock.newCondition();
  private int published = 1;
  private int publishedState = RecordBoundaries.START;

  /** For a single slice: where the next record begins. */
  private long resumeAt = -1;

  /**
   * @param moved told when there may be something to help with
   */
  LoadObject(
      int index,
      SourceObject source,
      LoadPlan plan,
      CancelToken cancel,
      LoadProgress progress,
      Runnable moved) {
    super(index, source);
    this.moved = moved;
    this.plan = plan;
    this.cancel = cancel;
    this.progress = progress;
    unitBytes = Limits.unitBytes(plan);
    lookahead = Limits.lookaheadBytes(unitBytes);
    recordBytes = Limits.recordBytes(plan);
  }

  /** Decompresses ahead of the slice that reads; false when there is nothing to do. */
  boolean help() {
    Decompressor helped = decompressor;
    return helped != null && helped.help();
  }

  /** Whether no unit is left to take. */
  boolean exhausted() {
    return exhausted;
  }

  int nextUnit() {
    return nextUnit;
  }

  NewlineStyle newline() {
    return newline;
  }

  RecordBoundaries boundaries() {
    return boundaries;
  }

  /** Takes the next unit; call with {@link #lock} held and not when exhausted. */
  void take(LoadUnit unit, UnitBuffer buffer) {
    unit.object = this;
    unit.number = nextUnit++;
    unit.linesBefore = 0;
    unit.headerReject = null;
    unit.quirk = false;
    unit.last = false;
    unit.aligned = false;
    buffer.shrink(unitBytes + lookahead);
    try {
      if (!opened) {
        opened = true;
        open(unit, buffer);
      } else if (sequential) {
        buffer.reset(stream, carryBase);
        buffer.prepend(carry, carryCount);
        carryCount = 0;
        rethrow();
        fill(buffer, saturated(buffer.end, unitBytes));
        cutSequential(unit, buffer, 0);
      } else {
        unit.begin = dataBegin + (long) unit.number * unitBytes;
        unit.end = Math.min(source.size(), unit.begin + unitBytes);
        unit.loaded = false;
        unit.last = nextUnit == unitCount;
      }
    } catch (IOException e) {
      exhausted = true;
      unit.last = true;
      throw Failures.unreadable(source.name(), buffer.base + buffer.end, e);
    } catch (RuntimeException e) {
      exhausted = true;
      unit.last = true;
      throw e;
    }
    exhausted |= unit.last;
    if (unit.last && sequential) {
      close();
    }
  }

  private static int saturated(int a, int b) {
    return (int) Math.min((long) a + b, Integer.MAX_VALUE - 64);
  }

  private void open(LoadUnit unit, UnitBuffer buffer) throws IOException {
    TranscodedObject transcoded = source instanceof TranscodedObject t ? t : null;
    SourceObject storedObject = transcoded == null ? source : transcoded.stored();
    CountingReader stored =
        new CountingReader(storedObject.open(0, (long) unitBytes + lookahead, cancel));
    stream = stored;
    buffer.reset(stored, 0);
    Codec codec = codec(buffer);
    if (codec != null) {
      decompressor =
          codec.open(buffer.bytes, buffer.end, stored, Limits.decompression(plan, cancel, moved));
      stream =
          new ExpansionLimit(
              decompressor,
              source.name(),
              storedObject.size(),
              storedBytes::sum,
              plan.maxExpansion());
      buffer.reset(stream, 0);
    }
    if (transcoded != null) {
      stream = transcoded.transcode(stream, Arrays.copyOf(buffer.bytes, buffer.end));
      buffer.reset(stream, 0);
    }
    boolean binary = plan.format() instanceof PgBinarySpec;
    boolean json = plan.format() instanceof JsonSpec;
    // Nothing but all that comes before it tells where a tuple or a document begins.
    sequential = codec != null || binary || json || !source.seekable() || source.size() < 0;
    compressed = codec != null;
    progress.opened(source.name(), compressed);
    fill(buffer, sequential ? unitBytes : (int) Math.min(source.size(), unitBytes + lookahead));
    // Redshift splits neither lines that may go on nor compressed text.
    boolean splits =
        !sequential
            && plan.format() instanceof DelimitedSpec text
            && text.isRedshift()
            && (text.isCsv() || text.escape() < 0)
            && !text.redshift().removeQuotes();
    long chunk = Limits.chunkBytes(plan);
    chunkBytes = splits && source.size() >= 2 * chunk ? chunk : 0;
    boolean otherEncoding =
        transcoded != null
            ? transcoded.otherEncoding()
            : !binary
                && plan.delimited().isRedshift()
                && SourceEncoding.isUtf16(buffer.bytes, buffer.end);
    if (otherEncoding) {
      unit.headerReject =
          headerReject(
              0,
              -1,
              RejectReason.OTHER_ENCODING,
              "File encoding differs from the one that ENCODING names",
              null,
              null);
      endedInHeader = true;
      sequential = true;
    }
    int begin =
        otherEncoding
            ? 0
            : binary
                ? readBinaryHeader(buffer)
                : json ? readJsonPrelude(unit, buffer) : readPrelude(unit, buffer);
    if (endedInHeader) {
      // No record follows; whatever bytes do are not data.
      unit.begin = buffer.base + begin;
      unit.end = unit.begin;
      unit.aligned = true;
      unit.loaded = true;
      unit.last = true;
      decodedBytes = otherEncoding ? 0 : buffer.base + buffer.end;
    } else if (sequential) {
      cutSequential(unit, buffer, begin);
    } else {
      dataBegin = buffer.base + begin;
      long size = source.size();
      unitCount = (int) Math.max(1, (size - dataBegin + unitBytes - 1) / unitBytes);
      unit.begin = dataBegin;
      unit.end = Math.min(size, dataBegin + unitBytes);
      unit.loaded = true;
      unit.last = unitCount == 1;
      buffer.fill((int) (Math.min(size, unit.end + lookahead) - buffer.base));
      // Bytes behind the unit will be read again by others: each unit counts its own.
      stored.counting = false;
      long own = unit.end - storedBytes.sum();
      progress.readBytes.add(own);
      storedBytes.add(own);
    }
  }

  /** The codec of the object, which is the one that the statement names; null when it has none. */
  private Codec codec(UnitBuffer buffer) throws IOException {
    buffer.fill(Codecs.HEAD_BYTES);
    Codec found = Codecs.detect(source.name(), buffer.bytes, buffer.end);
    Codec named = plan.compression().codec();
    if (named != null && named != found && buffer.end > 0) {
      throw new CopyException(
              CopyErrorCode.BAD_COPY_FILE_FORMAT,
              "\""
                  + source.name()
                  + "\" is not in "
                  + named
                  + " format: it is "
                  + (found == null ? "not compressed" : "in " + found + " format"))
          .withHint(
              "Without the option " + plan.compression() + " each object is read as what it is.");
    }
    return found;
  }

  /**
   * Skips lines, finds the newline style and reads the header; returns where the first record
   * begins.
   */
  private int readPrelude(LoadUnit unit, UnitBuffer buffer) throws IOException {
    boolean mixed = plan.delimited().mixedLines();
    int p = mixed && has(buffer, 2, 0) && hasByteOrderMark(buffer.bytes) ? 3 : 0;
    int lines = 0;
    boolean redshift = plan.delimited().isRedshift();
    if (redshift) {
      newline = redshiftLineEnds(buffer);
    }
    boolean lfOnly = redshift && newline != NewlineStyle.CR;
    for (int i = 0; i < plan.delimited().skipLines(); i++) {
      int after = endOfPhysicalLine(buffer, p, lfOnly);
      if (after == p) {
        break;
      }
      p = after;
      lines++;
    }
    if (!redshift) {
      newline = mixed ? NewlineStyle.ANY : firstLineEnd(buffer, p);
    }
    boundaries = new RecordBoundaries(plan.delimited(), newline);
    if (plan.delimited().header() == Header.NONE) {
      unit.quirk = !redshift && !mixed;
    } else {
      while (mixed && has(buffer, p, p) && isLineEnd(buffer.bytes[p])) {
        p = endOfPhysicalLine(buffer, p, false);
        lines++;
      }
      p = readHeader(unit, buffer, p, lines);
      lines += headerLines;
    }
    unit.linesBefore = lines;
    return p;
  }

  private static boolean hasByteOrderMark(byte[] bytes) {
    return bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf;
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  /** Skips a byte order mark and lines; returns where documents may begin. */
  private int readJsonPrelude(LoadUnit unit, UnitBuffer buffer) throws IOException {
    documents = new JsonBoundaries();
    int p = has(buffer, 2, 0) && hasByteOrderMark(buffer.bytes) ? 3 : 0;
    for (int i = 0; i < plan.delimited().skipLines(); i++) {
      int after = endOfPhysicalLine(buffer, p, true);
      if (after == p) {
        break;
      }
      p = after;
      unit.linesBefore++;
    }
    return p;
  }

  /**
   * Redshift: an object with carriage returns and without a newline at its begin has lines that end
   * with a carriage return.
   */
  private NewlineStyle redshiftLineEnds(UnitBuffer buffer) throws IOException {
    boolean returns = false;
    for (int p = 0; p < LINE_END_BYTES && has(buffer, p, 0); p++) {
      byte c = buffer.bytes[p];
      if (c == '\n') {
        return NewlineStyle.LF_OR_CRLF;
      }
      returns |= c == '\r';
    }
    return returns ? NewlineStyle.CR : NewlineStyle.LF_OR_CRLF;
  }

  /** Checks and skips the header; returns where the first tuple begins. */
  private int readBinaryHeader(UnitBuffer buffer) throws IOException {
    tuples = new TupleBoundaries(plan.columns().size());
    while (buffer.end < BinaryHeader.FIXED_BYTES && !buffer.atEnd) {
      readOn(buffer, 0);
    }
    int extension = BinaryHeader.extensionLength(buffer.bytes, buffer.end);
    int begin = saturated(BinaryHeader.FIXED_BYTES, extension);
    while (buffer.end < begin) {
      if (buffer.atEnd) {
        throw BinaryHeader.shortExtension();
      }
      readOn(buffer, 0);
    }
    return begin;
  }

  private int headerLines;
  private boolean endedInHeader;

  private int endOfPhysicalLine(UnitBuffer buffer, int from, boolean lfOnly) throws IOException {
    for (int p = from; has(buffer, p, from); p++) {
      byte c = buffer.bytes[p];
      if (c == '\n') {
        return p + 1;
      }
      if (c == '\r' && !lfOnly) {
        return has(buffer, p + 1, from) && buffer.bytes[p + 1] == '\n' ? p + 2 : p + 1;
      }
    }
    return buffer.end;
  }

  /** Whether there is a byte at {@code p}, reading on when necessary. */
  private boolean has(UnitBuffer buffer, int p, int recordBegin) throws IOException {
    if (p < buffer.end) {
      return true;
    }
    if (buffer.atEnd) {
      return false;
    }
    readOn(buffer, recordBegin);
    return p < buffer.end;
  }

  private void readOn(UnitBuffer buffer, int recordBegin) throws IOException {
    if (buffer.end - recordBegin > recordBytes) {
      throw new RecordTooLong();
    }
    int before = buffer.end;
    rethrow();
    fill(buffer, saturated(buffer.end, Math.max(unitBytes, buffer.end - recordBegin)));
    if (buffer.end == before) {
      rethrow();
    }
  }

  /** Reads on; a failure of a sequential object waits until what came before it is dealt out. */
  private void fill(UnitBuffer buffer, int wanted) throws IOException {
    try {
      buffer.fill(wanted);
    } catch (IOException | CopyException e) {
      cancel.check();
      if (!sequential) {
        throw e;
      }
      readFailure = e;
    }
  }

  private void rethrow() throws IOException {
    if (readFailure instanceof IOException e) {
      throw e;
    }
    if (readFailure instanceof CopyException e) {
      throw e;
    }
  }

  /** PostgreSQL: the first line end that is not quoted or escaped fixes the newline style. */
  private NewlineStyle firstLineEnd(UnitBuffer buffer, int from) throws IOException {
    boolean csv = plan.delimited().isCsv();
    int quote = csv ? plan.delimited().quote() : RecordCutter.NO_BYTE;
    int escape = csv ? plan.delimited().escape() : '\\';
    boolean inside = false;
    for (int p = from; has(buffer, p, from); p++) {
      byte c = buffer.bytes[p];
      if (inside && c == escape && escape != quote) {
        p++;
      } else if (c == quote) {
        inside = !inside;
      } else if (!csv && c == '\\') {
        // An end marker, too, ends with a line end.
        p++;
      } else if (!inside && c == '\n') {
        return NewlineStyle.LF;
      } else if (!inside && c == '\r') {
        return has(buffer, p + 1, from) && buffer.bytes[p + 1] == '\n'
            ? NewlineStyle.CRLF
            : NewlineStyle.CR;
      }
    }
    return NewlineStyle.LF;
  }

  private int readHeader(LoadUnit unit, UnitBuffer buffer, int from, int linesBefore)
      throws IOException {
    int fieldCount = plan.columns().size();
    RecordBatch batch = new RecordBatch(fieldCount, 1);
    RecordCutter cutter = RecordCutter.ofHeader(plan.delimited(), batch);
    cutter.allowDefaults(FieldRules.hasDefault(plan));
    cutter.beginUnit(newline, plan.delimited().isCsv() && newline != NewlineStyle.ANY);
    RecordCutter.Stop stop;
    while (true) {
      has(buffer, from, from);
      cutter.input(buffer.bytes, from, from + 1, buffer.end, buffer.atEnd);
      stop = cutter.cut();
      buffer.bytes = cutter.bytes();
      if (stop != RecordCutter.Stop.NEEDS_INPUT) {
        break;
      }
      readOn(buffer, from);
    }
    headerLines = cutter.lines();
    endedInHeader = cutter.ended();
    boolean match = plan.delimited().header() == Header.MATCH;
    if (batch.recordCount == 0) {
      if (match) {
        String name = plan.delimited().nullMarker().isEmpty() ? null : "";
        String problem = fieldCount == 1 ? nameProblem(0, name) : countProblem(1);
        if (isUnexpectedDefault()) {
          RecordFault fault = new RecordFault(0, RecordFault.Kind.DEFAULT_MARKER, 0, 0, null);
          unit.headerReject =
              headerReject(
                  linesBefore,
                  fault.field(),
                  Failures.reason(fault),
                  Failures.message(fault, plan),
                  Failures.detail(fault, plan),
                  "");
        } else if (problem != null) {
          unit.headerReject =
              headerReject(linesBefore, -1, RejectReason.HEADER_MISMATCH, problem, null, "");
        }
      }
      return cutter.position();
    }
    String raw = Failures.text(batch.bytes, from, batch.recordEnd[0]);
    for (RecordFault fault : cutter.faults()) {
      boolean ofHeader = fault.kind() == RecordFault.Kind.EXTRA_FIELD;
      if (!ofHeader && (match || fault.kind().ofLine())) {
        unit.headerReject =
            headerReject(
                linesBefore
                    + cutter.embeddedLines(
                        0, fault.kind().ofLine() ? fault.position() : batch.recordEnd[0] - from),
                fault.kind().ofLine() ? -1 : fault.field(),
                Failures.reason(fault),
                Failures.message(fault, plan),
                Failures.detail(fault, plan),
                raw);
        return cutter.position();
      }
    }
    if (match) {
      String problem = headerProblem(cutter, batch);
      if (problem != null) {
        unit.headerReject =
            headerReject(
                linesBefore + cutter.embeddedLines(0, batch.recordEnd[0] - from),
                -1,
                RejectReason.HEADER_MISMATCH,
                problem,
                null,
                raw);
      }
    }
    endedInHeader = cutter.ended();
    return cutter.position();
  }

  /** Whether an empty header is the default marker, and the first column has no default. */
  private boolean isUnexpectedDefault() {
    return "".equals(plan.delimited().defaultMarker())
        && !plan.delimited().nullMarker().isEmpty()
        && !plan.columns().isEmpty()
        && !plan.columns().get(0).has(TargetColumn.Rule.HAS_DEFAULT);
  }

  /** What the default marker is as a value. */
  private String defaultMarkerText() {
    String marker = plan.delimited().defaultMarker();
    return plan.delimited().isCsv() ? marker : marker.replace("\\", "");
  }

  private String headerProblem(RecordCutter cutter, RecordBatch batch) {
    int fieldCount = plan.columns().size();
    if (cutter.fieldsFound() != fieldCount) {
      return countProblem(cutter.fieldsFound());
    }
    for (int f = 0; f < fieldCount; f++) {
      int end = batch.end[f][0];
      String name =
          end == RecordBatch.NULL
              ? null
              : end == RecordBatch.DEFAULT
                  ? defaultMarkerText()
                  : new String(
                      batch.bytes,
                      batch.begin[f][0],
                      end - batch.begin[f][0],
                      StandardCharsets.UTF_8);
      String problem = nameProblem(f, name);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private String countProblem(int found) {
    return "wrong number of fields in header line: got "
        + found
        + ", expected "
        + plan.columns().size();
  }

  private String nameProblem(int field, String name) {
    String expected = plan.columns().get(field).name();
    if (expected.equals(name)) {
      return null;
    }
    String start = "column name mismatch in header line field " + (field + 1) + ": got ";
    return name == null
        ? start
            + "null value (\""
            + plan.delimited().nullMarker()
            + "\"), expected \""
            + expected
            + "\""
        : start + "\"" + name + "\", expected \"" + expected + "\"";
  }

  /** A reject with its line counted from 0 within the object. */
  private Reject headerReject(
      int line, int field, RejectReason reason, String message, String detail, String raw) {
    return new Reject(
        index, source.name(), line, field + 1, null, null, raw, -1, reason, message, detail, null);
  }

  /** Ends a unit of a sequential object behind its last complete record. */
  private void cutSequential(LoadUnit unit, UnitBuffer buffer, int begin) throws IOException {
    unit.aligned = true;
    unit.loaded = true;
    unit.begin = buffer.base + begin;
    while (true) {
      int lookahead = documents == null ? RecordCutter.LOOKAHEAD : 1;
      int usable = buffer.atEnd ? buffer.end : buffer.end - lookahead;
      int cut = usable > begin ? lastStart(buffer.bytes, begin, usable) : begin;
      if (cut < 0) {
        unit.end = buffer.base + ~cut;
        unit.last = true;
        break;
      }
      if (buffer.atEnd) {
        unit.end = buffer.base + buffer.end;
        unit.last = true;
        break;
      }
      if (cut > begin) {
        unit.end = buffer.base + cut;
        carryCount = buffer.end - cut;
        if (carry.length < carryCount || carry.length > 2L * carryCount + unitBytes) {
          carry = new byte[Math.max(carryCount, Math.min(unitBytes, 1 << 16))];
        }
        System.arraycopy(buffer.bytes, cut, carry, 0, carryCount);
        carryBase = unit.end;
        break;
      }
      readOn(buffer, begin);
    }
    decodedBytes = buffer.base + buffer.end;
  }

  private int lastStart(byte[] bytes, int begin, int end) {
    if (documents != null) {
      return documents.lastStart(bytes, begin, end);
    }
    return tuples != null
        ? tuples.lastStart(bytes, begin, end)
        : boundaries.lastStart(bytes, begin, end);
  }

  /**
   * Reads a byte range into the slice's buffer; the reader stays open for {@link UnitBuffer#fill}.
   */
  ByteReader load(LoadUnit unit, UnitBuffer buffer) throws IOException {
    ByteReader reader = source.open(unit.begin, unit.end + lookahead, cancel);
    buffer.reset(reader, unit.begin);
    int length = (int) (unit.end - unit.begin);
    buffer.fill((int) Math.min(length + (long) lookahead, source.size() - unit.begin));
    progress.opened(source.name(), compressed);
    progress.readBytes.add(length);
    storedBytes.add(length);
    return reader;
  }

  /** For objects of known size, what the reads cannot tell. */
  boolean endsAt(UnitBuffer buffer) {
    return buffer.atEnd || (!sequential && buffer.base + buffer.end == source.size());
  }

  boolean sequential() {
    return sequential;
  }

  boolean compressed() {
    return compressed;
  }

  @Override
  long chunkBytes() {
    return chunkBytes;
  }

  /** Waits for the state at the beginning of unit {@code number}. */
  int awaitState(int number, InputOrder order) {
    chainLock.lock();
    try {
      while (published < number + 1) {
        cancel.check();
        if (order.isPast(UnitResult.ordinal(index, number))) {
          throw new SliceStopped();
        }
        chainMoved.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
      return publishedState;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SliceStopped();
    } finally {
      chainLock.unlock();
    }
  }

  /** Publishes the state at the end of unit {@code number}. */
  void publishState(int number, int state) {
    chainLock.lock();
    try {
      published = number + 2;
      publishedState = state;
      chainMoved.signalAll();
    } finally {
      chainLock.unlock();
    }
  }

  long resumeAt() {
    return resumeAt;
  }

  void resumeAt(long offset) {
    resumeAt = offset;
  }

  @Override
  LoadOutcome.ObjectOutcome outcome(long lines, long rejects, long rows) {
    long stored = storedBytes.sum();
    return new LoadOutcome.ObjectOutcome(
        source.name(),
        stored,
        sequential ? decodedBytes : stored,
        lines,
        rejects,
        rows,
        compressed);
  }

  /** Longest record. */
  long recordBytes() {
    return recordBytes;
  }

  /** Releases what is open. */
  void close() {
    ByteReader open = stream;
    stream = null;
    decompressor = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw Failures.unreadable(source.name(), storedBytes.sum(), e);
      }
    }
  }

  /** Releases what is open after the load has failed or has closed it already. */
  @Override
  void closeQuietly() {
    try {
      close();
    } catch (CopyException e) {
      // What ended the load is more important.
    }
  }

  /** Thrown while a unit is being taken. */
  static final class RecordTooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecordTooLong() {
      super(null, null, false, false);
    }
  }

  /** Counts stored bytes. */
  private final class CountingReader implements ByteReader {
    private final ByteReader in;
    private boolean counting = true;

    CountingReader(ByteReader in) {
      this.in = in;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      if (count > 0 && counting) {
        progress.readBytes.add(count);
        storedBytes.add(count);
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
