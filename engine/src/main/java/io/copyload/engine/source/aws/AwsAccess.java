package io.copyload.engine.source.aws;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.Authorization;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.TrustedAuthorities;
import java.net.URI;
import java.net.URISyntaxException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.InstanceProfileRegionProvider;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * How a load reaches a service of AWS: connections, region and identity.
 *
 * @param http ends requests that are under way when it is told to
 * @param stsEndpoint where roles are assumed, or null for Amazon's
 */
public record AwsAccess(
    AbortableHttpClient http, Region region, AwsCredentialsProvider credentials, URI stsEndpoint) {
  private static final String STS_ENDPOINT = "sts_endpoint";

  /**
   * The access that the clauses of a COPY ask for.
   *
   * @param usualRegion where the clauses name none; null leaves it to the environment
   * @param elsewhere whether the service is not Amazon's own, so that no machine of Amazon's is
   *     asked for its region
   */
  public static AwsAccess of(
      SourceClauses clauses, SourceSettings settings, String usualRegion, boolean elsewhere) {
    NetworkSettings network = NetworkSettings.of(settings);
    UrlConnectionHttpClient.Builder connections =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(network.timeout())
            .socketTimeout(network.timeout());
    TrustedAuthorities trusted = TrustedAuthorities.of(settings);
    if (trusted != null) {
      connections.tlsTrustManagersProvider(trusted::managers);
    }
    if (network.proxy() != null) {
      connections.proxyConfiguration(
          ProxyConfiguration.builder()
              .useSystemPropertyValues(false)
              .endpoint(
                  URI.create(
                      "http://"
                          + network.proxy().getHostString()
                          + ":"
                          + network.proxy().getPort()))
              .build());
    }
    AbortableHttpClient http = new AbortableHttpClient(connections.build());
    Region region = region(clauses.region() != null ? clauses.region() : usualRegion, elsewhere);
    URI sts = endpoint(settings, STS_ENDPOINT);
    return new AwsAccess(
        http, region, credentials(clauses.authorization(), http, region, sts), sts);
  }

  /**
   * The client of a service as this identity; who calls repeats what fails.
   *
   * @param endpoint where the service is, or null for Amazon's
   */
  public <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
      B builder, URI endpoint) {
    builder
        .httpClient(http)
        .region(region)
        .credentialsProvider(credentials)
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }

  private static Region region(String name, boolean elsewhere) {
    if (name != null) {
      return Region.of(name);
    }
    try {
      AwsRegionProviderChain known =
          elsewhere
              ? new AwsRegionProviderChain(
                  new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
              : new AwsRegionProviderChain(
                  new SystemSettingsRegionProvider(),
                  new AwsProfileRegionProvider(),
                  new InstanceProfileRegionProvider());
      return known.getRegion();
    } catch (SdkException e) {
      // S3 tells the region of a bucket that is elsewhere.
      return Region.US_EAST_1;
    }
  }

  private static AwsCredentialsProvider credentials(
      Authorization authorization, AbortableHttpClient http, Region region, URI sts) {
    if (authorization instanceof Authorization.AccessKey key) {
      return StaticCredentialsProvider.create(
          key.sessionToken() == null
              ? AwsBasicCredentials.create(key.id(), key.secret().reveal())
              : AwsSessionCredentials.create(
                  key.id(), key.secret().reveal(), key.sessionToken().reveal()));
    }
    AwsCredentialsProvider provider = DefaultCredentialsProvider.builder().build();
    if (authorization instanceof Authorization.Roles roles) {
      for (String arn : roles.arns()) {
        provider = assumed(arn, roles.sessionName(), provider, http, region, sts);
      }
    }
    return provider;
  }

  private static AwsCredentialsProvider assumed(
      String arn,
      String sessionName,
      AwsCredentialsProvider by,
      AbortableHttpClient http,
      Region region,
      URI stsEndpoint) {
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts(http, region, by, stsEndpoint, AwsRetryStrategy.defaultRetryStrategy()))
        .refreshRequest(r -> r.roleArn(arn).roleSessionName(sessionName))
        .build();
  }

  private static StsClient sts(
      AbortableHttpClient http,
      Region region,
      AwsCredentialsProvider by,
      URI endpoint,
      RetryStrategy retries) {
    StsClientBuilder sts =
        StsClient.builder()
            .httpClient(http)
            .region(region)
            .credentialsProvider(by)
            .overrideConfiguration(o -> o.retryStrategy(retries));
    if (endpoint != null) {
      sts.endpointOverride(endpoint);
    }
    return sts.build();
  }

  /** STS as this identity sees it; who calls repeats what fails. */
  public StsClient sts() {
    return client(StsClient.builder(), stsEndpoint);
  }

  /** Whether a property names the STS to ask. */
  public boolean hasOwnSts() {
    return stsEndpoint != null;
  }

  /** The address that a property names, or null. */
  public static URI endpoint(SourceSettings settings, String key) {
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
