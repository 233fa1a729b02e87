package io.copyload.engine.job;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A listing whose objects make their digests while they are read, and which shows only what is
 * behind the first bytes of each where these are loaded already. One pass only.
 */
final class DigestedObjects implements SourceListing {
  private final SourceListing listing;
  private final List<JobFile> files;
  private final List<ContentDigest> digests = new ArrayList<>();

  /**
   * @param files one per object of the listing, in its order
   */
  DigestedObjects(SourceListing listing, List<JobFile> files) {
    this.listing = listing;
    this.files = List.copyOf(files);
  }

  @Override
  public long count() {
    return files.size();
  }

  @Override
  public long size() {
    long begun = files.stream().mapToLong(JobFile::beginOffset).sum();
    return listing.size() < 0 ? SourceObject.UNKNOWN_SIZE : listing.size() - begun;
  }

  @Override
  public Cursor open(CancelToken cancel) {
    return new Digested(listing.open(cancel));
  }

  @Override
  public Cursor openForRandomReads(CancelToken cancel) {
    return new Digested(listing.openForRandomReads(cancel));
  }

  /** The digest of an object by its place; null when its size was not known. */
  synchronized ContentDigest digest(int index) {
    return index < digests.size() ? digests.get(index) : null;
  }

  private synchronized void add(ContentDigest digest) {
    digests.add(digest);
  }

  private synchronized void restart() {
    digests.clear();
  }

  private final class Digested implements Cursor {
    private final Cursor cursor;
    private int next;

    Digested(Cursor cursor) {
      this.cursor = cursor;
      restart();
    }

    @Override
    public SourceObject next() throws IOException {
      SourceObject object = cursor.next();
      if (object == null) {
        return null;
      }
      ContentDigest digest = object.size() < 0 ? null : new ContentDigest(object.size());
      add(digest);
      return new Tapped(object, digest, files.get(next++).beginOffset());
    }

    @Override
    public void close() {
      cursor.close();
    }
  }

  private record Tapped(SourceObject object, ContentDigest digest, long begin)
      implements SourceObject {
    @Override
    public String name() {
      return object.name();
    }

    @Override
    public long size() {
      return object.size() < 0 ? object.size() : object.size() - begin;
    }

    @Override
    public boolean seekable() {
      return object.seekable();
    }

    @Override
    public String identity() {
      return object.identity();
    }

    @Override
    public Instant lastModified() {
      return object.lastModified();
    }

    @Override
    public void release() {
      object.release();
    }

    @Override
    public ByteReader open(long offset, CancelToken cancel) throws IOException {
      return tapped(object.open(begin + offset, cancel), offset);
    }

    @Override
    public ByteReader open(long offset, long likelyEnd, CancelToken cancel) throws IOException {
      long end = likelyEnd > Long.MAX_VALUE - begin ? likelyEnd : begin + likelyEnd;
      return tapped(object.open(begin + offset, end, cancel), offset);
    }

    private ByteReader tapped(ByteReader reader, long offset) {
      if (digest == null) {
        return reader;
      }
      ContentDigest.Tap tap = digest.new Tap(begin + offset);
      return new ByteReader() {
        @Override
        public int read(byte[] buffer, int at, int length) throws IOException {
          int count = reader.read(buffer, at, length);
          if (count > 0) {
            tap.take(buffer, at, count);
          }
          return count;
        }

        @Override
        public void close() throws IOException {
          reader.close();
        }
      };
    }
  }
}
