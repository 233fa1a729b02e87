package io.copyload.engine.job;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.InternalConnection;
import io.copyload.engine.catalog.StoredObjects;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.ObjectScan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * What the statements about jobs do, for one user. Each is a transaction of its own. Threads: any.
 */
public final class JobStatements {
  private final JobEngine engine;
  private final InternalConnection catalog;
  private final String userName;
  private final boolean admin;

  /**
   * @param admin whether the user may do everything with the jobs of others
   */
  public JobStatements(
      JobEngine engine, InternalConnection catalog, String userName, boolean admin) {
    this.engine = engine;
    this.catalog = catalog;
    this.userName = userName;
    this.admin = admin;
  }

  /**
   * A job to be made.
   *
   * @param statement the COPY as it was written
   * @param shownText the same with stars for keys
   * @param secrets where the statement is kept sealed; null when it has no keys
   */
  public record NewJob(
      String name,
      int userId,
      String databaseName,
      String schemaName,
      String tableSchema,
      String tableName,
      String location,
      String iamRole,
      String statement,
      String shownText,
      String dialect,
      boolean auto,
      JobOptions options,
      StoredObjects secrets) {}

  /**
   * Makes a job.
   *
   * @param emptyIn where to look whether the location is empty; null when it need not be
   */
  public void create(NewJob wanted, JobHost emptyIn, CancelToken cancel) throws SQLException {
    wanted.options().check(wanted.location());
    Instant now = engine.clock().instant();
    Instant notBefore = null;
    if (emptyIn != null) {
      // What is wrong with the location, role or options is found when the job runs.
      notBefore = isEmpty(wanted, emptyIn, cancel) ? null : now;
    }
    try (Connection connection = catalog.open()) {
      // Closing it undoes what has not been committed.
      connection.setAutoCommit(false);
      long id =
          JobCatalog.create(
              connection,
              new JobCatalog.NewJob(
                  wanted.name(),
                  wanted.userId(),
                  userName,
                  wanted.databaseName(),
                  wanted.schemaName(),
                  wanted.tableSchema(),
                  wanted.tableName(),
                  wanted.location(),
                  wanted.iamRole(),
                  wanted.secrets() == null ? wanted.statement() : wanted.shownText(),
                  wanted.shownText(),
                  wanted.dialect(),
                  wanted.auto(),
                  wanted.options(),
                  notBefore),
              now);
      if (wanted.secrets() != null) {
        wanted.secrets().sealJob(connection, id, wanted.statement());
      }
      connection.commit();
    }
    engine.reschedule();
  }

  /** False when that cannot be found out. */
  private boolean isEmpty(NewJob wanted, JobHost host, CancelToken cancel) {
    Job probe =
        new Job(
            0,
            wanted.name(),
            userName,
            wanted.schemaName(),
            wanted.tableName(),
            wanted.location(),
            wanted.statement(),
            wanted.shownText(),
            wanted.dialect(),
            wanted.iamRole(),
            false,
            wanted.options(),
            null,
            null,
            null,
            null,
            0,
            null);
    FoundObject first = null;
    try {
      ObjectScan scan = host.inputs(probe).scan(wanted.location(), null);
      for (List<FoundObject> page = scan.nextPage(cancel);
          page != null && first == null;
          page = scan.nextPage(cancel)) {
        first = page.isEmpty() ? null : page.get(0);
      }
    } catch (CopyException e) {
      cancel.check();
      return false;
    }
    if (first != null) {
      throw new CopyException(
          CopyErrorCode.NOT_IN_PREREQUISITE_STATE,
          "COPY JOB must be created on an empty location: \"" + wanted.location() + "\" has files",
          "The first one is \"" + first.name() + "\".",
          "Name a folder without files, or set the connection property copy_job.strict to false:"
              + " then the job loads the files that are there, too.",
          null,
          0,
          null);
    }
    return true;
  }

