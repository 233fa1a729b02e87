package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** Objects in another encoding, each of them read as UTF-8. */
public final class TranscodedListing implements SourceListing {
  private final SourceListing stored;
  private final Function<SourceObject, TranscodedObject> transcoding;

  public TranscodedListing(SourceListing stored, Charset charset) {
    this.stored = stored;
    transcoding = object -> new TranscodedObject(object, charset);
  }

  /**
   * @param encoding any but UTF8
   */
  public TranscodedListing(SourceListing stored, SourceEncoding encoding) {
    this.stored = stored;
    transcoding =
        encoding == SourceEncoding.ISO88591
            ? object -> new TranscodedObject(object, StandardCharsets.ISO_8859_1)
            : object -> new TranscodedObject(object, encoding);
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
  public List<String> notes() {
    return stored.notes();
  }

  @Override
  public Cursor openForNames(CancelToken cancel) {
    return stored.openForNames(cancel);
  }

  @Override
  public Cursor open(CancelToken cancel) {
    Cursor cursor = stored.open(cancel);
    return new Cursor() {
      @Override
      public SourceObject next() throws IOException {
        SourceObject object = cursor.next();
        return object == null ? null : transcoding.apply(object);
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }
}
