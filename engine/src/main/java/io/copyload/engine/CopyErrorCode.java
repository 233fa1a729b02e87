package io.copyload.engine;

/**
 * Every way a COPY can fail, with the SQLSTATE that clients see and the family that decides the
 * {@code java.sql} exception type. SQLSTATEs are PostgreSQL's where it has one for the case.
 */
public enum CopyErrorCode {
  SYNTAX("42601", Family.SYNTAX),
  UNDEFINED_TABLE("42P01", Family.SYNTAX),
  UNDEFINED_SCHEMA("3F000", Family.SYNTAX),
  UNDEFINED_COLUMN("42703", Family.SYNTAX),
  DUPLICATE_COLUMN("42701", Family.SYNTAX),
  INVALID_COLUMN_REFERENCE("42P10", Family.SYNTAX),
  WRONG_OBJECT_TYPE("42809", Family.SYNTAX),
  GROUPING_ERROR("42803", Family.SYNTAX),
  WINDOWING_ERROR("42P20", Family.SYNTAX),
  DATATYPE_MISMATCH("42804", Family.SYNTAX),
  INVALID_NAME("42602", Family.SYNTAX),
  INSUFFICIENT_PRIVILEGE("42501", Family.SYNTAX),
  INVALID_PARAMETER_VALUE("22023", Family.DATA),
  FEATURE_NOT_SUPPORTED("0A000", Family.NOT_SUPPORTED),
  BAD_COPY_FILE_FORMAT("22P04", Family.DATA),
  INVALID_TEXT_REPRESENTATION("22P02", Family.DATA),
  INVALID_BINARY_REPRESENTATION("22P03", Family.DATA),
  INVALID_DATETIME_FORMAT("22007", Family.DATA),
  DATETIME_FIELD_OVERFLOW("22008", Family.DATA),
  INVALID_TIME_ZONE_DISPLACEMENT("22009", Family.DATA),
  INTERVAL_FIELD_OVERFLOW("22015", Family.DATA),
  NUMERIC_VALUE_OUT_OF_RANGE("22003", Family.DATA),
  STRING_DATA_RIGHT_TRUNCATION("22001", Family.DATA),
  CHARACTER_NOT_IN_REPERTOIRE("22021", Family.DATA),
  UNTRANSLATABLE_CHARACTER("22P05", Family.DATA),
  DATA_EXCEPTION("22000", Family.DATA),
  DIVISION_BY_ZERO("22012", Family.DATA),
  NOT_NULL_VIOLATION("23502", Family.CONSTRAINT),
  CHECK_VIOLATION("23514", Family.CONSTRAINT),
  UNIQUE_VIOLATION("23505", Family.CONSTRAINT),
  FOREIGN_KEY_VIOLATION("23503", Family.CONSTRAINT),
  NO_RESULT("02000", Family.GENERAL),
  PROTOCOL_VIOLATION("08P01", Family.DATA),
  NOT_IN_PREREQUISITE_STATE("55000", Family.NON_TRANSIENT),
  READ_ONLY_TRANSACTION("25006", Family.NON_TRANSIENT),
  OBJECT_MISSING("58P01", Family.NON_TRANSIENT),
  OBJECT_UNREADABLE("58030", Family.NON_TRANSIENT),
  CREDENTIALS_REFUSED("28000", Family.AUTHORIZATION),
  CANCELLED("57014", Family.GENERAL),
  TIMED_OUT("57014", Family.TIMEOUT),
  OUT_OF_MEMORY("53200", Family.TRANSIENT),
  EXTERNAL_PROGRAM("38000", Family.NON_TRANSIENT),
  DISK_FULL("53100", Family.TRANSIENT),
  PROGRAM_LIMIT_EXCEEDED("54000", Family.NON_TRANSIENT),
  SERIALIZATION_FAILURE("40001", Family.ROLLBACK),
  LOAD_FAILED("XX000", Family.DATA),
  DATA_CORRUPTED("XX001", Family.NON_TRANSIENT),
  INTERNAL("XX000", Family.GENERAL);

  /** Which {@code java.sql} exception type carries the error. */
  public enum Family {
    SYNTAX,
    DATA,
    NOT_SUPPORTED,
    CONSTRAINT,
    NON_TRANSIENT,
    TRANSIENT,
    AUTHORIZATION,
    ROLLBACK,
    TIMEOUT,
    GENERAL
  }

  private final String sqlState;
  private final Family family;

  CopyErrorCode(String sqlState, Family family) {
    this.sqlState = sqlState;
    this.family = family;
  }

  /** The five-character SQLSTATE. */
  public String sqlState() {
    return sqlState;
  }

  /** The {@code java.sql} exception family. */
  public Family family() {
    return family;
  }
}
