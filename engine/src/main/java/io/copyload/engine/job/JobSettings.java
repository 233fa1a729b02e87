package io.copyload.engine.job;

/**
 * What a connection decides for jobs.
 *
 * @param strict whether the restrictions hold that only Redshift needs
 * @param pollSeconds between the listings of a job that says nothing else
 * @param clock of the schedule; null for the machine's
 */
public record JobSettings(boolean strict, int pollSeconds, JobClock clock) {
  /** Redshift's restrictions, and a listing every ten seconds. */
  public static final JobSettings DEFAULT = new JobSettings(true, 10, null);
}
