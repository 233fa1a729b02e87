package io.copyload.engine.source;

import io.copyload.engine.CancelToken;
import java.util.Iterator;
import java.util.List;

/** A listing of objects that are all known. */
final class ListedObjects implements SourceListing {
  private final List<SourceObject> objects;
  private final long size;

  ListedObjects(List<SourceObject> objects) {
    this.objects = List.copyOf(objects);
    long sum = 0;
    for (SourceObject object : objects) {
      long one = object.size();
      sum = sum < 0 || one < 0 ? SourceObject.UNKNOWN_SIZE : sum + one;
    }
    size = sum;
  }

  @Override
  public long count() {
    return objects.size();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Cursor open(CancelToken cancel) {
    Iterator<SourceObject> rest = objects.iterator();
    return new Cursor() {
      @Override
      public SourceObject next() {
        return rest.hasNext() ? rest.next() : null;
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }
}
