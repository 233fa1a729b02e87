package io.copyload.engine.source.local;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceSettings;

/** The local file system. */
public final class LocalSource implements Source {
  @Override
  public Reach reach() {
    return Reach.FILES;
  }

  @Override
  public SourceListing list(
      String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    return SourceListing.of(LocalFiles.list(location));
  }
}
