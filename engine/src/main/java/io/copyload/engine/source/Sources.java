package io.copyload.engine.source;

import io.copyload.engine.source.dynamodb.DynamoSource;
import io.copyload.engine.source.emr.EmrSource;
import io.copyload.engine.source.hdfs.HdfsSource;
import io.copyload.engine.source.http.HttpSource;
import io.copyload.engine.source.local.LocalDestination;
import io.copyload.engine.source.local.LocalSource;
import io.copyload.engine.source.s3.S3Destination;
import io.copyload.engine.source.s3.S3Source;
import io.copyload.engine.source.ssh.SshSource;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The sources and destinations by the scheme of their addresses: the one place that names them. */
public final class Sources {
  /** Suppliers, so that the libraries of a source are loaded by its first use only. */
  private static final Map<String, Supplier<Source>> BY_SCHEME =
      Map.of(
          "file", LocalSource::new,
          "s3", S3Source::new,
          "http", HttpSource::new,
          "https", HttpSource::new,
          "emr", EmrSource::new,
          "hdfs", HdfsSource::new,
          "webhdfs", HdfsSource::new,
          "swebhdfs", HdfsSource::new,
          "dynamodb", DynamoSource::new);

  private static final Map<String, Supplier<Destination.Opener>> DESTINATIONS =
      Map.of("file", () -> LocalDestination.OPENER, "s3", () -> S3Destination.OPENER);

  private Sources() {}

  /**
   * The scheme of {@code location} in lower case; {@code file} for a path, which has none.
   *
   * <p>Only {@code scheme://} counts: a path may have colons.
   */
  public static String schemeOf(String location) {
    int colon = location.indexOf("://");
    if (colon > 0) {
      String scheme = location.substring(0, colon).toLowerCase(Locale.ROOT);
      if (scheme.matches("[a-z][a-z0-9+.-]*")) {
        return scheme;
      }
    }
    return "file";
  }

  /** The source for addresses of that scheme, or null. */
  public static Source of(String scheme) {
    Supplier<Source> source = BY_SCHEME.get(scheme);
    return source == null ? null : source.get();
  }

  /** The source that reads addresses of that scheme as the clauses say, or null. */
  public static Source of(String scheme, SourceClauses clauses) {
    Source source = of(scheme);
    return source != null && clauses.reading() == SourceClauses.Reading.SSH_MANIFEST
        ? new SshSource(source)
        : source;
  }

  /** Who opens destinations for addresses of that scheme, or null. */
  public static Destination.Opener destinations(String scheme) {
    Supplier<Destination.Opener> opener = DESTINATIONS.get(scheme);
    return opener == null ? null : opener.get();
  }
}
