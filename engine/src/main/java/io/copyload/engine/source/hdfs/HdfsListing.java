package io.copyload.engine.source.hdfs;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.ReadAhead;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.RemoteListing;
import io.copyload.engine.source.remote.RemoteObject;
import io.copyload.engine.source.remote.Tries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a path of a cluster names, as the objects of a load. */
final class HdfsListing {
  /** So many files are found before the load begins. */
  private static final int MAX_KEPT = 1000;

  private final HdfsCluster cluster;
  private final HdfsAddress address;
  private final AllowList allowed;
  private final NetworkSettings network;

  HdfsListing(
      HdfsCluster cluster, HdfsAddress address, AllowList allowed, NetworkSettings network) {
    this.cluster = cluster;
    this.address = address;
    this.allowed = allowed;
    this.network = network;
  }

  /**
   * The first files.
   *
   * @param literal whether the path is a name, whatever characters it has
   * @param complete whether there are no more
   */
  private record Begin(
      List<HdfsEntry> files, boolean literal, boolean complete, boolean sawFolder) {}

  SourceListing objects(CancelToken cancel) {
    if (PathPattern.isOne(address.path())) {
      // What is wrong with it is said before anybody is asked.
      PathPattern.of(address.path());
    }
    HdfsFiles asked = cluster.open();
    Begin begin;
    try {
      begin =
          Planning.answer(address.toString(), network, () -> begin(asked), asked::close, cancel);
    } finally {
      asked.close();
    }
    if (begin.files().isEmpty()) {
      throw missing(begin);
    }
    long size = 0;
    for (HdfsEntry file : begin.files()) {
      size += file.size();
    }
    return new RemoteListing(
        begin.complete() ? begin.files().size() : -1,
        begin.complete() ? size : -1,
        () -> finder(begin),
        network,
        null,
        UnaryOperator.identity());
  }

  private Begin begin(HdfsFiles files) throws IOException {
    boolean literal =
        !PathPattern.isOne(address.path())
            || address.path().indexOf('*') < 0
                && address.path().indexOf('?') < 0
                && files.status(address.path()) != null;
    FileWalk walk = new FileWalk(files, address.path(), literal);
    List<HdfsEntry> found = new ArrayList<>();
    boolean complete = false;
    while (!complete && found.size() < MAX_KEPT) {
      HdfsEntry file = walk.next(Tries.Request::send);
      if (file == null) {
        complete = true;
      } else {
        found.add(file);
      }
    }
    return new Begin(List.copyOf(found), literal, complete, walk.sawFolder());
  }

  private CopyException missing(Begin begin) {
    CopyException e =
        new CopyException(
            CopyErrorCode.OBJECT_MISSING,
            "could not read \""
                + address
                + "\": "
                + (begin.sawFolder()
                    ? "the folder holds no files"
                    : begin.literal()
                        ? "no such file or directory"
                        : "no file matches the pattern"));
    return begin.sawFolder()
        ? e.withHint("Folders within a folder are not read: write /* behind it.")
        : e;
  }

  private ReadAhead.Finder finder(Begin begin) {
    HdfsFiles files = cluster.open();
    Iterator<HdfsEntry> kept = begin.files().iterator();
    FileWalk walk = new FileWalk(files, address.path(), begin.literal());
    return new ReadAhead.Finder() {
      @Override
      public RemoteObject next(Tries.Waiter waiter) throws IOException {
        HdfsEntry file;
        if (begin.complete()) {
          file = kept.hasNext() ? kept.next() : null;
        } else {
          file = walk.next(asking(waiter));
        }
        return file == null ? null : object(files, file);
      }

      private FileWalk.Asking asking(Tries.Waiter waiter) {
        return new FileWalk.Asking() {
          @Override
          public <T> T ask(Tries.Request<T> request) throws IOException {
            return new Tries(network).answer(request, waiter);
          }
        };
      }

      @Override
      public void abort() {
        files.close();
      }
    };
  }

  private HdfsObject object(HdfsFiles files, HdfsEntry file) throws IOException {
    try {
      address.check(allowed, file.path());
    } catch (CopyException e) {
      throw RemoteFailure.of(e);
    }
    return new HdfsObject(files, address.at(file.path()), file);
  }
}
