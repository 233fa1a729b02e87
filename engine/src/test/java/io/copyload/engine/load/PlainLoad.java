package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.convert.Converters;
import io.copyload.engine.convert.FieldConverter;
import io.copyload.engine.convert.FieldRejects;
import io.copyload.engine.convert.RejectReason;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.Header;
import io.copyload.engine.format.FixedSpec;
import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.RedshiftRules;
import io.copyload.engine.format.delimited.PlainDelimitedReader;
import io.copyload.engine.format.delimited.PlainDelimitedReader.Field;
import io.copyload.engine.format.delimited.PlainDelimitedReader.Line;
import io.copyload.engine.format.delimited.RecordFault;
import io.copyload.engine.format.fixed.PlainFixedReader;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A load without slices, units and batches: one record after the other. Says what {@link Loads#run}
 * says.
 */
final class PlainLoad {
  private final LoadPlan plan;
  private final List<String> rows = new ArrayList<>();
  private final List<Reject> rejects = new ArrayList<>();
  private final List<String> replacements = new ArrayList<>();
  private long replacedRows;
  private long rejected;
  private Reject decisive;
  private int object;
  private long objectRejects;
  private int recordBegin;
  private PlainDelimitedReader lines;

  private PlainLoad(LoadPlan plan) {
    this.plan = plan;
  }

  static String run(LoadPlan plan, List<byte[]> data) {
    return new PlainLoad(plan).run(data);
  }

  private String run(List<byte[]> data) {
    StringBuilder objects = new StringBuilder();
    for (object = 0; object < data.size() && decisive == null; object++) {
      objectRejects = 0;
      chunkBytes = 0;
      PlainDelimitedReader reader =
          plan.format() instanceof FixedSpec fixed
              ? new PlainFixedReader(data.get(object), fixed)
              : new PlainDelimitedReader(data.get(object), plan.delimited());
      reader.columnCount = plan.columns().size();
      if (isOtherEncoding(data.get(object))) {
        add(
            new Reject(
                object,
                objectName(object),
                1,
                0,
                null,
                null,
                null,
                -1,
                RejectReason.OTHER_ENCODING,
                "File encoding differs from the one that ENCODING names",
                null,
                null),
            false);
        objects.append(objectName(object)).append(" lines 0 rejects 1 decoded 0\n");
        continue;
      }
      lines = reader;
      readHeader(reader, data.get(object));
      beginChunks(reader, data.get(object).length);
      while (decisive == null) {
        long before = reader.lines();
        int blankBefore = reader.blankLines.size();
        Line line = reader.next();
        for (int blank : reader.blankLines.subList(blankBefore, reader.blankLines.size())) {
          chunkOf(blank)[0]++;
          before++;
        }
        if (line == null) {
          break;
        }
        recordBegin = reader.recordBegin();
        long[] chunk = chunkOf(recordBegin);
        chunk[0] += reader.lines() - before;
        long rejectsBefore = rejected;
        take(line);
        chunk[1] += rejected - rejectsBefore;
      }
      objects
          .append(objectName(object))
          .append(" lines ")
          .append(reader.lines())
          .append(" rejects ")
          .append(objectRejects)
          .append(" decoded ")
          .append(data.get(object).length)
          .append('\n');
      for (int i = 0; chunkBytes > 0 && i < chunks.length; i++) {
        long start = i * chunkBytes;
        long bytes = Math.min(chunkBytes, data.get(object).length - start);
        objects.append(Loads.chunk(start, bytes, chunks[i][0], chunks[i][1]));
      }
    }
    StringBuilder text = new StringBuilder();
    if (decisive == null) {
      for (String row : rows) {
        text.append(row).append('\n');
      }
    } else {
      text.append("FAILED ");
    }
    text.append("rejected ").append(rejected).append('\n');
    for (Reject reject : rejects) {
      text.append(Loads.reject(reject, plan)).append('\n');
    }
    if (decisive == null && replacedRows > 0) {
      text.append("replaced ").append(replacedRows).append('\n');
    }
    for (int i = 0; i < Math.min(replacements.size(), LoadOutcome.MAX_REPLACEMENTS); i++) {
      text.append(replacements.get(i)).append('\n');
    }
    if (decisive == null) {
      return text.append(objects).toString();
    }
    return text.append(Loads.reject(decisive, plan))
        .append(" after ")
        .append(rows.size())
        .append('\n')
        .toString();
  }

  /** The same of an object that cannot be read in parts. */
  static String withoutChunks(String text) {
    return text.replaceAll("  from \\d+: \\d+ lines \\d+ rejects \\d+\n", "")
        .replaceAll("( up to \\d+) in \\d+", "$1 in -1");
  }

  /** The views show a large file of Redshift's that is read in parts in chunks. */
  private void beginChunks(PlainDelimitedReader reader, int size) {
    DelimitedSpec spec = plan.delimited();
    boolean splits =
        !(plan.format() instanceof FixedSpec)
            && spec.isRedshift()
            && (spec.isCsv() || spec.escape() < 0)
            && !spec.redshift().removeQuotes();
    chunkBytes = splits && size >= 96 ? 48 : 0;
    chunks = new long[chunkBytes == 0 ? 1 : (size + 47) / 48][2];
    chunks[0][0] = reader.lines();
  }

  private long[] chunkOf(int offset) {
    return chunks[chunkBytes == 0 ? 0 : (int) (offset / chunkBytes)];
  }

  private long chunkBytes;
  private long[][] chunks;

  /** Redshift: a byte order mark of UTF-16 where UTF-8 is meant. */
  private boolean isOtherEncoding(byte[] bytes) {
    return plan.delimited().isRedshift()
        && bytes.length >= 2
        && ((bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff)
            || (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe));
  }

  private void readHeader(PlainDelimitedReader reader, byte[] data) {
    Header header = plan.delimited().header();
    if (header == Header.NONE) {
      return;
    }
    Line line = reader.header();
    if (line == null && header == Header.MATCH) {
      line =
          new Line(
              reader.lines() + 1,
              new byte[0],
              List.of(
                  plan.delimited().nullMarker().isEmpty()
                      ? new Field(null, true, false, 0)
                      : new Field(new byte[0], false, false, 0)),
              false,
              null);
    }
    if (line == null) {
      return;
    }
    RecordFault.Kind kind = line.fault() == null ? null : line.fault().kind();
    if (kind != null && (header == Header.MATCH || kind.ofLine())) {
      RecordFault fault =
          new RecordFault(
              0, kind, line.fault().field(), line.fault().position(), line.fault().argument());
      header(
          line,
          fault.kind().ofLine() ? -1 : fault.field(),
          Failures.reason(fault),
          Failures.message(fault, plan),
          Failures.detail(fault, plan));
      return;
    }
    if (header == Header.SKIP) {
      return;
    }
    if (line.fields().size() != plan.columns().size()) {
      header(
          line,
          RejectReason.HEADER_MISMATCH,
          "wrong number of fields in header line: got "
              + line.fields().size()
              + ", expected "
              + plan.columns().size());
      return;
    }
    for (int f = 0; f < line.fields().size(); f++) {
      String expected = plan.columns().get(f).name();
      Field field = line.fields().get(f);
      String got =
          field.isNull()
              ? "null value (\"" + plan.delimited().nullMarker() + "\")"
              : "\"" + new String(field.value(), StandardCharsets.UTF_8) + "\"";
      if (!got.equals("\"" + expected + "\"")) {
        header(
            line,
            RejectReason.HEADER_MISMATCH,
            "column name mismatch in header line field "
                + (f + 1)
                + ": got "
                + got
                + ", expected \""
                + expected
                + "\"");
        return;
      }
    }
  }

  private void header(Line line, RejectReason reason, String message) {
    header(line, -1, reason, message, null);
  }

  private void header(Line line, int field, RejectReason reason, String message, String detail) {
    add(
        new Reject(
            object,
            objectName(object),
            line.lineNumber(),
            field + 1,
            null,
            null,
            text(line.raw()),
            -1,
            reason,
            message,
            detail,
            null),
        true);
  }

  private static String text(byte[] bytes) {
    int end = bytes.length;
    if (end > Reject.MAX_TEXT_BYTES) {
      end = Reject.MAX_TEXT_BYTES;
      while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
        end--;
      }
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private void add(Reject reject, boolean fatal) {
    rejected++;
    objectRejects++;
    if (rejects.size() < plan.maxRejectsKept()) {
      rejects.add(reject);
    }
    if (fatal || rejected >= plan.budget().limit()) {
      decisive = reject;
    }
  }

  private void reject(
      Line line,
      int field,
      String column,
      String value,
      int position,
      RejectReason reason,
      String message,
      String detail,
      String hint) {
    List<String> before =
        rejected >= Reject.MAX_DETAILED ? null : fieldsBefore(line, field, reason);
    add(
        new Reject(
            object,
            objectName(object),
            line.lineNumber(),
            field + 1,
            column,
            value,
            text(line.raw()),
            position,
            reason,
            message,
            detail,
            hint,
            null,
            new RawRecord(recordBegin, recordBegin + line.raw().length, line.raw()),
            before == null ? List.of() : before,
            field >= 0 || before == null ? field + 1 : before.size() + 1,
            chunkBytes == 0 ? -1 : recordBegin / chunkBytes * chunkBytes),
        plan.budget().softOnly() && !reason.soft());
  }

  private List<String> fieldsBefore(Line line, int field, RejectReason reason) {
    int count = field;
    if (line.fault() != null || reason == RejectReason.EXTRA_FIELD) {
      if (!plan.delimited().isRedshift()) {
        return null;
      }
      count = Math.min(lines.fieldsBeforeFault(), plan.columns().size());
      count = field >= 0 ? Math.min(count, field) : count;
    }
    List<String> texts = new ArrayList<>();
    for (int f = 0; f < count; f++) {
      byte[] value = f < line.fields().size() ? valueOf(line, f) : filler(f);
      texts.add(value == null ? null : text(value));
    }
    return texts;
  }

  /** The field's value after the rules about empty and blank ones; null for NULL. */
  private byte[] valueOf(Line line, int f) {
    byte[] value = line.fields().get(f).value();
    RedshiftRules rules = plan.delimited().redshift();
    boolean text = plan.columns().get(f).type().kind().isCharacter();
    if (value == null) {
      return null;
    }
    boolean isNull;
    if (!text) {
      isNull = plan.delimited().emptyIsNullForNonText() && isBlank(value);
    } else if (value.length == 0) {
      isNull = rules.emptyAsNull();
    } else {
      isNull = rules.blanksAsNull() && isBlank(value);
    }
    return isNull ? null : value;
  }

  /** What FILLRECORD puts into a column. */
  private byte[] filler(int f) {
    return plan.columns().get(f).type().kind() == Kind.VARCHAR
            && !plan.delimited().redshift().emptyAsNull()
        ? new byte[0]
        : null;
  }

  private void take(Line line) {
    if (line.fault() != null) {
      RecordFault fault =
          new RecordFault(
              0,
              line.fault().kind(),
              line.fault().field(),
              line.fault().position(),
              line.fault().argument());
      boolean ofField =
          fault.kind() == RecordFault.Kind.DEFAULT_MARKER
              || fault.kind() == RecordFault.Kind.NULL_BYTE
              || fault.kind() == RecordFault.Kind.INVALID_ESCAPED_ENCODING;
      reject(
          line,
          ofField ? fault.field() : -1,
          fault.kind() == RecordFault.Kind.DEFAULT_MARKER
                  || fault.kind() == RecordFault.Kind.NULL_BYTE
              ? plan.columns().get(fault.field()).name()
              : null,
          null,
          fault.kind() == RecordFault.Kind.MISSING_NEWLINE ? 0 : fault.position(),
          Failures.reason(fault),
          Failures.message(fault, plan),
          Failures.detail(fault, plan),
          Failures.hint(fault, plan));
      return;
    }
    int columnCount = plan.columns().size();
    int fieldCount = line.fields().size();
    if (fieldCount == columnCount + 1 && line.trailing() && plan.delimited().trailingDelimiter()) {
      fieldCount--;
    }
    if (columnCount == 0 && line.raw().length == 0) {
      fieldCount = 0;
    }
    if (fieldCount > columnCount) {
      RecordFault fault = new RecordFault(0, RecordFault.Kind.EXTRA_FIELD, -1, 0, null);
      reject(
          line,
          -1,
          null,
          null,
          0,
          RejectReason.EXTRA_FIELD,
          Failures.message(fault, plan),
          null,
          null);
      return;
    }
    convert(line, fieldCount);
  }

  private void convert(Line line, int fieldCount) {
    int columnCount = plan.columns().size();
    int size = 16;
    for (Field field : line.fields()) {
      size += field.value() == null ? 0 : field.value().length;
    }
    RecordBatch batch = new RecordBatch(columnCount, 1);
    batch.bytes = new byte[size];
    batch.recordCount = 1;
    int next = 0;
    for (int f = 0; f < columnCount; f++) {
      if (f >= fieldCount && !plan.delimited().redshift().fillRecord()) {
        batch.end[f][0] = RecordBatch.MISSING;
        continue;
      }
      byte[] value = f < fieldCount ? valueOf(line, f) : filler(f);
      if (value == null) {
        batch.end[f][0] = RecordBatch.NULL;
        continue;
      }
      System.arraycopy(value, 0, batch.bytes, next, value.length);
      batch.begin[f][0] = next;
      next += value.length;
      batch.end[f][0] = next;
    }
    ColumnVector[] vectors = new ColumnVector[columnCount];
    int[] replaced = {-1};
    for (int f = 0; f < columnCount; f++) {
      TargetColumn column = plan.columns().get(f);
      if (f >= fieldCount && !plan.delimited().redshift().fillRecord()) {
        RejectReason reason = Failures.missingReason(plan, line.raw().length == 0);
        reject(
            line,
            f,
            column.name(),
            null,
            -1,
            reason,
            Failures.missing(plan, f, reason),
            null,
            null);
        return;
      }
      int number = f;
      long before = rejected;
      vectors[f] = new ColumnVector(column.type(), 1);
      FieldConverter converter = Converters.of(column.type(), plan.conversion());
      converter.convert(
          batch,
          f,
          vectors[f],
          new FieldRejects() {
            @Override
            public void reject(
                int record,
                RejectReason reason,
                String message,
                String detail,
                String hint,
                String context) {
              PlainLoad.this.reject(
                  line,
                  number,
                  column.name(),
                  text(line.fields().get(number).value()),
                  line.fields().get(number).position(),
                  reason,
                  Failures.bounded(message),
                  detail,
                  hint);
            }

            @Override
            public void replaced(int record) {
              replaced[0] = replaced[0] < 0 ? number : replaced[0];
            }
          });
      if (rejected > before) {
        return;
      }
    }
    boolean redshift = plan.delimited().isRedshift();
    for (int f = 0; f < columnCount; f++) {
      TargetColumn column = plan.columns().get(f);
      if (column.notNull() && vectors[f].nulls[0]) {
        reject(
            line,
            f,
            column.name(),
            batch.end[f][0] < 0 ? null : text(line.fields().get(f).value()),
            f < fieldCount ? line.fields().get(f).position() : -1,
            RejectReason.NOT_NULL,
            redshift
                ? "Missing data for not-null field"
                : "null value in column \""
                    + column.name()
                    + "\" of relation \"t\" violates not-null constraint",
            redshift ? null : failingRow(batch),
            null);
        return;
      }
    }
    rows.add(CollectingSink.row(vectors, 0));
    if (replaced[0] >= 0) {
      replacedRows++;
      replacements.add(
          Loads.replacement(
              line.lineNumber(), plan.columns().get(replaced[0]).name(), text(line.raw())));
    }
  }

  private static boolean isBlank(byte[] value) {
    for (byte b : value) {
      if (b != ' ' && (b < 9 || b > 13)) {
        return false;
      }
    }
    return true;
  }

  private static String failingRow(RecordBatch batch) {
    List<String> values = new ArrayList<>();
    for (int f = 0; f < batch.fieldCount; f++) {
      if (batch.end[f][0] < 0) {
        values.add("null");
        continue;
      }
      int begin = batch.begin[f][0];
      int end = batch.end[f][0];
      int cut = end;
      if (end - begin > 64) {
        cut = begin + 64;
        while ((batch.bytes[cut] & 0xc0) == 0x80) {
          cut--;
        }
      }
      values.add(
          new String(batch.bytes, begin, cut - begin, StandardCharsets.UTF_8)
              + (cut < end ? "..." : ""));
    }
    return "Failing row contains (" + String.join(", ", values) + ").";
  }

  private String objectName(int index) {
    try (SourceListing.Cursor cursor = plan.objects().open(new CancelToken())) {
      for (int i = 0; i < index; i++) {
        cursor.next();
      }
      return cursor.next().name();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
