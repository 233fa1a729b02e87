package io.copyload.engine.source.local;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.ObjectScan;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.Sources;
import io.copyload.engine.source.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * The local file system. Authorization and REGION mean nothing to it: a statement written for S3
 * runs as it is when its files are local.
 */
public final class LocalSource implements Source {

  @Override
  public Reach reach() {
    return Reach.FILES;
  }

  @Override
  public SourceListing list(
      String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    if (clauses.encryptionKey() != null) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED, "ENCRYPTED is supported for s3:// only");
    }
    if (clauses.selection() != null && clauses.selection().chooses()) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "FILES and PATTERN are supported for s3:// and http(s):// only: a path may be a glob");
    }
    AllowList allowed = AllowList.of(settings);
    return clauses.manifest()
        ? manifest(location, clauses, allowed, Manifest.mostBytes(settings.memoryBytes()))
        : SourceListing.of(
            clauses.reading() == SourceClauses.Reading.PREFIX
                ? LocalFiles.prefixed(location, allowed)
                : LocalFiles.list(location, allowed));
  }

  @Override
  public void checkLocation(String location) {
    // Nothing of it is secret, and all of it can be looked through.
  }

  @Override
  public ObjectScan scan(
      String location, SourceClauses clauses, SourceSettings settings, String after) {
    AllowList allowed = AllowList.of(settings);
    return new ObjectScan() {
      private boolean ended;

      @Override
      public List<FoundObject> nextPage(CancelToken cancel) {
        if (ended) {
          return null;
        }
        ended = true;
        return LocalFiles.scan(location, allowed, after);
      }
    };
  }

  @Override
  public SourceListing found(
      List<FoundObject> objects, SourceClauses clauses, SourceSettings settings) {
    AllowList allowed = AllowList.of(settings);
    return new SourceListing() {
      @Override
      public long count() {
        return objects.size();
      }

      @Override
      public long size() {
        return objects.stream().mapToLong(FoundObject::size).sum();
      }

      @Override
      public Cursor open(CancelToken cancel) {
        Iterator<FoundObject> rest = objects.iterator();
        return new Cursor() {
          @Override
          public SourceObject next() {
            return rest.hasNext() ? LocalFiles.found(rest.next(), allowed) : null;
          }

          @Override
          public void close() {
            // Nothing is open.
          }
        };
      }
    };
  }

  private static SourceListing manifest(
      String location, SourceClauses clauses, AllowList allowed, long mostBytes) {
    List<SourceObject> files = LocalFiles.list(location, allowed);
    SourceObject file = files.get(0);
    if (files.size() > 1) {
      throw new CopyException(
          CopyErrorCode.INVALID_NAME,
          "\"" + location + "\" names " + files.size() + " files: MANIFEST needs one");
    }
    Path path = LocalFiles.path(location);
    byte[] bytes;
    try {
      if (Files.size(path) > mostBytes) {
        throw new CopyException(
                CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
                "manifest \"" + file.name() + "\" has more than " + mostBytes + " bytes")
            .withHint("Write several manifests, or raise the memory setting.");
      }
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw LocalFiles.cannotOpen(file.name(), e);
    }
    Manifest manifest =
        Manifest.of(file.name(), bytes, clauses.reading() == SourceClauses.Reading.SIZED_MANIFEST);
    Path folder = path.toAbsolutePath().getParent();
    for (Iterator<Manifest.Entry> entries = manifest.entries(); entries.hasNext(); ) {
      Path listed = pathOf(manifest, folder, entries.next());
      allowed.check(listed, listed.toString());
    }
    return new LocalManifest(manifest, folder);
  }

  /** A relative path starts at the manifest's folder. */
  static Path pathOf(Manifest manifest, Path folder, Manifest.Entry entry) {
    if (!Sources.schemeOf(entry.url()).equals("file")) {
      throw manifest.notAFile(entry.url(), "a local file as the manifest is");
    }
    return folder.resolve(LocalFiles.path(entry.url()));
  }
}
