package io.copyload.engine.source.hdfs;

import io.copyload.engine.source.SourceSettings;

/** Who a cluster is told that the user is, where it believes what it is told. */
final class HdfsUser {
  private static final String PROPERTY = "hdfs_user";

  private HdfsUser() {}

  /** The user of the address or the property; null when neither names one. */
  static String named(HdfsAddress address, SourceSettings settings) {
    return address.user() != null ? address.user() : settings.text(PROPERTY);
  }

  /** As Hadoop's client: else the one of the environment, else the one of the process. */
  static String of(HdfsAddress address, SourceSettings settings) {
    String named = named(address, settings);
    if (named != null) {
      return named;
    }
    String ofHadoop = System.getenv("HADOOP_USER_NAME");
    return ofHadoop != null && !ofHadoop.isBlank()
        ? ofHadoop.strip()
        : System.getProperty("user.name");
  }
}
