package io.copyload.tck.source;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A cluster of Hadoop with two data nodes and blocks of 1 MB, each on both. One for all tests of a
 * JVM, as it takes seconds to start.
 */
final class HdfsServer implements AutoCloseable {
  static final int BLOCK_BYTES = 1 << 20;

  private static HdfsServer shared;

  private final MiniDFSCluster cluster;
  private final FileSystem files;

  private HdfsServer(Path folder) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    configuration.setLong("dfs.blocksize", BLOCK_BYTES);
    configuration.setLong("dfs.namenode.fs-limits.min-block-size", 0);
    configuration.setBoolean("dfs.permissions.enabled", true);
    // Else each file that is written waits for 400 ms until its block is known.
    configuration.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 10);
    // More entries than that come by pages.
    configuration.setInt("dfs.ls.limit", 4);
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(2).build();
    cluster.waitActive();
    files = cluster.getFileSystem();
  }

  /**
   * Starts the cluster before the first class of tests that needs it, stops it after the last test.
   */
  static final class Started implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      ExtensionContext.Store store =
          context.getRoot().getStore(ExtensionContext.Namespace.create(HdfsServer.class));
      shared = store.computeIfAbsent(HdfsServer.class, key -> HdfsServer.start(), HdfsServer.class);
    }
  }

  private static HdfsServer start() {
    try {
      return new HdfsServer(Files.createTempDirectory("copyload-hdfs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HdfsServer shared() {
    return shared;
  }

  @Override
  public void close() {
    cluster.shutdown(true);
  }

  /** Address of a path by Hadoop's own protocol. */
  String rpc(String path) {
    return "hdfs://localhost:" + cluster.getNameNodePort() + path;
  }

  int rpcPort() {
    return cluster.getNameNodePort();
  }

  int httpPort() {
    return cluster.getNameNode().getHttpAddress().getPort();
  }

  /** Address of a path by HTTP. */
  String web(String path) {
    return "webhdfs://localhost:" + httpPort() + path;
  }

  void write(String path, byte[] content) throws IOException {
    try (OutputStream out = files.create(new org.apache.hadoop.fs.Path(path), true)) {
      out.write(content);
    }
  }

  void write(String path, String content) throws IOException {
    write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  FileSystem files() {
    return files;
  }

  MiniDFSCluster cluster() {
    return cluster;
  }
}
