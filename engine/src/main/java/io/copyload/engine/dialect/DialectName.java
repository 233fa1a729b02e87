package io.copyload.engine.dialect;

import java.util.Locale;

/**
 * Value of the connection's {@code dialect} property. PostgreSQL's majors differ in options, texts
 * and a few rules of the data; {@code postgresql} and {@code postgresql18} are the same.
 */
public enum DialectName {
  /** Decided per statement, see {@link DialectDecision}. */
  AUTO(18),
  /** PostgreSQL 18. */
  POSTGRESQL(18),
  POSTGRESQL14(14),
  POSTGRESQL15(15),
  POSTGRESQL16(16),
  POSTGRESQL17(17),
  MATERIALIZE(18),
  REDSHIFT(18);

  private final int postgresMajor;

  DialectName(int postgresMajor) {
    this.postgresMajor = postgresMajor;
  }

  /** The value as it is written in a URL. */
  public String propertyValue() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The dialect of a property value in any case; null when there is none. */
  public static DialectName of(String propertyValue) {
    if (propertyValue.equalsIgnoreCase("postgresql18")) {
      return POSTGRESQL;
    }
    for (DialectName name : values()) {
      if (name.name().equalsIgnoreCase(propertyValue)) {
        return name;
      }
    }
    return null;
  }

  /** Whether it is a major of PostgreSQL. */
  public boolean isPostgresql() {
    return switch (this) {
      case POSTGRESQL, POSTGRESQL14, POSTGRESQL15, POSTGRESQL16, POSTGRESQL17 -> true;
      case AUTO, MATERIALIZE, REDSHIFT -> false;
    };
  }

  /** The major of PostgreSQL whose rules hold where the dialect has none of its own. */
  public int postgresMajor() {
    return postgresMajor;
  }
}
