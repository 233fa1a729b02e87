package io.copyload.engine.format;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.VectorFormat.Wanted;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Redshift's rules for the columns of columnar files: by position, and no type becomes another one
 * (its guide, "COPY from columnar data formats").
 */
public final class RedshiftColumns {
  /** Most digits of Redshift's DECIMAL. */
  private static final int REDSHIFT_DIGITS = 38;

  private RedshiftColumns() {}

  /**
   * Checks that each wanted column has one in the file.
   *
   * @param format its name for messages
   * @param count columns of the file
   * @param fillRecord whether the last ones may lack
   * @throws CopyException BAD_COPY_FILE_FORMAT when the numbers differ
   */
  public static void checkCount(
      String format, int count, int wanted, boolean fillRecord, String objectName) {
    if (count > wanted || count < wanted && !fillRecord) {
      throw new CopyException(
              CopyErrorCode.BAD_COPY_FILE_FORMAT,
              "Unmatched number of columns between table and file. Table columns: "
                  + wanted
                  + ", Data columns: "
                  + count
                  + ", File: "
                  + objectName)
          .withHint(
              count < wanted
                  ? "Name the columns that the file has in a column list, or use FILLRECORD."
                  : format + " columns are matched by position; the table needs one for each.");
    }
  }

  /**
   * Checks that a column of the file may fill the wanted one.
   *
   * @param fileType as the format writes it
   * @param type that holds the file's values
   * @throws CopyException DATATYPE_MISMATCH naming both types
   */
  public static void checkType(
      String format, String fileType, TargetType type, Wanted wanted, String objectName) {
    if (!takes(type, wanted.type())) {
      throw new CopyException(
          CopyErrorCode.DATATYPE_MISMATCH,
          "File '"
              + objectName
              + "' has an incompatible "
              + format
              + " schema for column '"
              + wanted.name()
              + "'. Column type: "
              + sqlName(wanted.type())
              + ", "
              + format
              + " schema: "
              + fileType);
    }
  }

  /** Redshift converts no type that it has; ones that it lacks may become what can hold them. */
  private static boolean takes(TargetType file, TargetType column) {
    Kind from = file.kind();
    Kind to = column.kind();
    return switch (from) {
      case BOOLEAN, INTEGER, BIGINT, REAL, DOUBLE, DATE -> from == to;
      case TINYINT -> to == Kind.TINYINT || to == Kind.SMALLINT;
      case SMALLINT -> to == Kind.SMALLINT;
      case NUMERIC ->
          file.precision() > REDSHIFT_DIGITS
              || to == Kind.NUMERIC
                  && file.precision() == column.precision()
                  && file.scale() == column.scale();
      case TIMESTAMP, TIMESTAMP_TZ -> to == Kind.TIMESTAMP || to == Kind.TIMESTAMP_TZ;
      case VARBINARY ->
          to == Kind.BINARY || to == Kind.VARBINARY || to == Kind.BLOB || to == Kind.GEOMETRY;
      case VARCHAR -> to.isCharacter() || to == Kind.JSON || to == Kind.ENUM || to == Kind.ARRAY;
      default -> true;
    };
  }

  /** A type in the words of SQL, for messages. */
  public static String sqlName(TargetType type) {
    if (type.kind() == Kind.ARRAY) {
      return sqlName(type.element()) + " array";
    }
    if (type.isRow()) {
      return type.fields().stream()
          .map(field -> field.name() + " " + sqlName(field.type()))
          .collect(Collectors.joining(", ", "row(", ")"));
    }
    String name = type.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    if (type.kind() == Kind.NUMERIC) {
      return name + "(" + type.precision() + "," + type.scale() + ")";
    }
    return name;
  }
}
