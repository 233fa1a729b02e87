package io.copyload.engine.source;

import io.copyload.engine.CancelToken;
import java.io.IOException;

/** An input that is no bytes but items: named values in any order. Threads: any. */
public interface ItemObject extends SourceObject {
  /**
   * Begins a pass through all items.
   *
   * @param readRatio percent of the table's read capacity that the pass may use
   */
  Scan scan(int readRatio, CancelToken cancel) throws IOException;

  /** One pass, in parts that can be read side by side. */
  interface Scan {
    int partCount();

    /** The items of a part, from 0. Threads: one. */
    Items part(int number);
  }

  /** The items of a part, in their order. */
  interface Items {
    /**
     * Hands over the values of the next item; false at the end.
     *
     * @throws IOException when the items cannot be read
     */
    boolean next(Values values) throws IOException;
  }

  /** Takes the values of an item. */
  interface Values {
    void text(String name, String value);

    void number(String name, String value);

    /** A value of another type, which has that name. */
    void other(String name, String type);
  }
}
