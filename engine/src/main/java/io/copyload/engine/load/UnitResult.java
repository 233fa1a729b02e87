package io.copyload.engine.load;

import java.util.ArrayList;
import java.util.List;

/** What became of one load unit. Threads: the slice's until it is handed to {@link InputOrder}. */
final class UnitResult {
  final int object;
  final int unit;

  /** Null for an object that could not even be listed. */
  final InputObject source;

  /** No unit of the object comes after this one. */
  boolean last;

  long rows;

  /** Lines of the unit's records; the lines before the first record count for unit 0. */
  long lines;

  /** Offset of the first record that begins in the unit, -1 when none does. */
  long firstStart = -1;

  /** Offset at which the record after the unit's last one begins. */
  long nextStart = -1;

  /** Decoded size of the object; known for its last unit. */
  long objectEnd;

  /** Lines and rejects of the unit before each chunk that begins inside it, in order. */
  final List<ChunkStart> chunkStarts = new ArrayList<>();

  /** The next chunk begins where the unit ends. */
  boolean endsChunk;

  /** What the unit has before a chunk. */
  record ChunkStart(long lines, long rejects) {}

  /** The data ended at an end marker, so offsets of later units mean nothing. */
  boolean ended;

  /** Rejects not yet handed over, with line numbers counted from 0 within the unit. */
  final List<Entry> rejects = new ArrayList<>();

  /** Rejects found, handed over or not. */
  long rejectCount;

  /** Rows of which a bad value became NULL. */
  long nulledRows;

  /** Rows in which bad characters were replaced. */
  long replacedRows;

  /** Ends the load when this unit's turn comes; line numbers count from 0 within the unit. */
  RuntimeException failure;

  /** The record behind a {@link #failure} that the sink raised for one row, or null. */
  Reject refused;

  /** Line within the unit of a record that is too long, -1 when there is none. */
  long tooLongLine = -1;

  /** This unit is known to be the earliest unfinished one, so rejects go to the log at once. */
  boolean direct;

  UnitResult(InputObject source, int unit) {
    this(source.index, unit, source);
  }

  private UnitResult(int object, int unit, InputObject source) {
    this.object = object;
    this.unit = unit;
    this.source = source;
  }

  /** The end of the load at an object that could not be listed. */
  static UnitResult unlisted(int object, RuntimeException failure) {
    UnitResult result = new UnitResult(object, 0, null);
    result.last = true;
    result.failure = failure;
    return result;
  }

  long ordinal() {
    return ordinal(object, unit);
  }

  /** Place in input order. */
  static long ordinal(int object, int unit) {
    return (long) object << 32 | unit;
  }

  /** What became of a record that is reported. */
  enum Fate {
    /** It was not loaded. */
    REFUSED,
    /** A bad value became NULL and the record was loaded. */
    NULLED,
    /** Bad characters were replaced and the record was loaded (Redshift's ACCEPTINVCHARS). */
    REPLACED
  }

  /**
   * @param rowsBefore good rows of the unit before the record
   * @param fatal no budget covers it
   */
  record Entry(Reject reject, long rowsBefore, boolean fatal, Fate fate) {
    Entry(Reject reject, long rowsBefore, boolean fatal) {
      this(reject, rowsBefore, fatal, Fate.REFUSED);
    }

    /** Of a record that was loaded nevertheless. */
    static Entry loaded(Reject reject, Fate fate) {
      return new Entry(reject, 0, false, fate);
    }

    long weight() {
      return reject.weight();
    }
  }
}
