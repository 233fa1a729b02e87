package io.copyload.engine.format;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.VectorFormat.Wanted;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;

/**
 * Whether a column of the table can hold the nested values of a file's: JSON and characters hold
 * any, as JSON text; an ARRAY lists, or maps if its elements are rows of key and value; a ROW
 * structs with the fields that it has, by name.
 */
public final class NestedMatch {
  private NestedMatch() {}

  /**
   * The text that nested values become.
   *
   * @param fileType as the format writes it
   * @throws CopyException DATATYPE_MISMATCH naming both types when the column cannot hold them
   */
  public static NestedText.Form form(
      String fileType, NestedType type, Wanted wanted, String objectName) {
    Kind kind = wanted.type().kind();
    if (kind == Kind.JSON || kind.isCharacter()) {
      return NestedText.Form.JSON;
    }
    String wrong = wrong(type, wanted.type(), "");
    if (wrong != null) {
      throw new CopyException(
          CopyErrorCode.DATATYPE_MISMATCH,
          "column \""
              + wanted.name()
              + "\" of type "
              + RedshiftColumns.sqlName(wanted.type())
              + " cannot hold the nested values of \""
              + objectName
              + "\": "
              + fileType.strip().replaceAll("\\s+", " "),
          wrong.isEmpty() ? null : wrong,
          "Nested values go into JSON or character columns, lists also into ARRAY columns, structs into ROW"
              + " columns with the same fields, maps into arrays of ROW(key, value).",
          null,
          0,
          null);
    }
    return NestedText.Form.TYPED;
  }

  /** The type of the vectors that a text of nested values is in. */
  public static TargetType vectorType(NestedText.Form form, TargetType wanted) {
    return form == NestedText.Form.TYPED
        ? TargetType.of(Kind.JSON)
        : wanted.kind() == Kind.JSON ? wanted : TargetType.of(Kind.VARCHAR);
  }

  /** What does not fit; empty when it is the column itself; null when all does. */
  private static String wrong(NestedType from, TargetType to, String path) {
    if (to.kind() == Kind.JSON || to.kind().isCharacter()) {
      return null;
    }
    return switch (from.shape()) {
      case SINGLE -> takes(from.single(to), to) ? null : mismatch(from, to, path);
      case LIST ->
          to.kind() == Kind.ARRAY
              ? wrong(from.child(0), to.element(), path + "[]")
              : mismatch(from, to, path);
      case MAP -> {
        if (to.kind() != Kind.ARRAY || to.element().fields().size() != 2) {
          yield mismatch(from, to, path);
        }
        String key = wrong(from.child(0), to.element().fields().get(0).type(), path + "{key}");
        yield key != null
            ? key
            : wrong(from.child(1), to.element().fields().get(1).type(), path + "{value}");
      }
      case STRUCT -> struct(from, to, path);
      case OTHER -> mismatch(from, to, path);
    };
  }

  private static String struct(NestedType from, TargetType to, String path) {
    if (!to.isRow()) {
      return mismatch(from, to, path);
    }
    boolean[] found = new boolean[to.fields().size()];
    for (int i = 0; i < from.names().size(); i++) {
      String name = from.names().get(i);
      int field = to.fieldIndex(name);
      if (field < 0) {
        return "The row" + at(path) + " has no field \"" + name + "\".";
      }
      found[field] = true;
      String inner = wrong(from.child(i), to.fields().get(field).type(), path + "." + name);
      if (inner != null) {
        return inner;
      }
    }
    for (int i = 0; i < found.length; i++) {
      if (!found[i]) {
        return "The file has no field \"" + to.fields().get(i).name() + "\"" + at(path) + ".";
      }
    }
    return null;
  }

  private static String at(String path) {
    return path.isEmpty() ? "" : " at " + path;
  }

  private static String mismatch(NestedType from, TargetType to, String path) {
    return path.isEmpty()
        ? ""
        : "The type at "
            + path
            + " is "
            + RedshiftColumns.sqlName(to)
            + " in the table and "
            + describe(from, to)
            + " in the file.";
  }

  private static String describe(NestedType type, TargetType target) {
    return switch (type.shape()) {
      case SINGLE -> RedshiftColumns.sqlName(type.single(target));
      case LIST -> "a list";
      case MAP -> "a map";
      case STRUCT -> "a struct";
      case OTHER -> "a choice of types";
    };
  }

  /** Families of types; a value that does not fit is refused when it comes. */
  private static boolean takes(TargetType from, TargetType to) {
    Kind target = to.kind();
    return switch (from.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          isInteger(target) || target == Kind.NUMERIC || target == Kind.DECFLOAT;
      case NUMERIC ->
          target == Kind.NUMERIC
              || target == Kind.DECFLOAT
              || target == Kind.BIGINT && from.scale() == 0;
      case REAL, DOUBLE -> target == Kind.REAL || target == Kind.DOUBLE;
      case TIME, TIME_TZ -> target == Kind.TIME || target == Kind.TIME_TZ;
      case TIMESTAMP, TIMESTAMP_TZ -> target == Kind.TIMESTAMP || target == Kind.TIMESTAMP_TZ;
      case VARBINARY ->
          target == Kind.BINARY
              || target == Kind.VARBINARY
              || target == Kind.BLOB
              || target == Kind.GEOMETRY
              || target == Kind.UUID;
      case VARCHAR -> target == Kind.ENUM || target.isInterval();
      default -> from.kind() == target;
    };
  }

  private static boolean isInteger(Kind kind) {
    return kind.compareTo(Kind.TINYINT) >= 0 && kind.compareTo(Kind.BIGINT) <= 0;
  }
}
