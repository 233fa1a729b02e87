package io.copyload.engine.source.s3;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceSettings;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where S3 is, as the connection says.
 *
 * @param endpoint of a store other than Amazon's, or null
 * @param pathStyle whether the bucket is part of the path and not of the host's name
 * @param region used where a COPY names none; null leaves it to the environment
 * @param stsEndpoint where roles are assumed, or null for Amazon's
 */
record S3Settings(URI endpoint, boolean pathStyle, String region, URI stsEndpoint) {
  static final String ENDPOINT = "s3_endpoint";
  static final String PATH_STYLE = "s3_path_style";
  static final String REGION = "s3_region";
  static final String STS_ENDPOINT = "sts_endpoint";

  /**
   * @param ownEndpoint of a stored connection, which wins, or null
   */
  static S3Settings of(SourceSettings settings, String ownEndpoint) {
    URI endpoint = ownEndpoint == null ? uri(settings, ENDPOINT) : URI.create(ownEndpoint);
    String pathStyle = settings.text(PATH_STYLE);
    return new S3Settings(
        endpoint,
        pathStyle == null || pathStyle.equalsIgnoreCase("auto")
            ? endpoint != null
            : Boolean.parseBoolean(pathStyle),
        settings.text(REGION),
        uri(settings, STS_ENDPOINT));
  }

  private static URI uri(SourceSettings settings, String key) {
    String text = settings.text(key);
    if (text == null) {
      return null;
    }
    try {
      URI uri = new URI(text);
      boolean web =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw bad(key);
    }
    throw bad(key);
  }

  private static CopyException bad(String key) {
    return new CopyException(
        CopyErrorCode.INVALID_PARAMETER_VALUE,
        "invalid value of connection property " + key + ": expected http(s)://host[:port]");
  }
}
