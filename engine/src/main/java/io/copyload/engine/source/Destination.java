package io.copyload.engine.source;

import io.copyload.engine.CancelToken;
import java.io.IOException;
import java.util.function.Predicate;

/**
 * A place where an export writes objects whose names begin alike: the way back of a {@link Source}.
 * {@link Sources#destinations} opens them.
 *
 * <p>Objects are seen when {@link #publish} has been called, and not before. Close it always;
 * without publish, what has been written goes away.
 *
 * <p>Threads: the statement's; each object may have a thread of its own. Every wait ends when the
 * statement is cancelled.
 */
public interface Destination extends AutoCloseable {
  /**
   * What begins all names, as messages may show it: the location without a suffix. Never holds a
   * secret.
   */
  String shownName();

  /**
   * Begins an object.
   *
   * @param suffix follows the location in its name; may be empty
   */
  OutputObject create(String suffix) throws IOException;

  /**
   * The name of an object that is there already, or null when there is none.
   *
   * @param suffixes which names count, by what follows the location
   */
  String existing(Predicate<String> suffixes) throws IOException;

  /** Removes every object whose name begins with the location. */
  void removeExisting() throws IOException;

  /**
   * Makes all finished objects visible, in the order of their creation. Where that cannot be done
   * at once, objects that were new are taken away again if a later one fails.
   */
  void publish() throws IOException;

  @Override
  void close();

  /** Makes the destinations of one kind of place. */
  interface Opener {
    /** What a user needs a right for. */
    Source.Reach reach();

    /**
     * Checks the location; nothing is written yet.
     *
     * @throws io.copyload.engine.CopyException when it cannot be one
     */
    Destination open(
        String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel);
  }
}
