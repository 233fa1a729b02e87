package io.copyload.engine.export.parquet;

import io.copyload.engine.store.TargetType;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.JsonType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.UUIDType;

/**
 * How a column, or a leaf of a nested one, lies in a file. Types without one of Parquet's that
 * loses nothing are text: intervals, DECFLOAT and decimals of more than 38 digits.
 *
 * @param name of the column
 * @param type of the leaf's values
 * @param steps from the column to the leaf: {@link #LIST}, or the number of a row's field
 * @param path of the leaf in the schema
 */
record ParquetColumn(
    String name, TargetType type, List<Integer> steps, List<String> path, Form form) {
  /** The step to the elements of an array. */
  static final int LIST = -1;

  /** What the values of the leaf become. */
  enum Form {
    BOOLEAN,
    INT32,
    INT64,
    FLOAT,
    DOUBLE,
    /** INT32 days. */
    DATE,
    /** INT64 units of a day or since 1970, of the type's digits. */
    TIME,
    TIME_TZ,
    TIMESTAMP,
    TIMESTAMP_TZ,
    /** Unscaled values as INT32, INT64 or 16 bytes. */
    DECIMAL32,
    DECIMAL64,
    DECIMAL128,
    UUID,
    /** The stored bytes. */
    BYTES,
    TEXT,
    JSON,
    /** The text that PostgreSQL prints. */
    PRINTED
  }

  private static final int MAX_DIGITS = 38;

  /** The leaves of a column; one where it is not nested. */
  static List<ParquetColumn> of(String name, TargetType type) {
    List<ParquetColumn> leaves = new ArrayList<>();
    addLeaves(name, type, List.of(), List.of(name), leaves);
    return leaves;
  }

  private static void addLeaves(
      String name,
      TargetType type,
      List<Integer> steps,
      List<String> path,
      List<ParquetColumn> leaves) {
    if (type.kind() == TargetType.Kind.ARRAY) {
      addLeaves(
          name, type.element(), with(steps, LIST), with(with(path, "list"), "element"), leaves);
    } else if (type.isRow()) {
      for (int i = 0; i < type.fields().size(); i++) {
        TargetType.Field field = type.fields().get(i);
        addLeaves(name, field.type(), with(steps, i), with(path, field.name()), leaves);
      }
    } else {
      leaves.add(new ParquetColumn(name, type, steps, path, form(type)));
    }
  }

  private static <T> List<T> with(List<T> list, T more) {
    List<T> longer = new ArrayList<>(list);
    longer.add(more);
    return longer;
  }

  private static Form form(TargetType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Form.BOOLEAN;
      case TINYINT, SMALLINT, INTEGER -> Form.INT32;
      case BIGINT -> Form.INT64;
      case REAL -> Form.FLOAT;
      case DOUBLE -> Form.DOUBLE;
      case DATE -> Form.DATE;
      case TIME -> Form.TIME;
      case TIME_TZ -> Form.TIME_TZ;
      case TIMESTAMP -> Form.TIMESTAMP;
      case TIMESTAMP_TZ -> Form.TIMESTAMP_TZ;
      case NUMERIC ->
          type.precision() < 1 || type.precision() > MAX_DIGITS || type.scale() > type.precision()
              ? Form.PRINTED
              : type.precision() <= 9
                  ? Form.DECIMAL32
                  : type.precision() <= 18 ? Form.DECIMAL64 : Form.DECIMAL128;
      case UUID -> Form.UUID;
      case BINARY, VARBINARY, BLOB, GEOMETRY -> Form.BYTES;
      case CHAR -> Form.PRINTED;
      case VARCHAR, VARCHAR_IGNORECASE, CLOB -> Form.TEXT;
      case JSON -> Form.JSON;
      default -> Form.PRINTED;
    };
  }

  /** Nanoseconds are written where the type has more than six digits. */
  boolean nanos() {
    return type.scale() > 6;
  }

  /** Bytes of each value on a page; 0 for strings with their length before them. */
  int valueBytes() {
    return switch (physical()) {
      case INT32, FLOAT -> 4;
      case INT64, DOUBLE -> 8;
      case FIXED_LEN_BYTE_ARRAY -> 16;
      default -> 0;
    };
  }

  /** Highest definition level. */
  int maxDefinition() {
    return 1 + steps.size() + maxRepetition();
  }

  /** Highest repetition level. */
  int maxRepetition() {
    return (int) steps.stream().filter(step -> step == LIST).count();
  }

  Type physical() {
    return switch (form) {
      case BOOLEAN -> Type.BOOLEAN;
      case INT32, DATE, DECIMAL32 -> Type.INT32;
      case INT64, TIME, TIME_TZ, TIMESTAMP, TIMESTAMP_TZ, DECIMAL64 -> Type.INT64;
      case FLOAT -> Type.FLOAT;
      case DOUBLE -> Type.DOUBLE;
      case DECIMAL128, UUID -> Type.FIXED_LEN_BYTE_ARRAY;
      case BYTES, TEXT, JSON, PRINTED -> Type.BYTE_ARRAY;
    };
  }

  /** Adds the elements of a column's schema, the outermost first. */
  static void addSchema(String name, TargetType type, List<SchemaElement> schema) {
    SchemaElement element = new SchemaElement(name);
    element.setRepetition_type(FieldRepetitionType.OPTIONAL);
    schema.add(element);
    if (type.kind() == TargetType.Kind.ARRAY) {
      element.setNum_children(1);
      element.setConverted_type(ConvertedType.LIST);
      element.setLogicalType(LogicalType.LIST(new ListType()));
      SchemaElement repeated = new SchemaElement("list");
      repeated.setRepetition_type(FieldRepetitionType.REPEATED);
      repeated.setNum_children(1);
      schema.add(repeated);
      addSchema("element", type.element(), schema);
    } else if (type.isRow()) {
      element.setNum_children(type.fields().size());
      for (TargetType.Field field : type.fields()) {
        addSchema(field.name(), field.type(), schema);
      }
    } else {
      ParquetColumn leaf = new ParquetColumn(name, type, List.of(), List.of(name), form(type));
      element.setType(leaf.physical());
      leaf.annotate(element);
    }
  }

  private void annotate(SchemaElement leaf) {
    switch (form) {
      case INT32 -> {
        int bits =
            switch (type.kind()) {
              case TINYINT -> 8;
              case SMALLINT -> 16;
              default -> 32;
            };
        if (bits < 32) {
          leaf.setConverted_type(bits == 8 ? ConvertedType.INT_8 : ConvertedType.INT_16);
          leaf.setLogicalType(LogicalType.INTEGER(new IntType((byte) bits, true)));
        }
      }
      case DATE -> {
        leaf.setConverted_type(ConvertedType.DATE);
        leaf.setLogicalType(LogicalType.DATE(new DateType()));
      }
      case TIME, TIME_TZ -> {
        boolean utc = form == Form.TIME_TZ;
        leaf.setLogicalType(LogicalType.TIME(new TimeType(utc, unit())));
      }
      case TIMESTAMP, TIMESTAMP_TZ -> {
        boolean utc = form == Form.TIMESTAMP_TZ;
        leaf.setLogicalType(LogicalType.TIMESTAMP(new TimestampType(utc, unit())));
        if (utc && !nanos()) {
          leaf.setConverted_type(ConvertedType.TIMESTAMP_MICROS);
        }
      }
      case DECIMAL32, DECIMAL64, DECIMAL128 -> {
        leaf.setConverted_type(ConvertedType.DECIMAL);
        leaf.setScale(type.scale());
        leaf.setPrecision((int) type.precision());
        leaf.setLogicalType(
            LogicalType.DECIMAL(new DecimalType(type.scale(), (int) type.precision())));
        if (form == Form.DECIMAL128) {
          leaf.setType_length(16);
        }
      }
      case UUID -> {
        leaf.setType_length(16);
        leaf.setLogicalType(LogicalType.UUID(new UUIDType()));
      }
      case TEXT, PRINTED -> {
        leaf.setConverted_type(ConvertedType.UTF8);
        leaf.setLogicalType(LogicalType.STRING(new StringType()));
      }
      case JSON -> {
        leaf.setConverted_type(ConvertedType.JSON);
        leaf.setLogicalType(LogicalType.JSON(new JsonType()));
      }
      case BOOLEAN, INT64, FLOAT, DOUBLE, BYTES -> {
        // The physical type says it all.
      }
    }
  }

  private TimeUnit unit() {
    return nanos() ? TimeUnit.NANOS(new NanoSeconds()) : TimeUnit.MICROS(new MicroSeconds());
  }
}
