package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.format.shapefile.ShapefileFormat;
import io.copyload.engine.format.shapefile.SimplifyLog;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.h2.engine.SessionLocal;
import org.h2.value.Value;
import org.h2.value.ValueBoolean;
import org.h2.value.ValueNull;

/** The files of a shapefile: which of a listing is loaded, and where the others are found. */
final class ShapefileSet {
  private static final String READ_SRID = "copyload.read_srid_on_shapefile_ingestion";

  private ShapefileSet() {}

  /** What SET read_srid_on_shapefile_ingestion says, for the rest of the session. */
  static void setReadSrid(SessionLocal session, boolean on) {
    session.setVariable(READ_SRID, ValueBoolean.get(on));
  }

  /** The format with the way to the other files of each set. */
  static ShapefileFormat planned(
      SessionLocal session,
      CopySettings settings,
      ShapefileFormat format,
      ResolvedCopy resolved,
      CancelToken cancel) {
    SourceClauses of = resolved.source();
    SourceClauses clauses =
        new SourceClauses(
            SourceClauses.Reading.PLAIN, of.region(), of.authorization(), of.encryptionKey(), null);
    Value readSrid = session.getVariable(READ_SRID);
    return format.planned(
        readSrid == ValueNull.INSTANCE || readSrid.getBoolean(),
        name -> find(session, name, clauses, settings, cancel),
        new SimplifyLog(settings.maxRejectsKept()));
  }

  private static SourceObject find(
      SessionLocal session,
      String name,
      SourceClauses clauses,
      CopySettings settings,
      CancelToken cancel)
      throws IOException {
    SourceListing.Cursor cursor = null;
    SourceObject found = null;
    try {
      cursor =
          CopySource.named(session, name, clauses, settings, 0, cancel)
              .objects()
              .openForRandomReads(cancel);
      SourceObject object = cursor.next();
      found = object != null && isNamed(object.name(), name) ? object : null;
      return found == null ? null : new Held(found, cursor);
    } catch (CopyException e) {
      if (e.code() == CopyErrorCode.OBJECT_MISSING) {
        return null;
      }
      throw e;
    } finally {
      if (found == null && cursor != null) {
        cursor.close();
      }
    }
  }

  /** An object that can be read until it is released, because its listing stays open. */
  private record Held(SourceObject object, SourceListing.Cursor cursor) implements SourceObject {
    @Override
    public String name() {
      return object.name();
    }

    @Override
    public long size() {
      return object.size();
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
    public ByteReader open(long offset, CancelToken cancel) throws IOException {
      return object.open(offset, cancel);
    }

    @Override
    public ByteReader open(long offset, long likelyEnd, CancelToken cancel) throws IOException {
      return object.open(offset, likelyEnd, cancel);
    }

    @Override
    public void release() {
      object.release();
      cursor.close();
    }
  }

  /** One object, not whatever begins with its name. */
  private static boolean isNamed(String object, String location) {
    return !location.startsWith("s3://") || object.equals(location);
  }

  /**
   * The source without what only lies beside the .shp: a location in S3 is a prefix, which finds
   * name.shp.xml, too.
   */
  static CopySource shapes(CopySource source, ResolvedCopy resolved) {
    if (!(resolved.format() instanceof ShapefileFormat)) {
      return source;
    }
    if (source.program() != null || source.text().equals("stdin")) {
      throw new CopyException(
              CopyErrorCode.FEATURE_NOT_SUPPORTED,
              "a shapefile cannot be read from a stream: it is several files")
          .withHint("Name the .shp, with .shx and .dbf beside it.");
    }
    return new CopySource(
        new Shapes(source.objects(), source.text()), source.text(), source.characters(), null);
  }

  private record Shapes(SourceListing all, String location) implements SourceListing {
    @Override
    public long count() {
      return all.count() == 1 ? 1 : -1;
    }

    @Override
    public long size() {
      return all.count() == 1 ? all.size() : SourceObject.UNKNOWN_SIZE;
    }

    @Override
    public Cursor open(CancelToken cancel) {
      return only(all.open(cancel));
    }

    @Override
    public Cursor openForRandomReads(CancelToken cancel) {
      return only(all.openForRandomReads(cancel));
    }

    private static boolean isShape(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      int query = lower.indexOf('?');
      String path = query < 0 ? lower : lower.substring(0, query);
      return path.matches("(?s).*\\.shp(\\.(gz|bz2|lzo|zst|lz4|xz|br))?");
    }

    private Cursor only(Cursor cursor) {
      boolean one = all.count() == 1;
      boolean exact = isShape(location);
      return new Cursor() {
        @Override
        public SourceObject next() throws IOException {
          while (true) {
            SourceObject object = cursor.next();
            if (object == null || one) {
              return object;
            }
            boolean wanted =
                exact && location.startsWith("s3://")
                    ? object.name().equals(location)
                    : isShape(object.name());
            if (wanted) {
              return object;
            }
          }
        }

        @Override
        public void close() {
          cursor.close();
        }
      };
    }
  }
}
