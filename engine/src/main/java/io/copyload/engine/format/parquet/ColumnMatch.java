package io.copyload.engine.format.parquet;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.RedshiftColumns;
import io.copyload.engine.format.VectorFormat.Wanted;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Which column of a file fills which wanted one, and whether it may. */
final class ColumnMatch {
  private ColumnMatch() {}

  /**
   * The file's column of each wanted one; null for one that the file lacks and that is NULL then.
   *
   * @throws CopyException BAD_COPY_FILE_FORMAT when the columns do not match
   */
  static List<Type> match(
      ParquetFormat format, MessageType file, List<Wanted> wanted, String objectName) {
    return switch (format.rules()) {
      case REDSHIFT -> byPosition(format, file, wanted, objectName);
      case MATERIALIZE -> byName(format, file, wanted, objectName);
    };
  }

  private static List<Type> byPosition(
      ParquetFormat format, MessageType file, List<Wanted> wanted, String objectName) {
    int count = file.getFieldCount();
    RedshiftColumns.checkCount("Parquet", count, wanted.size(), format.fillRecord(), objectName);
    List<Type> matched = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      matched.add(i < count ? file.getType(i) : null);
    }
    return matched;
  }

  private static List<Type> byName(
      ParquetFormat format, MessageType file, List<Wanted> wanted, String objectName) {
    int count = file.getFieldCount();
    if (format.listed() ? count < wanted.size() : count != wanted.size()) {
      throw new CopyException(
              CopyErrorCode.BAD_COPY_FILE_FORMAT,
              "parquet error: wrong number of columns "
                  + file.getFieldCount()
                  + " vs "
                  + wanted.size())
          .withDetail("File \"" + objectName + "\" has the columns " + names(file) + ".")
          .withHint("Name columns that the file has in a column list.");
    }
    List<Type> matched = new ArrayList<>();
    for (Wanted column : wanted) {
      if (!file.containsField(column.name())) {
        throw new CopyException(
                CopyErrorCode.BAD_COPY_FILE_FORMAT,
                "parquet error: '" + column.name() + "' not found")
            .withDetail("File \"" + objectName + "\" has the columns " + names(file) + ".");
      }
      matched.add(file.getType(column.name()));
    }
    return matched;
  }

  private static String names(MessageType file) {
    List<String> names = file.getFields().stream().map(Type::getName).toList();
    String text = String.join(", ", names.subList(0, Math.min(20, names.size())));
    return names.size() > 20 ? text + ", ..." : text;
  }

  /**
   * Checks that a column of the file may fill the wanted one.
   *
   * @param type that holds the file's values
   * @throws CopyException DATATYPE_MISMATCH naming both types
   */
  static void checkTypes(
      ParquetFormat format, Type column, TargetType type, Wanted wanted, String objectName) {
    if (format.rules() == ParquetFormat.Rules.REDSHIFT) {
      RedshiftColumns.checkType("Parquet", column.toString().strip(), type, wanted, objectName);
    } else if (!takes(column, type, wanted.type())) {
      throw new CopyException(
              CopyErrorCode.DATATYPE_MISMATCH,
              "parquet error: unsupported: ("
                  + RedshiftColumns.sqlName(wanted.type())
                  + ", "
                  + column.toString().strip()
                  + ")")
          .withDetail("Column \"" + wanted.name() + "\" of file \"" + objectName + "\".");
    }
  }

  /**
   * Materialize's table of types, and where it has no way what loses nothing: numbers into wider
   * ones, 64 bits without a sign into numeric or, as far as they fit, bigint.
   */
  private static boolean takes(Type column, TargetType file, TargetType target) {
    Kind to = target.kind();
    Kind from = file.kind();
    if (column.getLogicalTypeAnnotation()
        instanceof LogicalTypeAnnotation.IntervalLogicalTypeAnnotation) {
      return to.isInterval();
    }
    return switch (from) {
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          to.compareTo(from) >= 0 && to.compareTo(Kind.BIGINT) <= 0
              || to == Kind.NUMERIC
              || to == Kind.DECFLOAT;
      case NUMERIC ->
          to == Kind.NUMERIC
              || to == Kind.DECFLOAT
              || to == Kind.BIGINT
                  && column.getLogicalTypeAnnotation()
                      instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation;
      case REAL -> to == Kind.REAL || to == Kind.DOUBLE;
      case VARBINARY ->
          to == Kind.BINARY
              || to == Kind.VARBINARY
              || to == Kind.BLOB
              || to == Kind.UUID
              || to == Kind.GEOMETRY;
      case VARCHAR -> to.isCharacter() || to == Kind.JSON || to == Kind.ENUM;
      default -> from == to;
    };
  }
}
