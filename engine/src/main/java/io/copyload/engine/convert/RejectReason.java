package io.copyload.engine.convert;

import io.copyload.engine.CopyErrorCode;

/**
 * Why a record was refused, with PostgreSQL's error code and the code of Redshift's
 * STL_LOAD_ERRORS.
 *
 * <p>{@code soft} reasons are conversion errors, which PostgreSQL's ON_ERROR ignore skips.
 */
public enum RejectReason {
  MISSING_FIELD(CopyErrorCode.BAD_COPY_FILE_FORMAT, 1214, false),
  /** Redshift: an empty line where a record of several fields is meant. */
  EMPTY_LINE(CopyErrorCode.BAD_COPY_FILE_FORMAT, 1211, false),
  EXTRA_FIELD(CopyErrorCode.BAD_COPY_FILE_FORMAT, 1202, false),
  HEADER_MISMATCH(CopyErrorCode.BAD_COPY_FILE_FORMAT, 1216, false),
  MALFORMED_RECORD(CopyErrorCode.BAD_COPY_FILE_FORMAT, 1216, false),
  UNTERMINATED_QUOTE(CopyErrorCode.BAD_COPY_FILE_FORMAT, 1214, false),
  INVALID_ENCODING(CopyErrorCode.CHARACTER_NOT_IN_REPERTOIRE, 1220, false),
  /** Redshift: a character of one field, not UTF-8 or not for CHAR. */
  UNSUPPORTED_CHARACTER(CopyErrorCode.CHARACTER_NOT_IN_REPERTOIRE, 1220, true),
  /** Redshift: a NUL byte in a longer field, where NULL AS is NUL. */
  NULL_BYTE(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1218, false),
  /** Redshift: the object is not in the encoding that ENCODING names. */
  OTHER_ENCODING(CopyErrorCode.CHARACTER_NOT_IN_REPERTOIRE, 1221, false),
  NO_DEFAULT(CopyErrorCode.BAD_COPY_FILE_FORMAT, 1213, false),
  NOT_NULL(CopyErrorCode.NOT_NULL_VIOLATION, 1213, false),
  CHECK(CopyErrorCode.CHECK_VIOLATION, 1213, false),
  INVALID_INTEGER(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1207, true),
  /** Redshift: a character in a decimal number that is none of its. */
  INVALID_DIGIT(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1207, true),
  INVALID_NUMERIC(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1209, true),
  INVALID_FLOAT(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1208, true),
  INVALID_BOOLEAN(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1210, true),
  INVALID_TEXT(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1223, true),
  INVALID_PARAMETER(CopyErrorCode.INVALID_PARAMETER_VALUE, 1223, true),
  INVALID_DATE(CopyErrorCode.INVALID_DATETIME_FORMAT, 1205, true),
  INVALID_TIME(CopyErrorCode.INVALID_DATETIME_FORMAT, 1206, true),
  INVALID_TIMESTAMP(CopyErrorCode.INVALID_DATETIME_FORMAT, 1206, true),
  INVALID_INTERVAL(CopyErrorCode.INVALID_DATETIME_FORMAT, 1206, true),
  DATE_OUT_OF_RANGE(CopyErrorCode.DATETIME_FIELD_OVERFLOW, 1205, true),
  TIME_OUT_OF_RANGE(CopyErrorCode.DATETIME_FIELD_OVERFLOW, 1206, true),
  TIMESTAMP_OUT_OF_RANGE(CopyErrorCode.DATETIME_FIELD_OVERFLOW, 1206, true),
  INTERVAL_FIELD_OUT_OF_RANGE(CopyErrorCode.INTERVAL_FIELD_OVERFLOW, 1206, true),
  INTERVAL_OUT_OF_RANGE(CopyErrorCode.DATETIME_FIELD_OVERFLOW, 1206, true),
  TIME_ZONE_DISPLACEMENT(CopyErrorCode.INVALID_TIME_ZONE_DISPLACEMENT, 1206, true),
  UNKNOWN_TIME_ZONE(CopyErrorCode.INVALID_PARAMETER_VALUE, 1206, true),
  /** Redshift: a value for an identity column that is no number of its type. */
  INVALID_IDENTITY(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1217, true),
  INTEGER_OVERFLOW(CopyErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, 1222, true),
  NUMERIC_OVERFLOW(CopyErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, 1204, true),
  FLOAT_OVERFLOW(CopyErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, 1208, true),
  TOO_LONG(CopyErrorCode.STRING_DATA_RIGHT_TRUNCATION, 1204, true),
  INVALID_JSON(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1224, true),
  INVALID_ENUM(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1223, true),
  INVALID_BINARY(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1223, true),
  INVALID_ARRAY(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1223, true),
  INVALID_GEOMETRY(CopyErrorCode.INVALID_TEXT_REPRESENTATION, 1223, true),
  INSUFFICIENT_DATA(CopyErrorCode.PROTOCOL_VIOLATION, 1223, false),
  BINARY_FORMAT(CopyErrorCode.INVALID_BINARY_REPRESENTATION, 1223, false),
  TOO_LARGE(CopyErrorCode.PROGRAM_LIMIT_EXCEEDED, 1223, false),
  ARRAY_DIMENSIONS(CopyErrorCode.PROGRAM_LIMIT_EXCEEDED, 1223, true),
  ARRAY_BOUNDS(CopyErrorCode.ARRAY_SUBSCRIPT_ERROR, 1223, true),
  ELEMENT_TYPE(CopyErrorCode.DATATYPE_MISMATCH, 1223, false),
  UNKNOWN_VERSION(CopyErrorCode.LOAD_FAILED, 1223, false);

  private final CopyErrorCode code;
  private final int redshiftCode;
  private final boolean soft;

  RejectReason(CopyErrorCode code, int redshiftCode, boolean soft) {
    this.code = code;
    this.redshiftCode = redshiftCode;
    this.soft = soft;
  }

  public CopyErrorCode code() {
    return code;
  }

  /** {@code err_code} of STL_LOAD_ERRORS. */
  public int redshiftCode() {
    return redshiftCode;
  }

  public boolean soft() {
    return soft;
  }
}
