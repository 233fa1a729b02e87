package io.copyload.engine.dialect;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The options of one dialect: name, form of the value, and whether the meaning is built. */
final class OptionTable {
  /** What a value looks like. */
  enum ValueForm {
    FLAG,
    BOOLEAN,
    /** A boolean or MATCH. */
    HEADER,
    /** One of some words. */
    KEYWORD,
    BYTE,
    STRING,
    NUMBER,
    COLUMNS,
    LIST,
    SECRET
  }

  /**
   * @param name canonical name, as in {@code OptionClause}
   * @param built false: refused by name, except for a value that only states the default
   */
  record Row(String name, ValueForm form, boolean built) {}

  private static final OptionTable POSTGRESQL_14 = postgresql(14);
  private static final OptionTable POSTGRESQL_16 = postgresql(16);
  private static final OptionTable POSTGRESQL_17 = postgresql(17);
  private static final OptionTable POSTGRESQL = postgresql(18);
  private static final OptionTable MATERIALIZE = materialize();
  private static final OptionTable REDSHIFT = redshift();

  private final Map<String, Row> rows = new LinkedHashMap<>();

  private OptionTable() {}

  /** The table of a dialect other than AUTO. */
  static OptionTable of(DialectName dialect) {
    return switch (dialect) {
      case POSTGRESQL14, POSTGRESQL15 -> POSTGRESQL_14;
      case POSTGRESQL16 -> POSTGRESQL_16;
      case POSTGRESQL17 -> POSTGRESQL_17;
      case POSTGRESQL -> POSTGRESQL;
      case MATERIALIZE -> MATERIALIZE;
      case REDSHIFT -> REDSHIFT;
      case AUTO -> throw new IllegalArgumentException("AUTO has no options");
    };
  }

  /** The row of a name, or null. */
  Row find(String name) {
    return rows.get(name);
  }

  Collection<Row> rows() {
    return Collections.unmodifiableCollection(rows.values());
  }

  private OptionTable built(ValueForm form, String... names) {
    return add(form, true, names);
  }

  private OptionTable later(ValueForm form, String... names) {
    return add(form, false, names);
  }

  private OptionTable add(ValueForm form, boolean built, String... names) {
    for (String name : names) {
      rows.put(name, new Row(name, form, built));
    }
    return this;
  }

  private static OptionTable postgresql(int major) {
    OptionTable table =
        new OptionTable()
            .built(ValueForm.KEYWORD, "FORMAT")
            .built(ValueForm.BYTE, "DELIMITER", "QUOTE", "ESCAPE")
            .built(ValueForm.STRING, "NULL", "ENCODING")
            .built(ValueForm.HEADER, "HEADER")
            .built(ValueForm.BOOLEAN, "FREEZE")
            .built(ValueForm.COLUMNS, "FORCE_NOT_NULL", "FORCE_NULL", "CONVERT_SELECTIVELY")
            .built(ValueForm.COLUMNS, "FORCE_QUOTE");
    if (major >= 16) {
      table.built(ValueForm.STRING, "DEFAULT");
    }
    if (major >= 17) {
      table.built(ValueForm.KEYWORD, "ON_ERROR", "LOG_VERBOSITY");
    }
    if (major >= 18) {
      table.built(ValueForm.NUMBER, "REJECT_LIMIT");
    }
    return table;
  }

  private static OptionTable materialize() {
    return postgresql(18)
        .built(ValueForm.STRING, "AWS CONNECTION", "MAX FILE SIZE")
        .built(ValueForm.BOOLEAN, "MANIFEST")
        .built(ValueForm.STRING, "PATTERN")
        .built(ValueForm.LIST, "FILES");
  }

  private static OptionTable redshift() {
    return new OptionTable()
        .built(ValueForm.FLAG, "CSV", "GZIP", "BZIP2", "LZOP", "ZSTD")
        .built(ValueForm.BYTE, "DELIMITER", "QUOTE")
        .built(ValueForm.STRING, "NULL")
        .built(ValueForm.KEYWORD, "ENCODING")
        .built(ValueForm.NUMBER, "IGNOREHEADER", "MAXERROR")
        .built(ValueForm.STRING, "IAM_ROLE", "ACCESS_KEY_ID", "REGION")
        .built(ValueForm.FLAG, "MANIFEST")
        .built(
            ValueForm.SECRET,
            "SECRET_ACCESS_KEY",
            "SESSION_TOKEN",
            "TOKEN",
            "CREDENTIALS",
            "MASTER_SYMMETRIC_KEY")
        .built(ValueForm.STRING, "FIXEDWIDTH")
        .built(ValueForm.STRING, "JSON", "AVRO")
        .built(ValueForm.STRING, "SIMPLIFY")
        .built(ValueForm.FLAG, "PARQUET", "ORC", "SHAPEFILE", "SERIALIZETOJSON")
        .built(ValueForm.FLAG, "ENCRYPTED")
        .built(ValueForm.FLAG, "SSH")
        .built(ValueForm.STRING, "ACCEPTINVCHARS", "DATEFORMAT", "TIMEFORMAT")
        .built(
            ValueForm.FLAG,
            "ACCEPTANYDATE",
            "BLANKSASNULL",
            "EMPTYASNULL",
            "ESCAPE",
            "FILLRECORD",
            "IGNOREALLERRORS",
            "IGNOREBLANKLINES",
            "REMOVEQUOTES",
            "ROUNDEC",
            "TRIMBLANKS",
            "TRUNCATECOLUMNS")
        .built(ValueForm.NUMBER, "COMPROWS")
        .built(ValueForm.KEYWORD, "COMPUPDATE", "STATUPDATE")
        .built(ValueForm.FLAG, "NOLOAD")
        .built(ValueForm.FLAG, "EXPLICIT_IDS")
        .built(ValueForm.NUMBER, "READRATIO");
  }
}
