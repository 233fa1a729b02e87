package io.copyload.engine.format.avro;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/**
 * A type of an Avro schema. Named types may refer to themselves, so a type is filled in after it
 * was made; then it is never changed.
 */
final class AvroType {
  enum Kind {
    NULL,
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    BYTES,
    STRING,
    RECORD,
    ENUM,
    ARRAY,
    MAP,
    UNION,
    FIXED
  }

  /** Logical types that say more than their base does, by the specification's names. */
  enum Logical {
    NONE,
    DECIMAL,
    DATE,
    TIME_MILLIS,
    TIME_MICROS,
    TIMESTAMP_MILLIS,
    TIMESTAMP_MICROS,
    TIMESTAMP_NANOS,
    LOCAL_TIMESTAMP_MILLIS,
    LOCAL_TIMESTAMP_MICROS,
    LOCAL_TIMESTAMP_NANOS,
    UUID,
    DURATION
  }

  record Field(String name, AvroType type) {}

  final Kind kind;

  Logical logical = Logical.NONE;

  /** Of a DECIMAL. */
  int precision;

  /** Of a DECIMAL. */
  int scale;

  /** Unscaled values of a DECIMAL are nearer to 0. */
  BigInteger limit;

  /** Bytes of a FIXED. */
  int size;

  /** Fields of a RECORD, in the order of the data. */
  List<Field> fields = List.of();

  /** Branches of a UNION; the one type inside an ARRAY or a MAP. */
  List<AvroType> inner = List.of();

  /** Symbols of an ENUM, in UTF-8. */
  byte[][] symbols;

  /** Whether every value takes no bytes at all, such as null. */
  boolean empty;

  AvroType(Kind kind) {
    this.kind = kind;
  }

  AvroType element() {
    return inner.get(0);
  }

  boolean isNested() {
    return kind == Kind.RECORD || kind == Kind.ARRAY || kind == Kind.MAP;
  }

  /** The type in the words of a schema, for messages. */
  @Override
  public String toString() {
    String base = kind.name().toLowerCase(Locale.ROOT);
    return logical == Logical.NONE
        ? base
        : base
            + " ("
            + logical.name().toLowerCase(Locale.ROOT).replace('_', '-')
            + (logical == Logical.DECIMAL ? " " + precision + "," + scale : "")
            + ")";
  }
}
