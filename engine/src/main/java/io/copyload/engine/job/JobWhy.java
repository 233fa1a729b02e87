package io.copyload.engine.job;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.FoundObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Says what jobs have to do with an object, and why. */
public final class JobWhy {
  private final JobEngine engine;
  private final Connection connection;

  JobWhy(JobEngine engine, Connection connection) {
    this.engine = engine;
    this.connection = connection;
  }

  /**
   * What one job says of the object, or of one of its versions.
   *
   * @param state not matched, waiting, loading, loaded, failed, quarantined or skipped
   * @param loadId of a loaded one, else null
   * @param at when it was loaded, else null
   */
  public record Answer(
      Job job,
      String state,
      String reason,
      Long loadId,
      Long loadedRows,
      Instant at,
      int attempts,
      Instant nextTry) {}

  List<Answer> answers(
      List<Job> jobs, String object, Function<Job, JobHost> hosts, CancelToken cancel)
      throws SQLException {
    List<Answer> answers = new ArrayList<>();
    for (Job job : jobs) {
      List<JobFile> files = new JobLedger(connection, job).named(object);
      for (JobFile file : files) {
        answers.add(ofFile(job, file));
      }
      if (files.isEmpty()) {
        answers.add(unseen(job, object, hosts.apply(job), cancel));
      }
    }
    return answers;
  }

  private Answer ofFile(Job job, JobFile file) {
    boolean loaded = file.status() == JobFile.Status.LOADED;
    String state =
        switch (file.status()) {
          case WAITING -> engine.isLoading(job.id(), file.id()) ? "loading" : "waiting";
          case LOADED -> "loaded";
          case FAILED -> engine.isLoading(job.id(), file.id()) ? "loading" : "failed";
          case QUARANTINED -> "quarantined";
          case SKIPPED -> "skipped";
        };
    String reason =
        switch (file.status()) {
          case WAITING -> waits(job);
          case LOADED ->
              "loaded by load "
                  + file.loadId()
                  + (file.beginOffset() > 0 ? ", from byte " + file.beginOffset() : "");
          case FAILED, SKIPPED -> file.reason();
          case QUARANTINED -> file.reason() + "; COPY JOB RUN tries it again";
        };
    return new Answer(
        job,
        state,
        reason,
        loaded ? file.loadId() : null,
        loaded && file.loadedRows() >= 0 ? file.loadedRows() : null,
        file.loadedAt(),
        file.attempts(),
        file.nextTry());
  }

  private String waits(Job job) {
    if (engine.isRunning(job.id())) {
      return "seen; the job is running";
    }
    if (!job.auto()) {
      return "seen; AUTO is off: it waits for COPY JOB RUN";
    }
    return "seen; it waits for the next run of the job" + failure(job);
  }

  private static String failure(Job job) {
    return job.lastError() == null ? "" : "; the last run failed: " + job.lastError();
  }

  private Answer unseen(Job job, String object, JobHost host, CancelToken cancel) {
    if (!object.startsWith(job.location())) {
      return not(job, "its name does not begin with " + job.location());
    }
    if (job.options().orderedKeys()
        && job.listedTo() != null
        && object.compareTo(job.listedTo()) <= 0) {
      return not(
          job,
          "ordered_keys is true and names up to " + job.listedTo() + " were listed without it");
    }
    FoundObject stored = null;
    try {
      if (host != null) {
        JobHost.Inputs inputs = host.inputs(job);
        String outside = inputs.outside(object);
        if (outside != null) {
          return not(job, outside);
        }
        stored = JobRun.stored(inputs, object, cancel);
      }
    } catch (CopyException e) {
      cancel.check();
      return not(job, "the location cannot be listed: " + e.getMessage());
    }
    if (stored == null) {
      return not(job, "there is no such object, or it is the mark of a folder" + failure(job));
    }
    String when =
        job.auto()
            ? "the next listing will find it" + failure(job)
            : "AUTO is off: COPY JOB RUN will find it";
    return new Answer(job, "waiting", "not listed yet; " + when, null, null, null, 0, null);
  }

  private static Answer not(Job job, String reason) {
    return new Answer(job, "not matched", reason, null, null, null, 0, null);
  }
}
