package io.copyload.engine.source;

import java.util.Map;
import java.util.Objects;

/**
 * What a connection decides for its sources.
 *
 * @param values the connection's properties by key; each source knows its own
 * @param memoryBytes most heap that one load may hold; a source may take an eighth of it to read
 *     ahead
 * @param threads slices of one load
 * @param keys by which the database logs in at hosts
 */
public record SourceSettings(
    Map<String, String> values, long memoryBytes, int threads, LoginKeys keys) {
  public SourceSettings {
    values = Map.copyOf(values);
    Objects.requireNonNull(keys, "keys");
  }

  /** The settings of a connection, before it is known which database it is to. */
  public SourceSettings(Map<String, String> values, long memoryBytes, int threads) {
    this(values, memoryBytes, threads, LoginKeys.NONE);
  }

  public SourceSettings withKeys(LoginKeys newKeys) {
    return new SourceSettings(values, memoryBytes, threads, newKeys);
  }

  /** Value of a property, or null when it is not set or empty. */
  public String text(String key) {
    String value = values.get(key);
    return value == null || value.isBlank() ? null : value.trim();
  }

  /** Never prints values: some are secrets. */
  @Override
  public String toString() {
    return "SourceSettings" + values.keySet();
  }
}
