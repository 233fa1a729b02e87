package io.copyload.engine.source;

import java.util.List;

/**
 * Materialize's choice among the objects of a location, which then is one object or a folder rather
 * than a prefix.
 *
 * @param files names of objects, whole or behind the location's; empty for no choice
 * @param pattern for whole names, or null
 */
public record Selection(List<String> files, NamePattern pattern) {
  public Selection {
    files = List.copyOf(files);
  }

  /** Whether anything is chosen. */
  public boolean chooses() {
    return !files.isEmpty() || pattern != null;
  }
}
