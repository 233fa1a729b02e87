package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.StoredObjects;
import io.copyload.engine.job.Job;
import io.copyload.engine.job.JobOptions;
import io.copyload.engine.job.JobStatements;
import io.copyload.engine.job.JobWhy;
import io.copyload.engine.statement.CopyCommand;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyJob;
import io.copyload.engine.statement.CopyParser;
import io.copyload.engine.statement.Identifier;
import io.copyload.engine.statement.LeadingWords;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionValue;
import io.copyload.engine.statement.ResolvedText;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.util.JSR310Utils;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueInteger;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;

/** {@code COPY ... JOB CREATE} and the {@code COPY JOB} statements. */
final class JobStatement implements OwnStatement {
  private final String sql;
  private final CopyJob statement;

  private JobStatement(String sql, CopyJob statement) {
    this.sql = sql;
    this.statement = statement;
  }

  /** Texts that begin with COPY and have the word JOB. */
  static final Kind KIND =
      new Kind() {
        @Override
        public boolean claims(String sql) {
          return LeadingWords.are(sql, "COPY") && hasJob(sql);
        }

        @Override
        public OwnStatement prepare(SessionLocal session, CopySettings settings, String sql) {
          CopyCommand command;
          try {
            command = CopyParser.parse(sql);
          } catch (CopyException e) {
            // The same error comes when the COPY is executed.
            return null;
          }
          return command instanceof CopyJob job ? new JobStatement(sql, job) : null;
        }
      };

  private static boolean hasJob(String sql) {
    for (int i = sql.length() - 3; i >= 0; i--) {
      if (sql.regionMatches(true, i, "JOB", 0, 3)) {
        return true;
      }
    }
    return false;
  }

  private static List<Column> columns(String... namesAndTypes) {
    List<Column> columns = new ArrayList<>();
    for (String each : namesAndTypes) {
      String[] parts = each.split(" ");
      columns.add(
          new Column(
              parts[0].toUpperCase(Locale.ROOT),
              switch (parts[1]) {
                case "bigint" -> TypeInfo.TYPE_BIGINT;
                case "integer" -> TypeInfo.TYPE_INTEGER;
                case "timestamp" -> TypeInfo.TYPE_TIMESTAMP;
                default -> TypeInfo.TYPE_VARCHAR;
              }));
    }
    return columns;
  }

  private static final List<Column> LIST =
      columns(
          "job_id bigint",
          "job_name varchar",
          "iam_role varchar",
          "job_text varchar",
          "is_auto integer",
          "on_error_suspend integer",
          "data_source varchar");

  private static final List<Column> SHOW =
      columns(
          "job_id bigint",
          "job_name varchar",
          "iam_role varchar",
          "job_text varchar",
          "is_auto integer",
          "on_error_suspend integer",
          "data_source varchar",
          "table_name varchar",
          "owner varchar",
          "options varchar",
          "created timestamp",
          "state varchar",
          "waiting bigint",
          "loaded bigint",
          "failed bigint",
          "quarantined bigint",
          "skipped bigint",
          "last_run timestamp",
          "next_run timestamp",
          "last_error varchar");

  private static final List<Column> WHY =
      columns(
          "job_id bigint",
          "job_name varchar",
          "object_name varchar",
          "state varchar",
          "reason varchar",
          "load_id bigint",
          "loaded_rows bigint",
          "loaded_at timestamp",
          "attempts integer",
          "next_try timestamp");

  @Override
  public List<Column> columns() {
    if (statement instanceof CopyJob.ListAll) {
      return LIST;
    }
    if (statement instanceof CopyJob.Show) {
      return SHOW;
    }
    return statement instanceof CopyJob.Why ? WHY : List.of();
  }

  /** As Redshift does, names that are not quoted are lower case. */
  private static String nameOf(Identifier name) {
    return name.quoted() ? name.text() : name.text().toLowerCase(Locale.ROOT);
  }

