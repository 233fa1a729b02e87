package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.JsonLinesSpec;
import io.copyload.engine.format.ParquetSpec;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionValue;
import io.copyload.engine.statement.Unload;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the clauses of an UNLOAD mean (Redshift developer guide, UNLOAD).
 *
 * @param addQuotes whether every field is quoted (ADDQUOTES)
 * @param compression by which files are compressed
 * @param extension of the files' names without a dot; empty for none
 * @param parallel whether several files are written at a time, in no order
 * @param overwrites whether files of the same names are replaced
 * @param cleans whether all files below the location are removed
 * @param maxFileBytes most bytes of a file
 * @param rowGroupBytes bytes of a row group of Parquet
 */
public record UnloadOptions(
    FormatSpec format,
    boolean addQuotes,
    Compression compression,
    String extension,
    SourceClauses clauses,
    boolean parallel,
    boolean overwrites,
    boolean cleans,
    boolean manifest,
    boolean verbose,
    long maxFileBytes,
    long rowGroupBytes) {
  /** How files are compressed. */
  public enum Compression {
    NONE,
    GZIP,
    ZSTD
  }

  private static final double MIN_BYTES = 5 << 20;
  private static final double MAX_BYTES = 6.2 * (1L << 30);
  private static final long MIN_GROUP_BYTES = 32L << 20;
  private static final long MAX_GROUP_BYTES = 128L << 20;

  /**
   * Resolves the clauses.
   *
   * <p>Failures: INVALID_PARAMETER_VALUE for conflicts and bad values, FEATURE_NOT_SUPPORTED for
   * clauses that are not built, each with its place.
   */
  public static UnloadOptions of(Unload unload) {
    Map<String, OptionClause> seen = new LinkedHashMap<>();
    Map<String, OptionClause> source = new LinkedHashMap<>();
    for (OptionClause clause : unload.options()) {
      switch (clause.name()) {
        case "FIXEDWIDTH",
            "BZIP2",
            "PARTITION BY",
            "INCLUDE",
            "ENCRYPTED",
            "MASTER_SYMMETRIC_KEY",
            "KMS_KEY_ID" ->
            throw unload.notBuilt(clause);
        case "IAM_ROLE",
            "ACCESS_KEY_ID",
            "SECRET_ACCESS_KEY",
            "SESSION_TOKEN",
            "TOKEN",
            "CREDENTIALS",
            "REGION" ->
            source.put(clause.name(), clause);
        default -> seen.put(clause.name(), clause);
      }
    }
    conflict(seen, "JSON", "PARQUET");
    conflict(seen, "CSV", "PARQUET");
    conflict(seen, "CSV", "JSON");
    for (String name : new String[] {"ADDQUOTES", "ESCAPE"}) {
      conflict(seen, name, "CSV");
    }
    for (String format : new String[] {"PARQUET", "JSON"}) {
      for (String name : new String[] {"DELIMITER", "ADDQUOTES", "ESCAPE", "NULL", "HEADER"}) {
        conflict(seen, name, format);
      }
    }
    conflict(seen, "GZIP", "PARQUET");
    conflict(seen, "ZSTD", "PARQUET");
    if (seen.containsKey("ROWGROUPSIZE") && !seen.containsKey("PARQUET")) {
      throw invalid(seen.get("ROWGROUPSIZE"), "ROWGROUPSIZE can only be used with PARQUET");
    }
    conflict(seen, "CLEANPATH", "ALLOWOVERWRITE");
    conflict(seen, "ZSTD", "GZIP");
    Compression compression =
        seen.containsKey("GZIP")
            ? Compression.GZIP
            : seen.containsKey("ZSTD") ? Compression.ZSTD : Compression.NONE;
    OptionClause manifest = seen.get("MANIFEST");
    return new UnloadOptions(
        format(seen),
        seen.containsKey("ADDQUOTES"),
        compression,
        extension(seen, compression),
        new RedshiftSource(source).resolve(),
        parallel(seen.get("PARALLEL")),
        seen.containsKey("ALLOWOVERWRITE"),
        seen.containsKey("CLEANPATH"),
        manifest != null,
        manifest != null && manifest.hasValue(),
        maxFileBytes(seen.get("MAXFILESIZE")),
        rowGroupBytes(seen.get("ROWGROUPSIZE")));
  }

  private static void conflict(Map<String, OptionClause> seen, String name, String other) {
    if (seen.containsKey(name) && seen.containsKey(other)) {
      throw invalid(seen.get(name), name + " cannot be used together with " + other);
    }
  }

  private static FormatSpec format(Map<String, OptionClause> seen) {
    if (seen.containsKey("PARQUET")) {
      return new ParquetSpec();
    }
    if (seen.containsKey("JSON")) {
      return new JsonLinesSpec();
    }
    boolean csv = seen.containsKey("CSV");
    OptionClause delimiter = seen.get("DELIMITER");
    String text = delimiter == null ? csv ? "," : "|" : text(delimiter);
    if (text.length() != 1 || text.charAt(0) > 127 || "\n\r\"\\".contains(text)) {
      throw invalid(
          delimiter, "DELIMITER must be a single ASCII character and no quote or line end");
    }
    OptionClause marker = seen.get("NULL");
    boolean quotes = csv || seen.containsKey("ADDQUOTES");
    return new DelimitedSpec(
        csv ? DelimitedSpec.Style.REDSHIFT_CSV : DelimitedSpec.Style.REDSHIFT_TEXT,
        (byte) text.charAt(0),
        quotes ? '"' : -1,
        csv ? '"' : seen.containsKey("ESCAPE") ? '\\' : -1,
        marker == null ? "" : text(marker),
        false,
        false,
        null,
        seen.containsKey("HEADER") ? DelimitedSpec.Header.SKIP : DelimitedSpec.Header.NONE,
        0,
        false,
        DelimitedSpec.EndMarker.NONE);
  }

  private static String extension(Map<String, OptionClause> seen, Compression compression) {
    OptionClause clause = seen.get("EXTENSION");
    if (clause == null) {
      if (seen.containsKey("PARQUET")) {
        return "parquet";
      }
      String json = seen.containsKey("JSON") ? "json" : "";
      String compressed =
          switch (compression) {
            case NONE -> "";
            case GZIP -> "gz";
            case ZSTD -> "zst";
          };
      return json.isEmpty() || compressed.isEmpty() ? json + compressed : json + "." + compressed;
    }
    String text = text(clause);
    String bare = text.startsWith(".") ? text.substring(1) : text;
    if (!bare.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw invalid(clause, "EXTENSION must be letters, digits, dots, hyphens and underscores");
    }
    return bare;
  }

  private static boolean parallel(OptionClause clause) {
    if (clause == null || !(clause.value() instanceof OptionValue.Word word)) {
      return true;
    }
    return word.lower().equals("on") || word.lower().equals("true");
  }

  private static long maxFileBytes(OptionClause clause) {
    if (clause == null) {
      return (long) MAX_BYTES;
    }
    double bytes = bytes(clause);
    if (bytes < MIN_BYTES || bytes > MAX_BYTES) {
      throw invalid(clause, "MAXFILESIZE must be from 5 MB to 6.2 GB");
    }
    return (long) bytes;
  }

  private static long rowGroupBytes(OptionClause clause) {
    if (clause == null) {
      return MIN_GROUP_BYTES;
    }
    double bytes = bytes(clause);
    if (bytes < MIN_GROUP_BYTES || bytes > MAX_GROUP_BYTES || bytes != Math.rint(bytes)) {
      throw invalid(clause, "ROWGROUPSIZE must be from 32 MB to 128 MB");
    }
    return (long) bytes;
  }

  private static double bytes(OptionClause clause) {
    String[] size = text(clause).split(" ");
    double unit = size[1].toUpperCase(Locale.ROOT).equals("GB") ? 1L << 30 : 1L << 20;
    return Double.parseDouble(size[0]) * unit;
  }

  private static String text(OptionClause clause) {
    return ((OptionValue.Text) clause.value()).text();
  }

  private static CopyException invalid(OptionClause clause, String message) {
    return new CopyException(CopyErrorCode.INVALID_PARAMETER_VALUE, message)
        .withPosition(clause.nameRange().position());
  }
}
