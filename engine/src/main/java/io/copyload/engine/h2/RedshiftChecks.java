package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.FixedSpec;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.plan.ColumnMapping;
import io.copyload.engine.store.TargetType;
import org.h2.table.Column;
import org.h2.table.Table;

/**
 * What Redshift's COPY asks of a table before it reads anything (Redshift guide, "Column mapping
 * options", EXPLICIT_IDS and the notes of the data formats).
 */
final class RedshiftChecks {
  private RedshiftChecks() {}

  /**
   * Checks a COPY against its table; does nothing for other dialects.
   *
   * <p>Failures: {@code CopyException} that names the column.
   *
   * @param listed whether the statement has a column list
   */
  static void check(ResolvedCopy resolved, Table table, ColumnMapping mapping, boolean listed) {
    if (resolved.dialect() != DialectName.REDSHIFT) {
      return;
    }
    checkIdentities(resolved.redshift().explicitIds(), table, mapping, listed);
    for (int index : mapping.omitted()) {
      Column column = table.getColumn(index);
      if (!column.isNullable()
          && !column.isIdentity()
          && !column.isGenerated()
          && column.getEffectiveDefaultExpression() == null) {
        throw new CopyException(
                CopyErrorCode.NOT_NULL_VIOLATION,
                "NOT NULL column without DEFAULT must be included in column list")
            .withDetail("Column \"" + shown(column) + "\" is not filled.");
      }
    }
    checkFormat(resolved, table, mapping);
  }

  private static void checkIdentities(
      boolean explicit, Table table, ColumnMapping mapping, boolean listed) {
    boolean any = false;
    for (Column column : table.getColumns()) {
      if (!column.isIdentity()) {
        continue;
      }
      any = true;
      boolean filled = mapping.loaded().contains(column.getColumnId());
      if (filled && listed && !explicit && column.isGeneratedAlways()) {
        throw new CopyException(
                CopyErrorCode.SYNTAX,
                "cannot set identity column \"" + shown(column) + "\" without EXPLICIT_IDS")
            .withHint("Add EXPLICIT_IDS, or leave the column out of the list.");
      }
      if (!filled && explicit && column.isGeneratedAlways()) {
        throw new CopyException(
                CopyErrorCode.SYNTAX,
                "EXPLICIT_IDS needs identity column \"" + shown(column) + "\" in the column list")
            .withHint("Add the column to the list, or leave EXPLICIT_IDS out.");
      }
    }
    if (explicit && !any) {
      throw new CopyException(
          CopyErrorCode.SYNTAX, "EXPLICIT_IDS needs a table with an identity column");
    }
  }

  private static void checkFormat(ResolvedCopy resolved, Table table, ColumnMapping mapping) {
    if (resolved.format() instanceof JsonSpec json) {
      checkNoShred(json, table, mapping);
      return;
    }
    String clause =
        resolved.format() instanceof FixedSpec
            ? "FIXEDWIDTH"
            : resolved.format() instanceof DelimitedSpec text && text.redshift().removeQuotes()
                ? "REMOVEQUOTES"
                : null;
    if (clause == null) {
      return;
    }
    for (int index : mapping.loaded()) {
      Column column = table.getColumn(index);
      TargetType.Kind kind = TargetTypes.of(column.getType()).kind();
      if (kind == TargetType.Kind.VARBINARY
          || kind == TargetType.Kind.BINARY
          || kind == TargetType.Kind.BLOB) {
        throw new CopyException(
            CopyErrorCode.SYNTAX,
            clause + " cannot be used with VARBYTE column \"" + shown(column) + "\"");
      }
    }
    if (resolved.format() instanceof FixedSpec fixed) {
      int fields = fixed.fields().size();
      int columns = mapping.loaded().size();
      if (fields > columns || (fields < columns && !fixed.text().redshift().fillRecord())) {
        throw new CopyException(
                CopyErrorCode.SYNTAX,
                "FIXEDWIDTH names "
                    + fields
                    + " fields, but the COPY fills "
                    + columns
                    + " columns")
            .withHint("Give one label:width for each column, in the order of the columns.");
      }
    }
  }

  private static void checkNoShred(JsonSpec json, Table table, ColumnMapping mapping) {
    if (json.mapping() != JsonSpec.Mapping.NOSHRED) {
      return;
    }
    boolean fits = mapping.loaded().size() == 1;
    if (fits) {
      Column column = table.getColumn(mapping.loaded().get(0));
      fits = TargetTypes.of(column.getType()).kind() == TargetType.Kind.JSON;
    }
    if (!fits) {
      throw new CopyException(
              CopyErrorCode.SYNTAX, "JSON 'noshred' loads into a single SUPER column")
          .withHint("Name one column of type SUPER (JSON in H2) in the column list.");
    }
  }

  private static String shown(Column column) {
    return TableBinding.shown(
        column.getName(), column.getTable().getDatabase().getSettings().databaseToUpper);
  }
}
