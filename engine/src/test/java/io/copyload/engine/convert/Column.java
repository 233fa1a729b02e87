package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A column of texts put through a converter, for tests. */
final class Column {
  static final ForeignTypes NO_FOREIGN_TYPES =
      (type, text, begin, end) -> {
        throw new IllegalArgumentException("no parser");
      };

  /** 2024-02-29 12:34:56.789 UTC. */
  static final long NOW_EPOCH_SECOND = 1_709_210_096L;

  static final ConversionSpec POSTGRESQL = spec(ConversionSpec.Dialect.POSTGRESQL, ZoneOffset.UTC);
  static final ConversionSpec REDSHIFT = spec(ConversionSpec.Dialect.REDSHIFT, ZoneOffset.UTC);

  /** What was said about a bad field. */
  record Complained(int row, RejectReason reason, String message, String detail, String hint) {}

  final ColumnVector vector;
  final List<Complained> rejects = new ArrayList<>();
  private final TargetType type;

  private Column(TargetType type, int capacity) {
    this.type = type;
    this.vector = new ColumnVector(type, Math.max(1, capacity));
  }

  static ConversionSpec spec(ConversionSpec.Dialect dialect, ZoneId zone) {
    return new ConversionSpec(dialect, zone, NOW_EPOCH_SECOND, 789_000_000, NO_FOREIGN_TYPES);
  }

  /**
   * A batch of one field per record; a null text is the null marker. Texts lie after {@code
   * padding} bytes.
   */
  static RecordBatch batch(int padding, List<String> texts) {
    RecordBatch batch = new RecordBatch(1, Math.max(1, texts.size()));
    List<byte[]> encoded = new ArrayList<>();
    int size = padding;
    for (String text : texts) {
      byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
      encoded.add(bytes);
      size += bytes.length + 1;
    }
    byte[] buffer = new byte[size];
    Arrays.fill(buffer, 0, padding, (byte) '7');
    int at = padding;
    for (int r = 0; r < encoded.size(); r++) {
      byte[] bytes = encoded.get(r);
      System.arraycopy(bytes, 0, buffer, at, bytes.length);
      batch.begin[0][r] = at;
      batch.end[0][r] = texts.get(r) == null ? RecordBatch.NULL : at + bytes.length;
      at += bytes.length;
      buffer[at++] = '9';
    }
    batch.bytes = buffer;
    batch.recordCount = texts.size();
    return batch;
  }

  static Column of(TargetType type, ConversionSpec spec, String... texts) {
    return of(type, spec, 16, Arrays.asList(texts));
  }

  static Column of(TargetType type, ConversionSpec spec, int padding, List<String> texts) {
    Column column = new Column(type, texts.size());
    Arrays.fill(column.vector.nulls, true);
    Converters.of(type, spec)
        .convert(
            batch(padding, texts),
            0,
            column.vector,
            (record, reason, message, detail, hint, context) ->
                column.rejects.add(new Complained(record, reason, message, detail, hint)));
    return column;
  }

  boolean isNull(int row) {
    return vector.nulls[row];
  }

  long lane(int lane, int row) {
    return vector.lanes[lane][row];
  }

  byte[] bytes(int row) {
    return Arrays.copyOfRange(
        vector.bytes, vector.begin[row], vector.begin[row] + vector.length[row]);
  }

  /** PostgreSQL's output text of a value, or null. */
  String text(int row) {
    return isNull(row) ? null : LaneText.format(type, vector, row);
  }

  /** Text of a value, or the SQLSTATE and message of its reject. */
  String outcome(int row) {
    for (Complained reject : rejects) {
      if (reject.row() == row) {
        return reject.reason().code().sqlState() + " " + reject.message();
      }
    }
    return text(row);
  }
}
