package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.OptionClause;
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

  private static boolean excludes(String clause, String other) {
    return EXCLUDED.getOrDefault(clause, Set.of()).contains(other);
  }
}
