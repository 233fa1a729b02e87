package io.copyload.engine.convert;

import java.time.ZoneId;
import java.util.Objects;

/**
 * Options that converters obey.
 *
 * @param dialect whose input syntaxes hold
 * @param postgresMajor the major of PostgreSQL, 14 to 18, whose syntaxes hold where they differ
 * @param sessionZone zone of TIMESTAMP WITH TIME ZONE and TIME WITH TIME ZONE values without one
 * @param nowEpochSecond transaction time for 'now', 'today' and the like
 * @param nowNano nanosecond part of it
 * @param foreignTypes parsers for the types whose text only the host database knows
 * @param redshift what Redshift's conversion options ask for; of no effect for other dialects
 */
public record ConversionSpec(
    Dialect dialect,
    int postgresMajor,
    ZoneId sessionZone,
    long nowEpochSecond,
    int nowNano,
    ForeignTypes foreignTypes,
    RedshiftConversion redshift) {
  /** Families of input syntaxes. */
  public enum Dialect {
    POSTGRESQL,
    REDSHIFT
  }

  public ConversionSpec {
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(sessionZone, "sessionZone");
    Objects.requireNonNull(foreignTypes, "foreignTypes");
    Objects.requireNonNull(redshift, "redshift");
  }

  /** PostgreSQL's newest major, and every one of Redshift's options left out. */
  public ConversionSpec(
      Dialect dialect,
      ZoneId sessionZone,
      long nowEpochSecond,
      int nowNano,
      ForeignTypes foreignTypes) {
    this(
        dialect,
        18,
        sessionZone,
        nowEpochSecond,
        nowNano,
        foreignTypes,
        RedshiftConversion.DEFAULT);
  }
}
