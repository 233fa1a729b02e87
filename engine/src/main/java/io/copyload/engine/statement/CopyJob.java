package io.copyload.engine.statement;

import java.util.List;
import java.util.Objects;

/** Redshift's stored COPY commands. */
public sealed interface CopyJob extends CopyCommand {
  /** The AUTO clause. */
  enum Auto {
    ABSENT,
    ON,
    OFF
  }

  /**
   * {@code COPY ... JOB CREATE name [AUTO ON|OFF] [WITH (option value, ...)]}. The options are
   * ours.
   *
   * @param copy the stored command; its range is the text to store
   */
  record Create(
      CopyFrom copy, Identifier name, Auto auto, List<OptionClause> options, TextRange range)
      implements CopyJob {
    public Create {
      Objects.requireNonNull(copy, "copy");
      Objects.requireNonNull(name, "name");
      options = List.copyOf(options);
    }

    @Override
    public String statementName() {
      return "COPY JOB CREATE";
    }
  }

  /** {@code COPY JOB ALTER name [AUTO ON|OFF] [WITH (option value, ...)]}. */
  record Alter(Identifier name, Auto auto, List<OptionClause> options, TextRange range)
      implements CopyJob {
    public Alter {
      options = List.copyOf(options);
    }

    @Override
    public String statementName() {
      return "COPY JOB ALTER";
    }
  }

  /** {@code COPY JOB RUN name}. */
  record Run(Identifier name, TextRange range) implements CopyJob {
    @Override
    public String statementName() {
      return "COPY JOB RUN";
    }
  }

  /** {@code COPY JOB LIST}. */
  record ListAll(TextRange range) implements CopyJob {
    @Override
    public String statementName() {
      return "COPY JOB LIST";
    }
  }

  /** {@code COPY JOB SHOW name}. */
  record Show(Identifier name, TextRange range) implements CopyJob {
    @Override
    public String statementName() {
      return "COPY JOB SHOW";
    }
  }

  /** {@code COPY JOB DROP name}. */
  record Drop(Identifier name, TextRange range) implements CopyJob {
    @Override
    public String statementName() {
      return "COPY JOB DROP";
    }
  }

  /** {@code COPY JOB WHY 'object'}: ours. */
  record Why(String object, TextRange range) implements CopyJob {
    @Override
    public String statementName() {
      return "COPY JOB WHY";
    }
  }
}
