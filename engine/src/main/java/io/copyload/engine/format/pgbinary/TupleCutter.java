package io.copyload.engine.format.pgbinary;

import static io.copyload.engine.format.pgbinary.TupleBoundaries.COUNT_BYTES;
import static io.copyload.engine.format.pgbinary.TupleBoundaries.LENGTH_BYTES;
import static io.copyload.engine.format.pgbinary.TupleBoundaries.int16;
import static io.copyload.engine.format.pgbinary.TupleBoundaries.int32;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.RecordReader;

/**
 * Cuts PostgreSQL's binary tuples into fields; the fields' bytes are not looked at. A line is a
 * tuple. The rules are those of PostgreSQL's NextCopyFrom: the data ends with a trailer or, without
 * one, where less than a field count is left.
 */
public final class TupleCutter implements RecordReader {
  private static final int TRAILER = -1;

  /** The longest string that PostgreSQL's memory holds. */
  private static final int MAX_BUFFER_BYTES = 0x3fffffff;

  private final RecordBatch batch;
  private final int fieldCount;
  private byte[] bytes;
  private int position;
  private int unitEnd;
  private int dataEnd;
  private boolean atEnd;
  private int lines;
  private boolean ended;
  private TupleFault fault;

  public TupleCutter(RecordBatch batch) {
    this.batch = batch;
    fieldCount = batch.fieldCount;
  }

  /** Begins a load unit, before its first {@link #input}. */
  public void beginUnit() {
    lines = 0;
    ended = false;
    fault = null;
  }

  @Override
  public void input(byte[] bytes, int begin, int unitEnd, int dataEnd, boolean atEnd) {
    this.bytes = bytes;
    batch.bytes = bytes;
    position = begin;
    this.unitEnd = unitEnd;
    this.dataEnd = dataEnd;
    this.atEnd = atEnd;
  }

  @Override
  public Stop cut() {
    batch.recordCount = 0;
    fault = null;
    while (!ended && position < unitEnd) {
      if (batch.recordCount == batch.capacity) {
        return Stop.BATCH_FULL;
      }
      if (dataEnd - position < COUNT_BYTES) {
        if (!atEnd) {
          return Stop.NEEDS_INPUT;
        }
        ended = true;
        break;
      }
      int count = int16(bytes, position);
      if (count != fieldCount) {
        if (count == TRAILER && dataEnd - position == COUNT_BYTES && !atEnd) {
          return Stop.NEEDS_INPUT;
        }
        endWithout(count);
        break;
      }
      if (!cutFields()) {
        return Stop.NEEDS_INPUT;
      }
    }
    return Stop.END;
  }

  /** The data ends at something that is not a tuple of the right kind. */
  private void endWithout(int count) {
    ended = true;
    if (count != TRAILER) {
      fail(0, "row field count is " + count + ", expected " + fieldCount, -1);
    } else if (dataEnd - position > COUNT_BYTES) {
      fail(0, "received copy data after EOF marker", -1);
    } else {
      position += COUNT_BYTES;
    }
  }

  /** Takes the tuple at the position; false when its end is not known yet. */
  private boolean cutFields() {
    int row = batch.recordCount;
    int p = position + COUNT_BYTES;
    for (int f = 0; f < fieldCount; f++) {
      if (dataEnd - p < LENGTH_BYTES) {
        return missing(f);
      }
      int length = int32(bytes, p);
      p += LENGTH_BYTES;
      if (length < 0) {
        if (length != RecordBatch.NULL) {
          fail(f, "invalid field size", f);
          return true;
        }
        batch.end[f][row] = RecordBatch.NULL;
      } else if (length >= MAX_BUFFER_BYTES) {
        tooLarge(f, length);
        return true;
      } else if (length > dataEnd - p) {
        return missing(f);
      } else {
        batch.begin[f][row] = p;
        p += length;
        batch.end[f][row] = p;
      }
    }
    take(p);
    return true;
  }

  private boolean missing(int field) {
    if (!atEnd) {
      return false;
    }
    fail(field, "unexpected EOF in COPY data", field);
    return true;
  }

  /** Takes the record at hand with its first {@code good} fields. */
  private void tooLarge(int field, int length) {
    fail(
        field,
        "string buffer exceeds maximum allowed length (" + MAX_BUFFER_BYTES + " bytes)",
        field,
        "Cannot enlarge string buffer containing 0 bytes by " + length + " more bytes.");
  }

  private void fail(int good, String message, int field) {
    fail(good, message, field, null);
  }

  private void fail(int good, String message, int field, String detail) {
    ended = true;
    int row = batch.recordCount;
    for (int f = good; f < fieldCount; f++) {
      batch.end[f][row] = RecordBatch.NULL;
    }
    fault = new TupleFault(row, field, message, detail);
    take(dataEnd);
  }

  private void take(int end) {
    int row = batch.recordCount++;
    batch.recordBegin[row] = position;
    batch.recordEnd[row] = end;
    batch.lineInUnit[row] = lines++;
    position = end;
  }

  /** What is wrong with the batch's last record, or null. */
  public TupleFault fault() {
    return fault;
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int position() {
    return position;
  }

  @Override
  public int lines() {
    return lines;
  }

  @Override
  public boolean ended() {
    return ended;
  }
}
