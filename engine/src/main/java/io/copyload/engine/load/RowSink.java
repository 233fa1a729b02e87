package io.copyload.engine.load;

import io.copyload.engine.store.ColumnVector;

/**
 * Takes the good rows of a load. {@link #openSlice} is called once per slice, by the slice's
 * thread.
 */
public interface RowSink {
  Slice openSlice();

  /** One slice's end of the sink. Threads: the slice's. */
  interface Slice extends AutoCloseable {
    /**
     * Takes rows of the current load unit, in input order.
     *
     * @param columns one vector per {@link LoadPlan#columns} entry; valid during the call only
     * @param selection rows of the vectors to take, ascending; null takes rows 0 to count - 1
     */
    void rows(ColumnVector[] columns, int[] selection, int count);

    /**
     * All rows of a load unit have been given.
     *
     * @param unit the unit's place in input order: greater for later units, with gaps; a slice gets
     *     its units in any order
     */
    void endUnit(long unit);

    /**
     * Whether rows may be refused by {@link RowRefusedException}. Then rows are given before any
     * later record is looked at, so that the earliest fault of the input is the one that is found.
     */
    default boolean mayRefuse() {
      return false;
    }

    /** Releases what the slice holds; called on every path. */
    @Override
    void close();
  }
}
