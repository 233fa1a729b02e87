package io.copyload.engine.source.hdfs;

import io.copyload.engine.source.remote.RemoteBody;
import io.copyload.engine.source.remote.RemoteObject;
import java.io.IOException;
import java.time.Instant;

/** A file that a listing has named. */
final class HdfsObject extends RemoteObject {
  private final HdfsFiles files;
  private final String name;
  private final HdfsEntry entry;

  HdfsObject(HdfsFiles files, String name, HdfsEntry entry) {
    this.files = files;
    this.name = name;
    this.entry = entry;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return entry.size();
  }

  @Override
  public String identity() {
    return entry.identity();
  }

  @Override
  public Instant lastModified() {
    return entry.modified();
  }

  @Override
  protected boolean isResolved() {
    return true;
  }

  @Override
  protected boolean resolve(int headBytes) {
    return true;
  }

  @Override
  protected RemoteBody get(long begin, long end) throws IOException {
    return files.open(entry, begin, end);
  }
}
