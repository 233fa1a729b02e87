package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.CopyCommand;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.statement.OptionClause;

/** Turns the clauses of a COPY into resolved specs. Threads: any. */
public final class CopyResolver {
  private CopyResolver() {}

  /**
   * Resolves the options of a statement.
   *
   * <p>Failures: {@code CopyException} with the code, text and position that PostgreSQL's major has
   * for its option errors; FEATURE_NOT_SUPPORTED for an option whose meaning is not built; and
   * those of {@link DialectDecision#decide}.
   */
  public static ResolvedCopy resolve(CopyFrom copy, DialectName property) {
    DialectName dialect = DialectDecision.decide(copy, property);
    return dialect == DialectName.REDSHIFT
        ? new RedshiftOptions(copy).resolve()
        : new PostgresOptions(copy, dialect).resolve();
  }

  /**
   * Resolves the options of a COPY TO. Redshift has none, so that its dialect reads PostgreSQL's.
   *
   * <p>Failures: as for {@link #resolve(CopyFrom, DialectName)}.
   */
  public static ResolvedExport resolve(CopyTo copy, DialectName property) {
    if (property == DialectName.MATERIALIZE) {
      MaterializeSyntax.checkPlace(copy.target());
    }
    boolean own = property.isPostgresql() || property == DialectName.MATERIALIZE;
    DialectName dialect =
        own
            ? property
            : DialectDecision.isMaterialize(copy)
                ? DialectName.MATERIALIZE
                : DialectName.POSTGRESQL;
    return new PostgresExportOptions(copy, dialect).resolve();
  }

  /** The refusal of a statement that is parsed but not built. */
  public static CopyException unsupported(CopyCommand command) {
    return new CopyException(
            CopyErrorCode.FEATURE_NOT_SUPPORTED, command.statementName() + " is not supported yet")
        .withPosition(command.range().position());
  }

  static CopyException notBuilt(OptionClause clause) {
    return notBuilt("option " + clause.name(), clause);
  }

  static CopyException notBuilt(String what, OptionClause clause) {
    return new CopyException(
            CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY " + what + " is not supported yet")
        .withPosition(clause.nameRange().position());
  }
}