  @Override
  public long run(Execution execution) {
    SessionLocal session = execution.session();
    JobStatements jobs =
        new JobStatements(
            JobsTable.of(session),
            InternalSessions.connections(session.getDatabase()),
            session.getUser().getName(),
            session.getUser().isAdmin());
    try {
      if (statement instanceof CopyJob.ListAll) {
        for (Job job : jobs.list()) {
          execution.rows().accept(values(job).toArray(Value[]::new));
        }
        return 0;
      }
      if (statement instanceof CopyJob.Show show) {
        execution.rows().accept(values(jobs.show(nameOf(show.name()))));
        return 0;
      }
      if (statement instanceof CopyJob.Why why) {
        for (JobWhy.Answer answer :
            jobs.why(why.object(), job -> host(execution), execution.cancel())) {
          execution.rows().accept(values(why.object(), answer));
        }
        return 0;
      }
      session.getDatabase().checkWritingAllowed();
      return change(execution, jobs);
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  private static JobLoads host(Execution execution) {
    return new JobLoads(
        execution.session().getDatabase(), execution.settings(), execution.warnings());
  }

  private long change(Execution execution, JobStatements jobs) throws SQLException {
    SessionLocal session = execution.session();
    if (statement instanceof CopyJob.Create create) {
      checkNoTransaction(execution);
      create(execution, jobs, create);
    } else if (statement instanceof CopyJob.Alter alter) {
      Boolean auto = alter.auto() == CopyJob.Auto.ABSENT ? null : alter.auto() == CopyJob.Auto.ON;
      jobs.alter(nameOf(alter.name()), auto, options(alter.options()));
    } else if (statement instanceof CopyJob.Drop drop) {
      checkNoTransaction(execution);
      jobs.drop(nameOf(drop.name()), execution.cancel(), session.getLockTimeout());
    } else if (statement instanceof CopyJob.Run run) {
      if (execution.settings().readOnly()) {
        throw new CopyException(
            CopyErrorCode.READ_ONLY_TRANSACTION,
            "cannot execute COPY JOB RUN in a read-only transaction");
      }
      JobStatements.Ran ran =
          jobs.run(
              nameOf(run.name()), host(execution), execution.cancel(), session.getLockTimeout());
      if (ran.failedFiles() > 0) {
        execution
            .warnings()
            .accept(
                new SQLWarning(
                    "COPY job '"
                        + nameOf(run.name())
                        + "': "
                        + ran.failedFiles()
                        + " file(s) could not be loaded.  Check 'copyload_job_files' for details.",
                    "00000"));
      }
      return ran.loadedRows();
    }
    return 0;
  }

  private void checkNoTransaction(Execution execution) {
    if (execution.settings().jobs().strict() && !execution.session().getAutoCommit()) {
      throw new CopyException(
              CopyErrorCode.ACTIVE_TRANSACTION,
              statement.statementName() + " cannot run inside a transaction block")
          .withHint("Switch auto-commit on.");
    }
  }

  private static List<JobStatements.Option> options(List<OptionClause> clauses) {
    List<JobStatements.Option> options = new ArrayList<>();
    for (OptionClause clause : clauses) {
      options.add(new JobStatements.Option(clause.written(), text(clause)));
    }
    return options;
  }

  private static String text(OptionClause clause) {
    OptionValue value = clause.value();
    if (value instanceof OptionValue.Text text) {
      return text.text();
    }
    if (value instanceof OptionValue.Word word) {
      return word.text();
    }
    if (value instanceof OptionValue.Number number) {
      return number.text();
    }
    if (value instanceof OptionValue.None) {
      return "true";
    }
    throw new CopyException(
            CopyErrorCode.INVALID_PARAMETER_VALUE,
            "COPY JOB option " + clause.written() + " takes one value")
        .withPosition(clause.range().begin() + 1);
  }

  private void create(Execution execution, JobStatements jobs, CopyJob.Create create)
      throws SQLException {
    SessionLocal session = execution.session();
    CopySettings settings = execution.settings();
    boolean strict = settings.jobs().strict();
    JobChecks.check(create, strict);
    JobOptions options = JobOptions.NONE;
    for (JobStatements.Option option : options(create.options())) {
      options = options.with(option.name(), option.value());
    }
    Table table = TableBinding.of(session, create.copy(), settings.dialect()).table();
    // The statement alone, so that it can be read without the text around it.
    String text = create.copy().range().of(sql);
    CopyFrom copy = (CopyFrom) CopyParser.parse(text);
    String location = JobChecks.location(copy);
    StoredObjects secrets = null;
    if (JobChecks.hasSecrets(copy)) {
      secrets = StoredConnections.of(session, settings);
      secrets.checkCanSeal("the statement of COPY job \"" + nameOf(create.name()) + "\" has keys");
    }
    jobs.create(
        new JobStatements.NewJob(
            nameOf(create.name()),
            session.getUser().getId(),
            session.getDatabase().getShortName(),
            session.getCurrentSchemaName(),
            table.getSchema().getName(),
            table.getName(),
            location,
            JobChecks.iamRole(copy),
            text,
            ResolvedText.of(text, copy, copy.table().range().of(text), location),
            settings.dialect().propertyValue(),
            create.auto() != CopyJob.Auto.OFF,
            options,
            secrets),
        strict ? host(execution) : null,
        execution.cancel());
  }

  private static Value text(String text) {
    return text == null ? ValueNull.INSTANCE : ValueVarchar.get(text);
  }

  private static Value time(Instant instant) {
    return instant == null
        ? ValueNull.INSTANCE
        : JSR310Utils.localDateTimeToValue(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
  }

  private static Value number(Long number) {
    return number == null ? ValueNull.INSTANCE : ValueBigint.get(number);
  }

  private static List<Value> values(Job job) {
    return new ArrayList<>(
        List.of(
            ValueBigint.get(job.id()),
            text(job.name()),
            text(job.iamRole()),
            text(job.shownText()),
            ValueInteger.get(job.auto() ? 1 : 0),
            ValueInteger.get(0),
            text(job.location())));
  }

  private static Value[] values(JobStatements.Shown shown) {
    Job job = shown.job();
    List<Value> values = values(job);
    values.add(text(job.tableName()));
    values.add(text(job.userName()));
    values.add(text(job.options().text()));
    values.add(time(job.created()));
    values.add(text(shown.running() ? "running" : job.auto() ? "scheduled" : "idle"));
    values.add(number(shown.waiting()));
    values.add(number(shown.loaded()));
    values.add(number(shown.failed()));
    values.add(number(shown.quarantined()));
    values.add(number(shown.skipped()));
    values.add(time(job.lastRun()));
    values.add(time(shown.nextRun()));
    values.add(text(job.lastError()));
    return values.toArray(Value[]::new);
  }

  private static Value[] values(String object, JobWhy.Answer answer) {
    return new Value[] {
      ValueBigint.get(answer.job().id()),
      text(answer.job().name()),
      text(object),
      text(answer.state()),
      text(answer.reason()),
      number(answer.loadId()),
      number(answer.loadedRows()),
      time(answer.at()),
      ValueInteger.get(answer.attempts()),
      time(answer.nextTry())
    };
  }
}
