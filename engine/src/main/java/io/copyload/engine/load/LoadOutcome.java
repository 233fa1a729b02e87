package io.copyload.engine.load;

import io.copyload.engine.source.SourceObject;
import java.time.Instant;
import java.util.List;

/**
 * What a finished load did.
 *
 * @param loadedRows rows given to the sink
 * @param rejectedRows records refused
 * @param rejects the first of them in input order
 * @param objects one per object that the load has begun, but for those in {@code logged}
 * @param nulledRows loaded rows of which a bad value became NULL; their values are among the
 *     rejects
 * @param replacedRows loaded rows in which bad characters were replaced
 * @param replacements the first {@link #MAX_REPLACEMENTS} of them in input order; the column is the
 *     first one with such a character
 * @param logged the first objects, when they were too many to keep and went to the log
 */
public record LoadOutcome(
    long loadedRows,
    long rejectedRows,
    List<Reject> rejects,
    List<ObjectOutcome> objects,
    long nulledRows,
    long replacedRows,
    List<Reject> replacements,
    Logged logged) {
  /** Most replacements that are kept: Redshift's limit. */
  public static final int MAX_REPLACEMENTS = 100;

  /** Sums of objects that {@link LoadProgress#logObjects} has taken. */
  public record Logged(int count, long storedBytes, long decodedBytes) {
    public static final Logged NOTHING = new Logged(0, 0, 0);

    Logged plus(List<ObjectOutcome> more) {
      long stored = storedBytes;
      long decoded = decodedBytes;
      for (ObjectOutcome object : more) {
        stored += object.storedBytes();
        decoded += object.decodedBytes();
      }
      return new Logged(count + more.size(), stored, decoded);
    }
  }

  /**
   * A part of a large file.
   *
   * @param start offset in the object
   * @param lines lines of the records that begin in it
   * @param rejects of those records
   * @param micros from the end of the chunk before it until all its records were taken
   */
  public record Chunk(long start, long bytes, long lines, long rejects, long micros) {}

  /**
   * @param storedBytes bytes read as stored
   * @param decodedBytes bytes after decompression
   * @param lines lines scanned, header included
   * @param rows rows given to the sink
   * @param identity what tells the content from another one of the same name, or null
   * @param lastModified when the content was stored, or null
   * @param chunks the parts of which Redshift's views have rows of their own; none for an object
   *     that they show as a whole
   * @param micros from the time the load began the object until all its records were taken
   */
  public record ObjectOutcome(
      String name,
      long storedBytes,
      long decodedBytes,
      long lines,
      long rejects,
      long rows,
      boolean compressed,
      String identity,
      Instant lastModified,
      long micros,
      List<Chunk> chunks) {
    public ObjectOutcome {
      chunks = List.copyOf(chunks);
    }

    /** A plain object whose every line was a row. */
    public ObjectOutcome(
        String name, long storedBytes, long decodedBytes, long lines, long rejects) {
      this(name, storedBytes, decodedBytes, lines, rejects, lines - rejects, false);
    }

    ObjectOutcome(
        String name,
        long storedBytes,
        long decodedBytes,
        long lines,
        long rejects,
        long rows,
        boolean compressed) {
      this(
          name,
          storedBytes,
          decodedBytes,
          lines,
          rejects,
          rows,
          compressed,
          null,
          null,
          0,
          List.of());
    }

    ObjectOutcome of(SourceObject source, long itsMicros) {
      return new ObjectOutcome(
          name,
          storedBytes,
          decodedBytes,
          lines,
          rejects,
          rows,
          compressed,
          source.identity(),
          source.lastModified(),
          itsMicros,
          chunks);
    }

    ObjectOutcome of(List<Chunk> itsChunks) {
      return new ObjectOutcome(
          name,
          storedBytes,
          decodedBytes,
          lines,
          rejects,
          rows,
          compressed,
          identity,
          lastModified,
          micros,
          itsChunks);
    }
  }

  public LoadOutcome {
    rejects = List.copyOf(rejects);
    objects = List.copyOf(objects);
    replacements = List.copyOf(replacements);
  }

  /** The same load, of which the sink has dropped some rows. */
  public LoadOutcome withoutRows(long dropped) {
    return new LoadOutcome(
        loadedRows - dropped,
        rejectedRows,
        rejects,
        objects,
        nulledRows,
        replacedRows,
        replacements,
        logged);
  }

  /** A load in which every loaded row is as it was in the input. */
  public LoadOutcome(
      long loadedRows, long rejectedRows, List<Reject> rejects, List<ObjectOutcome> objects) {
    this(loadedRows, rejectedRows, rejects, objects, 0, 0, List.of(), Logged.NOTHING);
  }
}
