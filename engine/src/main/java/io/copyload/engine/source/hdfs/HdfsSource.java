package io.copyload.engine.source.hdfs;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.remote.NetworkSettings;
import java.util.List;

/**
 * Files of Hadoop's distributed file system. A location is a file, a folder, or a pattern of them
 * (Redshift developer guide, "COPY from Amazon EMR").
 */
public final class HdfsSource implements Source {
  @Override
  public Reach reach() {
    return Reach.NETWORK;
  }

  @Override
  public String shownName(String location) {
    return HdfsAddress.shown(location);
  }

  @Override
  public SourceListing list(
      String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    check(location, clauses, settings);
    HdfsAddress address = HdfsAddress.of(location);
    return listing(address, cluster(address, settings), settings).objects(cancel);
  }

  /**
   * What a location names in a cluster that it does not name itself.
   *
   * @param location whose path is that in the cluster
   * @param nameNodes addresses without a path, one of which answers
   */
  public static SourceListing list(
      String location, List<String> nameNodes, SourceSettings settings, CancelToken cancel) {
    HdfsAddress address = HdfsAddress.of(location);
    List<HdfsAddress> candidates = nameNodes.stream().map(HdfsAddress::of).toList();
    HdfsAddress chosen =
        candidates.size() == 1
            ? candidates.get(0)
            : NameNodeChoice.of(address.toString(), candidates, settings, cancel);
    return listing(address, cluster(chosen, settings), settings).objects(cancel);
  }

  /** Checks what a location and clauses name, as far as that can be told without asking. */
  public static void check(String location, SourceClauses clauses, SourceSettings settings) {
    HdfsAddress address = HdfsAddress.of(location);
    refuse(clauses.manifest(), "MANIFEST", address);
    refuse(clauses.encryptionKey() != null, "ENCRYPTED", address);
    refuse(
        clauses.selection() != null && clauses.selection().chooses(), "FILES or PATTERN", address);
    // A folder may be allowed by its address with a slash at the end.
    address.check(AllowList.of(settings), address.path().equals("/") ? "/" : address.path() + "/");
  }

  private static HdfsListing listing(
      HdfsAddress address, HdfsCluster cluster, SourceSettings settings) {
    return new HdfsListing(cluster, address, AllowList.of(settings), NetworkSettings.of(settings));
  }

  static HdfsCluster cluster(HdfsAddress address, SourceSettings settings) {
    if (address.scheme().equals("hdfs")) {
      try {
        return new HadoopCluster(address, settings);
      } catch (NoClassDefFoundError e) {
        throw HdfsErrors.noClient(e);
      }
    }
    WebHdfsFiles files = new WebHdfsFiles(address, settings);
    return () -> files;
  }

  private static void refuse(boolean given, String clause, HdfsAddress address) {
    if (given) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          clause + " is not supported for " + address.scheme() + "://");
    }
  }
}
