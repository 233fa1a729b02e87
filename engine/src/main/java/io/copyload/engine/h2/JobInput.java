package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.SourceListing;

/** What a job gives to one of its COPYs, and hears from it. Threads: that of the COPY. */
final class JobInput {
  private final long jobId;
  private final CopySource source;
  private volatile boolean begun;
  private long loadId;
  private String badObject;

  /**
   * @param location of the job, for show
   */
  JobInput(long jobId, SourceListing objects, String location) {
    this.jobId = jobId;
    this.source = new CopySource(new Watched(objects), location);
  }

  long jobId() {
    return jobId;
  }

  CopySource source() {
    return source;
  }

  /** Whether the COPY has got as far as reading. */
  boolean begun() {
    return begun;
  }

  /** The COPY has loaded its rows, which are not committed yet. */
  void loaded(long id) {
    loadId = id;
  }

  long loadId() {
    return loadId;
  }

  void failedIn(String objectName) {
    badObject = objectName;
  }

  /** The object that made the COPY fail, or null when not known. */
  String badObject() {
    return badObject;
  }

  private final class Watched implements SourceListing {
    private final SourceListing objects;

    Watched(SourceListing objects) {
      this.objects = objects;
    }

    @Override
    public long count() {
      return objects.count();
    }

    @Override
    public long size() {
      return objects.size();
    }

    @Override
    public Cursor open(CancelToken cancel) {
      begun = true;
      return objects.open(cancel);
    }

    @Override
    public Cursor openForRandomReads(CancelToken cancel) {
      begun = true;
      return objects.openForRandomReads(cancel);
    }
  }
}
