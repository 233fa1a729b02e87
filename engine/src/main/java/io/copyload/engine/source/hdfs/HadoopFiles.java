package io.copyload.engine.source.hdfs;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.remote.RemoteBody;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.DirectoryListing;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.ipc.RpcException;
import org.apache.hadoop.security.UserGroupInformation;

/** The files of a cluster by Hadoop's own client. */
final class HadoopFiles implements HdfsFiles {
  /** What is asked for at once, as each request of a data node costs a round trip. */
  private static final int PIECE_BYTES = 512 << 10;

  private final URI root;
  private final String user;
  private final Configuration configuration;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private DistributedFileSystem system;
  private boolean closed;

  /**
   * @param user null for the process's own
   */
  HadoopFiles(URI root, String user, Configuration configuration) {
    this.root = root;
    this.user = user;
    this.configuration = configuration;
  }

  private interface Call<T> {
    T of(DistributedFileSystem system) throws IOException;
  }

  private <T> T call(Call<T> call) throws IOException {
    try {
      return call.of(system());
    } catch (IOException e) {
      throw failure(e);
    } catch (IllegalArgumentException e) {
      throw failure(new IOException(e.getMessage(), e));
    } catch (NoClassDefFoundError e) {
      throw RemoteFailure.of(HdfsErrors.noClient(e));
    }
  }

  private DistributedFileSystem system() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new InterruptedIOException("the load has ended");
      }
      if (system == null) {
        PrivilegedExceptionAction<FileSystem> opening = () -> FileSystem.get(root, configuration);
        FileSystem opened =
            user == null
                ? FileSystem.get(root, configuration)
                : UserGroupInformation.createRemoteUser(user).doAs(opening);
        system = (DistributedFileSystem) opened;
      }
      return system;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public HdfsEntry status(String path) throws IOException {
    try {
      HdfsFileStatus found = call(s -> s.getClient().getFileInfo(path));
      return found == null ? null : entry(path, found);
    } catch (RemoteFailure e) {
      if (e.code() == CopyErrorCode.OBJECT_MISSING) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public Page list(String path, String after) throws IOException {
    byte[] from = after == null ? new byte[0] : after.getBytes(StandardCharsets.UTF_8);
    DirectoryListing found;
    try {
      found = call(s -> s.getClient().listPaths(path, from));
    } catch (RemoteFailure e) {
      if (e.code() == CopyErrorCode.OBJECT_MISSING) {
        return null;
      }
      throw e;
    }
    if (found == null) {
      return null;
    }
    List<HdfsEntry> entries = new ArrayList<>();
    for (HdfsFileStatus one : found.getPartialListing()) {
      // The listing of a file has the file itself, without a name.
      if (!one.isEmptyLocalName()) {
        entries.add(entry((path.equals("/") ? "" : path) + "/" + one.getLocalName(), one));
      }
    }
    return new Page(List.copyOf(entries), !found.hasMore());
  }

  private static HdfsEntry entry(String path, HdfsFileStatus status) {
    return new HdfsEntry(
        path,
        status.isDirectory(),
        status.getLen(),
        Instant.ofEpochMilli(status.getModificationTime()),
        status.getFileId());
  }

  @Override
  public RemoteBody open(HdfsEntry file, long begin, long end) throws IOException {
    try {
      return new Range(call(s -> s.open(new Path(null, null, file.path()))), file, begin, end);
    } catch (RemoteFailure e) {
      throw e.code() == CopyErrorCode.OBJECT_MISSING ? RemoteFailure.changed() : e;
    }
  }

  private RemoteFailure failure(IOException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof RemoteFailure known) {
        return known;
      }
      if (t instanceof RemoteException answer) {
        String name = answer.getClassName();
        return HdfsErrors.of(name.substring(name.lastIndexOf('.') + 1), answer.getMessage());
      }
      if (t instanceof ConnectException
          || t instanceof NoRouteToHostException
          || t instanceof SocketTimeoutException
          || t instanceof UnknownHostException) {
        return new RemoteFailure(
            RemoteFailure.Kind.UNREACHABLE,
            CopyErrorCode.OBJECT_UNREADABLE,
            (t instanceof UnknownHostException ? "unknown host: " : "")
                + "no name node answers at "
                + root.getAuthority(),
            null,
            e);
      }
      if (t instanceof RpcException) {
        return RemoteFailure.lasting(
            CopyErrorCode.OBJECT_UNREADABLE,
            "what answers at " + root.getAuthority() + " does not speak Hadoop's protocol",
            "Name the RPC port of the name node, usually 8020; its HTTP port is for webhdfs://.");
      }
    }
    String name = e.getClass().getSimpleName();
    return switch (name) {
      case "FileNotFoundException", "AccessControlException", "StandbyException" ->
          HdfsErrors.of(name, e.getMessage());
      case "SaslException", "KerberosAuthException" ->
          RemoteFailure.lasting(
              CopyErrorCode.CREDENTIALS_REFUSED, HdfsErrors.firstLine(e.getMessage()), null);
      default -> RemoteFailure.passing(name + ": " + HdfsErrors.firstLine(e.getMessage()), e);
    };
  }

  @Override
  public void close() {
    DistributedFileSystem open;
    lock.lock();
    try {
      closed = true;
      open = system;
      system = null;
    } finally {
      lock.unlock();
    }
    if (open != null) {
      // Hadoop waits for connections that are being made: nobody else should.
      Thread closing = new Thread(() -> close(open), "copyload-hdfs-close");
      closing.setDaemon(true);
      closing.start();
    }
  }

  private static void close(DistributedFileSystem open) {
    try {
      open.close();
    } catch (IOException | RuntimeException e) {
      // Only read: nothing is lost.
      System.getLogger(HadoopFiles.class.getName())
          .log(System.Logger.Level.DEBUG, "could not close a file system", e);
    }
  }

  /** Bytes of a file; with the last of them, the file is still the one that was listed. */
  private final class Range implements RemoteBody {
    private final FSDataInputStream in;
    private final HdfsEntry file;
    private final long end;
    private final byte[] piece;
    private long position;
    private int at;
    private int filled;
    private volatile boolean aborted;

    Range(FSDataInputStream in, HdfsEntry file, long begin, long end) {
      this.in = in;
      this.file = file;
      this.end = end;
      position = begin;
      piece = new byte[(int) Math.min(PIECE_BYTES, end - begin)];
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (at == filled) {
        if (position == end) {
          return -1;
        }
        fill();
      }
      int count = Math.min(length, filled - at);
      System.arraycopy(piece, at, buffer, offset, count);
      at += count;
      return count;
    }

    private void fill() throws IOException {
      if (aborted) {
        throw new InterruptedIOException("the request was given up");
      }
      int count = (int) Math.min(piece.length, end - position);
      IOException broken = null;
      try {
        in.readFully(position, piece, 0, count);
      } catch (IOException e) {
        broken = e;
      }
      if (broken != null || position + count == end) {
        check();
      }
      if (broken != null) {
        throw broken instanceof FileNotFoundException ? RemoteFailure.changed() : failure(broken);
      }
      position += count;
      filled = count;
      at = 0;
    }

    /** What was opened by its name may be another file by now. */
    private void check() throws IOException {
      HdfsEntry now = status(file.path());
      if (now == null || !now.identity().equals(file.identity())) {
        throw RemoteFailure.changed();
      }
    }

    @Override
    public void abort() {
      aborted = true;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
