package io.copyload.engine.source.remote;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Objects of another machine, read ahead while the load runs. */
public final class RemoteListing implements SourceListing {
  private final long count;
  private final long size;
  private final Supplier<ReadAhead.Finder> finders;
  private final NetworkSettings settings;
  private final Supplier<CopyException> whenEmpty;
  private final UnaryOperator<SourceObject> shape;

  /**
   * @param count of the objects, -1 when not known
   * @param size of all objects, {@link SourceObject#UNKNOWN_SIZE} when not known
   * @param finders make a finder that starts at the first object
   * @param shape makes of an object what the load reads
   * @param whenEmpty how a load fails that finds no object; null when it does not
   */
  public RemoteListing(
      long count,
      long size,
      Supplier<ReadAhead.Finder> finders,
      NetworkSettings settings,
      Supplier<CopyException> whenEmpty,
      UnaryOperator<SourceObject> shape) {
    this.count = count;
    this.size = size;
    this.finders = finders;
    this.settings = settings;
    this.whenEmpty = whenEmpty;
    this.shape = shape;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Cursor open(CancelToken cancel) {
    return new Checked(new ReadAhead(finders.get(), settings, true, cancel));
  }

  @Override
  public Cursor openForRandomReads(CancelToken cancel) {
    return new Checked(new ReadAhead(finders.get(), settings, false, cancel));
  }

  private final class Checked implements Cursor {
    private final ReadAhead objects;
    private boolean any;

    Checked(ReadAhead objects) {
      this.objects = objects;
    }

    @Override
    public SourceObject next() throws IOException {
      SourceObject next = objects.next();
      if (next == null && !any && whenEmpty != null) {
        throw whenEmpty.get();
      }
      any = true;
      return next == null ? null : shape.apply(next);
    }

    @Override
    public void close() {
      objects.close();
    }
  }
}
