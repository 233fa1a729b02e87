package io.copyload.engine;

import java.io.Serializable;

/**
 * What an error is about, as the fields of PostgreSQL's error reports name it (protocol chapter
 * "Error and Notice Message Fields"). Each part is null where PostgreSQL leaves it out; names are
 * shown as messages show them.
 *
 * @param dataType the domain whose constraint is broken
 */
public record ErrorObject(
    String schema, String table, String column, String dataType, String constraint)
    implements Serializable {
  /** An error about no single object: most are. */
  public static final ErrorObject NONE = new ErrorObject(null, null, null, null, null);

  /** A column that must not be null. */
  public static ErrorObject column(String column) {
    return new ErrorObject(null, null, column, null, null);
  }

  /** A constraint of the table. */
  public static ErrorObject constraint(String constraint) {
    return new ErrorObject(null, null, null, null, constraint);
  }

  /** A constraint of a domain. */
  public static ErrorObject ofDomain(String dataType, String constraint) {
    return new ErrorObject(null, null, null, dataType, constraint);
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /** The same with schema and table, or for a domain's error with the schema alone. */
  public ErrorObject in(String schemaName, String tableName) {
    return new ErrorObject(
        schemaName, dataType == null ? tableName : null, column, dataType, constraint);
  }
}
