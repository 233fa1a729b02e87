package io.copyload.engine.convert;

import io.copyload.engine.store.TargetType;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

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

  /**
   * Checks a geometry in EWKB and brings it into the form that {@link TargetType} documents.
   *
   * @throws IllegalArgumentException with a message for the user when the bytes are no geometry of
   *     the type
   */
  default byte[] geometry(TargetType type, byte[] ewkb) {
    byte[] digits = HexFormat.of().formatHex(ewkb).getBytes(StandardCharsets.US_ASCII);
    return parse(type, digits, 0, digits.length);
  }
}
