package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.CrashPoint;
import io.copyload.engine.dialect.CopyResolver;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.job.BatchFailedException;
import io.copyload.engine.job.Job;
import io.copyload.engine.job.JobHost;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.source.EventQueue;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.ObjectScan;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.Sources;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyParser;
import io.copyload.engine.statement.OptionClause;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.h2.engine.Database;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;
import org.h2.message.DbException;
import org.h2.schema.Schema;

/** Runs the COPYs of jobs, each in a session of its own that has the rights of the job's owner. */
final class JobLoads implements JobHost {
  private static final Field SESSION_USER = Internals.field(SessionLocal.class, "user");

  /** Options about the first lines of an object. */
  private static final Set<String> OF_HEADERS = Set.of("IGNOREHEADER", "HEADER");

  /** Formats of which any run of whole lines can be loaded. */
  private static final Set<String> OF_LINES = Set.of("csv", "txt", "json");

  private final Database database;
  private final CopySettings settings;
  private final Consumer<SQLWarning> warnings;

  /**
   * @param settings of the connection that runs the job
   */
  JobLoads(Database database, CopySettings settings, Consumer<SQLWarning> warnings) {
    this.database = database;
    this.settings = settings;
    this.warnings = warnings;
  }

  private CopySettings settingsOf(Job job) {
    return settings.withDialect(DialectName.of(job.dialect()));
  }

