package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionStyle;
import io.copyload.engine.statement.OptionValue;
import io.copyload.engine.statement.SourceRef;
import io.copyload.engine.statement.TextRange;
import java.util.Locale;
import java.util.Set;

/** Decides in which dialect a statement is read; the table is in the package's description. */
public final class DialectDecision {
  /** Sources that only Redshift has, and those that mean the same here. */
  private static final Set<String> REDSHIFT_SCHEMES =
      Set.of("s3", "emr", "hdfs", "webhdfs", "swebhdfs", "dynamodb");

  /** Whose a part of a statement is. */
  private enum Origin {
    SHARED,
    /** PostgreSQL's, taken by Materialize too. */
    POSTGRESQL,
    MATERIALIZE,
    REDSHIFT
  }

  /** A part of the statement that only one product has; absent when name is null. */
  private record Sign(String name, TextRange range) {
    static final Sign ABSENT = new Sign(null, null);

    boolean isPresent() {
      return name != null;
    }

    Sign or(String otherName, TextRange otherRange) {
      return isPresent() ? this : new Sign(otherName, otherRange);
    }
  }

  private DialectDecision() {}

  /**
   * The dialect of a statement, never AUTO.
   *
   * <p>Failures: {@code CopyException} INVALID_PARAMETER_VALUE when the statement mixes forms of
   * Redshift with forms of the others; SYNTAX when the property names a dialect that a clause does
   * not belong to.
   */
  public static DialectName decide(CopyFrom copy, DialectName property) {
    Sign postgres = Sign.ABSENT;
    Sign materialize = Sign.ABSENT;
    Sign redshift = Sign.ABSENT;
    for (OptionClause clause : copy.options()) {
      TextRange name = clause.nameRange();
      switch (origin(clause)) {
        case SHARED -> {}
        case POSTGRESQL -> postgres = postgres.or(clause.name(), name);
        case MATERIALIZE -> {
          postgres = postgres.or(clause.name(), name);
          materialize = materialize.or(clause.name(), name);
        }
        case REDSHIFT -> redshift = redshift.or(clause.name(), name);
      }
    }
    if (copy.where() != null) {
      postgres = postgres.or("WHERE", copy.where());
    }
    return switch (property) {
      case AUTO -> automatic(copy, postgres, materialize, redshift);
      case POSTGRESQL, POSTGRESQL14, POSTGRESQL15, POSTGRESQL16, POSTGRESQL17 -> {
        if (copy.into() != null) {
          throw new CopyException(CopyErrorCode.SYNTAX, "syntax error at or near \"INTO\"")
              .withHint(
                  "INTO is Materialize's; the connection's dialect is "
                      + property.propertyValue()
                      + ".")
              .withPosition(copy.into().position());
        }
        refuse(redshift, "Redshift", property);
        yield property;
      }
      case MATERIALIZE -> {
        MaterializeSyntax.checkPlace(copy.source());
        refuse(redshift, "Redshift", property);
        yield property;
      }
      case REDSHIFT -> {
        refuse(postgres, "PostgreSQL", property);
        yield property;
      }
    };
  }

  private static DialectName automatic(
      CopyFrom copy, Sign postgres, Sign materialize, Sign redshift) {
    if (redshift.isPresent()) {
      if (postgres.isPresent()) {
        boolean redshiftLast = redshift.range().begin() > postgres.range().begin();
        throw new CopyException(
                CopyErrorCode.INVALID_PARAMETER_VALUE,
                redshift.name()
                    + " is a clause of Redshift's COPY and "
                    + postgres.name()
                    + " one of PostgreSQL's; one statement cannot use both")
            .withPosition((redshiftLast ? redshift : postgres).range().position());
      }
      return DialectName.REDSHIFT;
    }
    String scheme = scheme(copy.source());
    boolean list = copy.options().stream().anyMatch(c -> c.style() == OptionStyle.PARENTHESISED);
    if (materialize.isPresent() || scheme.startsWith("http") || scheme.equals("s3") && list) {
      return DialectName.MATERIALIZE;
    }
    return REDSHIFT_SCHEMES.contains(scheme) && !postgres.isPresent()
        ? DialectName.REDSHIFT
        : DialectName.POSTGRESQL;
  }

  /** Whether a COPY TO has an option of Materialize's. */
  static boolean isMaterialize(CopyTo copy) {
    for (OptionClause clause : copy.options()) {
      if (clause.style() == OptionStyle.PARENTHESISED
          && (clause.name().equals("FORMAT") && isParquet(clause.value())
              || OptionTable.of(DialectName.POSTGRESQL).find(clause.name()) == null
                  && OptionTable.of(DialectName.MATERIALIZE).find(clause.name()) != null)) {
        return true;
      }
    }
    return false;
  }

  private static void refuse(Sign sign, String owner, DialectName property) {
    if (sign.isPresent()) {
      throw new CopyException(
              CopyErrorCode.SYNTAX, "syntax error at or near \"" + sign.name() + "\"")
          .withHint(
              sign.name()
                  + " as written here is "
                  + owner
                  + " syntax; the connection's dialect is "
                  + property.propertyValue()
                  + ".")
          .withPosition(sign.range().position());
    }
  }

  private static Origin origin(OptionClause clause) {
    return switch (clause.style()) {
      case REDSHIFT -> Origin.REDSHIFT;
      case PARENTHESISED -> isMaterialize(clause) ? Origin.MATERIALIZE : Origin.POSTGRESQL;
      case LEGACY ->
          switch (clause.name()) {
            case "CSV", "DELIMITER", "NULL", "QUOTE", "ENCODING" -> Origin.SHARED;
            default -> Origin.POSTGRESQL;
          };
    };
  }

  private static boolean isMaterialize(OptionClause clause) {
    String name = clause.name();
    if (OptionTable.of(DialectName.POSTGRESQL).find(name) == null
        && OptionTable.of(DialectName.MATERIALIZE).find(name) != null) {
      return true;
    }
    OptionValue value = clause.value();
    return clause.equalsRange() != null
        || value instanceof OptionValue.ValueList list && list.brackets()
        || name.equals("FORMAT") && isParquet(value);
  }

  private static boolean isParquet(OptionValue value) {
    return value instanceof OptionValue.Word word && word.lower().equals("parquet")
        || value instanceof OptionValue.Text text && text.text().equalsIgnoreCase("parquet");
  }

  /** The URL scheme of a literal source in lower case, or an empty string. */
  private static String scheme(SourceRef source) {
    if (source instanceof SourceRef.StringSource literal) {
      int end = literal.text().indexOf("://");
      if (end > 0) {
        return literal.text().substring(0, end).toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }
}
