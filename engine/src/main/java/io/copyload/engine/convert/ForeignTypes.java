package io.copyload.engine.convert;

import io.copyload.engine.store.TargetType;

/** Text syntaxes of types that the host database parses: JSON and GEOMETRY. Threads: any. */
public interface ForeignTypes {
  /**
   * Parses a value to the bytes that {@link TargetType} documents.
   *
   * @param text UTF-8
   * @return the value's bytes
   * @throws IllegalArgumentException with a message for the user when the text is not a value of
   *     the type
   */
  byte[] parse(TargetType type, byte[] text, int begin, int end);
}
