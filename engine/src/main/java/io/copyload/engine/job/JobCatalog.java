package io.copyload.engine.job;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.StoredObjects;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The rows of jobs and their messages. Each method is one statement or a few on a connection. */
final class JobCatalog {
  /** Messages of a job that are kept. */
  private static final int MAX_MESSAGES = 1000;

  private static final int MAX_TEXT_CHARS = 4096;

  private static final String JOBS =
      "SELECT job_id, job_name, user_name, schema_name, table_schema, table_name, data_source,"
          + " statement_text, job_text, dialect, iam_role, is_auto, options, created, not_before,"
          + " listed_to, last_run, failure_count, last_error FROM copyload_catalog.jobs";

  private JobCatalog() {}

  /** What a job is made of. */
  record NewJob(
      String name,
      int userId,
      String userName,
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
      Instant notBefore) {}

  static long create(Connection connection, NewJob job, Instant now) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO copyload_catalog.jobs(job_name, user_id, user_name, database_name,"
                + " schema_name, table_schema, table_name, data_source, iam_role, statement_text,"
                + " job_text, dialect, is_auto, options, created, not_before)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, job.name());
      insert.setInt(2, job.userId());
      insert.setString(3, job.userName());
      insert.setString(4, job.databaseName());
      insert.setString(5, job.schemaName());
      insert.setString(6, job.tableSchema());
      insert.setString(7, job.tableName());
      insert.setString(8, job.location());
      insert.setString(9, job.iamRole());
      insert.setString(10, job.statement());
      insert.setString(11, job.shownText());
      insert.setString(12, job.dialect());
      insert.setBoolean(13, job.auto());
      insert.setString(14, job.options().text());
      insert.setObject(15, timestamp(now));
      insert.setObject(16, timestamp(job.notBefore()));
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return keys.getLong("JOB_ID");
      }
    } catch (SQLException e) {
      if ("23505".equals(e.getSQLState())) {
        throw new CopyException(
            CopyErrorCode.DUPLICATE_OBJECT, "COPY job \"" + job.name() + "\" already exists", e);
      }
      throw e;
    }
  }

  /** The job, or null. */
  static Job find(Connection connection, String name) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(JOBS + " WHERE job_name = ?")) {
      query.setString(1, name);
      List<Job> jobs = read(query);
      return jobs.isEmpty() ? null : jobs.get(0);
    }
  }

  /** The job, or null. */
  static Job find(Connection connection, long id) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(JOBS + " WHERE job_id = ?")) {
      query.setLong(1, id);
      List<Job> jobs = read(query);
      return jobs.isEmpty() ? null : jobs.get(0);
    }
  }

  /** All jobs by name. */
  static List<Job> all(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(JOBS + " ORDER BY job_name")) {
      return read(query);
    }
  }

  private static List<Job> read(PreparedStatement query) throws SQLException {
    List<Job> jobs = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        jobs.add(
            new Job(
                row.getLong("job_id"),
                row.getString("job_name"),
                row.getString("user_name"),
                row.getString("schema_name"),
                row.getString("table_schema") + "." + row.getString("table_name"),
                row.getString("data_source"),
                row.getString("statement_text"),
                row.getString("job_text"),
                row.getString("dialect"),
                row.getString("iam_role"),
                row.getBoolean("is_auto"),
                JobOptions.parse(row.getString("options")),
                instant(row, "created"),
                instant(row, "not_before"),
                row.getString("listed_to"),
                instant(row, "last_run"),
                row.getInt("failure_count"),
                row.getString("last_error")));
      }
    }
    return jobs;
  }

  static void alter(Connection connection, long id, boolean auto, JobOptions options)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.jobs SET is_auto = ?, options = ? WHERE job_id = ?")) {
      update.setBoolean(1, auto);
      update.setString(2, options.text());
      update.setLong(3, id);
      update.executeUpdate();
    }
  }

  /** Removes a job with its ledger and messages. */
  static void drop(Connection connection, long id) throws SQLException {
    for (String table : List.of("job_messages", "job_files", "jobs")) {
      try (PreparedStatement delete =
          connection.prepareStatement(
              "DELETE FROM copyload_catalog." + table + " WHERE job_id = ?")) {
        delete.setLong(1, id);
        delete.executeUpdate();
      }
    }
    StoredObjects.forgetJob(connection, id);
  }

  /** Writes who has the job; null frees it. */
  static void lease(Connection connection, long id, String lease, Instant now) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.jobs SET lease = ?, lease_since = ? WHERE job_id = ?")) {
      update.setString(1, lease);
      update.setObject(2, lease == null ? null : timestamp(now));
      update.setLong(3, id);
      update.executeUpdate();
    }
  }

  /**
   * Locks the job's row until the transaction ends.
   *
   * @throws CopyException OBJECT_IN_USE when somebody else has the job, or nobody because it is
   *     gone
   */
  static void checkLease(Connection transaction, Job job, String lease) throws SQLException {
    try (PreparedStatement query =
        transaction.prepareStatement(
            "SELECT lease FROM copyload_catalog.jobs WHERE job_id = ? FOR UPDATE")) {
      query.setLong(1, job.id());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next() || !lease.equals(row.getString(1))) {
          throw new CopyException(
              CopyErrorCode.OBJECT_IN_USE,
              "COPY job \"" + job.name() + "\" was dropped or taken over while it was running");
        }
      }
    }
  }

  /** Frees all jobs: called when the database is opened. */
  static void freeAll(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE copyload_catalog.jobs SET lease = NULL, lease_since = NULL"
              + " WHERE lease IS NOT NULL");
    }
  }

  /** Marks loads of jobs as aborted that a killed process has left running. */
  static void abortLoads(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.loads SET state = 'aborted', end_time = ?, loaded_rows = 0,"
                + " sqlstate = '57P01', message = 'the process ended before the load did'"
                + " WHERE state = 'running' AND job_id <> 0")) {
      update.setObject(1, timestamp(now));
      update.executeUpdate();
    }
  }

  /** A run has ended; {@code error} is null when it has not failed. */
  static void ran(Connection connection, Job job, Instant begun, String error, String listedTo)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE copyload_catalog.jobs SET last_run = ?, last_error = ?,"
                + " failure_count = CASE WHEN ? IS NULL THEN 0 ELSE failure_count + 1 END,"
                + " listed_to = ? WHERE job_id = ?")) {
      update.setObject(1, timestamp(begun));
      update.setString(2, cut(error));
      update.setString(3, cut(error));
      update.setString(4, listedTo);
      update.setLong(5, job.id());
      update.executeUpdate();
    }
  }

  static void message(Connection connection, Job job, String text, Instant now)
      throws SQLException {
    try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO copyload_catalog.job_messages(job_id, record_time, message)"
                    + " VALUES (?, ?, ?)");
        PreparedStatement delete =
            connection.prepareStatement(
                "DELETE FROM copyload_catalog.job_messages WHERE job_id = ? AND message_id <"
                    + " (SELECT MIN(message_id) FROM (SELECT message_id"
                    + " FROM copyload_catalog.job_messages WHERE job_id = ?"
                    + " ORDER BY message_id DESC FETCH FIRST "
                    + MAX_MESSAGES
                    + " ROWS ONLY))")) {
      insert.setLong(1, job.id());
      insert.setObject(2, timestamp(now));
      insert.setString(3, cut(text));
      insert.executeUpdate();
      delete.setLong(1, job.id());
      delete.setLong(2, job.id());
      delete.executeUpdate();
    }
  }

  /** As Redshift's views do, times are UTC. */
  static LocalDateTime timestamp(Instant instant) {
    return instant == null ? null : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    LocalDateTime time = row.getObject(column, LocalDateTime.class);
    return time == null ? null : time.toInstant(ZoneOffset.UTC);
  }

  static String cut(String text) {
    return text == null || text.length() <= MAX_TEXT_CHARS
        ? text
        : text.substring(0, MAX_TEXT_CHARS);
  }
}
