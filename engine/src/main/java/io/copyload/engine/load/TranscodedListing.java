package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.nio.charset.Charset;

/** Objects in another encoding, each of them read as UTF-8. */
public final class TranscodedListing implements SourceListing {
  private final SourceListing stored;
  private final Charset charset;

  public TranscodedListing(SourceListing stored, Charset charset) {
    this.stored = stored;
    this.charset = charset;
  }

  @Override
  public long count() {
    return stored.count();
  }

  @Override
  public long size() {
    return SourceObject.UNKNOWN_SIZE;
  }

  @Override
  public Cursor open(CancelToken cancel) {
    Cursor cursor = stored.open(cancel);
    return new Cursor() {
      @Override
      public SourceObject next() throws IOException {
        SourceObject object = cursor.next();
        return object == null ? null : new TranscodedObject(object, charset);
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }
}
