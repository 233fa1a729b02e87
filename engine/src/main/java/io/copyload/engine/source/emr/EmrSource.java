package io.copyload.engine.source.emr;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.hdfs.HdfsSource;
import java.util.List;

/**
 * Files of a cluster of Amazon EMR (Redshift developer guide, "COPY from Amazon EMR"), or of
 * another one that the property {@code cluster_endpoint} names.
 */
public final class EmrSource implements Source {
  private static final String SCHEME = "emr://";
  private static final String CLUSTER_ENDPOINT = "cluster_endpoint";

  @Override
  public Reach reach() {
    return Reach.NETWORK;
  }

  @Override
  public SourceListing list(
      String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    String rest = location.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    String cluster = slash < 0 ? rest : rest.substring(0, slash);
    if (!cluster.matches("[A-Za-z0-9._-]+")) {
      throw new CopyException(CopyErrorCode.INVALID_NAME, "\"" + location + "\" names no cluster")
          .withHint("Write emr://cluster-id/path.");
    }
    if (clauses.region() != null) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED, "REGION is not supported for emr://");
    }
    HdfsSource.check(location, clauses, settings);
    return HdfsSource.list(
        location, nameNodes(cluster, clauses, settings, cancel), settings, cancel);
  }

  private static List<String> nameNodes(
      String cluster, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    String endpoint = settings.text(CLUSTER_ENDPOINT);
    if (endpoint == null) {
      return new EmrCluster(cluster, clauses, settings)
          .masters(cancel).stream().map(host -> "hdfs://" + host).toList();
    }
    String address = endpoint.contains("://") ? endpoint : "hdfs://" + endpoint;
    if (!address.matches("(hdfs|webhdfs|swebhdfs)://[^/]+/?")) {
      throw new CopyException(
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "invalid value of connection property "
              + CLUSTER_ENDPOINT
              + ": expected host[:port], hdfs://host[:port] or webhdfs://host[:port]");
    }
    return List.of(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
  }
}
