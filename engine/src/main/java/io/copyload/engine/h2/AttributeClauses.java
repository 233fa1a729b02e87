package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.Identifier;
import io.copyload.engine.statement.TableAttribute;
import io.copyload.engine.store.ColumnEncoding;
import io.copyload.engine.store.TargetType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.h2.engine.Database;
import org.h2.table.Column;

/**
 * Applies attributes as written to those that a table has, and checks them against its columns.
 *
 * <p>Failures: SYNTAX for clauses that exclude each other, UNDEFINED_COLUMN, DUPLICATE_COLUMN,
 * DATATYPE_MISMATCH, PROGRAM_LIMIT_EXCEEDED, each with its place in the statement.
 */
final class AttributeClauses {
  private static final int MAX_COMPOUND = 400;
  private static final int MAX_INTERLEAVED = 8;
  private static final Set<String> STYLES = Set.of("AUTO", "EVEN", "KEY", "ALL");

  private final Database database;
  private final List<Column> columns;
  private TableAttributes result;
  private Identifier style;
  private boolean keyGiven;
  private boolean sortKeyGiven;

  private AttributeClauses(Database database, TableAttributes base, List<Column> columns) {
    this.database = database;
    this.columns = columns;
    this.result = base;
  }

  /**
   * The attributes after the clauses.
   *
   * @param columns of the table, those that the statement makes included
   */
  static TableAttributes apply(
      Database database, TableAttributes base, List<TableAttribute> clauses, List<Column> columns) {
    AttributeClauses application = new AttributeClauses(database, base, columns);
    clauses.forEach(application::apply);
    return application.checked();
  }

  private void apply(TableAttribute clause) {
    if (clause instanceof TableAttribute.Encode encode) {
      Column column = column(encode.column());
      result = result.withEncoding(column.getName(), encoding(encode, column));
    } else if (clause instanceof TableAttribute.EncodeAuto) {
      result = result.withEncodings(java.util.Map.of());
    } else if (clause instanceof TableAttribute.DistStyle given) {
      distStyle(given.style());
    } else if (clause instanceof TableAttribute.DistKey key) {
      distKey(key.column());
    } else if (clause instanceof TableAttribute.SortKey key) {
      sortKey(key);
    } else if (clause instanceof TableAttribute.SortKeyAuto) {
      result = result.withSortKey(List.of(), false);
    } else if (clause instanceof TableAttribute.Backup backup) {
      result = result.withBackup(backup.yes());
    } else if (clause instanceof TableAttribute.TypeName type) {
      result = result.withTypeName(column(type.column()).getName(), type.name());
    }
  }

  private ColumnEncoding encoding(TableAttribute.Encode encode, Column column) {
    Identifier name = encode.encoding();
    ColumnEncoding encoding = ColumnEncoding.named(name.text());
    if (encoding == null) {
      throw error(CopyErrorCode.SYNTAX, "encoding \"" + name.text() + "\" is not known", name)
          .withHint(
              "Encodings are "
                  + Arrays.stream(ColumnEncoding.values())
                      .map(ColumnEncoding::sqlName)
                      .collect(Collectors.joining(", "))
                  + "; ENCODE AUTO is a clause of the table.");
    }
    TargetType type = TargetTypes.of(column.getType());
    if (!encoding.suits(type)) {
      throw error(
          CopyErrorCode.DATATYPE_MISMATCH,
          "encoding "
              + encoding.sqlName()
              + " is not for column "
              + shown(column)
              + " of type "
              + RedshiftTypeNames.of(column, result),
          name);
    }
    return encoding;
  }

  private void distStyle(Identifier given) {
    String name = given.text().toUpperCase(Locale.ROOT);
    if (!STYLES.contains(name)) {
      throw error(CopyErrorCode.SYNTAX, "DISTSTYLE must be AUTO, EVEN, KEY or ALL", given);
    }
    if (style != null) {
      throw error(CopyErrorCode.SYNTAX, "DISTSTYLE is given twice", given);
    }
    if (keyGiven && !name.equals("KEY")) {
      throw error(CopyErrorCode.SYNTAX, "DISTKEY goes with DISTSTYLE KEY only", given);
    }
    style = given;
    result = result.withDistribution(name, keyGiven ? result.distKey() : null);
  }

  private void distKey(Identifier given) {
    Column column = column(given);
    if (keyGiven) {
      throw error(CopyErrorCode.SYNTAX, "a table has one DISTKEY column at most", given);
    }
    checkKeyType(column, given, "DISTKEY");
    if (style != null && !result.distStyle().equals("KEY")) {
      throw error(CopyErrorCode.SYNTAX, "DISTKEY goes with DISTSTYLE KEY only", given);
    }
    keyGiven = true;
    result = result.withDistribution("KEY", column.getName());
  }

  private void sortKey(TableAttribute.SortKey key) {
    if (sortKeyGiven) {
      throw error(
          CopyErrorCode.SYNTAX,
          "SORTKEY is given twice: several columns go into one SORTKEY (column, ...)",
          key.columns().isEmpty() ? null : key.columns().get(0));
    }
    sortKeyGiven = true;
    int most = key.interleaved() ? MAX_INTERLEAVED : MAX_COMPOUND;
    if (key.columns().size() > most) {
      throw error(
          CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "a sort key of this style has " + most + " columns at most",
          key.columns().get(most));
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Identifier given : key.columns()) {
      Column column = column(given);
      checkKeyType(column, given, "SORTKEY");
      if (!seen.add(column.getName())) {
        throw error(
            CopyErrorCode.DUPLICATE_COLUMN,
            "column " + shown(column) + " is in the sort key twice",
            given);
      }
      names.add(column.getName());
    }
    result = result.withSortKey(names, key.interleaved());
  }

  private void checkKeyType(Column column, Identifier given, String key) {
    switch (TargetTypes.of(column.getType()).kind()) {
      case JSON, GEOMETRY, ARRAY, OTHER, BLOB ->
          throw error(
              CopyErrorCode.DATATYPE_MISMATCH,
              "column "
                  + shown(column)
                  + " of type "
                  + RedshiftTypeNames.of(column, result)
                  + " cannot be a "
                  + key,
              given);
      default -> {}
    }
  }

  private TableAttributes checked() {
    if (result.distStyle().equals("KEY") && result.distKey() == null) {
      throw error(CopyErrorCode.SYNTAX, "DISTSTYLE KEY needs a DISTKEY column", style);
    }
    return result;
  }

  private Column column(Identifier given) {
    String name = TableBinding.stored(database, given);
    for (Column column : columns) {
      if (column.getName().equals(name)) {
        return column;
      }
    }
    throw error(
        CopyErrorCode.UNDEFINED_COLUMN, "column \"" + given.shown() + "\" does not exist", given);
  }

  private String shown(Column column) {
    return TableBinding.shown(column.getName(), database.getSettings().databaseToUpper);
  }

  private static CopyException error(CopyErrorCode code, String message, Identifier at) {
    CopyException error = new CopyException(code, message);
    return at == null ? error : error.withPosition(at.range().position());
  }
}
