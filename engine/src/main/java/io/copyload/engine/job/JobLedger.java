package io.copyload.engine.job;

import io.copyload.engine.source.FoundObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ledger of a job's objects. Threads: the one that has the job's lease. */
final class JobLedger {
  private static final String FILES =
      "SELECT file_id, object_name, object_size, etag, modified, digest, status, earlier_id,"
          + " begin_offset, attempts, next_try, load_id, loaded_rows, loaded_at, sqlstate, reason"
          + " FROM copyload_catalog.job_files WHERE job_id = ?";

  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final Connection connection;
  private final Job job;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  JobLedger(Connection connection, Job job) {
    this.connection = connection;
    this.job = job;
  }

  private static JobFile file(ResultSet row) throws SQLException {
    return new JobFile(
        row.getLong("file_id"),
        new FoundObject(
            row.getString("object_name"),
            row.getLong("object_size"),
            row.getString("etag"),
            JobCatalog.instant(row, "modified")),
        row.getString("digest"),
        JobFile.Status.of(row.getString("status").strip()),
        row.getLong("earlier_id"),
        row.getLong("begin_offset"),
        row.getInt("attempts"),
        JobCatalog.instant(row, "next_try"),
        row.getLong("load_id"),
        row.getLong("loaded_rows"),
        JobCatalog.instant(row, "loaded_at"),
        row.getString("sqlstate"),
        row.getString("reason"));
  }

