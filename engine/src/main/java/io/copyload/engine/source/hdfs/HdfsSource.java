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
    HdfsAddress address = HdfsAddress.of(location);
    refuse(clauses.manifest(), "MANIFEST", address);
    refuse(clauses.encryptionKey() != null, "ENCRYPTED", address);
    refuse(
        clauses.selection() != null && clauses.selection().chooses(), "FILES or PATTERN", address);
    AllowList allowed = AllowList.of(settings);
    address.check(allowed, address.path());
    return new HdfsListing(
            cluster(address, settings), address, allowed, NetworkSettings.of(settings))
        .objects(cancel);
  }

  private static HdfsCluster cluster(HdfsAddress address, SourceSettings settings) {
    return () -> new WebHdfsFiles(address, settings);
  }

  private static void refuse(boolean given, String clause, HdfsAddress address) {
    if (given) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          clause + " is not supported for " + address.scheme() + "://");
    }
  }
}
