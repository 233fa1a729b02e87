package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.Sources;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyJob;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionValue;
import io.copyload.engine.statement.SourceRef;
import io.copyload.engine.statement.TextRange;
import java.util.Set;

/**
 * What the COPY of a job must not have. Source: Redshift developer guide, "COPY JOB", parameters.
 * Everything else about its options is found when the job runs.
 */
final class JobChecks {
  private JobChecks() {}

  /** The location that the job looks through. */
  static String location(CopyFrom copy) {
    if (copy.source() instanceof SourceRef.StringSource literal) {
      return literal.text();
    }
    throw refused(
        "COPY JOB needs a location that it can look through, as a text in quotes",
        copy.source().range());
  }

  /**
   * Checks a statement.
   *
   * @param strict whether what only Redshift forbids is forbidden
   */
  static void check(CopyJob.Create create, boolean strict) {
    CopyFrom copy = create.copy();
    String location = location(copy);
    boolean web = Set.of("http", "https").contains(Sources.schemeOf(location));
    for (OptionClause option : copy.options()) {
      always(option);
      if (option.name().equals("PATTERN") && !web) {
        throw refused(
            "COPY JOB supports PATTERN for locations of http:// and https:// only", option.range());
      }
    }
    if (!strict) {
      Source source = Sources.of(Sources.schemeOf(location));
      if (source == null) {
        throw Source.unwatched(location);
      }
      source.checkLocation(location);
      return;
    }
    if (!Sources.schemeOf(location).equals("s3")) {
      throw onlyRedshift(
          "COPY JOB loads from Amazon S3 only: the location must begin with s3://",
          copy.source().range());
    }
    if (create.name().text().indexOf('-') >= 0) {
      throw onlyRedshift("COPY JOB names have no hyphens", create.name().range());
    }
    boolean role = false;
    for (OptionClause option : copy.options()) {
      switch (option.name()) {
        case "ORC", "PARQUET" ->
            throw onlyRedshift(
                "COPY JOB does not support the columnar format " + option.name(), option.range());
        case "FORMAT" -> {
          String format = option.value() instanceof OptionValue.Word word ? word.lower() : "";
          if (format.equals("parquet") || format.equals("orc")) {
            throw onlyRedshift(
                "COPY JOB does not support the columnar format "
                    + format.toUpperCase(java.util.Locale.ROOT),
                option.range());
          }
        }
        case "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "TOKEN" ->
            throw onlyRedshift(
                "COPY JOB does not support authorization by access and secret keys: use IAM_ROLE",
                option.nameRange());
        case "CREDENTIALS" ->
            throw onlyRedshift(
                "COPY JOB does not support CREDENTIALS: use IAM_ROLE", option.nameRange());
        case "IAM_ROLE" -> {
          if (option.value() instanceof OptionValue.Word) {
            throw onlyRedshift(
                "COPY JOB does not support the default IAM role: name the role in IAM_ROLE",
                option.range());
          }
          role = true;
        }
        default -> {
          // Found when the job runs.
        }
      }
    }
    if (!role) {
      throw onlyRedshift("COPY JOB must have IAM_ROLE with the role to use", copy.range())
          .withPosition(0);
    }
  }

  private static void always(OptionClause option) {
    switch (option.name()) {
      case "MAXERROR", "IGNOREALLERRORS", "ON_ERROR", "REJECT_LIMIT" ->
          throw refused(
              "COPY JOB does not support "
                  + option.name()
                  + ": a file is loaded as a whole or not at all",
              option.range());
      case "MANIFEST" ->
          throw refused(
              "COPY JOB does not support MANIFEST: it watches a location for new files",
              option.range());
      case "NOLOAD" ->
          throw refused("COPY JOB does not support NOLOAD: it would load nothing", option.range());
      case "FILES" ->
          throw refused(
              "COPY JOB does not support FILES: it watches a location for new files",
              option.range());
      case "SSH", "READRATIO" ->
          throw refused(
              "COPY JOB does not support "
                  + option.name()
                  + ": it watches a location for new files",
              option.range());
      default -> {
        // Found when the job runs.
      }
    }
  }

  private static CopyException refused(String message, TextRange range) {
    return new CopyException(CopyErrorCode.FEATURE_NOT_SUPPORTED, message)
        .withPosition(range.begin() + 1);
  }

  private static CopyException onlyRedshift(String message, TextRange range) {
    return refused(message, range)
        .withHint(
            "Redshift has this restriction; the connection property copy_job.strict=false lifts it.");
  }

  /** Whether the statement has keys in it that nobody may read in the database's file. */
  static boolean hasSecrets(CopyFrom copy) {
    for (OptionClause option : copy.options()) {
      if (option.value() instanceof OptionValue.Secret secret && !isRole(option, secret)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is CREDENTIALS with roles alone. */
  private static boolean isRole(OptionClause option, OptionValue.Secret secret) {
    return option.name().equals("CREDENTIALS")
        && secret.text().startsWith("aws_iam_role=")
        && secret.text().indexOf(';') < 0;
  }

  /** The role that the statement names, or null. */
  static String iamRole(CopyFrom copy) {
    for (OptionClause option : copy.options()) {
      if (option.name().equals("IAM_ROLE")) {
        return option.value() instanceof OptionValue.Text text ? text.text() : "default";
      }
    }
    return null;
  }
}
