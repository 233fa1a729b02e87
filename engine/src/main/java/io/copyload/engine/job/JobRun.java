package io.copyload.engine.job;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.CrashPoint;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.ObjectScan;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One run of a job: lists, puts what is new into the ledger, and loads what waits. Threads: one,
 * which has the job's lease.
 */
final class JobRun {
  /** Objects in a row that cannot be read after which the source is to blame. */
  private static final int MOST_UNREADABLE = 3;

  private final JobHost host;
  private final Job job;
  private final RunState state;
  private final InstantSource clock;
  private final Connection connection;
  private final JobLedger ledger;
  private final ContentCheck contents;
  private final CancelToken cancel;
  private String listedTo;
  private long loadedRows;
  private int loadedFiles;
  private int failedFiles;
  private int unreadable;

  /** Tried in this run and set aside: not tried again in it. */
  private final Set<Long> setAside = new HashSet<>();

  /**
   * What a run has done.
   *
   * @param listedTo the last name that was listed
   */
  record Result(long loadedRows, int loadedFiles, int failedFiles, String listedTo) {}

  /**
   * @param connection of the catalog, in auto-commit mode
   */
  JobRun(JobHost host, Job job, RunState state, InstantSource clock, Connection connection) {
    this.host = host;
    this.job = job;
    this.state = state;
    this.clock = clock;
    this.connection = connection;
    this.cancel = state.cancel;
    this.ledger = new JobLedger(connection, job);
    this.contents = new ContentCheck(job, ledger);
    this.listedTo = job.listedTo();
  }

  /**
   * Runs.
   *
   * @throws CopyException when the run could not go on; what it has loaded stays
   */
  Result run() throws SQLException {
    JobHost.Inputs inputs = host.inputs(job);
    if (!state.auto) {
      ledger.retryAll();
    }
    list(inputs);
    while (!state.stop) {
      List<JobFile> waiting = ledger.waiting();
      waiting.removeIf(file -> setAside.contains(file.id()));
      if (waiting.isEmpty()) {
        break;
      }
      load(inputs, firstOf(waiting));
    }
    if (state.auto) {
      for (JobFile file : ledger.due(clock.instant())) {
        if (!state.stop && !setAside.contains(file.id())) {
          load(inputs, List.of(file));
        }
      }
    }
    return new Result(loadedRows, loadedFiles, failedFiles, listedTo);
  }

  private void list(JobHost.Inputs inputs) throws SQLException {
    String after = job.options().orderedKeys() ? job.listedTo() : null;
    ObjectScan scan = inputs.scan(job.location(), after);
    for (List<FoundObject> page = scan.nextPage(cancel);
        page != null;
        page = scan.nextPage(cancel)) {
      cancel.check();
      ledger.found(page, clock.instant());
      if (!page.isEmpty()) {
        listedTo = page.get(page.size() - 1).name();
      }
    }
  }

  /** The first objects, as many as a batch may have. */
  private List<JobFile> firstOf(List<JobFile> waiting) {
    List<JobFile> batch = new ArrayList<>();
    long bytes = 0;
    for (JobFile file : waiting) {
      bytes += file.object().size();
      if (!batch.isEmpty() && bytes > job.options().batchBytes()) {
        break;
      }
      batch.add(file);
    }
    return batch;
  }

  /**
   * Loads objects, in one COPY if all are well. Else those before the first bad one in one COPY,
   * and so on.
   */
  private void load(JobHost.Inputs inputs, List<JobFile> files) throws SQLException {
    Deque<List<JobFile>> parts = new ArrayDeque<>();
    for (List<JobFile> part : checked(inputs, files)) {
      parts.addLast(part);
    }
    while (!parts.isEmpty() && !state.stop) {
      cancel.check();
      List<JobFile> part = parts.removeFirst();
      if (part.isEmpty()) {
        continue;
      }
      try {
        loadTogether(inputs, part);
        unreadable = 0;
      } catch (BatchFailedException e) {
        if (e.fault() == BatchFailedException.Fault.JOB) {
          throw e.getCause() instanceof CopyException cause
              ? cause
              : new CopyException(CopyErrorCode.LOAD_FAILED, e.getMessage(), e);
        }
        int bad = part.size() == 1 ? 0 : indexOf(part, e.objectName());
        if (bad >= 0) {
          parts.addFirst(part.subList(bad + 1, part.size()));
          parts.addFirst(part.subList(0, bad));
          failed(inputs, part.get(bad), e);
        } else {
          int middle = part.size() / 2;
          parts.addFirst(part.subList(middle, part.size()));
          parts.addFirst(part.subList(0, middle));
        }
      }
    }
  }

