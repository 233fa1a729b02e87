package io.copyload.engine.source;

import io.copyload.engine.CancelToken;
import java.io.IOException;
import java.util.List;

/**
 * The inputs of a load, in load order. A source with many objects names them one after the other,
 * while the load runs: nothing holds them all.
 *
 * <p>The objects that {@link Cursor#next} returns have their size and identity pinned. Threads: a
 * cursor is used by one thread at a time.
 */
public interface SourceListing {
  /** How many objects there are; -1 when that is not known before the last one. */
  long count();

  /** Stored bytes of all objects; {@link SourceObject#UNKNOWN_SIZE} when not known. */
  long size();

  /** Starts at the first object. The caller closes the cursor, which ends what it has running. */
  Cursor open(CancelToken cancel);

  /**
   * As {@link #open}, for a caller who reads objects here and there: nothing is worth reading
   * ahead.
   */
  default Cursor openForRandomReads(CancelToken cancel) {
    return open(cancel);
  }

  /** As {@link #open}, for a caller who only wants to know what there is and reads nothing. */
  default Cursor openForNames(CancelToken cancel) {
    return openForRandomReads(cancel);
  }

  /** What a user should know of a load that has ended well, such as inputs that were left out. */
  default List<String> notes() {
    return List.of();
  }

  /** One pass through the objects. */
  interface Cursor extends AutoCloseable {
    /**
     * The next object, or null behind the last one.
     *
     * @throws IOException when the objects cannot be listed any further
     */
    SourceObject next() throws IOException;

    @Override
    void close();
  }

  /** Objects that are there already. */
  static SourceListing of(List<SourceObject> objects) {
    return new ListedObjects(objects);
  }

  /** One object. */
  static SourceListing of(SourceObject object) {
    return of(List.of(object));
  }
}
