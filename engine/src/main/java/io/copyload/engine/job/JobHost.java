package io.copyload.engine.job;

import io.copyload.engine.CancelToken;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.source.EventQueue;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.ObjectScan;
import io.copyload.engine.source.SourceListing;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What a run needs of the database that it loads into. Threads: the one of the run. */
public interface JobHost {
  /** Finds out what the stored statement means now, with the rights of the job's owner. */
  Inputs inputs(Job job);

  /** A job's source. */
  interface Inputs {
    /**
     * Looks for objects.
     *
     * @param location the job's, or a whole name
     * @param after only names behind this one; null for all
     */
    ObjectScan scan(String location, String after);

    /**
     * Why a look at the job's location shows no object of that name, which begins with it; null
     * when it may show one.
     */
    String outside(String name);

    /** The objects, each of which must still be what was found. */
    SourceListing found(List<FoundObject> objects);

    /** The queue that the job names, in which its store says what is new. */
    EventQueue events(String queue);

    /** Whether the tail of an object can be loaded without its head. */
    boolean hasLines();
  }

  /**
   * One COPY of a job.
   *
   * @param objects what it reads
   * @param tails whether the objects are ends of objects, which have no header
   */
  record Batch(Job job, SourceListing objects, boolean tails) {}

  /** Writes the ledger in the transaction of the load. */
  interface Ledger {
    void write(Connection transaction, long loadId, LoadOutcome outcome) throws SQLException;
  }

  /**
   * Loads objects as the job's owner and writes the ledger, in one transaction that is committed
   * when this returns.
   *
   * @throws BatchFailedException when nothing was loaded
   */
  void load(Batch batch, Ledger ledger, CancelToken cancel) throws BatchFailedException;
}