  private List<JobFile> query(String condition, Object... values) throws SQLException {
    PreparedStatement query = prepared(FILES + condition);
    query.setLong(1, job.id());
    for (int i = 0; i < values.length; i++) {
      query.setObject(i + 2, values[i]);
    }
    List<JobFile> files = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        files.add(file(row));
      }
    }
    return files;
  }

  /** A statement that is kept until the connection is closed. */
  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** All rows of one object, the newest first. */
  List<JobFile> named(String name) throws SQLException {
    return query(" AND object_name = ? ORDER BY file_id DESC", name);
  }

  JobFile withId(long id) throws SQLException {
    List<JobFile> files = query(" AND file_id = ?", id);
    return files.isEmpty() ? null : files.get(0);
  }

  /** Whether an object of that size is loaded under another name. */
  boolean isLoadedOfSize(long size, String notNamed) throws SQLException {
    return !query(
            " AND object_size = ? AND digest >= '' AND status = 'I' AND object_name <> ?"
                + " FETCH FIRST ROW ONLY",
            size,
            notNamed)
        .isEmpty();
  }

  /** An object with that content that is loaded under another name, or null. */
  JobFile loadedWith(long size, String digest, String notNamed) throws SQLException {
    List<JobFile> files =
        query(
            " AND object_size = ? AND digest = ? AND status = 'I' AND object_name <> ?"
                + " FETCH FIRST ROW ONLY",
            size,
            digest,
            notNamed);
    return files.isEmpty() ? null : files.get(0);
  }

  /** What waits, in the order of the job. */
  List<JobFile> waiting() throws SQLException {
    return query(
        " AND status = 'P' ORDER BY "
            + (job.options().order() == JobOptions.Order.TIME
                ? "modified, object_name, file_id"
                : "job_id, status, object_name")
            + " FETCH FIRST "
            + job.options().batchFiles()
            + " ROWS ONLY");
  }

  /** Failed objects whose next try is due. */
  List<JobFile> due(Instant now) throws SQLException {
    return query(
        " AND status = 'E' AND next_try <= ? ORDER BY next_try, file_id FETCH FIRST "
            + job.options().batchFiles()
            + " ROWS ONLY",
        JobCatalog.timestamp(now));
  }

  long count(JobFile.Status status) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT COUNT(*) FROM copyload_catalog.job_files WHERE job_id = ? AND status = ?")) {
      query.setLong(1, job.id());
      query.setString(2, status.code());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** What failed and what is in quarantine waits again. */
  void retryAll() throws SQLException {
    // One state a statement: with IN, H2 would read the index of the whole job.
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.job_files SET status = 'P' WHERE job_id = ? AND status = ?")) {
      for (JobFile.Status status : List.of(JobFile.Status.FAILED, JobFile.Status.QUARANTINED)) {
        update.setLong(1, job.id());
        update.setString(2, status.code());
        update.executeUpdate();
      }
    }
  }

  /** Puts into the ledger what is new of a page of a listing. */
  void found(List<FoundObject> page, Instant now) throws SQLException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      Map<String, List<JobFile>> known = around(page);
      for (FoundObject object : page) {
        List<JobFile> files = known.get(object.name());
        found(object, files == null ? named(object.name()) : files, now);
      }
      connection.commit();
      done = true;
    } finally {
      if (!done) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
  }

  /**
   * The rows of the names from the first to the last of a page, in one look; perhaps not all, when
   * many more than the page has are there or the store's order of names is not the database's.
   */
  private Map<String, List<JobFile>> around(List<FoundObject> page) throws SQLException {
    Map<String, List<JobFile>> known = new HashMap<>();
    if (page.size() < 2) {
      return known;
    }
    int most = 4 * page.size();
    List<JobFile> files =
        query(
            " AND object_name >= ? AND object_name <= ? FETCH FIRST " + most + " ROWS ONLY",
            page.get(0).name(),
            page.get(page.size() - 1).name());
    if (files.size() < most) {
      files.sort(Comparator.comparingLong(JobFile::id).reversed());
      for (JobFile file : files) {
        known.computeIfAbsent(file.name(), name -> new ArrayList<>()).add(file);
      }
    }
    return known;
  }

  private void found(FoundObject object, List<JobFile> known, Instant now) throws SQLException {
    if (known.isEmpty()) {
      boolean old =
          job.notBefore() != null
              && object.modified() != null
              && object.modified().isBefore(job.notBefore());
      insert(
          object,
          old ? JobFile.Status.SKIPPED : JobFile.Status.WAITING,
          0,
          old ? "it was stored before the job was created" : null,
          now);
      return;
    }
    JobFile last = known.get(0);
    if (last.object().isSameAs(object)) {
      return;
    }
    switch (last.status()) {
      case WAITING, FAILED, QUARANTINED -> replace(last, object, now);
      case LOADED, SKIPPED -> {
        JobFile loaded = known.stream().filter(JobLedger::isLoaded).findFirst().orElse(null);
        if (loaded == null) {
          // Skipped for its age or as a copy: the new content has neither yet.
          insert(object, JobFile.Status.WAITING, 0, null, now);
          return;
        }
        boolean asks =
            job.options().onChanged() != JobOptions.Content.SKIP
                || job.options().onGrown() != JobOptions.Content.SKIP
                    && object.size() > loaded.object().size();
        insert(
            object,
            asks ? JobFile.Status.WAITING : JobFile.Status.SKIPPED,
            loaded.id(),
            asks ? null : "an object of this name is loaded; on_changed is skip",
            now);
      }
    }
  }

  private static boolean isLoaded(JobFile file) {
    return file.status() == JobFile.Status.LOADED;
  }

  private void insert(
      FoundObject object, JobFile.Status status, long earlier, String reason, Instant now)
      throws SQLException {
    PreparedStatement insert =
        prepared(
            "INSERT INTO copyload_catalog.job_files(job_id, object_name, object_size, etag,"
                + " modified, status, earlier_id, reason, enqueued)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.setLong(1, job.id());
    insert.setString(2, object.name());
    insert.setLong(3, object.size());
    insert.setString(4, object.etag());
    insert.setObject(5, JobCatalog.timestamp(object.modified()));
    insert.setString(6, status.code());
    insert.setObject(7, earlier == 0 ? null : earlier);
    insert.setString(8, reason);
    insert.setObject(9, JobCatalog.timestamp(now));
    insert.executeUpdate();
  }

  /** Nothing of the object was loaded: its new content takes the place of the old one. */
  void replace(JobFile file, FoundObject object, Instant now) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.job_files SET object_size = ?, etag = ?, modified = ?,"
                + " digest = NULL, status = 'P', begin_offset = 0, attempts = 0, next_try = NULL,"
                + " sqlstate = NULL, reason = NULL, enqueued = ? WHERE file_id = ?")) {
      update.setLong(1, object.size());
      update.setString(2, object.etag());
      update.setObject(3, JobCatalog.timestamp(object.modified()));
      update.setObject(4, JobCatalog.timestamp(now));
      update.setLong(5, file.id());
      update.executeUpdate();
    }
  }

  /** The object is gone and nothing of it was loaded. */
  void forget(JobFile file) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM copyload_catalog.job_files WHERE file_id = ?")) {
      delete.setLong(1, file.id());
      delete.executeUpdate();
    }
  }

  /** The object is never loaded. */
  void skip(JobFile file, String digest, String reason) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.job_files SET status = 'S', digest = ?, reason = ?,"
                + " next_try = NULL WHERE file_id = ?")) {
      update.setString(1, digest);
      update.setString(2, reason);
      update.setLong(3, file.id());
      update.executeUpdate();
    }
  }

  /** Only what is behind {@code offset} is loaded. */
  void beginAt(JobFile file, long offset) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.job_files SET begin_offset = ? WHERE file_id = ?")) {
      update.setLong(1, offset);
      update.setLong(2, file.id());
      update.executeUpdate();
    }
  }

  /**
   * The object has failed: it is tried again later, or not any more.
   *
   * @param counts whether it was a try; else it is tried again at the next run
   */
  JobFile.Status failed(JobFile file, boolean counts, String sqlState, String reason, Instant now)
      throws SQLException {
    int attempts = file.attempts() + (counts ? 1 : 0);
    boolean last = counts && attempts > job.options().retries();
    JobFile.Status status = last ? JobFile.Status.QUARANTINED : JobFile.Status.FAILED;
    Instant next = counts ? now.plus(pause(attempts)) : now;
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.job_files SET status = ?, attempts = ?, next_try = ?,"
                + " sqlstate = ?, reason = ? WHERE file_id = ?")) {
      update.setString(1, status.code());
      update.setInt(2, attempts);
      update.setObject(3, last ? null : JobCatalog.timestamp(next));
      update.setString(4, sqlState);
      update.setString(5, JobCatalog.cut(reason));
      update.setLong(6, file.id());
      update.executeUpdate();
    }
    return status;
  }

  private Duration pause(int attempts) {
    Duration first = Duration.ofSeconds(job.options().retrySeconds());
    Duration wait = first.multipliedBy(1L << Math.min(attempts - 1, 20));
    Duration most = first.compareTo(LONGEST_WAIT) > 0 ? first : LONGEST_WAIT;
    return wait.compareTo(most) < 0 ? wait : most;
  }

  /** An object's rows are in the transaction of {@code load}. */
  static void loaded(
      PreparedStatement update, JobFile file, String digest, long load, long rows, Instant now)
      throws SQLException {
    update.setString(1, digest);
    update.setLong(2, load);
    update.setLong(3, rows);
    update.setObject(4, JobCatalog.timestamp(now));
    update.setLong(5, file.id());
    update.addBatch();
  }

  /** The statement that {@link #loaded} fills. */
  static PreparedStatement loadedStatement(Connection transaction) throws SQLException {
    return transaction.prepareStatement(
        "UPDATE copyload_catalog.job_files SET status = 'I', digest = ?, load_id = ?,"
            + " loaded_rows = ?, loaded_at = ?, next_try = NULL, sqlstate = NULL, reason = NULL"
            + " WHERE file_id = ?");
  }
}
