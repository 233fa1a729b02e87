package io.copyload.engine.load;

import io.copyload.engine.CopyException;
import io.copyload.engine.ErrorObject;
import io.copyload.engine.convert.RejectReason;
import java.nio.charset.StandardCharsets;

/**
 * PostgreSQL's CONTEXT line of a refused record: {@code COPY t, line 2, column a: "foo"}. A load
 * from a named object has {@code file "name"} in it, too.
 */
public final class ErrorContext {
  /** Texts longer than this are cut, as PostgreSQL does. */
  private static final int MAX_BYTES = 100;

  private ErrorContext() {}

  /** A value as messages show it: cut when it is long. */
  public static String shown(String value) {
    return cut(value);
  }

  /** The context line of a reject. */
  public static String of(String tableName, Reject reject) {
    String place = ofRecord(tableName, reject);
    return reject.valueContext() == null ? place : reject.valueContext() + "\n" + place;
  }

  private static String ofRecord(String tableName, Reject reject) {
    String line = ofLine(tableName, reject.objectName(), reject.lineNumber());
    if (reject.rawRecord() == null) {
      // Binary data: PostgreSQL shows none of it.
      boolean ofRow = reject.columnName() == null || reject.reason() == RejectReason.NOT_NULL;
      return ofRow ? line : line + ", column " + reject.columnName();
    }
    switch (reject.reason()) {
      case MALFORMED_RECORD:
        return line;
      case INVALID_ENCODING:
        return reject.fieldNumber() == 0 ? line : line + raw(reject);
      case MISSING_FIELD:
      case EMPTY_LINE:
      case EXTRA_FIELD:
      case HEADER_MISMATCH:
      case UNTERMINATED_QUOTE:
      case NO_DEFAULT:
      case NOT_NULL:
      case CHECK:
        return line + raw(reject);
      default:
        if (reject.columnName() == null) {
          return line + raw(reject);
        }
        String column = line + ", column " + reject.columnName();
        return reject.value() == null
            ? column + ": null input"
            : column + ": \"" + cut(reject.value()) + "\"";
    }
  }

  private static String raw(Reject reject) {
    return reject.rawRecord() == null ? "" : ": \"" + cut(reject.rawRecord()) + "\"";
  }

  /** The context line when nothing but the line is known. */
  static String ofLine(String tableName, String objectName, long lineNumber) {
    StringBuilder text = new StringBuilder("COPY ").append(tableName);
    if (objectName != null && !objectName.equals("stdin")) {
      text.append(", file \"").append(objectName).append('"');
    }
    return text.append(", line ").append(lineNumber).toString();
  }

  /** The exception with which a statement ends because of a reject. */
  public static CopyException toException(Reject reject, LoadPlan plan) {
    CopyException e =
        new CopyException(
            reject.reason().code(),
            reject.message(),
            reject.detail(),
            reject.hint(),
            of(plan.tableName(), reject),
            0,
            null);
    return reject.reason() == RejectReason.NOT_NULL
        ? e.withObject(ErrorObject.column(reject.columnName()))
        : e;
  }

  /**
   * The text cut to at most 100 bytes of UTF-8 at a character boundary, with three dots when
   * something was cut.
   */
  static String cut(String text) {
    if (text.length() <= MAX_BYTES / 3) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_BYTES) {
      return text;
    }
    int end = MAX_BYTES;
    while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + "...";
  }
}
