package io.copyload.engine.dialect;

import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.SourceRef;

/** What the options of a COPY TO mean in PostgreSQL, see {@link PostgresOptionReader}. */
final class PostgresExportOptions {
  private final CopyTo copy;
  private final DialectName dialect;

  PostgresExportOptions(CopyTo copy, DialectName dialect) {
    this.copy = copy;
    this.dialect = dialect;
  }

  ResolvedExport resolve() {
    boolean materialize = dialect == DialectName.MATERIALIZE;
    PostgresOptionReader options =
        materialize
            ? new MaterializeOptionReader(copy.target(), false)
            : new PostgresOptionReader(dialect, false);
    options.read(copy.options());
    if (materialize && copy.table() != null && copy.target() instanceof SourceRef.Stdin) {
      throw OptionArgument.notAllowed("named with COPY TO STDOUT unsupported")
          .withHint("Write COPY (SELECT ...) TO STDOUT.")
          .withPosition(copy.table().range().position());
    }
    OptionClause encoding = options.find("ENCODING");
    if (encoding != null
        && options.isBinary()
        && !EncodingNames.isUtf8(OptionArgument.text(encoding))) {
      throw CopyResolver.notBuilt("ENCODING in BINARY mode", encoding);
    }
    return new ResolvedExport(
        dialect,
        options.format(),
        options.columns("FORCE_QUOTE"),
        options.encoding(),
        options.place());
  }
}
