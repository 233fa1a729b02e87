package io.copyload.engine.job;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.EOFException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * Tells changed, grown, copied and merely stored again objects apart, by their digests. Reads an
 * object only when it may be one of these and the job's options ask.
 */
final class ContentCheck {
  private final Job job;
  private final JobLedger ledger;

  ContentCheck(Job job, JobLedger ledger) {
    this.job = job;
    this.ledger = ledger;
  }

  /**
   * What of the object is to be loaded; null when nothing is, which the ledger then says.
   *
   * @throws IOException when the object could not be read
   */
  JobFile check(JobHost.Inputs inputs, JobFile file, CancelToken cancel)
      throws IOException, SQLException {
    if (file.earlier() != 0) {
      return changed(inputs, file, cancel);
    }
    if (job.options().onRenamed() == JobOptions.Content.SKIP
        && ledger.isLoadedOfSize(file.object().size(), file.name())) {
      return copied(inputs, file, cancel);
    }
    return file;
  }

  private JobFile copied(JobHost.Inputs inputs, JobFile file, CancelToken cancel)
      throws IOException, SQLException {
    String digest;
    try (SourceListing.Cursor cursor =
        inputs.found(List.of(file.object())).openForRandomReads(cancel)) {
      digest = ContentDigest.of(cursor.next(), file.object().size(), cancel);
    }
    JobFile loaded = ledger.loadedWith(file.object().size(), digest, file.name());
    if (loaded == null) {
      return file;
    }
    ledger.skip(
        file,
        digest,
        "its content is that of " + loaded.name() + ", which is loaded; on_renamed is skip");
    return null;
  }

  private JobFile changed(JobHost.Inputs inputs, JobFile file, CancelToken cancel)
      throws IOException, SQLException {
    JobFile earlier = ledger.withId(file.earlier());
    long size = file.object().size();
    try (SourceListing.Cursor cursor =
        inputs.found(List.of(file.object())).openForRandomReads(cancel)) {
      SourceObject object = cursor.next();
      String digest = ContentDigest.of(object, size, cancel);
      for (JobFile loaded : ledger.named(file.name())) {
        if (loaded.status() == JobFile.Status.LOADED && digest.equals(loaded.digest())) {
          ledger.skip(file, digest, "it was stored again with the content that is loaded");
          return null;
        }
      }
      long known = earlier.object().size();
      if (inputs.hasLines()
          && size > known
          && endsLine(object, known, cancel)
          && ContentDigest.of(object, known, cancel).equals(earlier.digest())) {
        return grown(file, digest, known);
      }
      if (job.options().onChanged() == JobOptions.Content.SKIP) {
        ledger.skip(file, digest, "an object of this name is loaded; on_changed is skip");
        return null;
      }
      return file;
    }
  }

  private JobFile grown(JobFile file, String digest, long known) throws SQLException {
    switch (job.options().onGrown()) {
      case SKIP -> {
        ledger.skip(file, digest, "its first " + known + " bytes are loaded; on_grown is skip");
        return null;
      }
      case LOAD -> {
        return file;
      }
      case APPEND -> {
        ledger.beginAt(file, known);
        return new JobFile(
            file.id(),
            file.object(),
            file.digest(),
            file.status(),
            file.earlier(),
            known,
            file.attempts(),
            file.nextTry(),
            file.loadId(),
            file.loadedRows(),
            file.loadedAt(),
            file.sqlState(),
            file.reason());
      }
    }
    throw new IllegalStateException();
  }

  /** Whether the first {@code length} bytes end with a line. */
  private static boolean endsLine(SourceObject object, long length, CancelToken cancel)
      throws IOException {
    if (length == 0) {
      return true;
    }
    byte[] last = new byte[1];
    try (ByteReader reader = object.open(length - 1, length, cancel)) {
      if (reader.read(last, 0, 1) < 1) {
        throw new EOFException("the object is shorter than it was");
      }
    }
    return last[0] == '\n';
  }
}
