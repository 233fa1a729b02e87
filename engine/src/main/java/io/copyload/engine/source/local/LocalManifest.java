package io.copyload.engine.source.local;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.manifest.Manifest;
import java.nio.file.Path;
import java.util.Iterator;

/** The files that a local manifest names. */
final class LocalManifest implements SourceListing {
  private final Manifest manifest;
  private final Path folder;

  LocalManifest(Manifest manifest, Path folder) {
    this.manifest = manifest;
    this.folder = folder;
  }

  @Override
  public long count() {
    return -1;
  }

  @Override
  public long size() {
    return SourceObject.UNKNOWN_SIZE;
  }

  @Override
  public Cursor open(CancelToken cancel) {
    Iterator<Manifest.Entry> entries = manifest.entries();
    return new Cursor() {
      private boolean any;

      @Override
      public SourceObject next() {
        while (entries.hasNext()) {
          SourceObject file = existing(entries.next());
          if (file != null) {
            any = true;
            return file;
          }
        }
        if (!any) {
          throw manifest.nothingExists();
        }
        return null;
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  private SourceObject existing(Manifest.Entry entry) {
    SourceObject file;
    try {
      file = LocalFiles.of(LocalSource.pathOf(manifest, folder, entry));
    } catch (CopyException e) {
      if (e.code() != CopyErrorCode.OBJECT_MISSING) {
        throw e;
      }
      if (entry.mandatory()) {
        throw e.withHint("The manifest says that it is mandatory.");
      }
      return null;
    }
    if (entry.contentLength() >= 0 && entry.contentLength() != file.size()) {
      throw Manifest.otherSize(file.name(), file.size(), entry.contentLength());
    }
    return file;
  }
}
