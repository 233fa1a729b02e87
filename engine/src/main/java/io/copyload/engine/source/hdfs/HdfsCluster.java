package io.copyload.engine.source.hdfs;

/** How a cluster is reached. Threads: any. */
interface HdfsCluster {
  /** Its files; nothing is asked yet. Who gets them closes them. */
  HdfsFiles open();
}
