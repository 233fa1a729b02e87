package io.copyload.engine.dialect;

import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.dialect.PostgresClauses.OnError;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.parquet.ParquetFormat;
import io.copyload.engine.load.ErrorBudget;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.statement.CopyFrom;
import java.nio.charset.StandardCharsets;

/** What the options of a COPY FROM mean in PostgreSQL, see {@link PostgresOptionReader}. */
final class PostgresOptions {
  private final CopyFrom copy;
  private final DialectName dialect;
  private final PostgresOptionReader options;

  PostgresOptions(CopyFrom copy, DialectName dialect) {
    this.copy = copy;
    this.dialect = dialect;
    options =
        dialect == DialectName.MATERIALIZE
            ? new MaterializeOptionReader(copy.source(), true)
            : new PostgresOptionReader(dialect, true);
  }

  ResolvedCopy resolve() {
    options.read(copy.options());
    return new ResolvedCopy(
        dialect,
        format(),
        LoadPlan.Compression.DETECT,
        budget(),
        ConversionSpec.Dialect.POSTGRESQL,
        options.source(),
        new PostgresClauses(
            options.columns("FORCE_NOT_NULL"),
            options.columns("FORCE_NULL"),
            options.columns("CONVERT_SELECTIVELY"),
            options.onError(),
            options.rejectLimit(),
            options.verbosity(),
            options.encoding(),
            options.freeze()));
  }

  private FormatSpec format() {
    return options.format() instanceof ParquetFormat parquet && !copy.columns().isEmpty()
        ? parquet.ofListedColumns()
        : options.format();
  }

  private ErrorBudget budget() {
    if (options.onError() != OnError.IGNORE) {
      return ErrorBudget.NONE;
    }
    long limit = options.rejectLimit();
    boolean unlimited = limit == 0 || limit == Long.MAX_VALUE;
    return new ErrorBudget(unlimited ? Long.MAX_VALUE : limit + 1, true);
  }

  static boolean isOneByte(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length == 1;
  }

  static boolean hasLineEnd(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  }
}
