package io.copyload.engine.store;

import io.copyload.engine.store.TargetType.Kind;
import java.util.Locale;

/**
 * How the values of a column are to be stored, by Redshift's names (compression encodings of its
 * developer guide). A column without one is stored by what is in each chunk.
 */
public enum ColumnEncoding {
  RAW,
  AZ64,
  BYTEDICT,
  DELTA,
  DELTA32K,
  LZO,
  MOSTLY8,
  MOSTLY16,
  MOSTLY32,
  RUNLENGTH,
  TEXT255,
  TEXT32K,
  ZSTD;

  /** The name as {@code pg_table_def} shows it. */
  public String shown() {
    return this == RAW ? "none" : sqlName();
  }

  /** The name as it is written in ENCODE. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The encoding of a name in any case; null when there is none. */
  public static ColumnEncoding named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    for (ColumnEncoding encoding : values()) {
      if (encoding.name().equals(upper)) {
        return encoding;
      }
    }
    return null;
  }

  /**
   * Whether Redshift allows the encoding for a type. Types that Redshift does not have take those
   * that look at nothing but bytes.
   */
  public boolean suits(TargetType type) {
    Kind kind = type.kind();
    return switch (kind) {
      case BOOLEAN -> this == RAW || this == RUNLENGTH || this == ZSTD;
      case TINYINT, SMALLINT ->
          !isText() && this != DELTA32K && this != MOSTLY16 && this != MOSTLY32;
      case INTEGER -> !isText() && this != MOSTLY32;
      case BIGINT -> !isText();
      case NUMERIC -> !isText();
      case REAL, DOUBLE -> this == RAW || this == BYTEDICT || this == RUNLENGTH || this == ZSTD;
      case DATE, TIMESTAMP, TIMESTAMP_TZ -> !isText() && !isMostly();
      case TIME, TIME_TZ -> this == RAW || this == AZ64 || this == LZO || this == ZSTD;
      case CHAR ->
          this == RAW || this == BYTEDICT || this == LZO || this == RUNLENGTH || this == ZSTD;
      case VARCHAR, VARCHAR_IGNORECASE, CLOB ->
          this == RAW
              || this == BYTEDICT
              || this == LZO
              || this == RUNLENGTH
              || this == ZSTD
              || isText();
      case GEOMETRY -> this == RAW;
      default -> this == RAW || this == LZO || this == ZSTD;
    };
  }

  private boolean isText() {
    return this == TEXT255 || this == TEXT32K;
  }

  private boolean isMostly() {
    return this == MOSTLY8 || this == MOSTLY16 || this == MOSTLY32;
  }

  /**
   * What Redshift chooses by the type alone, for CREATE TABLE and COMPUPDATE PRESET.
   *
   * @param raw whether the column is a sort key or in a temporary table
   */
  public static ColumnEncoding byType(TargetType type, boolean raw) {
    if (raw) {
      return RAW;
    }
    return switch (type.kind()) {
      case TINYINT,
          SMALLINT,
          INTEGER,
          BIGINT,
          NUMERIC,
          DATE,
          TIME,
          TIME_TZ,
          TIMESTAMP,
          TIMESTAMP_TZ ->
          AZ64;
      case CHAR, VARCHAR, VARCHAR_IGNORECASE, CLOB, BINARY, VARBINARY, BLOB -> LZO;
      case JSON -> ZSTD;
      default -> RAW;
    };
  }
}