  /** Changes a job; null leaves a part as it is. */
  public void alter(String name, Boolean auto, List<Option> options) throws SQLException {
    Job job = owned(name);
    JobOptions changed = job.options();
    for (Option option : options) {
      changed = changed.with(option.name(), option.value());
    }
    changed.check(job.location());
    boolean isAuto = auto == null ? job.auto() : auto;
    try (Connection connection = catalog.open()) {
      JobCatalog.alter(connection, job.id(), isAuto, changed);
    }
    if (!isAuto) {
      engine.stopAfterBatch(job.id());
    }
    engine.reschedule();
  }

  /** One entry of a WITH list. */
  public record Option(String name, String value) {}

  /** Removes a job with its ledger. What it runs is cancelled. */
  public void drop(String name, CancelToken cancel, long waitMillis) throws SQLException {
    Job job = owned(name);
    engine.cancel(job);
    engine.acquire(job, false, cancel, Math.max(waitMillis, 10_000));
    try (Connection connection = catalog.open()) {
      JobCatalog.drop(connection, job.id());
    } finally {
      engine.release(job);
    }
    engine.reschedule();
  }

  /** What a run has loaded, and how many objects it could not load. */
  public record Ran(long loadedRows, int loadedFiles, int failedFiles) {}

  /** Runs a job now, in the caller's thread. */
  public Ran run(String name, JobHost host, CancelToken cancel, long waitMillis)
      throws SQLException {
    Job job = owned(name);
    RunState state = engine.acquire(job, false, cancel, waitMillis);
    try {
      JobRun.Result result = engine.run(host, job, state);
      return new Ran(result.loadedRows(), result.loadedFiles(), result.failedFiles());
    } finally {
      engine.release(job);
    }
  }

  /** The jobs that the user may see, by name. */
  public List<Job> list() throws SQLException {
    try (Connection connection = catalog.open()) {
      List<Job> jobs = JobCatalog.all(connection);
      jobs.removeIf(job -> !isSeen(job));
      return jobs;
    }
  }

  /**
   * A job with what its ledger has.
   *
   * @param running whether it runs now
   * @param nextRun of the schedule, or null
   */
  public record Shown(
      Job job,
      boolean running,
      Instant nextRun,
      long waiting,
      long loaded,
      long failed,
      long quarantined,
      long skipped) {}

  public Shown show(String name) throws SQLException {
    Job job = owned(name);
    try (Connection connection = catalog.open()) {
      JobLedger ledger = new JobLedger(connection, job);
      return new Shown(
          job,
          engine.isRunning(job.id()),
          job.auto() ? engine.nextRun(job.id()) : null,
          ledger.count(JobFile.Status.WAITING),
          ledger.count(JobFile.Status.LOADED),
          ledger.count(JobFile.Status.FAILED),
          ledger.count(JobFile.Status.QUARANTINED),
          ledger.count(JobFile.Status.SKIPPED));
    }
  }

  private boolean isSeen(Job job) {
    return admin || job.userName().equals(userName);
  }

  private Job owned(String name) throws SQLException {
    try (Connection connection = catalog.open()) {
      Job job = JobCatalog.find(connection, name);
      if (job == null) {
        throw missing(name);
      }
      if (!isSeen(job)) {
        throw new CopyException(
            CopyErrorCode.INSUFFICIENT_PRIVILEGE,
            "permission denied for COPY job \""
                + name
                + "\": only its owner and administrators"
                + " may use it");
      }
      return job;
    }
  }

  static CopyException missing(String name) {
    return new CopyException(
        CopyErrorCode.UNDEFINED_OBJECT, "COPY job \"" + name + "\" does not exist");
  }

  /** Says for each job of the user what it has to do with an object. */
  public List<JobWhy.Answer> why(
      String object, java.util.function.Function<Job, JobHost> hosts, CancelToken cancel)
      throws SQLException {
    try (Connection connection = catalog.open()) {
      return new JobWhy(engine, connection).answers(list(), object, hosts, cancel);
    }
  }
}
