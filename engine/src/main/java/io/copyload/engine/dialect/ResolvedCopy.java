package io.copyload.engine.dialect;

import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.convert.RedshiftConversion;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.load.ErrorBudget;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.source.SourceClauses;
import java.util.Objects;

/**
 * The options of a COPY with every default filled in and every check passed. Table, columns and
 * source stay in the {@link io.copyload.engine.statement.CopyFrom}.
 *
 * @param dialect never AUTO
 * @param conversion whose input syntaxes the fields have
 * @param source what the clauses say about the source
 * @param postgres what only PostgreSQL has options for
 * @param values what Redshift's conversion options ask for
 * @param redshift what else only Redshift has clauses for
 */
public record ResolvedCopy(
    DialectName dialect,
    FormatSpec format,
    LoadPlan.Compression compression,
    ErrorBudget budget,
    ConversionSpec.Dialect conversion,
    SourceClauses source,
    PostgresClauses postgres,
    RedshiftConversion values,
    RedshiftClauses redshift) {
  public ResolvedCopy {
    if (dialect == DialectName.AUTO) {
      throw new IllegalArgumentException("dialect is not decided");
    }
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(compression, "compression");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(conversion, "conversion");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(postgres, "postgres");
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(redshift, "redshift");
  }

  /** A COPY of a dialect that has none of Redshift's own clauses. */
  public ResolvedCopy(
      DialectName dialect,
      FormatSpec format,
      LoadPlan.Compression compression,
      ErrorBudget budget,
      ConversionSpec.Dialect conversion,
      SourceClauses source,
      PostgresClauses postgres) {
    this(
        dialect,
        format,
        compression,
        budget,
        conversion,
        source,
        postgres,
        RedshiftConversion.DEFAULT,
        RedshiftClauses.NONE);
  }
}
