package io.copyload.engine.convert;

import io.copyload.engine.store.ColumnVector;

/**
 * Turns the values of a column that a file has with a type of its own into those of the target
 * column. Chosen once per column and object; holds scratch state, so every slice has its own.
 */
public interface VectorCast {
  /**
   * Casts rows 0 to count - 1.
   *
   * @param from may be changed
   * @return the values: {@code from} itself where both types lie alike, else a vector that is used
   *     again by the next call
   */
  ColumnVector cast(ColumnVector from, int count, FieldRejects rejects);
}
