package io.copyload.engine.source.hdfs;

import io.copyload.engine.source.remote.RemoteBody;
import java.io.IOException;
import java.util.List;

/**
 * One cluster's files as one user sees them. Every call is one try, whose failure is a {@code
 * RemoteFailure}. Threads: any.
 */
interface HdfsFiles {
  /** What stands at a path, or null. */
  HdfsEntry status(String path) throws IOException;

  /**
   * A page of a folder's entries, in the order of their names' bytes.
   *
   * @param after only names behind this one; null for all
   * @return null when there is no such folder
   */
  Page list(String path, String after) throws IOException;

  /**
   * Some entries of a folder.
   *
   * @param last whether there are no more behind them
   */
  record Page(List<HdfsEntry> entries, boolean last) {
    static final Page EMPTY = new Page(List.of(), true);
  }

  /** The bytes of a file, which must still be the one that was listed. */
  RemoteBody open(HdfsEntry file, long begin, long end) throws IOException;

  /** Nobody needs the files any more: requests that are under way may end. */
  void close();
}
