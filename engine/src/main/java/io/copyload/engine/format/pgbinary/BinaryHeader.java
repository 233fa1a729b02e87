package io.copyload.engine.format.pgbinary;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;

/**
 * The header of PostgreSQL's binary format: signature, flags, and an extension area whose content
 * is skipped.
 */
public final class BinaryHeader {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };

  /** Bytes before the extension area. */
  public static final int FIXED_BYTES = SIGNATURE.length + 8;

  /** OIDs in every tuple, which PostgreSQL 12 gave up. */
  private static final int OIDS = 1 << 16;

  private BinaryHeader() {}

  /**
   * Checks the header.
   *
   * @param end end of the input, at least {@link #FIXED_BYTES} unless the input is shorter
   * @return length of the extension area, which begins behind the fixed bytes
   */
  public static int extensionLength(byte[] bytes, int end) {
    for (int i = 0; i < SIGNATURE.length; i++) {
      if (i >= end || bytes[i] != SIGNATURE[i]) {
        throw bad("COPY file signature not recognized");
      }
    }
    if (end < SIGNATURE.length + 4) {
      throw bad("invalid COPY file header (missing flags)");
    }
    int flags = TupleBoundaries.int32(bytes, SIGNATURE.length);
    if ((flags & OIDS) != 0) {
      throw bad("invalid COPY file header (WITH OIDS)");
    }
    if (flags >>> 16 != 0) {
      throw bad("unrecognized critical flags in COPY file header");
    }
    if (end < FIXED_BYTES) {
      throw bad("invalid COPY file header (missing length)");
    }
    int length = TupleBoundaries.int32(bytes, SIGNATURE.length + 4);
    if (length < 0) {
      throw bad("invalid COPY file header (missing length)");
    }
    return length;
  }

  /** The extension area is cut off. */
  public static CopyException shortExtension() {
    return bad("invalid COPY file header (wrong length)");
  }

  private static CopyException bad(String message) {
    return new CopyException(CopyErrorCode.BAD_COPY_FILE_FORMAT, message);
  }
}
