package io.copyload.engine.dialect;

import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.statement.OptionClause;

/** What the options of a COPY TO mean in PostgreSQL, see {@link PostgresOptionReader}. */
final class PostgresExportOptions {
  private final CopyTo copy;
  private final DialectName dialect;

  PostgresExportOptions(CopyTo copy, DialectName dialect) {
    this.copy = copy;
    this.dialect = dialect;
  }

  ResolvedExport resolve() {
    PostgresOptionReader options = new PostgresOptionReader(dialect, false);
    options.read(copy.options());
    OptionClause encoding = options.find("ENCODING");
    if (encoding != null
        && options.isBinary()
        && !EncodingNames.isUtf8(OptionArgument.text(encoding))) {
      throw CopyResolver.notBuilt("ENCODING in BINARY mode", encoding);
    }
    return new ResolvedExport(
        dialect, options.format(), options.columns("FORCE_QUOTE"), options.encoding());
  }
}