  /** The job's COPY as it was written, keys included: for the one who runs it. */
  private String text(Job job) {
    try {
      String secret = StoredConnections.of(database, settings).openJob(job.id());
      return secret == null ? job.statement() : secret;
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  private static CopyFrom parsed(String text) {
    if (CopyParser.parse(text) instanceof CopyFrom copy) {
      return copy;
    }
    throw new CopyException(CopyErrorCode.SYNTAX, "COPY job has no COPY FROM");
  }

  private SessionLocal open(Job job) {
    User owner = database.findUser(job.userName());
    if (owner == null) {
      throw new CopyException(
          CopyErrorCode.INSUFFICIENT_PRIVILEGE,
          "the owner of COPY job \"" + job.name() + "\" does not exist any more");
    }
    Schema schema = database.findSchema(job.schemaName());
    if (schema == null) {
      throw new CopyException(
          CopyErrorCode.UNDEFINED_SCHEMA, "schema \"" + job.schemaName() + "\" does not exist");
    }
    SessionLocal session = InternalSessions.openFor(database, owner);
    session.setCurrentSchema(schema);
    return session;
  }

  @Override
  public Inputs inputs(Job job) {
    ResolvedCopy resolved = CopyResolver.resolve(parsed(text(job)), DialectName.of(job.dialect()));
    String scheme = Sources.schemeOf(job.location());
    Source source = Sources.of(scheme);
    if (source == null) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY FROM " + scheme + ":// is not supported yet");
    }
    SessionLocal session = open(job);
    try {
      CopySource.checkMayRead(session, source);
    } finally {
      InternalSessions.close(session);
    }
    return new Inputs() {
      @Override
      public ObjectScan scan(String location, String after) {
        return source.scan(location, resolved.source(), settings.sources(), after);
      }

      @Override
      public String outside(String name) {
        return source.outside(job.location(), resolved.source(), name);
      }

      @Override
      public SourceListing found(List<FoundObject> objects) {
        return source.found(objects, resolved.source(), settings.sources());
      }

      @Override
      public EventQueue events(String queue) {
        return source.events(queue, resolved.source(), settings.sources());
      }

      @Override
      public boolean hasLines() {
        return OF_LINES.contains(resolved.format().historyName());
      }
    };
  }

  @Override
  public void load(Batch batch, Ledger ledger, CancelToken cancel) throws BatchFailedException {
    Job job = batch.job();
    JobInput input = new JobInput(job.id(), batch.objects(), job.location());
    SessionLocal session = null;
    try {
      String text = text(job);
      CopyFrom statement = parsed(text);
      session = open(job);
      load(
          session,
          text,
          batch.tails() ? withoutHeader(statement) : statement,
          job,
          input,
          ledger,
          cancel);
    } catch (CopyException e) {
      throw failed(e, input);
    } catch (DbException e) {
      throw failed(e.getSQLException(), input);
    } catch (SQLException e) {
      throw new BatchFailedException(
          BatchFailedException.Fault.JOB, null, e.getSQLState(), e.getMessage(), e);
    } finally {
      if (session != null) {
        InternalSessions.close(session);
      }
    }
    if (settings.durable()) {
      DurableCommit.sync(database);
    }
  }

  private void load(
      SessionLocal session,
      String text,
      CopyFrom statement,
      Job job,
      JobInput input,
      Ledger ledger,
      CancelToken cancel)
      throws SQLException {
    boolean committed = false;
    session.lock();
    Session outer = session.setThreadLocalSession();
    try {
      session.setAutoCommit(false);
      session.setSavepoint();
      session.startStatementWithinTransaction(null);
      LoadOutcome outcome;
      try {
        outcome =
            new CopyExecutor()
                .load(
                    session,
                    text,
                    statement,
                    List.of(),
                    null,
                    input,
                    cancel,
                    settingsOf(job),
                    warnings);
      } finally {
        session.endStatement();
      }
      writeLedger(session, ledger, input.loadId(), outcome);
      cancel.check();
      session.commit(false);
      committed = true;
      CrashPoint.reach("after-commit");
    } finally {
      try {
        if (!committed) {
          session.rollback();
        }
      } finally {
        session.resetThreadLocalSession(outer);
        session.unlock();
      }
    }
  }

  /** The ledger is the engine's, not the owner's: its statements have the rights of the system. */
  private void writeLedger(SessionLocal session, Ledger ledger, long loadId, LoadOutcome outcome)
      throws SQLException {
    User owner = session.getUser();
    Internals.set(SESSION_USER, session, database.getSystemUser());
    try {
      // Not closed: that would end the session.
      Connection transaction = new InternalJdbcConnection(session);
      ledger.write(transaction, loadId, outcome);
    } finally {
      Internals.set(SESSION_USER, session, owner);
    }
  }

  private static CopyFrom withoutHeader(CopyFrom copy) {
    List<OptionClause> options = new ArrayList<>(copy.options());
    options.removeIf(option -> OF_HEADERS.contains(option.name()));
    return new CopyFrom(
        copy.table(),
        copy.columns(),
        copy.into(),
        copy.source(),
        options,
        copy.where(),
        copy.range());
  }

  private static BatchFailedException failed(CopyException e, JobInput input) {
    BatchFailedException.Fault fault =
        switch (e.code()) {
          case CANCELLED,
              TIMED_OUT,
              CREDENTIALS_REFUSED,
              DISK_FULL,
              SERIALIZATION_FAILURE,
              OBJECT_IN_USE,
              UNDEFINED_TABLE,
              READ_ONLY_TRANSACTION ->
              BatchFailedException.Fault.JOB;
          case OBJECT_MISSING, OBJECT_UNREADABLE, INSUFFICIENT_PRIVILEGE ->
              BatchFailedException.Fault.UNREADABLE;
          default -> BatchFailedException.Fault.OBJECT;
        };
    if (!input.begun()) {
      fault = BatchFailedException.Fault.JOB;
    }
    String text = e.getMessage();
    if (e.detail() != null) {
      text += "  " + e.detail();
    }
    if (e.context() != null) {
      text += "  " + e.context();
    }
    return new BatchFailedException(fault, input.badObject(), e.code().sqlState(), text, e);
  }

  private static BatchFailedException failed(SQLException e, JobInput input) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    // Data and constraints; what a lock, a closed database or H2 itself says is no object's fault.
    boolean ofObject = input.begun() && (state.startsWith("22") || state.startsWith("23"));
    return new BatchFailedException(
        ofObject ? BatchFailedException.Fault.OBJECT : BatchFailedException.Fault.JOB,
        input.badObject(),
        state,
        e.getMessage(),
        e);
  }
}
