package io.copyload.engine.source;

import java.time.Instant;
import java.util.Objects;

/**
 * What a listing says of one stored object.
 *
 * @param name as {@link SourceObject#name} will say it
 * @param size stored bytes
 * @param etag what tells this content from another one under the same name; null when the source
 *     has no such thing, and {@code modified} must do
 * @param modified when the content was stored, or null
 */
public record FoundObject(String name, long size, String etag, Instant modified) {
  public FoundObject {
    Objects.requireNonNull(name, "name");
  }

  /** Whether the other one is the same content of the same object, as far as listings tell. */
  public boolean isSameAs(FoundObject other) {
    return name.equals(other.name)
        && size == other.size
        && (etag == null || other.etag == null
            ? Objects.equals(modified, other.modified)
            : etag.equals(other.etag));
  }
}