  private static int indexOf(List<JobFile> files, String name) {
    for (int i = 0; i < files.size(); i++) {
      if (files.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Neighbours that can be loaded by one COPY; what is not to be loaded is marked so. */
  private List<List<JobFile>> checked(JobHost.Inputs inputs, List<JobFile> files)
      throws SQLException {
    List<List<JobFile>> parts = new ArrayList<>();
    boolean tails = false;
    for (JobFile file : files) {
      JobFile wanted;
      try {
        wanted = contents.check(inputs, file, cancel);
      } catch (IOException | CopyException e) {
        cancel.check();
        failed(inputs, file, BatchFailedException.unreadable(file.name(), e));
        continue;
      }
      if (wanted == null) {
        setAside.add(file.id());
        continue;
      }
      boolean tail = wanted.beginOffset() > 0;
      if (parts.isEmpty() || tail != tails) {
        parts.add(new ArrayList<>());
        tails = tail;
      }
      parts.get(parts.size() - 1).add(wanted);
    }
    return parts;
  }

  private void loadTogether(JobHost.Inputs inputs, List<JobFile> files)
      throws BatchFailedException {
    List<FoundObject> objects = files.stream().map(JobFile::object).toList();
    DigestedObjects digested = new DigestedObjects(inputs.found(objects), files);
    state.loading = files.stream().map(JobFile::id).collect(Collectors.toUnmodifiableSet());
    try {
      host.load(
          new JobHost.Batch(job, digested, files.get(0).beginOffset() > 0),
          (transaction, loadId, outcome) ->
              write(inputs, files, digested, transaction, loadId, outcome),
          cancel);
    } finally {
      state.loading = Set.of();
    }
    for (JobFile file : files) {
      setAside.add(file.id());
    }
    loadedFiles += files.size();
  }

  /** Marks the objects as loaded, in the transaction that has their rows. */
  private void write(
      JobHost.Inputs inputs,
      List<JobFile> files,
      DigestedObjects digested,
      Connection transaction,
      long loadId,
      LoadOutcome outcome)
      throws SQLException {
    completeDigests(inputs, files, digested);
    JobCatalog.checkLease(transaction, job, state.lease);
    Instant now = clock.instant();
    try (PreparedStatement update = JobLedger.loadedStatement(transaction)) {
      for (int i = 0; i < files.size(); i++) {
        int known = i - outcome.logged().count();
        long rows =
            known >= 0 && known < outcome.objects().size()
                ? outcome.objects().get(known).rows()
                : -1;
        ContentDigest digest = digested.digest(i);
        JobLedger.loaded(
            update, files.get(i), digest == null ? null : digest.value(), loadId, rows, now);
      }
      update.executeBatch();
    }
    loadedRows += outcome.loadedRows();
    CrashPoint.reach("ledger-written");
  }

  private void completeDigests(
      JobHost.Inputs inputs, List<JobFile> files, DigestedObjects digested) {
    for (int i = 0; i < files.size(); i++) {
      ContentDigest digest = digested.digest(i);
      if (digest != null && !digest.isComplete()) {
        JobFile file = files.get(i);
        SourceListing again = inputs.found(List.of(file.object()));
        try (SourceListing.Cursor cursor = again.openForRandomReads(cancel)) {
          SourceObject object = cursor.next();
          digest.complete(object, cancel);
        } catch (IOException e) {
          throw new CopyException(
              CopyErrorCode.OBJECT_UNREADABLE,
              "could not read \"" + file.name() + "\": " + e.getMessage(),
              e);
        }
      }
    }
  }

  /** Sets an object aside that could not be loaded. */
  private void failed(JobHost.Inputs inputs, JobFile file, BatchFailedException e)
      throws SQLException {
    setAside.add(file.id());
    if (e.fault() == BatchFailedException.Fault.UNREADABLE) {
      FoundObject now = stored(inputs, file);
      if (now == null) {
        ledger.forget(file);
        return;
      }
      if (!now.isSameAs(file.object())) {
        // Somebody has written it meanwhile: what is there now is found by the next listing.
        ledger.failed(
            file, false, e.sqlState(), "it changed while it was being loaded", clock.instant());
        return;
      }
    }
    failedFiles++;
    JobFile.Status status =
        ledger.failed(file, true, e.sqlState(), e.getMessage(), clock.instant());
    JobCatalog.message(
        connection,
        job,
        file.name()
            + (status == JobFile.Status.QUARANTINED ? " is in quarantine: " : " failed: ")
            + e.getMessage(),
        clock.instant());
    if (e.fault() == BatchFailedException.Fault.UNREADABLE && ++unreadable >= MOST_UNREADABLE) {
      throw new CopyException(
          CopyErrorCode.OBJECT_UNREADABLE,
          unreadable + " objects in a row could not be read, the last one: " + e.getMessage(),
          e);
    }
  }

  /** The object as it is now; null when it is gone. */
  private FoundObject stored(JobHost.Inputs inputs, JobFile file) {
    return stored(inputs, file.name(), cancel);
  }

  /** An object by its whole name; null when there is none. */
  static FoundObject stored(JobHost.Inputs inputs, String name, CancelToken cancel) {
    ObjectScan scan = inputs.scan(name, null);
    // Of all names that begin so, the name itself comes first.
    List<FoundObject> page = scan.nextPage(cancel);
    while (page != null && page.isEmpty()) {
      page = scan.nextPage(cancel);
    }
    return page == null
        ? null
        : page.stream().filter(object -> object.name().equals(name)).findFirst().orElse(null);
  }
}
