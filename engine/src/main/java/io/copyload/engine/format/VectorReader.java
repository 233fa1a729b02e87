package io.copyload.engine.format;

import io.copyload.engine.store.ColumnVector;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Reads the rows of one unit of a {@link VectorObject}, in order. Threads: one slice. */
public interface VectorReader extends Closeable {
  /**
   * A row that cannot be loaded though the object is not damaged.
   *
   * @param row within the batch
   * @param column number of the vector
   * @param hint or null
   */
  record Fault(int row, int column, Kind kind, String message, String hint) {
    /** What is wrong. */
    public enum Kind {
      GEOMETRY,
      DATE,
      /** What a JSONPath leads to. */
      PATH
    }
  }

  /** Rows of the last batch that cannot be loaded, in order. */
  default List<Fault> faults() {
    return List.of();
  }

  /**
   * Fills the vectors with the next rows: null flags and values of every row. Byte values may point
   * into the reader's own arrays until the next call.
   *
   * @param vectors one per type of {@link VectorObject#types}
   * @param most rows at most
   * @return number of rows, 0 at the end
   * @throws IOException when the object cannot be read or is damaged
   */
  int read(ColumnVector[] vectors, int most) throws IOException;
}
