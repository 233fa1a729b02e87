package io.copyload.engine.source.s3;

import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.aws.AwsAccess;
import java.net.URI;

/**
 * Where S3 is, as the connection says.
 *
 * @param endpoint of a store other than Amazon's, or null
 * @param pathStyle whether the bucket is part of the path and not of the host's name
 */
record S3Settings(URI endpoint, boolean pathStyle) {
  static final String ENDPOINT = "s3_endpoint";
  static final String PATH_STYLE = "s3_path_style";

  /** Region used where a COPY names none. */
  static final String REGION = "s3_region";

  /**
   * @param ownEndpoint of a stored connection, which wins, or null
   */
  static S3Settings of(SourceSettings settings, String ownEndpoint) {
    URI endpoint =
        ownEndpoint == null ? AwsAccess.endpoint(settings, ENDPOINT) : URI.create(ownEndpoint);
    String pathStyle = settings.text(PATH_STYLE);
    return new S3Settings(
        endpoint,
        pathStyle == null || pathStyle.equalsIgnoreCase("auto")
            ? endpoint != null
            : Boolean.parseBoolean(pathStyle));
  }
}
