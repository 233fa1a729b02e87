package io.copyload.engine.source.hdfs;

import java.time.Instant;

/**
 * What a name node says of one file or folder.
 *
 * @param path from the root
 * @param size bytes of a file
 * @param fileId tells a file from another one that takes its place; 0 when not known
 */
record HdfsEntry(String path, boolean isFolder, long size, Instant modified, long fileId) {
  /** The last part of the path. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Changes with the content: files of HDFS are written once, appended to or replaced. */
  String identity() {
    return fileId + "-" + modified.toEpochMilli() + "-" + size;
  }
}
