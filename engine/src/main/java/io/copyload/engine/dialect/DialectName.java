package io.copyload.engine.dialect;

import java.util.Locale;

/** Value of the connection's {@code dialect} property. */
public enum DialectName {
  /** Decided per statement, see {@link DialectDecision}. */
  AUTO,
  POSTGRESQL,
  MATERIALIZE,
  REDSHIFT;

  /** The value as it is written in a URL. */
  public String propertyValue() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The dialect of a property value in any case; null when there is none. */
  public static DialectName of(String propertyValue) {
    for (DialectName name : values()) {
      if (name.name().equalsIgnoreCase(propertyValue)) {
        return name;
      }
    }
    return null;
  }
}
