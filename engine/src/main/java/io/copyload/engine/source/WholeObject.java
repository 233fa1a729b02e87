package io.copyload.engine.source;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.io.IOException;
import java.util.Arrays;

/** Reads small objects that say how others are to be read, such as manifests. */
public final class WholeObject {
  private static final int FIRST_BYTES = 1 << 16;

  private WholeObject() {}

  /**
   * The bytes of one object.
   *
   * <p>Failures: {@code CopyException} when it does not exist, cannot be read or is too long.
   *
   * @param what it is, for messages
   * @param shown its location, for messages
   * @param objects what was found there
   */
  public static byte[] read(
      String what, String shown, SourceListing objects, int mostBytes, CancelToken cancel) {
    try (SourceListing.Cursor cursor = objects.openForRandomReads(cancel)) {
      SourceObject object = cursor.next();
      if (object == null || !isNamed(object.name(), shown)) {
        throw new CopyException(
            CopyErrorCode.OBJECT_MISSING, what + " \"" + shown + "\" does not exist");
      }
      try (ByteReader reader = object.open(0, cancel)) {
        byte[] bytes = new byte[FIRST_BYTES];
        int end = 0;
        while (true) {
          int count = reader.read(bytes, end, bytes.length - end);
          if (count < 0) {
            return Arrays.copyOf(bytes, end);
          }
          end += count;
          if (end > mostBytes) {
            throw new CopyException(
                CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
                what + " \"" + shown + "\" has more than " + mostBytes + " bytes");
          }
          if (end == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * end);
          }
        }
      }
    } catch (IOException e) {
      throw new CopyException(
          CopyErrorCode.OBJECT_UNREADABLE,
          "could not read " + what + " \"" + shown + "\": " + e.getMessage(),
          e);
    }
  }

  /** One object, not whatever begins with its name. */
  private static boolean isNamed(String object, String location) {
    return !location.startsWith("s3://") || object.equals(location);
  }
}
