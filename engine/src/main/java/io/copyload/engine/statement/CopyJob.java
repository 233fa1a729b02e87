package io.copyload.engine.statement;

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
   * {@code COPY ... JOB CREATE name}.
   *
   * @param copy the stored command; its range is the text to store
   */
  record Create(CopyFrom copy, Identifier name, Auto auto, TextRange range) implements CopyJob {
    public Create {
      Objects.requireNonNull(copy, "copy");
      Objects.requireNonNull(name, "name");
    }

    @Override
    public String statementName() {
      return "COPY JOB CREATE";
    }
  }

  /** {@code COPY JOB ALTER name [AUTO ON|OFF]}. */
  record Alter(Identifier name, Auto auto, TextRange range) implements CopyJob {
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
}
