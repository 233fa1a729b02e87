package io.copyload.engine.source.hdfs;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.remote.NetworkSettings;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;

/**
 * A cluster by Hadoop's own client, which the class path may lack: only this class and {@link
 * HadoopFiles} know it.
 *
 * <p>Hadoop's configuration counts, {@code core-site.xml} and {@code hdfs-site.xml} of the class
 * path or of the folder that the property {@code hdfs_config} names: names of clusters with several
 * name nodes, Kerberos, encryption. Time-outs and repetitions are those of the connection.
 */
final class HadoopCluster implements HdfsCluster {
  private static final String CONFIG = "hdfs_config";
  private static final String RETRY_WINDOW_MILLIS = "300";

  private final HdfsAddress address;
  private final URI root;
  private final String user;
  private final Configuration configuration;

  HadoopCluster(HdfsAddress address, SourceSettings settings) {
    this.address = address;
    user = HdfsUser.named(address, settings);
    configuration = configuration(settings);
    root =
        address.authority().isEmpty()
            ? FileSystem.getDefaultUri(configuration)
            : URI.create("hdfs://" + address.authority());
    if (!"hdfs".equals(root.getScheme()) || root.getAuthority() == null) {
      throw new CopyException(CopyErrorCode.INVALID_NAME, "\"" + address + "\" names no name node")
          .withHint("Hadoop's configuration has no fs.defaultFS of HDFS either.");
    }
  }

  private static Configuration configuration(SourceSettings settings) {
    NetworkSettings network = NetworkSettings.of(settings);
    Configuration configuration = new HdfsConfiguration();
    ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
    if (ofThread == null || ofThread.getResource("core-default.xml") == null) {
      // An application's thread need not see the driver's class path.
      configuration.setClassLoader(Configuration.class.getClassLoader());
    }
    String folder = settings.text(CONFIG);
    if (folder != null) {
      addFiles(configuration, folder);
    }
    String timeout = String.valueOf(network.timeout().toMillis());
    configuration.setClass("fs.hdfs.impl", DistributedFileSystem.class, FileSystem.class);
    // One that is kept for ever would keep its user and time-outs.
    configuration.set("fs.hdfs.impl.disable.cache", "true");
    configuration.set("ipc.client.connect.timeout", timeout);
    configuration.set("ipc.client.connect.max.retries", "0");
    configuration.set("ipc.client.connect.max.retries.on.timeouts", "0");
    configuration.set("ipc.client.rpc-timeout.ms", timeout);
    configuration.set("dfs.client.socket-timeout", timeout);
    configuration.set("dfs.client.retry.window.base", RETRY_WINDOW_MILLIS);
    return configuration;
  }

  private static void addFiles(Configuration configuration, String folder) {
    try {
      Path path = Path.of(folder);
      if (Files.isDirectory(path)) {
        for (String name : new String[] {"core-site.xml", "hdfs-site.xml"}) {
          if (Files.isRegularFile(path.resolve(name))) {
            configuration.addResource(path.resolve(name).toUri().toURL());
          }
        }
        return;
      }
    } catch (InvalidPathException | MalformedURLException e) {
      throw noFolder(folder);
    }
    throw noFolder(folder);
  }

  private static CopyException noFolder(String folder) {
    return new CopyException(
        CopyErrorCode.INVALID_PARAMETER_VALUE,
        "invalid value of connection property " + CONFIG + ": \"" + folder + "\" is no folder");
  }

  @Override
  public HdfsFiles open() {
    return new HadoopFiles(root, user, configuration);
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
