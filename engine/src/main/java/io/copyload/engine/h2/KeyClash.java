package io.copyload.engine.h2;

import org.h2.value.Value;

/**
 * Rides on H2's exception for a broken key as suppressed, because that one has the key's values as
 * text of its own form only.
 */
final class KeyClash extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Value[] values;

  /**
   * @param values of the columns of the index or foreign key, in its order
   */
  KeyClash(Value[] values) {
    super("key that clashes", null, false, false);
    this.values = values;
  }

  /** The values that ride on {@code e}, or null. */
  static Value[] of(Throwable e) {
    for (Throwable suppressed : e.getSuppressed()) {
      if (suppressed instanceof KeyClash clash) {
        return clash.values;
      }
    }
    return null;
  }
}
