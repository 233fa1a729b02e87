package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.Sources;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.SourceRef;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Clauses that Redshift does not take side by side (Redshift guide, "COPY parameters"). */
final class RedshiftConflicts {
  private static final Set<String> FORMATS =
      Set.of("CSV", "FIXEDWIDTH", "JSON", "AVRO", "PARQUET", "ORC", "SHAPEFILE");

  /** What each clause excludes; written once per pair. */
  private static final Map<String, Set<String>> EXCLUDED =
      Map.ofEntries(
          Map.entry(
              "DELIMITER", Set.of("FIXEDWIDTH", "JSON", "AVRO", "PARQUET", "ORC", "SHAPEFILE")),
          Map.entry(
              "ESCAPE", Set.of("CSV", "FIXEDWIDTH", "JSON", "AVRO", "PARQUET", "ORC", "SHAPEFILE")),
          Map.entry(
              "REMOVEQUOTES",
              Set.of("CSV", "FIXEDWIDTH", "JSON", "AVRO", "PARQUET", "ORC", "SHAPEFILE")),
          Map.entry("FILLRECORD", Set.of("JSON", "AVRO", "SHAPEFILE")),
          Map.entry("IGNOREBLANKLINES", Set.of("JSON", "AVRO", "PARQUET", "ORC", "SHAPEFILE")),
          Map.entry("NULL", Set.of("JSON", "AVRO", "PARQUET", "ORC", "SHAPEFILE")),
          Map.entry(
              "SSH", Set.of("MANIFEST", "ENCRYPTED", "READRATIO", "PARQUET", "ORC", "SHAPEFILE")),
          Map.entry("IGNOREHEADER", Set.of("PARQUET", "ORC", "SHAPEFILE")),
          Map.entry("IGNOREALLERRORS", Set.of("MAXERROR", "PARQUET", "ORC")),
          Map.entry("MAXERROR", Set.of("PARQUET", "ORC")),
          Map.entry("ACCEPTANYDATE", Set.of("PARQUET", "ORC")),
          Map.entry("BLANKSASNULL", Set.of("PARQUET", "ORC")),
          Map.entry("EMPTYASNULL", Set.of("PARQUET", "ORC")),
          Map.entry("DATEFORMAT", Set.of("PARQUET", "ORC")),
          Map.entry("TIMEFORMAT", Set.of("PARQUET", "ORC")),
          Map.entry("ROUNDEC", Set.of("PARQUET", "ORC")),
          Map.entry("TRIMBLANKS", Set.of("PARQUET", "ORC")),
          Map.entry("TRUNCATECOLUMNS", Set.of("PARQUET", "ORC")),
          Map.entry("COMPROWS", Set.of("PARQUET", "ORC")),
          Map.entry("COMPUPDATE", Set.of("PARQUET", "ORC")),
          Map.entry("ENCODING", Set.of("PARQUET", "ORC", "SHAPEFILE")));

  private RedshiftConflicts() {}

  /**
   * Checks the clauses of a statement.
   *
   * <p>Failures: {@code CopyException} SYNTAX at the later clause of the first pair.
   */
  static void check(CopyFrom copy) {
    List<OptionClause> clauses = copy.options();
    for (int i = 0; i < clauses.size(); i++) {
      for (int k = 0; k < i; k++) {
        String a = clauses.get(k).name();
        String b = clauses.get(i).name();
        if (excludes(a, b) || excludes(b, a) || (FORMATS.contains(a) && FORMATS.contains(b))) {
          throw new CopyException(CopyErrorCode.SYNTAX, b + " cannot be used with " + a)
              .withPosition(clauses.get(i).nameRange().position());
        }
      }
    }
  }

  /** What a COPY from DynamoDB takes (Redshift guide, "COPY from Amazon DynamoDB"). */
  private static final Set<String> OF_ITEMS =
      Set.of(
          "READRATIO",
          "REGION",
          "IAM_ROLE",
          "CREDENTIALS",
          "ACCESS_KEY_ID",
          "SECRET_ACCESS_KEY",
          "SESSION_TOKEN",
          "TOKEN",
          "ACCEPTANYDATE",
          "BLANKSASNULL",
          "DATEFORMAT",
          "EMPTYASNULL",
          "ROUNDEC",
          "TIMEFORMAT",
          "TRIMBLANKS",
          "TRUNCATECOLUMNS",
          "COMPROWS",
          "COMPUPDATE",
          "EXPLICIT_IDS",
          "IGNOREALLERRORS",
          "MAXERROR",
          "NOLOAD",
          "STATUPDATE");

  /**
   * Checks that the clauses fit the place that the statement names. A place that a parameter names
   * is checked when it is known.
   *
   * @param seen the clauses by name
   */
  static void checkSource(CopyFrom copy, Map<String, OptionClause> seen) {
    String scheme =
        copy.source() instanceof SourceRef.StringSource named
            ? Sources.schemeOf(named.text())
            : null;
    if ("emr".equals(scheme)) {
      checkCluster(copy);
    }
    OptionClause ratio = seen.get("READRATIO");
    if (ratio == null) {
      if ("dynamodb".equals(scheme)) {
        throw new CopyException(CopyErrorCode.SYNTAX, "COPY FROM dynamodb:// requires READRATIO")
            .withPosition(copy.source().range().position());
      }
      return;
    }
    if (scheme != null && !scheme.equals("dynamodb")) {
      throw new CopyException(CopyErrorCode.SYNTAX, "READRATIO can be used with dynamodb:// only")
          .withPosition(ratio.nameRange().position());
    }
    for (OptionClause clause : copy.options()) {
      if (!OF_ITEMS.contains(clause.name())) {
        throw new CopyException(
                CopyErrorCode.SYNTAX, clause.name() + " cannot be used with dynamodb://")
            .withPosition(clause.nameRange().position());
      }
    }
  }

  /** What a COPY from a cluster does not take (Redshift guide, "COPY from Amazon EMR"). */
  private static final Set<String> NOT_OF_CLUSTERS =
      Set.of("ENCRYPTED", "MANIFEST", "REGION", "READRATIO", "SSH", "PARQUET", "ORC", "SHAPEFILE");

  private static void checkCluster(CopyFrom copy) {
    for (OptionClause clause : copy.options()) {
      if (NOT_OF_CLUSTERS.contains(clause.name())) {
        throw new CopyException(CopyErrorCode.SYNTAX, clause.name() + " cannot be used with emr://")
            .withPosition(clause.nameRange().position());
      }
    }
  }

  private static boolean excludes(String clause, String other) {
    return EXCLUDED.getOrDefault(clause, Set.of()).contains(other);
  }
}
