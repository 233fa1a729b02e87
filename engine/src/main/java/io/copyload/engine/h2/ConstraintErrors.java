package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.ErrorObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.constraint.Constraint;
import org.h2.constraint.ConstraintReferential;
import org.h2.index.Index;
import org.h2.message.DbException;
import org.h2.schema.Domain;
import org.h2.table.Column;
import org.h2.table.IndexColumn;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueBoolean;

/**
 * Says in PostgreSQL's words which constraint a COPY has broken. Constraints that H2 has named get
 * the names that PostgreSQL would have given them.
 */
final class ConstraintErrors {
  private static final Pattern NAMED_BY_H2 =
      Pattern.compile("CONSTRAINT_[0-9A-F]+(_[0-9]+)?|(PRIMARY_KEY|UNIQUE_KEY)_[0-9A-F_]+");

  private final Table table;
  private final boolean foldsToUpper;

  private ConstraintErrors(Table table) {
    this.table = table;
    foldsToUpper = table.getDatabase().getSettings().databaseToUpper;
  }

  /**
   * PostgreSQL's error for H2's.
   *
   * @return {@code e} itself when it is not about a constraint of the table or its domains
   */
  static RuntimeException translated(Table table, DbException e) {
    ConstraintErrors errors = new ConstraintErrors(table);
    CopyException translated =
        switch (e.getErrorCode()) {
          case ErrorCode.DUPLICATE_KEY_1 -> errors.duplicate(e);
          case ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1 -> errors.parentMissing(e);
          case ErrorCode.CHECK_CONSTRAINT_VIOLATED_1 -> errors.check(e);
          default -> null;
        };
    return translated == null ? e : translated;
  }

  private CopyException duplicate(DbException e) {
    if (!(e.getSource() instanceof Index index)) {
      return null;
    }
    List<Column> columns = columns(index.getIndexColumns(), index.getUniqueColumnCount());
    String name = index.getName();
    boolean primary = index.getIndexType().isPrimaryKey();
    for (Constraint constraint : table.getConstraints()) {
      if (constraint.getConstraintType().isUnique() && constraint.usesIndex(index)) {
        name = constraint.getName();
        primary = constraint.getConstraintType() == Constraint.Type.PRIMARY_KEY;
        break;
      }
    }
    String shown =
        !NAMED_BY_H2.matcher(name).matches()
            ? shown(name)
            : primary ? tableName() + "_pkey" : generated(columns, "key");
    return error(
        CopyErrorCode.UNIQUE_VIOLATION,
        "duplicate key value violates unique constraint \"" + shown + "\"",
        key(columns, KeyClash.of(e), " already exists."),
        ErrorObject.constraint(shown),
        e);
  }

  private CopyException parentMissing(DbException e) {
    if (!(named(e) instanceof ConstraintReferential foreignKey)) {
      return null;
    }
    List<Column> columns = columns(foreignKey.getColumns(), foreignKey.getColumns().length);
    String shown =
        isNamedByUser(foreignKey) ? shown(foreignKey.getName()) : generated(columns, "fkey");
    return error(
        CopyErrorCode.FOREIGN_KEY_VIOLATION,
        "insert or update on table \""
            + tableName()
            + "\" violates foreign key constraint \""
            + shown
            + "\"",
        key(
            columns,
            KeyClash.of(e),
            " is not present in table \"" + shown(foreignKey.getRefTable().getName()) + "\"."),
        ErrorObject.constraint(shown),
        e);
  }

  private CopyException check(DbException e) {
    Constraint constraint = named(e);
    if (constraint == null) {
      return domainCheck(e);
    }
    List<Column> columns = new ArrayList<>(constraint.getReferencedColumns(table));
    String shown =
        isNamedByUser(constraint)
            ? shown(constraint.getName())
            : generated(columns.size() == 1 ? columns : List.of(), "check");
    return error(
        CopyErrorCode.CHECK_VIOLATION,
        "new row for relation \"" + tableName() + "\" violates check constraint \"" + shown + "\"",
        FailingRow.of(e),
        ErrorObject.constraint(shown),
        e);
  }

  private CopyException domainCheck(DbException e) {
    String message = e.getSQLException().getMessage();
    for (Column column : table.getColumns()) {
      for (Domain domain = column.getDomain(); domain != null; domain = domain.getDomain()) {
        List<? extends Constraint> constraints = domain.getConstraints();
        for (Constraint constraint : constraints == null ? List.<Constraint>of() : constraints) {
          if (message.contains(constraint.getExpression().getTraceSQL())) {
            String shown =
                isNamedByUser(constraint)
                    ? shown(constraint.getName())
                    : shown(domain.getName()) + "_check";
            return error(
                CopyErrorCode.CHECK_VIOLATION,
                "value for domain "
                    + shown(domain.getName())
                    + " violates check constraint \""
                    + shown
                    + "\"",
                null,
                ErrorObject.ofDomain(shown(domain.getName()), shown),
                e);
          }
        }
      }
    }
    return null;
  }

  /** The constraint of the table that H2's message begins with. */
  private Constraint named(DbException e) {
    String name = name(e);
    for (Constraint constraint : table.getConstraints()) {
      if (constraint.getName().equals(name)) {
        return constraint;
      }
    }
    return null;
  }

  private static String name(DbException e) {
    String message = e.getSQLException().getMessage();
    int begin = message.indexOf('"') + 1;
    int end = message.indexOf(": ", begin);
    return begin > 0 && end > begin ? message.substring(begin, end) : "";
  }

  private static boolean isNamedByUser(Constraint constraint) {
    return !NAMED_BY_H2.matcher(constraint.getName()).matches();
  }

  private static List<Column> columns(IndexColumn[] indexColumns, int count) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns.add(indexColumns[i].column);
    }
    return columns;
  }

  /** The name that PostgreSQL makes from the table and the columns. */
  private String generated(List<Column> columns, String suffix) {
    StringJoiner name = new StringJoiner("_");
    name.add(tableName());
    Set<Column> seen = new HashSet<>();
    for (Column column : columns) {
      if (seen.add(column)) {
        name.add(shown(column.getName()));
      }
    }
    return name.add(suffix).toString();
  }

  private String key(List<Column> columns, Value[] values, String end) {
    if (values == null || values.length < columns.size()) {
      return null;
    }
    StringJoiner names = new StringJoiner(", ", "Key (", ")=(");
    StringJoiner texts = new StringJoiner(", ", "", ")");
    for (int i = 0; i < columns.size(); i++) {
      names.add(shown(columns.get(i).getName()));
      texts.add(text(values[i]));
    }
    return names + texts.toString() + end;
  }

  private static String text(Value value) {
    if (value == ValueBoolean.TRUE || value == ValueBoolean.FALSE) {
      return value == ValueBoolean.TRUE ? "t" : "f";
    }
    String text = value.getString();
    return text == null ? "null" : text;
  }

  private String tableName() {
    return shown(table.getName());
  }

  private String shown(String name) {
    return TableBinding.shown(name, foldsToUpper);
  }

  private static CopyException error(
      CopyErrorCode code, String message, String detail, ErrorObject object, DbException cause) {
    return new CopyException(code, message, detail, null, null, 0, cause).withObject(object);
  }
}
