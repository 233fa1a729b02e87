package io.copyload.engine.source;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.List;

/**
 * A place where inputs are stored. An implementation has a folder of its own in this room and one
 * line in {@link Sources}.
 *
 * <p>Threads: any.
 */
public interface Source {
  /** What a user needs a right for. */
  enum Reach {
    /** Files of the machine that runs the load. */
    FILES,
    /** Other machines. */
    NETWORK
  }

  Reach reach();

  /**
   * The location as messages, views and the history may show it: without anything secret.
   *
   * @param location as the statement or parameter names it
   */
  default String shownName(String location) {
    return location;
  }

  /**
   * The objects of a location. At least the first one has been found.
   *
   * @throws io.copyload.engine.CopyException OBJECT_MISSING when there is none; otherwise what
   *     makes the location or its clauses unusable
   */
  SourceListing list(
      String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel);

  /**
   * Checks that a location can be kept, and be looked through again and again.
   *
   * @throws CopyException FEATURE_NOT_SUPPORTED
   */
  default void checkLocation(String location) {
    throw unwatched(location);
  }

  /** Says that a COPY job cannot watch a location. */
  static CopyException unwatched(String location) {
    return new CopyException(
        CopyErrorCode.FEATURE_NOT_SUPPORTED,
        "COPY JOB does not watch locations of "
            + Sources.schemeOf(location)
            + "://: it watches Amazon S3, folders, and listings of HTTP servers");
  }

  /**
   * Why a look at the location shows no object of that name, which begins with it; null when it may
   * show one.
   */
  default String outside(String location, SourceClauses clauses, String name) {
    return null;
  }

  /**
   * Looks at every object whose name begins with the location, which may be none.
   *
   * @param after only names behind this one; null for all
   * @throws CopyException FEATURE_NOT_SUPPORTED when the source cannot be listed
   */
  default ObjectScan scan(
      String location, SourceClauses clauses, SourceSettings settings, String after) {
    throw new CopyException(
        CopyErrorCode.FEATURE_NOT_SUPPORTED, "objects of this source cannot be listed");
  }

  /** Objects that a scan has found, each of which must still be what was found. */
  default SourceListing found(
      List<FoundObject> objects, SourceClauses clauses, SourceSettings settings) {
    throw new CopyException(
        CopyErrorCode.FEATURE_NOT_SUPPORTED, "objects of this source cannot be listed");
  }

  /**
   * The queue in which the store says what is new.
   *
   * @param queue its address
   * @throws CopyException FEATURE_NOT_SUPPORTED when the source has no such queues
   */
  default EventQueue events(String queue, SourceClauses clauses, SourceSettings settings) {
    throw new CopyException(
        CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY JOB option queue is for locations in S3 only");
  }

  /**
   * Asks the store who the identity of the clauses is.
   *
   * @throws CopyException when it is refused or cannot be asked; FEATURE_NOT_SUPPORTED when the
   *     source knows no identities
   */
  default void validate(SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    throw new CopyException(
        CopyErrorCode.FEATURE_NOT_SUPPORTED,
        "VALIDATE CONNECTION is for AWS connections only: this source has no identity to ask");
  }
}
